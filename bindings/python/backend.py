"""Makes a wheel of the package (PEP 517): CMake builds the module, the rest is copied beside it.

pip's `--config-settings build-dir=DIR` names a build tree to use, such as one that is there already;
else it is build/wheel, an optimised one.
"""

import base64
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = ("TESTS", "EXAMPLES", "CAPI")

VERSION, SUMMARY = re.search(
    r'project\(calinvite VERSION (\S+).*?DESCRIPTION "(.*?)"',
    (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"),
    re.DOTALL,
).groups()
INFO = f"calinvite-{VERSION}.dist-info"
PYTHON = f"cp{sys.version_info.major}{sys.version_info.minor}"
TAG = f"{PYTHON}-{PYTHON}-{re.sub(r'[-.]', '_', sysconfig.get_platform())}"

METADATA = f"""\
Metadata-Version: 2.1
Name: calinvite
Version: {VERSION}
Summary: {SUMMARY}
License: Apache-2.0
Requires-Python: >=3.10
Classifier: License :: OSI Approved :: Apache Software License
Classifier: Operating System :: POSIX :: Linux
Classifier: Typing :: Typed
"""
WHEEL = f"""\
Wheel-Version: 1.0
Generator: calinvite
Root-Is-Purelib: false
Tag: {TAG}
"""


def build_module(build):
    """Builds the package in a build tree, and gives its folder there."""
    if not (build / "CMakeCache.txt").exists():
        options = [f"-DCALINVITE_BUILD_{part}=OFF" for part in LEFT_OUT]
        subprocess.run(
            ["cmake", "-G", "Ninja", "-S", ROOT, "-B", build, "-DCMAKE_BUILD_TYPE=Release"]
            + [f"-DCALINVITE_PYTHON={sys.executable}", *options],
            check=True,
        )
    subprocess.run(["cmake", "--build", build, "--target", "calinvite_python"], check=True)
    return build / "python" / "calinvite"


def info_files():
    license_text = (ROOT / "LICENSE").read_bytes()
    return {"METADATA": METADATA.encode(), "WHEEL": WHEEL.encode(), "LICENSE": license_text}


def record_line(name, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}\n"


# ---- what pip calls --------------------------------------------------------------------------


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = Path(metadata_directory, INFO)
    folder.mkdir()
    for name, data in info_files().items():
        (folder / name).write_bytes(data)
    return INFO


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    build = Path((config_settings or {}).get("build-dir", ROOT / "build/wheel"))
    package = build_module(ROOT / build)
    module = "_calinvite" + sysconfig.get_config_var("EXT_SUFFIX")  # of this Python, no other's
    paths = [path for path in package.iterdir() if path.suffix != ".so" or path.name == module]
    files = {f"calinvite/{path.name}": path.read_bytes() for path in sorted(paths) if path.is_file()}
    files |= {f"{INFO}/{name}": data for name, data in info_files().items()}
    assert f"calinvite/{module}" in files, f"{package} lacks {module}"

    name = f"calinvite-{VERSION}-{TAG}.whl"
    record = "".join(record_line(*file) for file in files.items()) + f"{INFO}/RECORD,,\n"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in {**files, f"{INFO}/RECORD": record.encode()}.items():
            wheel.writestr(path, data)
    return name

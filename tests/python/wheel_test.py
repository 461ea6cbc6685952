"""The wheel that pip makes offline, installed where nothing else is."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT

BUILD = os.environ["CALINVITE_BUILD_DIR"]


def run(*command, cwd):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Of the build tree that is tested: an optimised one would take long to compile."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(folder))
    settings = ("--config-settings", f"build-dir={BUILD}")
    base = tmp_path_factory.mktemp("builder") / "venv"
    run("/usr/bin/python3", "-m", "venv", str(base), cwd=folder)
    run(str(base / "bin/pip"), "wheel", str(ROOT), *options, *settings, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_the_typed_package_for_this_python_alone(wheel):
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert f"-{tag}-{tag}-linux_" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name).name for name in archive.namelist()}
        assert not archive.testzip()
    sources = {path.name for path in (ROOT / "bindings/python/calinvite").iterdir() if path.is_file()}
    assert sources <= names
    assert {"py.typed", "METADATA", "WHEEL", "RECORD", "LICENSE"} <= names
    assert sum(name.endswith(".so") for name in names) == 1


def test_a_clean_environment_runs_an_example_from_the_wheel(wheel, tmp_path):
    python = str(tmp_path / "venv/bin/python")
    run("/usr/bin/python3", "-m", "venv", str(tmp_path / "venv"), cwd=tmp_path)

    run(python, "-m", "pip", "install", "--no-index", str(wheel), cwd=tmp_path)

    where = run(python, "-c", "import calinvite; print(calinvite.__file__)", cwd=tmp_path)
    assert where.startswith(str(tmp_path / "venv"))
    out = run(python, str(ROOT / "examples/quickstart.py"), cwd=tmp_path)
    assert out.startswith("2 of 2 accepted")
    assert len(list((tmp_path / "mails/new").iterdir())) == 2
    run(python, "-m", "pip", "uninstall", "-y", "calinvite", cwd=tmp_path)  # as RECORD says
    assert not list((tmp_path / "venv").rglob("*calinvite*"))

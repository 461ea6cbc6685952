"""The Debian packages, unpacked into a root of their own, serve a C program by pkg-config, C and C++ ones by
find_package, a Python program and a person at a terminal, with nothing of the build in sight."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()
EXAMPLES = ROOT / "examples"
# The module is of the build's Python alone, which is this one.
PYTHON = (sys.version_info.minor, sys.version_info.minor + 1)
PACKAGES = ["calinvite", "libcalinvite-dev", "libcalinvite1", "python3-calinvite"]

CONSUMER = """\
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES C CXX)
find_package(calinvite 0.1 REQUIRED COMPONENTS {component})
add_executable(quickstart {source})
target_link_libraries(quickstart PRIVATE {target})
"""


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps"):
    if not shutil.which(tool):
        print(f"{tool} is missing: apt install cmake dpkg-dev")
        sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", "DEB", "-B", folder / "packages", cwd=BUILD)
    packages = sorted((folder / "packages").glob("*.deb"))
    named = [run("dpkg-deb", "--field", package, "Package").strip() for package in packages]
    assert named == PACKAGES, named
    prefix = folder / "root/usr"
    for name, package in zip(named, packages):
        run("dpkg-deb", "--extract", package, folder / "root")
        depends = run("dpkg-deb", "--field", package, "Depends").strip()
        print(f"{name}: {package.stat().st_size // 1024} KB, needs {depends}")
        assert "libc6" in depends or name == "libcalinvite-dev", depends
        assert ("pkg-config" in depends) == (name == "libcalinvite-dev"), depends
        bound = "python3 (>= 3.{}), python3 (<< 3.{})".format(*PYTHON)
        assert (bound in depends) == (name == "python3-calinvite"), depends
        assert (prefix / "share/doc" / name / "copyright").exists(), name
    [library] = prefix.glob("lib/libcalinvite.so.1.*")
    for path in prefix.rglob("*"):
        text = path.read_bytes() if path.is_file() and path.suffix in (".pc", ".cmake", ".py") else b""
        assert str(ROOT).encode() not in text, f"{path} names the sources"
    bare = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": str(prefix / "lib"), "HOME": str(folder)}

    flags = run("pkg-config", "--cflags", "--libs", "calinvite",
                env=bare | {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}).split()
    run("cc", "-std=c11", "-pedantic", "-Werror", EXAMPLES / "quickstart.c", *flags, "-o", folder / "by_pkg_config")

    programs = {"by_pkg_config": bare}
    for component, source, target in (("c", "quickstart.c", "calinvite::c"),
                                      ("cpp", "quickstart.cpp", "calinvite::calinvite")):
        consumer = folder / f"consumer_{component}"
        consumer.mkdir()
        (consumer / "CMakeLists.txt").write_text(
            CONSUMER.format(component=component, source=EXAMPLES / source, target=target))
        run("cmake", "-S", consumer, "-B", consumer / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
        run("cmake", "--build", consumer / "build")
        programs[f"consumer_{component}/build/quickstart"] = {"PATH": bare["PATH"]}
    for name, environment in programs.items():
        place = folder / "run" / name.replace("/", "_")
        place.mkdir(parents=True)
        run(folder / name, cwd=place, env=environment)
        assert len(list((place / "mails/new").glob("*.eml"))) == 2, name

    place = folder / "run/python"
    place.mkdir()
    python = {"PATH": bare["PATH"], "PYTHONPATH": str(prefix / "lib/python3/dist-packages")}
    run("/usr/bin/python3", "-B", EXAMPLES / "quickstart.py", cwd=place, env=python)
    assert list((place / "mails/new").glob("*.eml"))

    program = prefix / "bin/calinvite"
    assert run(program, "--version", env=bare).strip() in library.name
    page = prefix / "share/man/man1/calinvite.1"
    page = page if page.exists() else page.with_suffix(".1.gz")
    for line in run(program, "--help", env=bare).split("Subcommands:")[1].split("\n\n")[0].splitlines():
        if line.startswith("  ") and line[2] != " ":
            command = line.split()[0]
            assert f".SS calinvite {command}" in page.read_text(), f"the manual lacks {command}"
    if shutil.which("man"):
        shown = run("man", "--warnings", "-l", page, env=bare | {"LC_ALL": "C.UTF-8", "MANWIDTH": "100"})
        assert "EXIT STATUS" in shown
print("used by pkg-config, find_package, Python and at a terminal")

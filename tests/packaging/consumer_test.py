"""A project that takes calinvite in by FetchContent, and one that does by add_subdirectory: both get the two
libraries and none of our tests, programs and install rules. The first one is built, and its programs run.

Its build folder stays, so that only the first run compiles the library.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()

CONSUMER = """\
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES C CXX)
set(CALINVITE_BUILD_CAPI ON)
{take_in}
foreach(language c cpp)
  add_executable(quickstart_${{language}} EXCLUDE_FROM_ALL {root}/examples/quickstart.${{language}})
endforeach()
target_link_libraries(quickstart_c PRIVATE calinvite::c)
target_link_libraries(quickstart_cpp PRIVATE calinvite::calinvite)
foreach(unwanted calinvite ses-simulator calinvite_python base_test calinvite_man calinvite_bench)
  if(TARGET ${{unwanted}})
    message(FATAL_ERROR "${{unwanted}} is part of somebody else's project")
  endif()
endforeach()
"""
TAKE_IN = {
    "fetch": f"include(FetchContent)\nFetchContent_Declare(calinvite SOURCE_DIR {ROOT})\n"
             "FetchContent_MakeAvailable(calinvite)",
    "subdirectory": f"add_subdirectory({ROOT} calinvite)",
}


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout[-5000:]}{done.stderr[-5000:]}"
    return done.stdout


def configure(kind, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CMakeLists.txt").write_text(CONSUMER.format(root=ROOT, take_in=TAKE_IN[kind]))
    launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
    run("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
        *(launcher if shutil.which("ccache") else []))


with tempfile.TemporaryDirectory() as folder:
    configure("subdirectory", pathlib.Path(folder))
    rules = (pathlib.Path(folder) / "build/cmake_install.cmake").read_text()
    assert "calinvite-config" not in rules, "somebody else's project installs calinvite"

fetched = BUILD / "consumers/fetch"
configure("fetch", fetched)
run("cmake", "--build", fetched / "build", "--target", "quickstart_c", "quickstart_cpp")
for language in ("c", "cpp"):
    with tempfile.TemporaryDirectory() as folder:
        run(fetched / f"build/quickstart_{language}", cwd=folder)
        assert len(list(pathlib.Path(folder, "mails/new").glob("*.eml"))) == 2, language
print("taken in by FetchContent and add_subdirectory; shared and static libraries built and used")

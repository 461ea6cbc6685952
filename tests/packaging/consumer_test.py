"""A project that takes calinvite in by FetchContent, and one that does by add_subdirectory: both get the two
libraries and none of our tests, programs and install rules, and programs of theirs compile, link and run.

Their own rules compile and link these programs. The libraries, which would take long to compile once more, are
put where those rules want them: they are the ones of the build that is tested. A third project does without
c-ares; what differs then is compiled, and put before the library.
"""
import pathlib
import re
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


def configure(kind, folder, *options):
    (folder / "CMakeLists.txt").write_text(CONSUMER.format(root=ROOT, take_in=TAKE_IN[kind]))
    run("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None", *options)
    rules = (folder / "build/cmake_install.cmake").read_text()
    assert "calinvite-config" not in rules, "somebody else's project installs calinvite"
    return folder / "build"


def build_program(build, target, source):
    """Compiles the program's one source and links it, as the project's rules say."""
    commands = run("ninja", "-C", build, "-t", "commands", target).splitlines()
    [compiling] = [line for line in commands if f" -c {source}" in line]
    found = re.search(r" -o (\S+) -c ", compiling).group(1)
    (build / found).parent.mkdir(parents=True, exist_ok=True)
    run("sh", "-c", compiling, cwd=build)
    linking = commands[-1]
    assert f"-o {target}" in linking, linking
    run("sh", "-c", linking, cwd=build)


def put(path, library):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(library)


WITHOUT_CARES = """\
#include <calinvite/dns.hpp>
#include <calinvite/version.hpp>
int main() {
  for (const auto feature : calinvite::features()) {
    if (feature == "resolver:dns") return 1;
  }
  for (const auto& dependency : calinvite::dependencies()) {
    if (dependency.name == "c-ares") return 2;
  }
  const auto resolver = calinvite::open_resolver();
  return resolver || resolver.error().code != calinvite::Code::unsupported ? 3 : 0;
}
"""


def check_without_cares(folder):
    build = configure("subdirectory", folder, "-DCALINVITE_WITH_CARES=OFF")
    objects = [f"calinvite/CMakeFiles/calinvite_core.dir/src/{name}.cpp.o"
               for name in ("base/version", "transport/dns/absent")]
    everything = run("ninja", "-C", build, "-t", "commands", "quickstart_cpp")
    assert "cares" not in everything and "dns/resolver" not in everything, "c-ares is still there"
    run("ninja", "-C", build, *objects)
    source = folder / "main.cpp"
    source.write_text(WITHOUT_CARES)
    run("c++", "-std=c++20", f"-I{ROOT}/include", source, *objects, BUILD / "libcalinvite_core.a", "-o",
        folder / "without_cares", cwd=build)
    run(folder / "without_cares")


with tempfile.TemporaryDirectory() as folder:
    check_without_cares(pathlib.Path(folder))
for kind, place in (("fetch", "_deps/calinvite-build"), ("subdirectory", "calinvite")):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        build = configure(kind, folder)
        put(build / place / "libcalinvite_core.a", BUILD / "libcalinvite_core.a")
        for library in (BUILD / "capi").glob("libcalinvite.so*"):
            put(build / place / "capi" / library.name, library)
        for language in ("c", "cpp"):
            build_program(build, f"quickstart_{language}", ROOT / f"examples/quickstart.{language}")
            at = folder / language
            at.mkdir()
            run(build / f"quickstart_{language}", cwd=at)
            assert len(list((at / "mails/new").glob("*.eml"))) == 2, language
print("taken in by FetchContent and add_subdirectory; programs built against both libraries and run; c-ares "
      "left out")

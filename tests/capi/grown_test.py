"""A program that was compiled with the baseline's headers runs with the library as it is, and with one
in which a struct of options has grown by a field that must not be read from it."""
import json
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def replaced(path, goes, comes):
    text = path.read_text()
    assert text.count(goes) == 1, f"{path} has {text.count(goes)} of: {goes}"
    path.write_text(text.replace(goes, comes))


def grow_library(folder):
    """Compiles the one source that knows the options anew, and links it with the others' objects."""
    shutil.copytree(ROOT / "include", folder / "include")
    replaced(folder / "include/calinvite/c/engine.h", "} calinvite_dispatch_options;",
             "  uint64_t planted;\n} calinvite_dispatch_options;")
    source = folder / "dispatch.cpp"
    shutil.copy(ROOT / "capi/dispatch.cpp", source)
    replaced(source, "  options.max_messages = given.max_messages;",
             '  if (given.planted != 0) refuse("read beyond what the caller has", "options");\n'
             "  options.max_messages = given.max_messages;")
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    entry = next(entry for entry in commands if entry["file"] == str(ROOT / "capi/dispatch.cpp"))
    compile_command = shlex.split(entry["command"])
    compile_command = [part for part in compile_command if not part.endswith("/ccache")]
    original = compile_command[compile_command.index("-o") + 1]
    grown = str(folder / "dispatch.o")
    compile_command[compile_command.index("-o") + 1] = grown
    compile_command[compile_command.index("-c") + 1] = str(source)
    compile_command[1:1] = [f"-I{folder}/include", f"-I{ROOT}/capi"]
    run(*compile_command, cwd=entry["directory"])

    link = run("ninja", "-C", BUILD, "-t", "commands", "capi/libcalinvite.so").splitlines()
    link = next(line for line in link if "-shared" in line and "libcalinvite" in line)
    link = link[link.index("/"):].removeprefix(": && ").removesuffix(" && :")
    library = folder / "libcalinvite.so.1"
    parts = shlex.split(link)
    parts[parts.index("-o") + 1] = str(library)
    assert original in parts, parts
    parts[parts.index(original)] = grown
    run(*parts, cwd=BUILD)
    assert b"read beyond what the caller has" in library.read_bytes()


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    program = folder / "old_program"
    run("cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", ROOT / "tests/capi/old_program.c",
        f"-L{BUILD}/capi", "-lcalinvite", "-o", program)
    said = "fan1@example.com 1\nfan2@example.net 1\nsent 2\n"
    assert run(program, f"sqlite:{folder}/today.db", env={"LD_LIBRARY_PATH": f"{BUILD}/capi"}) == said
    grow_library(folder)
    assert run(program, f"sqlite:{folder}/grown.db", env={"LD_LIBRARY_PATH": str(folder)}) == said
print("runs with the library of today and with a grown one")

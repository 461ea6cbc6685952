#!/usr/bin/python3
"""Keeps the promise of docs/abi.md about the C headers.

    abi.py write              writes include/calinvite.ffi.h and capi/abi/layout.inc anew
    abi.py check              fails when they are not what the headers say, or when a program that
                              was compiled against the baseline would not run with the headers as
                              they are now; 77 without abidiff
    abi.py baseline VERSION   makes the headers as they are now what is promised: at a release

abidiff compares libraries of empty functions that are made of the headers: their types are all there
whatever the real library is built with, which can't disagree with the headers that it includes. That it
exports just these functions is tested beside.
"""
import argparse
import copy
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FFI = "include/calinvite.ffi.h"
LAYOUT = "capi/abi/layout.inc"
SYSTEM_HEADERS = ("stddef.h", "stdint.h")


class Abi:
    """The C API as a header says it."""

    def __init__(self, header=ROOT / "include/calinvite.h"):
        with tempfile.TemporaryDirectory() as empty:
            for name in SYSTEM_HEADERS:  # what they declare every reader of the flat header knows
                pathlib.Path(empty, name).touch()
            self.flat = run("cc", "-E", "-P", "-nostdinc", "-std=c99", "-isystem", empty,
                            "-U__GNUC__",  # else there are attributes
                            f"-I{header.parent}", header)

    def structs(self):
        """Name and fields of each struct, in order."""
        for body, name in re.findall(r"typedef struct \w+ \{(.*?)\} (\w+);", self.flat, re.S):
            fields = []
            for declaration in body.split(";"):
                pointed = re.search(r"\(\*(\w+)\)\(", declaration)
                plain = re.search(r"(\w+)(\[\d+\])?\s*$", declaration)
                if pointed or plain:
                    fields.append((pointed or plain).group(1))
            yield name, fields

    def functions(self):
        """Result, name and parameters of each function."""
        for declaration in self.flat.split(";"):
            found = re.fullmatch(r"\s*((?:const )?\w+\s*\*?)\s*(calinvite_\w+)\((.*)\)\s*", declaration, re.S)
            if found:
                yield found.groups()

    def ffi(self):
        return formatted(
            "/* The C API as one text without preprocessing, for what reads declarations by itself, "
            "such as PHP's FFI. Made by capi/abi/abi.py; the headers under calinvite/c tell what all "
            "of it means. */\n" + self.flat)

    def trimmed_to(self, old):
        """With the fields that structs have grown by since `old` cut off, and what has come to stand in a `reserved`
        called that again: this is the growth that struct_size allows, and abidiff's own ways to allow it let other
        changes of the struct pass, too."""
        trimmed = copy.copy(self)
        known = dict(old.structs())

        def cut(struct):
            fields = struct.group(2).split(";")
            if "struct_size" not in fields[0] or struct.group(3) not in known:
                return struct.group()
            names = known[struct.group(3)]
            fields = [re.sub(r"\w+$", "reserved", field) if name == "reserved" else field
                      for field, name in zip(fields, names)]
            return f"{struct.group(1)}{';'.join(fields)};}} {struct.group(3)};"

        trimmed.flat = re.sub(r"(typedef struct \w+ \{)(.*?)\} (\w+);", cut, self.flat, flags=re.S)
        return trimmed

    def source(self):
        return "".join(f"#include <{name}>\n" for name in SYSTEM_HEADERS) + self.flat

    def layout(self):
        """Where each field stands, measured, and which one is the last; the value of each constant."""
        probe = [self.source(), "#include <stdio.h>", "int main(void) {"]
        for name, fields in self.structs():
            for field in fields:
                probe.append(f'printf("FIELD({name}, {field}, %zu, %zu)\\n", offsetof({name}, {field}), '
                             f"sizeof((({name}*)0)->{field}));")
            probe.append(f'puts("LAST({name}, {fields[-1]})");')
        for name in re.findall(r"\b(CALINVITE_\w+) = ", self.flat):
            probe.append(f'printf("VALUE({name}, %d)\\n", {name});')
        probe.append("return 0; }")
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "probe.c")
            source.write_text("\n".join(probe))
            run("cc", "-std=c99", source, "-o", f"{folder}/probe")
            pins = run(f"{folder}/probe")
        return ("/* Where the fields of all structs stand, in bytes, on machines of 64 bits; and what ends each;\n"
                "   and the values of constants. Made by capi/abi/abi.py. Lines of FIELD and VALUE are added, never changed, but that a reserved field gets a name. */\n" + pins)

    def library(self, path):
        """A shared library of empty functions with these types."""
        source = pathlib.Path(path).with_suffix(".c")
        source.write_text(self.source() + "\n".join(
            f"{result} {name}({parameters}) {{ {'' if result.strip() == 'void' else 'return 0;'} }}"
            for result, name, parameters in self.functions()))
        run("cc", "-std=c99", "-g", "-O0", "-w", "-shared", "-fPIC", "-Wl,-soname,libcalinvite.so.1", source,
            "-o", path)


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def formatted(text):
    done = subprocess.run(["clang-format", f"--style=file:{ROOT}/.clang-format", "--assume-filename=x.h"],
                          input=text, capture_output=True, text=True, check=True)
    return done.stdout


BASELINE = ROOT / "capi/abi/baseline.h"


def breaks(new, old):
    """What programs that were compiled against `old` would notice; empty: nothing."""
    trimmed = new.trimmed_to(old)
    kept = set(trimmed.layout().splitlines())
    moved = [line for line in old.layout().splitlines() if line.startswith(("FIELD", "VALUE")) and line not in kept]
    with tempfile.TemporaryDirectory() as folder:
        old.library(f"{folder}/old.so")
        trimmed.library(f"{folder}/new.so")
        done = subprocess.run(["abidiff", "--no-added-syms", f"{folder}/old.so", f"{folder}/new.so"],
                              capture_output=True, text=True)
    found = [f"not as it was: {line}" for line in moved]
    if done.returncode != 0:
        found.append(done.stdout + done.stderr)
    return "\n".join(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=["write", "check", "baseline"])
    parser.add_argument("version", nargs="?")
    arguments = parser.parse_args()
    abi = Abi()
    if arguments.command == "write":
        (ROOT / FFI).write_text(abi.ffi())
        (ROOT / LAYOUT).write_text(abi.layout())
    elif arguments.command == "baseline":
        if not arguments.version:
            parser.error("which version?")
        BASELINE.write_text(formatted(
            f"/* The C API of {arguments.version}: programs that were compiled with this run on. Made by abi.py, with the\n"
            "   macros that a program begins a struct with. */\n"
            "#ifndef CALINVITE_BASELINE_H\n#define CALINVITE_BASELINE_H\n"
            "#include <stddef.h>\n#include <stdint.h>\n"
            '#ifdef __cplusplus\nextern "C" {\n#endif\n'
            + abi.flat + macros() + "#ifdef __cplusplus\n}\n#endif\n#endif\n"))
    else:
        check(abi)


def macros():
    """The _INIT values and other macros, which the flat text has lost."""
    text = "".join(path.read_text() for path in sorted((ROOT / "include/calinvite/c").glob("*.h")))
    return "".join(re.findall(r"^#define CALINVITE_\w+_INIT(?:[^\n]*\\\n)*[^\n]*\n", text, re.M))


def check(abi):
    for path, text in ((FFI, abi.ffi()), (LAYOUT, abi.layout())):
        if (ROOT / path).read_text() != text:
            raise SystemExit(f"{path} is not what the headers say; see capi/abi/abi.py")
    if not shutil.which("abidiff"):
        print("abidiff is missing: apt install abigail-tools")
        sys.exit(77)
    if found := breaks(abi, Abi(BASELINE)):
        raise SystemExit(found)
    print("old programs would notice nothing")


if __name__ == "__main__":
    main()

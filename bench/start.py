"""How large libcalinvite.so.1 is, and what it costs to start a C program with it: start.py LIBRARY INCLUDE.

Times are of this machine, so each stands beside that of a program that links libc and nothing else.
"""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

LIBRARY = pathlib.Path(sys.argv[1]).resolve()
INCLUDE = pathlib.Path(sys.argv[2]).resolve()
HERE = pathlib.Path(__file__).resolve().parent
STARTS = 200


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def start(program):
    """Seconds from asking for a process until it has ended."""
    begin = time.perf_counter()
    pid = os.posix_spawn(program, [str(program)], os.environ)
    status = os.waitpid(pid, 0)[1]
    took = time.perf_counter() - begin
    assert status == 0, f"{program} ended with {status}"
    return took


def main():
    os.environ["LD_LIBRARY_PATH"] = str(LIBRARY.parent)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        os.chdir(folder)
        run("strip", "--strip-unneeded", LIBRARY, "-o", "stripped.so")
        needed = re.findall(r"\(NEEDED\)\s+Shared library: \[(.*)\]", run("readelf", "-dW", LIBRARY))
        loaded = run("ldd", LIBRARY).count("=>")
        print(f"libcalinvite.so.1 stripped: {os.path.getsize('stripped.so') / 1e6:.1f} MB; "
              f"it names {len(needed)} libraries, {loaded} are loaded with it")

        (folder / "empty.c").write_text("int main(void) { return 0; }\n")
        run("cc", "-O2", "empty.c", "-o", "empty")
        run("cc", "-O2", "-I", INCLUDE, HERE / "start.c", LIBRARY, "-o", "start")
        took = {program: [] for program in ("empty", "start")}
        for _ in range(STARTS):  # in turn, so that both meet the same machine
            for program, times in took.items():
                times.append(start(folder / program))
        empty, loading = (statistics.median(times) * 1e3 for times in took.values())
        print(f"a program that calls it starts and ends in {loading:.1f} ms, an empty one in {empty:.1f} ms: "
              f"{loading / empty:.1f} x")

        figures = [[int(figure) for figure in line.split()] for line in run("./start", "calls").splitlines()]
        for what, (first, later) in zip(("reading a calendar", "preparing a revision and composing a copy", "opening a store, which the first time makes it"), figures):
            print(f"{what}: {first / 1e6:.2f} ms the first time, {later / 1e6:.2f} ms later; "
                  f"the first is {first / 1e6 / empty:.1f} x an empty program")


main()

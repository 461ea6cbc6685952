"""Every console block of docs/ does what it shows: its commands run, in one shell for a page, and print what stands there.

`…` stands for anything within a line, a line of it alone for any lines.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()
END = "-- end of a command --"


def commands(page):
    """Each command of the page's console blocks, and the lines that it must print."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def pattern(lines):
    parts = [r"(?:.*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n" for line in lines]
    return re.compile("".join(parts))


def check(path):
    """How many commands of a page were run; fails when one prints something else."""
    wanted = commands(path.read_text(encoding="utf-8"))
    if not wanted:
        return 0
    # No DNS server answers there, so that nobody's real one is asked.
    environment = {"HOME": "/nonexistent", "CALINVITE_DNS_SERVERS": "127.0.0.1:1", "LC_ALL": "C.UTF-8", "PATH": os.pathsep.join(
        [str(BUILD / "examples/cli"), str(BUILD / "examples/ses-simulator"), os.environ["PATH"]])}
    # What a page has started and not ended ends with the shell.
    script = ["trap 'kill $(jobs -p) 2>/dev/null' EXIT"]
    for command, _ in wanted:
        script += [command, f"echo '{END}'"]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["bash", "-c", "\n".join(script)], cwd=folder, env=environment, text=True, timeout=250,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    printed = done.stdout.split(END + "\n")
    for (command, lines), text in zip(wanted, printed):
        if not pattern(lines).fullmatch(text):
            raise SystemExit(f"{path.name}: {command}\nprints\n{text}\nand should print\n" + "\n".join(lines))
    if len(printed) != len(wanted) + 1:
        raise SystemExit(f"{path.name}: the shell ended after {printed[-1]}")
    return len(wanted)


def main():
    ran = {path.name: check(path) for path in sorted((ROOT / "docs").glob("*.md"))}
    if ran["ten-minutes-operator.md"] < 20:
        raise SystemExit("docs/ten-minutes-operator.md shows hardly anything")
    print(sum(ran.values()), "commands do what the pages show")


main()

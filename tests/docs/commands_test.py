"""Every command line of `calinvite` in README.md and docs/ names commands and options that the program has."""

import functools
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(sys.argv[1]).resolve() / "examples/cli/calinvite"

LABEL = "link token"  # no command: what docs/token-format.md has signed


@functools.cache
def help_of(*command):
    """Options and subcommands of a command."""
    done = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True, check=True)
    options = set(re.findall(r"(?<![\w-])(--[a-z][\w-]*)", done.stdout))
    options |= {"--no-" + option for option in re.findall(r"--\[no-\]([\w-]+)", done.stdout)}
    _, _, below = done.stdout.partition("Subcommands:\n")
    return options, set(re.findall(r"^  ([a-z]+) ", below, re.MULTILINE))


def faults(line):
    """What the words behind `calinvite` name that is not there."""
    command, allowed = (), set(help_of()[0])
    named = False
    for word in re.split(r"\s+", line):
        if word in ("#", "&&", "||", "|", ";", "…", "&") or word.startswith((">", "<")):
            break
        ended = word.endswith(";")
        word = word.strip("();,'\"")
        if word in help_of(*command)[1]:
            command += (word,)
            allowed |= help_of(*command)[0]
            named = True
        elif re.fullmatch(r"--[a-z][\w-]*(=.*)?", word):
            if word.partition("=")[0] not in allowed:
                yield word
        elif not command and re.fullmatch(r"[a-z]+", word):
            yield word
        if ended:
            break
    if named and help_of(*command)[1]:
        yield "no command below " + " ".join(command)


def lines_of(page):
    """What stands behind the program's name in blocks of commands, and in prose as `calinvite …`."""
    language = None  # of the block that the line stands in
    for line in re.sub(r"\\\n\s*", "", page).splitlines():  # lines that go on are one
        if line.startswith("```"):
            language = line[3:] if language is None else None
        elif language in ("", "sh", "console"):
            yield from re.findall(r"(?:^|[\s(])calinvite ([a-z-].*)", line)
        elif language is None:
            yield from (text for text in re.findall(r"`calinvite ([^`]+)`", line) if text != LABEL)


def main():
    wrong = []
    count = 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for line in lines_of(path.read_text(encoding="utf-8")):
            count += 1
            wrong += [f"{path.name}: calinvite {line}: {fault}" for fault in faults(line)]
    print("\n".join(wrong) if wrong else f"{count} command lines are ones that the program has")
    return 1 if wrong or count < 80 else 0


if __name__ == "__main__":
    sys.exit(main())

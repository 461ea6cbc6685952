"""docs/preflight.md explains every check of preflight in the order in which it is made, and no other."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    source = (ROOT / "src/preflight/findings.cpp").read_text(encoding="utf-8")
    table = re.search(r"PreflightCheck checks\[\] = \{(.*?)\n\};", source, re.DOTALL).group(1)
    checks = re.findall(r'^    \{"(\w+)",', table, re.MULTILINE)
    page = (ROOT / "docs/preflight.md").read_text(encoding="utf-8")
    # A section counts when it also says what to do.
    sections = re.findall(r"^### (\w+)\n\n(?:(?!\n###).)+?\*\*To\s+mend:\*\*", page, re.MULTILINE | re.DOTALL)
    if len(checks) < 10 or checks != sections:
        print("in src/preflight/findings.cpp:", checks)
        print("in docs/preflight.md:", sections)
        return 1
    print(f"{len(checks)} checks explained")
    return 0


if __name__ == "__main__":
    sys.exit(main())

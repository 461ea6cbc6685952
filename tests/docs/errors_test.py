"""docs/errors.md explains every Code of result.hpp under its number, and no other."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    header = (ROOT / "include/calinvite/result.hpp").read_text(encoding="utf-8")
    enum = re.search(r"enum class Code.*?\{(.*?)\};", header, re.DOTALL).group(1)
    codes = dict(re.findall(r"^\s*(\w+) = (\d+),", enum, re.MULTILINE))
    page = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    # A row counts when both its explanation and its advice say something.
    rows = {
        name: number
        for number, name in re.findall(r"^\| (\d+) \| `(\w+)` \| [^|]{20,} \| [^|]{5,} \|$", page, re.MULTILINE)
    }
    if len(codes) < 10 or codes != rows:
        print("in result.hpp but not so in docs/errors.md:", sorted(codes.items() - rows.items()))
        print("in docs/errors.md but not so in result.hpp:", sorted(rows.items() - codes.items()))
        return 1
    print(f"{len(codes)} codes explained")
    return 0


if __name__ == "__main__":
    sys.exit(main())

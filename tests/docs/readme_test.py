"""The examples that README.md shows are the files that ctest builds and runs."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(
        r"^<!-- (examples/\S+) -->\n```\w+\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE
    )
    differ = [path for path, shown in blocks if shown != (ROOT / path).read_text(encoding="utf-8")]
    if len(blocks) != 2 or differ:
        print(f"{len(blocks)} examples shown; not as their files are:", differ)
        return 1
    print(len(blocks), "examples shown as they are")
    return 0


if __name__ == "__main__":
    sys.exit(main())

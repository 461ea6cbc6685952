"""The examples that README.md and docs/ show are the files that ctest builds and runs, or parts of them.

`<!-- examples/X -->` before a block: all of the file. `<!-- from examples/X -->`: lines of it that
follow each other, less their common indentation.
"""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"^<!-- (from )?(examples/\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE
)


def is_shown_as_it_is(part, path, shown):
    text = (ROOT / path).read_text(encoding="utf-8")
    if not part:
        return shown == text
    return any(
        "\n" + textwrap.indent(shown, " " * depth) in "\n" + text for depth in (0, 4, 8)
    )


def main():
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = {path: BLOCK.findall(path.read_text(encoding="utf-8")) for path in documents}
    differ = [
        (str(path.relative_to(ROOT)), block[1])
        for path, found in blocks.items()
        for block in found
        if not is_shown_as_it_is(*block)
    ]
    count = sum(map(len, blocks.values()))
    if len(blocks[ROOT / "README.md"]) != 2 or len(blocks[ROOT / "docs/python.md"]) < 6 or differ:
        print(f"{count} examples shown; not as their files are:", differ)
        return 1
    print(count, "examples shown as they are")
    return 0


if __name__ == "__main__":
    sys.exit(main())

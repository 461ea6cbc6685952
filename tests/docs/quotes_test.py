"""The code that README.md and docs/ show out of examples/ is what ctest builds and runs: in README whole files, elsewhere
whole lines of them, one after the other, less what all are indented by."""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]


def quotes(page):
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^<!-- (examples/\S+) -->\n```\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def main():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    wrong = []
    count = 0
    for page in pages:
        for path, shown in quotes(page):
            source = (ROOT / path).read_text(encoding="utf-8")
            whole = page.name == "README.md"
            indented = ("\n" + textwrap.indent(shown, " " * depth) for depth in (0, 4, 8))
            if shown != source if whole else not any(lines in "\n" + source for lines in indented):
                wrong.append(f"{page.name}: not as it stands in {path}:\n{shown}")
            count += 1
        # A marker without the block that it announces would be a quote that nobody checks.
        if len(re.findall(r"^<!-- examples/", page.read_text(encoding="utf-8"), re.MULTILINE)) != len(quotes(page)):
            wrong.append(f"{page.name}: a marker of an example without its code below")
    print("\n".join(wrong) if wrong else f"{count} quotes as they stand in examples/")
    return 1 if wrong or len(quotes(ROOT / "README.md")) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())

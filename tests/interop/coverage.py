"""Which test speaks for which interop rule: docs/interop-coverage.md, made from the names of tests.

    coverage.py            fails when a rule has no test or title, or the page is not as it would be
    coverage.py --write    writes the page

A test names its rules in its own name: "R7: …", "R7, R8: …", "… (R82 to R84)".
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = "docs/interop-coverage.md"

RULES = (*range(1, 90), *range(121, 129), *range(130, 141), *range(149, 152))

# Rules that nothing here can keep yet, or not wholly: what is open, and where it belongs.
LATER = {
    140: "backing off after soft bounces has no test yet",
}

CPP_TEST = re.compile(r'\b(?:TEST_CASE|SCENARIO)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
PYTHON_TEST = re.compile(r'^\s*def (test_\w+)\([^\n]*\n(?:\s*"""(.+?)(?:"""|\n))?', re.MULTILINE)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
NAMED = re.compile(r"(?<![A-Za-z0-9])R(\d+)(?![0-9a-z])(?:(?:-| to )R(\d+)(?![0-9a-z]))?")


def rules_in(text):
    """The numbers of the rules that a name or a table cell gives, ranges spelled out."""
    found = set()
    for first, last in NAMED.findall(text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def tests_in(path):
    """Names of the tests that a file holds; a Python test is named by its docstring, if it has one."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [docstring or name for name, docstring in PYTHON_TEST.findall(text)]
    return ["".join(LITERAL.findall(parts)).replace('\\"', '"') for parts in CPP_TEST.findall(text)]


def find_tests(root):
    """Rule -> [(test, file)], by file and place in it."""
    tests = {}
    for path in sorted((root / "tests").rglob("*_test.*")):
        if path.suffix not in (".cpp", ".py"):
            continue
        for name in tests_in(path):
            for rule in rules_in(name):
                tests.setdefault(rule, []).append((name, path.relative_to(root).as_posix()))
    return tests


def read_titles(root):
    """Rule -> title, of the table of R rules in docs/rules.md."""
    titles = {}
    for cell, title in re.findall(r"^\| (R[^|]*) \| ([^|]+) \|$", (root / "docs/rules.md").read_text("utf-8"), re.M):
        titles.update(dict.fromkeys(rules_in(cell), title))
    return titles


def page_of(titles, tests, rules=RULES, later=LATER):
    lines = [
        "# Tests of the interop rules",
        "",
        "Rule by rule, the tests that carry its name. Made by `tests/interop/coverage.py --write`; ctest compares.",
        "",
        "| rule | says | test | file |",
        "|---|---|---|---|",
    ]
    for rule in rules:
        cells = f"| R{rule} | {titles.get(rule, '')} |"
        for name, file in tests.get(rule, []):
            lines.append(f"{cells} {name.replace('|', chr(92) + '|')} | {file} |")
            cells = "| | |"
        if rule not in tests:
            lines.append(f"{cells} {'later' if rule in later else 'none'} | |")
    lines += ["", "## Later", "", "What no test can show yet, beside those above.", "", "| rule | open |", "|---|---|"]
    lines += [f"| R{rule} | {reason} |" for rule, reason in later.items()]
    return "\n".join(lines) + "\n"


def faults_of(root, rules=RULES, later=LATER):
    titles, tests = read_titles(root), find_tests(root)
    faults = [f"docs/rules.md: R{rule} has no title" for rule in rules if rule not in titles]
    faults += [f"R{rule} has no test: {titles.get(rule, '')}" for rule in rules if rule not in (tests.keys() | later)]
    page = root / PAGE
    if not page.exists() or page.read_text("utf-8") != page_of(titles, tests, rules, later):
        faults.append(f"{PAGE} is out of date: tests/interop/coverage.py --write")
    return faults


def main():
    if sys.argv[1:] == ["--write"]:
        (ROOT / PAGE).write_text(page_of(read_titles(ROOT), find_tests(ROOT)), "utf-8")
    faults = faults_of(ROOT)
    print("\n".join(faults) or f"{len(RULES)} rules, none without a test but those of later: {sorted(LATER)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""The public surface as the sources declare it: C functions and structs, C++ calls, Python names."""
import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
C_HEADERS = [ROOT / "include/calinvite.h", *sorted((ROOT / "include/calinvite/c").glob("*.h"))]


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)


def c_functions():
    """Names of the functions that the C headers declare, sorted."""
    names = []
    for header in C_HEADERS:
        text = without_comments(header.read_text())
        names += re.findall(r"CALINVITE_API\b[^;(]*?\b(calinvite_\w+)\s*\(", text)
    return sorted(names)


class CppReader:
    """Finds the calls that a public header declares: free functions and public members."""

    KEYWORDS = {"if", "for", "while", "switch", "return", "requires", "decltype", "noexcept", "sizeof",
                "alignof", "static_assert", "explicit"}

    def __init__(self, text):
        text = re.sub(r'"(?:\\.|[^"\\])*"', '""', without_comments(text))
        self.text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
        self.calls = set()

    def read(self):
        scopes = []  # (kind, name, whether public)
        start = at = 0
        text = self.text
        while at < len(text):
            char = text[at]
            if char == "(":  # braces in there are values
                at = self.behind(at, "(", ")")
                continue
            if char == ";":
                self.declaration(text[start:at], scopes)
                start = at + 1
            elif char == "}":
                scopes.pop()
                start = at + 1
            elif char == ":" and (access := re.search(r"(public|private|protected)\s*$", text[start:at])):
                scopes[-1] = (*scopes[-1][:2], access.group(1) == "public")
                start = at + 1
            elif char == "{":
                head = text[start:at].strip()
                if opened := re.match(r"(?:inline )?namespace\s+(\w+)", head):
                    scopes.append(("namespace", opened.group(1), True))
                elif re.match(r"extern\b", head):
                    scopes.append(("namespace", "", True))
                elif opened := re.match(r"(?:template\s*<[^>]*>\s*)?(class|struct)\s+(?:\[\[\w+\]\]\s*)?(\w+)", head):
                    scopes.append(("class", opened.group(2), opened.group(1) == "struct"))
                else:  # a body, an enum, or the value of a member
                    if not re.match(r"enum\b", head):
                        self.declaration(head, scopes)
                    at = self.behind(at, "{", "}")
                    start = at
                    continue
                start = at + 1
            at += 1
        return self.calls

    def behind(self, at, opening, closing):
        depth = 0
        while True:
            depth += (self.text[at] == opening) - (self.text[at] == closing)
            at += 1
            if depth == 0:
                return at

    def declaration(self, text, scopes):
        text = " ".join(text.split())
        if not text or not all(public for _, _, public in scopes):
            return
        if re.match(r"(friend|using|typedef|enum|class|struct)\b|.*=\s*(delete|default)$", text):
            return
        # The name stands in front of the first parenthesis that no template argument holds.
        flat = text
        while (inner := re.sub(r"<[^<>()]*>|<[^<>]*\([^<>()]*\)[^<>]*>", "", flat)) != flat:
            flat = inner
        flat = flat.split("=")[0] if "(" not in flat.split("=")[0] else flat
        named = re.search(r"(~?\w+)\s*\(", flat)
        if not named or named.group(1) in self.KEYWORDS or "operator" in flat.split("(")[0]:
            return
        name = named.group(1)
        owner = [name_ for kind, name_, _ in scopes if kind == "class"]
        if name.startswith("~") or (owner and name == owner[-1] and re.search(rf"\({name}\s*(&&|&)|\(const {name}\s*&", flat)):
            return
        self.calls.add("::".join([*owner, name]))


def cpp_calls():
    """Qualified names of the calls of the public C++ headers."""
    calls = set()
    for header in sorted((ROOT / "include/calinvite").glob("*.hpp")):
        calls |= CppReader(header.read_text()).read()
    return calls


def python_names():
    """Names that the Python package shows: functions, classes, their methods and fields."""
    package = ROOT / "bindings/python/calinvite"
    names = set()
    for path in (package / "_calinvite.pyi", package / "_errors.py", package / "_values.py", package / "_words.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names.add(node.name)
            if not isinstance(node, ast.ClassDef):
                continue
            names.add(node.name)
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    names.add(f"{node.name}.{member.name}")
                elif isinstance(member, ast.AnnAssign):
                    names.add(f"{node.name}.{member.target.id}")
    return names


def python_calls():
    """Of these the functions, and the methods that are no special ones."""
    tree = ast.parse((ROOT / "bindings/python/calinvite/_calinvite.pyi").read_text())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    yield f"{node.name}.{member.name}"


COLUMNS = ["C", "since", "C++", "Python", "why"]


def rows():
    """The rows of symbols.tsv as dictionaries."""
    lines = (ROOT / "capi/symbols.tsv").read_text().splitlines()
    assert lines[0].split("\t") == COLUMNS, lines[0]
    found = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        assert len(cells) == len(COLUMNS) and all(cells), f"symbols.tsv:{number}: {cells}"
        found.append(dict(zip(COLUMNS, cells)))
    return found

"""The reference of the Python package as a page, made of what stands in its stub and its modules."""

import ast
import re

# In this order; every public name of the package stands in one of them.
FIRST = ["_calinvite.pyi", "_values.py"]
TITLES = {"_calinvite.pyi": "Calls"}


def comment_of(lines, node):
    """What stands behind a field, and goes on in the lines below that are nothing else."""
    found = re.search(r"  # (.*)$", lines[node.end_lineno - 1])
    if not found:
        return ""
    words = [found[1]]
    for line in lines[node.end_lineno:]:
        more = re.fullmatch(r" {6,}# (.*)", line)
        if not more:
            break
        words.append(more[1])
    return " ".join(words)


def text_of(node):
    return ast.get_docstring(node) or ""


def signature(node):
    arguments = re.sub(r"^self(, )?", "", ast.unparse(node.args))
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({arguments}){result}"


def function(node, level):
    kinds = {ast.unparse(decorator) for decorator in node.decorator_list}
    name = f"{node.name}: {ast.unparse(node.returns)}" if "property" in kinds else signature(node)
    before = "".join(f"@{kind} " for kind in sorted(kinds & {"property", "staticmethod", "classmethod"}))
    return [f"{'#' * level} " + node.name.replace("__", r"\_\_"), f"```python\n{before}{name}\n```", text_of(node)]


def shown(name):
    return not name.startswith("_") or name in ("__init__", "__iter__", "__enter__")


def class_(node, lines, level):
    bases = ", ".join(map(ast.unparse, node.bases))
    page = [f"{'#' * level} {node.name}", f"Derives from `{bases}`." if bases else "", text_of(node)]
    fields = []
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and shown(item.target.id):
            default = f" = {ast.unparse(item.value)}" if item.value else ""
            fields.append((f"{item.target.id}: {ast.unparse(item.annotation)}{default}", comment_of(lines, item)))
        elif isinstance(item, ast.Assign) and shown(item.targets[0].id):
            fields.append((ast.unparse(item), comment_of(lines, item)))
    page.append("\n".join(f"- `{field}`" + (f": {words}" if words else "") for field, words in fields))
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and shown(item.name):
            page += function(item, level + 1)
    return page


def write(package):
    """Markdown of a package's folder."""
    start = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    public = {alias.asname or alias.name for node in start.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    page = ["# Python: the package calinvite", text_of(start)]
    seen = set()
    others = sorted(path.name for path in package.glob("_*.py") if path.name not in [*FIRST, "__init__.py"])
    for name in FIRST + others:
        source = (package / name).read_text(encoding="utf-8")
        lines = source.splitlines()
        module = ast.parse(source)
        items = [node for node in module.body
                 if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name in public]
        if not items:
            continue
        page += [f"## {TITLES.get(name) or name.strip('_').partition('.')[0].capitalize()}", text_of(module)]
        for node in items:
            page += class_(node, lines, 3) if isinstance(node, ast.ClassDef) else function(node, 3)
            seen.add(node.name)
    missing = public - seen - {node.targets[0].id for node in start.body if isinstance(node, ast.Assign)}
    return "\n\n".join(part for part in page if part) + "\n", missing

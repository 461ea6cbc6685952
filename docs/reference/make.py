"""Renders the reference of C, C++ and Python and all pages of docs/ as one site, and checks its links.

make.py OUT VERSION: OUT/html/index.html is the start. Fails on what doxygen warns of, and on a link that leads nowhere.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

import python_page

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUT = pathlib.Path(sys.argv[1]).resolve()
CODE_OR_LINK = re.compile(r"`[^`]*`|(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\n]+)\)|(?<=src=\")()([^\":]+)(?=\")")


def page_id(path):
    return "page-" + re.sub(r"\W", "-", str(path.relative_to(ROOT).with_suffix("")))


def heading_id(path, anchor):
    return page_id(path) + "-" + anchor


def as_page(path, text, pages, linked):
    """A page as doxygen wants it: headings have names, links to other pages are references, and what else is linked is copied."""
    def copied(goal):
        linked.add(goal)
        return f"files/{goal.relative_to(ROOT)}"

    def link(found):
        image, words, target, _, source = found.groups()
        if source:
            return copied((path.parent / source).resolve())
        if not target or re.match(r"[a-z]+:|@ref", target):
            return found[0]
        place, _, anchor = target.partition("#")
        goal = (path.parent / place).resolve() if place else path
        if (goal / "README.md") in pages:
            goal = goal / "README.md"
        if goal in pages:
            return f"[{words}](@ref {heading_id(goal, anchor) if anchor else page_id(goal)})"
        return f"{image}[{words}]({copied(goal)})" if goal.is_file() else words

    lines = []
    names = set()
    fence = False
    for line in text.splitlines():
        if line.startswith("```"):
            fence = not fence
        elif not fence:
            heading = re.fullmatch(r"(#+) +(.+?) *", line)
            if not heading:
                # An @ begins a command of doxygen's, but for code.
                line = "".join(part if part.startswith("`") else re.sub(r"@(?=\w)", r"\\@", part)
                               for part in re.split(r"(`[^`]*`)", line)).replace("(\\@ref ", "(@ref ")
                line = CODE_OR_LINK.sub(link, line)
            if heading:
                anchor = re.sub(r"[^\w\- ]", "", heading[2].lower()).replace(" ", "-")
                name = heading_id(path, anchor) if names else page_id(path)
                number = 1
                while name in names:
                    name = heading_id(path, f"{anchor}-{number}")
                    number += 1
                names.add(name)
                line = f"{heading[1]} {heading[2]} {{#{name}}}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def escape(comment):
    return re.sub(r"[<>@#]", lambda mark: {"<": "&lt;", ">": "&gt;"}.get(mark[0], "\\" + mark[0]),
                  re.sub(r"\*(?=\w)", r"\\*", comment))


def as_c(text, functions):
    """A header of the C API whose comments are doxygen's; sections become groups of members."""
    open_group = False

    def comment(found):
        nonlocal open_group
        before, words = found[1], found[2].strip()
        if not words:
            return before
        section = re.fullmatch(r"-+ (.*?) -+", words, re.DOTALL)
        if section:
            closing = "/** @} */ " if open_group else ""
            open_group = True
            return f"{before}{closing}/** @name {section[1]}\n @{{ */"
        words = re.sub(r"\bcalinvite_\w+\b(?!\()", lambda name: name[0] + "()" * (name[0] in functions), escape(words))
        if before.strip():
            return f"{before}/**< {words} */"
        return f"{before}/** {words} */"

    head, _, rest = text.partition("*/")
    first = "/** @file\n " + escape(head.removeprefix("/*")) + "*/"
    rest = re.sub(r"^([^\n]*?)/\*(.*?)\*/", comment, rest, flags=re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^CALINVITE_LIST_OF\((\w+)\);", r"/** A part of a list (#CALINVITE_LIST_OF). */ typedef struct \1_list {"
                  r" size_t struct_size; const \1* const* items; size_t count; const char* next; } \1_list;", rest, flags=re.M)
    if open_group:
        end = rest.rindex("#ifdef __cplusplus")
        rest = rest[:end] + "/** @} */\n" + rest[end:]
    return first + rest


def as_cpp(text):
    """A header of C++ with @error as the alias of the Doxyfile wants it."""
    text = re.sub(r"^/// ", "/// @file\n/// ", text, count=1)
    text = re.sub(r"^ *friend \w+ operator(?:[^;]*);\n", "", text, flags=re.MULTILINE)  # comparisons, of which nothing is told
    text = re.sub(r"(?<=\d)'(?=\d)", "", text)  # doxygen takes 10'000 for the begin of a character
    text = re.sub(r"(?<!/// )@(?!(?:error|param|return) )", r"\\@", text)
    text = re.sub(r"(?<=@error )(\w+(?:, \w+)+)(?=  )", lambda codes: codes[1].replace(", ", ","), text)
    return re.sub(r"@error (?=(?:as|of|only|from|any|if)\b)", "@remark Errors: ", text)


def check_links():
    ids = {}
    broken = []
    for page in (OUT / "html").glob("*.html"):
        ids[page.name] = set(re.findall(r'(?:id|name)="([^"]+)"', page.read_text(encoding="utf-8")))
    count = 0
    for page in ids:
        for target in re.findall(r'<[a-z][^<>]*? (?:href|src)="([^"]+)"', (OUT / "html" / page).read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:|\$", target):
                continue
            place, _, anchor = urllib.parse.unquote(target).partition("#")
            place = place or page
            count += 1
            if not (OUT / "html" / place).exists() or (anchor and anchor not in ids.get(place, ())):
                broken.append(f"{page}: {target}")
    if broken:
        sys.exit("links that lead nowhere:\n" + "\n".join(sorted(set(broken))))
    return count


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "pages").mkdir(parents=True)
    python, missing = python_page.write(ROOT / "bindings/python/calinvite")
    if missing:
        sys.exit(f"names of the Python package that stand in no module: {sorted(missing)}")

    sources = {path: path.read_text(encoding="utf-8") for path in [
        HERE / "start.md", ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")),
        *sorted((ROOT / "docs").glob("*/README.md")), *sorted((ROOT / "examples").glob("*/README.md"))]}
    sources[HERE / "python.md"] = python
    linked = set()
    for path, text in sources.items():
        name = path.name if path.parent == HERE else str(path.relative_to(ROOT)).replace("/", "-")
        (OUT / "pages" / name).write_text(as_page(path, text, sources, linked), encoding="utf-8")
    for path in linked:
        copy = OUT / "html/files" / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)

    headers = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "include").rglob("*.h*"))
               if path.name != "calinvite.ffi.h"}  # the same once more, for other languages
    functions = {name for path, text in headers.items() if path.suffix == ".h"
                 for name in re.findall(r"\b(calinvite_\w+)\(\n? *[a-z]", text)}
    for path, text in headers.items():
        copy = OUT / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(as_c(text, functions) if path.suffix == ".h" else as_cpp(text), encoding="utf-8")

    done = subprocess.run(["doxygen", HERE / "Doxyfile"], cwd=OUT, env=os.environ | {"CALINVITE_VERSION": sys.argv[2]},
                          capture_output=True, text=True)
    sys.stderr.write(done.stderr.replace(str(OUT) + "/", ""))
    if done.returncode:
        sys.exit("doxygen has warned")
    print(f"{OUT / 'html/index.html'}: {check_links()} links lead somewhere")


main()

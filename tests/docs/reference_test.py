"""`ninja reference` renders every page and every public name, and refuses a reference that leads nowhere."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()


def make(root, out):
    return subprocess.run([sys.executable, "-B", root / "docs/reference/make.py", out, "9.9.9"],
                          capture_output=True, text=True, errors="replace")


def main():
    if not shutil.which("doxygen"):
        print("doxygen is missing: apt install doxygen")
        return 77
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        folder = pathlib.Path(folder)
        done = make(ROOT, folder / "reference")
        assert done.returncode == 0, done.stdout + done.stderr
        html = folder / "reference/html"
        start = (html / "index.html").read_text(encoding="utf-8")
        assert "9.9.9" in start and "Ten minutes for a vendor" in start
        for page in (ROOT / "docs").glob("*.md"):
            assert (html / f"page-docs-{page.stem}.html").exists(), page

        rendered = "\n".join(page.read_text(encoding="utf-8") for page in html.glob("*_8h.html"))
        names = re.findall(r"^(calinvite_\w+)\t", (ROOT / "capi/symbols.tsv").read_text(encoding="utf-8"), re.MULTILINE)
        missing = [name for name in names if f'">{name}</a>' not in rendered]
        assert len(names) > 100 and not missing, missing
        # What is said of a function stands with that function.
        close = re.search(r'memtitle.*?calinvite_close\(\)</h2>.*?memdoc">(.*?)</div>', rendered, re.DOTALL)
        assert "no call of it may be running" in close[1], close[1]
        engine = (html / "classcalinvite_1_1Engine.html").read_text(encoding="utf-8")
        update = re.search(r'update_event\(\)</h2>.*?<dl class="retval">(.*?)</dl>', engine, re.DOTALL)
        assert "changed meanwhile" in update[1], update[1]
        python = (html / "page-docs-reference-python.html").read_text(encoding="utf-8")
        assert "parse_calendar" in python and "reply_domain: str" in python

        # A page of the same that names what is not there.
        copy = folder / "copy"
        for part in ("docs", "include", "bindings/python/calinvite", "examples"):
            shutil.copytree(ROOT / part, copy / part)
        for page in ("README.md", "CHANGELOG.md"):
            shutil.copy(ROOT / page, copy / page)
        with open(copy / "docs/pacing.md", "a", encoding="utf-8") as page:
            page.write("[nowhere](operations.md#no-such-heading)\n")
        done = make(copy, folder / "broken")
        assert done.returncode != 0 and "no-such-heading" in done.stderr, done.stdout + done.stderr
    print(f"{len(names)} functions of the C API, the headers of C++, the Python package and all pages are rendered")
    return 0


if __name__ == "__main__":
    sys.exit(main())

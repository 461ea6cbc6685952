"""The examples print what they say at their end, and pass the type checker."""

import re
import subprocess
import sys

import pytest

from conftest import ROOT
from names_test import run_mypy

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
TOLD = "# It prints:\n"


def lines_told(path):
    """What an example says at its end that it prints, or that it prints what others do."""
    text = path.read_text()
    if TOLD in text:
        return [line.removeprefix("#").strip() for line in text.split(TOLD)[1].splitlines()]
    if same := re.search(r"^# It prints (\w+\.out), as those in C and C\+\+ do\.$", text, re.M):
        out = path.with_name(same.group(1)).read_text()
        return [line.strip() for line in out.splitlines()]
    return None


def test_there_are_examples():
    assert len(EXAMPLES) >= 11
    assert [path.stem for path in EXAMPLES if lines_told(path) is None] == ["quickstart"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(path, tmp_path):
    done = subprocess.run([sys.executable, path], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    if (told := lines_told(path)) is not None:
        assert told == [line.strip() for line in done.stdout.splitlines()]


def test_the_examples_pass_the_type_checker(tmp_path):
    options = tmp_path / "mypy.ini"
    options.write_text("[mypy-pandas.*]\nignore_missing_imports = True\n")  # it has no stubs here
    paths = [str(path) for path in EXAMPLES]
    run_mypy("mypy", "--strict", "--config-file", str(options), *paths, cache=tmp_path)

"""The examples print what they say at their end, and pass the type checker."""

import subprocess
import sys

import pytest

from conftest import ROOT
from names_test import run_mypy

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
TOLD = "# It prints:\n"


def test_there_are_examples():
    assert len(EXAMPLES) >= 8
    assert sum(TOLD in path.read_text() for path in EXAMPLES) == len(EXAMPLES) - 1  # the README's


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(path, tmp_path):
    done = subprocess.run([sys.executable, path], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    if TOLD in path.read_text():
        told = path.read_text().split(TOLD)[1].splitlines()
        assert [line.removeprefix("#").strip() for line in told] == [
            line.strip() for line in done.stdout.splitlines()
        ]


def test_the_examples_pass_the_type_checker(tmp_path):
    options = tmp_path / "mypy.ini"
    options.write_text("[mypy-pandas.*]\nignore_missing_imports = True\n")  # it has no stubs here
    paths = [str(path) for path in EXAMPLES]
    run_mypy("mypy", "--strict", "--config-file", str(options), *paths, cache=tmp_path)

"""The names of the package: those of the stubs, those of symbols.tsv, and no others."""

import ast
import inspect
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import calinvite
from conftest import ROOT

PACKAGE = Path(calinvite.__file__).parent
ALLOWED = Path(__file__).parent / "stubtest_allowlist.txt"


def test_every_python_name_of_the_symbol_table_exists():
    rows = [line.split("\t") for line in (ROOT / "capi/symbols.tsv").read_text().splitlines()[1:]]
    names = {row[3] for row in rows} - {"-"}

    assert len(names) > 20
    for name in names:
        found, *parts = [calinvite, *name.split(".")]
        for part in parts:
            assert hasattr(found, part) or part in inspect.get_annotations(found), name
            found = getattr(found, part, None)


def test_the_package_exports_all_its_public_names():
    public = {
        name
        for name, each in vars(calinvite).items()
        if not name.startswith("_") and not isinstance(each, types.ModuleType)
    }

    assert public | {"__version__"} == set(calinvite.__all__)


def arguments_of_stub(function):
    """Names, those that are keyword-only, and those that have defaults."""
    args = function.args
    positional = [arg.arg for arg in args.args]
    keyword = [arg.arg for arg in args.kwonlyargs]
    optional = positional[len(positional) - len(args.defaults) :] + [
        name for name, default in zip(keyword, args.kw_defaults) if default
    ]
    return positional, keyword, optional


def arguments_of_doc(doc):
    """The same from the signature that pybind11 writes on the first line."""
    left = re.match(r"\w+\((.*)\) -> ", doc.splitlines()[0]).group(1)
    inside = None
    while left != inside:  # types and defaults have commas of their own
        inside, left = left, re.sub(r"\([^()]*\)|\[[^][]*\]|<[^<>]*>", "", left)
    parts = inside.split(", ") if inside else []
    names = [part.split(":")[0] for part in parts]
    at = names.index("*") if "*" in names else len(names)
    return names[:at], names[at + 1 :], [name for name, part in zip(names, parts) if " = " in part]


def test_the_stubs_say_how_each_call_is_called():
    module = ast.parse((PACKAGE / "_calinvite.pyi").read_text())
    calls = 0
    for node in module.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        for function in inside:
            decorators = [each.id for each in getattr(function, "decorator_list", [])]
            if (
                not isinstance(function, ast.FunctionDef)
                or "property" in decorators
                or function.name == "__exit__"
            ):
                continue
            owner = getattr(calinvite, node.name) if node is not function else calinvite
            assert arguments_of_doc(getattr(owner, function.name).__doc__) == arguments_of_stub(
                function
            ), function.name
            calls += 1
    assert calls > 40


def run_mypy(*arguments, cache):
    environment = {
        **os.environ,
        "MYPY_CACHE_DIR": str(cache),
        "MYPYPATH": str(PACKAGE.parent),
        "PYTHONPATH": str(PACKAGE.parent),
    }
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=environment,
        cwd=cache,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_stubtest_finds_every_name_of_the_extension_module_in_the_stubs(tmp_path):
    run_mypy("mypy.stubtest", "calinvite._calinvite", "--allowlist", str(ALLOWED), cache=tmp_path)


def test_the_package_passes_the_type_checker(tmp_path):
    run_mypy("mypy", "--strict", "-p", "calinvite", cache=tmp_path)

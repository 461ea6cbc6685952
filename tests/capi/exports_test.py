"""What libcalinvite.so exports is what symbols.tsv, the version script and the headers say, and
symbols.tsv leaves out no C function, no public C++ call and no Python call."""
import re
import subprocess
import sys
import pathlib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import surface

library = pathlib.Path(sys.argv[1]) / "capi/libcalinvite.so"
rows = surface.rows()
in_c = [row for row in rows if row["C"] != "-"]
symbols = [row["C"] for row in in_c]
assert symbols == sorted(set(symbols)), "symbols.tsv is sorted, each symbol once"

nm = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True,
                    text=True)
exported = {}
for line in nm.stdout.splitlines():
    _, kind, name = line.split()
    if kind != "A":  # the node of the version script itself
        name, _, node = name.partition("@@")
        exported[name] = node.removeprefix("CALINVITE_")
since = {row["C"]: row["since"] for row in in_c}
assert exported == since, set(exported.items()) ^ set(since.items())

version_script = (surface.ROOT / "capi/calinvite.map").read_text()
listed = re.findall(r"^\s*(calinvite_\w+);", version_script, re.M)
assert sorted(listed) == symbols, set(listed) ^ set(symbols)
declared = surface.c_functions()
assert declared == symbols, set(declared) ^ set(symbols)

# A row either names a call of C++ that is there, or says why it names none.
calls = surface.cpp_calls()
named = {row["C++"] for row in rows} - {"-"}
owners = {name.removesuffix("::*") for name in named if name.endswith("::*")}
gone = {name for name in named if not name.endswith("::*")} - calls
assert not gone, f"no such C++ call: {gone}"
unused = owners - {call.rpartition("::")[0] for call in calls}
assert not unused, f"no such C++ class: {unused}"
left_out = {call for call in calls - named if call.rpartition("::")[0] not in owners}
assert not left_out, f"without a row in symbols.tsv: {left_out}"

python = surface.python_names()
for row in rows:
    name = row["Python"]
    assert name in python | {"-"}, f"Python has no {row}"
    missing = "-" in (row["C"], row["C++"]) or name == "-"
    assert not missing or row["why"] != "-", f"why is there none: {row}"
left_out = set(surface.python_calls()) - {row["Python"] for row in rows}
assert not left_out, f"without a row in symbols.tsv: {left_out}"

print(len(symbols), "symbols of C,", len(calls), "calls of C++,",
      sum(row["Python"] != "-" for row in rows), "names of Python")

"""What libcalinvite.so exports is what symbols.tsv, the version script and the header say."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).parents[2]
library = pathlib.Path(sys.argv[1]) / "capi/libcalinvite.so"

rows = [line.split("\t") for line in (root / "capi/symbols.tsv").read_text().splitlines()]
assert rows[0] == ["C", "since", "C++", "Python"], rows[0]
rows = rows[1:]
assert all(len(row) == 4 and all(row) for row in rows), rows
symbols = [row[0] for row in rows]
assert symbols == sorted(set(symbols)), "symbols.tsv is sorted, each symbol once"

nm = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True,
                    text=True)
exported = {}
for line in nm.stdout.splitlines():
    _, kind, name = line.split()
    if kind != "A":  # the node of the version script itself
        name, _, node = name.partition("@@")
        exported[name] = node.removeprefix("CALINVITE_")
assert exported == {row[0]: row[1] for row in rows}, exported

version_script = (root / "capi/calinvite.map").read_text()
listed = re.findall(r"^\s*(calinvite_\w+);", version_script, re.M)
assert sorted(listed) == symbols, set(listed) ^ set(symbols)

header = (root / "include/calinvite.h").read_text()
declared = re.findall(r"CALINVITE_API\b[^;(]*?\b(calinvite_\w+)\(", header)
assert sorted(declared) == symbols, set(declared) ^ set(symbols)

public = "".join(path.read_text() for path in (root / "include/calinvite").glob("*.hpp"))
for row in rows:
    assert row[2] == "-" or re.search(rf"\b{row[2].split('::')[-1]}\b", public), row
print(len(symbols), "symbols")

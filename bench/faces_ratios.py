"""What composing costs through the faces for C and Python, as ratios of C++ in the same run.

    faces_ratios.py BUILD [RUNS]
      BUILD  an optimised build tree with calinvite_bench_faces, calinvite_bench_faces_c and the Python module
      RUNS   of each in turn; 7 unless given. The least processor time of each counts.

    Exit status 1: one is not below what is wanted.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

WANTED = 1.10
build = Path(sys.argv[1])
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
programs = [
    [build / "calinvite_bench_faces"],
    [build / "calinvite_bench_faces_c"],
    ["/usr/bin/python3", "-B", Path(__file__).parent / "faces.py"],
]
environment = {**os.environ, "PYTHONPATH": str(build / "python")}
best = {}
for _ in range(runs):
    for program in programs:
        done = subprocess.run(program, env=environment, stdout=subprocess.PIPE, check=True)
        run = json.loads(done.stdout)
        best[run["peer"]] = min(best.get(run["peer"], run), run, key=lambda each: each["cpu_s"])

base = best["C++"]
assert len({(run["n"], run["bytes"]) for run in best.values()}) == 1, f"not the same work: {best}"
ratios = {peer: run["cpu_s"] / base["cpu_s"] for peer, run in best.items()}
for peer, run in best.items():
    met = "met" if ratios[peer] < WANTED else "NOT met"
    wanted = "" if peer == "C++" else f"  wanted below {WANTED:.2f}: {met}"
    print(f"compose through {peer:6} {1e6 * run['cpu_s'] / run['n']:7.2f} us a message "
          f"{ratios[peer]:5.2f} x C++{wanted}")
sys.exit(max(ratios.values()) >= WANTED)

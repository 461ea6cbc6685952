"""Runs calinvite_bench_million against ses-simulator and compares both counts: ends with 1 when they differ.

    million.py BUILD COUNT     BUILD holds both programs
"""

import json
import os
import signal
import subprocess
import sys
import tempfile

build, count = sys.argv[1], int(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    out = os.path.join(folder, "ses")
    store = os.path.join(folder, "store")
    os.mkdir(store)
    simulator = subprocess.Popen(
        [os.path.join(build, "examples/ses-simulator/ses-simulator"), "--out", out, "--keep", "counts", "--verify", "1",
         "--rate", "1000000", "--max-24h", "100000000", "--secret", "AKIDEXAMPLE=secret", "--max-seconds", "7200"],
        stdout=subprocess.PIPE, text=True)
    try:
        ready = json.loads(simulator.stdout.readline())
        done = subprocess.run(
            [os.path.join(build, "calinvite_bench_million"), ready["listening"], ready["ca"], str(count), "64", store])
    finally:
        simulator.send_signal(signal.SIGTERM)
        simulator.wait(timeout=60)
    with open(os.path.join(out, "counts.json"), encoding="utf-8") as file:
        counts = json.load(file)
    print("the stand-in:", json.dumps(counts))
    assert counts["accepted"] == 3 * count, "not everybody got an invitation, an update and a cancellation"
    assert counts["attempts"] == counts["message_keys"] == 3 * count, "some can't be told from others"
    assert counts["attempts_accepted_more_than_once"] == 0, "an attempt was sent twice"
    assert counts["message_keys_accepted_more_than_once"] == 0, "somebody got a message twice"
    sys.exit(done.returncode)

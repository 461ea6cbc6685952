"""The best rate of each program that composed, and how often ours is as fast.

    ratios.py RESULTS     lines of JSON with peer, s, n and bytes; others are passed over
"""

import json
import sys

rates, sizes = {}, {}
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("{"):
        run = json.loads(line)
        peer = run["peer"]
        rates[peer] = max(rates.get(peer, 0), run["n"] / run["s"])
        sizes[peer] = run["bytes"] / run["n"]
ours = rates["calinvite"]
for peer, rate in sorted(rates.items(), key=lambda item: -item[1]):
    print(f"{peer:34} {rate:9,.0f}/s  calinvite is {ours / rate:6.1f} x as fast  {sizes[peer]:6,.0f} bytes a mail")

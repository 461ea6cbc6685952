"""How we compare with what others would use, from the best run of each.

    send_ratios.py RESULTS    lines of JSON with job, peer, case, n, s and perhaps cpu_s; others are passed over
"""

import json
import sys

best = {}
for line in open(sys.argv[1], encoding="utf-8"):
    if not line.startswith("{"):
        continue
    run = json.loads(line)
    name = (run["job"], run["peer"], run["case"])
    if name not in best or run["n"] / run["s"] > best[name]["n"] / best[name]["s"]:
        best[name] = run


def rate(run):
    return run["n"] / run["s"]


def compare(job, ours, wanted):
    """Prints our rate in that case beside every other's whose case has the word."""
    mine = rate(best[(job, "calinvite", ours)])
    print(f"{job} {ours}: calinvite {mine:,.0f}/s")
    for (of, peer, case), run in sorted(best.items()):
        if of == job and peer != "calinvite" and wanted in case:
            print(f"  {peer + ' ' + case:44} {rate(run):11,.0f}/s  calinvite is {mine / rate(run):6.1f} x as fast")


compare("J3", "build+sign", "build+sign")
compare("J6", "mint", "mint")
compare("J6", "verify", "verify")

print("J4 over TLS, 64 connections, no latency: processor seconds per 1,000")
ours = best[("J4", "calinvite x64", "d0.compose+send+store")]
spent = ours["cpu_s"] / ours["n"] * 1000
print(f"  {'calinvite: composed, signed, sent, stored':44} {spent:.4f}  {rate(ours):9,.0f}/s  {ours['rss_mb']:.0f} MB")
for (job, peer, case), run in sorted(best.items()):
    if job == "J4" and not peer.startswith("calinvite"):
        per = run["cpu_s"] / run["n"] * 1000
        print(f"  {peer + ' ' + case:44} {per:.4f}  {rate(run):9,.0f}/s  calinvite takes {spent / per:5.2f} x the time")
print("J4 with 20 ms latency: share of connections / latency")
for connections in (64, 256):
    run = best[("J4", f"calinvite x{connections}", "d20.compose+send+store")]
    print(f"  {connections:3} connections: {rate(run):9,.0f}/s  {rate(run) * 0.02 / connections:.2f}")

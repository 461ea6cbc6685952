"""How we compare with what others would use, by the median of each one's runs, and which bars are met.

    send_ratios.py RESULTS [STUB]
      RESULTS  lines of JSON with job, peer, case, n, s and perhaps cpu_s and rss_mb; others are passed over
      STUB     what the stubs that took the mails printed at their end, to be held against the messages of RESULTS
"""

import json
import re
import statistics
import sys

MET = {True: "met", False: "NOT met"}
runs = {}
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("{"):
        run = json.loads(line)
        runs.setdefault((run["job"], run["peer"], run["case"]), []).append(run)


def median(name, value):
    return statistics.median(value(run) for run in runs[name])


def rate(name):
    return median(name, lambda run: run["n"] / run["s"])


def cpu(name):
    """Seconds of processor time per 1,000 messages."""
    return median(name, lambda run: run["cpu_s"] / run["n"] * 1000)


def of_peer(job, word, case):
    """The runs of a peer; the fastest of its variants."""
    return max((name for name in runs if name[0] == job and word in name[1] and case in name[2]), key=rate)


def compare(job, case):
    """Prints our rate in that case beside every other's."""
    ours = rate((job, "calinvite", case))
    print(f"{job} {case}: calinvite {ours:,.0f}/s")
    for name in sorted(runs):
        if name[0] == job and name[1] != "calinvite" and case in name[2]:
            print(f"  {name[1] + ' ' + name[2]:52} {rate(name):11,.0f}/s  calinvite is {ours / rate(name):6.1f} x as fast")


def bar(what, value, least=None, most=None):
    met = value >= least if least is not None else value <= most
    wanted = f">= {least}" if least is not None else f"<= {most}"
    print(f"  {what:52} {value:7.2f}  {wanted:8} {MET[met]}")


def count_arrivals(path):
    """Whether the stubs got as many requests as there were messages, each answered with an id of its own. They keep
    no ids of ours: one message lost and another doubled would look the same. bench/million.py counts those."""
    with open(path, encoding="utf-8") as file:
        totals = [dict(re.findall(r"(\w+)=(\d+)", line)) for line in file if line.startswith("stub: ")]
    requests, unsigned, throttled = (sum(int(each[name]) for each in totals)
                                     for name in ("requests", "unsigned", "throttled"))
    messages = others = 0
    for (job, peer, _), each in runs.items():
        if job != "J4":
            continue
        messages += sum(run["n"] for run in each)
        if peer.startswith("calinvite"):
            others += len(each)  # each run asks once what the account allows
        else:
            others += len(each) * 2 * int(re.search(r" x(\d+)", peer)[1])  # others warm their connections up
    fits = requests == messages + others and unsigned == throttled == 0 and messages > 0
    print(f"the stubs counted {requests:,} requests, each answered with an id of its own, for {messages:,} messages and "
          f"{others:,} other requests; {unsigned} unsigned, {throttled} throttled: "
          + ("each counts once" if fits else "THEY DO NOT FIT"))
    return fits


for job, case in (("J3", "build+sign"), ("J6", "mint"), ("J6", "verify")):
    compare(job, case)
print("J4 over TLS, no latency: processor seconds per 1,000")
sent = ("J4", "calinvite x64", "d0.compose+send+store")
for name in sorted(name for name in runs if name[0] == "J4" and name[2].startswith("d0.")):
    print(f"  {name[1] + ' ' + name[2]:52} {cpu(name):.4f}  {rate(name):9,.0f}/s  "
          f"calinvite takes {cpu(sent) / cpu(name):5.2f} x the time")

print("bars")
for peer, least in (("smithy", 7), ("botocore", 12)):
    bar(f"J3 build+sign, times {peer}",
        rate(("J3", "calinvite", "build+sign")) / rate(of_peer("J3", peer, "build+sign")), least=least)
for case in ("mint", "verify"):
    for peer, least in (("naive-c++", 5), ("libjwt", 8)):
        bar(f"J6 {case}, times {peer}", rate(("J6", "calinvite", case)) / rate(of_peer("J6", peer, case)), least=least)
socket = next(name for name in runs if name[0] == "J4" and name[1].startswith("libcurl") and name[2].endswith(".socket"))
bar("J4 processor time, times libcurl's with socket actions", cpu(sent) / cpu(socket), most=2.0)
for peer in ("boto3", "aws-sdk-js"):
    bar(f"J4 rate, times {peer}", rate(sent) / rate(of_peer("J4", peer, "compose+send")), least=34)
ours = [name for name in runs if name[0] == "J4" and name[1].startswith("calinvite")]
bar("J4 MB resident, the most of all runs", max(run["rss_mb"] for name in ours for run in runs[name]), most=64)
for connections, least in ((64, 0.93), (256, 0.85)):
    reached = rate(("J4", f"calinvite x{connections}", "d20.compose+send+store")) * 0.02 / connections
    bar(f"J4 20 ms latency, share of {connections} connections / latency", reached, least=least)
if len(sys.argv) > 2 and not count_arrivals(sys.argv[2]):
    sys.exit(1)

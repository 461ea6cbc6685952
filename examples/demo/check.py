"""Holds calinvite's reports against what the SES stand-in counted on its own.

usage: check.py OUT DERBY FINAL   (CALINVITE_STORE names the store)
"""
import csv
import io
import json
import subprocess
import sys

out, derby, final = sys.argv[1:]
failures = []


def calinvite(*arguments):
    run = subprocess.run(["calinvite", *arguments], check=True, capture_output=True, text=True)
    return run.stdout


def expect(what, ours, theirs):
    print(f"{'ok  ' if ours == theirs else 'FAIL'} {what}: {ours}" + ("" if ours == theirs else f", not {theirs}"))
    if ours != theirs:
        failures.append(what)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def sends(uid, method):
    """What the stand-in accepted of one copy, oldest first."""
    return [m for m in by_uid.get(uid, []) if m["method"] == method]


def last_answer(row):
    """The word the report must show: the answer to the newest revision that the person was sent."""
    words = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
    newest = sends(row["uid"], "REQUEST")[-1]
    return words[newest["reply"]["partstat"]] if newest["reply"] else "noaction"


with open(f"{out}/ses/ledger.json") as file:
    ledger = json.load(file)
by_uid = {}
for messages in ledger["addresses"].values():
    for message in messages:
        by_uid.setdefault(message["uid"], []).append(message)

report = {event: rows(calinvite("report", event, "--format", "csv")) for event in (derby, final)}
statistics, totals = map(json.loads, calinvite("report", "--json").splitlines()[:2])
everyone = report[derby] + report[final]

print("the outbox")
planned = totals.pop("planned")
expect("planned is the sum of the rest (I1)", planned, sum(totals.values()))
expect("nothing waits", totals["pending"] + totals["claimed"] + totals["held"], 0)
notices = [json.loads(line) for line in calinvite("--json", "notices").splitlines()]
expect("accepted by SES, notices with it", totals["accepted"] + sum(n["state"] == "accepted" for n in notices),
       ledger["totals"]["accepted"])
expect("in doubt", totals["in_doubt"], 0)
expect("attempts that the stand-in saw twice", 0, ledger["totals"]["attempts_seen_more_than_once"])
expect("revisions that anyone got twice", 0, ledger["totals"]["message_keys_seen_more_than_once"])

print("every copy")
expect("invited and sent a first copy", sum(1 for r in everyone if len(sends(r["uid"], "REQUEST")) >= 1), 1300)
expect("copies whose answer differs from the stand-in's", [r["email"] for r in report[derby]
       if r["status"] != last_answer(r)], [])
expect("copies whose delivery differs from the stand-in's", [r["email"] for r in everyone
       if r["delivery"] != by_uid[r["uid"]][-1]["outcome"]], [])

print("the change")
with open(f"{out}/derby-before-update.csv") as file:
    before = list(csv.DictReader(file))
owed = {r["email"] for r in before if r["status"] != "declined" and r["delivery"] == "delivered"}
got = {r["email"] for r in report[derby] if len(sends(r["uid"], "REQUEST")) == 2}
expect("holders who did not decline and were sent the update", len(got & owed), len(owed))
expect("others who were sent it", len(got - owed), 0)
expect("SEQUENCE of the update", {s["sequence"] for r in report[derby] for s in sends(r["uid"], "REQUEST")[1:]}, {1})

print("the cancel")
holders = {r["email"] for r in report[final] if r["delivery"] == "delivered" and r["status"] != "declined"}
cancelled = {r["email"] for r in report[final] if len(sends(r["uid"], "CANCEL")) == 1}
expect("holders who were sent it", len(cancelled), len(holders))
expect("others who were sent it", len(cancelled - holders), 0)

print("the notices")
expect("what the organizer was told", [n["kind"] for n in notices], ["created", "changed", "cancelled"])
expect("mails to the organizer", len(ledger["addresses"]["fixtures@league.example"]), len(notices))

print("the statistics")
count = lambda word: sum(1 for r in everyone if r["status"] == word and r["delivery"] == "delivered")
expect("rsvp", statistics["rsvp"], {w: count(w) for w in ("accepted", "declined", "noaction", "tentative")})
delivery = {}
for row in everyone:
    outcome = by_uid[row["uid"]][-1]["outcome"]
    delivery[outcome] = delivery.get(outcome, 0) + 1
expect("delivery", statistics["delivery"], dict(sorted(delivery.items())))
expect("attendees", statistics["attendees"], sum(1 for r in everyone if r["delivery"] == "delivered"))

if failures:
    sys.exit(f"{len(failures)} figures disagree")
print("every figure agrees with the stand-in's count")

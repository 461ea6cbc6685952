"""Compares our expansion of random recurrence rules with python3-dateutil.

Three shapes are left out because dateutil reads them in its own way: BYDAY with both plain and
counted weekdays, BYSETPOS in weekly rules (it cuts the first week at the start), and BYWEEKNO
without BYDAY.

usage: recurrence_oracle.py RRULE_DUMP
"""

import random
import subprocess
import sys
import warnings
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

RULES = 1000
LIMIT = 20
HORIZON = timedelta(days=3653)
WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]


def some(source, values, most):
    return ",".join(map(str, source.sample(values, source.randint(1, most))))


def random_rule(source):
    def chance(p):
        return source.random() < p

    frequency = source.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    yearly = frequency == "YEARLY"
    by = []
    if chance(0.3):
        by.append("BYMONTH=" + some(source, range(1, 13), 3))
    if frequency != "WEEKLY" and chance(0.35):
        by.append("BYMONTHDAY=" + some(source, [*range(1, 32), *range(-31, 0)], 4))
    if yearly and chance(0.15):
        by.append("BYYEARDAY=" + some(source, [*range(1, 367), *range(-366, 0)], 5))
    week_number = yearly and chance(0.2)
    if week_number:
        by.append("BYWEEKNO=" + some(source, range(2, 52), 4))
    if week_number or chance(0.5):
        counted = not week_number and frequency in ("MONTHLY", "YEARLY") and chance(0.6)
        days = source.sample(WEEKDAYS, source.randint(1, 3))
        counts = [1, 2, 3, 4, 5, -1, -2]
        by.append("BYDAY=" +
                  ",".join((str(source.choice(counts)) if counted else "") + day for day in days))
    if chance(0.2):
        by.append("BYHOUR=" + some(source, range(24), 4))
    if chance(0.15):
        by.append("BYMINUTE=" + some(source, range(60), 3))
    if chance(0.1):
        by.append("BYSECOND=" + some(source, range(60), 3))
    if by and frequency != "WEEKLY" and chance(0.3):
        # Days without that many instances would keep dateutil busy for minutes.
        places = [1, -1] if frequency == "DAILY" else [1, 2, 3, 7, 366, -1, -2, -9]
        by.append("BYSETPOS=" + some(source, places, 3 if len(places) > 2 else 1))
    parts = ["FREQ=" + frequency] + by
    if chance(0.5):
        parts.append("INTERVAL=" + str(source.choice([1, 2, 3, 4, 7, 12])))
    if chance(0.3):
        parts.append("WKST=" + source.choice(WEEKDAYS))
    if chance(0.3):
        parts.append("COUNT=" + str(source.randint(1, 30)))
    return ";".join(parts)


def expected(start, rule):
    instances = []
    # Without an end of its own dateutil would look up to the year 9999.
    for instance in rrulestr(rule, dtstart=start).replace(until=start + HORIZON):
        instances.append(instance.strftime("%Y%m%dT%H%M%S"))
        if len(instances) == LIMIT:
            break
    return instances


def main():
    warnings.simplefilter("ignore")  # COUNT with the until above
    source = random.Random(20270328)
    questions = []
    for _ in range(RULES):
        start = datetime(2000, 1, 1) + timedelta(days=source.randrange(20000),
                                                 seconds=source.randrange(86400))
        questions.append((start, random_rule(source)))
    lines = "".join(f"{start:%Y%m%dT%H%M%S} {rule}\n" for start, rule in questions)
    output = subprocess.run([sys.argv[1]], input=lines, text=True, stdout=subprocess.PIPE,
                            check=True).stdout.split("\n")
    wrong = 0
    for (start, rule), line in zip(questions, output):
        theirs = expected(start, rule)
        if theirs != line.split():
            wrong += 1
            print(f"{start} {rule}\n  dateutil {theirs}\n  ours {line}")
    print(f"{RULES} rules, {wrong} differences")
    return 1 if wrong else 0


sys.exit(main())

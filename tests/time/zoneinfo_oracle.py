"""Compares our reading of every zone with Python's zoneinfo (PEP 615, PEP 495 with fold=0).

usage: zoneinfo_oracle.py ZONE_DUMP
"""

import random
import struct
import subprocess
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

DIRECTORY = "/usr/share/zoneinfo"
FIRST = 0  # 1970-01-01
LAST = 4102444800  # 2100-01-01
WEEK = 7 * 86400
EPOCH = datetime(1970, 1, 1)
RANDOM_INSTANTS = 200


def offset_at(zone, instant):
    return (EPOCH + timedelta(seconds=instant)).replace(tzinfo=timezone.utc).astimezone(
        zone).utcoffset().total_seconds()


def instant_of(zone, wall):
    return wall - (EPOCH + timedelta(seconds=wall)).replace(tzinfo=zone,
                                                            fold=0).utcoffset().total_seconds()


def switches_in_file(name):
    with open(f"{DIRECTORY}/{name}", "rb") as file:
        data = file.read()
    counts = struct.unpack(">6l", data[20:44])

    def block(counts, size):
        isut, isstd, leap, time, kinds, chars = counts
        return time * (size + 1) + kinds * 6 + chars + leap * (size + 4) + isstd + isut

    second = 44 + block(counts, 4)
    times = struct.unpack(">6l", data[second + 20:second + 44])[3]
    return struct.unpack(f">{times}q", data[second + 44:second + 44 + 8 * times])


def switches_by_search(zone, start):
    """What the footer says has no table: look every week, then halve."""
    found = []
    before = offset_at(zone, start)
    for instant in range(start, LAST, WEEK):
        after = offset_at(zone, instant)
        if after != before:
            low, high = instant - WEEK, instant
            while high - low > 1:
                middle = (low + high) // 2
                if offset_at(zone, middle) == before:
                    low = middle
                else:
                    high = middle
            found.append(high)
        before = after
    return found


def questions(name, zone, source):
    explicit = [t for t in switches_in_file(name) if FIRST <= t < LAST]
    footer_from = max(explicit, default=FIRST) + 1
    switches = explicit + switches_by_search(zone, footer_from)
    for _ in range(RANDOM_INSTANTS):
        instant = source.randrange(FIRST, LAST)
        yield "u", instant
        yield "l", instant
    for switch in switches:
        yield from (("u", switch + d) for d in (-1, 0, 1))
        for side in (-1, 0):
            wall = int(switch + offset_at(zone, switch + side))
            yield from (("l", wall + d) for d in (-3600, -1800, -1, 0, 1, 1800, 3600))


def main():
    zoneinfo.reset_tzpath(to=[DIRECTORY])
    # "localtime" is this machine's setting, not a zone.
    names = sorted(zoneinfo.available_timezones() - {"localtime"})
    source = random.Random(20270328)
    lines = []
    expected = []
    for name in names:
        zone = zoneinfo.ZoneInfo(name)
        lines.append(f"zone {name}")
        for kind, seconds in questions(name, zone, source):
            lines.append(f"{kind} {seconds}")
            answer = offset_at(zone, seconds) if kind == "u" else instant_of(zone, seconds)
            expected.append((name, kind, seconds, int(answer)))
    output = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", text=True,
                            stdout=subprocess.PIPE, check=True).stdout.split()
    assert len(output) == len(expected), (len(output), len(expected))
    wrong = [(e, int(o)) for e, o in zip(expected, output) if e[3] != int(o)]
    print(f"{len(names)} zones, {len(expected)} questions, {len(wrong)} differences")
    for (name, kind, seconds, answer), ours in wrong[:20]:
        print(f"{name} {kind} {seconds}: zoneinfo {answer}, ours {ours}")
    return 1 if wrong or len(names) < 400 else 0


sys.exit(main())

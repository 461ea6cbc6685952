"""Reads the mails of compose_random with Python's email package and python3-icalendar, and compares
every field with what the model says. Instants are computed once more, from pytz's own zones.

    read_random.py FOLDER
"""

import concurrent.futures
import datetime
import email
import email.header
import email.policy
import email.utils
import json
import os
import pathlib
import sys
import urllib.parse

import icalendar

UTC = datetime.timezone.utc


def as_instant(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(dt, params):
    """A time as the model says it, and the zone that it was written in."""
    if not isinstance(dt, datetime.datetime):
        return {"wall": dt.isoformat()}, ""
    return {"wall": dt.strftime("%Y-%m-%dT%H:%M:%S"), "instant": as_instant(dt)}, params.get(
        "TZID", "UTC")


def read_times(event):
    """Every time of the event; they must agree on their zone."""
    found, zones = {}, set()
    for field, name in (("start", "DTSTART"), ("end", "DTEND"), ("recurrence_id", "RECURRENCE-ID")):
        found[field] = None
        if name in event:
            found[field], zone = time_of(event[name].dt, event[name].params)
            zones.add(zone)
    lists = event.get("EXDATE", [])
    found["exdates"] = []
    for dates in lists if isinstance(lists, list) else [lists]:
        for date in dates.dts:
            moment, zone = time_of(date.dt, dates.params)
            found["exdates"].append(moment)
            zones.add(zone)
    (found["zone"],) = zones
    return found


def read_calendar(content):
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert not calendar.errors and not event.errors, (calendar.errors, event.errors)
    rule = event["RRULE"].to_ical().decode() if "RRULE" in event else ""
    attendee = event["ATTENDEE"]
    address = lambda person: urllib.parse.unquote(str(person).removeprefix("mailto:"))
    return read_times(event) | {
        "method": calendar["METHOD"],
        "sequence": event["SEQUENCE"],
        "dtstamp": as_instant(event["DTSTAMP"].dt),
        "rrule": sorted(rule.split(";")),
        "organizer": address(event["ORGANIZER"]),
        "organizer_cn": event["ORGANIZER"].params.get("CN", ""),
        "attendee": address(attendee),
        "attendee_cn": attendee.params["CN"],
        "partstat": attendee.params["PARTSTAT"],
        "rsvp": attendee.params.get("RSVP", "FALSE") == "TRUE",
        "all_day": not isinstance(event["DTSTART"].dt, datetime.datetime),
    } | {
        field: str(event.get(field.upper(), ""))
        for field in ("uid", "status", "summary", "location", "description", "url")
    }


def mailbox(header):
    """Name and address. Python 3.11's addresses of messages keep the blank between encoded words,
    against RFC 2047 6.2; the functions of old do not."""
    name, address = email.utils.parseaddr(header.replace("\r\n", ""))
    return str(email.header.make_header(email.header.decode_header(name))), address


def read_mail(message):
    parts = list(message.walk())
    raw = dict(message.raw_items())
    (from_name, sender), (to_name, recipient) = mailbox(raw["From"]), mailbox(raw["To"])
    assert mailbox(raw["Reply-To"]) == (from_name, sender), "Reply-To"
    assert parts[4].get_payload(decode=True) == parts[5].get_payload(decode=True), "attachment"
    assert parts[4].get_param("method") == parts[4].get_payload(decode=True).split(
        b"METHOD:")[1].split(b"\r\n")[0].decode(), "method"
    bare = lambda header: str(message[header] or "").strip("<>")
    return {
        "from": sender,
        "from_name": from_name,
        "to": recipient,
        "to_name": to_name,
        "subject": str(message["Subject"]),
        "language": message["Content-Language"],
        "message_id": bare("Message-ID"),
        "references": bare("References"),
        "unsubscribe": bare("List-Unsubscribe"),
        "types": [part.get_content_type() for part in parts],
    } | read_calendar(parts[4].get_payload(decode=True))


def check_texts(message, expected):
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert expected["summary"] in plain, "summary is not in the plain text"
    for answer in ("accepted", "tentative", "declined"):
        link = f"{expected['rsvp_link']}?answer={answer}"
        asked = expected["rsvp_link"] != ""
        assert (link in plain) == asked and (f'href="{link}"' in html) == asked, "RSVP links"


def check(raw, expected):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    found = read_mail(message)
    wanted = expected | {"rrule": sorted(expected["rrule"].split(";"))}
    wanted["exdates"] = sorted(wanted["exdates"], key=lambda time: time["wall"])
    if expected["or_utc"] and found["zone"] == "UTC":
        wanted["zone"] = "UTC"
        for time in (found, wanted):
            for field in ("start", "end", "recurrence_id"):
                time[field] = time[field] and time[field]["instant"]
    for field, value in found.items():
        assert value == wanted[field], f"{field} is {value!r}, expected {wanted[field]!r}"
    check_texts(message, expected)


def check_some(folder, first, step):
    """Every step-th mail; the number of those read."""
    count = 0
    with open(folder / "mails", "rb") as mails, open(folder / "expected.jsonl", "rb") as lines:
        for number, line in enumerate(lines):
            if number % step != first:
                continue
            expected = json.loads(line)
            mails.seek(expected["at"])
            try:
                check(mails.read(expected["size"]), expected)
            except Exception as error:
                raise AssertionError(f"mail {number}: {error!r}") from error
            count += 1
    return count


def main(folder):
    workers = os.cpu_count() or 1
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        counts = pool.map(check_some, [folder] * workers, range(workers), [workers] * workers)
        count = sum(counts)
    assert count > 0
    print(f"email and icalendar agree with the model on {count} mails")


main(pathlib.Path(sys.argv[1]))

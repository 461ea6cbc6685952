"""Parses composed mails with Python's email package and python3-icalendar, and compares every
field with expected.json. Instants are computed once more, by zoneinfo.

    read_with_python.py FOLDER     the samples of compose_samples
"""

import datetime
import email
import email.policy
import json
import pathlib
import sys
import zoneinfo

import icalendar

UTC = datetime.timezone.utc


def same(name, field, found, expected):
    assert found == expected, f"{name}: {field} is {found!r}, expected {expected!r}"


def wall_time(expected):
    """A date, or an aware time that zoneinfo made of wall clock and zone."""
    if "zone" not in expected:
        return datetime.date.fromisoformat(expected["wall"])
    zone = zoneinfo.ZoneInfo(expected["zone"])
    return datetime.datetime.fromisoformat(expected["wall"]).replace(tzinfo=zone)


def check_time(name, field, prop, expected):
    """`prop` is a vDDDTypes; its TZID says how it was written."""
    found = prop.dt
    wanted = wall_time(expected)
    if "zone" not in expected:
        same(name, field, found, wanted)
        return
    same(name, field + " wall", found.replace(tzinfo=None), wanted.replace(tzinfo=None))
    same(name, field + " zone", prop.params.get("TZID", "UTC"), expected["zone"])
    same(name, field, found.astimezone(UTC), wanted.astimezone(UTC))
    same(name, field + " instant", wanted.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
         expected["instant"])


def exdates_of(event):
    value = event.get("EXDATE", [])
    lists = value if isinstance(value, list) else [value]
    return [entry for group in lists for entry in group.dts]


def check_calendar(name, content, expected):
    calendar = icalendar.Calendar.from_ical(content)
    same(name, "errors", calendar.errors, [])
    same(name, "method", calendar["METHOD"], expected["method"])
    events = calendar.walk("VEVENT")
    same(name, "events", len(events), 1)
    event = events[0]
    same(name, "errors", event.errors, [])
    for field in ("uid", "status", "summary", "location", "url"):
        same(name, field, str(event[field]), expected[field])
    same(name, "sequence", event["SEQUENCE"], expected["sequence"])
    same(name, "dtstamp", event["DTSTAMP"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"), expected["dtstamp"])
    assert str(event["DESCRIPTION"]).startswith(expected["description_begins"]), name
    check_time(name, "DTSTART", event["DTSTART"], expected["start"])
    check_time(name, "DTEND", event["DTEND"], expected["end"])
    same(name, "recurs", "RECURRENCE-ID" in event, "recurrence_id" in expected)
    if "recurrence_id" in expected:
        check_time(name, "RECURRENCE-ID", event["RECURRENCE-ID"], expected["recurrence_id"])
    rule = event["RRULE"].to_ical().decode() if "RRULE" in event else ""
    same(name, "rrule", sorted(rule.split(";")), sorted(expected["rrule"].split(";")))
    exdates = [entry.dt.astimezone(UTC) for entry in exdates_of(event)]
    same(name, "exdates", exdates, [wall_time(e).astimezone(UTC) for e in expected["exdates"]])
    same(name, "conference", str(event.get("CONFERENCE", "")), expected["conference"])
    same(name, "transp", str(event.get("TRANSP", "")), expected["transp"])
    same(name, "reminder", [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")],
         [datetime.timedelta(minutes=-expected["reminder"])] if expected["reminder"] >= 0 else [])
    check_people(name, event, expected)
    return event


def check_people(name, event, expected):
    for role in ("organizer", "attendee"):
        person = event[role]
        same(name, role, str(person), "mailto:" + expected[role])
        # A double quote can't be said in a parameter (R50).
        same(name, role + " CN", person.params["CN"], expected[role + "_name"].replace('"', "'"))
    attendee = event["ATTENDEE"].params
    same(name, "partstat", attendee["PARTSTAT"], expected["partstat"])
    asks = expected["method"] == "REQUEST" and expected["partstat"] == "NEEDS-ACTION"
    same(name, "rsvp", attendee.get("RSVP", "FALSE") == "TRUE", asks)


def check_mail(name, message, expected):
    calendar, mail = expected["calendar"], expected["mail"]
    (sender,) = message["From"].addresses
    (recipient,) = message["To"].addresses
    same(name, "From", sender.addr_spec, calendar["organizer"])
    same(name, "From name", sender.display_name, calendar["organizer_name"])
    same(name, "To", recipient.addr_spec, calendar["attendee"])
    same(name, "To name", recipient.display_name, calendar["attendee_name"])
    if "subject" in mail:
        same(name, "Subject", str(message["Subject"]), mail["subject"])
    assert str(message["Subject"]).endswith(mail["subject_ends"]), name
    same(name, "Content-Language", message["Content-Language"], mail["language"])
    same(name, "List-Unsubscribe", message["List-Unsubscribe"], f"<{mail['unsubscribe']}>")
    first = f"<{mail['first_message_id']}>" if mail["first_message_id"] else None
    same(name, "References", message["References"], first)
    same(name, "In-Reply-To", message["In-Reply-To"], first)


def check_texts(name, message, event, expected):
    """What every reader sees stands in both texts (R10), and the RSVP link in all three (R58)."""
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    calendar, rsvp = expected["calendar"], expected["mail"]["rsvp"]
    for words in (calendar["summary"], calendar["location"], calendar["organizer_name"]):
        assert words in plain, f"{name}: {words} is not in the plain text"
    for answer in ("accepted", "tentative", "declined"):
        link = f"{rsvp}?answer={answer}"
        same(name, "link in plain", link in plain, bool(rsvp))
        same(name, "link in HTML", f'href="{link}" ses:no-track' in html, bool(rsvp))
    same(name, "link in DESCRIPTION", rsvp in str(event["DESCRIPTION"]), True)
    if not rsvp:
        for text in (plain, html, str(event["DESCRIPTION"])):
            assert "/r/" not in text, f"{name}: R84: an RSVP link in a CANCEL"


def main(folder):
    samples = json.loads((folder / "expected.json").read_bytes())
    assert samples
    for sample in samples:
        name = sample["file"]
        raw = (folder / name).read_bytes()
        message = email.message_from_bytes(raw, policy=email.policy.default)
        part = next(p for p in message.walk() if p.get_content_type() == "text/calendar")
        check_mail(name, message, sample)
        event = check_calendar(name, part.get_payload(decode=True), sample["calendar"])
        check_texts(name, message, event, sample)
    print(f"{len(samples)} mails read back by email and icalendar with equal fields")


main(pathlib.Path(sys.argv[1]))

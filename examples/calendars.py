# Reads a calendar file with a series, lists its dates, and writes the copy of one attendee.
# (A calendar.py would hide Python's own module of that name from the examples beside it.)
from datetime import datetime, timezone

import calinvite

TRAINING = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Club//EN\r\nMETHOD:PUBLISH\r\n"
    "BEGIN:VEVENT\r\nUID:training@club.example\r\nDTSTAMP:20370101T120000Z\r\n"
    "DTSTART;TZID=Europe/Berlin:20370319T183000\r\nDTEND;TZID=Europe/Berlin:20370319T200000\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE;TZID=Europe/Berlin:20370402T183000\r\n"
    "SUMMARY:Training\r\nLOCATION:Hall 2\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:training@club.example\r\nDTSTAMP:20370101T120000Z\r\n"
    "RECURRENCE-ID;TZID=Europe/Berlin:20370409T183000\r\n"
    "DTSTART;TZID=Europe/Berlin:20370410T190000\r\nDTEND;TZID=Europe/Berlin:20370410T203000\r\n"
    "SUMMARY:Training\\, a day later\r\nLOCATION:Hall 1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)

calendar = calinvite.parse_calendar(TRAINING, source="training.ics")
series = calendar.events[0].event
assert calendar.method
zone = getattr(series.start, "tzinfo", None)  # none of a date, which lasts all day
print(f"{calendar.method.value}: {series.summary}, {series.start:%FT%T} {zone}, {series.rrule}")

# The dates that end after the one and start before the other.
since = datetime(2037, 3, 20, tzinfo=timezone.utc)
until = datetime(2037, 12, 31, tzinfo=timezone.utc)
for each in calinvite.list_occurrences(TRAINING, since=since, until=until):
    shown = each.event.event
    print(f"{each.start:%FT%TZ} {shown.summary}, {shown.location}")

text = calinvite.write_calendar(
    series,
    uid="ci-0123456789abcdef0123456789abcdef",
    organizer_address="cal+mfrggzdfmztwq2lk@reply.club.example",
    attendee_address="ana@example.net",
    attendee_name="Ana",
    dtstamp=since,
)
read = calinvite.parse_calendar(text)
(attendee,) = read.events[0].attendees
assert read.method
print(f"{read.method.value} for {attendee.name} <{attendee.address}>, {attendee.partstat.value}")

# What is no calendar is an error that says where.
try:
    calinvite.parse_calendar("BEGIN:VCARD\r\n", source="card.ics")
except calinvite.InvalidInputError as error:
    print(f"{error.code.name.lower()}: {error.message}")

# It prints calendar.out, as those in C and C++ do.

"""Calendars, events lists and address lists become values, and what is wrong with them errors."""

import io
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

import calinvite
from calinvite import EventCommand, InvalidInputError, InviteRequest, Method, Partstat
from conftest import DATA


def test_the_version_is_that_of_the_build():
    assert calinvite.version() == calinvite.__version__
    assert [part.isdigit() for part in calinvite.version().split(".")] == [True] * 3


def test_a_request_becomes_events():
    calendar = calinvite.parse_calendar(
        (DATA / "ical/google_request.ics").read_bytes(), source="google_request.ics"
    )

    assert calendar.method is Method.REQUEST
    assert calendar.prodid == "-//Google Inc//Google Calendar 70.9054//EN"
    assert calendar.refused == []
    (parsed,) = calendar.events
    assert parsed.has_start
    assert isinstance(parsed.event.start.tzinfo, ZoneInfo)
    assert parsed.event.end > parsed.event.start
    assert parsed.event.source_dtstamp.tzinfo is timezone.utc
    assert parsed.event.created is None
    assert "@" in parsed.attendees[0].address


def test_changed_instances_of_a_series_are_entries_of_their_own():
    text = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//league.example//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:1@league.example
DTSTAMP:20270301T120000Z
SUMMARY:Training
DTSTART;TZID=Europe/Berlin:20270322T190000
DURATION:PT1H
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Berlin:20270405T190000
END:VEVENT
BEGIN:VEVENT
UID:1@league.example
DTSTAMP:20270301T120000Z
SUMMARY:Training
RECURRENCE-ID:20270329T170000Z
DTSTART;TZID=Europe/Berlin:20270330T190000
DURATION:PT1H
END:VEVENT
END:VCALENDAR
"""

    series, changed = calinvite.parse_calendar(text).events

    assert series.occurrence is None
    assert series.event.rrule == "FREQ=WEEKLY;COUNT=4"
    assert series.event.exdates == [datetime(2027, 4, 5, 19, tzinfo=ZoneInfo("Europe/Berlin"))]
    assert (
        changed.occurrence
        == changed.recurrence_instant
        == datetime(2027, 3, 29, 17, tzinfo=timezone.utc)
    )
    assert str(changed.occurrence.tzinfo) == "Europe/Berlin"


def test_a_cancelled_day_has_dates():
    (parsed,) = calinvite.parse_calendar((DATA / "ical/cancel_all_day.ics").read_bytes()).events

    assert parsed.event.all_day
    assert type(parsed.event.start) is date


def test_further_dates_conferences_and_delegates_are_shown():
    text = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@league.example\r\n"
        "DTSTART;TZID=Europe/Berlin:20270601T100000\r\n"
        "RDATE;VALUE=PERIOD:20270602T080000Z/PT1H\r\nCATEGORIES:Cup\r\n"
        "CONFERENCE;FEATURE=VIDEO;LABEL=Talk:https://talk.example/\r\n"
        'ATTENDEE;DELEGATED-TO="mailto:fan0002@example.com":mailto:fan0001@example.com\r\n'
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    (parsed,) = calinvite.parse_calendar(text).events

    (further,) = parsed.rdates
    assert further.start == datetime(2027, 6, 2, 8, tzinfo=timezone.utc)
    assert further.end - further.start == timedelta(hours=1)
    assert parsed.categories == ["Cup"]
    assert [each.features for each in parsed.conferences] == [["VIDEO"]]
    assert parsed.attendees[0].delegated_to == ["fan0002@example.com"]
    assert not parsed.floating


def test_a_reply_says_who_answered():
    calendar = calinvite.parse_calendar((DATA / "ical/outlook_reply.ics").read_bytes())

    assert calendar.method is Method.REPLY
    assert [attendee.partstat for attendee in calendar.events[0].attendees] != [
        Partstat.NEEDS_ACTION
    ]


def test_what_is_no_calendar_says_where():
    with pytest.raises(InvalidInputError):
        calinvite.parse_calendar(b"Dear all,\r\nsee you on Saturday.\r\n", source="mail.txt")
    with pytest.raises(calinvite.TooLargeError) as caught:
        calinvite.parse_calendar(
            "BEGIN:VCALENDAR\r\nX-LONG:" + "x" * 100_000 + "\r\nEND:VCALENDAR\r\n", source="big.ics"
        )
    assert caught.value.place.source == "big.ics"
    assert caught.value.place.line == 2
    assert str(caught.value).startswith("big.ics:2: ")


def test_an_event_that_cannot_be_read_is_refused_alone():
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//league.example//EN\r\nMETHOD:PUBLISH\r\n"
        "BEGIN:VEVENT\r\nUID:1@league.example\r\nDTSTAMP:20270301T120000Z\r\nSUMMARY:Good\r\n"
        "DTSTART:20270328T130000Z\r\nDTEND:20270328T150000Z\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2@league.example\r\nDTSTAMP:20270301T120000Z\r\nSUMMARY:Bad\r\n"
        "DTSTART:20270230T130000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    calendar = calinvite.parse_calendar(text, source="two.ics")

    assert [parsed.event.summary for parsed in calendar.events] == ["Good"]
    assert calendar.events[0].event.start == datetime(2027, 3, 28, 13, tzinfo=timezone.utc)
    (refused,) = calendar.refused
    assert isinstance(refused, calinvite.Error)
    assert refused.place.source == "two.ics"


def test_an_events_list_is_read_row_by_row():
    with (DATA / "csv/league.csv").open("rb") as file:
        rows = list(calinvite.read_event_list(file, source="league.csv"))

    assert {row.command for row in rows} == set(EventCommand)
    again = calinvite.read_event_list((DATA / "csv/league.csv").read_bytes())
    assert list(again) == rows
    assert next(again, None) is None
    assert again.errors == []


def test_bad_rows_of_an_events_list_are_told_with_line_and_column():
    text = """uid,summary,start,end,timezone
1,A,2027-03-06T20:00,2027-03-06T22:00,Europe/Berlin
2,B,soon,,
3,C,2027-03-07,,
"""

    reading = calinvite.read_event_list(text.encode(), source="two.csv")
    rows = list(reading)

    assert [row.event.source_uid for row in rows] == ["1", "3"]
    assert [type(row.event.start) for row in rows] == [datetime, date]
    (error,) = reading.errors
    assert (error.place.source, error.place.line, error.place.column) == ("two.csv", 3, 3)


def test_rows_without_a_zone_take_the_one_given():
    text = b"summary,start,end\nA,2027-03-06T20:00,2027-03-06T22:00\n"

    (row,) = calinvite.read_event_list(text, timezone="Asia/Tokyo")
    without = calinvite.read_event_list(text)

    assert row.event.start == datetime(2027, 3, 6, 11, tzinfo=timezone.utc)
    assert list(without) == []
    assert len(without.errors) == 1


def test_a_list_without_the_needed_columns_is_none():
    reading = calinvite.read_event_list(io.BytesIO(b"first,last\na,b\n"), source="people.csv")

    with pytest.raises(InvalidInputError, match="people.csv"):
        next(reading)


def test_a_file_that_fails_and_a_text_file_say_so_themselves():
    class Broken:
        def read(self, size):
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        next(calinvite.read_event_list(Broken()))
    with pytest.raises(TypeError):
        next(calinvite.read_event_list(io.StringIO("summary,start\n")))


def test_an_address_list_gives_each_address_once():
    text = (
        "# fans\nFan 0001 <Fan0001@Example.net>\nfan0002@example.net\nnobody\nfan0001@example.net\n"
    )

    reading = calinvite.read_address_list(text.encode(), source="fans.txt")

    assert [row.request for row in reading] == [
        InviteRequest("fan0001@example.net", "Fan 0001"),
        InviteRequest("fan0002@example.net"),
    ]
    assert [error.place.line for error in reading.errors] == [4, 5]
    with pytest.raises(InvalidInputError):
        calinvite.read_address_list("name,phone\na,1\n")

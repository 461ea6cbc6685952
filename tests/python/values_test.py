"""Values cross into the library and come back the same."""

import copy
import dataclasses
import pickle
import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

import calinvite
from calinvite import EventStatus, InvalidArgumentError, Override, Scope
from conftest import LEAGUE, OFFICE, ROOT, match_at

BERLIN = ZoneInfo("Europe/Berlin")


def enums_of_the_headers():
    text = "".join(path.read_text() for path in sorted((ROOT / "include/calinvite").glob("*.hpp")))
    text = re.sub(r"//.*", "", text).replace("enum class Verdict", "enum class ReplyVerdict")
    for name, members in re.findall(r"enum class (\w+)(?: : [\w:]+)? \{(.*?)\}", text, re.S):
        yield name, re.findall(r"\w+", re.sub(r"= \d+", "", members))


def test_enums_have_the_members_of_the_headers_in_their_order():
    found = dict(enums_of_the_headers())
    words = vars(calinvite._words)
    ours = [
        name
        for name, each in words.items()
        if isinstance(each, type) and each.__module__ == "calinvite._words"
    ]

    assert len(ours) == 30
    for name in ours:
        assert [member.name.lower() for member in words[name]] == found[name], name


def test_dataclasses_have_the_members_of_the_structs():
    text = "".join(path.read_text() for path in sorted((ROOT / "include/calinvite").glob("*.hpp")))
    structs = dict(re.findall(r"^struct (\w+) \{(.*?)^\};", text, re.S | re.M))
    renamed = {
        "Domain": {"from": "from_address"},
        "OutgoingMessage": {"from": "from_address"},
        "OutgoingMail": {"from": "from_mailbox"},
        "ParsedMail": {"from": "from_mailboxes"},
        "ReturnedMail": {"from": "from_address"},
    }
    left_out = {
        "Event": {"timezone", "all_day"},  # told by start
        "SendOutcome": {"attempt_id"},  # that of the message
    }
    added = {"ParsedMail": {"calendars", "reply_text"}}  # functions in C++
    for module in (calinvite._values, calinvite._records, calinvite._mail):
        for name, each in vars(module).items():
            if getattr(each, "__module__", "") != module.__name__ or not dataclasses.is_dataclass(each):
                continue
            if name in ("Scope", "AwsOptions"):  # a class, and what two structs have in common
                continue
            body = re.sub(r"enum class.*?\};", "", structs[name], flags=re.S)
            body = re.sub(r"//.*|friend .*|.*\) const;", "", body)
            body = re.sub(r"<.*>|\{[^}]*\}|= [^,;]*", "", body)
            members = re.findall(r"(\w+)\s*(?=[,;])", body)
            expected = {renamed.get(name, {}).get(member, member) for member in members}
            expected = expected - left_out.get(name, set()) | added.get(name, set())
            assert {field.name for field in dataclasses.fields(each)} == expected, name


def stored(engine, event):
    return engine.get_event(LEAGUE, engine.create_event(LEAGUE, event).uid)


def test_an_event_comes_back_as_it_was_stored(engine):
    start = datetime(2027, 3, 6, 20, tzinfo=BERLIN)
    event = match_at(
        start,
        source_uid="row 1",
        description="Doors: 19:00\nBring <ID> & scarf",
        location="Harbour Ground 🏟",
        url="https://league.example/1",
        conference="https://meet.example/1",
        reminder=timedelta(minutes=90),
        transparent=True,
        wants_answers=False,
        counters_allowed=False,
        language="de",
        rrule="FREQ=WEEKLY;COUNT=5",
        exdates=[datetime(2027, 3, 20, 20, tzinfo=BERLIN)],
        overrides=[
            Override(
                occurrence=datetime(2027, 3, 27, 20, tzinfo=BERLIN),
                start=datetime(2027, 3, 28, 20, tzinfo=BERLIN),
                end=datetime(2027, 3, 28, 22, tzinfo=BERLIN),
                summary="Harbour v Hill, moved",
                conference="https://meet.example/moved",
            ),
            Override(occurrence=datetime(2027, 4, 3, 20, tzinfo=BERLIN), cancelled=True),
        ],
        invite_limit=7,
        listed=True,
    )

    back = stored(engine, event)

    assert back.uid.startswith("ci-")
    assert (back.created, back.changed) == (datetime(2027, 3, 1, 12, tzinfo=timezone.utc),) * 2
    given = {
        "uid": back.uid,
        "created": back.created,
        "changed": back.changed,
        "source_organizer": back.source_organizer,
    }
    assert back == dataclasses.replace(event, **given)
    assert (back.timezone, back.all_day) == ("Europe/Berlin", False)
    assert back.start.utcoffset() == timedelta(hours=1)
    assert back.overrides[0].start.utcoffset() == timedelta(hours=2)


def test_dates_make_an_all_day_event(engine):
    back = stored(engine, match_at(date(2027, 5, 8), end=date(2027, 5, 10)))

    assert (back.start, back.end) == (date(2027, 5, 8), date(2027, 5, 10))
    assert back.all_day
    assert back.timezone == ""
    with pytest.raises(InvalidArgumentError, match="not a date, as the start is"):
        engine.create_event(
            LEAGUE, match_at(date(2027, 5, 8), end=datetime(2027, 5, 9, tzinfo=BERLIN))
        )


def test_utc_is_a_zone_like_others(engine):
    back = stored(engine, match_at(datetime(2027, 5, 8, 15, tzinfo=timezone.utc)))

    assert back.timezone == "UTC"
    assert back.start == datetime(2027, 5, 8, 15, tzinfo=timezone.utc)


def test_other_times_of_an_event_are_converted_into_the_zone_of_its_start(engine):
    end = datetime(2027, 5, 8, 12, tzinfo=ZoneInfo("America/New_York"))

    back = stored(engine, match_at(datetime(2027, 5, 8, 15, tzinfo=BERLIN), end=end))

    assert back.end == end
    assert str(back.end.tzinfo) == "Europe/Berlin"


def test_a_time_that_says_no_zone_is_refused(engine):
    for start in datetime(2027, 5, 8, 15), datetime(
        2027, 5, 8, 15, tzinfo=timezone(timedelta(hours=1))
    ):
        with pytest.raises(InvalidArgumentError) as caught:
            engine.create_event(LEAGUE, match_at(start))
        assert caught.value.place.field == "start"
    with pytest.raises(TypeError, match="Event.start"):
        engine.create_event(
            LEAGUE,
            match_at(date(2027, 5, 8)).__class__(
                summary="x", start="2027-05-08", end="", organizer=OFFICE
            ),
        )


def test_the_second_pass_of_an_hour_is_refused_and_the_first_is_kept(engine):
    first = datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN)

    back = stored(engine, match_at(first))

    assert back.start.astimezone(timezone.utc) == datetime(2027, 10, 31, 0, 30, tzinfo=timezone.utc)
    with pytest.raises(InvalidArgumentError, match="second pass"):
        engine.create_event(LEAGUE, match_at(first.replace(fold=1)))
    late = datetime(
        2027, 10, 31, 1, 30, tzinfo=timezone.utc
    )  # 02:30 in Berlin, for the second time
    with pytest.raises(InvalidArgumentError, match="second pass"):
        engine.create_event(LEAGUE, match_at(first, end=late))
    harmless = match_at(datetime(2027, 5, 8, 15, fold=1, tzinfo=BERLIN))
    assert stored(engine, harmless).start.hour == 15


def test_what_python_cannot_say_in_utf8_is_refused(engine):
    with pytest.raises(TypeError, match="Event.summary"):
        engine.create_event(
            LEAGUE, match_at(date(2027, 5, 8), end=date(2027, 5, 9), summary="half a \ud83c flag")
        )


def test_values_copy_compare_pickle_and_print(engine, match):
    twin = copy.deepcopy(match)

    assert twin == match == pickle.loads(pickle.dumps(match))
    twin.exdates.append(match.start)
    assert twin != match
    assert "Harbour v Hill" in repr(match)
    assert EventStatus.CONFIRMED is match.status
    with pytest.raises(AttributeError):
        match.sumary = "a slip of the pen"


def test_secrets_do_not_print():
    keys = calinvite.AwsCredentials(
        access_key_id="AKIDEXAMPLE", secret_access_key="s3cr3t", session_token="t0k3n"
    )

    assert repr(keys) == "AwsCredentials(access_key_id='AKIDEXAMPLE')"
    assert "secret" not in repr(calinvite.TokenKey(1, bytes(32)))


def test_no_scope_grows_by_an_empty_name():
    assert Scope.organizer("league", OFFICE) == Scope("league", OFFICE)
    for make in (
        lambda: Scope.domain(""),
        lambda: Scope.organizer("league", ""),
        lambda: Scope.organizer("", OFFICE),
    ):
        with pytest.raises(InvalidArgumentError):
            make()

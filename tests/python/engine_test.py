"""The main job from Python, on a real store: ingest, invite, dispatch, change, answer, report."""

import csv
import email
import email.policy
import io
import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

import calinvite
from calinvite import (
    ButtonPreset,
    EventStatus,
    IngestOutcome,
    InviteRequest,
    OutboxState,
    Partstat,
    ReceiptKind,
    ReportFormat,
    Scope,
    When,
)
from conftest import DATA, LEAGUE, NOW, OFFICE, accept, add_league, fans, match_at, open_engine

LONDON = ZoneInfo("Europe/London")


def dispatch(engine):
    """The mails that left, by address."""
    mails = {}

    def send(message):
        mails[message.to] = email.message_from_bytes(message.bytes, policy=email.policy.default)
        return accept(message)

    engine.dispatch(calinvite.make_callback_transport(send))
    return mails


def calendar_of(mail):
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return calinvite.parse_calendar(part.get_payload(decode=True))


def reply_to(mail, answer, comment=""):
    """What a calendar client sends back."""
    (parsed,) = calendar_of(mail).events
    to = email.utils.parseaddr(mail["From"])[1]
    attendee = parsed.attendees[0].address
    return f"""From: {attendee}
To: {to}
Subject: An answer
MIME-Version: 1.0
Content-Type: text/calendar; method=REPLY; charset=UTF-8

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//client.example//EN
METHOD:REPLY
BEGIN:VEVENT
UID:{parsed.event.source_uid}
SEQUENCE:{parsed.event.source_sequence}
DTSTAMP:20270301T080000Z
ORGANIZER:mailto:{to}
ATTENDEE;PARTSTAT={answer}:mailto:{attendee}
COMMENT:{comment}
END:VEVENT
END:VCALENDAR
""".replace(
        "\n", "\r\n"
    )


def test_the_main_job(engine):
    items = engine.ingest(
        (DATA / "csv/league.csv").read_bytes(),
        source="league.csv",
        sent_by=OFFICE,
        timezone="Europe/London",
    )
    created = [item for item in items if item.outcome is IngestOutcome.CREATED]
    assert created
    again = engine.ingest(
        (DATA / "csv/league.csv").read_bytes(),
        source="league.csv",
        sent_by=OFFICE,
        timezone="Europe/London",
    )
    assert IngestOutcome.CREATED not in {item.outcome for item in again}
    uid = created[0].event

    plan = engine.plan_invites(LEAGUE, uid, fans(3))
    assert (plan.event, plan.invite, plan.skip) == (uid, 3, {})
    assert engine.totals(LEAGUE).planned == 0
    engine.invite(
        LEAGUE,
        uid,
        [InviteRequest("Fan0001@Example.net", "Fan 0001", "de"), "Fan 0002 <fan0002@example.net>"],
    )
    plan = engine.invite(LEAGUE, uid, fans(3), origin="webform")
    assert (plan.invite, plan.skip) == (1, {"already_invited": 2})

    mails = dispatch(engine)
    assert sorted(mails) == fans(3)
    assert calendar_of(mails["fan0001@example.net"]).method is calinvite.Method.REQUEST
    totals = engine.totals(LEAGUE)
    assert (totals.planned, totals.accepted) == (3, 3)

    (item,) = engine.ingest(
        reply_to(mails["fan0001@example.net"], "ACCEPTED", "With two friends"), source="reply.eml"
    )
    assert (item.outcome, item.event) == (IngestOutcome.REPLIED, uid)
    by_address = {attendee.address: attendee for attendee in engine.list_attendees(LEAGUE, uid)}
    first = by_address["fan0001@example.net"]
    assert (first.name, first.language, first.origin) == ("Fan 0001", "de", "api")
    assert (first.partstat, first.channel, first.comment) == (
        Partstat.ACCEPTED,
        "mail",
        "With two friends",
    )
    assert first.answer_dtstamp == datetime(2027, 3, 1, 8, tzinfo=timezone.utc)
    assert len(first.id) == 16
    third = by_address["fan0003@example.net"]
    assert (third.partstat, third.origin, third.answer_dtstamp) == (
        Partstat.NEEDS_ACTION,
        "webform",
        None,
    )

    statistics = engine.statistics(LEAGUE, uid)
    assert statistics["attendees"] == 3
    assert statistics["rsvp"] == {"accepted": 1, "declined": 0, "noaction": 2, "tentative": 0}
    assert statistics["prodid"] == {"-//client.example//EN": 1}
    rows = list(csv.DictReader(io.StringIO(engine.report(LEAGUE, uid))))
    assert list(rows[0])[:5] == ["email", "name", "status", "origin", "prodid"]
    assert {row["email"]: row["status"] for row in rows}["fan0001@example.net"] == "accepted"
    assert (
        json.loads(engine.report(LEAGUE, uid, format=ReportFormat.JSON).splitlines()[0])
        == statistics
    )
    assert "3 accepted" in engine.report(LEAGUE, format=ReportFormat.TABLE)
    kinds = [
        receipt.kind
        for receipt in engine.list_receipts(LEAGUE, uid)
        if receipt.address == "fan0001@example.net"
    ]
    assert kinds == [ReceiptKind.QUEUED, ReceiptKind.ACCEPTED, ReceiptKind.REPLIED]


def test_a_message_is_previewed_without_inviting_anybody(engine, match):
    message = engine.preview(LEAGUE, match.uid, "fan0001@example.net")
    assert message.to == "fan0001@example.net"
    assert b"method=REQUEST" in message.bytes
    assert list(engine.list_attendees(LEAGUE, match.uid)) == []
    with pytest.raises(calinvite.NotFoundError):
        engine.preview(LEAGUE, "ev-none", "fan0001@example.net")


def test_everybodys_calendar_follows_a_change(engine, match):
    engine.invite(LEAGUE, match.uid, fans(2))
    dispatch(engine)
    engine.rsvp(engine.rsvp_token(LEAGUE, match.uid, "fan0002@example.net"), Partstat.DECLINED)

    moved = replace(match, start=match.start + timedelta(days=1), end=match.end + timedelta(days=1))
    cost = engine.preview_update(LEAGUE, moved)
    assert (cost.update, cost.skip) == (1, {"declined": 1})
    assert engine.preview_update(LEAGUE, moved, include_declined=True).update == 2
    assert engine.update_event(LEAGUE, moved) == cost
    with pytest.raises(calinvite.ConflictError):
        engine.update_event(LEAGUE, replace(match, summary="Too late"))

    mails = dispatch(engine)
    assert list(mails) == ["fan0001@example.net"]
    (parsed,) = calendar_of(mails["fan0001@example.net"]).events
    assert (parsed.event.start, parsed.event.source_sequence) == (moved.start, 1)

    engine.uninvite(LEAGUE, match.uid, "fan0001@example.net")
    assert calendar_of(dispatch(engine)["fan0001@example.net"]).method is calinvite.Method.CANCEL
    engine.cancel_event(LEAGUE, match.uid)
    assert engine.get_event(LEAGUE, match.uid).status is EventStatus.CANCELLED
    with pytest.raises(calinvite.ConflictError):
        engine.invite(LEAGUE, match.uid, fans(3))


def test_events_are_listed_page_after_page(engine):
    start = datetime(2027, 2, 1, 15, tzinfo=LONDON)
    for day in range(60):
        engine.create_event(LEAGUE, match_at(start + timedelta(days=day), summary=f"Round matchday{day}"))

    assert len(list(engine.list_events(LEAGUE))) == 60
    future = list(engine.list_events(LEAGUE, when=When.FUTURE))
    assert 0 < len(future) < 60
    assert all(row.event.end > NOW for row in future)
    assert [row.event.summary for row in engine.list_events(LEAGUE, search="round matchday59")] == [
        "Round matchday59"
    ]
    assert list(engine.list_events(LEAGUE, organizer="nobody@league.example")) == []
    assert len(list(engine.list_events(LEAGUE, changed_within=timedelta(days=1)))) == 60


def test_a_long_list_of_attendees_is_walked_to_its_end(engine, match):
    engine.update_event(LEAGUE, replace(match, invite_limit=0))
    engine.invite(LEAGUE, match.uid, fans(1203))

    walk = engine.list_attendees(LEAGUE, match.uid)
    addresses = [attendee.address for attendee in walk]

    assert sorted(addresses) == fans(1203)
    assert next(walk, None) is None
    assert len(list(engine.list_outbox(LEAGUE, OutboxState.PENDING, match.uid))) == 1203


def test_a_list_that_one_thread_is_fetching_is_refused_to_another(tmp_path):
    fetching, fetch_on, first = threading.Event(), threading.Event(), []
    slow = []

    def clock():
        if slow:
            fetching.set()
            fetch_on.wait(5)
        return NOW

    with open_engine(tmp_path, clock=clock) as engine:
        add_league(engine)
        for number in range(3):
            engine.create_event(LEAGUE, match_at(datetime(2027, 5, 8 + number, 15, tzinfo=LONDON)))
        slow.append(True)
        events = engine.list_events(LEAGUE, when=When.FUTURE)
        thread = threading.Thread(target=lambda: first.append(next(events)))
        thread.start()
        assert fetching.wait(20)
        try:
            with pytest.raises(ValueError, match="already executing"):
                next(events)
        finally:
            fetch_on.set()
            thread.join(20)

        assert [summary.event.start.day for summary in [*first, *events]] == [8, 9, 10]


def test_what_nobody_vouches_for_is_quarantined(engine):
    mail = (
        "From: fixtures@league.example\r\nTo: create@reply.league.example\r\nSubject: Match\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/calendar; method=REQUEST\r\n\r\n"
        + (DATA / "ical/google_request.ics").read_text()
    )

    (item,) = engine.ingest(mail, source="match.eml")

    assert item.outcome is IngestOutcome.QUARANTINED
    assert item.reason
    (held,) = engine.list_quarantine(LEAGUE)
    assert held.raw == b""
    assert engine.get_quarantined(LEAGUE, held.id).raw == mail.encode()
    assert held.time == NOW
    engine.drop_quarantined(LEAGUE, held.id)
    with pytest.raises(calinvite.NotFoundError):
        engine.get_quarantined(LEAGUE, held.id)


def test_a_button_carries_the_vendors_merge_tags(engine, match):
    assert "*|EMAIL|*" in engine.button(LEAGUE, match.uid, ButtonPreset.MAILCHIMP)
    with pytest.raises(calinvite.UnauthenticatedError):
        engine.rsvp("AQEAAQAA", Partstat.ACCEPTED)


def test_a_scope_hides_what_is_outside(engine, match):
    other = Scope.organizer("league", "someone@else.example")

    with pytest.raises(calinvite.NotFoundError):
        engine.get_event(other, match.uid)
    assert list(engine.list_events(other)) == []
    assert [organizer.address for organizer in engine.list_organizers(LEAGUE)] == [OFFICE]
    assert [domain.name for domain in engine.list_domains()] == ["league"]


def test_a_suspended_organizer_may_not_send(engine):
    engine.suspend_organizer(LEAGUE, OFFICE)

    assert engine.list_organizers(LEAGUE)[0].state is calinvite.OrganizerState.SUSPENDED
    with pytest.raises(calinvite.Error):
        engine.create_event(LEAGUE, match_at(datetime(2027, 5, 8, 15, tzinfo=LONDON)))


def test_a_request_that_is_no_address_invites_nobody(engine, match):
    for wrong in ([*fans(2), "ana@"], [InviteRequest("ana@")]):
        with pytest.raises(calinvite.InvalidInputError, match="ana@"):
            engine.invite(LEAGUE, match.uid, wrong)
    with pytest.raises(TypeError, match="a request can't be of type int"):
        engine.invite(LEAGUE, match.uid, [7])
    assert engine.totals(LEAGUE).planned == 0


def test_a_closed_engine_refuses_calls_and_another_reads_what_it_stored(tmp_path):
    with open_engine(tmp_path) as engine:
        add_league(engine)
    with pytest.raises(calinvite.InvalidArgumentError, match="closed"):
        engine.list_domains()
    engine.close()

    with open_engine(tmp_path) as engine:
        assert [domain.base_url for domain in engine.list_domains()] == [
            "https://cal.league.example"
        ]


def test_the_clock_and_the_random_source_are_ours_to_give(tmp_path):
    asked = []

    def random(count):
        asked.append(count)
        return bytes(count)

    with open_engine(tmp_path, random=random) as engine:
        add_league(engine)
        event = engine.create_event(LEAGUE, match_at(datetime(2027, 5, 8, 15, tzinfo=LONDON)))

    assert event.uid == f"ci-{int(NOW.timestamp()):08x}" + "0" * 24
    assert event.created == NOW
    assert sum(asked) >= 32 + 12


def test_a_domains_settings_change_later(engine):
    domain = engine.list_domains()[0]
    domain.description_limit = 700

    assert engine.update_domain(domain).description_limit == 700
    assert engine.list_domains()[0].description_limit == 700
    domain.separator = "-"
    with pytest.raises(calinvite.ConflictError, match="calendars know organizers"):
        engine.update_domain(domain)


def test_a_clock_or_random_source_that_raises_comes_out_of_the_call(tmp_path):
    def broken(*args):
        raise ZeroDivisionError("the clock stopped")

    with open_engine(tmp_path, random=broken) as engine:
        with pytest.raises(ZeroDivisionError, match="the clock stopped"):
            add_league(engine)
    for answer, error in ((b"short", ValueError), ("text", ValueError), (None, TypeError)):
        with open_engine(tmp_path / "..", random=lambda count: answer) as engine:
            with pytest.raises(error):
                engine.add_domain(
                    calinvite.Domain(
                        name="x",
                        from_address="a@x.example",
                        reply_domain="x.example",
                        base_url="https://x.example",
                    )
                )
        (tmp_path / "../league.db").unlink()
    with open_engine(tmp_path, clock=lambda: datetime(2027, 3, 1)) as engine:
        with pytest.raises(calinvite.InvalidArgumentError, match="naive"):
            list(engine.list_events(LEAGUE))
        assert [domain.name for domain in engine.list_domains()] == [
            "league"
        ], "what raised had taken effect"

"""People from Python: the links they are sent, what is known of them, and how it is forgotten."""

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest

import calinvite
from calinvite import (
    BucketSize,
    ButtonPreset,
    ConflictError,
    ConsentGiven,
    Domain,
    Evidence,
    ForbiddenError,
    InviteRequest,
    NotFoundError,
    OutboxState,
    PageState,
    Partstat,
    Scope,
    Suppression,
    SuppressionScope,
    TokenPurpose,
    UnauthenticatedError,
    WebRequest,
    make_callback_transport,
)
from conftest import LEAGUE, NOW, OFFICE, accept, add_league, fans, match_at, open_engine

ANA = "ana@example.net"


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def engine(tmp_path, clock):
    with open_engine(tmp_path, clock=clock) as engine:
        add_league(engine)
        yield engine


@pytest.fixture
def token(engine, match):
    engine.invite(LEAGUE, match.uid, [ANA])
    return engine.rsvp_token(LEAGUE, match.uid, ANA)


def get(engine, path, query=""):
    return calinvite.respond(engine, WebRequest(method="GET", path=path, query=query))


def hidden_fields(page):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_pages_answer_by_the_link_of_a_mail(engine, match, token, clock):
    path = calinvite.rsvp_link("", token)

    page = get(engine, path, "answer=accepted")

    assert page.status == 200
    assert b"Harbour v Hill" in page.body
    assert engine.statistics(LEAGUE, match.uid)["rsvp"]["accepted"] == 0
    form = {"answer": "accepted", **hidden_fields(page.body.decode())}
    clock.now += timedelta(seconds=10)
    done = calinvite.respond(
        engine,
        WebRequest(
            method="POST",
            path=path,
            headers=[("Content-Type", "application/x-www-form-urlencoded")],
            body=urlencode(form).encode(),
        ),
    )
    assert done.status in (200, 303)
    assert engine.statistics(LEAGUE, match.uid)["rsvp"]["accepted"] == 1
    assert get(engine, "/no/such/page").status == 404


def test_the_page_of_a_link_is_told_and_gives_its_calendar(engine, match, token):
    page = engine.find_rsvp(token)

    assert (page.state, page.attendee.address) == (PageState.OPEN, ANA)
    assert page.event.summary == match.summary
    (event,) = calinvite.parse_calendar(engine.calendar_file(page)).events
    assert event.event.source_uid == page.attendee.uid
    assert engine.find_event_page(match.uid).attendee is None
    with pytest.raises(UnauthenticatedError):
        engine.find_rsvp("A" * 54)
    with pytest.raises(NotFoundError):
        engine.find_event_page("ci-another")


def test_a_nonce_tells_from_which_page_a_form_comes(engine, token, clock):
    nonce = engine.issue_nonce(token, TokenPurpose.RSVP, sequence=3)
    clock.now += timedelta(seconds=40)

    check = engine.check_nonce(token, nonce)

    assert (check.age, check.sequence) == (timedelta(seconds=40), 3)
    with pytest.raises(UnauthenticatedError):
        engine.check_nonce(token, token)
    with pytest.raises(UnauthenticatedError):
        engine.issue_nonce(token, TokenPurpose.UNSUBSCRIBE)


def test_visits_stand_in_the_history_with_what_they_prove(engine, match, token, clock):
    engine.record_visit(token, TokenPurpose.RSVP, "declined", head=True)
    clock.now += timedelta(minutes=5)
    engine.record_visit(token, TokenPurpose.RSVP, "accepted", agent="Mozilla/5.0 Firefox/128.0")

    history = list(engine.list_history(LEAGUE, match.uid, ANA))

    assert [(item.receipt.kind.value, item.evidence) for item in history] == [
        ("queued", Evidence.VERIFIED),
        ("clicked", Evidence.AUTOMATED),
        ("clicked", Evidence.UNVERIFIED),
    ]
    (bucket,) = engine.list_receipt_buckets(LEAGUE, match.uid, size=BucketSize.HOUR)
    assert (bucket.start, bucket.counts) == (NOW, {"queued": 1, "clicked": 2})
    with pytest.raises(calinvite.InvalidArgumentError):
        engine.record_visit(token, TokenPurpose.RSVP, "perhaps")


def test_a_button_invites_whoever_presses_it(engine, match):
    html = engine.button(LEAGUE, match.uid, ButtonPreset.MAILCHIMP)
    token = re.search(r"([\w-]{54})", html)

    page = engine.find_button(match.uid, token.group(1))

    assert page.state is PageState.OPEN
    assert engine.press_button(match.uid, token.group(1), InviteRequest(ANA), network="192.0.2.0")
    assert not engine.press_button(match.uid, token.group(1), InviteRequest(ANA))
    capped = calinvite.ButtonCaps(network=1)
    (attendee,) = engine.list_attendees(LEAGUE, match.uid)
    assert attendee.address == ANA
    assert not engine.press_button(
        match.uid, token.group(1), InviteRequest("b@example.net"), network="192.0.2.0", caps=capped
    )


def test_whoever_is_suppressed_is_sent_nothing(engine, match):
    engine.invite(LEAGUE, match.uid, fans(3))

    assert engine.add_suppression(LEAGUE, Suppression(address=fans(3)[0], reason="asked by phone"))
    assert not engine.add_suppression(LEAGUE, Suppression(address=fans(3)[0]))
    result = engine.dispatch(make_callback_transport(accept))

    assert (result.accepted, result.totals.suppressed) == (2, 1)
    (row,) = engine.list_suppressions(LEAGUE, fans(3)[0])
    assert (row.domain, row.reason, row.time) == ("league", "asked by phone", NOW)
    assert list(engine.list_suppressions(LEAGUE, "nobody@example.net")) == []
    engine.remove_suppression(LEAGUE, Suppression(domain="league", address=fans(3)[0]))
    with pytest.raises(NotFoundError):
        engine.remove_suppression(LEAGUE, Suppression(domain="league", address=fans(3)[0]))


def test_suppressions_go_out_and_come_in_as_a_list(engine, tmp_path):
    errors = []

    done = engine.import_suppressions(
        LEAGUE,
        b"email,reason\na@example.net,bounced\nno address,x\nb@example.net,\n",
        source="list.csv",
        on_error=errors.append,
    )

    assert (done.added, done.known, done.bad) == (2, 0, 1)
    (error,) = errors
    assert (error.place.source, error.place.line) == ("list.csv", 3)
    exported = engine.export_suppressions(LEAGUE)
    assert len(exported.splitlines()) == 3
    (tmp_path / "list.csv").write_text(exported)
    with open(tmp_path / "list.csv", "rb") as file:
        assert engine.import_suppressions(LEAGUE, file).known == 2
    with pytest.raises(calinvite.InvalidInputError):
        engine.import_suppressions(LEAGUE, "reason,time\nx,y\n")
    with pytest.raises(ZeroDivisionError):
        engine.import_suppressions(LEAGUE, "email\nno address\n", on_error=lambda error: 1 / 0)


def test_consent_is_kept_until_it_is_withdrawn(engine, match):
    given = ConsentGiven(source="form 7", time=NOW - timedelta(days=1), text="Mail me fixtures.")
    engine.invite(LEAGUE, match.uid, [InviteRequest(ANA, consent=given)])

    (consent,) = engine.list_consents(LEAGUE, ANA)

    assert (consent.source, consent.time, consent.text) == ("form 7", given.time, given.text)
    assert consent.withdrawn is None


def unsubscribe_token_of(engine, event):
    message = engine.preview(LEAGUE, event, ANA).bytes.decode()
    return re.search(r"List-Unsubscribe: <https://cal.league.example/\w+/([\w-]{54})", message)[1]


def test_a_person_unsubscribes_and_comes_back(engine, match, token):
    mine = unsubscribe_token_of(engine, match.uid)

    view = engine.find_unsubscribe(mine)
    engine.unsubscribe(mine, SuppressionScope.DOMAIN)

    assert (view.domain, view.event, view.domain_unsubscribed) == ("league", match.uid, False)
    assert engine.find_unsubscribe(mine).domain_unsubscribed
    (row,) = engine.list_suppressions(LEAGUE, ANA)
    assert row.reason == "unsubscribed"
    engine.resubscribe(mine, SuppressionScope.DOMAIN)
    assert not engine.find_unsubscribe(mine).domain_unsubscribed


def test_an_erased_person_is_nowhere_any_more(engine, match, token):
    engine.rsvp(token, Partstat.ACCEPTED, comment="It's me, Ana")

    erasure = engine.erase(LEAGUE, ANA, compact=False)
    engine.compact()

    assert (erasure.attendees, erasure.suppressed) == (1, 1)
    (attendee,) = engine.list_attendees(LEAGUE, match.uid)
    assert attendee.address.endswith("@erased.invalid")
    assert attendee.comment == ""
    assert list(engine.search(LEAGUE, ANA)) == []
    with pytest.raises(ConflictError):
        engine.erase(LEAGUE, OFFICE)
    with pytest.raises(ForbiddenError):
        engine.erase(Scope.organizer("league", OFFICE), ANA)


def test_people_are_found_by_their_words(engine, match):
    engine.invite(LEAGUE, match.uid, ["Ana Example <ana@example.net>"])

    hits = list(engine.search(LEAGUE, "ana"))

    assert [(hit.address, hit.name, hit.summary) for hit in hits] == [
        (ANA, "Ana Example", match.summary)
    ]
    assert hits[0].start == match.start.replace(tzinfo=None)


def test_a_domain_registers_whoever_presses_the_button_of_their_mail(engine):
    sender = "new@example.org"
    mail = (
        f"From: {sender}\r\nTo: cal@reply.league.example\r\nSubject: Hello\r\n"
        "Message-ID: <m1@example.org>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/calendar; method=REQUEST; charset=UTF-8\r\n\r\n"
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
        "UID:u1@example.org\r\nDTSTAMP:20270301T100000Z\r\nDTSTART:20270601T100000Z\r\n"
        f"DTEND:20270601T110000Z\r\nSUMMARY:Kick-off\r\nORGANIZER:mailto:{sender}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    engine.ingest(mail, sender=sender)
    mails = []
    engine.dispatch(make_callback_transport(lambda message: mails.append(message) or accept(message)))
    (message,) = mails
    token = re.search(r"https://cal\.league\.example/\w+/([\w-]{54})", message.bytes.decode())[1]

    page = engine.find_registration(token)
    landed = []
    organizer = engine.confirm_registration(token, on_item=landed.append)

    assert (page.domain, page.address, page.waiting) == ("league", sender, 1)
    assert organizer.address == sender
    assert [item.outcome for item in landed] == [calinvite.IngestOutcome.CREATED]


def test_a_held_change_waits_for_the_go_ahead(engine, tmp_path):
    domain = engine.list_domains()[0]
    engine.update_domain(replace(domain, approval=True))
    rows = "uid,summary,start,end,timezone\nm1,Harbour v Hill,2027-05-08T15:00,2027-05-08T17:00,UTC\n"
    (created,) = engine.ingest(rows, sender=OFFICE, kind=calinvite.InputKind.EVENT_LIST)
    engine.invite(LEAGUE, created.event, [ANA])
    engine.dispatch(make_callback_transport(accept))
    (held,) = engine.ingest(
        rows.replace("T15:00", "T14:00"), sender=OFFICE, kind=calinvite.InputKind.EVENT_LIST
    )

    assert held.outcome is calinvite.IngestOutcome.HELD
    approval = engine.find_held_change(LEAGUE, created.event)
    assert (approval.before.start.hour, approval.after.start.hour) == (15, 14)
    (change,) = engine.list_held_changes(LEAGUE)
    assert (change.event.uid, change.time) == (created.event, NOW)
    assert engine.approve_change(LEAGUE, created.event).update == 1
    assert engine.get_event(LEAGUE, created.event).start.hour == 14
    assert engine.find_held_change(LEAGUE, created.event) is None
    with pytest.raises(ConflictError):
        engine.drop_held_change(LEAGUE, created.event)


def test_keys_of_links_turn_over(engine, token):
    old = engine.list_keys(LEAGUE)[0]

    new = engine.rotate_key(LEAGUE)

    assert [(key.id, key.signs) for key in engine.list_keys(LEAGUE)] == [
        (old.id, False),
        (new.id, True),
    ]
    assert engine.find_rsvp(token)
    with pytest.raises(ConflictError):
        engine.withdraw_key(LEAGUE, new.id)
    engine.withdraw_key(LEAGUE, old.id)
    with pytest.raises(UnauthenticatedError):
        engine.find_rsvp(token)


def test_an_api_key_opens_its_scope_until_it_is_revoked(engine):
    office = Scope.organizer("league", OFFICE)

    made = engine.add_api_key(LEAGUE, "the shop", office)

    assert engine.authenticate_key(made.key) == office
    (listed,) = engine.list_api_keys(LEAGUE)
    assert (listed.id, listed.scope, listed.label) == (made.entry.id, office, "the shop")
    engine.revoke_api_key(LEAGUE, made.entry.id)
    with pytest.raises(UnauthenticatedError):
        engine.authenticate_key(made.key)
    assert made.key not in repr(made)

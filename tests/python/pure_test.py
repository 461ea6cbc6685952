"""What Python programs do without a store: calendars, the rules of iTIP, mails, notifications."""

import dataclasses
import email
import email.policy
import io
import json
import threading
from collections import deque
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

import calinvite
from calinvite import (
    Attendee,
    Composer,
    CopyFields,
    Event,
    EventStatus,
    InvalidInputError,
    Mailbox,
    Method,
    NotFoundError,
    OutgoingMail,
    Override,
    Partstat,
    ReceiptKind,
    Reply,
    ReplyVerdict,
    SesVerdict,
    Severity,
    SnsTrust,
    TransferEncoding,
    UnsupportedError,
)

BERLIN = ZoneInfo("Europe/Berlin")
THEN = datetime(2036, 7, 18, 13, 20, tzinfo=timezone.utc)
FIRST = datetime(2037, 3, 28, 15, 30, tzinfo=BERLIN)


def series(**fields):
    return Event(
        uid="ci-event",
        organizer="fixtures@league.example",
        summary="Rovers v United",
        start=FIRST,
        end=FIRST.replace(hour=17, minute=15),
        rrule="FREQ=WEEKLY;COUNT=5",
        exdates=[datetime(2037, 4, 11, 15, 30, tzinfo=BERLIN)],
        overrides=[
            Override(
                occurrence=datetime(2037, 4, 4, 15, 30, tzinfo=BERLIN),
                start=datetime(2037, 4, 4, 18, 0, tzinfo=BERLIN),
                end=datetime(2037, 4, 4, 19, 45, tzinfo=BERLIN),
                summary="Rovers v United, evening",
            )
        ],
        **fields,
    )


def copy_for(address, **fields):
    fields.setdefault("dtstamp", THEN)
    return CopyFields(
        uid=f"ci-{address}",
        organizer_address="cal+abc@reply.league.example",
        address=address,
        attempt_id=f"attempt-{address.split('@')[0]}",
        rsvp_token="A" * 54,
        unsubscribe_token="B" * 54,
        **fields,
    )


def write(event, **fields):
    return calinvite.write_calendar(
        event,
        uid="ci-copy",
        organizer_address="cal+abc@reply.league.example",
        attendee_address="ana@example.net",
        attendee_name="Ana",
        dtstamp=THEN,
        **fields,
    )


def test_the_library_tells_what_it_is_made_of():
    assert "store:sqlite" in calinvite.features()
    assert calinvite.dependencies()["SQLite"].startswith("3.")


def test_what_is_written_is_read():
    text = write(series())

    (read,) = calinvite.parse_calendar(text).events
    assert (read.event.source_uid, read.event.rrule) == ("ci-copy", "FREQ=WEEKLY;COUNT=5")
    assert read.event.exdates == series().exdates
    assert (read.attendees[0].name, read.attendees[0].partstat) == ("Ana", Partstat.NEEDS_ACTION)
    (moved,) = calinvite.parse_calendar(
        write(series(), occurrence=datetime(2037, 4, 4, 15, 30, tzinfo=BERLIN))
    ).events
    assert moved.event.summary == "Rovers v United, evening"
    with pytest.raises(calinvite.InvalidArgumentError, match="naive"):
        write(series(), occurrence=datetime(2037, 4, 4, 15, 30))
    with pytest.raises(InvalidInputError):
        write(series(), language='x"y')


def test_occurrences_of_a_text_are_instants():
    text = write(series())
    window = {"since": THEN, "until": THEN + timedelta(days=3650)}

    dates = calinvite.list_occurrences(text, **window)

    assert [each.id.day for each in dates] == [28, 4, 18, 25]
    assert dates[0].id == dates[0].start == FIRST
    assert dates[1].start - dates[0].start == timedelta(days=7, hours=-1)  # to summer time
    assert dates[0].event.event.summary == "Rovers v United"
    assert len(calinvite.list_occurrences(text, uid="ci-copy", limit=2, **window)) == 2
    with pytest.raises(NotFoundError):
        calinvite.list_occurrences(text, uid="another", **window)


def test_an_event_or_a_rule_that_nobody_can_be_invited_to_is_refused():
    calinvite.check_event(series())
    calinvite.check_rrule("FREQ=DAILY;COUNT=3", date(2037, 3, 28))
    with pytest.raises(InvalidInputError, match="summary"):
        calinvite.check_event(dataclasses.replace(series(), summary=""))
    with pytest.raises(UnsupportedError):
        calinvite.check_event(dataclasses.replace(series(), rrule="FREQ=HOURLY;COUNT=5"))
    with pytest.raises(UnsupportedError):
        calinvite.check_rrule("FREQ=SECONDLY", FIRST)
    with pytest.raises(InvalidInputError):
        calinvite.check_rrule("every Monday", FIRST)


def test_a_change_is_told_from_none_and_names_its_dates():
    before, after = series(), series()
    assert calinvite.plan_change(before, after) is None

    after.location, after.sequence = "Ground 4", 1
    change = calinvite.plan_change(before, after)
    assert (change.method, change.sequence, change.key_change) == (Method.REQUEST, 1, False)
    assert change.occurrences == []

    moved = series(sequence=1)
    moved.overrides[0].start = moved.overrides[0].start.replace(hour=16)
    moved.overrides[0].end = moved.overrides[0].end.replace(hour=18)
    change = calinvite.plan_change(before, moved)
    assert change.key_change
    assert change.occurrences == [datetime(2037, 4, 4, 15, 30, tzinfo=BERLIN)]
    assert calinvite.plan_change(None, before).method is Method.REQUEST
    called_off = dataclasses.replace(series(sequence=1), status=EventStatus.CANCELLED)
    assert calinvite.plan_change(before, called_off).method is Method.CANCEL
    with pytest.raises(calinvite.ConflictError):
        calinvite.plan_change(after, before)


def test_a_reply_is_applied_once_and_kept_as_history_after_the_invitation_is_withdrawn():
    attendee = Attendee(event="ci-event", address="ana@example.net", held_sequence=0)
    reply = Reply(partstat=Partstat.ACCEPTED, dtstamp=THEN, sequence=0)

    effect = calinvite.apply_reply(series(), attendee, reply)

    assert (effect.verdict, effect.partstat) == (ReplyVerdict.APPLIED, Partstat.ACCEPTED)
    attendee.partstat, attendee.answer_sequence, attendee.answer_dtstamp = reply.partstat, 0, THEN
    assert calinvite.apply_reply(series(), attendee, reply).verdict is ReplyVerdict.REPEATED
    attendee.uninvited = True
    late = dataclasses.replace(reply, dtstamp=THEN + timedelta(hours=1))
    assert calinvite.apply_reply(series(), attendee, late).verdict is ReplyVerdict.HISTORY


def test_messages_are_composed_one_by_one_and_all_at_once_alike():
    composer = Composer(series(), base_url="https://cal.league.example", organizer_name="Fixtures")
    copies = [copy_for(f"fan{number:03}@example.net") for number in range(100)]

    messages = list(composer.compose_all(copies))

    assert len(messages) == 100
    assert messages == [composer.compose(copy) for copy in copies]
    mail = email.message_from_bytes(messages[70], policy=email.policy.default)
    assert (mail["To"], mail["From"]) == (
        "fan070@example.net",
        "Fixtures <cal+abc@reply.league.example>",
    )
    assert not [
        finding
        for finding in calinvite.lint_message(messages[70])
        if finding.severity is Severity.ERROR
    ]


def test_composing_all_reads_ahead_a_little_and_raises_in_its_turn():
    composer = Composer(series(), base_url="https://cal.league.example")
    asked = []

    def copies():
        for number in range(1000):
            asked.append(number)
            yield copy_for(f"fan{number}@example.net", name="two\nlines" if number == 3 else "")

    messages = composer.compose_all(copies())

    assert next(messages)
    assert 1 <= len(asked) < 100
    assert [bool(next(messages)) for _ in range(2)] == [True, True]
    with pytest.raises(InvalidInputError):
        next(messages)
    assert sum(1 for _ in messages) == 996

    def failing():
        yield copy_for("ana@example.net")
        raise KeyError("the list broke off")

    messages = composer.compose_all(failing())
    assert next(messages)
    with pytest.raises(KeyError, match="broke off"):
        next(messages)
    assert list(messages) == []
    with pytest.raises(TypeError, match="a copy can't be of type str"):
        next(composer.compose_all(["ana@example.net"]))


def test_messages_that_one_thread_is_asking_for_are_refused_to_another():
    composer = Composer(series(), base_url="https://cal.league.example")
    addresses = [f"fan{number:02}@example.net" for number in range(40)]
    reading, read_on, first = threading.Event(), threading.Event(), []

    def copies():
        for number, address in enumerate(addresses):
            if number == 1:
                reading.set()
                assert read_on.wait(20)
            yield copy_for(address)

    messages = composer.compose_all(copies())
    thread = threading.Thread(target=lambda: first.append(next(messages)))
    thread.start()
    assert reading.wait(20)
    try:
        with pytest.raises(ValueError, match="already executing"):
            next(messages)
    finally:
        read_on.set()
        thread.join(20)

    mails = [calinvite.parse_mail(message) for message in [*first, *messages]]
    assert [mail.recipients for mail in mails] == [[address] for address in addresses]


def test_rows_that_one_thread_is_reading_are_refused_to_another():
    reading, read_on, first = threading.Event(), threading.Event(), []

    class Slow(io.BytesIO):
        def read(self, size):
            reading.set()
            assert read_on.wait(5)
            return super().read(100)

    lines = [f"m{n},Match {n},2027-05-08T15:00,2027-05-08T17:00,UTC\n" for n in range(20)]
    text = "uid,summary,start,end,timezone\n" + "".join(lines)
    rows = calinvite.read_event_list(Slow(text.encode()))
    thread = threading.Thread(target=lambda: first.append(next(rows)))
    thread.start()
    assert reading.wait(20)
    try:
        with pytest.raises(ValueError, match="already executing"):
            next(rows)
    finally:
        read_on.set()
        thread.join(20)

    assert [row.event.summary for row in [*first, *rows]] == [f"Match {n}" for n in range(20)]
    assert rows.errors == []


def test_a_check_that_calls_its_own_composer_is_refused_instead_of_waiting_for_itself():
    ana = copy_for("ana@example.net")
    for call in (lambda: composer.compose(ana), lambda: next(composer.compose_all([ana]))):
        composer = Composer(
            series(), base_url="https://cal.league.example", check=lambda message: call()
        )
        with pytest.raises(calinvite.InvalidArgumentError, match="must not call the composer"):
            composer.compose(ana)
        with pytest.raises(calinvite.InvalidArgumentError, match="must not call the composer"):
            next(composer.compose_all([ana]))


def test_what_a_check_raises_refuses_the_messages():
    def refuse(message):
        raise UnsupportedError(f"{len(message) > 1000}")

    def fail(message):
        raise ZeroDivisionError

    with pytest.raises(UnsupportedError, match="True"):
        Composer(series(), base_url="https://cal.league.example", check=refuse).compose(
            copy_for("ana@example.net")
        )
    with pytest.raises(ZeroDivisionError):
        next(
            Composer(series(), base_url="https://cal.league.example", check=fail).compose_all(
                [copy_for("ana@example.net")]
            )
        )


def test_threads_share_a_composer():
    composer = Composer(series(), base_url="https://cal.league.example")
    copies = [copy_for(f"fan{number}@example.net") for number in range(200)]
    expected, results = list(composer.compose_all(copies)), {}

    def work(number):
        results[number] = list(composer.compose_all(copies))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert all(results[number] == expected for number in range(4))


def test_other_threads_run_while_messages_are_composed():
    composer = Composer(series(), base_url="https://cal.league.example")
    turns, started, ended = [0], threading.Event(), threading.Event()

    def count():
        started.set()
        while not ended.is_set():
            turns[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    assert started.wait(20)
    before = turns[0]
    # No line of Python runs in this loop: only a GIL that is handed over lets the thread go on.
    deque(composer.compose_all([copy_for("ana@example.net")] * 5000), maxlen=0)
    after = turns[0]
    ended.set()
    thread.join(20)

    assert after > before


def test_lint_tells_rule_place_and_reason():
    rules = {rule.rule for rule in calinvite.lint_rules()}
    text = write(series()).replace("METHOD:REQUEST\r\n", "")

    findings = calinvite.lint_message(text, source="invite.ics")

    assert findings
    assert {finding.rule for finding in findings} <= rules
    assert findings[0].place.source.startswith("invite.ics")
    assert all(finding.what and finding.why for finding in findings)


def test_a_mail_is_written_and_read():
    mail = OutgoingMail(
        from_mailbox=Mailbox("cal@reply.league.example", "Fixtures"),
        to=Mailbox("ana@example.net", "Ana"),
        subject="Invitation: Rovers v United",
        date=THEN,
        message_id="m1@reply.league.example",
        text_plain="Come along.\r\n",
        text_html="<p>Come along.</p>",
        plain_encoding=TransferEncoding.BASE64,
        calendar=write(series()),
        headers=[("X-Season", "2037")],
    )

    raw = calinvite.write_mail(mail)

    read = calinvite.parse_mail(raw)
    assert read.from_mailboxes == [mail.from_mailbox]
    assert (read.subject, read.message_id) == (mail.subject, mail.message_id)
    assert ("X-Season", "2037") in read.headers
    assert [part.method for part in read.calendars] == ["REQUEST"]
    assert isinstance(read.calendars[0].content, bytes)
    assert not read.delivery_report
    with pytest.raises(InvalidInputError):
        calinvite.write_mail(dataclasses.replace(mail, subject="two\nlines"))
    assert calinvite.parse_mail("From: a@example.net\n\nYes!\n\n> Come along.\n").reply_text == "Yes!"


def test_links_carry_tokens_and_events():
    assert calinvite.rsvp_link("https://cal.example", "TOKEN").startswith("https://cal.example/")
    links = {
        calinvite.rsvp_link("https://cal.example", "TOKEN"),
        calinvite.calendar_file_link("https://cal.example", "TOKEN"),
        calinvite.unsubscribe_link("https://cal.example", "TOKEN"),
        calinvite.button_link("https://cal.example", "ci-event", "TOKEN"),
    }
    assert len(links) == 4 and all("TOKEN" in link for link in links)
    web = calinvite.calendar_links(series(), details="Bring a scarf")
    assert web.google.startswith("https://calendar.google.com/")
    assert "scarf" in web.yahoo


def test_ids_and_addresses():
    assert calinvite.mint_uid(now=THEN, random=lambda size: bytes(size)) == calinvite.mint_uid(
        now=THEN, random=lambda size: bytes(size)
    )
    assert calinvite.mint_uid(now=THEN) != calinvite.mint_uid(now=THEN)
    with pytest.raises(ValueError, match="random gave 1 bytes"):
        calinvite.mint_uid(now=THEN, random=lambda size: b"x")
    token = calinvite.mint_address_token()
    address = calinvite.token_address("cal", token, "reply.league.example", separator="-")
    assert address == f"cal-{token}@reply.league.example"
    assert calinvite.address_token(address, "reply.league.example") == token
    assert calinvite.normalize_address("mailto:Ana@EXAMPLE.net") == "ana@example.net"
    with pytest.raises(InvalidInputError):
        calinvite.normalize_address("ana")
    assert "Google" in calinvite.client_name("-//Google Inc//Google Calendar 70.9054//EN")


NOTICE = {
    "eventType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": "Ana@example.net",
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }
        ],
        "timestamp": "2037-03-01T12:00:00.000Z",
        "feedbackId": "feedback-1",
    },
    "mail": {
        "timestamp": "2037-03-01T11:59:00.000Z",
        "source": "cal@reply.league.example",
        "messageId": "ses-1",
        "destination": ["ana@example.net"],
        "tags": {"attempt_id": ["attempt-1"]},
    },
}


def test_a_notification_of_ses_becomes_facts():
    (fact,) = calinvite.parse_notification(json.dumps(NOTICE))

    assert (fact.kind, fact.address) == (ReceiptKind.BOUNCED, "ana@example.net")
    assert (fact.permanent, fact.attempt_id, fact.message_id) == (True, "attempt-1", "ses-1")
    assert fact.time == datetime(2037, 3, 1, 12, tzinfo=timezone.utc)
    with pytest.raises(InvalidInputError):
        calinvite.parse_notification("no JSON")
    with pytest.raises(NotFoundError):
        calinvite.parse_inbound_notification(json.dumps(NOTICE))


def test_a_notice_of_a_mail_that_came_in_tells_verdicts_and_content():
    notice = {
        "notificationType": "Received",
        "receipt": {
            "timestamp": "2037-03-01T12:00:00.000Z",
            "recipients": ["cal@reply.league.example"],
            "spamVerdict": {"status": "PASS"},
            "virusVerdict": {"status": "GRAY"},
            "spfVerdict": {"status": "FAIL"},
            "dkimVerdict": {"status": "PROCESSING_FAILED"},
            "dmarcVerdict": {"status": "PASS"},
            "action": {"type": "SNS", "topicArn": "arn:aws:sns:eu-west-1:111122223333:mail"},
        },
        "mail": {
            "timestamp": "2037-03-01T12:00:00.000Z",
            "source": "ana@example.net",
            "messageId": "in-1",
            "destination": ["cal@reply.league.example"],
            "headersTruncated": False,
            "headers": [{"name": "From", "value": "ana@example.net"}],
            "commonHeaders": {"from": ["ana@example.net"], "messageId": "<m1@example.net>"},
        },
        "content": "From: ana@example.net\r\n\r\nHello\r\n",
    }

    read = calinvite.parse_inbound_notification(json.dumps(notice))

    assert (read.source, read.header_message_id) == ("ana@example.net", "m1@example.net")
    assert (read.spam, read.virus, read.spf) == (SesVerdict.PASS, SesVerdict.GRAY, SesVerdict.FAIL)
    assert read.dkim is SesVerdict.PROCESSING_FAILED
    assert read.content == b"From: ana@example.net\r\n\r\nHello\r\n"
    assert read.header_from == ["ana@example.net"]


def envelope(**fields):
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "sns-1",
            "TopicArn": "arn:aws:sns:eu-west-1:111122223333:mail",
            "Message": json.dumps(NOTICE),
            "Timestamp": "2037-03-01T12:00:00.000Z",
            "SignatureVersion": "2",
            "Signature": "AAAA",
            "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/cert.pem",
            **fields,
        }
    )


def test_what_sns_sends_is_believed_only_with_a_signature_of_a_known_topic():
    now = datetime(2037, 3, 1, 12, 1, tzinfo=timezone.utc)
    trust = SnsTrust(accounts=["111122223333"])
    asked = []

    def certificate(url):
        asked.append(url)
        raise calinvite.UnavailableError("no network here")

    with pytest.raises(calinvite.ForbiddenError):
        calinvite.authenticate_sns(envelope(), SnsTrust(), now=now, certificate=certificate)
    with pytest.raises(calinvite.ForbiddenError):
        calinvite.authenticate_sns(
            envelope(SigningCertURL="https://evil.example/cert.pem"),
            trust,
            now=now,
            certificate=certificate,
        )
    assert asked == []
    with pytest.raises(calinvite.UnavailableError, match="no network here"):
        calinvite.authenticate_sns(envelope(), trust, now=now, certificate=certificate)
    assert asked == ["https://sns.eu-west-1.amazonaws.com/cert.pem"]
    with pytest.raises(ZeroDivisionError):
        calinvite.authenticate_sns(envelope(), trust, now=now, certificate=lambda url: 1 / 0)
    with pytest.raises(calinvite.UnauthenticatedError):
        calinvite.authenticate_sns(envelope(), trust, now=now, certificate=lambda url: "no PEM")
    with pytest.raises(calinvite.InvalidArgumentError):
        calinvite.confirm_sns_subscription(
            calinvite.AwsOptions(region="eu-west-1"), "no ARN", "token"
        )

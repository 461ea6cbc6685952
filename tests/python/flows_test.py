"""What an engine does beside the main job: what comes back, what goes again, what operators see."""

import base64
import http.server
import io
import json
import subprocess
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pandas
import pytest

import calinvite
from calinvite import (
    AccountHold,
    Attendee,
    AwsCredentials,
    AwsOptions,
    ConflictError,
    IngestOutcome,
    MailExchanger,
    NoticeKind,
    NotFoundError,
    OutboxState,
    PreflightSeverity,
    Receipt,
    SendOutcome,
    SendVerdict,
    SnsTrust,
    TimedCredentials,
    UnavailableError,
    columns,
    make_callback_transport,
)
from conftest import LEAGUE, NOW, OFFICE, accept, add_league, fans, match_at, open_engine
from pure_test import NOTICE, envelope


def bounce_of(address, attempt):
    notice = json.loads(json.dumps(NOTICE))
    notice["bounce"]["bouncedRecipients"][0]["emailAddress"] = address
    notice["bounce"]["feedbackId"] = f"feedback-{attempt}"
    notice["mail"]["tags"]["attempt_id"] = [attempt]
    return json.dumps(notice)


@pytest.fixture
def attempts(engine, match):
    """The attempt of each of three fans, whose invitations were accepted."""
    engine.invite(LEAGUE, match.uid, fans(3))
    sent = {}
    engine.dispatch(
        make_callback_transport(
            lambda message: sent.update({message.to: message.attempt_id}) or accept(message)
        )
    )
    return sent


def test_notifications_are_taken_in_together(engine, match, attempts):
    items = []

    refused = engine.ingest_notifications(
        [bounce_of(fans(3)[0], attempts[fans(3)[0]]), "no JSON"], on_item=items.append
    )

    assert refused[0] is None
    assert isinstance(refused[1], calinvite.InvalidInputError)
    assert [item.outcome for item in items] == [IngestOutcome.RECORDED, IngestOutcome.REFUSED]
    assert engine.statistics(LEAGUE, match.uid)["delivery"]["bounced"] == 1
    (attendee,) = engine.list_attendees(LEAGUE, match.uid, delivery="bounced")
    assert attendee.address == fans(3)[0]


def test_what_a_callback_raises_comes_out_of_an_ingest_that_has_taken_effect(
    engine, match, attempts
):
    with pytest.raises(KeyError):
        engine.ingest_notifications(
            [bounce_of(fans(3)[0], attempts[fans(3)[0]])], on_item=lambda item: {}["missing"]
        )

    assert engine.statistics(LEAGUE, match.uid)["delivery"]["bounced"] == 1


def test_a_request_of_sns_is_refused_without_its_signature(engine):
    with pytest.raises(calinvite.ForbiddenError):
        engine.ingest_sns(envelope(), SnsTrust())
    with pytest.raises(calinvite.UnauthenticatedError):
        engine.ingest_sns(
            envelope(), SnsTrust(accounts=["111122223333"], max_age=timedelta(0)),
            certificate=lambda url: "no PEM",
        )


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    """What SNS signs with: a certificate, and a function that signs an envelope."""
    folder = tmp_path_factory.mktemp("sns")
    key, cert, text = folder / "key.pem", folder / "cert.pem", folder / "text"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sns"]
        + ["-days", "3650", "-keyout", key, "-out", cert],
        check=True,
        capture_output=True,
    )

    def sign(**fields):
        message = json.loads(envelope(**fields))
        names = "Message MessageId SubscribeURL Timestamp Token TopicArn Type".split()
        text.write_text("".join(f"{name}\n{message[name]}\n" for name in names if name in message))
        command = ["openssl", "dgst", "-sha256", "-sign", key, text]
        signature = subprocess.run(command, check=True, capture_output=True).stdout
        return json.dumps({**message, "Signature": base64.b64encode(signature).decode()})

    return cert.read_text(), sign


def test_what_sns_signed_is_taken_in_once_and_its_confirmations_are_handed_on(
    engine, match, attempts, signer
):
    pem, sign = signer
    trust = SnsTrust(topics=["arn:aws:sns:eu-west-1:111122223333:mail"])
    stamp = {"Timestamp": NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    bounce = sign(Message=bounce_of(fans(3)[0], attempts[fans(3)[0]]), **stamp)

    (item,) = engine.ingest_sns(bounce, trust, certificate=lambda url: pem)

    assert item.outcome is IngestOutcome.RECORDED
    told = []
    options = {"certificate": lambda url: pem, "on_item": told.append}
    assert engine.ingest_sns(bounce, trust, **options) == []
    (again,) = told
    assert again.outcome is IngestOutcome.ALREADY_SEEN
    message = calinvite.authenticate_sns(bounce, trust, now=NOW, certificate=lambda url: pem)
    assert message.type is calinvite.SnsType.NOTIFICATION
    assert calinvite.parse_notification(message.message)[0].address == fans(3)[0]
    confirmed = []
    request = sign(
        Type="SubscriptionConfirmation", Token="t0k3n", SubscribeURL="https://x.example/", **stamp
    )
    engine.ingest_sns(request, trust, certificate=lambda url: pem, confirm=confirmed.append)
    assert [(each.topic_arn, each.token) for each in confirmed] == [(trust.topics[0], "t0k3n")]

    def away(message):
        raise UnavailableError("SNS is away")

    with pytest.raises(UnavailableError, match="SNS is away"):
        engine.ingest_sns(
            sign(
                Type="SubscriptionConfirmation",
                MessageId="sns-2",
                Token="t0k3n",
                SubscribeURL="https://x.example/",
                **stamp,
            ),
            trust,
            certificate=lambda url: pem,
            confirm=away,
        )


def test_an_ingest_reads_a_file_piece_by_piece_and_raises_what_reading_does(engine, tmp_path):
    header = "uid,summary,start,end,timezone\n"
    rows = [f"m{n},Match {n},2027-05-08T15:00,2027-05-08T17:00,UTC\n" for n in range(2000)]
    (tmp_path / "list.csv").write_text(header + "".join(rows))

    with open(tmp_path / "list.csv", "rb") as file:
        items = engine.ingest(file, sent_by=OFFICE, kind=calinvite.InputKind.EVENT_LIST)

    assert [item.outcome for item in items] == [IngestOutcome.CREATED] * 2000

    class Broken:
        def read(self, size):
            raise TimeoutError("the disk sleeps")

    with pytest.raises(TimeoutError, match="sleeps"):
        engine.ingest(Broken(), sent_by=OFFICE, kind=calinvite.InputKind.EVENT_LIST)


def test_an_ingest_that_breaks_off_has_told_what_landed(engine):
    rows = [f"m{n},Match {n},2027-05-08T15:00,2027-05-08T17:00,UTC\n" for n in range(3000)]
    landed = []

    class BreaksOff(io.BytesIO):
        def read(self, size):
            if self.tell() > 100_000:
                raise UnavailableError("the share is gone")
            return super().read(size)

    file = BreaksOff(("uid,summary,start,end,timezone\n" + "".join(rows)).encode())
    with pytest.raises(UnavailableError, match="the share is gone"):
        engine.ingest(
            file, sent_by=OFFICE, kind=calinvite.InputKind.EVENT_LIST, on_item=landed.append
        )

    assert 0 < len(landed) < 3000
    assert {item.outcome for item in landed} == {IngestOutcome.CREATED}
    stored = {summary.event.uid for summary in engine.list_events(LEAGUE)}
    assert {item.event for item in landed} == stored


def test_items_that_are_told_are_not_kept(engine):
    landed = []

    items = engine.ingest(
        "uid,summary,start,end,timezone\nm1,Match,2027-05-08T15:00,2027-05-08T17:00,UTC\n",
        sent_by=OFFICE,
        kind=calinvite.InputKind.EVENT_LIST,
        on_item=landed.append,
    )

    assert items == []
    assert [item.outcome for item in landed] == [IngestOutcome.CREATED]


def test_a_refused_item_tells_its_code(engine):
    (item,) = engine.ingest(
        "uid,summary,start,end,timezone\nm1,,2027-05-08T15:00,2027-05-08T17:00,UTC\n",
        sent_by=OFFICE,
        kind=calinvite.InputKind.EVENT_LIST,
    )

    assert (item.outcome, item.code) == (IngestOutcome.REFUSED, calinvite.Code.INVALID_INPUT)


def test_a_verifier_vouches_for_who_sent_a_mail(tmp_path):
    asked = []

    def verifier(data):
        asked.append(data)
        return calinvite.Authentication(passed=True, address=OFFICE, by="our gateway")

    mail = (
        f"From: {OFFICE}\r\nTo: cal@reply.league.example\r\nMessage-ID: <m1@league.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
        "UID:u1\r\nDTSTAMP:20270301T100000Z\r\nDTSTART:20270601T100000Z\r\n"
        f"DTEND:20270601T110000Z\r\nSUMMARY:Kick-off\r\nORGANIZER:mailto:{OFFICE}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()

    with open_engine(tmp_path, verifier=verifier) as engine:
        add_league(engine)
        (item,) = engine.ingest(mail)

    assert item.outcome is IngestOutcome.CREATED
    assert asked == [mail]


def test_quarantined_input_is_released_on_the_operators_word(engine):
    mail = (
        f"From: {OFFICE}\r\nTo: cal@reply.league.example\r\nMessage-ID: <m1@league.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
        "UID:u1\r\nDTSTAMP:20270301T100000Z\r\nDTSTART:20270601T100000Z\r\n"
        f"DTEND:20270601T110000Z\r\nSUMMARY:Kick-off\r\nORGANIZER:mailto:{OFFICE}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (item,) = engine.ingest(mail)
    assert item.outcome is IngestOutcome.QUARANTINED
    (row,) = engine.list_quarantine(LEAGUE)
    landed = []

    with pytest.raises(calinvite.UnauthenticatedError):
        engine.release_quarantined(LEAGUE, row.id)
    assert engine.release_quarantined(LEAGUE, row.id, sent_by=OFFICE, on_item=landed.append)

    assert [each.outcome for each in landed] == [IngestOutcome.CREATED]
    assert list(engine.list_quarantine(LEAGUE)) == []


def test_what_is_in_doubt_or_outdated_goes_again_on_demand(engine, match):
    engine.invite(LEAGUE, match.uid, fans(2))
    doubtful = make_callback_transport(lambda message: SendOutcome(SendVerdict.IN_DOUBT))
    engine.dispatch(doubtful, max_messages=1)
    engine.dispatch(make_callback_transport(accept))

    plan = engine.resend_in_doubt(LEAGUE, match.uid)

    assert plan.invite + plan.update == 1
    assert engine.dispatch(make_callback_transport(accept)).accepted == 1
    assert engine.resend(LEAGUE, match.uid, fans(2)[0]).update == 1
    assert engine.resend_outdated(LEAGUE, match.uid).update == 0
    with pytest.raises(NotFoundError):
        engine.resend(LEAGUE, match.uid, "nobody@example.net")


def test_organizers_and_their_delegates_and_templates_change(engine, match):
    engine.set_delegate(LEAGUE, OFFICE, "assistant@league.example")
    engine.set_delegate(LEAGUE, OFFICE, "assistant@league.example", allowed=False)
    (office,) = engine.list_organizers(LEAGUE)
    assert engine.update_organizer(LEAGUE, replace(office, language="de")).language == "de"
    with pytest.raises(NotFoundError):
        engine.update_organizer(LEAGUE, replace(office, address="nobody@league.example"))
    with pytest.raises(calinvite.InvalidInputError):
        engine.set_template(LEAGUE, "invitation.html", "<p>no link</p>")
    with pytest.raises(NotFoundError):
        engine.set_template(LEAGUE, "poem.html", "<p>x</p>")


def test_a_report_is_mailed_and_counted_as_a_notice(engine, match):
    engine.mail_report(LEAGUE, match.uid)

    (notice,) = engine.list_notices(LEAGUE)

    assert (notice.kind, notice.address, notice.state) == (
        NoticeKind.REPORT,
        OFFICE,
        OutboxState.PENDING,
    )
    assert engine.notice_totals(LEAGUE).pending == 1
    assert engine.dispatch(make_callback_transport(accept)).notices == 1


def test_changes_are_told_in_their_order_from_where_one_left_off(engine, match):
    start = engine.list_changes(LEAGUE)
    engine.invite(LEAGUE, match.uid, fans(2))

    feed = engine.list_changes(LEAGUE, start.next, limit=1)
    rest = engine.list_changes(LEAGUE, feed.next)

    assert [item.receipt for item in start.items] == [None]
    assert start.items[0].event == match.uid
    assert feed.more and not rest.more
    told = [item.receipt.address for item in feed.items + rest.items]
    assert sorted(told) == fans(2)
    with pytest.raises(calinvite.InvalidArgumentError):
        engine.list_changes(LEAGUE, "no cursor")


def test_an_account_that_is_held_is_told_and_resumed(engine, match):
    engine.invite(LEAGUE, match.uid, fans(2))
    full = SendOutcome(SendVerdict.QUOTA, detail="daily quota")
    progress = []

    with http_server({"/v2/email/account": (200, ACCOUNT)}) as server:
        transport = calinvite.open_ses_transport(
            AwsOptions(region="eu-central-1", credentials=KEYS, endpoint=server.endpoint)
        )
        server.sends = (400, {"message": "Daily message quota exceeded."}, "LimitExceededException")
        result = engine.dispatch(transport, on_progress=progress.append)

    assert result.hold
    (account,) = engine.list_accounts()
    assert account.hold is AccountHold.QUOTA
    assert account.max_rate == 14
    engine.resume_account(account.key)
    with pytest.raises(NotFoundError):
        engine.resume_account(account.key)
    assert engine.reputation(LEAGUE).hold == ""
    with pytest.raises(NotFoundError):
        engine.lift_hold(LEAGUE)


KEYS = AwsCredentials(access_key_id="AKIDEXAMPLE", secret_access_key="x")
ACCOUNT = {
    "SendingEnabled": True,
    "ProductionAccessEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0},
}


class http_server:
    """Answers like AWS on this machine. `sends` is what a POST gets: status, body, error type."""

    def __init__(self, gets=None):
        self.gets, self.sends = gets or {}, (200, {"MessageId": "id-1"}, "")
        self.asked, self.requests = [], []

    def __enter__(self):
        outer = self

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.asked.append(self.headers)
                self.answer(*outer.gets.get(self.path, (404, {})))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((self.headers, body))
                sends = outer.sends(self.headers, body) if callable(outer.sends) else outer.sends
                self.answer(*sends)

            def answer(self, status, body, kind=""):
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if kind:
                    self.send_header("x-amzn-ErrorType", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()


def test_keys_come_from_a_function_or_from_the_environment_that_is_handed_in(engine, match):
    engine.invite(LEAGUE, match.uid, fans(2))
    asked = []

    def keys():
        asked.append(1)
        return TimedCredentials(credentials=KEYS, expires=NOW + timedelta(days=36500))

    with http_server() as server:
        own = calinvite.open_ses_transport(
            AwsOptions(region="eu-central-1", credentials=keys, endpoint=server.endpoint)
        )
        assert engine.dispatch(own, max_messages=1).accepted == 1
        environment = {
            "AWS_ACCESS_KEY_ID": "AKIDOTHER",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_REGION": "eu-west-1",
        }
        found = calinvite.open_ses_transport(
            AwsOptions(environment=environment, endpoint=server.endpoint, clock=lambda: NOW)
        )
        assert engine.dispatch(found).accepted == 1
        signers = [headers["Authorization"].split("/")[0] for headers, _ in server.requests]

        # It asks what the account allows first; afterwards the server's clock counts.
        assert NOW.strftime("%Y%m%dT%H%M%SZ") in [each["X-Amz-Date"] for each in server.asked]

    assert asked == [1]
    assert [signer.split("=")[1] for signer in signers] == ["AKIDEXAMPLE", "AKIDOTHER"]

    def broken():
        raise PermissionError("the vault is locked")

    with pytest.raises(PermissionError, match="vault"):
        calinvite.open_ses_transport(AwsOptions(region="eu-central-1", credentials=broken))

    def away():
        raise UnavailableError("the vault is away")

    with pytest.raises(UnavailableError, match="vault is away"):
        calinvite.open_ses_transport(AwsOptions(region="eu-central-1", credentials=away))
    assert "AKIDOTHER" not in repr(AwsOptions(environment=environment))


def sqs(messages):
    """Answers of SQS that hand out each message once."""
    left, removed = list(messages), []

    def answer(headers, body):
        asked = json.loads(body)
        if headers["X-Amz-Target"].endswith("ReceiveMessage"):
            given, left[:] = left[:10], left[10:]
            return 200, {
                "Messages": [
                    {
                        "MessageId": f"id-{len(left)}-{number}",
                        "ReceiptHandle": f"handle-{len(left)}-{number}",
                        "Body": text,
                        "Attributes": {"ApproximateReceiveCount": "1"},
                    }
                    for number, text in enumerate(given)
                ]
            }, ""
        entries = asked["Entries"]
        if headers["X-Amz-Target"].endswith("DeleteMessageBatch"):
            removed.extend(entries)
        return 200, {"Successful": [{"Id": entry["Id"]} for entry in entries], "Failed": []}, ""

    answer.removed = removed
    return answer


def test_a_queue_is_worked_off_while_other_threads_call(engine, match, attempts):
    bounces = [bounce_of(address, attempts[address]) for address in fans(3)]
    items, others = [], []

    with http_server() as server:
        server.sends = sqs(bounces)
        queue = calinvite.open_sqs_queue(
            f"{server.endpoint}/111122223333/mail",
            AwsOptions(region="eu-central-1", credentials=KEYS, endpoint=server.endpoint),
        )
        done = engine.receive(
            queue, until_empty=True, wait=timedelta(0), on_item=items.append
        )
        assert (done.received, done.removed, done.left) == (3, 3, 0)
        assert len(server.sends.removed) == 3

        def stop():
            if not others:
                thread = threading.Thread(target=lambda: others.append(engine.totals(LEAGUE)))
                thread.start()
                thread.join(20)
            return bool(others)

        again = engine.receive(queue, wait=timedelta(seconds=1), stop=stop)
        with pytest.raises(ZeroDivisionError):
            engine.receive(queue, wait=timedelta(seconds=1), stop=lambda: 1 / 0)

    assert [item.outcome for item in items] == [IngestOutcome.RECORDED] * 3
    assert engine.statistics(LEAGUE, match.uid)["delivery"]["bounced"] == 3
    assert again.received == 0
    assert others[0].accepted == 3


class Names:
    """A resolver that knows one domain."""

    def __init__(self):
        self.asked = set()

    def txt(self, name):
        self.asked.add(name)
        if name == "_dmarc.reply.league.example":
            return ["v=DMARC1; p=reject"]
        return []

    def mx(self, name):
        return [MailExchanger(10, "mx.league.example")]

    def cname(self, name):
        return None


def test_preflight_asks_a_resolver_of_the_host(engine):
    names = Names()

    findings = engine.preflight(LEAGUE, resolver=names)

    assert "_dmarc.reply.league.example" in names.asked
    checks = {finding.check: finding for finding in findings}
    assert "says reject" in checks["dmarc"].what
    assert checks["dmarc"].severity is PreflightSeverity.HINT
    assert "enforcement" not in checks  # SES was not asked
    assert all(finding.what for finding in findings)

    class Away(Names):
        def mx(self, name):
            raise UnavailableError("no answer in time")

    (unknown,) = [each for each in engine.preflight(LEAGUE, resolver=Away()) if each.check == "mx"]
    assert unknown.severity is PreflightSeverity.UNKNOWN
    assert "no answer in time" in unknown.what

    class Broken(Names):
        def mx(self, name):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.preflight(LEAGUE, resolver=Broken())
    with http_server({"/v2/email/account": (200, ACCOUNT)}) as server:
        asked = engine.preflight(
            LEAGUE,
            resolver=names,
            aws=AwsOptions(region="eu-central-1", credentials=KEYS, endpoint=server.endpoint),
        )
    assert "enforcement" in {finding.check for finding in asked}
    with pytest.raises(calinvite.ForbiddenError):
        engine.preflight(calinvite.Scope.organizer("league", OFFICE), resolver=names)


def test_lists_become_columns_that_pandas_takes(engine, match, attempts):
    engine.ingest_notifications([bounce_of(fans(3)[0], attempts[fans(3)[0]])])

    attendees = pandas.DataFrame(columns(Attendee, engine.list_attendees(LEAGUE, match.uid)))
    receipts = pandas.DataFrame(columns(Receipt, engine.list_receipts(LEAGUE, match.uid)))

    assert list(attendees["address"]) == fans(3)
    assert dict(attendees["delivery"].value_counts()) == {"accepted": 2, "bounced": 1}
    assert set(attendees["partstat"]) == {"NEEDS-ACTION"}
    by_kind = receipts.groupby("kind").size()
    assert dict(by_kind) == {"queued": 3, "accepted": 3, "bounced": 1}
    assert str(receipts["time"].dtype) == "datetime64[ns, UTC]"
    empty = pandas.DataFrame(columns(Attendee, []))
    assert list(empty.columns) == list(attendees.columns)


def test_a_pace_spreads_messages_and_progress_is_told(engine, match):
    engine.invite(LEAGUE, match.uid, fans(5))
    told = []

    result = engine.dispatch(
        make_callback_transport(accept),
        pace=calinvite.PaceProfile(batch=2, pause=timedelta(milliseconds=5)),
        reputation=calinvite.ReputationLimits(min_messages=10),
        on_progress=told.append,
    )

    assert result.accepted == 5
    assert told
    assert all(isinstance(each, calinvite.DispatchProgress) for each in told)
    engine.invite(LEAGUE, match.uid, fans(6))
    assert engine.dispatch(
        make_callback_transport(accept), on_progress=lambda progress: False
    ).stopped


def test_smtp_is_refused_before_anything_is_sent(engine):
    assert calinvite.open_smtp_transport("smtp://127.0.0.1:2525")
    with pytest.raises(calinvite.InvalidArgumentError):
        calinvite.open_smtp_transport("smtp://user:secret@mail.example")
    with pytest.raises(calinvite.InvalidArgumentError):
        calinvite.open_smtp_transport("smtps://user@mail.example")

"""Dispatch runs our callbacks, lets other threads work meanwhile, and survives what they raise."""

import email
import email.policy
import http.server
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

import calinvite
from calinvite import OutboxState, ReceiptKind, SendOutcome, SendVerdict, make_callback_transport
from conftest import LEAGUE, NOW, accept, fans, open_engine


def states(engine):
    totals = engine.totals(LEAGUE)
    return {
        name: getattr(totals, name)
        for name in ("accepted", "refused", "in_doubt", "pending", "held", "claimed")
        if getattr(totals, name)
    }


def test_messages_and_receipts_pass_through_the_callbacks(engine, match):
    engine.invite(LEAGUE, match.uid, fans(3))
    messages, receipts = [], []

    result = engine.dispatch(
        make_callback_transport(lambda message: messages.append(message) or accept(message)),
        lease=timedelta(minutes=5),
        on_receipt=receipts.append,
    )

    assert (result.accepted, result.stopped, result.totals.planned) == (3, False, 3)
    assert sorted(message.to for message in messages) == fans(3)
    assert messages[0].from_address.endswith("@reply.league.example")
    assert email.message_from_bytes(messages[0].bytes, policy=email.policy.default)["To"]
    assert [receipt.kind for receipt in receipts] == [ReceiptKind.ACCEPTED] * 3
    assert {receipt.message_id for receipt in receipts} == {
        f"m-{message.attempt_id}" for message in messages
    }
    assert {receipt.time for receipt in receipts} == {NOW}
    assert engine.dispatch(make_callback_transport(accept)).accepted == 0


def test_a_sender_says_what_became_of_each_message(engine, match):
    engine.invite(LEAGUE, match.uid, fans(3))
    verdicts = iter([SendVerdict.REFUSED, SendVerdict.IN_DOUBT, SendVerdict.ACCEPTED])

    result = engine.dispatch(
        make_callback_transport(lambda message: SendOutcome(next(verdicts), detail="as told"))
    )

    assert (result.accepted, result.refused, result.in_doubt) == (1, 1, 1)
    (entry,) = engine.list_outbox(LEAGUE, OutboxState.IN_DOUBT)
    assert entry.event == match.uid
    assert entry.attempt_id


def test_a_dispatch_says_why_it_holds_messages(engine, match):
    engine.invite(LEAGUE, match.uid, fans(1))
    expired = SendOutcome(SendVerdict.CREDENTIALS, detail="the keys have expired")

    result = engine.dispatch(make_callback_transport(lambda message: expired))

    assert (result.held, result.reason) == (1, "the keys have expired")
    assert result.next_due is not None  # new keys may have come by then


def test_a_dispatch_ends_after_so_many_messages_or_when_the_callback_says_so(engine, match):
    engine.invite(LEAGUE, match.uid, fans(100))
    transport = make_callback_transport(accept)

    assert engine.dispatch(transport, max_messages=10).accepted == 10
    stopped = engine.dispatch(transport, on_receipt=lambda receipt: False)
    assert stopped.stopped
    assert 1 <= stopped.accepted < 90
    assert stopped.next_due is not None
    last = engine.dispatch(transport, on_receipt=lambda receipt: None)
    assert (last.totals.accepted, last.next_due) == (100, None)


def test_what_a_receipt_callback_raises_ends_the_dispatch_and_comes_out(engine, match):
    engine.invite(LEAGUE, match.uid, fans(100))

    def on_receipt(receipt):
        raise KeyError(receipt.address)

    with pytest.raises(KeyError, match="@example.net"):
        engine.dispatch(make_callback_transport(accept), on_receipt=on_receipt)

    left = states(engine)
    assert left["accepted"] + left["pending"] == 100
    assert engine.dispatch(make_callback_transport(accept)).totals.accepted == 100


def test_the_message_whose_sender_raises_is_in_doubt_and_no_other_is_tried(tmp_path, engine, match):
    engine.invite(LEAGUE, match.uid, fans(40))
    tried = []

    def send(message):
        tried.append(message.to)
        if len(tried) == 3:
            raise ConnectionResetError("peer went away")
        return accept(message)

    with pytest.raises(ConnectionResetError, match="peer went away"):
        engine.dispatch(make_callback_transport(send))

    assert len(tried) == 3
    assert states(engine) == {"accepted": 2, "in_doubt": 1, "pending": 37}
    (doubt,) = engine.list_outbox(LEAGUE, OutboxState.IN_DOUBT)
    assert doubt.address == tried[2]
    with open_engine(tmp_path, clock=lambda: NOW + timedelta(minutes=5)) as later:
        assert later.dispatch(make_callback_transport(accept)).accepted == 37
    assert len(set(tried)) == 3


@pytest.mark.parametrize(
    "answer", [None, "accepted", SendVerdict.ACCEPTED, SendOutcome("accepted")]
)
def test_a_sender_that_answers_something_else_is_told_so(engine, match, answer):
    engine.invite(LEAGUE, match.uid, fans(1))

    with pytest.raises(TypeError):
        engine.dispatch(make_callback_transport(lambda message: answer))

    assert states(engine) == {"in_doubt": 1}


def test_a_callback_that_calls_its_own_engine_is_refused_instead_of_waiting_for_itself(
    engine, match
):
    engine.invite(LEAGUE, match.uid, fans(1))
    with pytest.raises(calinvite.InvalidArgumentError, match="must not call the engine"):
        engine.dispatch(
            make_callback_transport(accept), on_receipt=lambda receipt: engine.totals(LEAGUE)
        )
    engine.invite(LEAGUE, match.uid, fans(2))
    with pytest.raises(calinvite.InvalidArgumentError, match="must not call the engine"):
        engine.dispatch(make_callback_transport(lambda message: engine.close()))

    assert states(engine) == {"accepted": 1, "in_doubt": 1}


def test_other_threads_run_while_a_sender_waits_for_them(engine, match):
    engine.invite(LEAGUE, match.uid, fans(1))
    sending, answered = threading.Event(), threading.Event()

    def send(message):
        sending.set()
        assert answered.wait(20), "the other thread did not run"
        return accept(message)

    def other():
        assert sending.wait(20)
        answered.set()

    thread = threading.Thread(target=other)
    thread.start()
    result = engine.dispatch(make_callback_transport(send))
    thread.join()

    assert result.accepted == 1


def test_the_engine_waits_without_the_gil(tmp_path, engine, match):
    """A transport in C++ waits for the network: our own server thread must be able to answer."""
    engine.invite(LEAGUE, match.uid, fans(3))
    seen = []

    class Answer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.answer(403, b"{}")

        def do_POST(self):
            seen.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(200, b'{"MessageId": "id-%d"}' % len(seen))

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever).start()
        transport = calinvite.open_ses_transport(
            calinvite.AwsOptions(
                region="eu-central-1",
                credentials=calinvite.AwsCredentials(
                    access_key_id="AKIDEXAMPLE", secret_access_key="x"
                ),
                endpoint=f"http://127.0.0.1:{server.server_port}",
            ),
            max_connections=1,
            answer_timeout=timedelta(seconds=20),
        )
        result = engine.dispatch(transport)
        server.shutdown()

    assert (result.accepted, len(seen)) == (3, 3)


def test_threads_share_an_engine(engine, match):
    failures = []

    def work(number):
        try:
            mine = [f"fan-{number}-{each}@example.net" for each in range(20)]
            for address in mine:
                engine.invite(LEAGUE, match.uid, [address])
                engine.dispatch(
                    make_callback_transport(accept), max_messages=2, on_receipt=lambda receipt: None
                )
            assert {a.address for a in engine.list_attendees(LEAGUE, match.uid)} >= set(mine)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)

    assert not failures
    assert not any(thread.is_alive() for thread in threads)
    engine.dispatch(make_callback_transport(accept))
    assert states(engine) == {"accepted": 80}


def test_closing_waits_for_the_call_of_another_thread(engine, match):
    engine.invite(LEAGUE, match.uid, fans(1))
    sending, go_on, results = threading.Event(), threading.Event(), []

    def send(message):
        sending.set()
        go_on.wait(20)
        return accept(message)

    thread = threading.Thread(
        target=lambda: results.append(engine.dispatch(make_callback_transport(send)))
    )
    thread.start()
    assert sending.wait(20)
    closing = threading.Thread(target=engine.close)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    go_on.set()
    thread.join(20)
    closing.join(20)

    assert results[0].accepted == 1
    with pytest.raises(calinvite.InvalidArgumentError, match="closed"):
        engine.totals(LEAGUE)


def test_one_transport_serves_one_engine_at_a_time(tmp_path, engine, match):
    engine.invite(LEAGUE, match.uid, fans(1))
    refusals = []

    def send(message):
        with open_engine(tmp_path) as other:
            with pytest.raises(
                calinvite.InvalidArgumentError, match="using the transport"
            ) as refused:
                other.dispatch(transport)
            refusals.append(refused.value)
        return accept(message)

    transport = make_callback_transport(send)
    assert engine.dispatch(transport).accepted == 1
    assert len(refusals) == 1


def test_mails_land_in_a_spool_folder(tmp_path, engine, match):
    engine.invite(LEAGUE, match.uid, fans(2))

    engine.dispatch(calinvite.open_spool_transport(tmp_path / "mails"))

    mails = [
        email.message_from_bytes(path.read_bytes())
        for path in (tmp_path / "mails/new").glob("*.eml")
    ]
    assert sorted(mail["To"] for mail in mails) == fans(2)
    (tmp_path / "file").touch()
    with pytest.raises(calinvite.UnavailableError):
        calinvite.open_spool_transport(tmp_path / "file/mails")
    with pytest.raises(calinvite.InvalidArgumentError):
        calinvite.open_ses_transport(calinvite.AwsOptions(region="eu-central-1"))


def test_a_lease_must_last(engine):
    with pytest.raises(calinvite.InvalidArgumentError, match="lease"):
        engine.dispatch(make_callback_transport(accept), lease=timedelta(milliseconds=500))
    with pytest.raises(TypeError):
        engine.dispatch(make_callback_transport(accept), lease=60)


def test_an_interrupt_ends_a_dispatch_that_waits(tmp_path):
    program = """
import sys, signal
sys.path.insert(0, sys.argv[2])
from datetime import datetime, timezone
from pathlib import Path
import calinvite
from conftest import *
signal.signal(signal.SIGINT, signal.default_int_handler)
with open_engine(Path(sys.argv[1])) as engine:
    add_league(engine)
    start = datetime(2027, 5, 8, 15, tzinfo=timezone.utc)
    event = engine.create_event(LEAGUE, match_at(start))
    engine.invite(LEAGUE, event.uid, fans(1))
    away = calinvite.SendOutcome(calinvite.SendVerdict.UNAVAILABLE)
    print("dispatching", flush=True)
    try:  # its clock stands still: it would wait for ever
        engine.dispatch(calinvite.make_callback_transport(lambda message: away))
    except KeyboardInterrupt:
        print("interrupted", engine.totals(LEAGUE).pending)
"""
    arguments = [sys.executable, "-c", program, str(tmp_path), os.path.dirname(__file__)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "dispatching\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "interrupted 1\n"

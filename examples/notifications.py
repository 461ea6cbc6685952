# Reads what SES reports: as plain facts, and into the store, where they become receipts.
import json
from datetime import datetime, timedelta, timezone
from tempfile import TemporaryDirectory

import calinvite
from calinvite import Domain, Event, Organizer, OutgoingMessage, Scope, SendOutcome, SendVerdict

attempts: dict[str, str] = {}


def send(message: OutgoingMessage) -> SendOutcome:
    attempts[message.to] = message.attempt_id
    return SendOutcome(SendVerdict.ACCEPTED, message_id=f"ses-{len(attempts)}")


def bounce_of(address: str) -> str:
    """What SES publishes; the tag that every message carries names the attempt."""
    recipient = {"emailAddress": address, "action": "failed", "status": "5.1.1",
                 "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
    return json.dumps({
        "eventType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "feedbackId": "f-1",
                   "bouncedRecipients": [recipient], "timestamp": "2037-03-01T12:00:00.000Z"},
        "mail": {"timestamp": "2037-03-01T11:59:00.000Z", "messageId": "ses-1",
                 "source": "cal@reply.league.example", "destination": [address],
                 "tags": {"attempt_id": [attempts[address]]}},
    })


with TemporaryDirectory() as folder, calinvite.Engine.open(
    store=f"sqlite:{folder}/league.db", master_key=bytes(32)
) as engine:
    engine.add_domain(Domain(name="league", from_address="cal@reply.league.example",
                             reply_domain="reply.league.example",
                             base_url="https://cal.league.example"))
    engine.add_organizer(Organizer(address="fixtures@league.example"))
    league = Scope.domain("league")
    start = datetime(2037, 5, 8, 15, 0, tzinfo=timezone.utc)
    match = engine.create_event(league, Event(organizer="fixtures@league.example",
                                              summary="Harbour v Hill",
                                              start=start, end=start + timedelta(hours=2)))
    engine.invite(league, match.uid, ["ana@example.com", "ben@example.net"])
    engine.dispatch(calinvite.make_callback_transport(send))

    # The facts alone. A notification that SNS signed goes through authenticate_sns before.
    notification = bounce_of("ben@example.net")
    for fact in calinvite.parse_notification(notification):
        print(fact.kind.value, fact.address, "for good" if fact.permanent else "for now")

    # In one durable step, from a channel that only SES can write to; twice changes nothing.
    # engine.receive works off a queue of SQS so, engine.ingest_sns takes what SNS posts.
    refused = engine.ingest_notifications([notification, notification, "{}"])
    print([error.code.name if error else None for error in refused])
    for attendee in engine.list_attendees(league, match.uid):
        print(attendee.address, attendee.delivery)
    print([row.address for row in engine.list_suppressions(league)])

# It prints:
# bounced ben@example.net for good
# [None, None, 'INVALID_INPUT']
# ana@example.com accepted
# ben@example.net bounced
# ['ben@example.net']

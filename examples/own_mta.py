# Composes 10,000 invitations for a mail server of your own: no store, no network. The bookkeeping
# that an engine does, tokens, states and answers, is yours then.
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import calinvite
from calinvite import CopyFields, Event, KeyRing, LinkToken, Severity, TokenKey, TokenPurpose

NOW = datetime(2037, 3, 1, 12, 0, tzinfo=timezone.utc)
START = datetime(2037, 5, 8, 15, 0, tzinfo=ZoneInfo("Europe/London"))
keys = KeyRing([TokenKey(1, bytes(range(32)))])


def token(purpose: TokenPurpose, number: int) -> str:
    """What a link carries; its row is the id by which you know the person."""
    row = number.to_bytes(16, "big")
    return calinvite.mint_link_token(LinkToken(purpose, row, NOW + timedelta(days=90)), keys)


def copies(count: int) -> Iterator[CopyFields]:
    """One for each person: who they are, and what makes their copy their own."""
    for number in range(count):
        sender = calinvite.token_address(
            "cal", calinvite.mint_address_token(), "reply.league.example"
        )
        yield CopyFields(
            uid=calinvite.mint_uid(now=NOW),
            organizer_address=sender,
            address=f"fan{number}@example.net",
            name=f"Fan {number}",
            dtstamp=NOW,
            attempt_id=f"a{number}",
            rsvp_token=token(TokenPurpose.RSVP, number),
            unsubscribe_token=token(TokenPurpose.UNSUBSCRIBE, number),
        )


def refuse_faults(message: bytes) -> None:
    """Judges a sample: what it raises refuses the message and all of its kind."""
    for finding in calinvite.lint_message(message):
        if finding.severity is Severity.ERROR:
            raise calinvite.InvalidInputError(f"{finding.rule}: {finding.what}")


sent = 0


def hand_over(message: bytes) -> None:
    """Your mail server takes it from here."""
    global sent
    assert message.endswith(b"\r\n")
    sent += 1


event = Event(summary="Harbour v Hill", start=START, end=START + timedelta(hours=2))
calinvite.check_event(event)
composer = calinvite.Composer(
    event,
    base_url="https://cal.league.example",
    organizer_name="League Office",
    check=refuse_faults,
)
for message in composer.compose_all(copies(10_000)):
    hand_over(message)
print(sent, "handed over")
last = calinvite.parse_mail(message)
print(last.subject, "|", last.recipients, "|", [part.method for part in last.calendars])

# It prints:
# 10000 handed over
# Invitation: Harbour v Hill | ['fan9999@example.net'] | ['REQUEST']

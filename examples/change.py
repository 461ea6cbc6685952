# Moves an event, then cancels it: what it costs, and what those get who hold an invitation to it.
# Whoever declined is left alone.
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import calinvite
from calinvite import Domain, Event, Organizer, OutgoingMessage, Partstat, Scope
from calinvite import SendOutcome, SendVerdict

got: dict[str, str] = {}


def keep(message: OutgoingMessage) -> SendOutcome:
    """A transport of your own gets the finished message; here, what each fan's calendar sees."""
    mail = calinvite.parse_mail(message.bytes)
    calendar = calinvite.parse_calendar(mail.calendars[0].content)
    assert calendar.method
    sequence = calendar.events[0].event.source_sequence
    got[message.to] = f'{calendar.method.value} {sequence}, "{mail.subject}"'
    return SendOutcome(SendVerdict.ACCEPTED, message_id="1@mta.league.example")


def send(engine: calinvite.Engine, when: str) -> None:
    """Sends what is due, and prints what was got."""
    got.clear()
    engine.dispatch(calinvite.make_callback_transport(keep))
    print(f"{when}:")
    for address, what in sorted(got.items()):
        print(f"  {address} {what}")


Path("change.db").unlink(missing_ok=True)
with calinvite.Engine.open(store="sqlite:change.db", master_key=bytes(32)) as engine:
    engine.add_domain(Domain(name="league", from_address="cal@reply.league.example",
                             reply_domain="reply.league.example",
                             base_url="https://cal.league.example"))
    engine.add_organizer(Organizer(address="fixtures@league.example", name="League Office"))
    league = Scope.domain("league")
    start = datetime(2037, 5, 8, 15, 0, tzinfo=ZoneInfo("Europe/London"))
    match = engine.create_event(league, Event(organizer="fixtures@league.example",
                                              summary="Harbour v Hill", location="Harbour Ground",
                                              start=start, end=start + timedelta(hours=2)))
    engine.invite(league, match.uid, [f"fan{number}@example.com" for number in (1, 2, 3)])
    send(engine, "invited")
    engine.rsvp(engine.rsvp_token(league, match.uid, "fan3@example.com"), Partstat.DECLINED)

    day = timedelta(days=1)
    later = replace(match, start=match.start + day, end=match.end + day)
    cost = engine.preview_update(league, later)
    for reason, count in cost.skip.items():
        print(f"moving it would update {cost.update}, and skip {count} who {reason}")
    engine.update_event(league, later)
    send(engine, "moved")
    # `later` is as it was before: who has not seen the newest can't change it.
    try:
        engine.update_event(league, later)
    except calinvite.ConflictError as error:
        print(error.code.name.lower())

    engine.cancel_event(league, match.uid)
    send(engine, "cancelled")

# It prints change.out, as those in C and C++ do.

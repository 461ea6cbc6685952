# Invites three people and follows their answers: one by mail, one by the link, one not yet.
from datetime import datetime, timedelta
from email.message import EmailMessage
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import calinvite
from calinvite import Domain, Event, Organizer, OutgoingMessage, Partstat, Scope
from calinvite import SendOutcome, SendVerdict

mails: dict[str, OutgoingMessage] = {}


def send(message: OutgoingMessage) -> SendOutcome:
    """Hands a message to your own mail server, and says what became of it."""
    mails[message.to] = message
    return SendOutcome(SendVerdict.ACCEPTED, message_id=message.attempt_id)


def accepting(mail: OutgoingMessage) -> bytes:
    """What a calendar client sends back for that mail."""
    (calendar,) = calinvite.parse_mail(mail.bytes).calendars
    answer = (
        calendar.content.decode()
        .replace("METHOD:REQUEST", "METHOD:REPLY")
        .replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED")
    )
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = mail.to, mail.from_address, "Accepted"
    reply["Message-ID"] = "<reply-1@example.com>"
    reply.set_content(answer, subtype="calendar", params={"method": "REPLY"})
    return reply.as_bytes()


with TemporaryDirectory() as folder, calinvite.Engine.open(
    store=f"sqlite:{folder}/league.db", master_key=bytes(32)
) as engine:
    engine.add_domain(
        Domain(
            name="league",
            from_address="cal@reply.league.example",
            reply_domain="reply.league.example",
            base_url="https://cal.league.example",
        )
    )
    engine.add_organizer(Organizer(address="fixtures@league.example", name="League Office"))
    league = Scope.domain("league")
    start = datetime(2037, 5, 8, 15, 0, tzinfo=ZoneInfo("Europe/London"))
    match = engine.create_event(
        league,
        Event(
            organizer="fixtures@league.example",
            summary="Harbour v Hill",
            start=start,
            end=start + timedelta(hours=2),
        ),
    )
    engine.invite(league, match.uid, ["Ana <ana@example.com>", "ben@example.net", "cleo@example.org"])
    engine.dispatch(calinvite.make_callback_transport(send))

    # Your mail server hands answers in as they come: bytes, as for everything else.
    (item,) = engine.ingest(accepting(mails["ana@example.com"]))
    print(item.outcome.value)
    # A page of your own answers by the token of the mail's link; calinvite.respond has such pages.
    engine.rsvp(engine.rsvp_token(league, match.uid, "ben@example.net"), Partstat.DECLINED)

    for attendee in engine.list_attendees(league, match.uid):
        print(attendee.address, attendee.partstat.value, attendee.channel)
    print(engine.statistics(league, match.uid)["rsvp"])

# It prints:
# replied
# ana@example.com ACCEPTED mail
# ben@example.net DECLINED web
# cleo@example.org NEEDS-ACTION
# {'accepted': 1, 'declined': 1, 'noaction': 1, 'tentative': 0}

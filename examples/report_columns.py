# Reports as tables: attendees and receipts become the columns of pandas' DataFrame.
from datetime import datetime, timedelta, timezone
from tempfile import TemporaryDirectory

import pandas

import calinvite
from calinvite import Attendee, Domain, Event, Organizer, Partstat, Receipt, Scope

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
    engine.add_organizer(Organizer(address="fixtures@league.example"))
    league = Scope.domain("league")
    start = datetime(2037, 5, 8, 15, 0, tzinfo=timezone.utc)
    match = engine.create_event(
        league,
        Event(
            organizer="fixtures@league.example",
            summary="Harbour v Hill",
            start=start,
            end=start + timedelta(hours=2),
        ),
    )
    engine.invite(league, match.uid, [f"fan{number}@example.net" for number in range(1, 7)])
    engine.invite(league, match.uid, ["ana@example.com", "ben@example.com"], origin="shop")
    engine.dispatch(calinvite.open_spool_transport(f"{folder}/mails"))
    for address in ("fan1@example.net", "fan2@example.net", "ana@example.com"):
        engine.rsvp(engine.rsvp_token(league, match.uid, address), Partstat.ACCEPTED)

    # One list for each field; the class says which, so that they are there without rows, too.
    attendees = pandas.DataFrame(
        calinvite.columns(Attendee, engine.list_attendees(league, match.uid))
    )
    print(attendees.groupby(["origin", "partstat"]).size().to_string())

    receipts = pandas.DataFrame(calinvite.columns(Receipt, engine.list_receipts(league, match.uid)))
    print(receipts["kind"].value_counts().sort_index().to_string())
    print(receipts["time"].dtype)

    # The figures alone, and the table that organizers get as CSV.
    print(engine.statistics(league, match.uid)["delivery"])
    print(engine.report(league, match.uid).splitlines()[0])

# It prints:
# origin  partstat
# api     ACCEPTED        2
#         NEEDS-ACTION    4
# shop    ACCEPTED        1
#         NEEDS-ACTION    1
# accepted    8
# queued      8
# replied     3
# datetime64[ns, UTC]
# {'accepted': 8}
# "email","name","status","origin","prodid","event","uid","delivery","held_sequence","uninvited","channel","answered","comment","proposal","consent_source","consent_time","consent_text","consent_withdrawn","client"

# Invites two people to an event and writes their invitation mails into the folder "mails".
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import calinvite
from calinvite import Domain, Event, InviteRequest, Organizer, Scope

Path("quickstart.db").unlink(missing_ok=True)
with calinvite.Engine.open(store="sqlite:quickstart.db", master_key=bytes(32)) as engine:
    engine.add_domain(Domain(name="league", from_address="cal@reply.league.example",
                             reply_domain="reply.league.example",
                             base_url="https://cal.league.example"))
    engine.add_organizer(Organizer(address="fixtures@league.example", name="League Office"))
    league = Scope.domain("league")

    start = datetime(2037, 5, 8, 15, 0, tzinfo=ZoneInfo("Europe/London"))
    match = engine.create_event(league, Event(organizer="fixtures@league.example",
                                              summary="Harbour v Hill",
                                              start=start, end=start + timedelta(hours=2)))
    engine.invite(league, match.uid, [InviteRequest("fan1@example.com", "Fan 1", "en"),
                                      InviteRequest("fan2@example.net", language="de")])

    sent = engine.dispatch(calinvite.open_spool_transport("mails"))
    print(f"{sent.totals.accepted} of {sent.totals.planned} accepted")
    print(engine.statistics(league))
    assert sent.totals.accepted == 2

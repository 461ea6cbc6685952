# Takes a CSV of events and a calendar file into the store, and tells what became of each item.
from pathlib import Path
from tempfile import TemporaryDirectory

import calinvite
from calinvite import Domain, IngestOutcome, InputKind, Organizer, Scope

FIXTURES = """\
uid,summary,start,end,timezone,location
m1,Harbour v Hill,2037-05-08T15:00,2037-05-08T17:00,Europe/London,Harbour Ground
m2,Hill v Rovers,2037-05-15T15:00,2037-05-15T14:00,Europe/London,Hill Park
m3,Rovers v Harbour,2037-05-22T15:00,2037-05-22T17:00,Europe/London,The Dell
"""

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
    engine.add_organizer(Organizer(address="fixtures@league.example", bulk=True))

    # Whoever calls vouches for the sender. What is at fault is refused, the rest lands.
    for item in engine.ingest(FIXTURES, source="fixtures.csv", sender="fixtures@league.example"):
        print(item.item, item.outcome.value, item.reason)

    # A file is read piece by piece. The same list again changes nothing, one row differs here.
    moved = Path(folder, "moved.csv")
    moved.write_text(FIXTURES.replace("2037-05-22T15", "2037-05-22T16"))
    with moved.open("rb") as file:
        items = engine.ingest(file, source=moved.name, sender="fixtures@league.example")
    print([item.outcome.value for item in items])

    calendar = Path(__file__).parent / "match.ics"
    (item,) = engine.ingest(
        calendar.read_bytes(), kind=InputKind.CALENDAR, sender="fixtures@league.example"
    )
    assert item.outcome is IngestOutcome.CREATED

    for summary in engine.list_events(Scope.domain("league")):
        print(f"{summary.event.start:%d %B %H:%M}", summary.event.summary)

# It prints:
# row refused event: end must be after start
# row m1 created
# row m3 created
# ['refused', 'already seen', 'updated']
# 08 May 15:00 Harbour v Hill
# 08 May 15:00 Harbour v Hill
# 22 May 16:00 Rovers v Harbour

"""As bench/faces.cpp, through the Python face."""

import json
import time
from datetime import datetime, timezone
from itertools import chain, repeat
from zoneinfo import ZoneInfo

from calinvite import Composer, CopyFields, Event

PEOPLE, ROUNDS = 1000, 100
LONDON = ZoneInfo("Europe/London")
event = Event(
    organizer="fixtures@league.example",
    summary="Harbour v Hill",
    description="The derby. Gates open two hours before.",
    location="Harbour Ground, Quay Road",
    start=datetime(2037, 5, 8, 15, 0, tzinfo=LONDON),
    end=datetime(2037, 5, 8, 17, 0, tzinfo=LONDON),
)
copies = [
    CopyFields(
        uid=f"ci-00000000000000000000000000{number:04}",
        organizer_address=f"cal+abcdefghijkl{number:04}@reply.league.example",
        address=f"fan{number:04}@example.net",
        name=f"Fan {number:04}",
        language="en",
        rsvp_token="A" * 50 + f"{number:04}",
        unsubscribe_token="B" * 50 + f"{number:04}",
        dtstamp=datetime(2037, 3, 1, 12, 0, tzinfo=timezone.utc),
        attempt_id=f"0000000000000000000000000000{number:04}",
    )
    for number in range(PEOPLE)
]
composer = Composer(
    event, organizer_name="League Office", base_url="https://cal.league.example"
)

begin = time.process_time()
size = 0
for message in composer.compose_all(chain.from_iterable(repeat(copies, ROUNDS))):
    size += len(message)
seconds = time.process_time() - begin
print(json.dumps({"job": "faces", "peer": "Python", "n": PEOPLE * ROUNDS, "cpu_s": seconds,
                  "bytes": size}))

"""A league with one organizer and one match, in a store of its own for each test."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import calinvite
from calinvite import Domain, Event, Organizer, Scope, SendOutcome, SendVerdict

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data"
LEAGUE = Scope.domain("league")
OFFICE = "fixtures@league.example"
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=timezone.utc)


def open_engine(folder, **options):
    options.setdefault("clock", lambda: NOW)
    return calinvite.Engine.open(
        store=f"sqlite:{folder}/league.db", master_key=bytes(range(32)), **options
    )


def add_league(engine):
    engine.add_domain(
        Domain(
            name="league",
            from_address="cal@reply.league.example",
            reply_domain="reply.league.example",
            base_url="https://cal.league.example",
        )
    )
    engine.add_organizer(Organizer(address=OFFICE, name="League Office", bulk=True))


def match_at(start, **fields):
    fields.setdefault("end", start + timedelta(hours=2))
    fields.setdefault("summary", "Harbour v Hill")
    return Event(organizer=OFFICE, start=start, **fields)


def fans(count):
    return [f"fan{number:04}@example.net" for number in range(1, count + 1)]


def accept(message):
    return SendOutcome(SendVerdict.ACCEPTED, message_id=f"m-{message.attempt_id}")


@pytest.fixture
def engine(tmp_path):
    with open_engine(tmp_path) as engine:
        add_league(engine)
        yield engine


@pytest.fixture
def match(engine):
    return engine.create_event(
        LEAGUE, match_at(datetime(2027, 5, 8, 15, tzinfo=ZoneInfo("Europe/London")))
    )

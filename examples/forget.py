# Whom not to mail, and how a person is forgotten: suppression, unsubscribing, erasure.
import re
from datetime import datetime, timedelta, timezone
from tempfile import TemporaryDirectory

import calinvite
from calinvite import Domain, Event, Organizer, Scope, Suppression, SuppressionScope

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
    engine.invite(league, match.uid, ["ana@example.com", "ben@example.net", "cleo@example.org"])

    # From this moment on nothing more leaves for them, whatever was planned before.
    engine.add_suppression(league, Suppression(address="ben@example.net", reason="asked by phone"))
    done = engine.import_suppressions(league, "email,reason\nold@example.org,moved away\n")
    print(done.added, "more from a list")
    # The link of a mail says who unsubscribes.
    mail = engine.preview(league, match.uid, "ana@example.com").bytes.decode()
    found = re.search(r"List-Unsubscribe: <https://cal.league.example/\w+/([\w-]+)>", mail)
    assert found
    engine.unsubscribe(found[1], SuppressionScope.DOMAIN)

    sent = engine.dispatch(calinvite.open_spool_transport(f"{folder}/mails"))
    print(f"{sent.totals.accepted} sent, {sent.totals.suppressed} suppressed")
    for row in engine.list_suppressions(league):
        print(row.address, row.reason)

    # Rows that count stay and name nobody; the address stays suppressed, as a keyed hash.
    erasure = engine.erase(league, "cleo@example.org")
    print("erased:", erasure.attendees, "attendee,", erasure.receipts, "receipts")
    print(sorted(each.address.split("@")[1] for each in engine.list_attendees(league, match.uid)))
    print("planned again:", engine.plan_invites(league, match.uid, ["cleo@example.org"]).skip)

# It prints:
# 1 more from a list
# 1 sent, 2 suppressed
# ana@example.com unsubscribed
# ben@example.net asked by phone
# old@example.org moved away
# erased: 1 attendee, 2 receipts
# ['erased.invalid', 'example.com', 'example.net']
# planned again: {'suppressed': 1}

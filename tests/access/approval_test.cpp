// Changes that wait for a go-ahead (F5).
#include "access/owners.hpp"
#include "ingest/held_change.hpp"

using namespace roles;
using league::League;

namespace {

const Scope whole = Scope::domain("league");
const Scope own = Scope::organizer("league", league::kOrganizer);

/// A league whose domain holds changes, with a derby that two people were invited to.
struct Held {
  Held() {
    Domain domain = must(league.engine->list_domains()).at(0);
    domain.approval = true;
    must(league.engine->update_domain(domain));
    event = league.mailed_event();
    league.invite(event, {"ana@fans.example", "ben@fans.example"});
    league.dispatch();
  }

  IngestItem send(int sequence, const std::string& start, const std::string& method = "REQUEST") {
    const std::string end = start.substr(0, 9) + "220000";
    return league
        .ingest(
            league::mail(league::kOrganizer,
                         league::request("derby", sequence, start, end, league::kOrganizer, method),
                         method),
            "change" + std::to_string(sequence) + ".eml")
        .at(0);
  }

  /// The token of the approval link in what was sent now.
  std::string token() {
    league.dispatch();
    for (const auto& message : league.sent) {
      const auto mail = must(parse_mail(message.bytes));
      for (const MailPart& part : mail.parts) {
        const std::string link = "https://cal.league.example/a/";
        const auto at = part.content.find(link);
        if (part.content_type != "text/plain" || at == std::string::npos) continue;
        CHECK(message.to == league::kOrganizer);
        CHECK(part.content.find("2 people will be told") != std::string::npos);
        const auto begin = at + link.size();
        return part.content.substr(begin, part.content.find_first_of("\r\n ", begin) - begin);
      }
    }
    FAIL("no approval link was sent");
    return {};
  }

  Event now() const { return must(league.engine->get_event(whole, event)); }
  bool waits() const { return must(league.engine->find_held_change(own, event)).has_value(); }
  std::uint64_t invites_sent() {
    std::uint64_t count = 0;
    league.dispatch();
    for (const auto& message : league.sent) count += message.to != league::kOrganizer ? 1 : 0;
    return count;
  }

  mutable League league;
  std::string event;
};

}  // namespace

TEST_CASE("a mailed change waits, and nothing of it is mailed or shown before the go-ahead",
          "[access]") {
  Held held;
  const Event before = held.now();

  const auto item = held.send(1, "20270602T193000");
  CHECK(item.outcome == IngestOutcome::held);
  CHECK(item.told == 2);
  CHECK(item.event == held.event);
  CHECK(held.now().start == before.start);
  CHECK(held.now().sequence == 0);
  CHECK(held.invites_sent() == 0);
  held.league.invite(held.event, {"cem@fans.example"});
  CHECK(held.invites_sent() == 1);  // of the event as it is
  const auto first = League::calendar_of(held.league.sent_to("cem@fans.example"));
  CHECK(first.find("DTSTART;TZID=Europe/Berlin:20270601T193000") != std::string::npos);

  const auto approval = must(held.league.engine->find_held_change(own, held.event)).value();
  CHECK(approval.before.start == before.start);
  CHECK(approval.after.start == before.start + 24h);
  CHECK(approval.plan.update == 3);
  CHECK(must(held.league.engine->list_held_changes(whole, {})).items.size() == 1);
  const auto done = must(held.league.engine->approve_change(own, held.event));
  CHECK(done.update == 3);
  CHECK(held.now().start == before.start + 24h);
  CHECK(held.now().sequence == 1);
  CHECK_FALSE(held.waits());
  CHECK(held.invites_sent() == 3);
  const auto again = held.league.engine->approve_change(own, held.event);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::conflict);
}

TEST_CASE("the mailed link shows a change to its organizer, and carries it out once", "[access]") {
  Held held;
  held.send(1, "20270602T193000");
  const std::string token = held.token();

  for (int looked = 0; looked < 3; ++looked) {
    const auto page = must(held.league.engine->find_approval(token));
    CHECK(page.domain == "league");
    CHECK(page.plan.update == 2);
  }
  CHECK(held.waits());  // looking does nothing
  CHECK(must(held.league.engine->approve(token)).update == 2);
  CHECK(held.invites_sent() == 2);
  const auto again = held.league.engine->approve(token);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::conflict);
  CHECK(held.invites_sent() == 0);

  std::string altered = token;
  altered[30] = altered[30] == 'a' ? 'b' : 'a';
  const auto forged = held.league.engine->approve(altered);
  REQUIRE_FALSE(forged);
  CHECK(forged.error().code == Code::unauthenticated);
}

TEST_CASE("a newer change replaces the one that waits, and ends its link", "[access]") {
  Held held;
  held.send(1, "20270602T193000");
  const std::string first = held.token();

  CHECK(held.send(2, "20270603T193000").outcome == IngestOutcome::held);
  const std::string second = held.token();
  CHECK(held.send(1, "20270602T193000").outcome == IngestOutcome::already_seen);  // older
  CHECK(held.send(2, "20270603T193000").outcome == IngestOutcome::already_seen);  // the same
  const auto stale = held.league.engine->approve(first);
  REQUIRE_FALSE(stale);
  CHECK(stale.error().code == Code::conflict);
  CHECK(must(held.league.engine->approve(second)).update == 2);
  CHECK(format_iso(held.now().start) == "2027-06-03T19:30:00");
}

TEST_CASE("a cancellation waits too, and a later invitation takes it back", "[access]") {
  Held held;

  CHECK(held.send(1, "20270601T193000", "CANCEL").outcome == IngestOutcome::held);
  CHECK(held.now().status == EventStatus::confirmed);
  const auto cost = must(held.league.engine->find_held_change(own, held.event)).value().plan;
  CHECK(cost.cancel == 2);
  CHECK(held.send(2, "20270602T193000").outcome == IngestOutcome::held);
  must(held.league.engine->approve_change(own, held.event));
  CHECK(held.now().status == EventStatus::confirmed);
  CHECK(format_iso(held.now().start) == "2027-06-02T19:30:00");

  held.league.dispatch();
  held.send(3, "20270602T193000", "CANCEL");
  CHECK(must(held.league.engine->approve(held.token())).cancel == 2);
  CHECK(held.now().status == EventStatus::cancelled);
}

TEST_CASE("a change back to what is, a drop and a direct change end the wait", "[access]") {
  Held held;
  const Event before = held.now();

  held.send(1, "20270602T193000");
  const std::string end = "20270601T213000";
  held.league.ingest(
      league::mail(league::kOrganizer, league::request("derby", 2, "20270601T193000", end)),
      "back.eml");
  CHECK_FALSE(held.waits());
  CHECK(held.now().start == before.start);

  held.send(3, "20270602T193000");
  must(held.league.engine->drop_held_change(own, held.event));
  CHECK_FALSE(held.waits());
  CHECK_FALSE(held.league.engine->drop_held_change(own, held.event));

  held.send(4, "20270602T193000");
  CHECK(held.waits());
  Event direct = held.now();
  direct.location = "Harbour";
  must(held.league.engine->update_event(own, direct));
  CHECK_FALSE(held.waits());
  CHECK(held.now().start == before.start);
  CHECK(held.invites_sent() == 2);
}

TEST_CASE("a link carries out the change it showed, not one that took its place since",
          "[access]") {
  Held held;
  held.send(1, "20270602T193000");
  const auto store = must(open_store("sqlite:" + (held.league.folder_ / "league.db").string()));
  const auto shown = must(store->find_held_change(whole, held.event)).value();
  held.send(2, "20270603T193000");
  const ZoneTable zones;
  const Clock clock = [&held] { return held.league.now; };
  const Random random = [](std::span<std::uint8_t> out) { std::fill(out.begin(), out.end(), 1); };
  const ingest::Context context{*store, zones, clock, random,
                                must(held.league.engine->list_domains()).at(0)};

  const auto stale = ingest::apply_shown_change(context, whole, shown);

  REQUIRE_FALSE(stale);
  CHECK(stale.error().code == Code::conflict);
  CHECK(held.waits());
  CHECK(held.now().sequence == 0);
}

TEST_CASE("a save that tells nobody anything leaves a change waiting", "[access]") {
  Held held;
  held.send(1, "20270602T193000");
  Event quiet = held.now();
  quiet.invite_limit = 100;

  must(held.league.engine->update_event(own, quiet));

  CHECK(held.now().invite_limit == 100);
  CHECK(held.waits());
  CHECK(must(held.league.engine->approve(held.token())).update == 2);
}

TEST_CASE("a suspended organizer's link carries out nothing, until they are taken back",
          "[access]") {
  Held held;
  held.send(1, "20270602T193000");
  const std::string token = held.token();
  must(held.league.engine->suspend_organizer(whole, league::kOrganizer));

  const auto refused = held.league.engine->approve(token);

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::forbidden);
  CHECK(held.waits());
  CHECK(held.now().sequence == 0);
}

TEST_CASE("who waits is said of an organizer, else of the domain", "[access]") {
  Held held;
  Organizer organizer = must(held.league.engine->list_organizers(whole)).at(0);
  organizer.approval = false;
  must(held.league.engine->update_organizer(whole, organizer));
  CHECK(held.send(1, "20270602T193000").outcome == IngestOutcome::updated);

  organizer.approval = true;
  must(held.league.engine->update_organizer(whole, organizer));
  CHECK(held.send(2, "20270603T193000").outcome == IngestOutcome::held);
  organizer.approval = false;
  must(held.league.engine->update_organizer(whole, organizer));
  CHECK(held.send(3, "20270604T193000").outcome == IngestOutcome::updated);
  CHECK_FALSE(held.waits());
}

TEST_CASE("what nobody would be told of waits for nobody", "[access]") {
  Held held;
  const std::string uid = "quiet";
  const auto made = held.league.ingest(
      league::mail(league::kOrganizer,
                   league::request(uid, 0, "20270701T193000", "20270701T213000")),
      "quiet.eml");
  CHECK(made.at(0).outcome == IngestOutcome::created);
  const auto moved = held.league.ingest(
      league::mail(league::kOrganizer,
                   league::request(uid, 1, "20270702T193000", "20270702T213000")),
      "moved.eml");
  CHECK(moved.at(0).outcome == IngestOutcome::updated);
}

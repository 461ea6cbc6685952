// Who must not be mailed: by whom, why, and who may lift it.
#include "contract/world.hpp"

using namespace contract;

namespace {

const std::string second = "second@league.example";

struct Ring {
  explicit Ring(World& world) : world(world) {
    must(world->add_organizer({"league", second, "", "second"}));
    must(world->add_domain(domain_named("rival")));
    must(world->add_organizer({"rival", World::organizer, "", "fixtures"}));
  }
  bool add(const Scope& scope, const std::string& organizer, const std::string& reason,
           const std::string& address = fan(0)) {
    return must(world->add_suppression(
        scope, {scope.domain_name(), organizer, address, reason, world.now}));
  }
  std::vector<std::string> seen(const Scope& scope, const std::string& address = {}) {
    std::vector<std::string> rows;
    for (const auto& row : must(world->list_suppressions(scope, address, {})).items) {
      rows.push_back(row.domain + '/' + row.organizer + '/' + row.address + '/' + row.reason);
    }
    return rows;
  }
  World& world;
  const Scope own = Scope::organizer("league", World::organizer);
  const Scope other = Scope::organizer("league", second);
  const Scope rival = Scope::domain("rival");
};

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("who asks sees the suppressions that are theirs", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  ring.add(ring.own, "", "manual");
  ring.add(ring.other, "", "manual", fan(1));
  ring.add(world.scope, "", "legal");
  ring.add(ring.rival, "", "legal", fan(2));
  ring.add(Scope::system(), "", "court", fan(3));
  const std::string organizer = World::organizer;

  CHECK(ring.seen(ring.own) == Rows{"league/" + organizer + "/" + fan(0) + "/manual"});
  CHECK(ring.seen(ring.other) == Rows{"league/" + second + "/" + fan(1) + "/manual"});
  CHECK(ring.seen(world.scope) == Rows{"league//" + fan(0) + "/legal",
                                       "league/" + organizer + "/" + fan(0) + "/manual",
                                       "league/" + second + "/" + fan(1) + "/manual"});
  CHECK(ring.seen(world.scope, fan(1)) == Rows{"league/" + second + "/" + fan(1) + "/manual"});
  CHECK(ring.seen(ring.rival) == Rows{"rival//" + fan(2) + "/legal"});
  CHECK(ring.seen(Scope::system()).size() == 5);
  CHECK(ring.seen(Scope::system()).front() == "//" + fan(3) + "/court");
  CHECK(ring.seen(Scope::domain("nowhere")).empty());
}

TEST_CASE("suppressions come in pages, each once", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  for (int i = 0; i < 25; ++i) {
    ring.add(world.scope, "", "manual", fan(i));
    ring.add(ring.own, "", "manual", fan(i));
  }
  Page page{7, {}};
  Rows rows;
  do {
    const auto part = must(world->list_suppressions(world.scope, "", page));
    CHECK(part.items.size() <= 7);
    for (const auto& row : part.items) rows.push_back(row.organizer + '/' + row.address);
    page.after = part.next;
  } while (!page.after.empty());

  CHECK(rows.size() == 50);
  CHECK(std::is_sorted(rows.begin(), rows.end()));
  CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
  CHECK(code_of(world->list_suppressions(world.scope, "", {7, "made up"})) ==
        Code::invalid_argument);
}

TEST_CASE("nobody suppresses or lifts beyond their scope", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  ring.add(world.scope, "", "legal");
  const auto attempt = [&](const Scope& scope, const std::string& domain,
                           const std::string& organizer) {
    const Suppression row{domain, organizer, fan(0), "manual", world.now};
    const auto added = world->add_suppression(scope, row);
    const auto removed = world->remove_suppression(scope, row);
    CHECK_FALSE(added.has_value());
    CHECK_FALSE(removed.has_value());
    return added ? Code::internal : added.error().code;
  };

  CHECK(attempt(ring.own, "league", second) == Code::not_found);
  CHECK(attempt(ring.own, "rival", World::organizer) == Code::not_found);
  CHECK(attempt(ring.rival, "league", "") == Code::not_found);
  CHECK(attempt(ring.rival, "rival", second) == Code::not_found);
  CHECK(attempt(Scope::domain("nowhere"), "", "") == Code::not_found);
  CHECK(attempt(Scope::system(), "", World::organizer) == Code::invalid_argument);
  // An organizer's own row is not there, and the domain's is out of reach.
  CHECK(code_of(world->remove_suppression(ring.own, {"", "", fan(0), "", {}})) == Code::not_found);
  CHECK(ring.seen(Scope::system()) == Rows{"league//" + fan(0) + "/legal"});
}

TEST_CASE("what a person or their mailbox said is no organizer's to lift", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  for (const std::string reason : {"unsubscribed", "bounced", "complained"}) {
    INFO(reason);
    ring.add(ring.own, "", reason, fan(1));
    const Suppression row{"", World::organizer, fan(1), "", {}};
    CHECK(code_of(world->remove_suppression(ring.own, row)) == Code::forbidden);
    must(world->remove_suppression(world.scope, row));
    CHECK(ring.seen(world.scope).empty());
  }
  ring.add(ring.own, "", "left the club", fan(1));
  must(world->remove_suppression(ring.own, {"", "", fan(1), "", {}}));
  CHECK(ring.seen(world.scope).empty());
}

TEST_CASE("reasons weigh the same in any order", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  std::vector<std::string> reasons{"bounced", "complained", "manual", "unsubscribed"};
  do {
    int changes = 0;
    for (const auto& reason : reasons) changes += ring.add(world.scope, "", reason);
    CHECK(changes >= 1);
    CHECK(ring.seen(world.scope) == Rows{"league//" + fan(0) + "/complained"});
    must(world->remove_suppression(world.scope, {"", "", fan(0), "", {}}));
  } while (std::next_permutation(reasons.begin(), reasons.end()));

  CHECK(ring.add(world.scope, "", "manual"));
  CHECK_FALSE(ring.add(world.scope, "", "left the club"));
  CHECK(ring.seen(world.scope) == Rows{"league//" + fan(0) + "/manual"});
}

TEST_CASE("what a person asked for outlives the reason that was there before", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  const Suppression row{"", World::organizer, fan(0), "", {}};
  for (const std::string before : {"manual", "bounced"}) {
    INFO(before);
    world.now += 1s;
    CHECK(ring.add(ring.own, "", before));
    must(world->withdraw_consent(world.scope, World::organizer, fan(0), world.now));
    CHECK_FALSE(ring.add(ring.own, "", "unsubscribed"));

    CHECK(code_of(world->remove_suppression(ring.own, row)) == Code::forbidden);
    must(world->remove_suppression(world.scope, row));

    CHECK(ring.seen(ring.own) ==
          Rows{"league/" + std::string(World::organizer) + "/" + fan(0) + "/unsubscribed"});
    must(world->remove_suppression(world.scope, row));
    CHECK(ring.seen(ring.own).empty());
    world.now += 1s;
    must(world->record_consent(
        world.scope, {"", World::organizer, fan(0), "form", world.now, "asked again", {}}));
  }
}

TEST_CASE("I11: what is lifted before the intent is sent, what is added is not", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  world.add_event();
  world.invite("cup", {fan(0), fan(1)});
  ring.add(ring.own, "", "manual", fan(0));
  const auto claimed = world.claim();
  must(world->remove_suppression(ring.own, {"", "", fan(0), "", {}}));
  ring.add(ring.own, "", "manual", fan(1));

  for (const auto& invite : claimed) {
    CHECK(world.intend(invite, world.draws.attempt()) ==
          (invite.attendee.address == fan(0) ? IntentVerdict::go : IntentVerdict::suppressed));
  }
  check_conservation(world.totals());
}

TEST_CASE("consent is kept as it was said last, and ends with its withdrawal", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  const auto record = [&](const std::string& source, sys_seconds time) {
    return must(world->record_consent(
        world.scope, {"league", World::organizer, fan(0), source, time, "keep me posted"}));
  };
  const auto kept = [&] { return must(world->list_consents(ring.own, fan(0), {})).items.at(0); };
  CHECK(record("form", world.now));
  CHECK_FALSE(record("form", world.now + 10s));   // the same again: since when it holds stays
  CHECK_FALSE(record("paper", world.now - 10s));  // older
  CHECK(record("shop", world.now + 20s));
  CHECK(kept().source == "shop");
  CHECK_FALSE(kept().withdrawn.has_value());

  must(world->withdraw_consent(world.scope, "", fan(0), world.now + 30s));
  CHECK(kept().withdrawn == world.now + 30s);
  CHECK_FALSE(record("shop", world.now + 25s));  // an old list does not bring it back
  CHECK(record("shop", world.now + 40s));
  CHECK_FALSE(kept().withdrawn.has_value());

  // Of the domain nothing was known but that it was withdrawn.
  const auto all = must(world->list_consents(world.scope, fan(0), {})).items;
  REQUIRE(all.size() == 2);
  CHECK(all[0].source.empty());
  CHECK(all[0].withdrawn == world.now + 30s);
  CHECK(must(world->list_consents(ring.own, "", {})).items.size() == 1);
  CHECK(must(world->list_consents(ring.other, "", {})).items.empty());
  CHECK(must(world->list_consents(ring.rival, "", {})).items.empty());
  CHECK(code_of(world->record_consent(ring.other, {"league", World::organizer, fan(0), "form",
                                                   world.now, ""})) == Code::not_found);
  CHECK(code_of(world->withdraw_consent(ring.rival, second, fan(0), world.now)) == Code::not_found);
}

TEST_CASE("an invite brings its consent, not for somebody suppressed", "[contract]") {
  CONTRACT_WORLD();
  Ring ring(world);
  world.add_event();
  ring.add(world.scope, "", "unsubscribed", fan(1));
  std::vector people{world.draws.attendee(fan(0)), world.draws.attendee(fan(1)),
                     world.draws.attendee(fan(2))};
  people[0].request.consent = ConsentGiven{"form", {}, "yes"};
  people[1].request.consent = ConsentGiven{"form", {}, "yes"};
  must(world->add_invites(world.scope, "cup", people, {World::series()}, world.now));

  const auto kept = must(world->list_consents(world.scope, "", {})).items;
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].address == fan(0));
  CHECK(kept[0].organizer == World::organizer);
  CHECK(kept[0].time == world.now);
}

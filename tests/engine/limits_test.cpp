// How many people and events an organizer may have, whatever way they go.
#include <algorithm>

#include "engine/league.hpp"

using namespace league;

namespace {

const Scope own = Scope::organizer("league", kOrganizer);

void set(League& league, const std::function<void(Domain&)>& edit) {
  Domain domain = league.engine->list_domains()->at(0);
  edit(domain);
  REQUIRE(league.engine->update_domain(domain));
}

std::vector<std::string> people(int from, int to) {
  std::vector<std::string> list;
  for (int i = from; i < to; ++i) list.push_back("fan" + std::to_string(i) + "@x.example");
  return list;
}

std::size_t limit_notices(League& league) {
  const auto all = league.engine->list_notices(kScope, {1000, {}});
  return static_cast<std::size_t>(
      std::count_if(all->items.begin(), all->items.end(),
                    [](const Notice& notice) { return notice.kind == NoticeKind::limit; }));
}

}  // namespace

TEST_CASE("uninviting people who were sent something makes no room for others", "[engine]") {
  League league;
  set(league, [](Domain& domain) { domain.invite_limit = 3; });
  const Event event = league.event();
  REQUIRE(league.invite(event.uid, people(0, 3)).invite == 3);
  REQUIRE(league.engine->uninvite(kScope, event.uid, "fan0@x.example"));
  CHECK(league.invite(event.uid, people(3, 4)).invite == 1);  // nobody had heard of it yet

  league.dispatch();
  for (const std::string& person : people(1, 4)) {
    REQUIRE(league.engine->uninvite(kScope, event.uid, person));
  }
  const Plan others = league.invite(event.uid, people(10, 13));
  const Plan again = league.invite(event.uid, people(1, 2));

  CHECK(others.invite == 0);
  CHECK(others.skip.at("limit_reached") == 3);
  CHECK(again.skip.at("limit_reached") == 1);
}

TEST_CASE("the copies of somebody who is invited again and again all count", "[engine]") {
  League league;
  set(league, [](Domain& domain) { domain.invite_limit = 2; });
  const Event event = league.event();
  for (int time = 0; time < 2; ++time) {
    REQUIRE(league.invite(event.uid, people(0, 1)).invite == 1);
    league.dispatch();
    REQUIRE(league.engine->uninvite(kScope, event.uid, "fan0@x.example"));
    league.dispatch();
  }
  CHECK(league.invite(event.uid, people(0, 1)).skip.at("limit_reached") == 1);
}

TEST_CASE("an organizer's update keeps within the domain's limit of invites", "[engine]") {
  League league;
  set(league, [](Domain& domain) { domain.invite_limit = 100; });
  Event event = league.event();
  REQUIRE(event.invite_limit == 100);

  event.invite_limit = usual_invite_limit;  // of a new event it would be the domain's
  const auto raised = league.engine->update_event(own, event);

  REQUIRE_FALSE(raised);
  CHECK(raised.error().code == Code::forbidden);
  CHECK(league.engine->get_event(kScope, event.uid)->invite_limit == 100);
}

TEST_CASE("two processes can't pass the limit of events between them", "[engine]") {
  League league;
  set(league, [](Domain& domain) { domain.event_limit = 1; });
  Engine other = league.open();
  Event match{.organizer = kOrganizer, .summary = "Cup"};
  match.start = parse_iso("2027-05-08T15:00")->wall;
  match.end = match.start + std::chrono::hours(2);
  match.timezone = "UTC";

  // The clock is looked at twice: while the event is made, and while the others are counted. The
  // second time another process comes in.
  bool inside = false;
  std::optional<Result<Event>> in_between;
  int asked = 0;
  league.on_clock = [&] {
    if (inside || ++asked != 2) return;
    inside = true;
    match.source_uid = "other";
    in_between.emplace(other.create_event(kScope, match));
    inside = false;
  };
  match.source_uid = "one";
  const auto created = league.engine->create_event(kScope, match);
  league.on_clock = {};

  CHECK(created);
  REQUIRE(in_between);
  CHECK_FALSE(*in_between);
  CHECK(league.engine->list_events(kScope, {}, {})->items.size() == 1);
}

TEST_CASE("an event that was over and comes back counts as one more", "[engine]") {
  League league;
  set(league, [](Domain& domain) { domain.event_limit = 1; });
  Event old = league.event("Old");
  league.now += std::chrono::days(400);
  Event match{.organizer = kOrganizer, .summary = "New"};
  match.start = parse_iso("2029-05-08T15:00")->wall;
  match.end = match.start + std::chrono::hours(2);
  match.timezone = "UTC";
  REQUIRE(league.engine->create_event(kScope, match));

  old.start = match.start;
  old.end = match.end;
  const auto moved = league.engine->update_event(kScope, old);

  REQUIRE_FALSE(moved);
  CHECK(moved.error().code == Code::forbidden);
  old.start = parse_iso("2027-05-09T15:00")->wall;  // over as before: it takes no place
  old.end = old.start + std::chrono::hours(2);
  CHECK(league.engine->update_event(kScope, old));
}

TEST_CASE("a limit that is reached is told once a day", "[engine]") {
  League league;
  set(league, [](Domain& domain) { domain.invite_limit = 1; });
  const Event event = league.event();
  league.invite(event.uid, people(0, 2));
  league.invite(event.uid, people(2, 3));
  CHECK(limit_notices(league) == 1);

  league.now += std::chrono::days(1);
  league.invite(event.uid, people(2, 3));
  league.invite(event.uid, people(3, 4));

  CHECK(limit_notices(league) == 2);
}

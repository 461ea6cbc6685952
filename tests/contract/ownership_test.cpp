#include "contract/world.hpp"

using namespace contract;

TEST_CASE("a delegate is one until taken back, in their domain only", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_domain(domain_named("cup")));
  must(world->add_organizer({"cup", World::organizer, "", "fixtures"}));
  must(world->set_delegate(world.scope, World::organizer, "a@club.example", true));
  must(world->set_delegate(world.scope, World::organizer, "a@club.example", true));

  const auto principals = must(world->list_principals(world.scope, "a@club.example"));
  REQUIRE(principals.size() == 1);
  CHECK(principals[0].address == World::organizer);
  CHECK(must(world->list_principals(Scope::domain("cup"), "a@club.example")).empty());
  must(world->set_organizer_state(world.scope, World::organizer, OrganizerState::suspended));
  CHECK(must(world->list_principals(world.scope, "a@club.example")).empty());
  must(world->set_organizer_state(world.scope, World::organizer, OrganizerState::registered));
  must(world->set_delegate(world.scope, World::organizer, "a@club.example", false));
  CHECK(must(world->list_principals(world.scope, "a@club.example")).empty());
  CHECK(code_of(world->set_delegate(world.scope, "x@league.example", "a@club.example", true)) ==
        Code::not_found);
}

TEST_CASE("the owners of a source UID are those of the scope", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_organizer({"league", "second@league.example", "", "second"}));
  world.add_event("cup");
  Event other = world.event("other");
  other.organizer = "second@league.example";
  other.source_uid = "source-cup";
  must(world->add_event(world.scope, other));

  CHECK(must(world->list_source_owners(world.scope, "source-cup")) ==
        std::vector<std::string>{World::organizer, "second@league.example"});
  CHECK(must(world->list_source_owners(Scope::organizer("league", "second@league.example"),
                                       "source-cup")) ==
        std::vector<std::string>{"second@league.example"});
  CHECK(must(world->list_source_owners(world.scope, "none")).empty());
}

TEST_CASE("an organizer's scope keeps no cancel of another's event", "[contract]") {
  CONTRACT_WORLD();
  const auto theirs = Scope::organizer("league", "second@league.example");
  const EarlyCancel cancel{World::organizer, "cup", 3, world.now, world.now};

  CHECK(code_of(world->keep_cancel(theirs, cancel, world.now - 60s)) == Code::not_found);
  CHECK_FALSE(must(world->find_cancel(world.scope, World::organizer, "cup", world.now)));
}

TEST_CASE("the newest early cancel of an event is kept for as long as asked", "[contract]") {
  CONTRACT_WORLD();
  const EarlyCancel cancel{World::organizer, "cup", 3, world.now, world.now};
  EarlyCancel older = cancel;
  older.sequence = 2;
  must(world->keep_cancel(world.scope, cancel, world.now - 60s));
  must(world->keep_cancel(world.scope, older, world.now - 60s));

  const auto found = must(world->find_cancel(world.scope, World::organizer, "cup", world.now));
  REQUIRE(found);
  CHECK(found->sequence == 3);
  CHECK(found->dtstamp == world.now);
  CHECK_FALSE(must(world->find_cancel(world.scope, World::organizer, "cup", world.now + 1s)));
  CHECK_FALSE(must(world->find_cancel(world.scope, World::organizer, "other", world.now)));
  EarlyCancel next = cancel;
  next.source_uid = "other";
  next.time = world.now + 60s;
  must(world->keep_cancel(world.scope, next, world.now + 1s));
  CHECK_FALSE(must(world->find_cancel(world.scope, World::organizer, "cup", {})));
}

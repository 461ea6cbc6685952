// Revisions that a change has overtaken: what their holders know, for as long as they know it.
#include "contract/world.hpp"

using namespace contract;

namespace {

bool is_kept(World& world, std::int32_t sequence) {
  return must(world->find_revision(world.scope, "cup", sequence)).has_value();
}

/// What is due about the cup, by address.
std::map<std::string, std::int32_t> known_sequences(World& world) {
  std::map<std::string, std::int32_t> known;
  for (const ClaimedInvite& invite : world.claim()) {
    known[invite.attendee.address] = invite.known_sequence;
  }
  must(world->release(world.fence));
  return known;
}

}  // namespace

TEST_CASE("an overtaken revision is kept as it was", "[contract]") {
  CONTRACT_WORLD();
  Event cup = world.event();
  cup.description = "Gates open at one.";
  cup.location = "Old Ground";
  cup.url = "https://league.example/cup";
  cup.rrule = "FREQ=WEEKLY;COUNT=4";
  cup.exdates = {cup.start + 7 * 24h};
  Override moved;
  moved.occurrence = {cup.start + 14 * 24h};
  moved.start = moved.occurrence.original_start + 1h;
  moved.end = moved.start + 2h;
  moved.summary = "Cup final, late";
  cup.overrides = {moved};
  must(world->add_event(world.scope, cup));
  world.invite("cup", {fan(0)});
  world.send_all();
  CHECK_FALSE(is_kept(world, 0));
  Event after = cup;
  after.location = "New Ground";
  after.exdates.clear();
  after.overrides.clear();
  must(world->apply_change(world.scope, after, 0, {Method::request, 1, true, {}}, {World::series()},
                           false, world.now));

  const Event kept = must(world->find_revision(world.scope, "cup", 0)).value();

  CHECK(kept.sequence == 0);
  CHECK(kept.uid == "cup");
  CHECK(kept.summary == cup.summary);
  CHECK(kept.description == cup.description);
  CHECK(kept.location == "Old Ground");
  CHECK(kept.url == cup.url);
  CHECK(kept.start == cup.start);
  CHECK(kept.end == cup.end);
  CHECK(kept.timezone == cup.timezone);
  CHECK(kept.rrule == cup.rrule);
  CHECK(kept.exdates == cup.exdates);
  REQUIRE(kept.overrides.size() == 1);
  CHECK(kept.overrides[0].occurrence == moved.occurrence);
  CHECK(kept.overrides[0].start == moved.start);
  CHECK(kept.overrides[0].summary == moved.summary);
  CHECK_FALSE(must(world->find_revision(world.scope, "plate", 0)).has_value());
  CHECK_FALSE(is_kept(world, 1));  // it is the event
}

TEST_CASE("a revision is kept while somebody holds it, and no longer", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.change("cup");
  CHECK_FALSE(is_kept(world, 0));  // was never mailed
  world.invite("cup", {fan(0), fan(1)});
  world.send_all();
  world.change("cup");
  CHECK(is_kept(world, 1));
  auto due = world.claim();
  REQUIRE(due.size() == 2);
  world.send(due[0]);
  world.send(due[1], OutboxState::refused);

  world.change("cup");
  CHECK(is_kept(world, 1));
  CHECK(is_kept(world, 2));
  CHECK(known_sequences(world) == std::map<std::string, std::int32_t>{
                                      {due[0].attendee.address, 2}, {due[1].attendee.address, 1}});
  world.send_all();
  world.change("cup");
  CHECK_FALSE(is_kept(world, 1));
  CHECK_FALSE(is_kept(world, 2));
  CHECK(is_kept(world, 3));

  must(world->uninvite(world.scope, "cup", fan(0), world.now));
  must(world->uninvite(world.scope, "cup", fan(1), world.now));
  world.send_all();
  world.change("cup");
  CHECK_FALSE(is_kept(world, 3));
}

TEST_CASE("R82: a revision is kept for the CANCEL of a withdrawn copy until that is settled",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  world.send_all();
  must(world->uninvite(world.scope, "cup", fan(0), world.now));
  const bool invited_anew = GENERATE(false, true);
  if (invited_anew) world.invite("cup", {fan(0)});
  world.change("cup");
  world.change("cup");
  CHECK(is_kept(world, 0));

  const auto due = world.claim();
  REQUIRE(due.size() == (invited_anew ? 2 : 1));
  CHECK(due[0].method == Method::cancel);
  CHECK(due[0].known_sequence == 0);
  CHECK(due[0].attendee.held_sequence == 0);
  const auto attempt = world.send(due[0], OutboxState::in_doubt);
  world.change("cup");
  CHECK(is_kept(world, 0));
  must(world->record_fact(world.fact(ReceiptKind::delivered, attempt, "late"), world.now));
  world.change("cup");
  CHECK_FALSE(is_kept(world, 0));
}

TEST_CASE("a CANCEL knows the revision that its copy may hold, for want of one that it does",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0)});
  world.send_all(OutboxState::in_doubt);
  world.change("cup");
  CHECK(known_sequences(world) == std::map<std::string, std::int32_t>{{fan(0), -1}});
  world.change("cup", Method::cancel);
  CHECK(known_sequences(world) == std::map<std::string, std::int32_t>{{fan(0), 0}});
}

TEST_CASE("a revision whose message is in doubt or on its way is kept", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(0), fan(1)});
  auto due = world.claim();
  world.send(due[0], OutboxState::in_doubt);
  REQUIRE(world.intend(due[1], "on its way") == IntentVerdict::go);

  world.change("cup");
  world.change("cup");

  CHECK(is_kept(world, 0));
  CHECK_FALSE(is_kept(world, 1));
  CHECK(world.settle(due[1], "on its way", OutboxState::accepted, "m") == 1);
  CHECK(known_sequences(world) == std::map<std::string, std::int32_t>{{fan(0), -1}, {fan(1), 0}});
}

TEST_CASE("the second message of a revision knows what was held before the first", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  must(world->add_invites(world.scope, "cup", std::vector{world.draws.attendee(fan(0))},
                          {World::series(), World::instance(7)}, world.now));
  const auto next = [&] {
    const auto due = world.claim();
    REQUIRE(due.size() == 1);
    world.send(due[0]);
    return due[0].known_sequence;
  };
  CHECK(next() == -1);
  CHECK(next() == -1);

  world.change("cup", {World::series(), World::instance(7)}, true);

  CHECK(next() == 0);
  CHECK(next() == 0);
  CHECK(world.attendee("cup", fan(0)).held_sequence == 1);
}

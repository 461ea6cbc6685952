// Changes of events with more holders than one durable step reaches.
#include "contract/world.hpp"

using namespace contract;

namespace {

/// Entries of one address in a state.
std::size_t count_entries(World& world, OutboxState state, const std::string& address) {
  const auto entries = world.entries(state, "cup");
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(),
                    [&](const OutboxEntry& entry) { return entry.address == address; }));
}

/// Invites `late`, whose messages are the first due, and a step full of people whose addresses come
/// before theirs.
void invite_many(World& world, const std::vector<std::string>& late) {
  Event event = world.event();
  event.invite_limit = 0;
  must(world->add_event(world.scope, event));
  world.invite("cup", late);
  world.now += 1s;
  std::vector<std::string> fans;
  for (int i = 0; i < 10'000; ++i) fans.push_back(fan(i));
  world.invite("cup", fans);
}

/// As World::change, of which the preview need not equal what the first step reaches.
ChangeCounts begin_change(World& world, const std::vector<Mailing>& mailings) {
  Event after = must(world->find_event(world.scope, "cup")).value();
  const Change change{mailings.front().method, after.sequence + 1, true, {}};
  return must(
      world->apply_change(world.scope, after, after.sequence, change, mailings, false, world.now));
}

}  // namespace

TEST_CASE("a change reaches very many holders in several steps, each of them once", "[contract]") {
  CONTRACT_WORLD();
  const std::string holds = "zoe1@fans.example";
  const std::string under_way = "zoe2@fans.example";
  const std::string claimed_only = "zoe3@fans.example";
  const std::string ahead = "zoe4@fans.example";
  invite_many(world, {holds, under_way, claimed_only, ahead});
  const auto claimed = world.claim(4);
  world.send(claimed[0]);
  REQUIRE(world.intend(claimed[1], "under way") == IntentVerdict::go);
  world.send(claimed[3]);
  world.answer("cup", holds, Partstat::accepted);
  world.answer("cup", ahead, Partstat::declined);
  world.now += 5s;

  const auto first = begin_change(world, {World::series()});

  CHECK(first.update == 10'000);
  CHECK(first.superseded == 10'000);
  CHECK(must(world->find_event(world.scope, "cup"))->sequence == 1);
  CHECK(count_entries(world, OutboxState::pending, holds) == 0);

  // Nothing of the older revision leaves to those who wait: they are reached ahead of their turn.
  CHECK(world.intend(claimed[2], "too late") == IntentVerdict::superseded);
  CHECK(count_entries(world, OutboxState::pending, claimed_only) == 1);
  CHECK(world.settle(claimed[1], "under way", OutboxState::held) == 1);
  CHECK(count_entries(world, OutboxState::superseded, under_way) == 1);
  CHECK(count_entries(world, OutboxState::pending, under_way) == 1);
  // And what somebody says about the new revision, as a page shows it, is no older answer.
  world.answer("cup", ahead, Partstat::tentative, 1);

  const auto rest = must(world->continue_change(world.scope, "cup"));

  REQUIRE(rest);
  CHECK(rest->update == 2);
  CHECK(rest->superseded == 0);
  CHECK_FALSE(must(world->continue_change(world.scope, "cup")));
  CHECK(world.attendee("cup", holds).partstat == Partstat::needs_action);
  CHECK(world.attendee("cup", ahead).partstat == Partstat::tentative);
  for (const auto& address : {holds, under_way, claimed_only, ahead}) {
    CHECK(count_entries(world, OutboxState::pending, address) == 1);
  }
  const auto totals = world.totals();
  CHECK(totals.planned == 2 * 10'004);
  CHECK(totals.accepted == 2);
  CHECK(totals.superseded == 10'002);
  CHECK(totals.pending == 10'004);
  check_conservation(totals);
}

TEST_CASE("I15: a change whose process has ended is carried on by the next claim", "[contract]") {
  CONTRACT_WORLD();
  invite_many(world, {"zoe@fans.example"});
  world.send(world.claim(1).front());
  must(world->release(world.fence));
  begin_change(world, {World::series()});

  world.crash();

  const auto claimed = world.claim(20'000);
  CHECK(claimed.size() == 10'001);
  for (const auto& invite : claimed) {
    if (invite.sequence != 1) FAIL(invite.attendee.address << " gets an older revision");
  }
  CHECK_FALSE(must(world->continue_change(world.scope, "cup")));
}

TEST_CASE("R72: who is sent their copy again before a change has reached them is asked again, too",
          "[contract]") {
  CONTRACT_WORLD();
  const std::string late = "zoe@fans.example";
  invite_many(world, {late});
  world.send(world.claim(1).front());
  world.answer("cup", late, Partstat::accepted);
  world.now += 5s;
  begin_change(world, {World::series()});

  const auto again =
      must(world->resend(world.scope, "cup", late, {World::series()}, {}, world.now));

  CHECK(again.skip == std::map<std::string, std::uint64_t>{{"on_its_way", 1}});
  CHECK(world.attendee("cup", late).partstat == Partstat::needs_action);
  CHECK(count_entries(world, OutboxState::pending, late) == 1);
}

TEST_CASE("a change goes on in steps of its own, not inside of another", "[contract]") {
  CONTRACT_WORLD();
  invite_many(world, {"zoe@fans.example"});

  must(world->atomically([&]() -> Result<void> {
    begin_change(world, {World::series()});
    CHECK_FALSE(must(world->continue_change(world.scope, "cup")));
    return {};
  }));

  CHECK(must(world->next_due()) <= world.now);
  CHECK(must(world->continue_change(world.scope, "cup"))->update == 1);
}

TEST_CASE("R80: a change that is under way is through before the next one begins", "[contract]") {
  CONTRACT_WORLD();
  const std::string late = "zoe@fans.example";
  invite_many(world, {late});
  world.send(world.claim(1).front());
  begin_change(world, {World::instance(7, Method::cancel)});

  world.now += 5s;
  begin_change(world, {World::instance(9)});
  while (must(world->continue_change(world.scope, "cup"))) {
  }

  // The cancelled date is still to be told, beside the changed one.
  const auto entries = world.entries(OutboxState::pending, "cup");
  std::size_t cancels = 0;
  for (const auto& entry : entries) {
    if (entry.address == late && entry.method == Method::cancel) ++cancels;
  }
  CHECK(cancels == 1);
  CHECK(count_entries(world, OutboxState::pending, late) == 2);
}

TEST_CASE("a preview counts all holders, however many", "[contract]") {
  CONTRACT_WORLD();
  invite_many(world, {"zoe@fans.example"});

  const auto counts = must(world->preview_change(world.scope, "cup", {Method::request, 1, true, {}},
                                                 {World::series()}, false));

  CHECK(counts.update == 10'001);
  CHECK(counts.superseded == 10'001);
}

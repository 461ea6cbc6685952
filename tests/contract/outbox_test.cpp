#include "contract/world.hpp"

using namespace contract;

namespace {

void invite_fans(World& world, int number) {
  world.add_event();
  std::vector<std::string> addresses;
  for (int i = 0; i < number; ++i) addresses.push_back(fan(i));
  world.invite("cup", addresses);
}

}  // namespace

TEST_CASE("a claimed invite carries what it takes to compose it", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);

  const auto claimed = world.claim();

  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].domain == "league");
  CHECK(claimed[0].event == "cup");
  CHECK(claimed[0].organizer == World::organizer);
  CHECK(claimed[0].method == Method::request);
  CHECK(claimed[0].sequence == 0);
  CHECK_FALSE(claimed[0].occurrence.has_value());
  CHECK(claimed[0].attendee.address == fan(0));
  CHECK(claimed[0].attendee.uid == "copy-1");
  CHECK(claimed[0].address_token == "token1");
  CHECK(claimed[0].first_message_id.empty());
}

TEST_CASE("what is claimed is nobody else's until the lease ends", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 3);
  const auto claimed = world.claim(2);
  CHECK(claimed.size() == 2);

  CHECK(must(world->claim(2, 10, world.now, world.now + 60s)).size() == 1);
  CHECK(must(world->claim(3, 10, world.now, world.now + 60s)).empty());
  must(world->recover(world.now + 59s));
  CHECK(world.totals().claimed == 3);
  must(world->recover(world.now + 60s));
  CHECK(world.totals().pending == 3);
  CHECK(must(world->claim(3, 10, world.now, world.now + 60s)).size() == 3);
}

TEST_CASE("a heartbeat keeps the leases of its fence only", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  must(world->claim(1, 1, world.now, world.now + 60s));
  must(world->claim(2, 1, world.now, world.now + 60s));

  must(world->renew(1, world.now + 120s));
  must(world->recover(world.now + 60s));

  CHECK(world.totals().claimed == 1);
  CHECK(world.totals().pending == 1);
}

TEST_CASE("a fence is never given twice, not even after a restart", "[contract]") {
  CONTRACT_WORLD();
  const auto first = must(world->new_fence());
  const auto second = must(world->new_fence());
  world.crash();
  const auto third = must(world->new_fence());

  CHECK(first > 0);
  CHECK(second > first);
  CHECK(third > second);
}

TEST_CASE("release gives back what has no intent", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  const auto claimed = world.claim();
  CHECK(world.intend(claimed[0], "attempt") == IntentVerdict::go);

  must(world->release(world.fence));

  CHECK(world.totals().pending == 1);
  CHECK(world.totals().claimed == 1);
  CHECK(world.settle(claimed[0], "attempt", OutboxState::accepted, "m") == 1);
}

TEST_CASE("an accepted send is on record with its receipt", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  world.now += 1s;
  CHECK(world.settle(claimed[0], "attempt", OutboxState::accepted, "ses-1") == 1);
  world.crash();

  const auto receipts = world.receipts("cup");
  REQUIRE(receipts.size() == 2);
  CHECK(receipts[0].kind == ReceiptKind::queued);
  CHECK(receipts[1].kind == ReceiptKind::accepted);
  CHECK(receipts[1].time == world.now);
  CHECK(receipts[1].address == fan(0));
  CHECK(receipts[1].sequence == 0);
  CHECK(receipts[1].attempt_id == "attempt");
  CHECK(receipts[1].message_id == "ses-1");
  CHECK(receipts[1].detail == "said the transport");
  CHECK(world.attendee("cup", fan(0)).held_sequence == 0);
  CHECK(world.attendee("cup", fan(0)).delivery == "accepted");
  CHECK(world.totals().accepted == 1);
}

TEST_CASE("a send after a crash between intent and answer is in doubt, not repeated",
          "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  world.crash();

  must(world->recover(world.now + 60s));

  CHECK(world.totals().in_doubt == 1);
  CHECK(must(world->claim(2, 10, world.now + 1h, world.now + 2h)).empty());
  const auto listed = world.entries(OutboxState::in_doubt);
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].event == "cup");
  CHECK(listed[0].address == fan(0));
  CHECK(listed[0].attempt_id == "attempt");
  CHECK(listed[0].changed == world.now + 60s);
  CHECK_FALSE(listed[0].reason.empty());
  CHECK(world.receipts("cup", ReceiptKind::in_doubt) == 1);
  CHECK(world.attendee("cup", fan(0)).delivery == "in_doubt");
}

TEST_CASE("a late answer settles a row in doubt, and only as accepted", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "attempt") == IntentVerdict::go);
  must(world->recover(world.now + 60s));

  CHECK(world.settle(claimed[0], "attempt", OutboxState::refused) == 0);
  CHECK(world.settle(claimed[0], "attempt", OutboxState::pending) == 0);
  CHECK(world.settle(claimed[0], "another", OutboxState::accepted, "m") == 0);
  CHECK(world.totals().in_doubt == 1);
  CHECK(world.settle(claimed[0], "attempt", OutboxState::accepted, "m") == 1);
  CHECK(world.totals().accepted == 1);
  CHECK(world.settle(claimed[0], "attempt", OutboxState::accepted, "m") == 0);
  CHECK(world.receipts("cup", ReceiptKind::accepted) == 1);
}

TEST_CASE("a stale fence changes nothing", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto stale = world.claim().at(0);
  must(world->recover(world.now + 60s));
  world.fence = 2;
  const auto fresh = world.claim().at(0);
  world.fence = 1;

  CHECK(world.intend(stale, "old") == IntentVerdict::lost);
  CHECK(world.settle(stale, "old", OutboxState::accepted, "m") == 0);
  CHECK(world.settle(stale, "", OutboxState::refused) == 0);
  must(world->release(1));
  CHECK(world.totals().claimed == 1);
  world.fence = 2;
  CHECK(world.intend(fresh, "new") == IntentVerdict::go);
}

TEST_CASE("an intent needs a running lease, and there is one per claim", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  const auto claimed = world.claim();

  CHECK(world.intend(claimed[0], "first") == IntentVerdict::go);
  CHECK(world.intend(claimed[0], "second") == IntentVerdict::lost);
  CHECK(world.intend(claimed[0], "first") == IntentVerdict::lost);
  world.now += 60s;
  CHECK(world.intend(claimed[1], "late") == IntentVerdict::lost);
  CHECK(code_of(world->commit_intents(std::vector{Intent{claimed[1].entry, ""}}, 1, world.now)) ==
        Code::invalid_argument);
  CHECK(must(world->commit_intents(std::vector{Intent{12345, "none"}}, 1, world.now)).at(0) ==
        IntentVerdict::lost);
}

TEST_CASE("an attempt names one send for ever", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  const auto claimed = world.claim();
  const std::vector<Intent> twice{{claimed[0].entry, "same"}, {claimed[1].entry, "same"}};

  CHECK(code_of(world->commit_intents(twice, 1, world.now)) == Code::conflict);
  CHECK(world.intend(claimed[1], "same") == IntentVerdict::go);
}

TEST_CASE("what was not taken waits until its time", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  REQUIRE(world.intend(claimed[0], "first") == IntentVerdict::go);
  const Settlement later{claimed[0].entry, "first",        OutboxState::pending, "",
                         "slow down",      world.now + 90s};
  CHECK(must(world->settle(std::vector{later}, 1, world.now)) == 1);

  CHECK(must(world->next_due()) == world.now + 90s);
  CHECK(world.claim().empty());
  world.now += 90s;
  const auto again = world.claim();
  REQUIRE(again.size() == 1);
  CHECK(world.intend(again[0], "second") == IntentVerdict::go);
  CHECK(world.receipts("cup").size() == 1);
}

TEST_CASE("held entries are due at their time, but nobody waits for them", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  const Settlement held{claimed[0].entry, "", OutboxState::held, "", "account paused",
                        world.now + 1h};
  CHECK(must(world->settle(std::vector{held}, 1, world.now)) == 1);

  CHECK(world.totals().held == 1);
  CHECK(world.entries(OutboxState::held).at(0).reason == "account paused");
  CHECK_FALSE(must(world->next_due()).has_value());
  CHECK(must(world->next_held()) == world.now + 1h);
  CHECK(world.claim().empty());
  world.now += 1h;
  CHECK(world.claim().size() == 1);
  CHECK_FALSE(must(world->next_held()).has_value());
}

TEST_CASE("what waits for a person is never due by itself", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 1);
  const auto claimed = world.claim();
  const Settlement held{claimed[0].entry, "", OutboxState::held, "", "bounces", until_lifted};
  CHECK(must(world->settle(std::vector{held}, 1, world.now)) == 1);

  CHECK_FALSE(must(world->next_due()).has_value());
  CHECK_FALSE(must(world->next_held()).has_value());
}

TEST_CASE("nothing waits when everything is settled", "[contract]") {
  CONTRACT_WORLD();
  CHECK_FALSE(must(world->next_due()).has_value());
  invite_fans(world, 1);
  CHECK(must(world->next_due()) == world.now);
  const auto claimed = world.claim();
  CHECK(must(world->next_due()) == world.now + 60s);
  world.send(claimed[0]);

  CHECK_FALSE(must(world->next_due()).has_value());
}

TEST_CASE("a message that can't be composed is refused without an intent", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 2);
  const auto claimed = world.claim();

  CHECK(world.settle(claimed[0], "", OutboxState::refused) == 1);
  CHECK(world.settle(claimed[1], "", OutboxState::accepted, "m") == 0);
  CHECK(world.settle(claimed[1], "", OutboxState::in_doubt) == 0);

  CHECK(world.totals().refused == 1);
  CHECK(world.attendee("cup", fan(0)).delivery == "refused");
  const Settlement odd{claimed[1].entry, "", OutboxState::superseded, "", "", {}};
  CHECK(code_of(world->settle(std::vector{odd}, 1, world.now)) == Code::invalid_argument);
}

TEST_CASE("R139: an unsubscribe between claim and intent is honoured", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 3);
  const auto claimed = world.claim();
  must(world->suppress(Scope::organizer("league", World::organizer), fan(0), "unsubscribed",
                       world.now));
  must(world->suppress(Scope::domain("league"), fan(1), "bounced", world.now));
  must(world->suppress(Scope::system(), fan(2), "legal", world.now));

  for (const auto& invite : claimed) {
    CHECK(world.intend(invite, world.draws.attempt()) == IntentVerdict::suppressed);
  }
  CHECK(world.totals().suppressed == 3);
  CHECK(world.receipts("cup", ReceiptKind::suppressed) == 3);
  CHECK(world.attendee("cup", fan(0)).delivery == "suppressed");
}

TEST_CASE("an announcement of what is over is not sent", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  const std::vector people{world.draws.attendee(fan(0)), world.draws.attendee(fan(1))};
  Mailing ends = World::series();
  ends.expires = world.now + 10s;
  must(world->add_invites(world.scope, "cup", people, {ends}, world.now));
  const auto claimed = world.claim();

  world.now += 10s;
  CHECK(world.intend(claimed[0], "last moment") == IntentVerdict::go);
  world.now += 1s;
  CHECK(world.intend(claimed[1], "too late") == IntentVerdict::expired);
  CHECK(world.totals().expired == 1);
  CHECK(world.receipts("cup", ReceiptKind::expired) == 1);
}

TEST_CASE("messages of one copy leave one at a time, the series first", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  const std::vector mailings{World::series(), World::instance(2), World::instance(3)};
  must(world->add_invites(world.scope, "cup", std::vector{world.draws.attendee(fan(0))}, mailings,
                          world.now));

  for (const Mailing& mailing : mailings) {
    const auto claimed = world.claim();
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].occurrence == mailing.occurrence);
    CHECK(world.claim().empty());
    world.send(claimed[0]);
  }
  CHECK(world.totals().accepted == 3);
}

TEST_CASE("a later message of a copy waits for an earlier one that is put off", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  must(world->add_invites(world.scope, "cup", std::vector{world.draws.attendee(fan(0))},
                          {World::series(), World::instance(2)}, world.now));
  const auto series = world.claim().at(0);
  const Settlement later{series.entry, "", OutboxState::pending, "", "", world.now + 1h};
  must(world->settle(std::vector{later}, 1, world.now));

  CHECK(world.claim().empty());
  CHECK(must(world->next_due()) == world.now + 1h);
}

TEST_CASE("the outbox is listed by state and event, page by page", "[contract]") {
  CONTRACT_WORLD();
  invite_fans(world, 25);
  world.add_event("other");
  world.invite("other", {fan(1)});

  std::size_t listed = 0;
  Page page{10, {}};
  do {
    const auto part = must(world->list_outbox(world.scope, OutboxState::pending, "cup", page));
    listed += part.items.size();
    page.after = part.next;
  } while (!page.after.empty());

  CHECK(listed == 25);
  CHECK(world.entries(OutboxState::pending).size() == 26);
  CHECK(world.entries(OutboxState::accepted).empty());
}

// Accounts that workers share, and the reputation of domains.
#include <thread>

#include "contract/world.hpp"

using namespace contract;

namespace {

const Scope system_scope = Scope::system();
const std::string ses = "ses:eu-central-1";

SendingAccount account_of(Store& store) {
  const auto accounts = must(store.list_accounts(system_scope));
  REQUIRE(accounts.size() == 1);
  return accounts[0];
}

/// SES tells of a mail that bounced or was complained about.
DeliveryFact harm(const World& world, ReceiptKind kind, const std::string& attempt,
                  const std::string& key) {
  DeliveryFact fact = world.fact(kind, attempt, key);
  fact.harmful = true;
  return fact;
}

}  // namespace

TEST_CASE("an account is kept as it was left, for every process", "[contract]") {
  CONTRACT_WORLD();
  SendingAccount left;
  left.key = ses;
  left.max_rate = 14.5;
  left.max_24_hours = 50'000;
  left.used_24_hours = 7;
  left.asked = world.now;
  left.told = world.now + 1s;
  left.next_send = Instant(world.now) + 1'234'567us;
  left.level = 3.25;
  left.slowed = Instant(world.now) + 5us;
  left.counted_since = Instant(world.now) - 1us;
  left.answered = 9;
  left.throttled = 4;
  left.hold = AccountHold::suspended;
  left.reason = "AccountSuspendedException";
  left.until = world.now + 300s;
  must(world->edit_account(system_scope, ses, [&](SendingAccount& account) {
    CHECK(account.key == ses);
    CHECK(account.max_24_hours == -1);
    CHECK(account.hold == AccountHold::none);
    account = left;
  }));

  CHECK(account_of(*world.open_another()) == left);
  world.crash();
  CHECK(account_of(*world) == left);
}

TEST_CASE("no edit of an account is lost between processes", "[contract][threads]") {
  CONTRACT_WORLD();
  constexpr int edits = 50;
  const auto other = world.open_another();
  bool sound = true;
  const auto run = [&](Store& store, bool& done) {
    for (int i = 0; i < edits; ++i) {
      done = done && store.edit_account(system_scope, ses, [](SendingAccount& a) { ++a.answered; })
                         .has_value();
    }
  };
  bool other_sound = true;
  std::thread thread([&] { run(*other, other_sound); });
  run(*world, sound);
  thread.join();

  CHECK((sound && other_sound));
  CHECK(account_of(*world).answered == 2 * edits);
}

TEST_CASE("accounts belong to the whole store and to no domain", "[contract]") {
  CONTRACT_WORLD();
  must(world->edit_account(system_scope, ses, [](SendingAccount& a) { a.max_rate = 1; }));
  bool called = false;
  const auto touch = [&](SendingAccount&) { called = true; };

  CHECK(must(world->list_accounts(world.scope)).empty());
  CHECK(code_of(world->edit_account(world.scope, ses, touch)) == Code::invalid_argument);
  CHECK(code_of(world->edit_account(system_scope, "", touch)) == Code::invalid_argument);
  CHECK_FALSE(called);
}

TEST_CASE("a domain's messages are counted when they are accepted, bounce or are complained about",
          "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1), fan(2), fan(3), fan(4), fan(5)});
  const auto claimed = world.claim();
  REQUIRE(claimed.size() == 5);
  std::vector<std::string> attempts;
  for (int i = 0; i < 4; ++i) attempts.push_back(world.send(claimed[i]));
  world.send(claimed[4], OutboxState::refused);
  must(world->record_fact(harm(world, ReceiptKind::bounced, attempts[0], "b0"), world.now));
  must(world->record_fact(harm(world, ReceiptKind::complained, attempts[1], "c1"), world.now));
  // The same again, a second report of it, and one that does no harm.
  must(world->record_fact(harm(world, ReceiptKind::bounced, attempts[0], "b0"), world.now));
  must(world->record_fact(harm(world, ReceiptKind::bounced, attempts[0], "dsn"), world.now));
  must(world->record_fact(world.fact(ReceiptKind::bounced, attempts[2], "soft"), world.now));

  const Reputation reputation = must(world->reputation(world.scope, world.now));
  CHECK(reputation.accepted == 4);
  CHECK(reputation.bounced == 1);
  CHECK(reputation.complained == 1);
  CHECK(reputation.hold.empty());
  CHECK(must(world->reputation(world.scope, world.now + 48h)).accepted == 0);
}

TEST_CASE("a held domain stays held until it is lifted, then what it held is due", "[contract]") {
  CONTRACT_WORLD();
  world.add_event();
  world.invite("cup", {fan(1), fan(2)});
  const auto claimed = world.claim();
  world.send(claimed[1]);
  must(world->hold_domain(world.scope, "too many bounces", world.now));
  must(world->hold_domain(world.scope, "a later reason", world.now + 5s));
  const Settlement held{claimed[0].entry, "", OutboxState::held, "", "too many", until_lifted};
  REQUIRE(must(world->settle(std::vector{held}, world.fence, world.now)) == 1);

  CHECK(must(world->reputation(world.scope, world.now)).hold == "too many bounces");
  CHECK(must(world->reputation(world.scope, world.now)).held == world.now);
  world.now += 24h * 365;
  CHECK(world.claim().empty());

  must(world->lift_hold(world.scope, world.now));
  const Reputation after = must(world->reputation(world.scope, {}));
  CHECK(after.hold.empty());
  CHECK(after.accepted == 0);
  CHECK(world.claim().size() == 1);
  check_conservation(world.totals());
  CHECK(code_of(world->lift_hold(world.scope, world.now)) == Code::not_found);
}

TEST_CASE("a domain's reputation is no other's, nor an organizer's", "[contract]") {
  CONTRACT_WORLD();
  must(world->add_domain(domain_named("rival")));
  must(world->hold_domain(world.scope, "bounces", world.now));

  CHECK(must(world->reputation(Scope::domain("rival"), {})).hold.empty());
  CHECK(code_of(world->lift_hold(Scope::domain("rival"), world.now)) == Code::not_found);
  const Scope organizer = Scope::organizer("league", World::organizer);
  for (const Scope& scope : {organizer, Scope::domain("nowhere")}) {
    CHECK(code_of(world->reputation(scope, {})) == Code::not_found);
    CHECK(code_of(world->hold_domain(scope, "planted", world.now)) == Code::not_found);
    CHECK(code_of(world->lift_hold(scope, world.now)) == Code::not_found);
  }
  CHECK(must(world->reputation(world.scope, {})).hold == "bounces");
}

// Dispatch and the account behind the transport: pace, quota, suspension and reputation, on
// simulated time.
#include "outbox/allowance.hpp"
#include "outbox/simulated.hpp"

using namespace calinvite;
using namespace calinvite::test;

namespace {

constexpr Instant begin = start_of_test;
const std::string account_key = "ses:eu-central-1";

/// Several dispatchers of one store, each with a connection and a turn of its own.
std::vector<DispatchResult> dispatch_together(World& world, Turns& turns, SimulatedAccount& account,
                                              std::size_t workers,
                                              const DispatchOptions& options = {}) {
  std::vector<Result<DispatchResult>> results(workers, DispatchResult{});
  std::vector<std::unique_ptr<Store>> stores;
  for (std::size_t i = 0; i < workers; ++i) stores.push_back(world.another_store());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i) {
    threads.emplace_back([&, i] {
      turns.wait_until(begin, i);
      SimulatedSes transport(account, turns, i);
      results[i] = dispatch_at(world, turns, *stores[i], transport, options, i);
      turns.leave();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<DispatchResult> done;
  for (const auto& result : results) {
    REQUIRE(result);
    done.push_back(*result);
  }
  return done;
}

Result<DispatchResult> dispatch(World& world, Turns& turns, SimulatedAccount& account,
                                const DispatchOptions& options = {}) {
  SimulatedSes transport(account, turns);
  return dispatch_at(world, turns, *world.store, transport, options);
}

/// SES tells that mails to the first `count` of those who got one bounced for good.
void bounce(World& world, std::size_t count) {
  const auto accepted = world.entries(OutboxState::accepted);
  REQUIRE(accepted.size() >= count);
  for (std::size_t i = 0; i < count; ++i) {
    DeliveryFact fact;
    fact.receipt.kind = ReceiptKind::bounced;
    fact.receipt.attempt_id = accepted[i].attempt_id;
    fact.dedupe_key = "bounce " + std::to_string(i);
    fact.suppress = fact.harmful = true;
    REQUIRE(world.store->record_fact(fact, world.clock()));
  }
}

}  // namespace

TEST_CASE("a throttling storm of four dispatchers loses nothing and uses the account",
          "[outbox][threads]") {
  World world;
  world.invite("ci-event-1", 1, 2'400);
  SimulatedAccount account;
  account.rate = 20;
  account.announced = 60;  // and so they begin three times too fast
  Turns turns(begin, 4);
  dispatch_together(world, turns, account, 4);

  const auto totals = world.totals();
  CHECK(totals.accepted == 2'400);
  CHECK(totals.refused + totals.in_doubt == 0);
  CHECK(account.count(SendVerdict::throttled, begin, begin + 1min) > 0);
  const auto accepted = account.count(SendVerdict::accepted, begin + 1min, begin + 105s);
  const auto throttled = account.count(SendVerdict::throttled, begin + 1min, begin + 105s);
  CHECK(static_cast<double>(accepted) >= 0.95 * 45 * account.rate);
  CHECK(static_cast<double>(throttled) < 0.05 * static_cast<double>(accepted + throttled));
}

TEST_CASE("at the daily quota the account is left alone until the day is over, then all is sent",
          "[outbox]") {
  for (const bool tells : {true, false}) {
    INFO("GetAccount is allowed: " << tells);
    World world;
    world.invite("ci-event-1", 1, 60);
    SimulatedAccount account;
    account.rate = 50;
    account.quota = 40;
    account.tells = tells;
    Turns turns(begin);
    std::string reason;
    DispatchOptions options;
    options.wait_while_held = true;
    options.on_progress = [&](const DispatchProgress& progress) {
      if (progress.waiting && !progress.reason.empty()) reason = progress.reason;
      return true;
    };
    const auto result = dispatch(world, turns, account, options);

    REQUIRE(result);
    CHECK(result->totals.accepted == 60);
    CHECK(result->totals.refused == 0);
    CHECK(result->hold.empty());
    CHECK(turns.now() >= begin + 24h);
    CHECK(turns.now() < begin + 25h);
    CHECK(reason.starts_with("quota: "));
    // In vain: what was in flight, and one try in a quarter of an hour.
    const auto in_vain = account.count(SendVerdict::quota, begin, turns.now());
    CHECK(in_vain <= (tells ? 0u : 8u + 97u));
    CHECK(account.count(SendVerdict::quota, begin, begin + 10min) <= 8);
  }
}

TEST_CASE("a dispatch ends at the quota and says why; the next one does not try too early",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 60);
  SimulatedAccount account;
  account.quota = 40;
  account.rate = 50;
  Turns turns(begin);
  const auto first = dispatch(world, turns, account);
  const auto second = dispatch(world, turns, account);

  REQUIRE(first);
  CHECK(first->accepted == 40);
  CHECK(first->held > 0);
  CHECK(first->hold == "quota: 40 of 40 recipients in 24 hours are used");
  CHECK(first->hold_until > begin);
  CHECK(world.entries(OutboxState::held)[0].reason == first->hold);
  CHECK(is_conserved(first->totals));
  REQUIRE(second);
  CHECK(second->hold == first->hold);
  CHECK(account.calls.size() == 40);

  turns.wait_until(begin + 24h + 1min);
  const auto third = dispatch(world, turns, account);
  REQUIRE(third);
  CHECK(third->totals.accepted == 60);
  CHECK(third->hold.empty());
}

TEST_CASE("a suspended account gets no more than what is in flight, from any dispatcher",
          "[outbox][threads]") {
  World world;
  world.invite("ci-event-1", 1, 400);
  SimulatedAccount account;
  account.rate = 100;
  Turns turns(begin, 2);
  DispatchOptions options;
  options.on_receipt = [&](const Receipt&) {
    account.suspended = account.suspended || account.calls.size() >= 100;
    return true;
  };
  const auto results = dispatch_together(world, turns, account, 2, options);

  CHECK(account.count(SendVerdict::suspended, begin, turns.now() + 1s) > 0);
  CHECK(account.count(SendVerdict::suspended, begin, turns.now() + 1s) <= 2 * 8);
  for (const DispatchResult& result : results) {
    CHECK(result.hold == "suspended: AccountSuspendedException: stopped");
  }
  CHECK(world.totals().refused == 0);
  CHECK(world.totals().held > 0);

  const auto calls = account.calls.size();
  Turns later(turns.now() + 10s);
  const auto another = dispatch(world, later, account);
  REQUIRE(another);
  CHECK(account.calls.size() == calls);
  CHECK_FALSE(another->hold.empty());

  account.suspended = false;
  later.wait_until(later.now() + 10min);
  const auto resumed = dispatch(world, later, account);
  REQUIRE(resumed);
  CHECK(resumed->totals.accepted == 400);
  CHECK(resumed->hold.empty());
}

TEST_CASE("whoever waits for a held account goes on when another's try was accepted",
          "[outbox][threads]") {
  World world;
  world.invite("ci-event-1", 1, 600);
  SimulatedAccount account;
  account.rate = 10;
  account.tells = false;
  account.suspended = true;
  Turns turns(begin, 2);
  DispatchOptions options;
  options.max_rate = 10;
  options.wait_while_held = true;
  options.on_progress = [&](const DispatchProgress&) {
    account.suspended = turns.now() < begin + 6min;
    return true;
  };
  const auto results = dispatch_together(world, turns, account, 2, options);

  CHECK(world.totals().accepted == 600);
  // The one that tried would have sent all of it before the next try was due.
  for (const DispatchResult& result : results) CHECK(result.accepted > 150);
}

TEST_CASE("whoever waits for a held account goes on when somebody resumes it",
          "[outbox][threads]") {
  World world;
  world.invite("ci-event-1", 1, 60);
  SimulatedAccount account;
  account.rate = 10;
  account.suspended = true;
  Turns turns(begin, 2);
  DispatchOptions options;
  options.wait_while_held = true;
  options.on_progress = [&](const DispatchProgress&) {
    if (account.suspended && turns.now() >= begin + 30s) {
      account.suspended = false;
      REQUIRE(world.store->edit_account(Scope::system(), account_key, outbox::resume));
    }
    return true;
  };
  const auto results = dispatch_together(world, turns, account, 2, options);

  CHECK(account.count(SendVerdict::accepted, begin, begin + 1min) == 60);
  for (const DispatchResult& result : results) CHECK(result.accepted > 10);
}

TEST_CASE("the one try of a held account is not lost with an invite that may not be sent",
          "[outbox]") {
  World world;
  world.add_domain("cup");
  world.invite("ci-event-1", 1, 3, "cup");
  // Another dispatcher died: its entries are due in five seconds, too late for the try.
  const auto dead = world.store->new_fence();
  REQUIRE(dead);
  REQUIRE(world.store->claim(*dead, 8, world.clock(), world.clock() + 5s)->size() == 3);
  world.invite("ci-event-2", 11, 1, "league");
  REQUIRE(world.store->hold_domain(Scope::domain("league"), "too many bounces", world.clock()));
  REQUIRE(world.store->edit_account(Scope::system(), account_key, [&](SendingAccount& account) {
    outbox::hold(account, AccountHold::quota, "used up", world.clock() - 15min);
  }));
  SimulatedAccount account;
  Turns turns(begin);
  DispatchOptions options;
  options.wait_while_held = true;
  const auto result = dispatch(world, turns, account, options);

  REQUIRE(result);
  CHECK(result->accepted == 3);
  CHECK(result->totals.held == 1);
  CHECK(result->hold.empty());
}

TEST_CASE("what is claimed stays ours while the account is slow to say what it allows",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 30);
  REQUIRE(world.store->edit_account(Scope::system(), account_key, [](SendingAccount& account) {
    account.max_rate = 1;
    account.asked = account.told = start_of_test - 5min + 5s;
  }));
  SimulatedAccount account;
  account.rate = 1;
  Turns turns(begin);
  SimulatedSes transport(account, turns);
  const auto other = world.another_store();
  std::uint64_t claimed = 0;
  transport.asking_takes = 8s;
  transport.on_asked = [&] {
    REQUIRE(other->recover(std::chrono::floor<std::chrono::seconds>(turns.now())));
    claimed += world.totals().claimed;
  };
  DispatchOptions options;
  options.lease = 9s;
  const auto result = dispatch_at(world, turns, *world.store, transport, options);

  REQUIRE(result);
  CHECK(account.asked == 1);
  CHECK(claimed > 0);
  CHECK(result->totals.accepted == 30);
}

TEST_CASE("what is claimed stays ours while messages are slow to leave", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 24);
  SimulatedAccount account;
  account.rate = 500;
  Turns turns(begin);
  SimulatedSes transport(account, turns);
  const auto other = world.another_store();
  transport.submit_takes = 2s;
  transport.on_submit = [&] {
    REQUIRE(other->recover(std::chrono::floor<std::chrono::seconds>(turns.now())));
    CHECK(world.totals().in_doubt == 0);
  };
  DispatchOptions options;
  options.lease = 6s;
  const auto result = dispatch_at(world, turns, *world.store, transport, options);

  REQUIRE(result);
  CHECK(result->accepted == 24);
  CHECK(account.calls.size() == 24);
}

TEST_CASE("a domain of which six in a hundred bounce is held until somebody lifts it", "[outbox]") {
  World world;
  world.add_domain("cup");
  world.invite("ci-event-1", 1, 1'000, "league");
  ScriptedTransport transport;
  REQUIRE(world.dispatch(transport));
  bounce(world, 60);
  world.invite("ci-event-2", 2'001, 20, "league");
  world.invite("ci-event-3", 3'001, 20, "cup");
  const auto held = world.dispatch(transport);

  REQUIRE(held);
  const std::string reason = "reputation: 60 of 1000 bounced, 6.00 %; the limit is 4.00 %";
  CHECK(held->accepted == 20);  // the other domain's
  CHECK(held->held == 20);
  CHECK(held->reason == reason);
  CHECK(world.entries(OutboxState::held)[0].reason == reason);
  CHECK(world.store->reputation(Scope::domain("league"), {})->hold == reason);
  world.now += 30 * 86'400;
  CHECK(world.dispatch(transport)->totals.held == 20);

  world.now -= 30 * 86'400;
  REQUIRE(world.store->lift_hold(Scope::domain("league"), world.clock()));
  const auto lifted = world.dispatch(transport);
  REQUIRE(lifted);
  CHECK(lifted->accepted == 20);
  CHECK(lifted->totals.held == 0);
}

TEST_CASE("few messages say too little about a domain, and a limit can be set", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 100);
  ScriptedTransport transport;
  REQUIRE(world.dispatch(transport));
  bounce(world, 6);
  world.invite("ci-event-2", 2'001, 20);
  CHECK(world.dispatch(transport, {.reputation = {100, 0.07, 1}})->accepted == 20);
  world.invite("ci-event-3", 3'001, 20);
  CHECK(world.dispatch(transport)->accepted == 20);
  world.invite("ci-event-4", 4'001, 20);
  CHECK(world.dispatch(transport, {.reputation = {100, 0.04, 1}})->held == 20);
}

TEST_CASE("batches leave together, and pause when they are answered", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 35);
  SimulatedAccount account;
  account.rate = 10'000;
  Turns turns(begin);
  const auto result = dispatch(world, turns, account, {.pace = {10, 2s}});

  REQUIRE(result);
  CHECK(result->accepted == 35);
  REQUIRE(account.calls.size() == 35);
  for (std::size_t i = 1; i < account.calls.size(); ++i) {
    const auto gap = account.calls[i] - account.calls[i - 1];
    if (i % 10 == 0) {
      CHECK(gap >= 2s);
    } else {
      CHECK(gap < 2s);
    }
  }
}

TEST_CASE("a batch goes on in the next run, and so does its pause", "[outbox]") {
  World world;
  outbox::Pace pace;
  world.pace = &pace;
  world.invite("ci-event-1", 1, 35);
  SimulatedAccount account;
  account.rate = 10'000;
  Turns turns(begin);
  for (int run = 0; run < 9; ++run) {
    const auto result = dispatch(world, turns, account, {.max_messages = 4, .pace = {10, 2s}});
    REQUIRE(result);
    CHECK(result->accepted == (run < 8 ? 4 : 3));
  }

  REQUIRE(account.calls.size() == 35);
  for (std::size_t i = 1; i < account.calls.size(); ++i) {
    const auto gap = account.calls[i] - account.calls[i - 1];
    if (i % 10 == 0) {
      CHECK(gap >= 2s);
    } else {
      CHECK(gap < 2s);
    }
  }
}

TEST_CASE("no faster in many short runs than in one, where an account is nobody's else",
          "[outbox]") {
  World world;
  outbox::Pace pace;
  world.pace = &pace;
  world.invite("ci-event-1", 1, 41);
  SimulatedAccount account;
  account.rate = 10'000;
  Turns turns(begin);
  SimulatedSes transport(account, turns);
  transport.key.clear();
  for (int run = 0; run < 41; ++run) {
    const auto result =
        dispatch_at(world, turns, *world.store, transport, {.max_messages = 1, .max_rate = 10});
    REQUIRE(result);
    CHECK(result->accepted == 1);
  }

  REQUIRE(account.calls.size() == 41);
  const std::chrono::duration<double> took = account.calls.back() - account.calls.front();
  CHECK(took.count() > 3.5);  // 4 s, of which a quarter may be sent ahead of its time
  CHECK(took.count() < 9);    // each run waits for its answer, too
}

TEST_CASE("a dispatch with nothing to send leaves the account alone", "[outbox]") {
  World world;
  SimulatedAccount account;
  Turns turns(begin);
  REQUIRE(dispatch(world, turns, account));

  CHECK(account.asked == 0);
}

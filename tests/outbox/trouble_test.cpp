#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "outbox/world.hpp"

using namespace calinvite;
using namespace calinvite::test;

namespace {

using Said = ScriptedTransport;

}  // namespace

TEST_CASE("throttled messages are sent later and count against nobody", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 16);
  ScriptedTransport transport([n = 0](const OutgoingMessage& message) mutable {
    return n++ < 6 ? Said::say(message, SendVerdict::throttled, "Maximum sending rate exceeded.")
                   : Said::accept(message);
  });
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->totals.accepted == 16);
  CHECK(result->refused == 0);
  CHECK(transport.seen.size() == 22);
  CHECK_FALSE(world.waits.empty());
}

TEST_CASE("an event whose time zone is not known any more is refused, and no other", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 2);
  Event gone;
  gone.uid = "ci-event-2";
  gone.source_uid = "gone@source";
  gone.organizer = "fixtures@league.example";
  gone.summary = "Round 2";
  gone.start = std::chrono::local_days{std::chrono::year{2027} / 2 / 14} + 20h;
  gone.end = gone.start + 2h;
  gone.timezone = "Europe/Atlantis";
  REQUIRE(world.store->add_event(Scope::domain("league"), gone));
  world.add_attendees(gone, 3, 2);
  world.invite("ci-event-3", 5, 2);
  ScriptedTransport transport;

  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->accepted == 4);
  CHECK(result->refused == 2);
  CHECK(transport.seen.size() == 4);
  for (const auto& entry : world.entries(OutboxState::refused)) {
    CHECK(entry.event == "ci-event-2");
    CHECK(entry.reason.find("Europe/Atlantis") != std::string::npos);
    CHECK(entry.attempt_id.empty());
  }
}

TEST_CASE("while the way out is closed dispatch backs off, then sends everything", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 40);
  const auto open_at = world.now + 120;
  std::vector<std::string> reasons;
  ScriptedTransport transport([&](const OutgoingMessage& message) {
    return world.now < open_at ? Said::say(message, SendVerdict::unavailable, "no route")
                               : Said::accept(message);
  });
  const auto result = world.dispatch(transport, {.on_progress = [&](const DispatchProgress& p) {
                                       if (p.waiting) reasons.push_back(p.reason);
                                       return true;
                                     }});

  REQUIRE(result);
  CHECK(result->totals.accepted == 40);
  CHECK(world.now >= open_at);
  // Attempts grow rare: far fewer than one group a second, and no wait of more than 30 s.
  CHECK(transport.seen.size() < 40 + 60 * transport.max_in_flight());
  CHECK(std::find(reasons.begin(), reasons.end(), "no route") != reasons.end());
}

TEST_CASE("an outage that leaves answers in doubt costs what is in flight and a few tries",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 1000);
  const auto over_at = world.now + 120;
  ScriptedTransport transport([&](const OutgoingMessage& message) {
    return world.now < over_at ? Said::say(message, SendVerdict::in_doubt, "500 InternalFailure")
                               : Said::accept(message);
  });
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  constexpr std::size_t tries = 32;
  CHECK(result->in_doubt <= transport.max_in_flight() + tries);
  CHECK(result->totals.accepted + result->in_doubt == 1000);
  CHECK(world.now >= over_at);
}

TEST_CASE("a single doubt is no reason to wait", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 40);
  ScriptedTransport transport([n = 0](const OutgoingMessage& message) mutable {
    return ++n % 4 == 0 ? Said::say(message, SendVerdict::in_doubt, "lost") : Said::accept(message);
  });
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->in_doubt == 10);
  CHECK(result->accepted == 30);
  CHECK(world.waits.empty());
}

TEST_CASE("a message that one recipient's server defers waits ever longer and holds up no other",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 40);
  std::vector<std::int64_t> tries;
  ScriptedTransport transport([&](const OutgoingMessage& message) {
    if (message.to != address_of(1)) {
      CHECK(world.clock() == start_of_test);
      return Said::accept(message);
    }
    tries.push_back(world.now);
    return tries.size() < 8 ? Said::say(message, SendVerdict::deferred, "450 4.2.0 Greylisted")
                            : Said::accept(message);
  });
  std::set<std::string> reasons;
  const auto result = world.dispatch(
      transport, {.wait_while_held = true, .on_progress = [&](const DispatchProgress& progress) {
                    if (progress.waiting) reasons.insert(progress.reason);
                    return true;
                  }});

  REQUIRE(result);
  CHECK(result->totals.accepted == 40);
  CHECK(result->refused + result->held + result->in_doubt == 0);
  CHECK(reasons == std::set<std::string>{"450 4.2.0 Greylisted"});
  REQUIRE(tries.size() == 8);
  const std::vector<std::int64_t> minutes{5, 10, 20, 40, 60, 60, 60};
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    CHECK(tries[i + 1] - tries[i] > 60 * minutes[i]);
    CHECK(tries[i + 1] - tries[i] <= 60 * minutes[i] + 30);
  }
}

TEST_CASE("a dispatch that does not wait ends with deferred messages pending", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 40);
  bool takes = false;
  ScriptedTransport transport([&](const OutgoingMessage& message) {
    return takes || message.to != address_of(1)
               ? Said::accept(message)
               : Said::say(message, SendVerdict::deferred, "450 4.2.0 Greylisted");
  });
  for (int run = 0; run < 2; ++run) {  // the second meets what the first has left
    const auto result = world.dispatch(transport);
    REQUIRE(result);
    CHECK(result->totals.accepted == 39);
    CHECK(result->totals.pending == 1);
    REQUIRE(result->next_due);
    CHECK(*result->next_due > start_of_test + 5min);
    CHECK(*result->next_due <= start_of_test + 5min + 30s);
    CHECK(world.clock() == start_of_test);
    CHECK(transport.seen.size() == 40);
  }
  takes = true;
  world.now += 600;
  const auto later = world.dispatch(transport);
  REQUIRE(later);
  CHECK(later->totals.accepted == 40);
  CHECK_FALSE(later->next_due);
}

TEST_CASE("a message that is deferred for five days is refused with the server's words",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 1);
  ScriptedTransport transport([](const OutgoingMessage& message) {
    return Said::say(message, SendVerdict::deferred, "452 4.2.2 Mailbox full");
  });
  const auto result = world.dispatch(transport, {.wait_while_held = true});

  REQUIRE(result);
  CHECK(result->refused == 1);
  CHECK(world.entries(OutboxState::refused).at(0).reason == "452 4.2.2 Mailbox full");
  CHECK(world.clock() >= start_of_test + 24h * 5);
  CHECK(world.clock() < start_of_test + 24h * 5 + 2h);
}

TEST_CASE("a transport that can't take a message now gets it again, one that never will refuses it",
          "[outbox]") {
  class Reluctant final : public Transport {
   public:
    std::size_t max_in_flight() const override { return 4; }
    Result<void> submit(OutgoingMessage message) override {
      ++calls;
      if (message.to == address_of(1)) return fail(Code::invalid_argument, "a tag with a blank");
      if (calls < 4) return fail(Code::store_full, "no space left");
      outcomes_.push_back(Said::accept(message));
      return {};
    }
    std::vector<SendOutcome> poll(std::chrono::milliseconds) override {
      return std::exchange(outcomes_, {});
    }
    int calls = 0;

   private:
    std::vector<SendOutcome> outcomes_;
  };
  World world;
  world.invite("ci-event-1", 1, 6);
  Reluctant transport;
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->accepted == 5);
  CHECK(result->refused == 1);
  CHECK(world.entries(OutboxState::refused)[0].reason == "a tag with a blank");
}

TEST_CASE("at the daily quota the rest waits, and a later dispatch sends it by itself",
          "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 40);
  bool used_up = true;
  ScriptedTransport transport([&, n = 0](const OutgoingMessage& message) mutable {
    return used_up && n++ >= 10
               ? Said::say(message, SendVerdict::quota, "Daily message quota exceeded.")
               : Said::accept(message);
  });
  const auto first = world.dispatch(transport);

  REQUIRE(first);
  CHECK(first->accepted == 10);
  CHECK(first->held > 0);
  CHECK(transport.seen.size() <= 10 + transport.max_in_flight());
  CHECK(first->refused == 0);
  CHECK(first->hold == "quota: Daily message quota exceeded.");
  CHECK(first->hold_until > world.clock());
  CHECK(is_conserved(first->totals));
  CHECK(world.entries(OutboxState::held)[0].reason == "quota: Daily message quota exceeded.");

  used_up = false;
  world.now += 86'400;
  const auto second = world.dispatch(transport);
  REQUIRE(second);
  CHECK(second->totals.accepted == 40);
}

TEST_CASE("wrong keys hold what is in flight and end the dispatch", "[outbox]") {
  for (const auto verdict : {SendVerdict::credentials, SendVerdict::skew}) {
    World world;
    world.invite("ci-event-1", 1, 40);
    ScriptedTransport transport([&](const OutgoingMessage& message) {
      return Said::say(message, verdict, "ExpiredToken");
    });
    const auto result = world.dispatch(transport);

    REQUIRE(result);
    CHECK(result->held == transport.seen.size());
    CHECK(transport.seen.size() <= transport.max_in_flight());
    CHECK(result->totals.pending == 40 - result->held);
    CHECK(result->totals.claimed == 0);
    CHECK(result->next_due == start_of_test + 5min);  // new keys must come first
  }
}

TEST_CASE("a paused domain is held, another one goes on", "[outbox]") {
  World world;
  world.add_domain("cup");
  world.invite("ci-event-1", 1, 40, "league");
  world.invite("ci-event-2", 1, 40, "cup");
  ScriptedTransport transport([&](const OutgoingMessage& message) {
    return message.from.ends_with("@reply.league.example")
               ? Said::say(message, SendVerdict::paused, "AccountSuspendedException: x")
               : Said::accept(message);
  });
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(result->accepted == 40);
  CHECK(result->totals.held == 40);
  CHECK(result->next_due == start_of_test + 5min);
  CHECK(transport.seen.size() <= 40 + transport.max_in_flight());
  for (const auto& entry : world.entries(OutboxState::held)) {
    CHECK(entry.reason == "AccountSuspendedException: x");
  }
}

TEST_CASE("no faster than the operator allows", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 40);
  ScriptedTransport transport;
  const auto before = std::chrono::steady_clock::now();
  REQUIRE(world.dispatch(transport, {.max_rate = 40}));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;

  // 40 at 40 a second, of which a burst of up to four is free.
  CHECK(took.count() > 0.85);
}

TEST_CASE("what a killed dispatcher had begun is in doubt, all else is sent, nothing twice",
          "[outbox]") {
  for (const std::size_t kill_at : {1u, 5u, 17u, 40u}) {
    World world;
    world.invite("ci-event-1", 1, 40);
    world.store.reset();  // a store does not survive fork
    const auto log = std::filesystem::path(CALINVITE_BUILD_DIR) / "tests" /
                     ("outbox-killed-" + std::to_string(::getpid()));
    std::filesystem::remove(log);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      auto store = open_store("sqlite:" + world.path().string());
      ScriptedTransport transport;
      transport.on_submit = [&](const OutgoingMessage& message) {
        std::ofstream(log, std::ios::app) << message.to << std::endl;
        if (transport.seen.size() + 1 == kill_at) ::kill(::getpid(), SIGKILL);
      };
      if (store) static_cast<void>(world.dispatch(transport, **store, {}));
      ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));

    world.store = world.another_store();
    ScriptedTransport transport;
    const auto result = world.dispatch(transport);  // waits for the dead one's lease
    REQUIRE(result);
    CHECK(is_conserved(result->totals));
    CHECK(result->totals.accepted + result->totals.in_doubt == 40);
    CHECK(result->totals.in_doubt >= 1);
    CHECK(result->totals.in_doubt <= transport.max_in_flight());
    auto copies = transport.copies();
    std::ifstream file(log);
    for (std::string address; std::getline(file, address);) ++copies[address];
    CHECK(std::all_of(copies.begin(), copies.end(),
                      [](const auto& each) { return each.second == 1; }));
    std::filesystem::remove(log);
  }
}

TEST_CASE("a dispatcher that overslept its leases gives way", "[outbox]") {
  World world;
  world.invite("ci-event-1", 1, 20);
  const auto other = world.another_store();
  ScriptedTransport transport;
  transport.on_submit = [&](const OutgoingMessage&) {
    // The process is suspended for ten minutes, and another dispatcher cleans up meanwhile.
    if (transport.seen.size() != 3) return;
    world.now += 600;
    REQUIRE(other->recover(world.clock()));
  };
  const auto result = world.dispatch(transport);

  REQUIRE(result);
  CHECK(is_conserved(result->totals));
  CHECK(result->totals.accepted + result->totals.in_doubt == 20);
  CHECK(result->totals.claimed == 0);
  const auto copies = transport.copies();
  CHECK(
      std::all_of(copies.begin(), copies.end(), [](const auto& each) { return each.second == 1; }));
}

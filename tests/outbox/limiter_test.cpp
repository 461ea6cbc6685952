// The pace of several workers of one account, on simulated time and without a store.
#include "outbox/limiter.hpp"

#include "outbox/simulated.hpp"

using namespace calinvite;
using namespace calinvite::outbox;
using namespace calinvite::test;

namespace {

constexpr Instant begin = start_of_test;

Now at(Instant time) { return {time, std::chrono::floor<std::chrono::seconds>(time)}; }

/// Workers that always have something to send, and the record that they share.
class Fleet {
 public:
  Fleet(SimulatedAccount& account, std::size_t workers, std::optional<double> max_rate = {})
      : account_(account) {
    for (std::size_t i = 0; i < workers; ++i) {
      const auto edit = [this](const std::function<void(SendingAccount&)>& change) -> Result<void> {
        ++writes;
        change(record);
        return {};
      };
      workers_.push_back({Limiter(
                              edit, [this] { return account_.tell(now_); }, max_rate),
                          0, true});
      wake(i, begin);
    }
  }

  void run_until(Instant end) {
    while (!events_.empty() && events_.begin()->first < end) {
      now_ = events_.begin()->first;
      const Event event = events_.begin()->second;
      events_.erase(events_.begin());
      Worker& worker = workers_[event.worker];
      if (!worker.alive) continue;
      if (event.verdict) {
        --worker.in_flight;
        worker.limiter.answered(*event.verdict, "said the account");
        REQUIRE(worker.limiter.report(at(now_)));
      }
      step(event.worker);
    }
    now_ = end;
  }
  void kill(std::size_t worker) { workers_[worker].alive = false; }

  SendingAccount record;
  std::size_t writes = 0;

 private:
  static constexpr std::size_t connections = 32;
  struct Worker {
    Limiter limiter;
    std::size_t in_flight = 0;
    bool alive = true;
    Instant next{};
  };
  struct Event {
    std::size_t worker = 0;
    std::optional<SendVerdict> verdict;  ///< absent: it only wakes up
  };

  void wake(std::size_t worker, Instant time) {
    if (workers_[worker].next > now_ && workers_[worker].next <= time) return;
    workers_[worker].next = time;
    events_.emplace(time, Event{worker, std::nullopt});
  }
  void step(std::size_t index) {
    Worker& worker = workers_[index];
    if (worker.in_flight == connections) return;
    const auto free = worker.limiter.available(connections, at(now_));
    REQUIRE(free);
    const std::size_t count = std::min(*free, connections - worker.in_flight);
    for (std::size_t i = 0; i < count; ++i) {
      worker.limiter.sent(1);
      ++worker.in_flight;
      // The account sees a message up to 30 ms after it left: in another order than it left.
      const SendVerdict verdict = account_.take(now_);
      events_.emplace(now_ + jitter_.draw(10ms, 60ms), Event{index, verdict});
    }
    const auto wait = worker.limiter.held(at(now_).seconds) != nullptr ? microseconds(1s)
                                                                       : worker.limiter.wait(now_);
    wake(index, now_ + std::max(wait, microseconds(1ms)) + jitter_.draw(0us, 5ms));
  }

  SimulatedAccount& account_;
  std::vector<Worker> workers_;
  std::multimap<Instant, Event> events_;
  Instant now_ = begin;
  Jitter jitter_{1};
};

/// What is used of the account's rate, and how much of what is sent is throttled.
void check_use(const SimulatedAccount& account, Instant from, Instant to) {
  const auto accepted = static_cast<double>(account.count(SendVerdict::accepted, from, to));
  const auto throttled = static_cast<double>(account.count(SendVerdict::throttled, from, to));
  const double allowed = account.rate * std::chrono::duration<double>(to - from).count();
  INFO("used " << accepted / allowed << ", throttled " << throttled / (accepted + throttled));
  CHECK(accepted >= 0.95 * allowed);
  CHECK(throttled < 0.05 * (accepted + throttled));
}

}  // namespace

TEST_CASE("four workers use what the account tells that it allows", "[outbox]") {
  for (const double rate : {14.0, 90.0, 500.0}) {
    INFO("rate " << rate);
    SimulatedAccount account;
    account.rate = rate;
    account.burst = 0.2;
    Fleet fleet(account, 4);
    fleet.run_until(begin + 3min);

    check_use(account, begin + 1min, begin + 3min);
    CHECK(account.asked == 1);
  }
}

TEST_CASE("in a throttling storm four workers find the rate that nobody told them", "[outbox]") {
  for (const double rate : {14.0, 90.0, 500.0}) {
    for (const double burst : {0.25, 1.0}) {
      INFO("rate " << rate << ", burst " << burst);
      SimulatedAccount account;
      account.rate = rate;
      account.burst = burst;
      account.tells = false;
      Fleet fleet(account, 4);
      fleet.run_until(begin + 5min);

      CHECK(account.count(SendVerdict::throttled, begin, begin + 1min) > 0);
      check_use(account, begin + 1min, begin + 5min);
    }
  }
}

TEST_CASE("an account that takes less than it says is not stormed", "[outbox]") {
  SimulatedAccount account;
  account.rate = 50;
  account.announced = 200;
  Fleet fleet(account, 4);
  fleet.run_until(begin + 5min);

  check_use(account, begin + 1min, begin + 5min);
}

TEST_CASE("two workers together never exceed the account's rate", "[outbox]") {
  for (const double rate : {1.0, 14.0, 200.0}) {
    SimulatedAccount account;
    account.rate = rate;
    Fleet fleet(account, 2);
    fleet.run_until(begin + 1min);

    // In any second: the rate, and the tenth of it that a worker which was held up makes up for.
    for (std::size_t first = 0, last = 0; last < account.calls.size(); ++last) {
      while (account.calls[first] + 1s <= account.calls[last]) ++first;
      CHECK(static_cast<double>(last - first + 1) <= 1.1 * rate + 1);
    }
    CHECK(account.count(SendVerdict::throttled, begin, begin + 1min) == 0);
  }
}

TEST_CASE("a worker that dies leaves its share to the others within two seconds", "[outbox]") {
  SimulatedAccount account;
  account.rate = 50;
  Fleet fleet(account, 2);
  fleet.run_until(begin + 10s);
  fleet.kill(0);
  fleet.run_until(begin + 22s);

  const auto sent = account.count(SendVerdict::accepted, begin + 12s, begin + 22s);
  CHECK(static_cast<double>(sent) >= 0.95 * 10 * account.rate);
}

TEST_CASE("the shared record is written a few times a second, not for each message", "[outbox]") {
  SimulatedAccount account;
  account.rate = 500;
  Fleet fleet(account, 2);
  fleet.run_until(begin + 10s);

  CHECK(account.calls.size() > 4000);
  CHECK(fleet.writes * 10 < account.calls.size());
}

TEST_CASE("the operator's limit is on top of all others", "[outbox]") {
  SimulatedAccount account;
  account.rate = 500;
  Fleet fleet(account, 3, 7.0);
  fleet.run_until(begin + 1min);

  const auto sent = account.calls.size();
  CHECK(sent <= 7 * 61);
  CHECK(sent >= 7 * 57);
}

TEST_CASE("the account is asked anew every few minutes, and half a minute after it throttled",
          "[outbox]") {
  SimulatedAccount account;
  account.rate = 20;
  Fleet fleet(account, 4);
  fleet.run_until(begin + 11min);
  CHECK(account.asked == 3);

  account.rate = 5;
  fleet.run_until(begin + 13min);
  CHECK(account.asked >= 4);
  CHECK(fleet.record.max_rate == 5);
}

TEST_CASE("a clock that is set back stops nobody for long", "[outbox]") {
  SendingAccount account;
  account.next_send = begin + 3h;
  const Grant grant = lease(account, {10, 20.0, false}, at(begin));

  CHECK(grant.slots.count == 5);  // a quarter of a second
  CHECK(grant.slots.first <= begin);
}

TEST_CASE("a probe that nobody used leaves the account alone until its next one is due",
          "[outbox]") {
  SendingAccount record;
  hold(record, AccountHold::quota, "used up", at(begin - 15min).seconds);
  const auto edit = [&](const std::function<void(SendingAccount&)>& change) -> Result<void> {
    change(record);
    return {};
  };
  Limiter limiter(edit, nullptr, 10.0);
  REQUIRE(limiter.look(at(begin)));
  CHECK(limiter.available(8, at(begin)).value() == 1);
  CHECK(limiter.held(at(begin).seconds) == nullptr);

  // What it was meant for expired, and nothing else was due for a while.
  CHECK(limiter.available(8, at(begin + 5s)).value() == 0);
  REQUIRE(limiter.held(at(begin + 5s).seconds) != nullptr);
  CHECK(limiter.held(at(begin + 5s).seconds)->until == at(begin + 15min).seconds);
  CHECK(limiter.held(at(begin + 15min).seconds) == nullptr);
  CHECK(limiter.available(8, at(begin + 15min)).value() == 1);
}

TEST_CASE("an answer under way decides about the hold, however late it comes", "[outbox]") {
  SendingAccount record;
  hold(record, AccountHold::quota, "used up", at(begin - 15min).seconds);
  const auto edit = [&](const std::function<void(SendingAccount&)>& change) -> Result<void> {
    change(record);
    return {};
  };
  Limiter limiter(edit, nullptr, 10.0);
  REQUIRE(limiter.available(8, at(begin)).value() == 1);
  limiter.sent(1);
  CHECK(limiter.available(8, at(begin + 5s)).value() == 0);
  CHECK(limiter.held(at(begin + 5s).seconds) == nullptr);

  limiter.answered(SendVerdict::accepted, {});
  REQUIRE(limiter.report(at(begin + 6s)));
  CHECK(record.hold == AccountHold::none);
  CHECK(limiter.available(8, at(begin + 6s)).value() > 0);
}

TEST_CASE("a rate that grows for long stays one that can be leased", "[outbox]") {
  SendingAccount account;
  count(account, {10, 1}, std::nullopt, at(begin));
  REQUIRE(account.level > 0);
  const auto hour = begin + 1h;
  for (Instant now = begin; now < begin + 20min; now += 250ms) {
    const Grant grant = lease(account, {1'000'000, std::nullopt, false}, at(now));
    REQUIRE(grant.slots.count <= 25'000);
    REQUIRE(rate_of(account, std::nullopt, now).value() <= 100'000);
  }
  CHECK(lease(account, {1'000'000, std::nullopt, false}, at(hour)).slots.count == 25'000);
  CHECK(lease(account, {1'000'000, 1e300, false}, at(hour + 1s)).slots.count == 25'000);

  // What is too fast then, is found from there.
  count(account, {10, 10}, std::nullopt, at(hour + 2s));
  CHECK(rate_of(account, std::nullopt, hour + 2s).value() <= 50'000);
}

TEST_CASE("throttling halves the pace once for all answers of a second", "[outbox]") {
  SendingAccount account;
  account.max_rate = 100;
  for (int i = 0; i < 10; ++i) count(account, {10, 1}, std::nullopt, at(begin + i * 50ms));
  const double slowed = rate_of(account, std::nullopt, begin).value();
  CHECK(slowed > 40);
  CHECK(slowed < 50);
  CHECK(rate_of(account, std::nullopt, begin + 1s).value() > 80);
  CHECK(rate_of(account, std::nullopt, begin + 2min).value() == Approx(97));
}

TEST_CASE("a worker that can't ask leaves what others learnt, and their turn to ask", "[outbox]") {
  SendingAccount record;
  const auto edit = [&](const std::function<void(SendingAccount&)>& change) -> Result<void> {
    change(record);
    return {};
  };
  SimulatedAccount account;
  account.quota = 40;
  Limiter by_api(edit, [&] { return account.tell(begin); }, {});
  int asked_in_vain = 0;
  Limiter by_smtp(edit,
                  [&]() -> Result<std::optional<SesAccount>> {
                    ++asked_in_vain;
                    return std::optional<SesAccount>();
                  },
                  {});
  REQUIRE(by_api.available(1, at(begin)));
  const auto used = record.used_24_hours;
  for (auto now = begin + 5min; now < begin + 6min; now += 1s) {
    REQUIRE(by_smtp.available(1, at(now)));
    by_smtp.sent(1);
  }

  CHECK(asked_in_vain == 1);
  CHECK(record.max_24_hours == 40);
  CHECK(record.max_rate == 14);
  CHECK(record.used_24_hours > used);
  CHECK(record.hold == AccountHold::quota);
  CHECK(record.told == begin);
  REQUIRE(by_api.available(1, at(begin + 1h)));
  CHECK(account.asked == 2);
}

TEST_CASE("an account that takes more than was counted is not held at that count again",
          "[outbox]") {
  SendingAccount account;
  account.max_24_hours = account.used_24_hours = 40;
  CHECK(lease(account, {1, {}, false}, at(begin)).held);
  const Now later = at(begin + 1h);
  CHECK(lease(account, {8, {}, false}, later).slots.count == 1);
  resume(account);

  CHECK_FALSE(lease(account, {8, {}, false}, later).held);
}

/// Time that only tests move, an account that answers as SES does, and workers that take turns.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "outbox/world.hpp"

namespace calinvite::test {

using std::chrono::microseconds;

/// The present of simulated workers: each runs until it waits, then whoever waits for the earliest
/// instant goes on, at that instant. One runs at a time, so a seed replays everything.
class Turns {
 public:
  explicit Turns(Instant start, std::size_t workers = 1) : now_(start), working_(workers) {}

  Instant now() {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void wait_until(Instant time, std::size_t worker = 0) {
    std::unique_lock lock(mutex_);
    waiting_[worker] = time;
    choose();
    turn_changed_.wait(lock, [&] { return turn_ == worker; });
    waiting_.erase(worker);
    turn_.reset();
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --working_;
    choose();
  }

 private:
  void choose() {
    if (turn_ || waiting_.empty() || waiting_.size() < working_) return;
    const auto next = std::min_element(
        waiting_.begin(), waiting_.end(),
        [](const auto& one, const auto& other) { return one.second < other.second; });
    now_ = std::max(now_, next->second);
    turn_ = next->first;
    turn_changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable turn_changed_;
  Instant now_;
  std::size_t working_;
  std::map<std::size_t, Instant> waiting_;  ///< by worker
  std::optional<std::size_t> turn_;
};

/// SES's side of an account: a bucket of tokens for the rate, a rolling day for the quota.
class SimulatedAccount {
 public:
  double rate = 14;      ///< recipients a second
  double burst = 1;      ///< seconds of the rate that may come at once
  double quota = -1;     ///< in 24 hours; -1: none
  double announced = 0;  ///< rate that GetAccount tells; 0: `rate`
  bool suspended = false;
  bool tells = true;      ///< GetAccount is allowed
  std::size_t asked = 0;  ///< GetAccount calls

  SendVerdict take(Instant now) {
    calls.push_back(now);
    if (suspended) return answer(SendVerdict::suspended);
    while (!taken_.empty() && taken_.front() + 24h <= now) taken_.pop_front();
    if (quota >= 0 && static_cast<double>(taken_.size()) >= quota) {
      return answer(SendVerdict::quota);
    }
    tokens_ = std::min(std::max(1.0, rate * burst), tokens_ + gained(now));
    filled_ = now;
    if (tokens_ < 1) return answer(SendVerdict::throttled);
    tokens_ -= 1;
    taken_.push_back(now);
    return answer(SendVerdict::accepted);
  }
  /// Another program uses that many of the tokens.
  void drain(double tokens) { tokens_ -= tokens; }

  Result<std::optional<SesAccount>> tell(Instant now) {
    ++asked;
    if (!tells) return fail(Code::forbidden, "GetAccount: AccessDeniedException");
    while (!taken_.empty() && taken_.front() + 24h <= now) taken_.pop_front();
    SesAccount account;
    account.max_send_rate = announced > 0 ? announced : rate;
    account.max_24_hour_send = quota;
    account.sent_last_24_hours = static_cast<double>(taken_.size());
    account.sending_enabled = !suspended;
    account.enforcement_status = suspended ? "SHUTDOWN" : "HEALTHY";
    return std::optional(account);
  }

  std::size_t count(SendVerdict verdict, Instant from, Instant to) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      found += answers_[i] == verdict && calls[i] >= from && calls[i] < to ? 1 : 0;
    }
    return found;
  }

  std::vector<Instant> calls;

 private:
  double gained(Instant now) const {
    return std::chrono::duration<double>(now - filled_).count() * rate;
  }
  SendVerdict answer(SendVerdict verdict) {
    answers_.push_back(verdict);
    return verdict;
  }

  double tokens_ = 0;
  Instant filled_{};
  std::deque<Instant> taken_;
  std::vector<SendVerdict> answers_;  ///< of `calls`
};

/// Delays of a network, drawn from a seed.
class Jitter {
 public:
  explicit Jitter(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
  microseconds draw(microseconds least, microseconds most) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    const auto range = static_cast<std::uint64_t>((most - least).count() + 1);
    return least + microseconds(static_cast<std::int64_t>(state_ % range));
  }

 private:
  std::uint64_t state_;
};

/// One worker's connections to a simulated account.
class SimulatedSes final : public Transport {
 public:
  SimulatedSes(SimulatedAccount& account, Turns& turns, std::size_t worker = 0,
               std::size_t most = 8)
      : account_(account), turns_(turns), worker_(worker), most_(most), jitter_(worker + 1) {}

  std::size_t max_in_flight() const override { return most_; }
  std::string account_key() const override { return key; }
  Result<std::optional<SesAccount>> account() override {
    if (asking_takes > 0s) turns_.wait_until(turns_.now() + asking_takes, worker_);
    if (on_asked) on_asked();
    return account_.tell(turns_.now());
  }
  Result<void> submit(OutgoingMessage message) override {
    if (flights_.size() >= most_) return fail(Code::invalid_argument, "too many in flight");
    if (submit_takes > 0s) turns_.wait_until(turns_.now() + submit_takes, worker_);
    if (on_submit) on_submit();
    const Instant now = turns_.now();
    const SendVerdict verdict = account_.take(now);
    std::string detail;
    if (verdict == SendVerdict::quota) detail = "Daily message quota exceeded.";
    if (verdict == SendVerdict::suspended) detail = "AccountSuspendedException: stopped";
    flights_.emplace(now + jitter_.draw(20ms, 120ms),
                     SendOutcome{message.attempt_id, verdict, "m-" + message.attempt_id, detail});
    return {};
  }
  std::vector<SendOutcome> poll(std::chrono::milliseconds wait) override {
    if (!flights_.empty() && flights_.begin()->first > turns_.now()) {
      turns_.wait_until(std::min(flights_.begin()->first, turns_.now() + wait), worker_);
    }
    std::vector<SendOutcome> outcomes;
    while (!flights_.empty() && flights_.begin()->first <= turns_.now()) {
      outcomes.push_back(std::move(flights_.begin()->second));
      flights_.erase(flights_.begin());
    }
    return outcomes;
  }

  std::string key = "ses:eu-central-1";
  std::chrono::seconds asking_takes{0};
  std::chrono::seconds submit_takes{0};
  std::function<void()> on_asked;   ///< when that time has passed
  std::function<void()> on_submit;  ///< when that time has passed

 private:
  SimulatedAccount& account_;
  Turns& turns_;
  std::size_t worker_;
  std::size_t most_;
  Jitter jitter_;
  std::multimap<Instant, SendOutcome> flights_;  ///< by when the answer comes
};

/// Dispatches through `store` at simulated time.
inline Result<DispatchResult> dispatch_at(const World& world, Turns& turns, Store& store,
                                          Transport& transport, const DispatchOptions& options = {},
                                          std::size_t worker = 0) {
  const Clock clock = [&turns] { return std::chrono::floor<std::chrono::seconds>(turns.now()); };
  const FineClock fine_clock = [&turns] { return turns.now(); };
  const Sleep sleep = [&turns, worker](microseconds time) {
    turns.wait_until(turns.now() + time, worker);
  };
  const auto key_ring = [&world](const std::string&) -> Result<const KeyRing*> {
    return &world.ring;
  };
  const outbox::Surroundings with{store,    transport,  world.zones, clock,     world.random,
                                  key_ring, fine_clock, sleep,       world.pace};
  return outbox::dispatch(with, options);
}

}  // namespace calinvite::test

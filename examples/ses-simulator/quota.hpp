/// The account's sending limits, counted in recipients: a rate per second and a rolling day.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "time_text.hpp"
#include "wire.hpp"

namespace ses_simulator {

struct Limits {
  double per_second = 10000;
  double max_24h = 6000000;  ///< -1: unlimited, as SES says it
  double sent_24h = 0;       ///< sent before this account's ledger starts; never leaves the window
};

/// Safe to share between threads.
class Quota {
 public:
  explicit Quota(Limits limits) : limits_(limits), tokens_(burst()) {}

  /// Takes one recipient from both limits, or from neither.
  /// @param of_the_day  false: it counts for the rate alone, as SES's mailbox simulator does
  std::optional<Refusal> take(Instant now, bool of_the_day);

  /// Counts a recipient that was taken before a restart.
  void restore(Instant when);

  double sent_last_24_hours(Instant now);
  const Limits& limits() const { return limits_; }

 private:
  double burst() const { return limits_.per_second < 1 ? 1 : limits_.per_second; }
  double sent(Instant now);

  const Limits limits_;
  std::mutex mutex_;
  double tokens_;
  Instant filled_{};
  std::map<std::chrono::sys_time<std::chrono::minutes>, double> by_minute_;
  double in_window_ = 0;  ///< sum of by_minute_
};

}  // namespace ses_simulator

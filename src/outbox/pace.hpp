/// How fast to send: evenly below what the account allows, slower while it throttles.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace calinvite::outbox {

/// A token bucket that holds little, so that messages leave evenly. It measures spans between
/// sends, never a date: hence the steady clock.
class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// @param allowed  messages a second; absent: as fast as the transport takes them
  Pace(std::optional<double> allowed, Time now);
  /// How many may leave now.
  std::size_t available(Time now);
  /// Until `available` is more than 0.
  std::chrono::milliseconds wait(Time now);
  void sent(std::size_t count);
  /// The account said "too fast": half the rate, once for all answers of the same second; grows
  /// back slowly.
  void throttled(Time now);

 private:
  void refill(Time now);
  double quantum() const;

  std::optional<double> ceiling_;  ///< never exceeded
  std::optional<double> rate_;     ///< in force
  double tokens_ = 1;
  Time refilled_;
  Time slowed_;
  std::size_t sent_since_ = 0;  ///< since `counted_`: what "too fast" was, where no limit is known
  Time counted_;
};

}  // namespace calinvite::outbox

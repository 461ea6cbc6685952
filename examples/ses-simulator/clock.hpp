/// Simulated time, by which the quota, the windows of faults and all records go.
#pragma once

#include <algorithm>
#include <atomic>

#include "scenario.hpp"

namespace ses_simulator {

inline Instant wall_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Safe to share between threads, but for resume().
class Clock {
 public:
  explicit Clock(const ClockPlan& plan)
      : plan_(plan), base_(plan.start.value_or(wall_time())), begun_(wall_time()) {}

  /// Goes on behind what a run before has recorded.
  void resume(Instant last) { base_ = plan_.start ? std::max(base_, last) : base_; }

  /// One more SendEmail request.
  void step() { ++steps_; }

  Instant now() const {
    const auto passed = std::chrono::duration<double, std::milli>(wall_time() - begun_);
    const auto run =
        std::chrono::milliseconds(static_cast<std::int64_t>(passed.count() * plan_.speed));
    return base_ + run + plan_.step * steps_.load();
  }

  double seconds() const { return std::chrono::duration<double>(now() - base_).count(); }

  /// What the peer's own clock shows, in Date headers and when signatures are checked.
  Instant shown() const { return wall_time() + plan_.skew; }

 private:
  const ClockPlan plan_;
  Instant base_;
  const Instant begun_;
  std::atomic<std::int64_t> steps_{0};
};

}  // namespace ses_simulator

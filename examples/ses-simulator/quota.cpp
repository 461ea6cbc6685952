#include "quota.hpp"

#include <algorithm>
#include <chrono>

namespace ses_simulator {

using namespace std::chrono;

double Quota::sent(Instant now) {
  const auto start = floor<minutes>(now - hours(24));
  while (!by_minute_.empty() && by_minute_.begin()->first <= start) {
    in_window_ -= by_minute_.begin()->second;
    by_minute_.erase(by_minute_.begin());
  }
  return limits_.sent_24h + in_window_;
}

std::optional<Refusal> Quota::take(Instant now, bool of_the_day) {
  const std::lock_guard lock(mutex_);
  if (of_the_day && limits_.max_24h >= 0 && sent(now) + 1 > limits_.max_24h) {
    return Refusal{400, "LimitExceededException", "Daily message quota exceeded."};
  }
  const double elapsed = duration<double>(now - filled_).count();
  if (elapsed > 0) {
    tokens_ = std::min(burst(), tokens_ + elapsed * limits_.per_second);
    filled_ = now;
  }
  if (tokens_ < 1) {
    return Refusal{429, "TooManyRequestsException", "Maximum sending rate exceeded."};
  }
  tokens_ -= 1;
  if (!of_the_day) return std::nullopt;
  by_minute_[floor<minutes>(now)] += 1;
  in_window_ += 1;
  return std::nullopt;
}

void Quota::restore(Instant when) {
  const std::lock_guard lock(mutex_);
  by_minute_[floor<minutes>(when)] += 1;
  in_window_ += 1;
}

double Quota::sent_last_24_hours(Instant now) {
  const std::lock_guard lock(mutex_);
  return sent(now);
}

}  // namespace ses_simulator

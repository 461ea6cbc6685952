#include "outbox/pace.hpp"

#include <algorithm>
#include <cmath>

namespace calinvite::outbox {
namespace {

using Seconds = std::chrono::duration<double>;

// Sending at the very limit is throttled, because the network shifts messages a little.
constexpr double share_of_limit = 0.95;
constexpr double slowest = 0.5;
constexpr double growth_per_second = 1.05;
// Several messages share one commit when that many are due within this time.
constexpr double grouping_seconds = 0.02;
constexpr double burst_seconds = 0.1;

}  // namespace

Pace::Pace(std::optional<double> allowed, Time now)
    : refilled_(now), slowed_(now - std::chrono::hours(1)), counted_(now) {
  if (allowed) ceiling_ = rate_ = std::max(slowest, *allowed * share_of_limit);
}

void Pace::refill(Time now) {
  const double elapsed = Seconds(now - refilled_).count();
  refilled_ = now;
  if (!rate_) return;
  tokens_ = std::min(tokens_ + elapsed * *rate_, std::max(1.0, *rate_ * burst_seconds));
  const bool recovering = now - slowed_ >= std::chrono::seconds(1);
  if (!recovering || (ceiling_ && *rate_ >= *ceiling_)) return;
  rate_ = *rate_ * std::pow(growth_per_second, elapsed);
  if (ceiling_) rate_ = std::min(*rate_, *ceiling_);
}

double Pace::quantum() const { return std::max(1.0, *rate_ * grouping_seconds); }

std::size_t Pace::available(Time now) {
  constexpr std::size_t no_limit = 1'000'000;
  refill(now);
  if (!rate_) return no_limit;
  return tokens_ < quantum() ? 0 : static_cast<std::size_t>(tokens_);
}

std::chrono::milliseconds Pace::wait(Time now) {
  refill(now);
  if (!rate_ || tokens_ >= quantum()) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(Seconds((quantum() - tokens_) / *rate_));
}

void Pace::sent(std::size_t count) {
  sent_since_ += count;
  if (rate_) tokens_ -= static_cast<double>(count);
}

void Pace::throttled(Time now) {
  if (now - slowed_ < std::chrono::seconds(1)) return;
  const double elapsed = std::max(1.0, Seconds(now - counted_).count());
  const double before = rate_.value_or(static_cast<double>(sent_since_) / elapsed);
  rate_ = std::max(slowest, before / 2);
  tokens_ = std::min(tokens_, 0.0);
  slowed_ = counted_ = refilled_ = now;
  sent_since_ = 0;
}

}  // namespace calinvite::outbox

#include "outbox/pace.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace calinvite::outbox;
using namespace std::chrono_literals;

namespace {

constexpr Pace::Time begin{};

/// Sends whatever is allowed for `span` in steps of a millisecond; messages of each second.
std::vector<std::size_t> sent_each_second(Pace& pace, Pace::Time& now, int seconds) {
  std::vector<std::size_t> counts;
  for (int second = 0; second < seconds; ++second) {
    std::size_t count = 0;
    for (int step = 0; step < 1000; ++step, now += 1ms) {
      const std::size_t free = pace.available(now);
      pace.sent(free);
      count += free;
    }
    counts.push_back(count);
  }
  return counts;
}

}  // namespace

TEST_CASE("the pace is even and a little below what the account allows", "[outbox]") {
  for (const double allowed : {1.0, 14.0, 500.0}) {
    Pace pace(allowed, begin);
    Pace::Time now = begin;
    std::size_t sum = 0;
    for (const std::size_t count : sent_each_second(pace, now, 60)) {
      CHECK(static_cast<double>(count) <= allowed);
      sum += count;
    }
    CHECK(static_cast<double>(sum) > 0.92 * 60 * allowed);
  }
}

TEST_CASE("a pause is not made up for by a burst", "[outbox]") {
  Pace pace(100.0, begin);
  CHECK(pace.available(begin + 1h) <= 10);
}

TEST_CASE("without a known limit nothing is held back until the account complains", "[outbox]") {
  Pace pace(std::nullopt, begin);
  CHECK(pace.available(begin) > 1000);
  pace.sent(200);
  pace.throttled(begin + 2s);

  Pace::Time now = begin + 2s;
  const auto counts = sent_each_second(pace, now, 1);
  CHECK(counts[0] >= 40);
  CHECK(counts[0] <= 60);  // half of a hundred a second
}

TEST_CASE("being throttled halves the pace once a second and it grows back", "[outbox]") {
  Pace pace(100.0, begin);
  Pace::Time now = begin;
  sent_each_second(pace, now, 2);
  for (int i = 0; i < 10; ++i) pace.throttled(now);
  const auto slow = sent_each_second(pace, now, 1);
  CHECK(slow[0] >= 40);
  CHECK(slow[0] <= 52);

  const auto later = sent_each_second(pace, now, 60);
  CHECK(later.back() >= 90);
  CHECK(later.back() <= 96);
}

TEST_CASE("the wait is as long as the next message is away", "[outbox]") {
  Pace pace(2.0, begin);
  CHECK(pace.wait(begin) == 0ms);
  pace.sent(pace.available(begin));

  CHECK(pace.available(begin + 100ms) == 0);
  const auto wait = pace.wait(begin + 100ms);
  CHECK(wait > 300ms);
  CHECK(wait < 600ms);
  CHECK(pace.available(begin + 100ms + wait) == 1);
}

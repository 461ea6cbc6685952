/// A recurrence rule taken apart (RFC 5545 3.3.10), no finer than daily.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "calinvite/time.hpp"

namespace calinvite {

enum class Frequency { daily, weekly, monthly, yearly };

struct Rule {
  struct Weekday {
    int nth = 0;  ///< 0: every one of the period
    unsigned weekday = 0;
  };
  Frequency frequency = Frequency::daily;
  int interval = 1;
  std::optional<int> count;
  std::optional<BasicTime> until;
  unsigned week_start = 1;
  std::vector<Weekday> by_day;
  std::vector<int> by_month, by_month_day, by_year_day, by_week, by_position;
  std::vector<int> by_hour, by_minute, by_second;
};

/// Takes `text` apart and checks the limits of a safe rule: INTERVAL, COUNT, number of values.
/// @error invalid_input  not a rule
/// @error unsupported    finer than daily, beyond a limit, or a part of another RFC; names the part
Result<Rule> parse_rule(std::string_view text);

}  // namespace calinvite

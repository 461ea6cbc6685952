/// The instances of a recurrence rule in order (RFC 5545 3.3.10), lazily and within a window.
#pragma once

#include <functional>

#include "time/rrule.hpp"

namespace calinvite {

/// Which instances are asked for, both ends included; COUNT still counts from the start.
struct ExpansionWindow {
  std::chrono::local_seconds from{};
  std::chrono::local_seconds to{};
};

/// Calls `take` with each instance of `rule` in the window, none before `start`, until it answers
/// false. The work is linear in the days of the window, from the start when COUNT is given.
void expand_rule(const Rule& rule, std::chrono::local_seconds start, ExpansionWindow window,
                 const std::function<bool(std::chrono::local_seconds)>& take);

}  // namespace calinvite

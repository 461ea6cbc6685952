/// Dispatch: handing what is due to a transport, and how that went.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "calinvite/model.hpp"
#include "calinvite/store.hpp"

namespace calinvite {

/// How far a dispatch has come.
struct DispatchProgress {
  OutboxTotals totals;               ///< of the whole outbox
  std::uint64_t settled = 0;         ///< by this run
  bool waiting = false;              ///< nothing is due now: pace, retry time or a foreign lease
  std::chrono::sys_seconds until{};  ///< of `waiting`
  std::string reason;                ///< of `waiting`: what failed or is held; empty: not due
};

/// How messages are spread over time. Limits of the account hold with each of them.
struct PaceProfile {
  std::uint64_t batch = 0;             ///< messages that leave together; 0: evenly, no batches
  std::chrono::milliseconds pause{0};  ///< after a batch is answered, before the next
};

/// When a domain's sending is held until a person lifts it. AWS reviews an account from 5 % of
/// bounces and 0.1 % of complaints on; only permanent bounces count.
struct ReputationLimits {
  std::uint64_t min_messages = 1000;  ///< accepted within 7 days; fewer say too little
  double bounces = 0.04;              ///< share of the accepted; 1: never
  double complaints = 0.0008;         ///< the same, from the third complaint on
};

struct DispatchOptions {
  std::uint64_t max_messages = 0;  ///< 0: everything due
  std::chrono::seconds lease{60};  ///< kept alive by heartbeat; at least 1 s
  PaceProfile pace;
  double max_rate = 0;  ///< messages a second, of all workers together; 0: as the account says
  ReputationLimits reputation;
  bool wait_while_held = false;  ///< an account that is held does not end the dispatch
  /// Called now and then on the calling thread; false ends the dispatch after what is in flight.
  std::function<bool(const DispatchProgress&)> on_progress;
  /// Called for each receipt of this run after it is durable; must not call the engine. False
  /// ends the dispatch after what is in flight.
  std::function<bool(const Receipt&)> on_receipt;
};

/// How a dispatch ended. Counts are of this run, totals of the whole outbox.
struct DispatchResult {
  OutboxTotals totals;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t in_doubt = 0;
  std::uint64_t held = 0;     ///< notices too: an account that is paused holds them alike
  std::uint64_t notices = 0;  ///< accepted; in none of the counts above
  bool stopped = false;       ///< by a callback
  std::string reason;         ///< why entries were held last; empty: none were
  std::string hold;  ///< why the account takes nothing, such as "quota: ..."; empty: it does
  std::chrono::sys_seconds hold_until{};  ///< of `hold`: from then on a dispatch tries again
  /// When another dispatch finds something to do: a message that waits or was held is due, or
  /// somebody's lease ends. Absent: when something is enqueued, or a person lifts a hold.
  std::optional<std::chrono::sys_seconds> next_due;
};

}  // namespace calinvite

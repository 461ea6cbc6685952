/// Dispatch: handing what is due to a transport, and how that went.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
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
  std::string reason;                ///< of `waiting`: what failed; empty: nothing is due yet
};

struct DispatchOptions {
  std::uint64_t max_messages = 0;  ///< 0: everything due
  std::chrono::seconds lease{60};  ///< kept alive by heartbeat; at least 1 s
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
};

}  // namespace calinvite

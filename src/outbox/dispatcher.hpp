/// One run of dispatch: what it holds between its steps.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "outbox/dispatch.hpp"
#include "outbox/limiter.hpp"
#include "outbox/writer.hpp"

namespace calinvite::outbox {

/// How long nothing is tried while the way out fails.
inline constexpr std::chrono::seconds longest_back_off{30};

class Dispatcher {
 public:
  Dispatcher(const Surroundings& with, const DispatchOptions& options);
  Result<DispatchResult> run();

 private:
  using Time = std::chrono::sys_seconds;

  /// A message that waits for its intent.
  struct Draft {
    ClaimedInvite invite;
    OutgoingMessage message;
  };
  /// Why a domain's invites are held unsent.
  struct Block {
    std::string reason;
    Time until;
  };
  /// What is known of a domain's reputation.
  struct Standing {
    std::string hold;
    Time checked;
  };
  /// A message that its recipient's server does not take yet.
  struct Deferral {
    Time since;
    Time until;
    std::string reason;
    int tries = 0;
  };
  /// An end that the store does not know yet.
  struct Ended {
    Settlement settlement;
    ClaimedInvite invite;
  };

  Result<void> begin();
  Result<void> find_next_due();
  Result<void> step();
  Result<void> keep_leases(Time now);
  Result<std::optional<SesAccount>> ask_account();

  // -- out (dispatch.cpp)
  std::size_t group() const;
  std::size_t room() const;
  Result<void> claim_some(Time now);
  Result<std::size_t> start_some(Time now);
  Result<std::vector<Draft>> write_drafts(std::size_t count, Time now);
  Result<void> send(std::vector<Draft> drafts, Time now);
  void submit(Draft draft, Time now);

  // -- back (outcomes.cpp)
  Result<void> take_outcomes(std::chrono::milliseconds wait);
  void take(SendOutcome outcome, Time now);
  Settlement settlement_of(const ClaimedInvite& invite, SendOutcome outcome, Time now);
  void hold(const ClaimedInvite& invite, std::string attempt_id, std::string reason, Time now);
  void hold_until(Time not_before, const ClaimedInvite& invite, std::string reason);
  void refuse(const ClaimedInvite& invite, std::string attempt_id, std::string reason);
  void defer(Settlement& end, Time now);
  void back_off(const std::string& reason, Time now);
  Result<void> heed_hold(Time now);
  Result<void> weigh_reputation(Time now);
  Result<void> settle();
  Result<void> settle_in_store(std::size_t& applied);
  void tell_settled(std::size_t applied);
  void count(const Settlement& settlement, bool notice);
  void tell(const ClaimedInvite& invite, ReceiptKind kind, const Settlement& settlement, Time now);

  // -- waiting (waiting.cpp)
  Now present() const { return {with_.fine_clock(), with_.clock()}; }
  bool end_batch();
  Result<void> rest_or_end(Time now);
  Result<bool> only_deferred_wait();
  std::string reason_to_wait(Time until) const;
  Result<void> wait_until(Time until, const std::string& reason);
  std::chrono::milliseconds patience();
  Result<void> report_progress(const DispatchProgress* waiting);
  void wind_down();
  bool may_start(Time now) const;
  std::chrono::seconds jitter(std::chrono::seconds longest) const;

  const Surroundings& with_;
  const DispatchOptions& options_;
  DispatchResult result_;
  Writer writer_;
  Pace own_pace_;
  Pace& pace_;
  Limiter limiter_;
  std::uint64_t fence_ = 0;
  std::uint64_t minted_ = 0;  ///< attempt ids
  std::uint64_t started_ = 0;
  std::uint64_t settled_ = 0;
  bool stopping_ = false;
  bool done_ = false;
  Time renew_at_{};
  int failures_ = 0;  ///< of the way out, in a row
  int doubts_ = 0;    ///< since something was answered
  Time backing_off_until_{};
  Time useless_until_{};                                  ///< wrong keys: no try before
  std::string failure_;                                   ///< why nothing is tried now
  std::unordered_map<std::int64_t, Deferral> deferrals_;  ///< by entry, in this run
  std::map<std::string, Block> blocked_;                  ///< by domain
  std::map<std::string, Standing> standings_;             ///< by domain
  std::deque<ClaimedInvite> claimed_;
  std::unordered_map<std::string, ClaimedInvite> flights_;  ///< by attempt id
  std::vector<Ended> ended_;
  std::optional<Instant> reported_;  ///< when totals_ were read
  std::chrono::microseconds until_stale_{};
  OutboxTotals totals_;
};

}  // namespace calinvite::outbox

/// One worker's end of the pace that all workers of an account share.
#pragma once

#include <functional>
#include <optional>

#include "outbox/allowance.hpp"

namespace calinvite::outbox {

/// Leases slots and hands them out one by one; tells the account's record what came of them. Writes
/// the record once a lease, and when something happened that others must know; never per message.
class Limiter {
 public:
  /// Changes the record that the account's workers share, in one step.
  using Edit = std::function<Result<void>(const std::function<void(SendingAccount&)>&)>;
  /// Asks the account itself; absent: it can't be asked this way, and isn't again.
  using Ask = std::function<Result<std::optional<SesAccount>>()>;

  /// @param ask       empty: the account can't be asked
  /// @param max_rate  the operator's limit, messages a second, on top of all others
  Limiter(Edit edit, Ask ask, std::optional<double> max_rate);

  /// How many of `wanted` (at least 1) may leave now.
  /// @error as `edit`
  Result<std::size_t> available(std::size_t wanted, Now now);
  /// That many left.
  void sent(std::size_t count);
  /// Until `available` may be more than 0 again.
  std::chrono::microseconds wait(Instant now) const;

  void answered(SendVerdict verdict, const std::string& detail);
  /// Tells what must not wait for the next lease.
  /// @error as `edit`; what is untold stays
  Result<void> report(Now now);

  /// Learns what other workers found, when it is a second since.
  /// @error as `edit`
  Result<void> look(Now now);
  /// Why nothing of the account may be sent, by this worker; nullptr: it may.
  const SendingAccount* held(std::chrono::sys_seconds now) const;

 private:
  Result<void> lease(std::size_t wanted, Now now);
  Result<void> edit(Now now, const std::function<void(SendingAccount&)>& change);
  Instant slot(std::size_t number) const;
  /// How many of those left share a commit.
  std::size_t group() const;
  std::size_t left() const { return slots_.count - used_; }
  void drop_overslept(Instant now);

  Edit edit_;
  Ask ask_;
  std::optional<double> max_rate_;
  SendingAccount seen_;  ///< as last seen
  Instant seen_at_{};
  Slots slots_;
  std::size_t used_ = 0;  ///< of slots_
  bool unpaced_ = false;  ///< no limit is known, until ask_at_
  bool probing_ = false;  ///< this worker's next answer shows whether the hold is over
  Instant ask_at_{};      ///< no lease before
  Answers untold_;
  AccountHold found_ = AccountHold::none;  ///< to be told
  std::string reason_;
  bool works_ = false;  ///< to be told: the hold is over
};

}  // namespace calinvite::outbox

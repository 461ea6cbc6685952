/// The dispatch loop: claim, compose, make the intent durable, send, settle.
#pragma once

#include <functional>

#include "calinvite/outbox.hpp"
#include "calinvite/result.hpp"
#include "calinvite/time.hpp"
#include "calinvite/token.hpp"
#include "calinvite/transport.hpp"

namespace calinvite::outbox {

/// How far the pace of a transport has come; it goes on in the next run that is given it.
struct Pace {
  SendingAccount own_account;  ///< of a transport whose account nobody shares
  std::uint64_t in_batch = 0;
  Instant last_sent{};
  Instant next_batch{};
};

/// What the loop works with; all borrowed for the call.
struct Surroundings {
  Store& store;
  Transport& transport;
  const ZoneTable& zones;
  const Clock& clock;
  const Random& random;
  /// The key ring of a domain; the pointer lives as long as the call.
  std::function<Result<const KeyRing*>(const std::string& domain)> key_ring;
  const FineClock& fine_clock;
  const Sleep& sleep;
  Pace* pace = nullptr;  ///< of the transport; null: this run has one of its own
};

/// Sends what is due until nothing waits, `max_messages` is reached, a callback stops it or the
/// account is held.
/// Returns leases it did not use. An attempt whose outcome is unknown is in doubt, never repeated.
/// @error invalid_argument  a lease shorter than 1 s, a rate or share out of range
/// @error store_full, busy, unavailable, store_corrupt  from the store; what was in flight is in
///        doubt or settled, calling again resumes
Result<DispatchResult> dispatch(const Surroundings& with, const DispatchOptions& options);

}  // namespace calinvite::outbox

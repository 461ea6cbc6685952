/// How fast an account may be used: rules over what its workers share, pure and free of clocks.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "calinvite/aws.hpp"
#include "calinvite/store.hpp"

namespace calinvite::outbox {

using Micros = std::chrono::duration<double, std::micro>;

/// Days before today whose counts make a domain's reputation.
inline constexpr std::chrono::days reputation_window{6};

/// The present in both of the resolutions that are injected.
struct Now {
  Instant fine;
  std::chrono::sys_seconds seconds;
};

/// The right to send `count` messages, one each `interval` from `first` on.
struct Slots {
  std::size_t count = 0;
  Instant first;
  Micros interval{0};  ///< 0: at once
};

/// What a worker that asks for slots is to do.
struct Grant {
  Slots slots;            ///< count 0: none now
  Instant wait;           ///< of none: when to ask again
  bool must_ask = false;  ///< first ask the account what it allows, and `tell`
  bool unpaced = false;   ///< the slots are as many as wanted, since no limit is known
  bool held = false;      ///< nothing may be sent before `SendingAccount::until`
};

/// How workers use an account that some of them have leased slots of.
struct Wish {
  std::size_t count = 1;           ///< at least 1
  std::optional<double> max_rate;  ///< the operator's own limit, messages a second
  bool can_ask = false;            ///< the transport has an account to ask
};

/// Answers that a worker got since it last told.
struct Answers {
  std::size_t all = 0;
  std::size_t throttled = 0;  ///< of all
};

/// Messages a second in force at this instant; absent: no limit is known.
std::optional<double> rate_of(const SendingAccount& account, std::optional<double> max_rate,
                              Instant now);
/// Leases up to `count` slots: those of a quarter second, at most that far ahead. A worker that
/// dies takes no more than that with it.
Grant lease(SendingAccount& account, const Wish& wish, Now now);
/// What the account says of itself; absent: it would not say.
void tell(SendingAccount& account, const std::optional<SesAccount>& told,
          std::chrono::sys_seconds now);
/// Adds answers to those of other workers. Throttled ones lower the rate, once a second.
void count(SendingAccount& account, const Answers& answers, std::optional<double> max_rate,
           Now now);
/// The account takes nothing: every worker leaves it alone but for one try each interval.
void hold(SendingAccount& account, AccountHold hold, const std::string& reason,
          std::chrono::sys_seconds now);
/// "quota: 200 of 200 recipients ...".
std::string words_of_hold(const SendingAccount& account);
/// It took a message, or refused one for its own sake.
void resume(SendingAccount& account);

}  // namespace calinvite::outbox

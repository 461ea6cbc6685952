#include "outbox/allowance.hpp"

#include <algorithm>
#include <cmath>

namespace calinvite::outbox {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// At the very limit some are throttled, because the network shifts messages a little.
constexpr double share_of_limit = 0.97;
constexpr double slowest = 0.5;
// What nobody limits grows without end, and is of no account's size here.
constexpr double fastest = 100'000;
// Slots are leased this far ahead, and this far back for a worker that was held up a little.
constexpr milliseconds horizon{250};
constexpr double slice_seconds = 0.25;
constexpr milliseconds held_up{100};
// Where no limit is known, how long a worker goes on before it looks whether others found one.
constexpr milliseconds unpaced_slice{250};
// A clock that was set back must not stop anybody for longer.
constexpr minutes longest_lead{1};

constexpr minutes ask_again{5};
constexpr seconds ask_again_when_slowed{30};
constexpr seconds longest_asking{2};
constexpr milliseconds asking_pause{100};

constexpr minutes quota_interval{15};
constexpr minutes suspension_interval{5};

// After "too fast": half of what was taken, twice as much within a second; then a curve that stays
// near it for seconds, has doubled in less than a minute, and grows ever faster.
constexpr seconds halved_for{1};
constexpr double seconds_to_double = 30;
constexpr minutes guess_is_old{5};
constexpr double caution = 0.97;
// One throttled answer of few says little about a rate.
constexpr seconds counted_for{5};

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

/// How many times its level a rate has become, so many seconds after it was throttled.
double growth(double after) {
  const double part = after / seconds_to_double;
  return std::exp2(part * part);
}

double found_rate(const SendingAccount& account, Instant now) {
  const double after = seconds_between(account.slowed, now) - seconds(halved_for).count();
  if (after < -1) return account.level;  // the clock was set back
  if (after < 0) return account.level * std::exp2(after);
  return account.level * growth(after);
}

std::string number(double value) { return std::to_string(std::llround(value)); }

double left_today(const SendingAccount& account) {
  return account.max_24_hours - account.used_24_hours;
}
bool quota_is_used(const SendingAccount& account) {
  return account.max_24_hours >= 0 && left_today(account) < 1;
}
std::string quota_reason(const SendingAccount& account) {
  return number(account.used_24_hours) + " of " + number(account.max_24_hours) +
         " recipients in 24 hours are used";
}

seconds interval_of(AccountHold hold) {
  return hold == AccountHold::quota ? seconds(quota_interval) : seconds(suspension_interval);
}

bool is_due_to_be_asked(const SendingAccount& account, std::chrono::sys_seconds now) {
  const auto since = now - account.asked;
  const bool never = account.asked == std::chrono::sys_seconds{};
  const bool slowed = account.slowed > Instant(account.asked);
  const bool ended = account.hold != AccountHold::none && account.asked < account.until;
  return never || ended || since >= ask_again || since < -longest_asking ||
         (slowed && since >= ask_again_when_slowed);
}

/// While another worker asks for the first time.
bool is_being_asked(const SendingAccount& account, std::chrono::sys_seconds now) {
  return account.max_rate <= 0 && account.told < account.asked &&
         now - account.asked < longest_asking;
}

/// Takes the level from what was answered of late.
void slow_down(SendingAccount& account, std::optional<double> max_rate, Instant now) {
  const auto answered = static_cast<double>(std::max<std::uint64_t>(1, account.answered));
  const auto before = rate_of(account, max_rate, now);
  if (before) {
    // More than half of them can be the burst that emptied the account's bucket.
    const double taken = std::max(0.5, 1 - static_cast<double>(account.throttled) / answered);
    account.level = std::max(slowest, *before * std::min(caution, taken));
    account.slowed = now;
    return;
  }
  // Nothing is known but that this was too fast: a low guess, that grows as fast as after minutes.
  account.slowed = now - halved_for - guess_is_old;
  account.level = answered / 2 / growth(seconds(guess_is_old).count());
}

Slots take_slots(SendingAccount& account, std::size_t wanted, double rate, Instant now) {
  const auto most = std::max<std::size_t>(1, static_cast<std::size_t>(rate * slice_seconds));
  Slots slots;
  slots.count = std::min(wanted, most);
  slots.interval = std::chrono::duration<double>(1 / rate);
  slots.first = account.next_send < now - held_up ? now : account.next_send;
  account.next_send = slots.first + std::chrono::ceil<microseconds>(slots.interval * slots.count);
  return slots;
}

}  // namespace

std::optional<double> rate_of(const SendingAccount& account, std::optional<double> max_rate,
                              Instant now) {
  std::optional<double> rate;
  const auto limit = [&](double to) { rate = std::min(rate.value_or(to), to); };
  if (account.level > 0) limit(std::max(slowest, found_rate(account, now)));
  if (account.max_rate > 0) limit(account.max_rate * share_of_limit);
  if (max_rate) limit(*max_rate);
  if (rate) limit(fastest);
  return rate;
}

Grant lease(SendingAccount& account, const Wish& wish, Now now) {
  Grant grant;
  if (account.hold != AccountHold::none && now.seconds < account.until) {
    grant.held = true;
    return grant;
  }
  if (wish.can_ask && is_due_to_be_asked(account, now.seconds)) {
    account.asked = now.seconds;
    grant.must_ask = true;
    return grant;
  }
  if (wish.can_ask && is_being_asked(account, now.seconds)) {
    grant.wait = now.fine + asking_pause;
    return grant;
  }
  if (account.hold == AccountHold::none && quota_is_used(account)) {
    hold(account, AccountHold::quota, quota_reason(account), now.seconds);
    grant.held = true;
    return grant;
  }
  std::size_t wanted = wish.count;
  if (account.hold != AccountHold::none) {  // one message shows whether it takes them again
    account.until = now.seconds + interval_of(account.hold);
    wanted = 1;
  } else if (account.max_24_hours >= 0) {
    wanted = std::min(wanted, static_cast<std::size_t>(left_today(account)));
  }
  const auto rate = rate_of(account, wish.max_rate, now.fine);
  if (!rate) {
    grant.unpaced = true;
    grant.slots = {wanted, now.fine, Micros(0)};
    grant.wait = now.fine + unpaced_slice;
  } else {
    const Micros lead = account.next_send - now.fine;
    const Micros interval = std::chrono::duration<double>(1 / *rate);
    if (lead > longest_lead + interval) account.next_send = now.fine;
    if (account.next_send - now.fine >= horizon) {
      grant.wait = account.next_send - horizon + microseconds(1);
      return grant;
    }
    grant.slots = take_slots(account, wanted, *rate, now.fine);
  }
  account.used_24_hours += static_cast<double>(grant.slots.count);
  return grant;
}

void tell(SendingAccount& account, const std::optional<SesAccount>& told,
          std::chrono::sys_seconds now) {
  account.asked = account.told = now;
  if (!told) return;  // what was learnt before still is the best there is
  account.max_rate = told->max_send_rate;
  account.max_24_hours = told->max_24_hour_send;
  account.used_24_hours = told->sent_last_24_hours;
  if (!told->sending_enabled || told->enforcement_status == "SHUTDOWN") {
    hold(account, AccountHold::suspended, "the account says that it may not send", now);
  } else if (quota_is_used(account)) {
    hold(account, AccountHold::quota, quota_reason(account), now);
  }
}

void count(SendingAccount& account, const Answers& answers, std::optional<double> max_rate,
           Now now) {
  const double elapsed = seconds_between(account.counted_since, now.fine);
  if (elapsed < -halved_for.count()) account.counted_since = now.fine;  // the clock was set back
  if (elapsed < 0) return;  // those were sent before the rate was lowered
  account.answered += answers.all;
  account.throttled += answers.throttled;
  if (answers.throttled > 0) {
    slow_down(account, max_rate, now.fine);
    account.counted_since = now.fine + halved_for;
  } else if (elapsed < counted_for.count()) {
    return;
  } else {
    account.counted_since = now.fine;
  }
  account.answered = account.throttled = 0;
}

void hold(SendingAccount& account, AccountHold hold, const std::string& reason,
          std::chrono::sys_seconds now) {
  account.hold = hold;
  account.reason = reason;
  account.until = now + interval_of(hold);
}

std::string words_of_hold(const SendingAccount& account) {
  return std::string(to_string(account.hold)) + ": " + account.reason;
}

void resume(SendingAccount& account) {
  // It took one more than was counted: the count is old, and whoever can asks anew.
  if (account.hold == AccountHold::quota) account.max_24_hours = -1;
  account.hold = AccountHold::none;
  account.reason.clear();
  account.until = {};
  account.asked = {};
}

}  // namespace calinvite::outbox

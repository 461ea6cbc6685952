#include "outbox/limiter.hpp"

#include <algorithm>
#include <utility>

namespace calinvite::outbox {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// A slot that was missed by more is not made up for.
constexpr seconds latest{1};
// Several messages share one commit when that many are due within this time.
constexpr std::chrono::milliseconds grouping{20};
constexpr seconds look_interval{1};

microseconds span(Micros time) { return std::chrono::ceil<microseconds>(time); }

}  // namespace

Limiter::Limiter(Edit edit, Ask ask, std::optional<double> max_rate)
    : edit_(std::move(edit)), ask_(std::move(ask)), max_rate_(max_rate) {}

Instant Limiter::slot(std::size_t number) const {
  return slots_.first + span(slots_.interval * number);
}

void Limiter::drop_overslept(Instant now) {
  while (left() > 0 && slot(used_) + latest < now) {
    ++used_;
    if (left() == 0) probing_ = false;  // no answer will come: the hold stays until its next try
  }
}

Result<std::size_t> Limiter::available(std::size_t wanted, Now now) {
  if (unpaced_ && now.fine < ask_at_) return wanted;
  drop_overslept(now.fine);
  if (probing_ && left() == 0) return 0;  // its answer decides
  if (left() == 0 && now.fine >= ask_at_) {
    if (auto leased = lease(wanted, now); !leased) return tl::unexpected<Error>(leased.error());
    if (unpaced_) return wanted;
  }
  std::size_t due = 0;
  while (due < left() && slot(used_ + due) <= now.fine) ++due;
  return due < group() ? 0 : std::min(due, wanted);
}

std::size_t Limiter::group() const {
  std::size_t size = std::min<std::size_t>(left(), 1);
  while (size < left() && slot(used_ + size) - slot(used_) <= grouping) ++size;
  return size;
}

Result<void> Limiter::lease(std::size_t wanted, Now now) {
  Grant grant;
  const auto change = [&](SendingAccount& account) {
    grant = outbox::lease(account, {wanted, max_rate_, ask_ != nullptr}, now);
  };
  if (auto done = edit(now, change); !done) return done;
  if (grant.must_ask) {
    const auto told = ask_();
    const bool can_be_asked = !told || *told;
    if (!can_be_asked) ask_ = nullptr;
    const auto learn = [&](SendingAccount& account) {
      if (can_be_asked) {
        tell(account, told ? *told : std::nullopt, now.seconds);
      } else {
        account.asked = account.told;  // workers that can ask need not wait for our turn to pass
      }
      change(account);
    };
    if (auto done = edit(now, learn); !done) return done;
  }
  slots_ = grant.slots;
  used_ = 0;
  unpaced_ = grant.unpaced;
  probing_ = seen_.hold != AccountHold::none && slots_.count > 0;
  if (probing_) unpaced_ = false;
  ask_at_ = grant.wait;
  return {};
}

void Limiter::sent(std::size_t count) { used_ = std::min(slots_.count, used_ + count); }

microseconds Limiter::wait(Instant now) const {
  const auto until = [now](Instant time) { return std::max(microseconds(0), time - now); };
  if (unpaced_) return microseconds(0);
  if (left() == 0) return until(ask_at_);
  return until(slot(used_ + group() - 1));
}

void Limiter::answered(SendVerdict verdict, const std::string& detail) {
  ++untold_.all;
  switch (verdict) {
    case SendVerdict::throttled:
      ++untold_.throttled;
      slots_.count = used_;  // leased at a rate that is too high
      unpaced_ = false;
      ask_at_ = {};
      break;
    case SendVerdict::quota:
    case SendVerdict::suspended:
      found_ = verdict == SendVerdict::quota ? AccountHold::quota : AccountHold::suspended;
      reason_ = detail;
      slots_.count = used_;
      unpaced_ = probing_ = false;
      return;
    case SendVerdict::in_doubt:
    case SendVerdict::unavailable:
    case SendVerdict::deferred:
    case SendVerdict::credentials:
    case SendVerdict::skew:
      probing_ = false;  // says nothing about the account's limits
      return;
    default:
      break;
  }
  works_ = works_ || std::exchange(probing_, false);
}

Result<void> Limiter::report(Now now) {
  if (untold_.throttled == 0 && found_ == AccountHold::none && !works_) return {};
  return edit(now, [](SendingAccount&) {});
}

Result<void> Limiter::look(Now now) {
  if (now.fine - seen_at_ < look_interval && now.fine >= seen_at_) return {};
  return edit(now, [](SendingAccount&) {});
}

const SendingAccount* Limiter::held(std::chrono::sys_seconds now) const {
  const bool held = seen_.hold != AccountHold::none && now < seen_.until && !probing_;
  return held ? &seen_ : nullptr;
}

Result<void> Limiter::edit(Now now, const std::function<void(SendingAccount&)>& change) {
  auto done = edit_([&](SendingAccount& account) {
    if (untold_.all > 0) count(account, untold_, max_rate_, now);
    if (works_) resume(account);
    if (found_ != AccountHold::none) hold(account, found_, reason_, now.seconds);
    change(account);
    seen_ = account;
  });
  if (!done) return done;
  seen_at_ = now.fine;
  untold_ = {};
  works_ = false;
  found_ = AccountHold::none;
  return {};
}

}  // namespace calinvite::outbox

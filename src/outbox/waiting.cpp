#include <algorithm>

#include "outbox/dispatcher.hpp"

namespace calinvite::outbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds slice{200};
// Whatever is waited for, the processor is left to others.
constexpr milliseconds least_rest{1};
// A new invite of another process may be due before what we wait for.
constexpr seconds longest_wait{5};

}  // namespace

/// @return whether messages of this batch, or of a new one, may leave
bool Dispatcher::end_batch() {
  if (options_.pace.batch == 0) return true;
  const Instant now = with_.fine_clock();
  if (pace_.in_batch >= options_.pace.batch) {
    if (!flights_.empty()) return false;
    pace_.in_batch = 0;
    pace_.next_batch = now + options_.pace.pause;
  }
  if (pace_.next_batch - now > options_.pace.pause)
    pace_.next_batch = now;  // the clock was set back
  return now >= pace_.next_batch;
}

milliseconds Dispatcher::patience() {
  if (flights_.empty()) return milliseconds(0);
  const auto pause = std::chrono::ceil<milliseconds>(limiter_.wait(with_.fine_clock()));
  return pause.count() > 0 ? std::min(pause, slice) : slice;
}

Result<void> Dispatcher::rest_or_end(Time now) {
  const bool enough = options_.max_messages > 0 && started_ >= options_.max_messages;
  if (stopping_ || enough) {
    done_ = true;
    return {};
  }
  if (const SendingAccount* account = limiter_.held(now)) {
    return wait_until(account->until, words_of_hold(*account));
  }
  if (!claimed_.empty() || !end_batch()) {
    if (now < backing_off_until_) return wait_until(backing_off_until_, failure_);
    const Instant fine = with_.fine_clock();
    const auto pause =
        std::max<std::chrono::microseconds>(limiter_.wait(fine), pace_.next_batch - fine);
    with_.sleep(std::clamp<std::chrono::microseconds>(pause, least_rest, slice));
    return {};
  }
  if (auto recovered = with_.store.recover(now); !recovered) return recovered;
  const auto due = with_.store.next_due();
  if (!due) return tl::unexpected<Error>(due.error());
  done_ = !due->has_value();
  if (done_) return {};
  if (now < backing_off_until_) return wait_until(backing_off_until_, failure_);
  if (**due > now + longest_back_off && !options_.wait_while_held) {
    const auto deferred = only_deferred_wait();
    if (!deferred) return tl::unexpected<Error>(deferred.error());
    done_ = *deferred;
    if (done_) return {};
  }
  if (**due > now) return wait_until(**due, reason_to_wait(**due));
  // Due, and yet not to be had: its copy's earlier message is with another dispatcher.
  with_.sleep(slice);
  return {};
}

/// Of what is due later than any back-off all but a lease is deferred, by this run or an earlier
/// one.
Result<bool> Dispatcher::only_deferred_wait() {
  const auto totals = with_.store.totals(Scope::system());
  if (!totals) return tl::unexpected<Error>(totals.error());
  const auto notices = with_.store.notice_totals(Scope::system());
  if (!notices) return tl::unexpected<Error>(notices.error());
  return totals->claimed + notices->claimed == 0;
}

/// What the server said that wants a message later; empty: it is not known.
std::string Dispatcher::reason_to_wait(Time until) const {
  const auto deferral = std::find_if(deferrals_.begin(), deferrals_.end(),
                                     [&](const auto& each) { return each.second.until == until; });
  return deferral == deferrals_.end() ? std::string() : deferral->second.reason;
}

Result<void> Dispatcher::wait_until(Time until, const std::string& reason) {
  const Time enough = std::min(until, with_.clock() + longest_wait);
  DispatchProgress progress;
  progress.waiting = true;
  progress.until = until;
  progress.reason = reason;
  const bool held = limiter_.held(with_.clock()) != nullptr;
  while (!stopping_) {
    if (auto told = report_progress(&progress); !told) return told;
    const auto now = with_.clock();
    if (stopping_ || now >= enough) break;
    if (auto kept = keep_leases(now); !kept) return kept;
    if (held) {
      // Another worker's try, or somebody who resumes the account, may end the hold before.
      if (auto looked = limiter_.look(present()); !looked) return looked;
      if (limiter_.held(now) == nullptr) break;
    }
    with_.sleep(std::min<milliseconds>(slice, enough - now));
  }
  return {};
}

Result<void> Dispatcher::report_progress(const DispatchProgress* waiting) {
  if (!options_.on_progress) return {};
  // Totals read the whole outbox: once a second is enough, and a fiftieth of the time.
  constexpr int share = 50;
  const Instant now = with_.fine_clock();
  const bool stale = !reported_ || now < *reported_ || now - *reported_ >= until_stale_;
  if (!stale && waiting == nullptr) return {};
  if (stale) {
    const auto totals = with_.store.totals(Scope::system());
    if (!totals) return tl::unexpected<Error>(totals.error());
    totals_ = *totals;
    reported_ = now;
    until_stale_ =
        std::max<std::chrono::microseconds>(seconds(1), share * (with_.fine_clock() - now));
  }
  DispatchProgress progress = waiting == nullptr ? DispatchProgress() : *waiting;
  progress.totals = totals_;
  progress.settled = settled_;
  if (!options_.on_progress(progress)) stopping_ = result_.stopped = true;
  return {};
}

/// After an error of the store: every outcome is still worth recording.
void Dispatcher::wind_down() {
  constexpr int tries = 5;
  with_.transport.withdraw();
  while (!flights_.empty()) {
    for (SendOutcome& outcome : with_.transport.poll(slice))
      take(std::move(outcome), with_.clock());
  }
  for (int i = 0; i < tries && !settle(); ++i) with_.sleep(slice);
}

seconds Dispatcher::jitter(seconds longest) const {
  std::array<std::uint8_t, 4> bytes{};
  with_.random(bytes);
  const std::uint32_t number =
      bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint32_t{bytes[3]} << 24;
  return seconds(1 + number % static_cast<std::uint32_t>(longest.count()));
}

}  // namespace calinvite::outbox

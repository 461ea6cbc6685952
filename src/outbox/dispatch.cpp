#include "outbox/dispatch.hpp"

#include <algorithm>
#include <thread>

#include "base/fault.hpp"
#include "base/text.hpp"
#include "outbox/dispatcher.hpp"

namespace calinvite::outbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds slice{200};
// A new invite of another process may be due before what we wait for.
constexpr seconds longest_wait{5};

std::optional<double> rate_of(Transport& transport) {
  // Who may send need not be allowed to ask; throttling then sets the pace.
  return transport.allowed_rate().value_or(std::nullopt);
}

/// The store, its domains or their keys are at fault, not the invite: dispatch ends.
bool is_of_us(Code code) {
  return code == Code::busy || code == Code::store_full || code == Code::store_corrupt ||
         code == Code::unavailable || code == Code::unauthenticated || code == Code::not_found;
}

std::string mint_attempt_id(const Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random(bytes);
  return text::hex(bytes);
}

}  // namespace

Dispatcher::Dispatcher(const Surroundings& with, const DispatchOptions& options)
    : with_(with),
      options_(options),
      writer_(with),
      pace_(rate_of(with.transport), steady_clock::now()) {}

Result<DispatchResult> Dispatcher::run() {
  Result<void> going = begin();
  while (going && !done_) going = step();
  if (!going) wind_down();
  const auto released = with_.store.release(fence_);
  if (!going) return tl::unexpected<Error>(going.error());
  if (!released) return tl::unexpected<Error>(released.error());
  auto totals = with_.store.totals(Scope::system());
  if (!totals) return tl::unexpected<Error>(totals.error());
  result_.totals = *totals;
  return result_;
}

Result<void> Dispatcher::begin() {
  const auto fence = with_.store.new_fence();
  if (!fence) return tl::unexpected<Error>(fence.error());
  fence_ = *fence;
  return with_.store.recover(with_.clock());
}

Result<void> Dispatcher::step() {
  const auto now = with_.clock();
  if (auto kept = keep_leases(now); !kept) return kept;
  std::size_t begun = 0;
  if (may_start(now)) {
    const auto count = start_some(now);
    if (!count) return tl::unexpected<Error>(count.error());
    begun = *count;
  }
  if (auto taken = take_outcomes(begun > 0 ? milliseconds(0) : patience()); !taken) return taken;
  if (auto told = report_progress(false, {}); !told) return told;
  if (flights_.empty() && begun == 0) return rest_or_end(now);
  return {};
}

bool Dispatcher::may_start(Time now) const {
  const bool enough = options_.max_messages > 0 && started_ >= options_.max_messages;
  return !stopping_ && !enough && now >= backing_off_until_;
}

Result<void> Dispatcher::keep_leases(Time now) {
  if (now < renew_at_) return {};
  renew_at_ = now + std::max(seconds(1), options_.lease / 3);
  return with_.store.renew(fence_, now + options_.lease);
}

// ---- out -------------------------------------------------------------------------------------

std::size_t Dispatcher::room() const {
  const std::size_t most = with_.transport.max_in_flight();
  const std::size_t free = most - std::min(most, flights_.size());
  // Intents are committed in groups: not one by one as answers trickle in.
  const std::size_t group = std::max<std::size_t>(1, most / 4);
  if (free < group && !flights_.empty()) return 0;
  if (options_.max_messages == 0) return free;
  return static_cast<std::size_t>(std::min<std::uint64_t>(free, options_.max_messages - started_));
}

Result<std::size_t> Dispatcher::start_some(Time now) {
  const std::size_t count = std::min(room(), pace_.available(steady_clock::now()));
  if (count == 0) return std::size_t{0};
  if (claimed_.empty()) {
    auto claimed =
        with_.store.claim(fence_, with_.transport.max_in_flight(), now, now + options_.lease);
    if (!claimed) return tl::unexpected<Error>(claimed.error());
    claimed_.assign(std::make_move_iterator(claimed->begin()),
                    std::make_move_iterator(claimed->end()));
  }
  const std::size_t taken = std::min(count, claimed_.size());
  auto drafts = write_drafts(taken, now);
  if (!drafts) return tl::unexpected<Error>(drafts.error());
  fault::reach("dispatch", "composed");
  if (auto settled = settle(); !settled) return tl::unexpected<Error>(settled.error());
  if (auto sent = send(std::move(*drafts), now); !sent) {
    return tl::unexpected<Error>(sent.error());
  }
  return taken;
}

Result<std::vector<Dispatcher::Draft>> Dispatcher::write_drafts(std::size_t count, Time now) {
  std::vector<Draft> drafts;
  for (; count > 0; --count) {
    ClaimedInvite invite = std::move(claimed_.front());
    claimed_.pop_front();
    if (const auto why = blocked_.find(invite.domain);
        why != blocked_.end() && now < why->second.until) {
      hold(invite, {}, why->second.reason, now);
      continue;
    }
    const std::string attempt_id = mint_attempt_id(with_.random);
    auto message = writer_.write(invite, attempt_id, now);
    if (message) {
      drafts.push_back({std::move(invite), std::move(*message)});
    } else if (is_of_us(message.error().code)) {
      return tl::unexpected<Error>(message.error());
    } else if (message.error().code == Code::forbidden) {
      hold(invite, {}, message.error().message, now);
    } else {
      refuse(invite, {}, message.error().message);
    }
  }
  return drafts;
}

/// Only what has a durable intent reaches the transport (I5).
Result<void> Dispatcher::send(std::vector<Draft> drafts, Time now) {
  if (drafts.empty()) return {};
  std::vector<Intent> intents;
  intents.reserve(drafts.size());
  for (const Draft& draft : drafts) {
    intents.push_back(
        {draft.invite.entry, draft.message.attempt_id, Writer::dtstamp_of(draft.invite, now)});
  }
  const auto verdicts = with_.store.commit_intents(intents, fence_, now);
  if (!verdicts) return tl::unexpected<Error>(verdicts.error());
  bool lost = false;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    Settlement unsent;
    unsent.entry = drafts[i].invite.entry;
    switch ((*verdicts)[i]) {
      case IntentVerdict::go:
        submit(std::move(drafts[i]), now);
        break;
      case IntentVerdict::superseded:
        tell(drafts[i].invite, ReceiptKind::superseded, unsent, now);
        break;
      case IntentVerdict::suppressed:
        tell(drafts[i].invite, ReceiptKind::suppressed, unsent, now);
        break;
      case IntentVerdict::expired:
        tell(drafts[i].invite, ReceiptKind::expired, unsent, now);
        break;
      case IntentVerdict::lost:
        lost = true;
        break;
    }
  }
  if (!lost) return {};
  // A lease ended unnoticed: what we still hold goes back too, else our heartbeat would keep it.
  claimed_.clear();
  return with_.store.release(fence_);
}

void Dispatcher::submit(Draft draft, Time now) {
  ++started_;
  pace_.sent(1);
  const std::string attempt_id = draft.message.attempt_id;
  fault::reach("dispatch", "before submit");
  const auto taken = with_.transport.submit(std::move(draft.message));
  fault::reach("dispatch", "submitted");
  if (taken) {
    flights_.emplace(attempt_id, std::move(draft.invite));
    return;
  }
  // An error of submit says that no byte left.
  const Error& error = taken.error();
  if (error.retryable()) {
    const SendOutcome outcome{attempt_id, SendVerdict::unavailable, {}, error.message};
    ended_.push_back({settlement_of(draft.invite, outcome, now), std::move(draft.invite)});
  } else {
    refuse(draft.invite, attempt_id, error.message);
  }
}

// ---- waiting ---------------------------------------------------------------------------------

milliseconds Dispatcher::patience() {
  if (flights_.empty()) return milliseconds(0);
  const auto pause = pace_.wait(steady_clock::now());
  return pause.count() > 0 ? std::min(pause, slice) : slice;
}

Result<void> Dispatcher::rest_or_end(Time now) {
  const bool enough = options_.max_messages > 0 && started_ >= options_.max_messages;
  if (stopping_ || enough) {
    done_ = true;
    return {};
  }
  if (now < backing_off_until_) return wait_until(backing_off_until_);
  if (const auto pause = pace_.wait(steady_clock::now()); pause.count() > 0) {
    std::this_thread::sleep_for(std::min(pause, slice));
    return {};
  }
  if (!claimed_.empty()) return {};
  if (auto recovered = with_.store.recover(now); !recovered) return recovered;
  const auto due = with_.store.next_due();
  if (!due) return tl::unexpected<Error>(due.error());
  done_ = !due->has_value();
  if (done_) return {};
  if (**due > now) return wait_until(**due);
  // Due, and yet not to be had: its copy's earlier message is with another dispatcher.
  std::this_thread::sleep_for(slice);
  return {};
}

Result<void> Dispatcher::wait_until(Time until) {
  until = std::min(until, with_.clock() + longest_wait);
  while (!stopping_) {
    if (auto told = report_progress(true, until); !told) return told;
    const auto now = with_.clock();
    if (stopping_ || now >= until) break;
    if (auto kept = keep_leases(now); !kept) return kept;
    std::this_thread::sleep_for(std::min<milliseconds>(slice, until - now));
  }
  return {};
}

Result<void> Dispatcher::report_progress(bool waiting, Time until) {
  if (!options_.on_progress) return {};
  // Totals read the whole outbox: once a second is enough.
  const auto now = steady_clock::now();
  const bool stale = !reported_ || now - *reported_ >= seconds(1);
  if (!stale && !waiting) return {};
  if (stale) {
    const auto totals = with_.store.totals(Scope::system());
    if (!totals) return tl::unexpected<Error>(totals.error());
    totals_ = *totals;
    reported_ = now;
  }
  if (!options_.on_progress({totals_, settled_, waiting, until,
                             backing_off_until_ >= until ? failure_ : std::string()})) {
    stopping_ = result_.stopped = true;
  }
  return {};
}

/// After an error of the store: every outcome is still worth recording.
void Dispatcher::wind_down() {
  constexpr int tries = 5;
  while (!flights_.empty()) {
    for (SendOutcome& outcome : with_.transport.poll(slice))
      take(std::move(outcome), with_.clock());
  }
  for (int i = 0; i < tries && !settle(); ++i) std::this_thread::sleep_for(slice);
}

seconds Dispatcher::jitter(seconds longest) const {
  std::array<std::uint8_t, 4> bytes{};
  with_.random(bytes);
  const std::uint32_t number =
      bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint32_t{bytes[3]} << 24;
  return seconds(1 + number % static_cast<std::uint32_t>(longest.count()));
}

Result<DispatchResult> dispatch(const Surroundings& with, const DispatchOptions& options) {
  if (options.lease < seconds(1)) {
    return fail(Code::invalid_argument, "a lease is at least 1 s long", {{}, 0, 0, "lease"});
  }
  return Dispatcher(with, options).run();
}

}  // namespace calinvite::outbox

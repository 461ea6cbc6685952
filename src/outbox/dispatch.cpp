#include "outbox/dispatch.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "base/text.hpp"
#include "outbox/dispatcher.hpp"

namespace calinvite::outbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The record that all workers of the account change, or `own` when nobody shares it.
Limiter limiter_of(const Surroundings& with, const DispatchOptions& options, SendingAccount& own,
                   Limiter::Ask ask) {
  const std::string key = with.transport.account_key();
  const auto max_rate = options.max_rate > 0 ? std::optional(options.max_rate) : std::nullopt;
  if (key.empty()) {
    const auto edit = [&own](const std::function<void(SendingAccount&)>& change) -> Result<void> {
      change(own);
      return {};
    };
    return Limiter(edit, nullptr, max_rate);
  }
  const auto edit = [&with, key](const std::function<void(SendingAccount&)>& change) {
    return with.store.edit_account(Scope::system(), key, change);
  };
  return Limiter(edit, std::move(ask), max_rate);
}

/// The store, its domains or their keys are at fault, not the invite: dispatch ends.
bool is_of_us(Code code) {
  return code == Code::busy || code == Code::store_full || code == Code::store_corrupt ||
         code == Code::unavailable || code == Code::unauthenticated || code == Code::not_found;
}

/// Of one dispatcher in the order of sending, which keeps them together in the store's index; half
/// of it random, so that nobody can tell the id of a message that they did not get.
std::string mint_attempt_id(std::uint64_t fence, std::uint64_t count,
                            std::span<const std::uint8_t, 8> random) {
  std::array<std::uint8_t, 16> bytes{};
  std::copy(random.begin(), random.end(), bytes.begin() + 8);
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[i] = static_cast<std::uint8_t>(fence >> (24 - 8 * i));
    bytes[4 + i] = static_cast<std::uint8_t>(count >> (24 - 8 * i));
  }
  return text::hex(bytes);
}

}  // namespace

Dispatcher::Dispatcher(const Surroundings& with, const DispatchOptions& options)
    : with_(with),
      options_(options),
      writer_(with),
      pace_(with.pace != nullptr ? *with.pace : own_pace_),
      limiter_(limiter_of(with, options, pace_.own_account, [this] { return ask_account(); })) {
  // A hold of an account without a key ends with its run: nobody could resume it.
  if (pace_.own_account.hold != AccountHold::none) resume(pace_.own_account);
  // A batch that was left unfilled for as long as a pause is over.
  if (with.fine_clock() - pace_.last_sent >= options.pace.pause) pace_.in_batch = 0;
}

Result<DispatchResult> Dispatcher::run() {
  Result<void> going = begin();
  while (going && !done_) going = step();
  if (!going) wind_down();
  end_batch();  // the pause after it begins now, whoever sends the next
  const auto released = with_.store.release(fence_);
  if (!going) return tl::unexpected<Error>(going.error());
  if (!released) return tl::unexpected<Error>(released.error());
  auto totals = with_.store.totals(Scope::system());
  if (!totals) return tl::unexpected<Error>(totals.error());
  result_.totals = *totals;
  if (const SendingAccount* account = limiter_.held(with_.clock())) {
    result_.hold = words_of_hold(*account);
    result_.hold_until = account->until;
  }
  if (auto found = find_next_due(); !found) return tl::unexpected<Error>(found.error());
  return result_;
}

Result<void> Dispatcher::find_next_due() {
  const auto due = with_.store.next_due();
  if (!due) return tl::unexpected<Error>(due.error());
  const auto held = with_.store.next_held();
  if (!held) return tl::unexpected<Error>(held.error());
  result_.next_due = *due && *held ? std::min(*due, *held) : *due ? *due : *held;
  if (result_.next_due) result_.next_due = std::max(*result_.next_due, useless_until_);
  return {};
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
  if (stopping_) with_.transport.withdraw();
  if (may_start(now)) {
    const auto count = start_some(now);
    if (!count) return tl::unexpected<Error>(count.error());
    begun = *count;
  }
  // Ends wait for intents to share a durable step with, unless none are to come.
  const bool alone = flights_.empty() || room() > 0 || ended_.size() >= group();
  if (begun == 0 && alone) {
    if (auto settled = settle(); !settled) return settled;
  }
  if (auto taken = take_outcomes(begun > 0 ? milliseconds(0) : patience()); !taken) return taken;
  if (auto heeded = heed_hold(now); !heeded) return heeded;
  if (auto told = report_progress(nullptr); !told) return told;
  if (!flights_.empty() || begun > 0) return {};
  if (auto settled = settle(); !settled) return settled;
  return rest_or_end(now);
}

bool Dispatcher::may_start(Time now) const {
  const bool enough = options_.max_messages > 0 && started_ >= options_.max_messages;
  return !stopping_ && !enough && now >= backing_off_until_ && !limiter_.held(now);
}

Result<void> Dispatcher::keep_leases(Time now) {
  if (now < renew_at_) return {};
  auto renewed = with_.store.renew(fence_, now + options_.lease);
  if (renewed) renew_at_ = now + std::max(seconds(1), options_.lease / 3);
  return renewed;
}

/// The answer may take as long as a lease lasts: it begins with whole ones.
Result<std::optional<SesAccount>> Dispatcher::ask_account() {
  renew_at_ = {};
  // What fails here fails again, and is told, when the answer is there.
  static_cast<void>(keep_leases(with_.clock()));
  return with_.transport.account();
}

// ---- out -------------------------------------------------------------------------------------

/// Intents are committed in groups: not one by one as answers trickle in.
std::size_t Dispatcher::group() const {
  return std::max<std::size_t>(1, with_.transport.max_in_flight() / 2);
}

std::size_t Dispatcher::room() const {
  // While the way out fails one message tries it: it may end in doubt.
  if (failures_ > 0) return flights_.empty() ? 1 : 0;
  const std::size_t most = with_.transport.max_in_flight();
  const std::size_t free = most - std::min(most, flights_.size());
  if (free < group() && !flights_.empty()) return 0;
  std::uint64_t room = free;
  if (options_.max_messages > 0) room = std::min(room, options_.max_messages - started_);
  if (options_.pace.batch > 0) room = std::min(room, options_.pace.batch - pace_.in_batch);
  return static_cast<std::size_t>(room);
}

Result<void> Dispatcher::claim_some(Time now) {
  // Another worker may have found that the account takes nothing.
  if (auto looked = limiter_.look(present()); !looked) return looked;
  if (limiter_.held(now)) return {};
  auto claimed =
      with_.store.claim(fence_, with_.transport.max_in_flight(), now, now + options_.lease);
  if (!claimed) return tl::unexpected<Error>(claimed.error());
  claimed_.assign(std::make_move_iterator(claimed->begin()),
                  std::make_move_iterator(claimed->end()));
  return {};
}

Result<std::size_t> Dispatcher::start_some(Time now) {
  const std::size_t most = end_batch() ? room() : 0;
  if (most == 0) return std::size_t{0};
  if (claimed_.empty()) {
    if (auto claimed = claim_some(now); !claimed) return tl::unexpected<Error>(claimed.error());
  }
  if (claimed_.empty()) return std::size_t{0};
  if (auto weighed = weigh_reputation(now); !weighed) {
    return tl::unexpected<Error>(weighed.error());
  }
  // Leases are for what is there to be sent: others need the rest.
  std::uint64_t wanted = claimed_.size();
  if (options_.max_messages > 0) wanted = std::min(wanted, options_.max_messages - started_);
  const auto free = limiter_.available(wanted, present());
  if (!free) return tl::unexpected<Error>(free.error());
  if (auto kept = keep_leases(with_.clock()); !kept) return tl::unexpected<Error>(kept.error());
  const std::size_t taken = std::min(most, *free);
  if (taken == 0) return std::size_t{0};
  auto drafts = write_drafts(taken, now);
  if (!drafts) return tl::unexpected<Error>(drafts.error());
  fault::reach("dispatch", "composed");
  if (auto sent = send(std::move(*drafts), now); !sent) {
    return tl::unexpected<Error>(sent.error());
  }
  return taken;
}

Result<std::vector<Dispatcher::Draft>> Dispatcher::write_drafts(std::size_t count, Time now) {
  std::vector<Draft> drafts;
  drafts.reserve(count);
  std::vector<std::array<std::uint8_t, 8>> dice(count);
  with_.random({dice.front().data(), dice.size() * sizeof dice.front()});
  for (; count > 0; --count) {
    ClaimedInvite invite = std::move(claimed_.front());
    claimed_.pop_front();
    if (const auto why = blocked_.find(invite.domain);
        why != blocked_.end() && now < why->second.until) {
      hold(invite, {}, why->second.reason, now);
      continue;
    }
    if (const auto& standing = standings_[invite.domain]; !standing.hold.empty()) {
      hold_until(until_lifted, invite, standing.hold);
      continue;
    }
    const std::string attempt_id = mint_attempt_id(fence_, minted_++, dice[count - 1]);
    auto message = writer_.write(invite, attempt_id, now);
    if (message) {
      drafts.push_back({std::move(invite), std::move(*message)});
    } else if (is_of_us(message.error().code)) {
      return tl::unexpected<Error>(message.error());
    } else if (message.error().code == Code::forbidden) {  // its organizer is suspended
      hold_until(until_lifted, invite, message.error().message);
    } else {
      refuse(invite, {}, message.error().message);
    }
  }
  return drafts;
}

/// Only what has a durable intent reaches the transport (I5). What has ended is settled in the same
/// step: one sync serves both, and no more are in doubt at any time than may be in flight.
Result<void> Dispatcher::send(std::vector<Draft> drafts, Time now) {
  if (drafts.empty()) return settle();
  std::vector<Intent> intents;
  intents.reserve(drafts.size());
  for (const Draft& draft : drafts) {
    intents.push_back(
        {draft.invite.entry, draft.message.attempt_id, Writer::dtstamp_of(draft.invite, now)});
  }
  std::vector<IntentVerdict> verdicts;
  std::size_t applied = 0;
  const auto stored = with_.store.atomically([&]() -> Result<void> {
    if (auto settled = settle_in_store(applied); !settled) return settled;
    auto committed = with_.store.commit_intents(intents, fence_, now);
    if (!committed) return tl::unexpected<Error>(committed.error());
    verdicts = std::move(*committed);
    return {};
  });
  if (!stored) return stored;
  tell_settled(applied);
  bool lost = false;
  Result<void> kept;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    Settlement unsent;
    unsent.entry = drafts[i].invite.entry;
    switch (verdicts[i]) {
      case IntentVerdict::go:
        submit(std::move(drafts[i]), now);
        // An error waits: the others' intents are durable, and so they leave.
        if (kept) kept = keep_leases(with_.clock());
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
  if (!lost) return kept;
  // A lease ended unnoticed: what we still hold goes back too, else our heartbeat would keep it.
  claimed_.clear();
  return with_.store.release(fence_);
}

void Dispatcher::submit(Draft draft, Time now) {
  ++started_;
  ++pace_.in_batch;
  pace_.last_sent = with_.fine_clock();
  limiter_.sent(1);
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
    limiter_.answered(SendVerdict::unavailable, {});  // the account was not asked
    refuse(draft.invite, attempt_id, error.message);
  }
}

Result<DispatchResult> dispatch(const Surroundings& with, const DispatchOptions& options) {
  if (options.lease < seconds(1)) {
    return fail(Code::invalid_argument, "a lease is at least 1 s long", {{}, 0, 0, "lease"});
  }
  if (!(options.max_rate >= 0) || options.pace.pause < milliseconds(0)) {
    return fail(Code::invalid_argument, "a rate and a pause are not negative", {{}, 0, 0, "pace"});
  }
  return Dispatcher(with, options).run();
}

}  // namespace calinvite::outbox

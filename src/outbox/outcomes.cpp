#include <algorithm>
#include <array>
#include <cstdio>

#include "base/fault.hpp"
#include "outbox/dispatcher.hpp"

namespace calinvite::outbox {
namespace {

using std::chrono::seconds;

// How long one domain is left alone before one more try.
constexpr seconds domain_rest{300};
constexpr seconds longest_throttle{8};

constexpr seconds shortest_deferral{300};
constexpr seconds longest_deferral{3600};
constexpr seconds deferral_jitter{30};
// When mail servers give up, too (RFC 5321 4.5.4.1).
constexpr std::chrono::days longest_deferred{5};

constexpr seconds reputation_rest{5};

std::string percent(double share) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f %%", share * 100);
  return text.data();
}

/// Why a domain must not go on; empty: it may.
std::string judge(const Reputation& reputation, const ReputationLimits& limits) {
  constexpr std::uint64_t least_complaints = 3;  // one or two of a thousand say nothing
  if (reputation.accepted < std::max<std::uint64_t>(1, limits.min_messages)) return {};
  const auto all = static_cast<double>(reputation.accepted);
  const auto words = [&](std::uint64_t number, const char* what, double limit) {
    return "reputation: " + std::to_string(number) + " of " + std::to_string(reputation.accepted) +
           ' ' + what + ", " + percent(static_cast<double>(number) / all) + "; the limit is " +
           percent(limit);
  };
  if (static_cast<double>(reputation.bounced) > limits.bounces * all) {
    return words(reputation.bounced, "bounced", limits.bounces);
  }
  if (reputation.complained >= least_complaints &&
      static_cast<double>(reputation.complained) > limits.complaints * all) {
    return words(reputation.complained, "complained", limits.complaints);
  }
  return {};
}

std::optional<ReceiptKind> receipt_of(OutboxState state) {
  switch (state) {
    case OutboxState::accepted:
      return ReceiptKind::accepted;
    case OutboxState::refused:
      return ReceiptKind::refused;
    case OutboxState::in_doubt:
      return ReceiptKind::in_doubt;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<void> Dispatcher::take_outcomes(std::chrono::milliseconds wait) {
  auto outcomes = with_.transport.poll(wait);
  if (!outcomes.empty()) fault::reach("dispatch", "answered");
  const auto now = with_.clock();
  for (SendOutcome& outcome : outcomes) take(std::move(outcome), now);
  if (auto told = limiter_.report(present()); !told) return told;
  // While nothing comes in, nothing would take what has ended along.
  return outcomes.empty() ? settle() : Result<void>();
}

void Dispatcher::take(SendOutcome outcome, Time now) {
  auto flight = flights_.extract(outcome.attempt_id);
  if (flight.empty()) return;
  Settlement settlement = settlement_of(flight.mapped(), std::move(outcome), now);
  ended_.push_back({std::move(settlement), std::move(flight.mapped())});
}

Settlement Dispatcher::settlement_of(const ClaimedInvite& invite, SendOutcome outcome, Time now) {
  Settlement end{invite.entry, std::move(outcome.attempt_id), OutboxState::held,
                 {},           std::move(outcome.detail),     now + domain_rest};
  limiter_.answered(outcome.verdict, end.detail);
  const bool answered =
      outcome.verdict != SendVerdict::unavailable && outcome.verdict != SendVerdict::in_doubt;
  if (answered) failures_ = doubts_ = 0;
  if (outcome.verdict != SendVerdict::deferred) deferrals_.erase(invite.entry);
  switch (outcome.verdict) {
    case SendVerdict::accepted:
      end.state = OutboxState::accepted;
      end.message_id = std::move(outcome.message_id);
      break;
    case SendVerdict::refused:
      end.state = OutboxState::refused;
      break;
    case SendVerdict::in_doubt:
      // One answer that is lost is no outage; each message of an outage would be another doubt.
      if (doubts_++ > 0) back_off(end.detail, now);
      end.state = OutboxState::in_doubt;
      break;
    case SendVerdict::throttled:
      end.state = OutboxState::pending;
      end.not_before = now + jitter(longest_throttle);
      break;
    case SendVerdict::unavailable:
      back_off(end.detail, now);
      end.state = OutboxState::pending;
      end.not_before = backing_off_until_;
      break;
    case SendVerdict::deferred:
      defer(end, now);
      break;
    case SendVerdict::paused:
      // Perhaps one identity only: other domains go on.
      blocked_[invite.domain] = {end.detail, end.not_before};
      break;
    case SendVerdict::quota:
    case SendVerdict::suspended:
      // The account is held as a whole: when that ends, nothing else is to be waited for.
      end.detail = std::string(to_string(outcome.verdict)) + ": " + end.detail;
      end.not_before = now;
      break;
    case SendVerdict::credentials:
    case SendVerdict::skew:
      stopping_ = true;
      useless_until_ = end.not_before;
      break;
  }
  return end;
}

/// One message waits that its recipient's server does not take yet: greylisting wants minutes, a
/// full mailbox longer.
void Dispatcher::defer(Settlement& end, Time now) {
  Deferral& deferral = deferrals_.try_emplace(end.entry, Deferral{now, {}, {}, 0}).first->second;
  if (now - deferral.since >= longest_deferred) {
    end.state = OutboxState::refused;
    deferrals_.erase(end.entry);
    return;
  }
  constexpr int most_doublings = 4;
  const seconds delay = shortest_deferral * (1 << std::min(deferral.tries++, most_doublings));
  deferral.until = now + std::min(delay, longest_deferral) + jitter(deferral_jitter);
  deferral.reason = end.detail;
  end.state = OutboxState::pending;
  end.not_before = deferral.until;
}

/// Full jitter, once for all that failed together.
void Dispatcher::back_off(const std::string& reason, Time now) {
  if (now < backing_off_until_) return;
  failure_ = reason;
  constexpr int most_doublings = 6;
  const seconds longest(1 << std::min(++failures_, most_doublings));
  backing_off_until_ = now + jitter(std::min(longest, longest_back_off));
}

void Dispatcher::hold(const ClaimedInvite& invite, std::string attempt_id, std::string reason,
                      Time now) {
  Settlement end{invite.entry, std::move(attempt_id), OutboxState::held,
                 {},           std::move(reason),     now + domain_rest};
  ended_.push_back({std::move(end), invite});
}

void Dispatcher::hold_until(Time not_before, const ClaimedInvite& invite, std::string reason) {
  Settlement end{invite.entry, {}, OutboxState::held, {}, std::move(reason), not_before};
  ended_.push_back({std::move(end), invite});
}

/// What was claimed for an account that takes nothing is held with the reason.
Result<void> Dispatcher::heed_hold(Time now) {
  if (limiter_.held(now) == nullptr) return {};
  if (auto looked = limiter_.look(present()); !looked) return looked;
  const SendingAccount* account = limiter_.held(now);
  if (account == nullptr) return {};  // no more
  if (!options_.wait_while_held) stopping_ = true;
  for (const ClaimedInvite& invite : std::exchange(claimed_, {})) {
    hold_until(now, invite, words_of_hold(*account));
  }
  return settle();
}

/// Holds the domains among what is claimed whose mails bounce or are complained about too often.
Result<void> Dispatcher::weigh_reputation(Time now) {
  for (const ClaimedInvite& invite : claimed_) {
    const auto [known, is_new] = standings_.try_emplace(invite.domain);
    Standing& standing = known->second;
    if (!is_new && now >= standing.checked && now - standing.checked < reputation_rest) continue;
    standing.checked = now;
    const Scope scope = Scope::domain(invite.domain);
    const auto reputation = with_.store.reputation(scope, now - reputation_window);
    if (!reputation) return tl::unexpected<Error>(reputation.error());
    standing.hold = reputation->hold;
    if (!standing.hold.empty()) continue;
    standing.hold = judge(*reputation, options_.reputation);
    if (standing.hold.empty()) continue;
    if (auto held = with_.store.hold_domain(scope, standing.hold, now); !held) return held;
  }
  return {};
}

void Dispatcher::refuse(const ClaimedInvite& invite, std::string attempt_id, std::string reason) {
  Settlement end{invite.entry, std::move(attempt_id), OutboxState::refused,
                 {},           std::move(reason),     {}};
  ended_.push_back({std::move(end), invite});
}

Result<void> Dispatcher::settle() {
  std::size_t applied = 0;
  if (auto stored = settle_in_store(applied); !stored) return stored;
  tell_settled(applied);
  return {};
}

/// What has ended stays for another try when this, or the step that it is part of, fails.
Result<void> Dispatcher::settle_in_store(std::size_t& applied) {
  if (ended_.empty()) return {};
  std::vector<Settlement> settlements;
  settlements.reserve(ended_.size());
  for (const Ended& each : ended_) settlements.push_back(each.settlement);
  const auto settled = with_.store.settle(settlements, fence_, with_.clock());
  if (!settled) return tl::unexpected<Error>(settled.error());
  applied = *settled;
  return {};
}

void Dispatcher::tell_settled(std::size_t applied) {
  const bool all = applied == ended_.size();
  const auto now = with_.clock();
  for (const auto& [settlement, invite] : std::exchange(ended_, {})) {
    // Some leases were lost, and which is not told; what was accepted counts without one.
    if (!all && settlement.state != OutboxState::accepted) continue;
    count(settlement, invite.notice.has_value());
    if (const auto kind = receipt_of(settlement.state)) tell(invite, *kind, settlement, now);
  }
}

void Dispatcher::count(const Settlement& settlement, bool notice) {
  if (notice && settlement.state != OutboxState::held) {
    if (settlement.state == OutboxState::accepted) ++result_.notices;
    return;
  }
  if (settlement.state != OutboxState::pending) ++settled_;
  if (settlement.state == OutboxState::accepted) ++result_.accepted;
  if (settlement.state == OutboxState::refused) ++result_.refused;
  if (settlement.state == OutboxState::in_doubt) ++result_.in_doubt;
  if (settlement.state == OutboxState::held) {
    ++result_.held;
    result_.reason = settlement.detail;
  }
}

void Dispatcher::tell(const ClaimedInvite& invite, ReceiptKind kind, const Settlement& settlement,
                      Time now) {
  if (!options_.on_receipt || invite.notice) return;  // receipts are about attendees
  Receipt receipt;
  receipt.kind = kind;
  receipt.time = now;
  receipt.event = invite.event;
  receipt.address = invite.attendee.address;
  receipt.sequence = invite.sequence;
  receipt.method = invite.method;
  receipt.attempt_id = settlement.attempt_id;
  receipt.message_id = settlement.message_id;
  receipt.detail = settlement.detail;
  if (!options_.on_receipt(receipt)) stopping_ = result_.stopped = true;
}

}  // namespace calinvite::outbox

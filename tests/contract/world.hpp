/// A store with a league in it: what most contract tests start from.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract/store_kinds.hpp"

namespace contract {

using namespace calinvite;
using namespace std::chrono_literals;
using std::chrono::local_seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds start_of_time{std::chrono::seconds(1'800'000'000)};

/// The value, or the end of the test with the error.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(code_name(result.error().code) << ": " << to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The code of what must have failed.
template <class T>
Code code_of(const Result<T>& result) {
  if (result) FAIL("succeeded");
  return result.error().code;
}

inline Domain domain_named(const std::string& name) {
  return {
      name, "fixtures@" + name + ".example", name + ".example", "https://" + name + ".example", "",
      ""};
}

inline RowId row_id(std::uint64_t number) {
  RowId id{};
  for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline std::string fan(int number) { return "fan" + std::to_string(number) + "@fans.example"; }

/// Random parts that never repeat, in the way of a caller that draws them.
class Draws {
 public:
  NewAttendee attendee(const std::string& address, const std::string& origin = "api") {
    const std::string number = std::to_string(++drawn_);
    return {{address, "", ""}, origin, row_id(drawn_), "copy-" + number, "token" + number};
  }
  std::string attempt() { return "attempt-" + std::to_string(++drawn_); }
  std::string message() { return "message-" + std::to_string(++drawn_); }

 private:
  std::uint64_t drawn_ = 0;
};

class World {
 public:
  explicit World(const StoreKind& kind) : open_(kind.create()), store_(open_()) {
    must(store_->add_domain(domain_named("league")));
    must(store_->add_organizer({"league", organizer, "Fixtures", "fixtures"}));
  }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }
  /// As another process sees the store.
  std::unique_ptr<Store> open_another() const { return open_(); }
  /// What is left when the process dies here.
  void crash() {
    store_.reset();
    store_ = open_();
  }

  Event event(const std::string& uid = "cup") const {
    Event event;
    event.uid = uid;
    event.source_uid = "source-" + uid;
    event.organizer = organizer;
    event.source_organizer = organizer;
    event.summary = "Cup final";
    event.start = local_seconds(start_of_time.time_since_epoch()) + 24h;
    event.end = event.start + 2h;
    event.timezone = "Europe/Berlin";
    event.created = start_of_time;
    event.changed = start_of_time;
    return event;
  }
  Event add_event(const std::string& uid = "cup") {
    must(store_->add_event(scope, event(uid)));
    return event(uid);
  }

  std::vector<InviteVerdict> invite(const std::string& uid,
                                    const std::vector<std::string>& addresses,
                                    const std::string& origin = "api") {
    std::vector<NewAttendee> attendees;
    for (const auto& address : addresses) attendees.push_back(draws.attendee(address, origin));
    return must(store_->add_invites(scope, uid, attendees, {series()}, now));
  }

  static Mailing series(Method method = Method::request) { return {method, std::nullopt, {}}; }
  static Mailing instance(int day, Method method = Method::request) {
    return {method, occurrence(day), {}};
  }
  static OccurrenceId occurrence(int day) {
    return {local_seconds(start_of_time.time_since_epoch()) + day * 24h};
  }

  /// The next revision of an event, stored and enqueued.
  ChangeCounts change(const std::string& uid, Method method = Method::request, bool key = false,
                      bool include_declined = false) {
    return change(uid, {series(method)}, key, include_declined);
  }
  ChangeCounts change(const std::string& uid, const std::vector<Mailing>& mailings, bool key,
                      bool include_declined = false) {
    Event after = must(store_->find_event(scope, uid)).value();
    const std::int32_t before = after.sequence;
    Change change;
    change.method = mailings.front().method;
    change.sequence = before + 1;
    change.key_change = key;
    after.sequence = change.sequence;
    after.summary = "Cup final, revision " + std::to_string(change.sequence);
    const auto preview =
        must(store_->preview_change(scope, uid, change, mailings, include_declined));
    const auto counts =
        must(store_->apply_change(scope, after, before, change, mailings, include_declined, now));
    CHECK(preview.update == counts.update);
    CHECK(preview.cancel == counts.cancel);
    CHECK(preview.superseded == counts.superseded);
    CHECK(preview.skip == counts.skip);
    return counts;
  }

  std::vector<ClaimedInvite> claim(std::size_t limit = 1000) {
    return must(store_->claim(fence, limit, now, now + 60s));
  }
  IntentVerdict intend(const ClaimedInvite& invite, const std::string& attempt) {
    return must(store_->commit_intents(std::vector{Intent{invite.entry, attempt, now}}, fence, now))
        .at(0);
  }
  std::size_t settle(const ClaimedInvite& invite, const std::string& attempt, OutboxState state,
                     const std::string& message = {}) {
    const Settlement settlement{invite.entry, attempt, state, message, "said the transport", now};
    return must(store_->settle(std::vector{settlement}, fence, now));
  }
  /// Claims and ends everything due in one way. @return what was claimed
  std::vector<ClaimedInvite> send_all(OutboxState state = OutboxState::accepted) {
    auto claimed = claim();
    for (const ClaimedInvite& invite : claimed) send(invite, state);
    return claimed;
  }
  /// @return the attempt
  std::string send(const ClaimedInvite& invite, OutboxState state = OutboxState::accepted) {
    const std::string attempt = draws.attempt();
    REQUIRE(intend(invite, attempt) == IntentVerdict::go);
    const bool accepted = state == OutboxState::accepted;
    REQUIRE(settle(invite, attempt, state, accepted ? draws.message() : "") == 1);
    return attempt;
  }
  /// @param sequence  of the revision that is answered: as a rule the one that the copy holds
  void answer(const std::string& uid, const std::string& address, Partstat partstat,
              std::optional<std::int32_t> sequence = std::nullopt) {
    Attendee attendee = must(store_->find_attendee(scope, uid, address)).value();
    attendee.partstat = partstat;
    attendee.answer_sequence = sequence.value_or(attendee.held_sequence);
    attendee.answer_dtstamp = now;
    attendee.channel = "mail";
    attendee.prodid = "-//Example//Calendar 1.0//EN";
    attendee.comment = "see you there";
    Receipt receipt;
    receipt.kind = ReceiptKind::replied;
    receipt.time = now;
    receipt.detail = status_word(partstat);
    receipt.channel = "mail";
    receipt.comment = attendee.comment;
    const std::string key = receipt.detail + std::to_string(now.time_since_epoch().count());
    must(store_->record_reply(scope, {attendee, receipt, std::nullopt, false, key}));
  }
  DeliveryFact fact(ReceiptKind kind, const std::string& attempt, const std::string& key) const {
    DeliveryFact fact;
    fact.receipt.kind = kind;
    fact.receipt.time = now;
    fact.receipt.attempt_id = attempt;
    fact.receipt.message_id = "ses-" + attempt;
    fact.dedupe_key = key;
    return fact;
  }

  Attendee attendee(const std::string& uid, const std::string& address) {
    return must(store_->find_attendee(scope, uid, address)).value();
  }
  OutboxTotals totals() { return must(store_->totals(scope)); }
  std::vector<OutboxEntry> entries(OutboxState state, const std::string& uid = {}) {
    return must(store_->list_outbox(scope, state, uid, {100'000, {}})).items;
  }
  std::vector<Receipt> receipts(const std::string& uid) {
    return must(store_->list_receipts(scope, uid, {1'000'000, {}})).items;
  }
  std::size_t receipts(const std::string& uid, ReceiptKind kind) {
    std::size_t found = 0;
    for (const Receipt& receipt : receipts(uid)) found += receipt.kind == kind;
    return found;
  }

  inline static const std::string organizer = "fixtures@league.example";
  const Scope scope = Scope::domain("league");
  sys_seconds now = start_of_time;
  std::uint64_t fence = 1;
  Draws draws;

 private:
  OpenStore open_;
  std::unique_ptr<Store> store_;
};

/// I1, and what is cached against what it was made from.
inline void check_conservation(const OutboxTotals& t) {
  CHECK(t.planned == t.accepted + t.refused + t.suppressed + t.superseded + t.expired + t.in_doubt +
                         t.pending + t.claimed + t.held);
}

}  // namespace contract

/// Declares `world`, in each kind of store in turn.
#define CONTRACT_WORLD()                                                    \
  const auto kind_of_store = GENERATE(from_range(contract::store_kinds())); \
  INFO("store kind " << kind_of_store.name);                                \
  contract::World world(kind_of_store)

/// Outbox entries one by one: read with what decides about them, and moved from state to state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "calinvite/store.hpp"
#include "store/sqlite/connection.hpp"

namespace calinvite::sqlite {

// All functions here run inside a step and throw what a Query throws.

/// An outbox entry with what decides whether it may still be sent.
struct EntryRow {
  std::int64_t entry = 0;
  std::string domain;
  std::string event;
  std::string address;
  Method method = Method::request;
  std::int32_t sequence = 0;
  std::string uid;
  std::optional<std::chrono::sys_seconds> expires;
  OutboxState state = OutboxState::pending;
  std::uint64_t fence = 0;
  std::chrono::sys_seconds lease_until{};
  std::string attempt_id;
  bool evidence = false;  ///< a notification proves that the attempt was taken
  std::string message_id;
  std::string organizer;
  std::int32_t event_sequence = 0;
  bool live = false;  ///< of the copy that the attendee holds, not withdrawn

  /// A newer revision or a withdrawal has overtaken it (I10).
  bool obsolete() const noexcept {
    return live ? sequence < event_sequence : method == Method::request;
  }
};

std::optional<EntryRow> find_entry(Connection& connection, std::int64_t entry);
/// The same without what event and attendee say: organizer, event_sequence and live stay unset.
std::optional<EntryRow> find_entry_by_attempt(Connection& connection, std::string_view attempt_id);
std::optional<EntryRow> find_entry_by_message(Connection& connection, std::string_view message_id);

/// What an entry without an event carries.
std::optional<Notice> find_notice(Connection& connection, std::int64_t entry);
std::uint64_t& count_of(OutboxTotals& totals, OutboxState state);

/// Ends an entry, or sends it back to wait until `not_before`.
void set_state(Connection& connection, const EntryRow& row, OutboxState state,
               std::string_view reason, std::chrono::sys_seconds now,
               std::chrono::sys_seconds not_before = {});
/// Ends an entry as accepted: its copy now holds its revision. Facts that came before their
/// message was known are taken out of the orphans.
/// @param kinds  of receipts that `insert_receipt` got: bits for the attendee's cache
void accept(Connection& connection, const EntryRow& row, std::string_view message_id,
            std::chrono::sys_seconds now, std::int64_t kinds = 0);
/// Bytes left and no answer came: in doubt, unless evidence has come already (I6).
void settle_in_doubt(Connection& connection, const EntryRow& row, std::string_view reason,
                     std::chrono::sys_seconds now);
Receipt receipt_of(const EntryRow& row, ReceiptKind kind, std::chrono::sys_seconds time,
                   std::string_view detail, std::string_view message_id = {});
/// Appends a receipt about an entry.
bool append_receipt_of(Connection& connection, const EntryRow& row, ReceiptKind kind,
                       std::chrono::sys_seconds time, std::string_view detail);

/// Adds a suppression, or gives one a reason that weighs more. @return whether it did
bool put_suppression(Connection& connection, const Suppression& row);
/// Keeps what was said last. @return whether it was that
bool put_consent(Connection& connection, const Consent& consent);
/// No organizer of the domain mails that address any more.
void suppress_after(Connection& connection, std::string_view domain, std::string_view address,
                    ReceiptKind reason, std::chrono::sys_seconds now);
/// A domain's rates count people, not reports: the first harm of its kind about somebody at an
/// event.
void count_harm(Connection& connection, std::string_view domain, std::string_view event,
                std::string_view address, ReceiptKind kind, std::chrono::sys_seconds now);
/// Appends a fact about an entry and draws its consequences; `row` follows what becomes of it.
/// @return false when it was there already
bool apply_fact(Connection& connection, EntryRow& row, const DeliveryFact& fact,
                std::chrono::sys_seconds now);

}  // namespace calinvite::sqlite

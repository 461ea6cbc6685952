#include "store/sqlite/entries.hpp"

#include "store/sqlite/rows.hpp"

namespace calinvite::sqlite {
namespace {

const std::string entry_columns =
    "o.entry, o.domain, o.event, o.address, o.method, o.sequence, o.uid, o.expires, o.state,"
    " o.fence, o.lease_until, o.attempt_id, o.evidence, o.message_id";

void read_entry(Query& query, EntryRow& row) {
  query.read(row.entry, row.domain, row.event, row.address, row.method, row.sequence, row.uid,
             row.expires, row.state, row.fence, row.lease_until, row.attempt_id, row.evidence,
             row.message_id);
}

std::optional<EntryRow> find_alone(Connection& connection, const std::string& select,
                                   std::string_view key) {
  auto found = connection.query(select, key);
  if (!found.step()) return std::nullopt;
  EntryRow row;
  read_entry(found, row);
  return row;
}

/// What only a message that was taken can cause (I6).
bool proves_acceptance(ReceiptKind kind) noexcept {
  return kind == ReceiptKind::accepted || kind == ReceiptKind::delivered ||
         kind == ReceiptKind::bounced || kind == ReceiptKind::complained ||
         kind == ReceiptKind::rejected;
}

void adopt_orphans(Connection& connection, EntryRow row, std::string_view message_id,
                   std::chrono::sys_seconds now) {
  std::vector<DeliveryFact> facts;
  {
    auto orphans = connection.query(
        "SELECT fact, kind, time, message_id, detail, suppress, harmful, channel FROM orphan"
        " WHERE message_id = ?1 AND message_id <> ''",
        message_id);
    while (orphans.step()) {
      DeliveryFact& fact = facts.emplace_back();
      orphans.read(fact.dedupe_key, fact.receipt.kind, fact.receipt.time, fact.receipt.message_id,
                   fact.receipt.detail, fact.suppress, fact.harmful, fact.receipt.channel);
    }
  }
  for (const DeliveryFact& fact : facts) {
    connection.run("DELETE FROM orphan WHERE fact = ?1", fact.dedupe_key);
    apply_fact(connection, row, fact, now);
  }
}

void weigh_evidence(Connection& connection, EntryRow& row, std::string_view message_id,
                    std::chrono::sys_seconds now) {
  if (row.state == OutboxState::accepted) return;
  if (!message_id.empty()) row.message_id = message_id;
  if (row.state == OutboxState::claimed) {
    row.evidence = true;
    // Its dispatcher still waits for the answer; should it say "in doubt", this will decide.
    connection.run(
        "UPDATE outbox SET evidence = 1, message_id = iif(?2 = '', message_id, ?2)"
        " WHERE entry = ?1",
        row.entry, message_id);
    return adopt_orphans(connection, row, message_id, now);
  }
  accept(connection, row, message_id, now);
  row.state = OutboxState::accepted;
}

/// The newest revision that a copy holds whole: one date of it proves nothing while something older
/// was given up or is in doubt, and not said again.
std::int32_t read_held_sequence(Connection& connection, const EntryRow& row) {
  static const std::string sql =
      "SELECT coalesce(max(o.sequence), -1) FROM outbox AS o WHERE o.domain = ?1 AND o.event = ?2"
      " AND o.address = ?3 AND o.uid = ?4 AND o.state = 'accepted' AND (o.occurrence = ?5"
      " OR NOT EXISTS (SELECT 1 FROM outbox AS u WHERE u.domain = o.domain AND u.event = o.event"
      "  AND u.address = o.address AND u.uid = o.uid AND u.entry < o.entry"
      "  AND u.state IN ('refused', 'suppressed', 'in_doubt') AND NOT EXISTS (SELECT 1" +
      told_since("u") + ")))";
  std::int32_t held = -1;
  auto newest = connection.query(sql, row.domain, row.event, row.address, row.uid, whole_series);
  if (newest.step()) newest.read(held);
  return held;
}

}  // namespace

std::optional<EntryRow> find_entry(Connection& connection, std::int64_t entry) {
  static const std::string select =
      "SELECT " + entry_columns +
      // A notice has neither event nor attendee; it is the organizer's, and never out of date.
      ", coalesce(e.organizer, o.address), coalesce(e.sequence, 0),"
      " o.event = '' OR (a.uid = o.uid AND a.uninvited = 0)"
      " FROM outbox AS o LEFT JOIN event AS e ON e.domain = o.domain AND e.uid = o.event"
      " LEFT JOIN attendee AS a ON a.domain = o.domain AND a.event = o.event"
      " AND a.address = o.address WHERE o.entry = ?1";
  auto found = connection.query(select, entry);
  if (!found.step()) return std::nullopt;
  EntryRow row;
  read_entry(found, row);
  found.read(row.organizer, row.event_sequence, row.live);
  return row;
}

std::optional<EntryRow> find_entry_by_attempt(Connection& connection, std::string_view attempt_id) {
  static const std::string select = "SELECT " + entry_columns +
                                    " FROM outbox AS o WHERE o.attempt_id = ?1"
                                    " AND o.attempt_id <> ''";
  return find_alone(connection, select, attempt_id);
}

std::optional<EntryRow> find_entry_by_message(Connection& connection, std::string_view message_id) {
  static const std::string select = "SELECT " + entry_columns +
                                    " FROM outbox AS o WHERE o.message_id = ?1"
                                    " AND o.message_id <> ''";
  return find_alone(connection, select, message_id);
}

void set_state(Connection& connection, const EntryRow& row, OutboxState state,
               std::string_view reason, std::chrono::sys_seconds now,
               std::chrono::sys_seconds not_before) {
  connection.run(
      "UPDATE outbox SET state = ?2, reason = ?3, changed = ?4, not_before = ?5 WHERE entry = ?1",
      row.entry, state, row.address.ends_with(erased_host) ? "" : reason, now, not_before);
}

void accept(Connection& connection, const EntryRow& row, std::string_view message_id,
            std::chrono::sys_seconds now, std::int64_t kinds) {
  connection.run(
      "UPDATE outbox SET state = 'accepted', reason = '', changed = ?3,"
      " message_id = iif(?2 = '', message_id, ?2) WHERE entry = ?1",
      row.entry, message_id, now);
  // The table of a mailed report is the organizer's now; kept here, it would outlive its people.
  if (row.event.empty()) connection.run("UPDATE notice SET csv = '' WHERE entry = ?1", row.entry);
  const std::string first = row.method == Method::request ? std::string(message_id) : "";
  const std::int32_t sequence = read_held_sequence(connection, row);
  const auto held = connection.run(
      "UPDATE attendee SET held_sequence = max(held_sequence, ?4), kinds = kinds | ?7,"
      " first_message_id = iif(first_message_id = '', ?5, first_message_id)"
      " WHERE domain = ?1 AND event = ?2 AND address = ?3 AND uid = ?6",
      row.domain, row.event, row.address, sequence, first, row.uid, kinds);
  if (held == 0) {
    connection.run(
        "UPDATE past_copy SET held_sequence = max(held_sequence, ?4),"
        " first_message_id = iif(first_message_id = '', ?5, first_message_id)"
        " WHERE domain = ?1 AND event = ?2 AND address = ?3 AND uid = ?6",
        row.domain, row.event, row.address, sequence, first, row.uid);
    if (kinds != 0) mark_kinds(connection, row.domain, row.event, row.address, kinds);
  }
  EntryRow accepted = row;
  accepted.state = OutboxState::accepted;
  adopt_orphans(connection, accepted, message_id, now);
}

void settle_in_doubt(Connection& connection, const EntryRow& row, std::string_view reason,
                     std::chrono::sys_seconds now) {
  append_receipt_of(connection, row, ReceiptKind::in_doubt, now, reason);
  if (row.evidence) return accept(connection, row, row.message_id, now);
  set_state(connection, row, OutboxState::in_doubt, reason, now);
}

Receipt receipt_of(const EntryRow& row, ReceiptKind kind, std::chrono::sys_seconds time,
                   std::string_view detail, std::string_view message_id) {
  Receipt receipt;
  receipt.kind = kind;
  receipt.time = time;
  receipt.event = row.event;
  receipt.address = row.address;
  receipt.sequence = row.sequence;
  receipt.method = row.method;
  receipt.attempt_id = row.attempt_id;
  receipt.message_id = message_id;
  // Outsiders' words may name whom nothing is to be known of any more.
  if (!row.address.ends_with(erased_host)) receipt.detail = detail;
  return receipt;
}

bool append_receipt_of(Connection& connection, const EntryRow& row, ReceiptKind kind,
                       std::chrono::sys_seconds time, std::string_view detail) {
  return append_receipt(connection, row.domain, receipt_of(row, kind, time, detail));
}

void suppress_after(Connection& connection, std::string_view domain, std::string_view address,
                    ReceiptKind reason, std::chrono::sys_seconds now) {
  if (address.ends_with(erased_host)) return;  // suppressed by its hash
  put_suppression(
      connection,
      {std::string(domain), {}, std::string(address), std::string(to_string(reason)), now});
}

void count_harm(Connection& connection, std::string_view domain, std::string_view event,
                std::string_view address, ReceiptKind kind, std::chrono::sys_seconds now) {
  const auto first = connection.run(
      "UPDATE attendee SET harmed = harmed | ?4"
      " WHERE domain = ?1 AND event = ?2 AND address = ?3 AND harmed & ?4 = 0",
      domain, event, address, kind_bit(kind));
  if (first == 0 && !event.empty()) return;  // a notice is about no attendee
  SendingCounts counts;
  counts.bounced = kind == ReceiptKind::bounced ? 1 : 0;
  counts.complained = kind == ReceiptKind::complained ? 1 : 0;
  count_sending(connection, domain, counts, now);
}

bool apply_fact(Connection& connection, EntryRow& row, const DeliveryFact& fact,
                std::chrono::sys_seconds now) {
  const Receipt& receipt = fact.receipt;
  Receipt kept = receipt_of(row, receipt.kind, receipt.time, receipt.detail, receipt.message_id);
  kept.channel = receipt.channel;
  if (!append_receipt(connection, row.domain, kept, fact.dedupe_key)) return false;
  if (fact.suppress) {
    suppress_after(connection, row.domain, row.address, receipt.kind, now);
  }
  if (fact.harmful) {
    count_harm(connection, row.domain, row.event, row.address, receipt.kind, now);
  }
  if (proves_acceptance(receipt.kind)) weigh_evidence(connection, row, receipt.message_id, now);
  return true;
}

}  // namespace calinvite::sqlite

#include "store/sqlite/entries.hpp"
#include "store/sqlite/fan_out.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// A CANCEL of what nobody got is no news (R87).
bool cancels_nothing(Connection& connection, const EntryRow& row) {
  return row.method == Method::cancel &&
         !connection
              .query(
                  "SELECT 1 FROM outbox AS o WHERE o.domain = ?1 AND o.event = ?2"
                  " AND o.address = ?3 AND o.uid = ?4 AND o.method = 'REQUEST' AND " +
                      may_have_left,
                  row.domain, row.event, row.address, row.uid)
              .step();
}

void end_unsent(Connection& connection, const EntryRow& row, OutboxState state, ReceiptKind kind,
                std::string_view reason, std::chrono::sys_seconds now) {
  set_state(connection, row, state, reason, now);
  append_receipt_of(connection, row, kind, now, reason);
}

/// What was on its way while a change reached its holder, and came back: nobody was told what it
/// says, unless the change says it, too. In its old place it leaves before what the change owes.
/// @return false when there is nothing to say again
bool say_at_new_revision(Connection& connection, const EntryRow& row,
                         std::chrono::sys_seconds now) {
  if (!row.live) return false;
  static const std::string sql =
      "UPDATE outbox AS o SET sequence = ?2, changed = ?3,"
      " state = iif(o.state = 'claimed', 'pending', o.state) WHERE o.entry = ?1"
      " AND NOT EXISTS (SELECT 1 FROM outbox AS n WHERE n.domain = o.domain AND n.event = o.event"
      "  AND n.address = o.address AND n.uid = o.uid AND n.entry > o.entry"
      "  AND n.occurrence IN (o.occurrence, ?4))";
  return connection.run(sql, row.entry, row.event_sequence, now, whole_series) > 0;
}

/// Ends an entry that the event's change has overtaken, or brings it up to that.
void end_obsolete(Connection& connection, const EntryRow& row, std::chrono::sys_seconds now) {
  reach_ahead(connection, row.domain, row.event, row.address);
  const auto after = find_entry(connection, row.entry);
  if (after->state == OutboxState::superseded) return;
  if (say_at_new_revision(connection, *after, now)) return;
  end_unsent(connection, *after, OutboxState::superseded, ReceiptKind::superseded,
             "a newer revision", now);
}

IntentVerdict commit_intent(Connection& connection, const Intent& intent, std::uint64_t fence,
                            std::chrono::sys_seconds now) {
  const auto row = find_entry(connection, intent.entry);
  if (!row) return IntentVerdict::lost;
  if (row->state == OutboxState::superseded) return IntentVerdict::superseded;
  if (row->state != OutboxState::claimed || row->fence != fence || row->lease_until <= now ||
      !row->attempt_id.empty()) {
    return IntentVerdict::lost;
  }
  if (row->obsolete()) {
    end_obsolete(connection, *row, now);
    return IntentVerdict::superseded;
  }
  if (cancels_nothing(connection, *row)) {
    end_unsent(connection, *row, OutboxState::superseded, ReceiptKind::superseded,
               "nothing to cancel was sent", now);
    return IntentVerdict::superseded;
  }
  if (is_suppressed(connection, row->domain, row->organizer, row->address)) {
    end_unsent(connection, *row, OutboxState::suppressed, ReceiptKind::suppressed,
               "the address must not be mailed", now);
    return IntentVerdict::suppressed;
  }
  if (row->expires && *row->expires < now) {
    end_unsent(connection, *row, OutboxState::expired, ReceiptKind::expired,
               "what it announces is over", now);
    return IntentVerdict::expired;
  }
  connection.run("UPDATE outbox SET attempt_id = ?2, dtstamp = ?3, changed = ?4 WHERE entry = ?1",
                 row->entry, intent.attempt_id, intent.dtstamp, now);
  return IntentVerdict::go;
}

/// Not taken, to be tried again: unless it is not wanted any more.
void send_back(Connection& connection, const EntryRow& row, const Settlement& settlement,
               std::chrono::sys_seconds now) {
  if (row.evidence) return accept(connection, row, row.message_id, now);
  set_state(connection, row, settlement.state, settlement.detail, now, settlement.not_before);
  if (row.obsolete()) end_obsolete(connection, row, now);
}

void settle_claimed(Connection& connection, const EntryRow& row, const Settlement& settlement,
                    std::chrono::sys_seconds now) {
  switch (settlement.state) {
    case OutboxState::accepted:
      insert_receipt(
          connection, row.domain,
          receipt_of(row, ReceiptKind::accepted, now, settlement.detail, settlement.message_id));
      return accept(connection, row, settlement.message_id, now, kind_bit(ReceiptKind::accepted));
    case OutboxState::in_doubt:
      return settle_in_doubt(connection, row, settlement.detail, now);
    case OutboxState::refused:
      append_receipt_of(connection, row, ReceiptKind::refused, now, settlement.detail);
      if (row.evidence) return accept(connection, row, row.message_id, now);
      return set_state(connection, row, OutboxState::refused, settlement.detail, now);
    default:
      return send_back(connection, row, settlement, now);
  }
}

/// Only what goes back to the queue is asked whether it is still wanted: the rest is found without
/// its event and attendee, in a third of the time.
std::optional<EntryRow> find_settled(Connection& connection, const Settlement& settlement) {
  const bool ends =
      settlement.state != OutboxState::pending && settlement.state != OutboxState::held;
  return ends && !settlement.attempt_id.empty()
             ? find_entry_by_attempt(connection, settlement.attempt_id)
             : find_entry(connection, settlement.entry);
}

/// @return false when the settlement is none of this fence's business
bool settle_one(Connection& connection, const Settlement& settlement, std::uint64_t fence,
                std::chrono::sys_seconds now, std::map<std::string, std::uint64_t>& accepted) {
  const auto row = find_settled(connection, settlement);
  if (!row || row->entry != settlement.entry || row->attempt_id != settlement.attempt_id) {
    return false;
  }
  const bool claims_sent =
      settlement.state == OutboxState::accepted || settlement.state == OutboxState::in_doubt;
  if (claims_sent && row->attempt_id.empty()) return false;  // no intent, no bytes
  const bool ours = row->state == OutboxState::claimed && row->fence == fence;
  const bool late =
      row->state == OutboxState::in_doubt && settlement.state == OutboxState::accepted;
  if (!ours && !late) return false;
  settle_claimed(connection, *row, settlement, now);
  if (settlement.state == OutboxState::accepted) ++accepted[row->domain];
  return true;
}

Result<void> check_settlement(const Settlement& settlement) {
  switch (settlement.state) {
    case OutboxState::accepted:
    case OutboxState::refused:
    case OutboxState::in_doubt:
    case OutboxState::pending:
    case OutboxState::held:
      return {};
    default:
      return fail(Code::invalid_argument,
                  "an entry can't be settled as " + std::string(to_string(settlement.state)),
                  Place{{}, 0, 0, "state"});
  }
}

}  // namespace

Result<std::vector<IntentVerdict>> SqliteStore::commit_intents(std::span<const Intent> intents,
                                                               std::uint64_t fence,
                                                               std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<std::vector<IntentVerdict>> {
    std::vector<IntentVerdict> verdicts;
    for (const Intent& intent : intents) {
      if (intent.attempt_id.empty()) {
        return fail(Code::invalid_argument, "an intent needs an attempt_id",
                    Place{{}, 0, 0, "attempt_id"});
      }
      verdicts.push_back(commit_intent(*connection_, intent, fence, now));
    }
    return verdicts;
  });
}

Result<std::size_t> SqliteStore::settle(std::span<const Settlement> settlements,
                                        std::uint64_t fence, std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<std::size_t> {
    std::size_t applied = 0;
    std::map<std::string, std::uint64_t> accepted;  // by domain: one row of the day for all of them
    for (const Settlement& settlement : settlements) {
      if (auto sound = check_settlement(settlement); !sound) {
        return tl::unexpected<Error>(sound.error());
      }
      if (settle_one(*connection_, settlement, fence, now, accepted)) ++applied;
    }
    for (const auto& [domain, number] : accepted) {
      count_sending(*connection_, domain, {number, 0, 0}, now);
    }
    return applied;
  });
}

}  // namespace calinvite::sqlite

#include "store/sqlite/fan_out.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Older answers to changed dates come too late.
void note_changed_dates(Connection& connection, const EventHead& event, const Change& change) {
  for (const OccurrenceId& occurrence : change.occurrences) {
    connection.run(
        "INSERT OR REPLACE INTO occurrence_change (domain, event, occurrence, sequence)"
        " VALUES (?1, ?2, ?3, ?4)",
        event.domain, event.uid, occurrence_key(occurrence), change.sequence);
  }
}

/// The condition that a CANCEL of copy `a` waits, or may have to be said once more.
const std::string is_taken_back =
    "EXISTS (SELECT 1 FROM outbox AS o WHERE o.domain = a.domain AND o.event = a.event"
    " AND o.address = a.address AND o.method = 'CANCEL' AND o.uid = a.uid"
    " AND o.state IN ('pending', 'held', 'claimed', 'in_doubt'))";

/// Keeps the revision that is about to be replaced, and drops those that nobody holds: neither a
/// live copy, nor one that is being taken back, nor one whose message may yet turn out to have
/// arrived.
void keep_revisions(Connection& connection, const EventHead& head) {
  connection.run("INSERT INTO revision SELECT e.domain, " + event_columns +
                     " FROM event AS e WHERE e.domain = ?1 AND e.uid = ?2",
                 head.domain, head.uid);
  connection.run(
      "DELETE FROM revision WHERE domain = ?1 AND uid = ?2"
      " AND sequence NOT IN (SELECT a.held_sequence FROM attendee AS a"
      "  WHERE a.domain = ?1 AND a.event = ?2 AND (a.uninvited = 0 OR " +
          is_taken_back +
          "))"
          " AND sequence NOT IN (SELECT a.held_sequence FROM past_copy AS a"
          "  WHERE a.domain = ?1 AND a.event = ?2 AND " +
          is_taken_back +
          ")"
          " AND sequence NOT IN (SELECT o.sequence FROM outbox AS o WHERE o.domain = ?1"
          "  AND o.event = ?2 AND o.state IN ('claimed', 'in_doubt'))",
      head.domain, head.uid);
}

void save_revision(Connection& connection, const EventHead& head, const Event& after,
                   const Change& change, std::chrono::sys_seconds now) {
  connection.run(
      "UPDATE event SET summary = ?3, description = ?4, location = ?5, url = ?6, landing = ?7,"
      " language = ?8, start = ?9, \"end\" = ?10, timezone = ?11, all_day = ?12, rrule = ?13,"
      " exdates = ?14, overrides = ?15, status = ?16, sequence = ?17, key_sequence = ?18,"
      " source_sequence = ?19, source_dtstamp = ?20, listed = ?21, invite_limit = ?22,"
      " changed = ?23, conference = ?24, reminder = ?25, transparent = ?26, wants_answers = ?27,"
      " counters_allowed = ?28 WHERE domain = ?1 AND uid = ?2",
      head.domain, head.uid, after.summary, after.description, after.location, after.url,
      after.landing, after.language, after.start, after.end, after.timezone, after.all_day,
      after.rrule, write_exdates(after), write_overrides(after), after.status, change.sequence,
      resets_answers(change) ? change.sequence : head.key_sequence, after.source_sequence,
      after.source_dtstamp, after.listed, after.invite_limit, now, after.conference,
      write_reminder(after), after.transparent, after.wants_answers, after.counters_allowed);
}

Result<void> check_step_up(const EventHead& head, std::int32_t before_sequence,
                           std::int32_t sequence) {
  if (head.sequence != before_sequence) {
    return fail(Code::conflict, "event " + head.uid + " is at SEQUENCE " +
                                    std::to_string(head.sequence) + ", not " +
                                    std::to_string(before_sequence) + "; read it again");
  }
  if (sequence <= before_sequence) {
    return fail(Code::invalid_argument,
                "SEQUENCE " + std::to_string(sequence) + " is not above the stored one",
                Place{{}, 0, 0, "sequence"});
  }
  return {};
}

}  // namespace

Result<ChangeCounts> SqliteStore::apply_change(const Scope& scope, const Event& after,
                                               std::int32_t before_sequence, const Change& change,
                                               const std::vector<Mailing>& mailings,
                                               bool include_declined,
                                               std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<ChangeCounts> {
    const auto head = get_event_head(*connection_, scope, after.uid);
    if (!head) return tl::unexpected<Error>(head.error());
    if (auto up = check_step_up(*head, before_sequence, change.sequence); !up) {
      return tl::unexpected<Error>(up.error());
    }
    // What an earlier change announces may need to be said with this one.
    while (reach_next(*connection_, head->domain, head->uid)) {
    }
    start_fan_out(*connection_, *head, change, mailings, include_declined, now);
    auto counts = reach_next(*connection_, head->domain, head->uid);
    if (change.key_change) note_changed_dates(*connection_, *head, change);
    keep_revisions(*connection_, *head);
    save_revision(*connection_, *head, after, change, now);
    return *std::move(counts);
  });
}

Result<std::optional<ChangeCounts>> SqliteStore::continue_change(const Scope& scope,
                                                                 std::string_view event) {
  if (connection_->in_step()) return std::optional<ChangeCounts>();
  return connection_->write([&]() -> Result<std::optional<ChangeCounts>> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    return reach_next(*connection_, head->domain, head->uid);
  });
}

Result<ChangeCounts> SqliteStore::preview_change(const Scope& scope, std::string_view event,
                                                 const Change& change,
                                                 const std::vector<Mailing>& mailings,
                                                 bool include_declined) {
  return connection_->read([&]() -> Result<ChangeCounts> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    return count_fan_out(*connection_, *head, change, mailings, include_declined);
  });
}

}  // namespace calinvite::sqlite

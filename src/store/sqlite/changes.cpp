// A change reaches its holders by set: SQL statements over temporary tables, which spill to disk,
// so that a million attendees cost no memory. `holder` has a row per attendee who is not
// uninvited; `mailing` one per message that each holder is owed.
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// One change of one event, with its working tables.
class FanOut {
 public:
  FanOut(Connection& connection, const EventHead& event, std::int32_t sequence)
      : connection_(connection), event_(event), sequence_(sequence) {}

  void prepare(const std::vector<Mailing>& mailings, bool include_declined);
  ChangeCounts count();
  void enqueue(std::chrono::sys_seconds now);
  void supersede(std::chrono::sys_seconds now);
  void reset_answers();
  void reset_occurrences(const std::vector<OccurrenceId>& occurrences);
  void discard() { connection_.execute("DELETE FROM temp.mailing; DELETE FROM temp.holder"); }

 private:
  void list_mailings(const std::vector<Mailing>& mailings);
  void list_holders(bool include_declined);

  Connection& connection_;
  const EventHead& event_;
  const std::int32_t sequence_;
};

const std::string working_tables =
    "CREATE TABLE IF NOT EXISTS temp.mailing (position INTEGER PRIMARY KEY, method TEXT NOT NULL,"
    " occurrence INTEGER NOT NULL, expires INTEGER);"
    "CREATE TABLE IF NOT EXISTS temp.holder (address TEXT NOT NULL PRIMARY KEY, uid TEXT NOT NULL,"
    " copy INTEGER NOT NULL, sent INTEGER NOT NULL, skip TEXT NOT NULL) WITHOUT ROWID;"
    "DELETE FROM temp.mailing; DELETE FROM temp.holder";

/// Unsent entries `o` of holders `h`; event and domain are ?1 and ?2.
const std::string unsent_of_holders =
    " FROM temp.holder AS h JOIN outbox AS o ON o.domain = ?1 AND o.event = ?2"
    " AND o.address = h.address AND o.uid = h.uid AND " +
    is_unsent;

/// Entries `o` of holders `h` that nobody was told: unsent, or given up with nothing after them
/// that said the same (R80).
const std::string untold_of_holders =
    " FROM temp.holder AS h JOIN outbox AS o ON o.domain = ?1 AND o.event = ?2"
    " AND o.address = h.address AND o.uid = h.uid AND (" +
    is_unsent +
    " OR (o.state IN ('refused', 'suppressed') AND NOT EXISTS (SELECT 1 FROM outbox AS n"
    " WHERE n.domain = o.domain AND n.event = o.event AND n.address = o.address AND n.uid = o.uid"
    " AND n.occurrence IN (o.occurrence, -9223372036854775808) AND n.entry > o.entry)))";

/// What such a message announced and the new mailings do not say again. A mailing of the series
/// says it all; one of an instance says nothing of the others.
const std::string carried_over = untold_of_holders +
                                 " WHERE h.skip = '' AND (o.method = 'REQUEST' OR h.sent)"
                                 " AND NOT EXISTS (SELECT 1 FROM temp.mailing AS m"
                                 " WHERE m.occurrence IN (o.occurrence, -9223372036854775808))"
                                 " GROUP BY h.address, o.method, o.occurrence";

/// Who gets which mailing: a CANCEL only those who may hold what it cancels (R87).
const std::string owed =
    " FROM temp.mailing AS m JOIN temp.holder AS h"
    " WHERE h.skip = '' AND (m.method = 'REQUEST' OR h.sent)";

/// Of those who are asked again: not by a CANCEL, and who declined and hears nothing of the change
/// stays declined.
const std::string asked_again =
    " AND address IN (SELECT h.address FROM temp.holder AS h WHERE h.skip = '')"
    " AND EXISTS (SELECT 1 FROM temp.mailing WHERE method = 'REQUEST')";

void FanOut::prepare(const std::vector<Mailing>& mailings, bool include_declined) {
  connection_.execute(working_tables);
  list_mailings(mailings);
  list_holders(include_declined);
}

void FanOut::list_mailings(const std::vector<Mailing>& mailings) {
  for (const Mailing& mailing : mailings) {
    connection_.run("INSERT INTO temp.mailing (method, occurrence, expires) VALUES (?1, ?2, ?3)",
                    mailing.method, occurrence_key(mailing.occurrence), mailing.expires);
  }
}

void FanOut::list_holders(bool include_declined) {
  // `standing` is 2 when a REQUEST may have left, 1 when one still waits, NULL when none was owed.
  connection_.run(
      "INSERT INTO temp.holder (address, uid, copy, sent, skip)"
      " SELECT address, uid, copy, standing IS 2,"
      "  CASE WHEN suppressed THEN 'suppressed' WHEN declined THEN 'declined'"
      "   WHEN standing IS NULL THEN 'never_sent' ELSE '' END"
      " FROM (SELECT a.address, a.uid, a.copy, a.partstat = 'DECLINED' AND NOT ?3 AS declined, " +
          is_suppressed() +
          " AS suppressed,"
          "  (SELECT max(CASE WHEN " +
          may_have_left + " THEN 2 WHEN " + is_unsent +
          " THEN 1 END)"
          "   FROM outbox AS o WHERE o.domain = a.domain AND o.event = a.event"
          "   AND o.address = a.address AND o.uid = a.uid AND o.method = 'REQUEST') AS standing"
          "  FROM attendee AS a JOIN event AS e ON e.domain = a.domain AND e.uid = a.event"
          "  WHERE a.domain = ?1 AND a.event = ?2 AND a.uninvited = 0)",
      event_.domain, event_.uid, include_declined);
  // A cancelled series is no news for those who never heard of it.
  connection_.run(
      "UPDATE temp.holder SET skip = 'never_sent' WHERE skip = '' AND NOT sent"
      " AND EXISTS (SELECT 1 FROM temp.mailing WHERE occurrence = ?1)"
      " AND NOT EXISTS (SELECT 1 FROM temp.mailing WHERE method = 'REQUEST')",
      whole_series);
}

ChangeCounts FanOut::count() {
  ChangeCounts counts;
  auto entries =
      connection_.query("SELECT method = 'REQUEST', count(*) FROM (SELECT m.method AS method" +
                            owed + " UNION ALL SELECT method FROM (SELECT o.method AS method" +
                            carried_over + ")) GROUP BY 1",
                        event_.domain, event_.uid);
  while (entries.step()) {
    bool request = false;
    std::uint64_t number = 0;
    entries.read(request, number);
    (request ? counts.update : counts.cancel) = number;
  }
  auto superseded =
      connection_.query("SELECT count(*)" + unsent_of_holders, event_.domain, event_.uid);
  if (superseded.step()) superseded.read(counts.superseded);
  auto skips =
      connection_.query("SELECT skip, count(*) FROM temp.holder WHERE skip <> '' GROUP BY skip");
  while (skips.step()) {
    std::string reason;
    skips.read(reason);
    skips.read(counts.skip[reason]);
  }
  return counts;
}

/// Before supersede: what is carried over is read from what gets superseded. A copy's messages
/// leave in the order of their rows, the series before its instances.
void FanOut::enqueue(std::chrono::sys_seconds now) {
  std::int64_t last = 0;
  auto newest = connection_.query("SELECT coalesce(max(entry), 0) FROM outbox");
  if (newest.step()) newest.read(last);
  const std::string insert =
      "INSERT INTO outbox (domain, event, address, method, occurrence, sequence, copy, uid,"
      " expires, not_before, changed)";
  connection_.run(insert +
                      " SELECT ?1, ?2, h.address, o.method, o.occurrence, ?3, h.copy, h.uid,"
                      " o.expires, ?4, ?4" +
                      carried_over + " ORDER BY o.occurrence, h.address",
                  event_.domain, event_.uid, sequence_, now);
  connection_.run(insert +
                      " SELECT ?1, ?2, h.address, m.method, m.occurrence, ?3, h.copy, h.uid,"
                      " m.expires, ?4, ?4" +
                      owed + " ORDER BY m.position, h.address",
                  event_.domain, event_.uid, sequence_, now);
  // Every attendee has a queued receipt already: the cache of kinds stays true.
  connection_.run(
      "INSERT INTO receipt (domain, event, seq, address, kind, time, sequence, method)"
      " SELECT ?1, ?2, row_number() OVER (ORDER BY o.entry) + (SELECT coalesce(max(r.seq), 0)"
      " FROM receipt AS r WHERE r.domain = ?1 AND r.event = ?2),"
      " o.address, 'queued', ?4, o.sequence, o.method FROM outbox AS o WHERE o.entry > ?3",
      event_.domain, event_.uid, last, now);
}

// Superseded says nothing about delivery, so here too the cache of kinds need not change.
void FanOut::supersede(std::chrono::sys_seconds now) {
  const std::string condition = unsent_of_holders + " AND o.sequence < ?3";
  connection_.run(
      "INSERT INTO receipt (domain, event, seq, address, kind, time, sequence, method)"
      " SELECT ?1, ?2, row_number() OVER (ORDER BY o.entry) + (SELECT coalesce(max(r.seq), 0)"
      " FROM receipt AS r WHERE r.domain = ?1 AND r.event = ?2),"
      " o.address, 'superseded', ?4, o.sequence, o.method" +
          condition,
      event_.domain, event_.uid, sequence_, now);
  connection_.run(
      "UPDATE outbox SET state = 'superseded', changed = ?4, reason = 'a newer revision'"
      " WHERE entry IN (SELECT o.entry" +
          condition + ")",
      event_.domain, event_.uid, sequence_, now);
}

void FanOut::reset_answers() {
  connection_.run(
      "UPDATE attendee SET partstat = 'NEEDS-ACTION', answer_sequence = -1, answer_dtstamp = 0,"
      " channel = '', comment = '', proposal = '' WHERE domain = ?1 AND event = ?2"
      " AND partstat <> 'NEEDS-ACTION'" +
          asked_again,
      event_.domain, event_.uid);
  connection_.run("DELETE FROM occurrence_answer WHERE domain = ?1 AND event = ?2" + asked_again,
                  event_.domain, event_.uid);
}

/// Of changed dates, for those who are asked about them again; older answers to them come too late.
void FanOut::reset_occurrences(const std::vector<OccurrenceId>& occurrences) {
  connection_.run(
      "DELETE FROM occurrence_answer WHERE domain = ?1 AND event = ?2" + asked_again +
          " AND occurrence IN (SELECT occurrence FROM temp.mailing WHERE method = 'REQUEST')",
      event_.domain, event_.uid);
  for (const OccurrenceId& occurrence : occurrences) {
    connection_.run(
        "INSERT OR REPLACE INTO occurrence_change (domain, event, occurrence, sequence)"
        " VALUES (?1, ?2, ?3, ?4)",
        event_.domain, event_.uid, occurrence_key(occurrence), sequence_);
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

/// A changed date of a series asks about itself alone (R72, R110).
bool resets_answers(const Change& change) {
  return change.key_change && change.occurrences.empty();
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
    FanOut fan_out(*connection_, *head, change.sequence);
    fan_out.prepare(mailings, include_declined);
    const ChangeCounts counts = fan_out.count();
    fan_out.enqueue(now);
    fan_out.supersede(now);
    if (resets_answers(change)) fan_out.reset_answers();
    if (change.key_change) fan_out.reset_occurrences(change.occurrences);
    fan_out.discard();
    keep_revisions(*connection_, *head);
    save_revision(*connection_, *head, after, change, now);
    return counts;
  });
}

Result<ChangeCounts> SqliteStore::preview_change(const Scope& scope, std::string_view event,
                                                 const Change& change,
                                                 const std::vector<Mailing>& mailings,
                                                 bool include_declined) {
  return connection_->read([&]() -> Result<ChangeCounts> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    FanOut fan_out(*connection_, *head, change.sequence);
    fan_out.prepare(mailings, include_declined);
    const ChangeCounts counts = fan_out.count();
    fan_out.discard();
    return counts;
  });
}

}  // namespace calinvite::sqlite

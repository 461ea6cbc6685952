// Holders are reached by set: SQL statements over temporary tables. `holder` has a row per attendee
// of the part who is not uninvited; `mailing` one per message that each holder is owed.
#include "store/sqlite/fan_out.hpp"

namespace calinvite::sqlite {
namespace {

/// Some 10 MB of journal.
constexpr std::int64_t holders_per_step = 10'000;

/// A row of the table fan_out.
struct UnderWay {
  std::string domain;
  std::string event;
  std::int32_t sequence = 0;
  bool key_change = false;
  bool resets_answers = false;
  bool include_declined = false;
  std::chrono::sys_seconds time{};
  std::string reached;
};

/// Addresses from `first` to `last`; empty when `first` is.
struct Part {
  std::string first;
  std::string last;
  bool more = false;  ///< there may be holders behind it
};

/// One part of the holders, with the working tables.
class FanOut {
 public:
  FanOut(Connection& connection, const UnderWay& change, const Part& part)
      : connection_(connection), change_(change), part_(part) {
    list_holders();
  }
  ~FanOut() = default;
  FanOut(const FanOut&) = delete;
  FanOut& operator=(const FanOut&) = delete;

  ChangeCounts count();
  void carry_out() {
    enqueue();
    supersede();
    if (change_.resets_answers) reset_answers();
    if (change_.key_change) reset_occurrences();
  }

 private:
  void list_holders();
  void enqueue();
  void supersede();
  void reset_answers();
  void reset_occurrences();

  Connection& connection_;
  const UnderWay& change_;
  const Part& part_;
};

const std::string working_tables =
    "CREATE TABLE IF NOT EXISTS temp.mailing (position INTEGER PRIMARY KEY, method TEXT NOT NULL,"
    " occurrence INTEGER NOT NULL, expires INTEGER);"
    "CREATE TABLE IF NOT EXISTS temp.holder (address TEXT NOT NULL PRIMARY KEY, uid TEXT NOT NULL,"
    " copy INTEGER NOT NULL, sent INTEGER NOT NULL, skip TEXT NOT NULL) WITHOUT ROWID;"
    "DELETE FROM temp.mailing; DELETE FROM temp.holder";

// CROSS: holders are few beside the outbox, which SQLite can't know of a temporary table.
/// Unsent entries `o` of holders `h`; event and domain are ?1 and ?2.
const std::string unsent_of_holders =
    " FROM temp.holder AS h CROSS JOIN outbox AS o ON o.domain = ?1 AND o.event = ?2"
    " AND o.address = h.address AND o.uid = h.uid AND " +
    is_unsent;

/// Entries `o` of holders `h` that nobody was told: unsent, or given up with nothing after them
/// that said the same (R80).
const std::string untold_of_holders =
    " FROM temp.holder AS h CROSS JOIN outbox AS o ON o.domain = ?1 AND o.event = ?2"
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
    " FROM temp.mailing AS m CROSS JOIN temp.holder AS h"
    " WHERE h.skip = '' AND (m.method = 'REQUEST' OR h.sent)";

/// Of those who are asked again: not by a CANCEL, and who declined and hears nothing of the change
/// stays declined. An answer to the event as the change made it, given ahead of the mail, is none
/// that it outdates: ?3 to ?6 are the part's ends, SEQUENCE and time of the change.
const std::string asked_again =
    " WHERE domain = ?1 AND event = ?2 AND address BETWEEN ?3 AND ?4"
    " AND address IN (SELECT h.address FROM temp.holder AS h WHERE h.skip = '')"
    " AND EXISTS (SELECT 1 FROM temp.mailing WHERE method = 'REQUEST')"
    " AND NOT (answer_sequence >= ?5 AND answer_dtstamp >= ?6)";

void FanOut::list_holders() {
  // `standing` is 2 when a REQUEST may have left, 1 when one still waits, NULL when none was owed.
  // Who has a message of this revision was reached ahead, or invited since.
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
          "  WHERE a.domain = ?1 AND a.event = ?2 AND a.uninvited = 0"
          "  AND a.address BETWEEN ?4 AND ?5"
          "  AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.domain = a.domain"
          "   AND o.event = a.event AND o.address = a.address AND o.uid = a.uid"
          "   AND o.sequence >= ?6))",
      change_.domain, change_.event, change_.include_declined, part_.first, part_.last,
      change_.sequence);
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
                        change_.domain, change_.event);
  while (entries.step()) {
    bool request = false;
    std::uint64_t number = 0;
    entries.read(request, number);
    (request ? counts.update : counts.cancel) = number;
  }
  auto superseded =
      connection_.query("SELECT count(*)" + unsent_of_holders, change_.domain, change_.event);
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
void FanOut::enqueue() {
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
                  change_.domain, change_.event, change_.sequence, change_.time);
  connection_.run(insert +
                      " SELECT ?1, ?2, h.address, m.method, m.occurrence, ?3, h.copy, h.uid,"
                      " m.expires, ?4, ?4" +
                      owed + " ORDER BY m.position, h.address",
                  change_.domain, change_.event, change_.sequence, change_.time);
  // Every attendee has a queued receipt already: the cache of kinds stays true.
  connection_.run(
      "INSERT INTO receipt (domain, event, seq, address, kind, time, sequence, method)"
      " SELECT ?1, ?2, row_number() OVER (ORDER BY o.entry) + (SELECT coalesce(max(r.seq), 0)"
      " FROM receipt AS r WHERE r.domain = ?1 AND r.event = ?2),"
      " o.address, 'queued', ?4, o.sequence, o.method FROM outbox AS o WHERE o.entry > ?3",
      change_.domain, change_.event, last, change_.time);
}

// Superseded says nothing about delivery, so here too the cache of kinds need not change.
void FanOut::supersede() {
  const std::string condition = unsent_of_holders + " AND o.sequence < ?3";
  connection_.run(
      "INSERT INTO receipt (domain, event, seq, address, kind, time, sequence, method)"
      " SELECT ?1, ?2, row_number() OVER (ORDER BY o.entry) + (SELECT coalesce(max(r.seq), 0)"
      " FROM receipt AS r WHERE r.domain = ?1 AND r.event = ?2),"
      " o.address, 'superseded', ?4, o.sequence, o.method" +
          condition,
      change_.domain, change_.event, change_.sequence, change_.time);
  connection_.run(
      "UPDATE outbox SET state = 'superseded', changed = ?4, reason = 'a newer revision'"
      " WHERE entry IN (SELECT o.entry" +
          condition + ")",
      change_.domain, change_.event, change_.sequence, change_.time);
}

void FanOut::reset_answers() {
  connection_.run(
      "UPDATE attendee SET partstat = 'NEEDS-ACTION', answer_sequence = -1, answer_dtstamp = 0,"
      " channel = '', comment = '', proposal = ''" +
          asked_again + " AND partstat <> 'NEEDS-ACTION'",
      change_.domain, change_.event, part_.first, part_.last, change_.sequence, change_.time);
  connection_.run("DELETE FROM occurrence_answer" + asked_again, change_.domain, change_.event,
                  part_.first, part_.last, change_.sequence, change_.time);
}

/// Of changed dates, for those who are asked about them again.
void FanOut::reset_occurrences() {
  connection_.run("DELETE FROM occurrence_answer" + asked_again +
                      " AND occurrence IN"
                      " (SELECT occurrence FROM temp.mailing WHERE method = 'REQUEST')",
                  change_.domain, change_.event, part_.first, part_.last, change_.sequence,
                  change_.time);
}

void list_mailings(Connection& connection, const std::vector<Mailing>& mailings) {
  connection.execute(working_tables);
  for (const Mailing& mailing : mailings) {
    connection.run("INSERT INTO temp.mailing (method, occurrence, expires) VALUES (?1, ?2, ?3)",
                   mailing.method, occurrence_key(mailing.occurrence), mailing.expires);
  }
}

std::vector<Mailing> read_mailings(Connection& connection, const UnderWay& change) {
  std::vector<Mailing> mailings;
  auto rows = connection.query(
      "SELECT method, occurrence, expires FROM fan_out_mailing WHERE domain = ?1 AND event = ?2"
      " ORDER BY position",
      change.domain, change.event);
  while (rows.step()) {
    Mailing& mailing = mailings.emplace_back();
    rows.read(mailing.method, mailing.occurrence, mailing.expires);
  }
  return mailings;
}

Part next_part(Connection& connection, const UnderWay& change) {
  Part part;
  std::int64_t holders = 0;
  auto found = connection.query(
      "SELECT coalesce(min(address), ''), coalesce(max(address), ''), count(*) FROM"
      " (SELECT address FROM attendee WHERE domain = ?1 AND event = ?2 AND address > ?3"
      " ORDER BY address LIMIT ?4)",
      change.domain, change.event, change.reached, holders_per_step);
  if (found.step()) found.read(part.first, part.last, holders);
  part.more = holders == holders_per_step;
  return part;
}

std::optional<UnderWay> find_under_way(Connection& connection, std::string_view domain,
                                       std::string_view event) {
  auto found = connection.query(
      "SELECT domain, event, sequence, key_change, resets_answers, include_declined, time, reached"
      " FROM fan_out WHERE domain = ?1 AND event = ?2",
      domain, event);
  if (!found.step()) return std::nullopt;
  UnderWay change;
  found.read(change.domain, change.event, change.sequence, change.key_change, change.resets_answers,
             change.include_declined, change.time, change.reached);
  return change;
}

/// The first change under way, of one domain or of any.
std::optional<UnderWay> find_first(Connection& connection, std::string_view domain) {
  std::string of;
  std::string event;
  auto found = connection.query(
      "SELECT domain, event FROM fan_out WHERE ?1 IN ('', domain) ORDER BY domain, event LIMIT 1",
      domain);
  if (!found.step()) return std::nullopt;
  found.read(of, event);
  return find_under_way(connection, of, event);
}

ChangeCounts carry_on(Connection& connection, const UnderWay& change) {
  list_mailings(connection, read_mailings(connection, change));
  const Part part = next_part(connection, change);
  FanOut fan_out(connection, change, part);
  ChangeCounts counts = fan_out.count();
  fan_out.carry_out();
  connection.execute(working_tables);
  if (part.more) {
    connection.run("UPDATE fan_out SET reached = ?3 WHERE domain = ?1 AND event = ?2",
                   change.domain, change.event, part.last);
  } else {
    connection.run("DELETE FROM fan_out WHERE domain = ?1 AND event = ?2", change.domain,
                   change.event);
  }
  return counts;
}

}  // namespace

void start_fan_out(Connection& connection, const EventHead& event, const Change& change,
                   const std::vector<Mailing>& mailings, bool include_declined,
                   std::chrono::sys_seconds now) {
  connection.run(
      "INSERT INTO fan_out (domain, event, sequence, key_change, resets_answers, include_declined,"
      " time, reached) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '')",
      event.domain, event.uid, change.sequence, change.key_change, resets_answers(change),
      include_declined, now);
  std::int64_t position = 0;
  for (const Mailing& mailing : mailings) {
    connection.run(
        "INSERT INTO fan_out_mailing (domain, event, position, method, occurrence, expires)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        event.domain, event.uid, ++position, mailing.method, occurrence_key(mailing.occurrence),
        mailing.expires);
  }
}

std::optional<ChangeCounts> reach_next(Connection& connection, std::string_view domain,
                                       std::string_view event) {
  const auto change = find_under_way(connection, domain, event);
  if (!change) return std::nullopt;
  return carry_on(connection, *change);
}

bool reach_next_of_any(Connection& connection, std::string_view domain) {
  const auto change = find_first(connection, domain);
  if (change) carry_on(connection, *change);
  return change.has_value();
}

void reach_ahead(Connection& connection, std::string_view domain, std::string_view event,
                 std::string_view address) {
  const auto change = find_under_way(connection, domain, event);
  if (!change || address <= change->reached) return;
  list_mailings(connection, read_mailings(connection, *change));
  const Part part{std::string(address), std::string(address)};
  FanOut(connection, *change, part).carry_out();
  connection.execute(working_tables);
}

ChangeCounts count_fan_out(Connection& connection, const EventHead& event, const Change& change,
                           const std::vector<Mailing>& mailings, bool include_declined) {
  UnderWay all{event.domain,
               event.uid,
               change.sequence,
               change.key_change,
               resets_answers(change),
               include_declined,
               {},
               {}};
  ChangeCounts counts;
  for (bool more = true; more;) {
    list_mailings(connection, mailings);
    const Part part = next_part(connection, all);
    const ChangeCounts some = FanOut(connection, all, part).count();
    counts += some;
    all.reached = part.last;
    more = part.more;
  }
  connection.execute(working_tables);
  return counts;
}

}  // namespace calinvite::sqlite

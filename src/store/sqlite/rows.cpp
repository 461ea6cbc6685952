#include "store/sqlite/rows.hpp"

#include <charconv>

#include "base/json.hpp"

namespace calinvite::sqlite {

std::string in_scope(const Scope& scope, const std::string& domain, const std::string& organizer) {
  // Over all domains the keys are still looked up domain by domain.
  const std::string domains =
      scope.domain_name().empty()
          ? "?1 = '' AND " + domain + " IN (SELECT d.domain FROM domain AS d)"
          : domain + " = ?1";
  // Whoever sees one organizer's rows goes along an index that begins with them.
  const std::string organizers =
      scope.organizer_address().empty() ? "?2 = ''" : organizer + " = ?2";
  return "(" + domains + " AND " + organizers + ")";
}

Result<void> require_domain(Connection& connection, const Scope& scope) {
  if (scope.domain_name().empty()) {
    return fail(Code::invalid_argument, "this call needs the scope of one domain",
                Place{{}, 0, 0, "scope"});
  }
  if (connection.query("SELECT 1 FROM domain WHERE domain = ?1", scope.domain_name()).step()) {
    return {};
  }
  return fail(Code::not_found, "no domain " + scope.domain_name());
}

std::string suppressed(const std::string& domain, const std::string& organizer,
                       const std::string& address) {
  const auto listed = [&](const std::string& of_domain, const std::string& of_organizer) {
    return "EXISTS (SELECT 1 FROM suppression AS s WHERE s.domain = " + of_domain +
           " AND s.organizer = " + of_organizer + " AND s.address = " + address + ")";
  };
  return "(" + listed(domain, organizer) + " OR " + listed(domain, "''") + " OR " +
         listed("''", "''") + " OR " + names_nobody(address) + ")";
}

std::string names_nobody(const std::string& address) {
  return "substr(" + address + ", -" + std::to_string(erased_host.size()) + ") = '" +
         std::string(erased_host) + "'";
}

bool is_suppressed(Connection& connection, std::string_view domain, std::string_view organizer,
                   std::string_view address) {
  // Rows of somebody erased name nobody: only where an address comes in or goes out may one be
  // asked for of which nothing is left but the hash.
  static const std::string sql = "SELECT 1 WHERE " + suppressed("?1", "?2", "?3");
  return connection.query(sql, domain, organizer, address).step() ||
         is_erased(connection, domain, address);
}

bool is_erased(Connection& connection, std::string_view domain, std::string_view address) {
  const auto hash = connection.erased_as(address);
  return hash && connection
                     .query(
                         "SELECT 1 WHERE EXISTS (SELECT 1 FROM suppression AS s WHERE"
                         "  s.domain = '' AND s.organizer = '' AND s.address = ?2)"
                         " OR EXISTS (SELECT 1 FROM suppression AS s WHERE"
                         "  s.domain = ?1 AND s.organizer = '' AND s.address = ?2)",
                         domain, *hash)
                     .step();
}

bool is_erased_anywhere(Connection& connection, std::string_view address) {
  return connection
      .query(
          "SELECT 1 FROM (SELECT d.domain FROM domain AS d UNION ALL SELECT '') AS p"
          " CROSS JOIN suppression AS s ON s.domain = p.domain AND s.organizer = ''"
          " AND s.address = erased_as(?1)",
          address)
      .step();
}

std::string told_since(const std::string& entry) {
  const auto same = [&](const std::string& column) {
    return "n." + column + " = " + entry + "." + column;
  };
  return " FROM outbox AS n WHERE " + same("domain") + " AND " + same("event") + " AND " +
         same("address") + " AND " + same("uid") + " AND n.entry > " + entry +
         ".entry AND n.occurrence IN (" + entry + ".occurrence, -9223372036854775808)" +
         " AND (n.state IN ('accepted', 'in_doubt')"
         " OR (n.state = 'claimed' AND n.attempt_id <> ''))";
}

Result<EventHead> get_event_head(Connection& connection, const Scope& scope, std::string_view uid) {
  auto found = connection.query(
      "SELECT e.domain, e.uid, e.organizer, e.sequence, e.key_sequence, e.invite_limit"
      " FROM event AS e WHERE e.uid = ?3 AND " +
          event_in_scope(scope),
      scope.domain_name(), scope.organizer_address(), uid);
  if (!found.step()) return fail(Code::not_found, "no event " + std::string(uid));
  EventHead head;
  found.read(head.domain, head.uid, head.organizer, head.sequence, head.key_sequence,
             head.invite_limit);
  return head;
}

// ---- events ----------------------------------------------------------------------------------

namespace {

std::int64_t seconds_of(std::chrono::local_seconds wall) { return wall.time_since_epoch().count(); }
std::chrono::local_seconds wall_of(const Json& seconds) {
  return std::chrono::local_seconds(std::chrono::seconds(seconds.integer()));
}

/// Absent also in what was written before changed dates had a link of their own.
std::optional<std::string> read_conference(const Json& link) {
  return link.is_string() ? std::optional(std::string(link.string())) : std::nullopt;
}

Json parse_column(std::string_view text) {
  auto json = Json::parse(text, text.size());
  return json ? *json : Json();
}

}  // namespace

std::int64_t insert_event(Connection& connection, const std::string& table, std::string_view domain,
                          const Event& event) {
  return connection.run(
      "INSERT INTO " + table +
          " (domain, uid, source_uid, organizer, source_organizer, summary,"
          " description, location, url, landing, language, start, \"end\", timezone, all_day, "
          "rrule,"
          " exdates, overrides, status, sequence, key_sequence, source_sequence, source_dtstamp,"
          " listed, invite_limit, created, changed, conference, reminder, transparent,"
          " wants_answers, counters_allowed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
          " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27,"
          " ?28, ?29, ?30, ?31, ?32)"
          " ON CONFLICT DO NOTHING",
      domain, event.uid, event.source_uid, event.organizer, event.source_organizer, event.summary,
      event.description, event.location, event.url, event.landing, event.language, event.start,
      event.end, event.timezone, event.all_day, event.rrule, write_exdates(event),
      write_overrides(event), event.status, event.sequence, event.key_sequence,
      event.source_sequence, event.source_dtstamp, event.listed, event.invite_limit, event.created,
      event.changed, event.conference, write_reminder(event), event.transparent,
      event.wants_answers, event.counters_allowed);
}

Event read_event(Query& query) {
  Event e;
  std::string exdates;
  std::string overrides;
  std::int64_t reminder = -1;
  query.read(e.uid, e.source_uid, e.organizer, e.source_organizer, e.summary, e.description,
             e.location, e.url, e.landing, e.language, e.start, e.end, e.timezone, e.all_day,
             e.rrule, exdates, overrides, e.status, e.sequence, e.key_sequence, e.source_sequence,
             e.source_dtstamp, e.listed, e.invite_limit, e.created, e.changed, e.conference,
             reminder, e.transparent, e.wants_answers, e.counters_allowed);
  if (reminder >= 0) e.reminder = std::chrono::minutes(reminder);
  read_dates(e, exdates, overrides);
  return e;
}

void read_dates(Event& event, std::string_view exdates, std::string_view overrides) {
  const Json dates = parse_column(exdates);
  for (const Json& date : dates.array()) event.exdates.push_back(wall_of(date));
  const Json changes = parse_column(overrides);
  for (const Json& change : changes.array()) {
    event.overrides.push_back(
        {OccurrenceId{wall_of(change["occurrence"])}, change["cancelled"].boolean(),
         wall_of(change["start"]), wall_of(change["end"]), std::string(change["summary"].string()),
         std::string(change["description"].string()), std::string(change["location"].string()),
         read_conference(change["conference"]),
         static_cast<std::int32_t>(change["source_sequence"].integer()),
         std::chrono::sys_seconds(std::chrono::seconds(change["source_dtstamp"].integer()))});
  }
}

std::int64_t write_reminder(const Event& event) {
  return event.reminder ? event.reminder->count() : -1;
}

std::string write_exdates(const Event& event) {
  Json::Array dates;
  for (const auto date : event.exdates) dates.emplace_back(seconds_of(date));
  return Json(std::move(dates)).write();
}

std::string write_overrides(const Event& event) {
  Json::Array changes;
  for (const Override& changed : event.overrides) {
    Json change;
    change.set("occurrence", seconds_of(changed.occurrence.original_start))
        .set("cancelled", changed.cancelled)
        .set("start", seconds_of(changed.start))
        .set("end", seconds_of(changed.end))
        .set("summary", changed.summary)
        .set("description", changed.description)
        .set("location", changed.location)
        .set("source_sequence", changed.source_sequence)
        .set("source_dtstamp", changed.source_dtstamp.time_since_epoch().count());
    if (changed.conference) change.set("conference", *changed.conference);
    changes.push_back(std::move(change));
  }
  return Json(std::move(changes)).write();
}

// ---- attendees and receipts ------------------------------------------------------------------

Attendee read_attendee(Query& query) {
  Attendee a;
  std::int64_t kinds = 0;
  query.read(a.event, a.address, a.name, a.language, a.origin, a.id, a.uid, a.partstat,
             a.answer_sequence, a.answer_dtstamp, a.channel, a.prodid, a.comment, a.proposal,
             a.held_sequence, a.uninvited, kinds);
  a.delivery = delivery_word_of(kinds);
  return a;
}

std::string_view delivery_word_of(std::int64_t kinds) {
  std::vector<ReceiptKind> present;
  for (int i = 0; i <= static_cast<int>(ReceiptKind::unsubscribed); ++i) {
    const auto kind = static_cast<ReceiptKind>(i);
    if ((kinds & kind_bit(kind)) != 0) present.push_back(kind);
  }
  return delivery_word(present);
}

namespace {

std::string insert_receipt_sql(const std::string& fact) {
  return "INSERT INTO receipt (domain, event, seq, address, kind, time, sequence, method,"
         " attempt_id, message_id, detail, channel, prodid, comment, proposal, fact)"
         " VALUES (?1, ?2, 1 + coalesce((SELECT max(r.seq) FROM receipt AS r WHERE r.domain = ?1"
         " AND r.event = ?2), 0), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, " +
         fact + ") ON CONFLICT (domain, event, fact) WHERE fact <> '' DO NOTHING";
}

}  // namespace

bool insert_receipt(Connection& connection, std::string_view domain, const Receipt& receipt,
                    std::string_view fact) {
  static const std::string sql = insert_receipt_sql("?15");
  // What comes late has the key under which it was kept when its person was erased.
  static const std::string of_erased = insert_receipt_sql("erased_fact(?15)");
  const auto appended =
      connection.run(receipt.address.ends_with(erased_host) ? of_erased : sql, domain,
                     receipt.event, receipt.address, receipt.kind, receipt.time, receipt.sequence,
                     receipt.method, receipt.attempt_id, receipt.message_id, receipt.detail,
                     receipt.channel, receipt.prodid, receipt.comment, receipt.proposal, fact);
  return appended > 0;
}

void mark_kinds(Connection& connection, std::string_view domain, std::string_view event,
                std::string_view address, std::int64_t kinds) {
  connection.run(
      "UPDATE attendee SET kinds = kinds | ?4"
      " WHERE domain = ?1 AND event = ?2 AND address = ?3 AND kinds & ?4 <> ?4",
      domain, event, address, kinds);
}

bool append_receipt(Connection& connection, std::string_view domain, const Receipt& receipt,
                    std::string_view fact) {
  if (!insert_receipt(connection, domain, receipt, fact)) return false;
  mark_kinds(connection, domain, receipt.event, receipt.address, kind_bit(receipt.kind));
  return true;
}

// ---- pages -----------------------------------------------------------------------------------

Result<std::size_t> rows_of(const Page& page) {
  if (page.limit > 0) return std::min<std::size_t>(page.limit, INT32_MAX) + 1;
  return fail(Code::invalid_argument, "a page of 0 rows; ask for 1 or more",
              Place{{}, 0, 0, "limit"});
}

Result<std::int64_t> number_of(const Page& page) {
  std::int64_t number = 0;
  const char* end = page.after.data() + page.after.size();
  if (page.after.empty() || std::from_chars(page.after.data(), end, number).ptr == end) {
    return number;
  }
  return fail(Code::invalid_argument, "not a cursor that a list gave", Place{{}, 0, 0, "after"});
}

}  // namespace calinvite::sqlite

#include <charconv>

#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// What a list of events is sorted by: a column that is ?8 in the row that it goes on behind, and
/// which index is walked along within a domain and within one organizer's events.
struct Order {
  std::string column;
  bool newest_first = false;
  std::string index, organizer_index;
};

Order order_of(EventSort sort) {
  switch (sort) {
    case EventSort::organizer:
      return {"e.organizer", false, "event_organizer", "event_organizer"};
    case EventSort::created:
      return {"e.created", true, "event_created", "event_organizer_created"};
    case EventSort::changed:
      return {"e.changed", true, "event_changed", "event_organizer_changed"};
    default:
      return {"e.start", false, "event_start", "event_organizer_start"};
  }
}

/// Where a list of events goes on: behind this key, domain and uid.
struct EventCursor {
  std::string key;  ///< a number, but of organizers
  std::string domain;
  std::string uid;
};

std::string write_cursor(const EventCursor& cursor) {
  return cursor.key + ' ' + cursor.uid + ' ' + cursor.domain;
}

Result<EventCursor> read_cursor(const EventFilter& filter, const std::string& text) {
  if (text.empty()) return EventCursor{};
  const auto first = text.find(' ');
  const auto second = text.find(' ', first + 1);
  std::int64_t number = 0;
  const char* end = text.data() + std::min(first, text.size());
  if (second == std::string::npos || first == std::string::npos ||
      (filter.sort != EventSort::organizer &&
       std::from_chars(text.data(), end, number).ptr != end)) {
    return fail(Code::invalid_argument, "not a cursor that a list gave", Place{{}, 0, 0, "after"});
  }
  return EventCursor{text.substr(0, first), text.substr(second + 1),
                     text.substr(first + 1, second - first - 1)};
}

std::string key_of(const Event& event, EventSort sort) {
  switch (sort) {
    case EventSort::organizer:
      return event.organizer;
    case EventSort::created:
      return std::to_string(event.created.time_since_epoch().count());
    case EventSort::changed:
      return std::to_string(event.changed.time_since_epoch().count());
    default:
      return std::to_string(event.start.time_since_epoch().count());
  }
}

/// How a list is sorted and goes on.
struct Walk {
  std::string source;  ///< behind FROM
  std::string order;
  std::string behind;
};

Walk walk_of(const Scope& scope, const EventFilter& filter) {
  const Order order = order_of(filter.sort);
  const bool one_domain = !scope.domain_name().empty();
  const bool one_organizer = !scope.organizer_address().empty() || !filter.organizer.empty();
  Walk walk{"event AS e", {}, {}};
  // SQLite would rather walk through the domain's events where their key gives the order. What a
  // search finds, or changed of late, is looked up instead.
  if (one_domain && filter.search.empty() && !filter.changed_within) {
    walk.source += " INDEXED BY " + (one_organizer ? order.organizer_index : order.index);
  }
  if (one_domain && one_organizer && filter.sort == EventSort::organizer) {
    walk.order = "e.uid";
    walk.behind = "e.uid > ?10 AND ?8 <> '' AND ?9 <> ''";
    return walk;
  }
  const std::string down = order.newest_first ? " DESC" : "";
  const std::string number = filter.sort == EventSort::organizer ? "?8" : "CAST(?8 AS INTEGER)";
  walk.order = order.column + down + ", e.domain" + down + ", e.uid" + down;
  walk.behind = "(" + order.column + ", e.domain, e.uid) " + (order.newest_first ? "<" : ">") +
                " (" + number + ", ?9, ?10)";
  return walk;
}

std::string list_sql(const Scope& scope, const EventFilter& filter, bool goes_on) {
  const Walk walk = walk_of(scope, filter);
  return "SELECT e.domain, " + event_columns +
         ", (SELECT coalesce(sum(c.number), 0) FROM event_count AS c WHERE c.domain = e.domain"
         " AND c.event = e.uid AND c.subject = 'rsvp') FROM " +
         walk.source + " WHERE " + event_in_scope(scope) +
         " AND (?3 = 'all' OR (?3 = 'past') = (e.over IS NOT NULL AND e.over <= ?4))" +
         // '+' where it selects nothing: SQLite would walk along it, and sort all.
         (filter.changed_within ? " AND e.changed >= ?5" : " AND +e.changed >= ?5") +
         (filter.organizer.empty() ? " AND ?6 = ''" : " AND e.organizer = ?6") + " AND " +
         (filter.search.empty()
              ? "?7 = ''"
              : "(e.domain, e.uid) IN (SELECT n.domain, n.uid FROM event_search AS s"
                " JOIN event_number AS n ON n.number = s.rowid WHERE event_search MATCH ?7)") +
         " AND " + (goes_on ? walk.behind : "?8 = ?9 AND ?9 = ?10") + " ORDER BY " + walk.order +
         " LIMIT ?11";
}

Event read_stored(Connection& connection, const EventHead& head) {
  auto found = connection.query(
      "SELECT " + event_columns + " FROM event AS e WHERE e.domain = ?1 AND e.uid = ?2",
      head.domain, head.uid);
  found.step();
  return read_event(found);
}

/// The changed dates as they are stored, but with the revisions that `event` gives their sources,
/// and its link where none was known.
std::vector<Override> saved_overrides(Event stored, const Event& event) {
  auto known = stored.overrides.begin();
  for (const Override& changed : event.overrides) {
    while (known != stored.overrides.end() && known->occurrence < changed.occurrence) ++known;
    if (known == stored.overrides.end()) break;
    if (known->occurrence != changed.occurrence) continue;
    known->source_sequence = changed.source_sequence;
    known->source_dtstamp = changed.source_dtstamp;
    if (!known->conference) known->conference = changed.conference;
  }
  return std::move(stored.overrides);
}

/// Whether invites say the same of both, which differ in nothing but what save_event stores.
bool says_the_same(const Event& a, const Event& b) {
  const auto same_link = [](const Override& one, const Override& other) {
    return one.conference == other.conference;
  };
  return a.language == b.language && a.conference == b.conference && a.reminder == b.reminder &&
         a.transparent == b.transparent && a.counters_allowed == b.counters_allowed &&
         std::equal(a.overrides.begin(), a.overrides.end(), b.overrides.begin(), b.overrides.end(),
                    same_link);
}

std::string_view word_of(EventFilter::When when) {
  switch (when) {
    case EventFilter::When::future:
      return "future";
    case EventFilter::When::past:
      return "past";
    default:
      return "all";
  }
}

}  // namespace

Result<std::optional<Event>> SqliteStore::find_event(const Scope& scope, std::string_view uid) {
  return connection_->read([&]() -> Result<std::optional<Event>> {
    auto found =
        connection_->query("SELECT " + event_columns + " FROM event AS e WHERE e.uid = ?3 AND " +
                               event_in_scope(scope),
                           scope.domain_name(), scope.organizer_address(), uid);
    if (!found.step()) return std::optional<Event>();
    return std::optional(read_event(found));
  });
}

Result<std::optional<Event>> SqliteStore::find_revision(const Scope& scope, std::string_view uid,
                                                        std::int32_t sequence) {
  return connection_->read([&]() -> Result<std::optional<Event>> {
    auto found = connection_->query(
        "SELECT " + event_columns +
            " FROM revision AS e WHERE e.uid = ?3 AND e.sequence = ?4 AND " + event_in_scope(scope),
        scope.domain_name(), scope.organizer_address(), uid, sequence);
    if (!found.step()) return std::optional<Event>();
    return std::optional(read_event(found));
  });
}

Result<std::optional<Event>> SqliteStore::find_event_by_source(const Scope& scope,
                                                               std::string_view organizer,
                                                               std::string_view source_uid) {
  return connection_->read([&]() -> Result<std::optional<Event>> {
    auto found =
        connection_->query("SELECT " + event_columns +
                               " FROM event AS e WHERE e.organizer = ?3 AND e.source_uid = ?4"
                               " AND e.source_uid <> '' AND " +
                               event_in_scope(scope),
                           scope.domain_name(), scope.organizer_address(), organizer, source_uid);
    if (!found.step()) return std::optional<Event>();
    return std::optional(read_event(found));
  });
}

Result<std::vector<std::string>> SqliteStore::list_source_owners(const Scope& scope,
                                                                 std::string_view source_uid) {
  return connection_->read([&]() -> Result<std::vector<std::string>> {
    // By way of the organizers, so that the index event_source serves.
    auto rows = connection_->query(
        "SELECT e.organizer FROM organizer AS o JOIN event AS e ON e.domain = o.domain"
        " AND e.organizer = o.address AND e.source_uid = ?3 AND e.source_uid <> '' WHERE " +
            in_scope(scope, "o.domain", "o.address") + " ORDER BY e.organizer",
        scope.domain_name(), scope.organizer_address(), source_uid);
    std::vector<std::string> owners;
    while (rows.step()) rows.read(owners.emplace_back());
    return owners;
  });
}

Result<void> SqliteStore::keep_cancel(const Scope& scope, const EarlyCancel& cancel,
                                      std::chrono::sys_seconds since) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_domain(*connection_, scope); !there) return there;
    if (!scope.covers(cancel.organizer)) {
      return fail(Code::not_found, cancel.organizer + " is outside this scope");
    }
    connection_->run("DELETE FROM early_cancel WHERE domain = ?1 AND time < ?2",
                     scope.domain_name(), since);
    connection_->run(
        "INSERT INTO early_cancel (domain, organizer, source_uid, sequence, dtstamp, time)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE"
        " SET sequence = excluded.sequence, dtstamp = excluded.dtstamp, time = excluded.time"
        " WHERE (excluded.sequence, excluded.dtstamp) >= (sequence, dtstamp)",
        scope.domain_name(), cancel.organizer, cancel.source_uid, cancel.sequence, cancel.dtstamp,
        cancel.time);
    return {};
  });
}

Result<std::optional<EarlyCancel>> SqliteStore::find_cancel(const Scope& scope,
                                                            std::string_view organizer,
                                                            std::string_view source_uid,
                                                            std::chrono::sys_seconds since) {
  return connection_->read([&]() -> Result<std::optional<EarlyCancel>> {
    auto found = connection_->query(
        "SELECT c.organizer, c.source_uid, c.sequence, c.dtstamp, c.time FROM early_cancel AS c"
        " WHERE c.organizer = ?3 AND c.source_uid = ?4 AND c.time >= ?5 AND " +
            in_scope(scope, "c.domain", "c.organizer"),
        scope.domain_name(), scope.organizer_address(), organizer, source_uid, since);
    if (!found.step()) return std::optional<EarlyCancel>();
    EarlyCancel cancel;
    found.read(cancel.organizer, cancel.source_uid, cancel.sequence, cancel.dtstamp, cancel.time);
    return std::optional(cancel);
  });
}

Result<Paged<EventSummary>> SqliteStore::list_events(const Scope& scope, const EventFilter& filter,
                                                     const Page& page) {
  return connection_->read([&]() -> Result<Paged<EventSummary>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = read_cursor(filter, page.after);
    if (!after) return tl::unexpected<Error>(after.error());
    const std::string match =
        filter.search.empty() ? std::string() : match_events(*connection_, scope, filter.search);
    if (match.empty() && !filter.search.empty()) return Paged<EventSummary>();
    const auto changed = filter.changed_within ? filter.now - *filter.changed_within
                                               : std::chrono::sys_seconds::min();
    auto rows =
        connection_->query(list_sql(scope, filter, !page.after.empty()), scope.domain_name(),
                           scope.organizer_address(), word_of(filter.when), filter.now, changed,
                           filter.organizer, match, after->key, after->domain, after->uid, *limit);
    std::vector<EventSummary> events;
    std::vector<std::string> domains;
    while (rows.step()) {
      rows.read(domains.emplace_back());
      EventSummary& summary = events.emplace_back();
      summary.event = read_event(rows);
      rows.read(summary.attendees);
    }
    return paged(std::move(events), page, [&](const EventSummary& last) {
      return write_cursor(
          {key_of(last.event, filter.sort), domains[page.limit - 1], last.event.uid});
    });
  });
}

Result<void> SqliteStore::add_event(const Scope& scope, const Event& event) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_domain(*connection_, scope); !there) return there;
    const auto owner = connection_
                           ->query("SELECT 1 FROM organizer AS o WHERE o.address = ?3 AND " +
                                       in_scope(scope, "o.domain", "o.address"),
                                   scope.domain_name(), scope.organizer_address(), event.organizer)
                           .step();
    if (!owner) return fail(Code::not_found, "no organizer " + event.organizer);
    const auto added = insert_event(*connection_, "event", scope.domain_name(), event);
    if (added == 1) return {};
    return fail(Code::conflict, "an event with uid " + event.uid + " or source uid " +
                                    event.source_uid + " of " + event.organizer + " is there");
  });
}

Result<std::uint64_t> SqliteStore::count_live_events(const Scope& scope, std::string_view organizer,
                                                     std::chrono::sys_seconds now) {
  return connection_->read([&]() -> Result<std::uint64_t> {
    auto counted = connection_->query(
        "SELECT count(*) FROM event AS e INDEXED BY event_organizer_start WHERE e.organizer = ?3"
        " AND e.status <> 'cancelled' AND (e.over IS NULL OR e.over > ?4) AND " +
            event_in_scope(scope),
        scope.domain_name(), scope.organizer_address(), organizer, now);
    std::uint64_t count = 0;
    if (counted.step()) counted.read(count);
    return count;
  });
}

Result<void> SqliteStore::save_event(const Scope& scope, const Event& event) {
  return connection_->write([&]() -> Result<void> {
    const auto head = get_event_head(*connection_, scope, event.uid);
    if (!head) return tl::unexpected<Error>(head.error());
    const Event stored = read_stored(*connection_, *head);
    Event saved = event;
    saved.overrides = saved_overrides(stored, event);
    connection_->run(
        "UPDATE event SET landing = ?3, language = ?4, source_sequence = ?5, source_dtstamp = ?6,"
        " listed = ?7, invite_limit = ?8, overrides = ?9, conference = ?10, reminder = ?11,"
        " transparent = ?12, counters_allowed = ?13 WHERE domain = ?1 AND uid = ?2",
        head->domain, head->uid, saved.landing, saved.language, saved.source_sequence,
        saved.source_dtstamp, saved.listed, saved.invite_limit, write_overrides(saved),
        saved.conference, write_reminder(saved), saved.transparent, saved.counters_allowed);
    if (says_the_same(stored, saved)) return {};
    // Stamps count seconds, and run ahead of a clock that was set back.
    connection_->run(
        "UPDATE event SET changed = max(?3, 1 + coalesce((SELECT max(o.dtstamp) FROM outbox AS o"
        " WHERE o.domain = ?1 AND o.event = ?2 AND o.state IN ('claimed', 'in_doubt')), 0))"
        " WHERE domain = ?1 AND uid = ?2",
        head->domain, head->uid, event.changed);
    return {};
  });
}

}  // namespace calinvite::sqlite

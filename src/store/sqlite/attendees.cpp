#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Attendees `a` of events `e` in scope. CROSS: looked up among the attendees first, whatever else
/// SQLite expects of a domain with few events.
std::string attendees_in(const Scope& scope) {
  return "SELECT " + attendee_columns +
         " FROM attendee AS a CROSS JOIN event AS e ON e.domain = a.domain AND e.uid = a.event"
         " WHERE " +
         in_scope(scope, "a.domain", "e.organizer");
}

/// A copy that was withdrawn before its attendee was invited anew: its UID is dead, its answers
/// are gone, but whose it was is known.
std::string past_copies_in(const Scope& scope) {
  return "SELECT a.event, a.address, a.name, a.language, a.origin, p.id, p.uid, 'NEEDS-ACTION', -1,"
         " 0, '', '', '', '', p.held_sequence, 1, a.kinds FROM past_copy AS p JOIN attendee AS a"
         " ON a.domain = p.domain AND a.event = p.event AND a.address = p.address"
         " JOIN event AS e ON e.domain = p.domain AND e.uid = p.event WHERE " +
         in_scope(scope, "p.domain", "e.organizer");
}

/// By a condition on the copy in force, else on past ones.
template <class Key>
std::optional<Attendee> find_copy(Connection& connection, const Scope& scope,
                                  const std::string& column, const Key& key) {
  for (const std::string& sql : {attendees_in(scope) + " AND a." + column + " = ?3",
                                 past_copies_in(scope) + " AND p." + column + " = ?3"}) {
    auto found = connection.query(sql, scope.domain_name(), scope.organizer_address(), key);
    if (found.step()) return read_attendee(found);
  }
  return std::nullopt;
}

/// With ?5 to ?8: status, origin, delivery, and the event's sequence.
std::string condition_of(const AttendeeFilter& filter) {
  std::string condition =
      " AND (?5 = '' OR status_word(a.partstat) = ?5)"
      " AND ?6 IN ('', a.origin)"
      " AND (?7 = '' OR delivery_word(a.kinds) = ?7)";
  condition += filter.outdated ? " AND a.uninvited = 0 AND a.held_sequence BETWEEN 0 AND ?8 - 1"
                               : " AND ?8 >= 0";
  return condition;
}

Button read_button(Query& query) {
  Button button;
  query.read(button.id, button.event, button.origin, button.landing);
  return button;
}

}  // namespace

Result<std::optional<Attendee>> SqliteStore::find_attendee(const Scope& scope,
                                                           std::string_view event,
                                                           std::string_view address) {
  return connection_->read([&]() -> Result<std::optional<Attendee>> {
    auto found = connection_->query(attendees_in(scope) + " AND a.event = ?3 AND a.address = ?4",
                                    scope.domain_name(), scope.organizer_address(), event, address);
    if (!found.step()) return std::optional<Attendee>();
    return std::optional(read_attendee(found));
  });
}

Result<std::optional<Attendee>> SqliteStore::find_attendee_by_uid(const Scope& scope,
                                                                  std::string_view uid) {
  return connection_->read([&]() -> Result<std::optional<Attendee>> {
    return find_copy(*connection_, scope, "uid", uid);
  });
}

Result<std::optional<Attendee>> SqliteStore::find_attendee_by_id(const Scope& scope,
                                                                 const RowId& id) {
  return connection_->read([&]() -> Result<std::optional<Attendee>> {
    return find_copy(*connection_, scope, "id", id);
  });
}

Result<std::optional<Attendee>> SqliteStore::find_attendee_by_message(const Scope& scope,
                                                                      std::string_view id) {
  return connection_->read([&]() -> Result<std::optional<Attendee>> {
    for (const std::string column : {"o.message_id", "o.attempt_id"}) {
      auto found = connection_->query(
          "SELECT " + attendee_columns +
              " FROM outbox AS o CROSS JOIN attendee AS a ON a.domain = o.domain"
              " AND a.event = o.event AND a.address = o.address"
              " JOIN event AS e ON e.domain = o.domain AND e.uid = o.event WHERE " +
              in_scope(scope, "o.domain", "e.organizer") + " AND " + column + " = ?3 AND " +
              column + " <> ''",
          scope.domain_name(), scope.organizer_address(), id);
      if (found.step()) return std::optional(read_attendee(found));
    }
    return std::optional<Attendee>();
  });
}

Result<Paged<Attendee>> SqliteStore::list_attendees(const Scope& scope, std::string_view event,
                                                    const AttendeeFilter& filter,
                                                    const Page& page) {
  return connection_->read([&]() -> Result<Paged<Attendee>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    auto rows = connection_->query("SELECT " + attendee_columns +
                                       " FROM attendee AS a WHERE a.domain = ?1 AND a.event = ?2"
                                       " AND a.address > ?3" +
                                       condition_of(filter) + " ORDER BY a.address LIMIT ?4",
                                   head->domain, head->uid, page.after, *limit, filter.status,
                                   filter.origin, filter.delivery, head->sequence);
    std::vector<Attendee> attendees;
    while (rows.step()) attendees.push_back(read_attendee(rows));
    return paged(std::move(attendees), page, [](const Attendee& last) { return last.address; });
  });
}

Result<std::optional<Store::Correspondent>> SqliteStore::find_correspondent(
    const Scope& scope, std::string_view token) {
  return connection_->read([&]() -> Result<std::optional<Correspondent>> {
    auto found = connection_->query(
        "SELECT c.organizer, c.address FROM correspondent AS c WHERE c.token = ?3 AND " +
            in_scope(scope, "c.domain", "c.organizer"),
        scope.domain_name(), scope.organizer_address(), token);
    if (!found.step()) return std::optional<Correspondent>();
    Correspondent correspondent;
    found.read(correspondent.organizer, correspondent.address);
    return std::optional(std::move(correspondent));
  });
}

Result<std::vector<Attendee>> SqliteStore::list_live_copies(const Scope& scope,
                                                            std::string_view organizer,
                                                            std::string_view address) {
  return connection_->read([&]() -> Result<std::vector<Attendee>> {
    auto rows =
        connection_->query(attendees_in(scope) +
                               " AND ?3 IN ('', e.organizer) AND a.address = ?4 AND a.uninvited = 0"
                               " AND e.status <> 'cancelled' ORDER BY e.start, e.uid",
                           scope.domain_name(), scope.organizer_address(), organizer, address);
    std::vector<Attendee> copies;
    while (rows.step()) copies.push_back(read_attendee(rows));
    return copies;
  });
}

Result<Button> SqliteStore::get_button(const Scope& scope, const Button& wanted) {
  return connection_->write([&]() -> Result<Button> {
    const auto head = get_event_head(*connection_, scope, wanted.event);
    if (!head) return tl::unexpected<Error>(head.error());
    connection_->run(
        "INSERT INTO button (domain, id, event, origin, landing) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (domain, event, origin, landing) DO NOTHING",
        head->domain, wanted.id, head->uid, wanted.origin, wanted.landing);
    auto there = connection_->query(
        "SELECT id, event, origin, landing FROM button"
        " WHERE domain = ?1 AND event = ?2 AND origin = ?3 AND landing = ?4",
        head->domain, head->uid, wanted.origin, wanted.landing);
    if (!there.step()) return fail(Code::internal, "a button was stored and is not there");
    return read_button(there);
  });
}

Result<std::optional<Button>> SqliteStore::find_button(const Scope& scope, const RowId& id) {
  return connection_->read([&]() -> Result<std::optional<Button>> {
    auto found = connection_->query(
        "SELECT b.id, b.event, b.origin, b.landing FROM button AS b JOIN event AS e"
        " ON e.domain = b.domain AND e.uid = b.event WHERE b.id = ?3 AND " +
            in_scope(scope, "b.domain", "e.organizer"),
        scope.domain_name(), scope.organizer_address(), id);
    if (!found.step()) return std::optional<Button>();
    return std::optional(read_button(found));
  });
}

}  // namespace calinvite::sqlite

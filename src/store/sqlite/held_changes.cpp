// Changes of events that wait for a go-ahead.
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Of held changes `e`, which have an event's columns, those in scope.
std::string select_from(const Scope& scope, std::string_view condition) {
  return "SELECT e.id, e.time, " + event_columns + " FROM held_change AS e WHERE " +
         event_in_scope(scope) + std::string(condition);
}

HeldChange read_change(Query& query) {
  HeldChange change;
  query.read(change.id, change.time);
  change.event = read_event(query);
  return change;
}

template <class Key>
Result<std::optional<HeldChange>> find_one(Connection& connection, const Scope& scope,
                                           std::string_view condition, const Key& key) {
  return connection.read([&]() -> Result<std::optional<HeldChange>> {
    auto found = connection.query(select_from(scope, condition), scope.domain_name(),
                                  scope.organizer_address(), key);
    if (!found.step()) return std::optional<HeldChange>();
    return std::optional(read_change(found));
  });
}

}  // namespace

Result<void> SqliteStore::hold_change(const Scope& scope, const HeldChange& change) {
  return connection_->write([&]() -> Result<void> {
    const auto head = get_event_head(*connection_, scope, change.event.uid);
    if (!head) return tl::unexpected<Error>(head.error());
    Event event = change.event;
    event.organizer = head->organizer;
    connection_->run("DELETE FROM held_change WHERE domain = ?1 AND uid = ?2", head->domain,
                     head->uid);
    insert_event(*connection_, "held_change", head->domain, event);
    connection_->run("UPDATE held_change SET id = ?3, time = ?4 WHERE domain = ?1 AND uid = ?2",
                     head->domain, head->uid, change.id, change.time);
    return {};
  });
}

Result<std::optional<HeldChange>> SqliteStore::find_held_change(const Scope& scope,
                                                                std::string_view event) {
  return find_one(*connection_, scope, " AND e.uid = ?3", event);
}

Result<std::optional<HeldChange>> SqliteStore::find_held_change_by_id(const Scope& scope,
                                                                      const RowId& id) {
  return find_one(*connection_, scope, " AND e.id = ?3", id);
}

Result<Paged<HeldChange>> SqliteStore::list_held_changes(const Scope& scope, const Page& page) {
  return connection_->read([&]() -> Result<Paged<HeldChange>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    auto rows =
        connection_->query(select_from(scope, " AND e.uid > ?3 ORDER BY e.uid LIMIT ?4"),
                           scope.domain_name(), scope.organizer_address(), page.after, *limit);
    std::vector<HeldChange> changes;
    while (rows.step()) changes.push_back(read_change(rows));
    return paged(std::move(changes), page, [](const HeldChange& last) { return last.event.uid; });
  });
}

Result<bool> SqliteStore::drop_held_change(const Scope& scope, std::string_view event) {
  return connection_->write([&]() -> Result<bool> {
    return connection_->run(
               "DELETE FROM held_change AS e WHERE e.uid = ?3 AND " + event_in_scope(scope),
               scope.domain_name(), scope.organizer_address(), event) > 0;
  });
}

}  // namespace calinvite::sqlite

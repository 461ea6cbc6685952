#include "store/sqlite/entries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

std::string notices_in(const Scope& scope) { return in_scope(scope, "n.domain", "n.address"); }

/// An outbox row of its own, with what tells it from an invite: no event.
std::int64_t enqueue(Connection& connection, std::string_view domain, std::string_view address,
                     std::chrono::sys_seconds now) {
  // `copy` keeps the rows of one address apart; a notice has no revisions.
  auto added = connection.query(
      "INSERT INTO outbox (domain, event, address, method, occurrence, sequence, copy, uid,"
      " not_before, changed) SELECT ?1, '', ?2, 'PUBLISH', ?3, 0, next, 'notice-' || next, ?4, ?4"
      " FROM (SELECT coalesce(max(entry), 0) + 1 AS next FROM outbox) RETURNING entry",
      domain, address, whole_series, now);
  std::int64_t entry = 0;
  if (added.step()) added.read(entry);
  return entry;
}

}  // namespace

std::optional<Notice> find_notice(Connection& connection, std::int64_t entry) {
  auto found = connection.query(
      "SELECT kind, address, event, language, subject, text, html, csv, in_reply_to, time FROM "
      "notice"
      " WHERE entry = ?1",
      entry);
  if (!found.step()) return std::nullopt;
  Notice n;
  found.read(n.kind, n.address, n.event, n.language, n.subject, n.text, n.html, n.csv,
             n.in_reply_to, n.time);
  return n;
}

Result<bool> SqliteStore::add_notice(const Scope& scope, const Notice& notice,
                                     std::size_t most_a_day, std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<bool> {
    if (auto there = require_domain(*connection_, scope); !there) {
      return tl::unexpected<Error>(there.error());
    }
    if (!scope.covers(notice.address)) {
      return fail(Code::not_found, notice.address + " is outside this scope");
    }
    std::size_t today = 0;
    auto count = connection_->query(
        "SELECT count(*) FROM notice WHERE domain = ?1 AND address = ?2 AND time > ?3",
        scope.domain_name(), notice.address, now - std::chrono::days(1));
    if (count.step()) count.read(today);
    auto told = connection_->query(
        "SELECT 1 FROM notice WHERE domain = ?1 AND address = ?2 AND kind = ?3 AND cause = ?4",
        scope.domain_name(), notice.address, notice.kind, notice.cause);
    if (today >= most_a_day || told.step()) return false;
    const auto entry = enqueue(*connection_, scope.domain_name(), notice.address, now);
    connection_->run(
        "INSERT INTO notice (entry, domain, address, kind, cause, event, language, subject, text,"
        " html, csv, in_reply_to, time)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        entry, scope.domain_name(), notice.address, notice.kind, notice.cause, notice.event,
        notice.language, notice.subject, notice.text, notice.html, notice.csv, notice.in_reply_to,
        now);
    return true;
  });
}

Result<Paged<Notice>> SqliteStore::list_notices(const Scope& scope, const Page& page) {
  return connection_->read([&]() -> Result<Paged<Notice>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = number_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    auto rows = connection_->query(
        "SELECT n.entry, n.kind, n.address, n.event, n.language, n.subject, n.in_reply_to, n.time,"
        " o.state, o.reason FROM notice AS n JOIN outbox AS o ON o.entry = n.entry WHERE " +
            notices_in(scope) + " AND n.entry > ?3 ORDER BY n.entry LIMIT ?4",
        scope.domain_name(), scope.organizer_address(), *after, *limit);
    std::vector<Notice> notices;
    std::vector<std::int64_t> numbers;
    while (rows.step()) {
      Notice& n = notices.emplace_back();
      rows.read(numbers.emplace_back(), n.kind, n.address, n.event, n.language, n.subject,
                n.in_reply_to, n.time, n.state, n.reason);
    }
    return paged(std::move(notices), page,
                 [&](const Notice&) { return std::to_string(numbers[page.limit - 1]); });
  });
}

Result<OutboxTotals> SqliteStore::notice_totals(const Scope& scope) {
  return connection_->read([&]() -> Result<OutboxTotals> {
    auto rows = connection_->query(
        "SELECT o.state, count(*) FROM notice AS n JOIN outbox AS o ON o.entry = n.entry WHERE " +
            notices_in(scope) + " GROUP BY o.state",
        scope.domain_name(), scope.organizer_address());
    OutboxTotals totals;
    while (rows.step()) {
      OutboxState state{};
      std::uint64_t number = 0;
      rows.read(state, number);
      count_of(totals, state) += number;
      totals.planned += number;
    }
    return totals;
  });
}

Result<void> SqliteStore::set_template(const Scope& scope, std::string_view name,
                                       std::string_view contents) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_domain(*connection_, scope); !there) return there;
    if (!scope.organizer_address().empty()) {
      return fail(Code::not_found, "an organizer has no templates; they are the domain's");
    }
    connection_->run("DELETE FROM template WHERE domain = ?1 AND name = ?2", scope.domain_name(),
                     name);
    if (contents.empty()) return {};
    connection_->run("INSERT INTO template (domain, name, contents) VALUES (?1, ?2, ?3)",
                     scope.domain_name(), name, contents);
    return {};
  });
}

Result<std::map<std::string, std::string>> SqliteStore::list_templates(const Scope& scope) {
  return connection_->read([&]() -> Result<std::map<std::string, std::string>> {
    std::map<std::string, std::string> templates;
    auto rows = connection_->query("SELECT name, contents FROM template WHERE domain = ?1",
                                   scope.domain_name());
    while (rows.step()) {
      std::string name;
      std::string contents;
      rows.read(name, contents);
      templates[std::move(name)] = std::move(contents);
    }
    return templates;
  });
}

}  // namespace calinvite::sqlite

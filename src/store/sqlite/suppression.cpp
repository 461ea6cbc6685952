// Who must not be mailed, and what people agreed to. A scope is who asks; how far a row reaches
// stands in the row.
#include "calinvite/suppression.hpp"

#include "base/text.hpp"
#include "store/sqlite/entries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Rows `s` in scope, whose parts are ?1 and ?2; those of everything are the operator's alone.
std::string rows_in(const Scope& scope) {
  const std::string domains = scope.domain_name().empty() ? "?1 = ''" : "s.domain = ?1";
  return "(" + domains + " AND ?2 IN ('', s.organizer))";
}

/// How far a row reaches.
struct Reach {
  std::string domain;
  std::string organizer;
};

/// What a row says of it, as far as the scope goes.
/// @error not_found  no such domain or organizer in scope
Result<Reach> reach_of(Connection& connection, const Scope& scope, std::string_view domain,
                       std::string_view organizer) {
  Reach reach{std::string(domain.empty() ? scope.domain_name() : domain),
              std::string(organizer.empty() ? scope.organizer_address() : organizer)};
  const bool outside = !scope.domain_name().empty() && reach.domain != scope.domain_name();
  if (outside || !scope.covers(reach.organizer)) {
    return fail(Code::not_found, "that suppression is outside this scope");
  }
  if (reach.domain.empty() && reach.organizer.empty()) return reach;
  if (reach.domain.empty()) {
    return fail(Code::invalid_argument, "an organizer is one of a domain; name that, too",
                Place{{}, 0, 0, "domain"});
  }
  if (auto there = require_domain(connection, Scope::domain(reach.domain)); !there) {
    return tl::unexpected<Error>(there.error());
  }
  if (!reach.organizer.empty() &&
      !connection
           .query("SELECT 1 FROM organizer WHERE domain = ?1 AND address = ?2", reach.domain,
                  reach.organizer)
           .step()) {
    return fail(Code::not_found, "no organizer " + reach.organizer);
  }
  return reach;
}

/// What takes the place of what.
int weight_of(std::string_view reason) {
  if (reason == suppression_reason::erased) return 3;
  if (reason == suppression_reason::complained) return 2;
  return reason == suppression_reason::bounced ? 1 : 0;
}

/// When a person said that they want no mail from there, whatever other reason the row gives.
std::optional<std::chrono::sys_seconds> find_withdrawal(Connection& connection, const Reach& reach,
                                                        std::string_view address) {
  auto found = connection.query(
      "SELECT withdrawn FROM consent WHERE domain = ?1 AND address = ?2 AND organizer = ?3",
      reach.domain, address, reach.organizer);
  std::optional<std::chrono::sys_seconds> withdrawn;
  if (found.step()) found.read(withdrawn);
  return withdrawn;
}

std::optional<Suppression> find_row(Connection& connection, const Reach& reach,
                                    std::string_view address) {
  auto found = connection.query(
      "SELECT address, reason, time FROM suppression WHERE domain = ?1 AND organizer = ?2"
      " AND address IN (?3, erased_as(?3))",
      reach.domain, reach.organizer, address);
  if (!found.step()) return std::nullopt;
  Suppression row{reach.domain, reach.organizer, {}, {}, {}};
  found.read(row.address, row.reason, row.time);
  return row;
}

/// Names cannot hold a line feed, which is what makes this a cursor.
std::string cursor_of(std::string_view one, std::string_view two, std::string_view three) {
  std::string cursor(one);
  return ((cursor += '\n') += two) += '\n' + std::string(three);
}

/// @error invalid_argument  not one of ours
Result<std::vector<std::string_view>> parts_of(const Page& page) {
  auto parts = text::split(page.after, '\n');
  if (page.after.empty()) parts.resize(3);
  if (parts.size() == 3) return parts;
  return fail(Code::invalid_argument, "not a cursor that a list gave", Place{{}, 0, 0, "after"});
}

}  // namespace

bool put_suppression(Connection& connection, const Suppression& row) {
  const auto known = find_row(connection, {row.domain, row.organizer}, row.address);
  if (known && weight_of(known->reason) >= weight_of(row.reason)) return false;
  connection.run(
      "INSERT INTO suppression (domain, organizer, address, reason, time)"
      " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE"
      " SET reason = excluded.reason, time = excluded.time",
      row.domain, row.organizer, row.address, row.reason, row.time);
  return true;
}

Result<bool> SqliteStore::add_suppression(const Scope& scope, const Suppression& row) {
  return connection_->write([&]() -> Result<bool> {
    const auto reach = reach_of(*connection_, scope, row.domain, row.organizer);
    if (!reach) return tl::unexpected<Error>(reach.error());
    // Kept in clear beside the hash, the address would be known again.
    if (is_erased(*connection_, reach->domain, row.address)) return false;
    return put_suppression(*connection_,
                           {reach->domain, reach->organizer, row.address, row.reason, row.time});
  });
}

Result<void> SqliteStore::remove_suppression(const Scope& scope, const Suppression& row) {
  return connection_->write([&]() -> Result<void> {
    const auto reach = reach_of(*connection_, scope, row.domain, row.organizer);
    if (!reach) return tl::unexpected<Error>(reach.error());
    const auto known = find_row(*connection_, *reach, row.address);
    if (!known) return fail(Code::not_found, row.address + " is not suppressed there");
    const auto withdrawn = find_withdrawal(*connection_, *reach, row.address);
    if (!scope.organizer_address().empty() && (withdrawn || is_binding(known->reason))) {
      const std::string reason(withdrawn ? suppression_reason::unsubscribed : known->reason);
      return fail(Code::forbidden, row.address + " is suppressed as " + reason +
                                       "; the domain's super user may lift that");
    }
    if (withdrawn && known->reason != suppression_reason::unsubscribed) {
      connection_->run(
          "UPDATE suppression SET reason = ?4, time = ?5"
          " WHERE domain = ?1 AND organizer = ?2 AND address = ?3",
          reach->domain, reach->organizer, known->address, suppression_reason::unsubscribed,
          *withdrawn);
      return {};
    }
    connection_->run(
        "DELETE FROM suppression WHERE domain = ?1 AND organizer = ?2 AND address = ?3",
        reach->domain, reach->organizer, known->address);
    return {};
  });
}

Result<Paged<Suppression>> SqliteStore::list_suppressions(const Scope& scope,
                                                          std::string_view address,
                                                          const Page& page) {
  return connection_->read([&]() -> Result<Paged<Suppression>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = parts_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    // Left to itself, SQLite goes through all rows in their order. Where all domains are asked for,
    // each is looked up in turn, for the index begins with it.
    static const std::string of_address =
        " INDEXED BY suppression_address WHERE s.address IN (?3, erased_as(?3))"
        " AND s.domain IN (SELECT '' UNION ALL SELECT d.domain FROM domain AS d) AND ";
    auto rows = connection_->query(
        "SELECT s.domain, s.organizer, s.address, s.reason, s.time FROM suppression AS s" +
            (address.empty() ? " WHERE ?3 = '' AND " : of_address) + rows_in(scope) +
            " AND (s.domain, s.organizer, s.address) > (?4, ?5, ?6)"
            " ORDER BY s.domain, s.organizer, s.address LIMIT ?7",
        scope.domain_name(), scope.organizer_address(), address, (*after)[0], (*after)[1],
        (*after)[2], *limit);
    std::vector<Suppression> listed;
    while (rows.step()) {
      Suppression& row = listed.emplace_back();
      rows.read(row.domain, row.organizer, row.address, row.reason, row.time);
    }
    return paged(std::move(listed), page, [](const Suppression& last) {
      return cursor_of(last.domain, last.organizer, last.address);
    });
  });
}

// ---- consent ---------------------------------------------------------------------------------

bool put_consent(Connection& connection, const Consent& consent) {
  return connection.run(
             "INSERT INTO consent (domain, address, organizer, source, time, text)"
             " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET source = excluded.source,"
             " time = excluded.time, text = excluded.text, withdrawn = NULL"
             " WHERE excluded.time > consent.time"
             " AND excluded.time > coalesce(consent.withdrawn, consent.time)"
             " AND (consent.withdrawn IS NOT NULL OR consent.source <> excluded.source"
             "  OR consent.text <> excluded.text)",
             consent.domain, consent.address, consent.organizer, consent.source, consent.time,
             consent.text) > 0;
}

Result<bool> SqliteStore::record_consent(const Scope& scope, const Consent& consent) {
  return connection_->write([&]() -> Result<bool> {
    const auto reach = reach_of(*connection_, scope, consent.domain, consent.organizer);
    if (!reach) return tl::unexpected<Error>(reach.error());
    if (auto there = require_domain(*connection_, Scope::domain(reach->domain)); !there) {
      return tl::unexpected<Error>(there.error());
    }
    Consent kept = consent;
    kept.domain = reach->domain;
    kept.organizer = reach->organizer;
    return put_consent(*connection_, kept);
  });
}

Result<void> SqliteStore::withdraw_consent(const Scope& scope, std::string_view organizer,
                                           std::string_view address, std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<void> {
    const auto reach = reach_of(*connection_, scope, scope.domain_name(), organizer);
    if (!reach) return tl::unexpected<Error>(reach.error());
    if (auto there = require_domain(*connection_, scope); !there) return there;
    connection_->run(
        "UPDATE consent SET withdrawn = ?4 WHERE domain = ?1 AND address = ?2"
        " AND ?3 IN ('', organizer) AND withdrawn IS NULL",
        reach->domain, address, reach->organizer, now);
    connection_->run(
        "INSERT INTO consent (domain, address, organizer, source, time, text, withdrawn)"
        " VALUES (?1, ?2, ?3, '', ?4, '', ?4) ON CONFLICT DO NOTHING",
        reach->domain, address, reach->organizer, now);
    return {};
  });
}

Result<Paged<Consent>> SqliteStore::list_consents(const Scope& scope, std::string_view address,
                                                  const Page& page) {
  return connection_->read([&]() -> Result<Paged<Consent>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = parts_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    auto rows = connection_->query(
        "SELECT s.domain, s.address, s.organizer, s.source, s.time, s.text, s.withdrawn"
        " FROM consent AS s WHERE " +
            rows_in(scope) + (address.empty() ? " AND ?3 = ''" : " AND s.address = ?3") +
            " AND (s.domain, s.address, s.organizer) > (?4, ?5, ?6)"
            " ORDER BY s.domain, s.address, s.organizer LIMIT ?7",
        scope.domain_name(), scope.organizer_address(), address, (*after)[0], (*after)[1],
        (*after)[2], *limit);
    std::vector<Consent> listed;
    while (rows.step()) {
      Consent& consent = listed.emplace_back();
      rows.read(consent.domain, consent.address, consent.organizer, consent.source, consent.time,
                consent.text, consent.withdrawn);
    }
    return paged(std::move(listed), page, [](const Consent& last) {
      return cursor_of(last.domain, last.address, last.organizer);
    });
  });
}

}  // namespace calinvite::sqlite

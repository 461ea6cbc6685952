#include "base/crypto.hpp"
#include "base/text.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Items `q` in scope: an organizer sees what came from them.
std::string items_in(const Scope& scope) {
  const std::string domains = scope.domain_name().empty() ? "?1 = ''" : "q.domain = ?1";
  return "(" + domains + " AND ?2 IN ('', q.sender))";
}

std::string write_recipients(const std::vector<std::string>& recipients) {
  std::string lines;
  for (const std::string& recipient : recipients) lines += recipient + '\n';
  return lines;
}

std::vector<std::string> read_recipients(std::string_view lines) {
  std::vector<std::string> recipients;
  for (const auto line : text::split(lines, '\n')) {
    if (!line.empty()) recipients.emplace_back(line);
  }
  return recipients;
}

}  // namespace

Result<bool> SqliteStore::add_quarantine(const Scope& scope, const Quarantined& item) {
  return connection_->write([&]() -> Result<bool> {
    if (!scope.domain_name().empty()) {
      if (auto there = require_domain(*connection_, scope); !there) {
        return tl::unexpected<Error>(there.error());
      }
    }
    const crypto::Digest digest = crypto::sha256(item.raw);
    const Blob key{{reinterpret_cast<const char*>(digest.data()), digest.size()}};
    const auto added = connection_->run(
        "INSERT INTO quarantine (domain, digest, source, sender, reason, raw, time, recipients)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (domain, digest) DO UPDATE"
        " SET reason = excluded.reason, sender = excluded.sender, source = excluded.source,"
        " recipients = excluded.recipients"
        " WHERE reason <> excluded.reason",
        scope.domain_name(), key, item.source, item.sender, item.reason, Blob{item.raw}, item.time,
        write_recipients(item.envelope_recipients));
    return added > 0;
  });
}

Result<Paged<Quarantined>> SqliteStore::list_quarantine(const Scope& scope, const Page& page) {
  return connection_->read([&]() -> Result<Paged<Quarantined>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = number_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    auto rows = connection_->query(
        "SELECT q.id, q.source, q.sender, q.reason, q.time FROM quarantine AS q WHERE " +
            items_in(scope) + " AND q.id > ?3 ORDER BY q.id LIMIT ?4",
        scope.domain_name(), scope.organizer_address(), *after, *limit);
    std::vector<Quarantined> items;
    while (rows.step()) {
      Quarantined& item = items.emplace_back();
      rows.read(item.id, item.source, item.sender, item.reason, item.time);
    }
    return paged(std::move(items), page,
                 [](const Quarantined& last) { return std::to_string(last.id); });
  });
}

Result<Quarantined> SqliteStore::get_quarantined(const Scope& scope, std::int64_t id) {
  return connection_->read([&]() -> Result<Quarantined> {
    auto found = connection_->query(
        "SELECT q.id, q.source, q.sender, q.reason, q.raw, q.time, q.recipients FROM quarantine AS "
        "q"
        " WHERE " +
            items_in(scope) + " AND q.id = ?3",
        scope.domain_name(), scope.organizer_address(), id);
    if (!found.step()) {
      return fail(Code::not_found, "no quarantined item " + std::to_string(id));
    }
    Quarantined item;
    std::string recipients;
    found.read(item.id, item.source, item.sender, item.reason, item.raw, item.time, recipients);
    item.envelope_recipients = read_recipients(recipients);
    return item;
  });
}

Result<void> SqliteStore::drop_quarantined(const Scope& scope, std::int64_t id) {
  return connection_->write([&]() -> Result<void> {
    const auto dropped =
        connection_->run("DELETE FROM quarantine AS q WHERE q.id = ?3 AND " + items_in(scope),
                         scope.domain_name(), scope.organizer_address(), id);
    if (dropped > 0) return {};
    return fail(Code::not_found, "no quarantined item " + std::to_string(id));
  });
}

Result<bool> SqliteStore::drop_quarantined_bytes(const Scope& scope,
                                                 const std::array<std::uint8_t, 32>& digest) {
  return connection_->write([&]() -> Result<bool> {
    const Blob key{{reinterpret_cast<const char*>(digest.data()), digest.size()}};
    return connection_->run(
               "DELETE FROM quarantine AS q WHERE q.digest = ?3 AND " + items_in(scope),
               scope.domain_name(), scope.organizer_address(), key) > 0;
  });
}

}  // namespace calinvite::sqlite

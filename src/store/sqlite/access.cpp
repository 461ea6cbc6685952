// Who may act in which scope: keys of programs, and people who are about to be organizers.
#include <algorithm>

#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

const std::string key_columns =
    "k.id, k.label, k.domain, k.organizer, k.created, k.last_used, k.revoked";

ApiKey read_key(Query& query) {
  ApiKey key;
  std::string domain, organizer;
  query.read(key.id, key.label, domain, organizer, key.created, key.last_used, key.revoked);
  if (!organizer.empty()) {
    key.scope = Scope::organizer(std::move(domain), std::move(organizer));
  } else if (!domain.empty()) {
    key.scope = Scope::domain(std::move(domain));
  }
  return key;
}

/// Keys `k` whose scope lies in that of ?1 and ?2. Unlike other rows those of the whole store lie
/// in no domain.
const std::string key_in_scope = "?1 IN ('', k.domain) AND ?2 IN ('', k.organizer)";

/// That there is something for the key to act in.
Result<void> require_there(Connection& connection, const Scope& scope) {
  if (scope.domain_name().empty()) return {};
  if (auto there = require_domain(connection, scope); !there) return there;
  if (scope.organizer_address().empty()) return {};
  auto known = connection.query("SELECT 1 FROM organizer WHERE domain = ?1 AND address = ?2",
                                scope.domain_name(), scope.organizer_address());
  if (known.step()) return {};
  return fail(Code::not_found, "no organizer " + scope.organizer_address());
}

}  // namespace

Result<void> SqliteStore::add_api_key(const Scope& scope, const ApiKey& key,
                                      const std::array<std::uint8_t, 32>& digest) {
  return connection_->write([&]() -> Result<void> {
    if (!scope.covers(key.scope)) return fail(Code::not_found, "the key's scope is outside yours");
    if (auto there = require_there(*connection_, key.scope); !there) return there;
    connection_->run(
        "INSERT INTO api_key (id, domain, organizer, label, digest, created)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        key.id, key.scope.domain_name(), key.scope.organizer_address(), key.label,
        Blob{{reinterpret_cast<const char*>(digest.data()), digest.size()}}, key.created);
    return {};
  });
}

Result<std::vector<ApiKey>> SqliteStore::list_api_keys(const Scope& scope) {
  return connection_->read([&]() -> Result<std::vector<ApiKey>> {
    std::vector<ApiKey> keys;
    auto rows = connection_->query("SELECT " + key_columns + " FROM api_key AS k WHERE " +
                                       key_in_scope + " ORDER BY k.created, k.id",
                                   scope.domain_name(), scope.organizer_address());
    while (rows.step()) keys.push_back(read_key(rows));
    return keys;
  });
}

Result<void> SqliteStore::revoke_api_key(const Scope& scope, std::string_view id,
                                         std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<void> {
    const auto revoked = connection_->run(
        "UPDATE api_key AS k SET revoked = coalesce(revoked, ?4) WHERE k.id = ?3 AND " +
            key_in_scope,
        scope.domain_name(), scope.organizer_address(), id, now);
    if (revoked > 0) return {};
    return fail(Code::not_found, "no API key " + std::string(id));
  });
}

Result<std::optional<ApiKeyProof>> SqliteStore::find_api_key(std::string_view id) {
  return connection_->read([&]() -> Result<std::optional<ApiKeyProof>> {
    auto found = connection_->query(
        "SELECT " + key_columns + ", k.digest FROM api_key AS k WHERE k.id = ?1", id);
    if (!found.step()) return std::optional<ApiKeyProof>();
    ApiKeyProof proof;
    proof.entry = read_key(found);
    std::vector<std::uint8_t> digest;
    found.read(digest);
    std::copy_n(digest.begin(), std::min(digest.size(), proof.digest.size()), proof.digest.begin());
    return std::optional(std::move(proof));
  });
}

Result<void> SqliteStore::note_api_key(std::string_view id, std::chrono::sys_seconds now) {
  return connection_->write_unless_busy([&]() -> Result<void> {
    connection_->run("UPDATE api_key SET last_used = ?2 WHERE id = ?1", id, now);
    return {};
  });
}

Result<PendingRegistration> SqliteStore::keep_registration(const Scope& scope,
                                                           const PendingRegistration& wanted,
                                                           std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<PendingRegistration> {
    if (auto there = require_domain(*connection_, scope); !there) {
      return tl::unexpected<Error>(there.error());
    }
    if (!scope.covers(wanted.address)) {
      return fail(Code::not_found, wanted.address + " is outside this scope");
    }
    connection_->run("DELETE FROM registration WHERE domain = ?1 AND expires <= ?2",
                     scope.domain_name(), now);
    auto waiting = connection_->query(
        "SELECT id, name, expires FROM registration WHERE domain = ?1 AND address = ?2",
        scope.domain_name(), wanted.address);
    PendingRegistration kept = wanted;
    if (waiting.step()) {
      waiting.read(kept.id, kept.name, kept.expires);
      return kept;
    }
    connection_->run(
        "INSERT INTO registration (domain, address, id, name, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
        scope.domain_name(), wanted.address, wanted.id, wanted.name, wanted.expires);
    return kept;
  });
}

Result<std::optional<PendingRegistration>> SqliteStore::find_registration(const Scope& scope,
                                                                          const RowId& id) {
  return connection_->read([&]() -> Result<std::optional<PendingRegistration>> {
    auto found = connection_->query(
        "SELECT r.id, r.address, r.name, r.expires FROM registration AS r WHERE r.id = ?3 AND " +
            in_scope(scope, "r.domain", "r.address"),
        scope.domain_name(), scope.organizer_address(), id);
    if (!found.step()) return std::optional<PendingRegistration>();
    PendingRegistration waiting;
    found.read(waiting.id, waiting.address, waiting.name, waiting.expires);
    return std::optional(std::move(waiting));
  });
}

}  // namespace calinvite::sqlite

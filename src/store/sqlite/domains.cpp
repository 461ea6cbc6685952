#include "base/text.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

constexpr std::string_view registered = "registered";
constexpr std::string_view suspended = "suspended";

std::string_view word_of(OrganizerState state) {
  return state == OrganizerState::suspended ? suspended : registered;
}

const std::string domain_columns =
    "domain, sender, reply_domain, base_url, super_user, configuration_set, separator,"
    " description_limit, cancelled_status_on_uninvite, landings, registration, event_limit,"
    " invite_limit, approval, shared_attendees";

std::string write_landings(const Domain& domain) {
  std::string lines;
  for (const std::string& landing : domain.landings) lines += landing + '\n';
  return lines;
}

Domain read_domain(Query& query) {
  Domain d;
  std::string separator, landings, registration, shared;
  query.read(d.name, d.from, d.reply_domain, d.base_url, d.super_user, d.configuration_set,
             separator, d.description_limit, d.cancelled_status_on_uninvite, landings, registration,
             d.event_limit, d.invite_limit, d.approval, shared);
  d.registration = parse_registration(registration).value_or(Registration::closed);
  d.shared_attendees = parse_shared_policy(shared).value_or(SharedPolicy::hold);
  for (const auto line : text::split(landings, '\n')) {
    if (!line.empty()) d.landings.emplace_back(line);
  }
  d.separator = separator.empty() ? d.separator : separator.front();
  return d;
}

std::string organizer_in_scope(const Scope& scope) {
  return in_scope(scope, "o.domain", "o.address");
}

const std::string organizer_columns =
    "o.domain, o.address, o.name, o.local_part, o.state, o.bulk, o.language, o.approval";

/// -1: as the domain has it.
int approval_number(const std::optional<bool>& approval) {
  return approval ? static_cast<int>(*approval) : -1;
}

Organizer read_organizer(Query& query) {
  Organizer o;
  std::string state;
  int approval = -1;
  query.read(o.domain, o.address, o.name, o.local_part, state, o.bulk, o.language, approval);
  if (approval >= 0) o.approval = approval != 0;
  o.state = state == suspended ? OrganizerState::suspended : OrganizerState::registered;
  return o;
}

}  // namespace

Result<void> SqliteStore::add_domain(const Domain& domain) {
  return connection_->write([&]() -> Result<void> {
    if (domain.name.empty()) {
      return fail(Code::invalid_argument, "a domain needs a name", Place{{}, 0, 0, "name"});
    }
    const auto added = connection_->run(
        "INSERT INTO domain (domain, sender, reply_domain, base_url, super_user,"
        " configuration_set, separator, description_limit, cancelled_status_on_uninvite,"
        " registration, event_limit, invite_limit, approval, landings, shared_attendees)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
        " ON CONFLICT DO NOTHING",
        domain.name, domain.from, domain.reply_domain, domain.base_url, domain.super_user,
        domain.configuration_set, std::string(1, domain.separator), domain.description_limit,
        domain.cancelled_status_on_uninvite, domain.registration, domain.event_limit,
        domain.invite_limit, domain.approval, write_landings(domain), domain.shared_attendees);
    if (added == 1) return {};
    return fail(Code::conflict, "domain " + domain.name + " or its reply domain " +
                                    domain.reply_domain + " is taken");
  });
}

Result<void> SqliteStore::save_domain(const Domain& domain) {
  return connection_->write([&]() -> Result<void> {
    const auto saved = connection_->run(
        "UPDATE domain SET sender = ?2, base_url = ?3, super_user = ?4, configuration_set = ?5,"
        " description_limit = ?6, cancelled_status_on_uninvite = ?7, registration = ?8,"
        " event_limit = ?9, invite_limit = ?10, approval = ?11, landings = ?12,"
        " shared_attendees = ?13 WHERE domain = ?1",
        domain.name, domain.from, domain.base_url, domain.super_user, domain.configuration_set,
        domain.description_limit, domain.cancelled_status_on_uninvite, domain.registration,
        domain.event_limit, domain.invite_limit, domain.approval, write_landings(domain),
        domain.shared_attendees);
    if (saved == 1) return {};
    return fail(Code::not_found, "no domain " + domain.name);
  });
}

Result<std::optional<Domain>> SqliteStore::find_domain(std::string_view name) {
  return connection_->read([&]() -> Result<std::optional<Domain>> {
    auto found =
        connection_->query("SELECT " + domain_columns + " FROM domain WHERE domain = ?1", name);
    if (!found.step()) return std::optional<Domain>();
    return std::optional(read_domain(found));
  });
}

Result<std::vector<Domain>> SqliteStore::list_domains() {
  return connection_->read([&]() -> Result<std::vector<Domain>> {
    std::vector<Domain> domains;
    auto rows = connection_->query("SELECT " + domain_columns + " FROM domain ORDER BY domain");
    while (rows.step()) domains.push_back(read_domain(rows));
    return domains;
  });
}

Result<void> SqliteStore::add_organizer(const Scope& scope, const Organizer& organizer) {
  return connection_->write([&]() -> Result<void> {
    const Scope domain = Scope::domain(organizer.domain);
    if (!scope.covers(domain)) return fail(Code::not_found, "no domain " + organizer.domain);
    if (auto there = require_domain(*connection_, domain); !there) return there;
    const auto added = connection_->run(
        "INSERT INTO organizer (domain, address, name, local_part, state, bulk, language, approval)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        organizer.domain, organizer.address, organizer.name, organizer.local_part,
        word_of(organizer.state), organizer.bulk, organizer.language,
        approval_number(organizer.approval));
    if (added == 1) return {};
    return fail(Code::conflict, "organizer " + organizer.address + " is there already");
  });
}

Result<void> SqliteStore::save_organizer(const Scope& scope, const Organizer& organizer) {
  return connection_->write([&]() -> Result<void> {
    const auto saved = connection_->run(
        "UPDATE organizer AS o SET name = ?4, bulk = ?5, language = ?6, approval = ?7"
        " WHERE o.address = ?3 AND " +
            organizer_in_scope(scope),
        scope.domain_name(), scope.organizer_address(), organizer.address, organizer.name,
        organizer.bulk, organizer.language, approval_number(organizer.approval));
    if (saved > 0) return {};
    return fail(Code::not_found, "no organizer " + organizer.address);
  });
}

Result<std::optional<Organizer>> SqliteStore::find_organizer(const Scope& scope,
                                                             std::string_view address) {
  return connection_->read([&]() -> Result<std::optional<Organizer>> {
    auto found = connection_->query("SELECT " + organizer_columns +
                                        " FROM organizer AS o WHERE o.address = ?3 AND " +
                                        organizer_in_scope(scope) + " ORDER BY o.domain",
                                    scope.domain_name(), scope.organizer_address(), address);
    if (!found.step()) return std::optional<Organizer>();
    return std::optional(read_organizer(found));
  });
}

Result<std::vector<Organizer>> SqliteStore::list_organizers(const Scope& scope) {
  return connection_->read([&]() -> Result<std::vector<Organizer>> {
    std::vector<Organizer> organizers;
    auto rows = connection_->query("SELECT " + organizer_columns + " FROM organizer AS o WHERE " +
                                       organizer_in_scope(scope) + " ORDER BY o.domain, o.address",
                                   scope.domain_name(), scope.organizer_address());
    while (rows.step()) organizers.push_back(read_organizer(rows));
    return organizers;
  });
}

Result<void> SqliteStore::set_organizer_state(const Scope& scope, std::string_view address,
                                              OrganizerState state) {
  return connection_->write([&]() -> Result<void> {
    const auto changed =
        connection_->run("UPDATE organizer AS o SET state = ?4 WHERE o.address = ?3 AND " +
                             organizer_in_scope(scope),
                         scope.domain_name(), scope.organizer_address(), address, word_of(state));
    if (changed == 0) return fail(Code::not_found, "no organizer " + std::string(address));
    if (state == OrganizerState::suspended) return {};
    // What was held for it may leave; in a domain that is held itself, it is held again.
    connection_->run(
        "UPDATE outbox SET state = 'pending', reason = '', not_before = changed"
        " WHERE domain = ?1 AND state = 'held' AND not_before = ?3"
        " AND event IN (SELECT uid FROM event WHERE domain = ?1 AND organizer = ?2)",
        scope.domain_name(), address, until_lifted);
    return {};
  });
}

Result<void> SqliteStore::set_delegate(const Scope& scope, std::string_view organizer,
                                       std::string_view address, bool allowed) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_domain(*connection_, scope); !there) return there;
    auto known = connection_->query(
        "SELECT 1 FROM organizer AS o WHERE o.address = ?3 AND " + organizer_in_scope(scope),
        scope.domain_name(), scope.organizer_address(), organizer);
    if (!known.step()) return fail(Code::not_found, "no organizer " + std::string(organizer));
    connection_->run(allowed ? "INSERT INTO delegate (domain, organizer, address)"
                               " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
                             : "DELETE FROM delegate"
                               " WHERE domain = ?1 AND organizer = ?2 AND address = ?3",
                     scope.domain_name(), organizer, address);
    return {};
  });
}

Result<std::vector<Organizer>> SqliteStore::list_principals(const Scope& scope,
                                                            std::string_view address) {
  return connection_->read([&]() -> Result<std::vector<Organizer>> {
    std::vector<Organizer> organizers;
    auto rows = connection_->query("SELECT " + organizer_columns +
                                       " FROM delegate AS d JOIN organizer AS o"
                                       " ON o.domain = d.domain AND o.address = d.organizer"
                                       " WHERE d.address = ?3 AND o.state = 'registered' AND " +
                                       organizer_in_scope(scope) + " ORDER BY o.domain, o.address",
                                   scope.domain_name(), scope.organizer_address(), address);
    while (rows.step()) organizers.push_back(read_organizer(rows));
    return organizers;
  });
}

Result<std::vector<SealedKey>> SqliteStore::list_keys(const Scope& scope) {
  return connection_->read([&]() -> Result<std::vector<SealedKey>> {
    if (auto there = require_domain(*connection_, scope); !there) {
      return tl::unexpected<Error>(there.error());
    }
    std::vector<SealedKey> keys;
    auto rows = connection_->query(
        "SELECT id, sealed, created FROM signing_key WHERE domain = ?1 ORDER BY created, id",
        scope.domain_name());
    while (rows.step()) {
      SealedKey& key = keys.emplace_back();
      rows.read(key.id, key.sealed, key.created);
    }
    return keys;
  });
}

Result<void> SqliteStore::add_key(const Scope& scope, const SealedKey& key) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_domain(*connection_, scope); !there) return there;
    const Blob sealed{{reinterpret_cast<const char*>(key.sealed.data()), key.sealed.size()}};
    const auto added = connection_->run(
        "INSERT INTO signing_key (domain, id, sealed, created) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT DO NOTHING",
        scope.domain_name(), key.id, sealed, key.created);
    if (added == 1) return {};
    return fail(Code::conflict, "signing key " + std::to_string(key.id) + " is there already");
  });
}

Result<void> SqliteStore::remove_key(const Scope& scope, std::uint16_t id) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_domain(*connection_, scope); !there) return there;
    const auto removed = connection_->run("DELETE FROM signing_key WHERE domain = ?1 AND id = ?2",
                                          scope.domain_name(), id);
    if (removed == 1) return {};
    return fail(Code::not_found, "no signing key " + std::to_string(id));
  });
}

Result<std::vector<Domain>> SqliteStore::list_domains_with_key(std::uint16_t id) {
  return connection_->read([&]() -> Result<std::vector<Domain>> {
    std::vector<Domain> domains;
    auto rows = connection_->query(
        "SELECT " + domain_columns +
            " FROM domain WHERE domain IN (SELECT k.domain FROM signing_key AS k WHERE k.id = ?1)"
            " ORDER BY domain",
        id);
    while (rows.step()) domains.push_back(read_domain(rows));
    return domains;
  });
}

Result<std::uint16_t> SqliteStore::highest_key_id() {
  return connection_->read([&]() -> Result<std::uint16_t> {
    std::uint16_t highest = 0;
    auto rows = connection_->query("SELECT coalesce(max(id), 0) FROM signing_key");
    if (rows.step()) rows.read(highest);
    return highest;
  });
}

}  // namespace calinvite::sqlite

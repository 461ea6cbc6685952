// Forgetting a person: every place where the store may hold an address is named here, one statement
// each. A table or column that is added and may hold one gets its line, too.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/text.hpp"
#include "store/sqlite/entries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// One person in one domain.
class Eraser {
 public:
  Eraser(Connection& connection, std::string domain, std::string_view address,
         std::string_view stand_in, std::chrono::sys_seconds now)
      : connection_(connection),
        domain_(std::move(domain)),
        address_(address),
        stand_in_(stand_in),
        now_(now) {}

  /// @error conflict  a registered organizer, or the domain's super user
  Result<void> check() {
    if (connection_
            .query("SELECT 1 FROM organizer WHERE domain = ?1 AND address = ?2"
                   " AND state = 'registered'",
                   domain_, address_)
            .step()) {
      return fail(Code::conflict, std::string(address_) + " is an organizer of " + domain_ +
                                      "; suspend them first, their events stay the domain's");
    }
    if (connection_
            .query("SELECT 1 FROM domain WHERE domain = ?1 AND ?2 IN (super_user, sender)", domain_,
                   address_)
            .step()) {
      return fail(Code::conflict, std::string(address_) + " is the super user or sender of " +
                                      domain_ + "; name another one first");
    }
    return {};
  }

  void erase(Erasure& done) {
    name_events(done);
    const auto unsent = unsent_entries();
    erase_uses();
    erase_attendee(done);
    erase_outbox(unsent, done);
    erase_words(done);
    erase_notices(done);
    erase_organizer();
    done.consents += run("DELETE FROM consent WHERE domain = ?1 AND address = ?2");
    run("DELETE FROM suppression WHERE domain = ?1 AND address = ?2");
  }

 private:
  /// Statements about the domain, the address and, as ?3, what stands in for it.
  std::uint64_t run(const std::string& sql) {
    const bool writes_it = sql.find("?3") != std::string::npos;
    const auto changed = writes_it ? connection_.run(sql, domain_, address_, stand_in_)
                                   : connection_.run(sql, domain_, address_);
    return static_cast<std::uint64_t>(changed);
  }

  void name_events(Erasure& done) {
    for (const std::string table : {"event", "revision", "held_change"}) {
      auto named = connection_.query("SELECT DISTINCT e.uid FROM " + table +
                                         " AS e WHERE e.domain = ?1"
                                         " AND mentions(e.summary || ' ' || e.description || ' ' ||"
                                         " e.location || ' ' || e.url || ' ' || e.landing || ' ' ||"
                                         " e.conference || ' ' || e.overrides || ' ' ||"
                                         " e.source_uid, ?2)",
                                     domain_, address_);
      while (named.step()) {
        std::string uid;
        named.read(uid);
        const bool known = std::find(done.named.begin(), done.named.end(), uid) != done.named.end();
        if (!known) done.named.push_back(std::move(uid));
      }
    }
  }

  std::vector<std::int64_t> unsent_entries() {
    std::vector<std::int64_t> entries;
    auto unsent = connection_.query(
        "SELECT o.entry FROM outbox AS o WHERE o.domain = ?1 AND o.address = ?2 AND " + is_unsent,
        domain_, address_);
    while (unsent.step()) unsent.read(entries.emplace_back());
    return entries;
  }

  /// What daily caps count. Whose address a use is of, only the host's keys could tell: those of
  /// all addresses go, and begin anew.
  void erase_uses() {
    connection_.run("DELETE FROM page_use WHERE domain = ?1 AND subject GLOB 'address *'", domain_);
    run("DELETE FROM page_use WHERE domain = ?1 AND subject IN (SELECT 'visit ' || lower(hex(id))"
        " FROM attendee WHERE domain = ?1 AND address = ?2 UNION ALL"
        " SELECT 'visit ' || lower(hex(id)) FROM past_copy WHERE domain = ?1 AND address = ?2)");
  }

  /// New names for the copies, so that links, UIDs and addresses in old mails lead nowhere.
  void erase_attendee(Erasure& done) {
    done.attendees += run(
        "UPDATE attendee SET address = ?3, name = '', language = '', id = erased_row(id),"
        " uid = erased_uid(uid), first_message_id = '', prodid = '', comment = '', proposal = ''"
        " WHERE domain = ?1 AND address = ?2");
    run("UPDATE past_copy SET address = ?3, id = erased_row(id), uid = erased_uid(uid),"
        " first_message_id = '' WHERE domain = ?1 AND address = ?2");
    run("UPDATE occurrence_answer SET address = ?3, prodid = '', comment = '', proposal = ''"
        " WHERE domain = ?1 AND address = ?2");
    run("UPDATE shared_attendee SET address = ?3, name = '' WHERE domain = ?1 AND address = ?2");
    run("UPDATE shared_attendee SET via = ?3 WHERE domain = ?1 AND via = ?2");
    run("DELETE FROM correspondent WHERE domain = ?1 AND address = ?2");
    run("DELETE FROM delegate WHERE domain = ?1 AND address = ?2");
    run("DELETE FROM registration WHERE domain = ?1 AND address = ?2");
    // The word of an answer stays, what else was said goes.
    done.receipts +=
        run("UPDATE receipt SET address = ?3, detail = iif(kind = 'replied' AND"
            " substr(detail, 1, instr(detail || ',', ',') - 1) IN"
            " ('accepted', 'declined', 'tentative', 'noaction'),"
            " substr(detail, 1, instr(detail || ',', ',') - 1), ''), prodid = '', comment = '',"
            " proposal = '', fact = erased_fact(without_mentions(fact, ?2, ?3))"
            " WHERE domain = ?1 AND address = ?2");
  }

  void erase_outbox(const std::vector<std::int64_t>& unsent, Erasure& done) {
    run("UPDATE outbox SET address = ?3, uid = iif(event = '', uid, erased_uid(uid)), reason = ''"
        " WHERE domain = ?1 AND address = ?2");
    for (const std::int64_t entry : unsent) {
      const auto row = find_entry(connection_, entry);
      set_state(connection_, *row, OutboxState::suppressed, "", now_);
      append_receipt_of(connection_, *row, ReceiptKind::suppressed, now_, "");
    }
    done.suppressed += unsent.size();
  }

  /// What others' rows say of the person.
  void erase_words(Erasure& done) {
    for (const std::string column : {"name", "comment", "prodid"}) {
      replace("attendee", column);
      if (column != "name") replace("occurrence_answer", column);
    }
    replace("shared_attendee", "name");
    replace("outbox", "reason");
    done.receipts += run(
        "UPDATE receipt SET detail = without_mentions(detail, ?2, ?3),"
        " comment = without_mentions(comment, ?2, ?3), prodid = without_mentions(prodid, ?2, ?3),"
        " fact = without_mentions(fact, ?2, ?3)"
        " WHERE domain = ?1 AND (mentions(detail, ?2) OR mentions(comment, ?2)"
        " OR mentions(prodid, ?2) OR mentions(fact, ?2))");
  }

  void erase_notices(Erasure& done) {
    done.notices +=
        run("UPDATE notice SET address = ?3, subject = '', text = '', html = '', csv = '',"
            " in_reply_to = '' WHERE domain = ?1 AND address = ?2");
    // A row of a table says more of the person than the address: the whole table goes.
    done.notices += run("UPDATE notice SET csv = '' WHERE domain = ?1 AND mentions(csv, ?2)");
    // In HTML the address may be written with references.
    const std::string escaped = text::html_escape(address_);
    done.notices += static_cast<std::uint64_t>(connection_.run(
        "UPDATE notice SET subject = without_mentions(subject, ?2, ?3),"
        " text = without_mentions(text, ?2, ?3),"
        " html = without_mentions(without_mentions(html, ?2, ?3), ?4, ?3)"
        " WHERE domain = ?1 AND (mentions(subject, ?2) OR mentions(text, ?2) OR mentions(html, ?2)"
        " OR mentions(html, ?4))",
        domain_, address_, stand_in_, escaped));
    replace("notice", "cause");
    replace("notice", "in_reply_to");
  }

  /// A suspended organizer's events stay, under an owner who is nobody.
  void erase_organizer() {
    run("UPDATE organizer SET address = ?3, name = '', language = ''"
        " WHERE domain = ?1 AND address = ?2");
    for (const std::string table :
         {"event", "revision", "correspondent", "delegate", "early_cancel", "suppression",
          "consent", "held_change", "api_key"}) {
      run("UPDATE " + table + " SET organizer = ?3 WHERE domain = ?1 AND organizer = ?2");
    }
    for (const std::string table : {"event", "revision", "held_change"}) {
      run("UPDATE " + table +
          " SET source_organizer = ?3 WHERE domain = ?1 AND source_organizer = ?2");
    }
  }

  void replace(const std::string& table, const std::string& column) {
    run("UPDATE " + table + " SET " + column + " = without_mentions(" + column +
        ", ?2, ?3) WHERE domain = ?1 AND mentions(" + column + ", ?2)");
  }

  Connection& connection_;
  const std::string domain_;
  const std::string_view address_;
  const std::string_view stand_in_;
  const std::chrono::sys_seconds now_;
};

std::vector<std::string> domains_in(Connection& connection, const Scope& scope) {
  std::vector<std::string> domains;
  auto rows = connection.query("SELECT domain FROM domain WHERE ?1 IN ('', domain) ORDER BY domain",
                               scope.domain_name());
  while (rows.step()) rows.read(domains.emplace_back());
  return domains;
}

/// Facts that no send is known of are of no domain: whoever erases somebody, they keep what counts.
void erase_orphans(Connection& connection, std::string_view address) {
  connection.run(
      "UPDATE OR REPLACE orphan SET address = '', detail = '',"
      " fact = without_mentions(fact, ?1, '') WHERE address = ?1 OR mentions(detail, ?1)"
      " OR mentions(fact, ?1)",
      address);
}

}  // namespace

void SqliteStore::set_erasure_key(const std::array<std::uint8_t, 32>& key) {
  connection_->set_erasure_key(key);
}

Result<Erasure> SqliteStore::erase(const Scope& scope, std::string_view address,
                                   std::string_view stand_in, std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<Erasure> {
    if (!scope.organizer_address().empty()) {
      return fail(Code::forbidden, "an organizer erases nobody; the domain's super user does");
    }
    if (!connection_->has_erasure_key() || !stand_in.ends_with(erased_host)) {
      return fail(Code::invalid_argument, "erasing needs a key and a name that stands in");
    }
    if (!scope.domain_name().empty()) {
      if (auto there = require_domain(*connection_, scope); !there) {
        return tl::unexpected<Error>(there.error());
      }
    }
    Erasure done;
    // Rows and those they refer to change their names one after the other.
    connection_->execute("PRAGMA defer_foreign_keys = ON");
    for (const std::string& domain : domains_in(*connection_, scope)) {
      Eraser eraser(*connection_, domain, address, stand_in, now);
      if (auto free = eraser.check(); !free) return tl::unexpected<Error>(free.error());
      eraser.erase(done);
    }
    erase_orphans(*connection_, address);
    if (scope.domain_name().empty()) {
      connection_->run("DELETE FROM suppression WHERE domain = '' AND address = ?1", address);
    }
    connection_->run(
        "INSERT INTO suppression (domain, organizer, address, reason, time)"
        " VALUES (?1, '', erased_as(?2), ?3, ?4) ON CONFLICT DO NOTHING",
        scope.domain_name(), address, suppression_reason::erased, now);
    return done;
  });
}

namespace {

/// FILE.vN, FILE.vN.2 and what an upgrade that died left unfinished: see back_up in migrations.cpp.
bool is_copy_of(const std::string& name, const std::string& store) {
  if (!name.starts_with(store + ".v")) return false;
  const auto rest = name.substr(store.size() + 2);
  const auto digits = rest.find_first_not_of("0123456789");
  return digits != 0 && (digits == std::string::npos || rest[digits] == '.');
}

Result<void> drop_copies(const std::filesystem::path& file) {
  std::error_code failure;
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  std::vector<std::filesystem::path> copies;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (is_copy_of(entry.path().filename().string(), file.filename().string())) {
      copies.push_back(entry.path());
    }
  }
  for (const auto& copy : copies) {
    if (!failure) std::filesystem::remove(copy, failure);
  }
  if (!failure) return {};
  return fail(Code::unavailable, "a copy of the store in " + folder.string() +
                                     " can't be removed: " + failure.message());
}

}  // namespace

Result<void> SqliteStore::compact() {
  try {
    if (connection_->in_step()) {
      return fail(Code::invalid_argument, "a store is not compacted inside a step");
    }
    // An index of words keeps those that were deleted until its parts are merged.
    connection_->execute(
        "INSERT INTO event_search (event_search) VALUES ('optimize');"
        "INSERT INTO person_search (person_search) VALUES ('optimize');"
        // Which writes the whole database anew: not into memory.
        "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY");
    // What was there before stands in the journal until it is cut.
    auto checkpoint = connection_->query("PRAGMA wal_checkpoint(TRUNCATE)");
    bool blocked = true;
    if (checkpoint.step()) checkpoint.read(blocked);
    if (blocked) {
      return fail(Code::busy, "store " + connection_->file() +
                                  ": another reader keeps old pages; call again when it is gone");
    }
    return drop_copies(connection_->file());
  } catch (...) {
    return tl::unexpected<Error>(error_of_exception(connection_->file()));
  }
}

}  // namespace calinvite::sqlite

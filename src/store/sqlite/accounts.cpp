#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

const std::string account_columns =
    "account, max_rate, max_24_hours, used_24_hours, asked, told, next_send, level, slowed,"
    " counted_since, answered, throttled, hold, reason, until";

SendingAccount read_account(Query& query) {
  SendingAccount a;
  query.read(a.key, a.max_rate, a.max_24_hours, a.used_24_hours, a.asked, a.told, a.next_send,
             a.level, a.slowed, a.counted_since, a.answered, a.throttled, a.hold, a.reason,
             a.until);
  return a;
}

void write_account(Connection& connection, const SendingAccount& a) {
  connection.run("INSERT OR REPLACE INTO sending_account (" + account_columns +
                     ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                 a.key, a.max_rate, a.max_24_hours, a.used_24_hours, a.asked, a.told, a.next_send,
                 a.level, a.slowed, a.counted_since, a.answered, a.throttled, a.hold, a.reason,
                 a.until);
}

/// A domain's sending is none of one organizer's business.
Result<void> require_whole_domain(Connection& connection, const Scope& scope) {
  if (!scope.organizer_address().empty()) {
    return fail(Code::not_found, "this call needs the scope of a whole domain");
  }
  return require_domain(connection, scope);
}

std::int64_t day_of(std::chrono::sys_seconds time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

}  // namespace

void count_sending(Connection& connection, std::string_view domain, const SendingCounts& counts,
                   std::chrono::sys_seconds now) {
  connection.run(
      "INSERT INTO sending_day (domain, day, accepted, bounced, complained)"
      " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET accepted = accepted + ?3,"
      " bounced = bounced + ?4, complained = complained + ?5",
      domain, day_of(now), counts.accepted, counts.bounced, counts.complained);
}

Result<void> SqliteStore::edit_account(const Scope& scope, std::string_view key,
                                       const std::function<void(SendingAccount&)>& edit) {
  return connection_->write([&]() -> Result<void> {
    if (!scope.domain_name().empty() || key.empty()) {
      return fail(Code::invalid_argument,
                  "an account has a key and lies in the scope of the whole store");
    }
    SendingAccount before;
    before.key = key;
    {
      auto found = connection_->query(
          "SELECT " + account_columns + " FROM sending_account WHERE account = ?1", key);
      if (found.step()) before = read_account(found);
    }
    SendingAccount after = before;
    edit(after);
    after.key = key;
    if (after != before) write_account(*connection_, after);
    return {};
  });
}

Result<std::vector<SendingAccount>> SqliteStore::list_accounts(const Scope& scope) {
  return connection_->read([&]() -> Result<std::vector<SendingAccount>> {
    std::vector<SendingAccount> accounts;
    if (!scope.domain_name().empty()) return accounts;
    auto rows =
        connection_->query("SELECT " + account_columns + " FROM sending_account ORDER BY account");
    while (rows.step()) accounts.push_back(read_account(rows));
    return accounts;
  });
}

Result<Reputation> SqliteStore::reputation(const Scope& scope, std::chrono::sys_seconds since) {
  return connection_->read([&]() -> Result<Reputation> {
    if (auto there = require_whole_domain(*connection_, scope); !there) {
      return tl::unexpected<Error>(there.error());
    }
    Reputation reputation;
    auto sums = connection_->query(
        "SELECT coalesce(sum(accepted), 0), coalesce(sum(bounced), 0),"
        " coalesce(sum(complained), 0) FROM sending_day WHERE domain = ?1 AND day >= ?2",
        scope.domain_name(), day_of(since));
    if (sums.step()) sums.read(reputation.accepted, reputation.bounced, reputation.complained);
    auto hold = connection_->query("SELECT reason, time FROM domain_hold WHERE domain = ?1",
                                   scope.domain_name());
    if (hold.step()) hold.read(reputation.hold, reputation.held);
    return reputation;
  });
}

Result<void> SqliteStore::hold_domain(const Scope& scope, std::string_view reason,
                                      std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_whole_domain(*connection_, scope); !there) return there;
    connection_->run(
        "INSERT INTO domain_hold (domain, reason, time) VALUES (?1, ?2, ?3)"
        " ON CONFLICT DO NOTHING",
        scope.domain_name(), reason, now);
    return {};
  });
}

Result<void> SqliteStore::lift_hold(const Scope& scope, std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<void> {
    if (auto there = require_whole_domain(*connection_, scope); !there) return there;
    if (connection_->run("DELETE FROM domain_hold WHERE domain = ?1", scope.domain_name()) == 0) {
      return fail(Code::not_found, "domain " + scope.domain_name() + " is not held");
    }
    connection_->run("DELETE FROM sending_day WHERE domain = ?1", scope.domain_name());
    connection_->run(
        "UPDATE outbox SET state = 'pending', reason = '', not_before = ?2, changed = ?2"
        " WHERE domain = ?1 AND state = 'held' AND not_before = ?3",
        scope.domain_name(), now, until_lifted);
    return {};
  });
}

}  // namespace calinvite::sqlite

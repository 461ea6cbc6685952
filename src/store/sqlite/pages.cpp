// What pages leave in the store: that links were opened, and how often forms were used.
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {

Result<std::vector<Receipt>> SqliteStore::list_facts(const Scope& scope, std::string_view event,
                                                     std::string_view prefix) {
  return connection_->read([&]() -> Result<std::vector<Receipt>> {
    if (prefix.empty()) return fail(Code::invalid_argument, "no prefix", Place{{}, 0, 0, "prefix"});
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    std::string behind(prefix);
    ++behind.back();
    auto rows = connection_->query(
        "SELECT kind, time, event, address, sequence, method, attempt_id, message_id, detail,"
        " channel, prodid, comment, proposal FROM receipt"
        " WHERE domain = ?1 AND event = ?2 AND fact <> '' AND fact >= ?3 AND fact < ?4"
        " ORDER BY fact",
        head->domain, head->uid, prefix, behind);
    std::vector<Receipt> receipts;
    while (rows.step()) {
      Receipt& r = receipts.emplace_back();
      rows.read(r.kind, r.time, r.event, r.address, r.sequence, r.method, r.attempt_id,
                r.message_id, r.detail, r.channel, r.prodid, r.comment, r.proposal);
    }
    return receipts;
  });
}

Result<bool> SqliteStore::count_use(const Scope& scope, std::span<const DailyCap> caps,
                                    std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<bool> {
    if (auto there = require_domain(*connection_, scope); !there) {
      return tl::unexpected<Error>(there.error());
    }
    const auto day = std::chrono::floor<std::chrono::days>(now);
    connection_->run("DELETE FROM page_use WHERE domain = ?1 AND day < ?2", scope.domain_name(),
                     day);
    for (const DailyCap& cap : caps) {
      std::uint64_t uses = 0;
      auto counted = connection_->query(
          "SELECT uses FROM page_use WHERE domain = ?1 AND day = ?2 AND subject = ?3",
          scope.domain_name(), day, cap.subject);
      if (counted.step()) counted.read(uses);
      if (uses >= cap.most) return false;
    }
    for (const DailyCap& cap : caps) {
      connection_->run(
          "INSERT INTO page_use (domain, day, subject, uses) VALUES (?1, ?2, ?3, 1)"
          " ON CONFLICT DO UPDATE SET uses = uses + 1",
          scope.domain_name(), day, cap.subject);
    }
    return true;
  });
}

}  // namespace calinvite::sqlite

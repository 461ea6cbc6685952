#include "store/sqlite/entries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// @return false when it is there already
bool keep_orphan(Connection& connection, const DeliveryFact& fact) {
  const Receipt& receipt = fact.receipt;
  return connection.run(
             "INSERT INTO orphan (fact, kind, time, address, attempt_id, message_id, detail,"
             " suppress) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
             fact.dedupe_key, receipt.kind, receipt.time, receipt.address, receipt.attempt_id,
             receipt.message_id, receipt.detail, fact.suppress) > 0;
}

/// A domain's rates count people, not reports: the first of its kind about somebody at an event.
bool is_news(Connection& connection, std::string_view domain, const Receipt& receipt) {
  auto known = connection.query(
      "SELECT kinds FROM attendee WHERE domain = ?1 AND event = ?2 AND address = ?3", domain,
      receipt.event, receipt.address);
  std::int64_t kinds = 0;
  if (known.step()) known.read(kinds);
  return (kinds & kind_bit(receipt.kind)) == 0;
}

void count_harm(Connection& connection, std::string_view domain, ReceiptKind kind,
                std::chrono::sys_seconds now) {
  SendingCounts counts;
  counts.bounced = kind == ReceiptKind::bounced ? 1 : 0;
  counts.complained = kind == ReceiptKind::complained ? 1 : 0;
  count_sending(connection, domain, counts, now);
}

/// A fact that names no send, but a copy: it settles nothing.
/// @error not_found  no such attendee
Result<FactVerdict> record_of_copy(Connection& connection, const DeliveryFact& fact,
                                   std::chrono::sys_seconds now) {
  const Receipt& receipt = fact.receipt;
  if (!connection
           .query("SELECT 1 FROM attendee WHERE domain = ?1 AND event = ?2 AND address = ?3",
                  fact.domain, receipt.event, receipt.address)
           .step()) {
    return fail(Code::not_found, receipt.address + " is not invited to " + receipt.event);
  }
  const bool counts = fact.harmful && is_news(connection, fact.domain, receipt);
  if (!append_receipt(connection, fact.domain, receipt, fact.dedupe_key)) {
    return FactVerdict::repeated;
  }
  if (counts) count_harm(connection, fact.domain, receipt.kind, now);
  if (fact.suppress) {
    suppress_after(connection, fact.domain, receipt.address, receipt.kind, now);
  }
  return FactVerdict::recorded;
}

}  // namespace

Result<FactVerdict> SqliteStore::record_fact(const DeliveryFact& fact,
                                             std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<FactVerdict> {
    if (fact.dedupe_key.empty()) {
      return fail(Code::invalid_argument, "a fact needs a key that tells it from others",
                  Place{{}, 0, 0, "dedupe_key"});
    }
    auto row = find_entry_by_attempt(*connection_, fact.receipt.attempt_id);
    if (!row) row = find_entry_by_message(*connection_, fact.receipt.message_id);
    if (!row && !fact.domain.empty() && !fact.receipt.event.empty()) {
      return record_of_copy(*connection_, fact, now);
    }
    if (!row) {
      return keep_orphan(*connection_, fact) ? FactVerdict::orphan : FactVerdict::repeated;
    }
    Receipt of_row = fact.receipt;
    of_row.event = row->event;
    of_row.address = row->address;
    const bool counts = fact.harmful && is_news(*connection_, row->domain, of_row);
    const bool applied = apply_fact(*connection_, *row, fact, now);
    if (applied && counts) count_harm(*connection_, row->domain, fact.receipt.kind, now);
    return applied ? FactVerdict::recorded : FactVerdict::repeated;
  });
}

Result<Paged<Receipt>> SqliteStore::list_receipts(const Scope& scope, std::string_view event,
                                                  const Page& page) {
  return connection_->read([&]() -> Result<Paged<Receipt>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = number_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    auto rows = connection_->query(
        "SELECT " + receipt_columns +
            " FROM receipt WHERE domain = ?1 AND event = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4",
        head->domain, head->uid, *after, *limit);
    std::vector<Receipt> receipts;
    std::vector<std::int64_t> numbers;
    while (rows.step()) {
      receipts.push_back(read_receipt(rows, numbers.emplace_back()));
    }
    return paged(std::move(receipts), page,
                 [&](const Receipt&) { return std::to_string(numbers[page.limit - 1]); });
  });
}

Result<void> SqliteStore::suppress(const Scope& scope, std::string_view address,
                                   std::string_view reason, std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<void> {
    if (!scope.domain_name().empty()) {
      if (auto there = require_domain(*connection_, scope); !there) return there;
    }
    connection_->run(
        "INSERT INTO suppression (domain, organizer, address, reason, time)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        scope.domain_name(), scope.organizer_address(), address, reason, now);
    return {};
  });
}

}  // namespace calinvite::sqlite

// What reports read: counts that 0014_reports.sql keeps, never the rows that they are of.
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Rows of subject, word, number.
Statistics add_up(Query rows) {
  Statistics statistics;
  statistics.rsvp = {{"accepted", 0}, {"declined", 0}, {"noaction", 0}, {"tentative", 0}};
  while (rows.step()) {
    std::string subject;
    std::string word;
    std::uint64_t number = 0;
    rows.read(subject, word, number);
    auto& counts = subject == "rsvp"     ? statistics.rsvp
                   : subject == "origin" ? statistics.origin
                   : subject == "prodid" ? statistics.prodid
                                         : statistics.delivery;
    counts[word] += number;
    if (subject == "rsvp") statistics.attendees += number;
  }
  return statistics;
}

/// Rows of start, kind, number: a bucket after the other.
std::vector<ReceiptBucket> read_buckets(Query rows, std::size_t limit) {
  std::vector<ReceiptBucket> buckets;
  while (rows.step()) {
    std::chrono::sys_seconds start;
    std::string kind;
    std::uint64_t number = 0;
    rows.read(start, kind, number);
    if (buckets.empty() || buckets.back().start != start) {
      if (buckets.size() == limit) break;
      buckets.push_back({start, {}});
    }
    buckets.back().counts[kind] = number;
  }
  return buckets;
}

/// SQLite would rather walk through the whole domain's rows, which come in the order asked for.
std::string by_organizer(const Scope& scope, const std::string& index) {
  return scope.organizer_address().empty() ? "" : " INDEXED BY " + index;
}

/// Behind the bucket that a cursor names.
Result<std::int64_t> start_after(const Page& page) {
  return page.after.empty() ? Result<std::int64_t>(INT64_MIN) : number_of(page);
}

}  // namespace

Result<Statistics> SqliteStore::statistics(const Scope& scope, std::string_view event) {
  return connection_->read([&]() -> Result<Statistics> {
    if (event.empty()) {
      return add_up(connection_->query(
          "SELECT c.subject, c.word, sum(c.number) FROM organizer_count AS c" +
              by_organizer(scope, "organizer_count_own") + " WHERE c.number > 0 AND " +
              in_scope(scope, "c.domain", "c.organizer") + " GROUP BY 1, 2",
          scope.domain_name(), scope.organizer_address()));
    }
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    return add_up(
        connection_->query("SELECT subject, word, number FROM event_count"
                           " WHERE domain = ?1 AND event = ?2 AND number > 0",
                           head->domain, head->uid));
  });
}

Result<Paged<ReceiptBucket>> SqliteStore::list_receipt_buckets(const Scope& scope,
                                                               std::string_view event,
                                                               BucketSize size, const Page& page) {
  return connection_->read([&]() -> Result<Paged<ReceiptBucket>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = start_after(page);
    if (!after) return tl::unexpected<Error>(after.error());
    std::vector<ReceiptBucket> buckets;
    if (event.empty()) {
      buckets = read_buckets(
          connection_->query("SELECT c.start, c.kind, sum(c.number) FROM organizer_receipts AS c" +
                                 by_organizer(scope, "organizer_receipts_own") +
                                 " WHERE c.unit = ?3 AND c.start > ?4 AND " +
                                 in_scope(scope, "c.domain", "c.organizer") +
                                 " GROUP BY 1, 2 ORDER BY 1, 2",
                             scope.domain_name(), scope.organizer_address(), size, *after),
          *limit);
    } else {
      const auto head = get_event_head(*connection_, scope, event);
      if (!head) return tl::unexpected<Error>(head.error());
      const std::int64_t seconds = size == BucketSize::hour ? 3600 : 86400;
      buckets = read_buckets(
          connection_->query("SELECT start - ((start % ?3) + ?3) % ?3 AS bucket, kind, sum(number)"
                             " FROM event_receipts WHERE domain = ?1 AND event = ?2"
                             " AND start - ((start % ?3) + ?3) % ?3 > ?4"
                             " GROUP BY 1, 2 ORDER BY 1, 2",
                             head->domain, head->uid, seconds, *after),
          *limit);
    }
    return paged(std::move(buckets), page, [](const ReceiptBucket& last) {
      return std::to_string(last.start.time_since_epoch().count());
    });
  });
}

}  // namespace calinvite::sqlite

// The change feed: rows of steps, each told receipt by receipt.
#include <charconv>

#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Behind this row's event and its receipts up to `seq`; -1: not even the event was told.
struct FeedCursor {
  std::int64_t number = 0;
  std::int64_t seq = 0;
};

Result<FeedCursor> read_cursor(std::string_view text) {
  FeedCursor cursor;
  if (text.empty()) return cursor;
  const char* end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, cursor.number);
  if (number.ec == std::errc() && number.ptr != end && *number.ptr == ' ' &&
      std::from_chars(number.ptr + 1, end, cursor.seq).ptr == end) {
    return cursor;
  }
  return fail(Code::invalid_argument, "not a cursor that the feed gave", Place{{}, 0, 0, "after"});
}

std::string write_cursor(const FeedCursor& cursor) {
  return std::to_string(cursor.number) + ' ' + std::to_string(cursor.seq);
}

/// What one step did to one event.
struct FeedRow {
  std::int64_t number = 0;
  std::string organizer, event;
  bool changed = false;
  std::int64_t first = 0, last = 0;
};

std::string rows_sql(const Scope& scope) {
  // SQLite would rather walk through the domain's rows, which come in order.
  const bool whole = scope.organizer_address().empty();
  return std::string("SELECT number, organizer, event, changed, first, last FROM feed") +
         (whole ? "" : " INDEXED BY feed_organizer") + " WHERE domain = ?1 AND number >= ?2" +
         (whole ? " AND ?3 = ''" : " AND organizer = ?3") + " ORDER BY number";
}

/// Reads on until the feed is full.
class FeedReader {
 public:
  FeedReader(Connection& connection, const Scope& scope, FeedCursor cursor, std::size_t limit)
      : connection_(connection), scope_(scope), cursor_(cursor), limit_(limit) {}

  Feed read() {
    auto rows = connection_.query(rows_sql(scope_), scope_.domain_name(), cursor_.number,
                                  scope_.organizer_address());
    while (!feed_.more && rows.step()) {
      FeedRow row;
      rows.read(row.number, row.organizer, row.event, row.changed, row.first, row.last);
      if (row.number != cursor_.number) cursor_ = {row.number, -1};
      read_row(row);
    }
    feed_.next = write_cursor(cursor_);
    return std::move(feed_);
  }

 private:
  /// @return false when the feed is full
  bool add(const FeedRow& row, std::int64_t seq, std::optional<Receipt> receipt) {
    feed_.more = feed_.items.size() == limit_;
    if (feed_.more) return false;
    feed_.items.push_back({row.event, row.organizer, std::move(receipt)});
    cursor_.seq = seq;
    return true;
  }

  void read_row(const FeedRow& row) {
    if (cursor_.seq < 0) {
      if (row.changed && !add(row, 0, std::nullopt)) return;
      cursor_.seq = 0;
    }
    auto receipts =
        connection_.query("SELECT " + receipt_columns +
                              " FROM receipt WHERE domain = ?1 AND event = ?2 AND seq > ?3"
                              " AND seq BETWEEN ?4 AND ?5 ORDER BY seq",
                          scope_.domain_name(), row.event, cursor_.seq, row.first, row.last);
    while (receipts.step()) {
      std::int64_t seq = 0;
      Receipt receipt = read_receipt(receipts, seq);
      if (!add(row, seq, std::move(receipt))) return;
    }
  }

  Connection& connection_;
  const Scope& scope_;
  FeedCursor cursor_;
  const std::size_t limit_;
  Feed feed_;
};

}  // namespace

Result<Feed> SqliteStore::list_changes(const Scope& scope, std::string_view after,
                                       std::size_t limit) {
  return connection_->read([&]() -> Result<Feed> {
    if (auto there = require_domain(*connection_, scope); !there) {
      return tl::unexpected<Error>(there.error());
    }
    if (auto some = rows_of({limit, {}}); !some) return tl::unexpected<Error>(some.error());
    const auto cursor = read_cursor(after);
    if (!cursor) return tl::unexpected<Error>(cursor.error());
    return FeedReader(*connection_, scope, *cursor, limit).read();
  });
}

}  // namespace calinvite::sqlite

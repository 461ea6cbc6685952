#include "engine/impl.hpp"
#include "ingest/notices.hpp"
#include "report/report.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_search = 256;

/// What mailboxes take: base64 makes a third more of it.
constexpr std::size_t longest_table = 5'000'000;

/// As many rows of the event's report as may be mailed.
Result<ingest::AttendeeTable> write_table(Store& store, const Scope& scope,
                                          std::string_view event) {
  ingest::AttendeeTable table;
  std::uint64_t lines = 0;  // a piece is a row, the first one the header
  const auto written =
      report::write(store, scope, event, ReportFormat::csv, [&](std::string_view row) {
        table.cut = table.csv.size() + row.size() > longest_table;
        if (table.cut) return false;
        table.csv += row;
        ++lines;
        return true;
      });
  if (!written && !table.cut) return tl::unexpected(written.error());
  table.rows = lines - 1;
  return table;
}

}  // namespace

Result<Paged<EventSummary>> Engine::list_events(const Scope& scope, EventFilter filter,
                                                const Page& page) {
  if (filter.search.size() > max_search) {
    return fail(Code::too_large, "a search text of more than 256 bytes", {{}, 0, 0, "search"});
  }
  const std::lock_guard lock(impl_->mutex);
  if (filter.now == std::chrono::sys_seconds{}) filter.now = impl_->clock();
  return impl_->store->list_events(scope, filter, page);
}

Result<Paged<HistoryItem>> Engine::list_history(const Scope& scope, std::string_view event,
                                                std::string_view address, const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  const auto attendee = impl_->store->find_attendee(scope, event, address);
  if (!attendee) return tl::unexpected(attendee.error());
  if (!*attendee) return fail(Code::not_found, std::string(address) + " is not invited to it");
  return impl_->store->list_history(scope, event, address, page);
}

Result<Paged<ReceiptBucket>> Engine::list_receipt_buckets(const Scope& scope,
                                                          std::string_view event, BucketSize size,
                                                          const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_receipt_buckets(scope, event, size, page);
}

Result<Paged<SearchHit>> Engine::search(const Scope& scope, std::string_view text,
                                        const Page& page) {
  if (text.size() > max_search) {
    return fail(Code::too_large, "a search text of more than 256 bytes", {{}, 0, 0, "text"});
  }
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->search(scope, text, page);
}

Result<Feed> Engine::list_changes(const Scope& scope, std::string_view after, std::size_t limit) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_changes(scope, after, limit);
}

Result<void> Engine::mail_report(const Scope& scope, std::string_view event) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  const auto known = impl_->store->get_event(scope, event);
  if (!known) return tl::unexpected(known.error());
  const auto statistics = impl_->store->statistics(scope, event);
  if (!statistics) return tl::unexpected(statistics.error());
  auto table = write_table(*impl_->store, scope, event);
  if (!table) return tl::unexpected(table.error());
  return ingest::notify_report(*context, *known, *statistics, *std::move(table));
}

}  // namespace calinvite

#include "engine/impl.hpp"
#include "ingest/notices.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_search = 256;

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
  return ingest::notify_report(*context, *known, *statistics);
}

}  // namespace calinvite

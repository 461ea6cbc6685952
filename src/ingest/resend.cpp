#include "calinvite/itip.hpp"
#include "ingest/ingest.hpp"

namespace calinvite::ingest {

Result<ChangeCounts> resend_copy(const Context& context, const Scope& scope, std::string_view event,
                                 std::string_view address, std::chrono::sys_seconds not_since) {
  const auto now = context.clock();
  ChangeCounts counts;
  const auto stored = context.store.atomically([&]() -> Result<void> {
    const auto known = context.store.find_event(scope, event);
    if (!known) return tl::unexpected(known.error());
    if (!*known) return fail(Code::not_found, "no event " + std::string(event));
    if ((*known)->status == EventStatus::cancelled) {
      return fail(Code::conflict, "event " + std::string(event) + " is cancelled");
    }
    // As for a first copy: the series as it stands, and each changed date (R77).
    Change current;
    current.sequence = (*known)->sequence;
    const auto mailings = plan_mailings(**known, current, context.zones, now);
    auto planned = context.store.resend(scope, event, address, mailings, not_since, now);
    if (!planned) return tl::unexpected(planned.error());
    counts = *std::move(planned);
    return {};
  });
  if (!stored) return tl::unexpected(stored.error());
  return counts;
}

}  // namespace calinvite::ingest

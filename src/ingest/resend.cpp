#include <map>
#include <utility>
#include <vector>

#include "ingest/ingest.hpp"
#include "ingest/invite.hpp"
#include "store/pages.hpp"

namespace calinvite::ingest {
namespace {

using Time = std::chrono::sys_seconds;

/// The messages in doubt of an event that have not been told again.
struct Doubts {
  std::map<std::string, bool> holders;      ///< by address; true: only the doubt may outdate them
  std::vector<Doubt> withdrawn;             ///< CANCELs of copies that nobody holds any more
  std::map<std::string, std::string> moot;  ///< by address: why nothing of theirs is sent again
};

/// Why a doubt needs nobody to act; empty: it does.
std::string why_moot(const Doubt& doubt, Time now) {
  if (doubt.told_since >= 0) return doubt.told_since > doubt.sequence ? "superseded" : "too_soon";
  if (doubt.expires && *doubt.expires < now) return "over";
  return doubt.withdrawn && doubt.method == Method::request ? "uninvited" : "";
}

Result<Doubts> list_doubts(const Context& context, const Scope& scope, const Event& event) {
  Doubts doubts;
  const auto now = context.clock();
  const auto sort = [&](const Doubt& doubt) -> Result<void> {
    if (auto why = why_moot(doubt, now); !why.empty()) {
      doubts.moot[doubt.address] = std::move(why);
    } else if (doubt.withdrawn) {
      doubts.withdrawn.push_back(doubt);
    } else {
      doubts.holders[doubt.address] = !doubt.lacks_more;
    }
    return {};
  };
  const auto listed = for_each_item(
      [&](const Page& page) { return context.store.list_doubts(scope, event.uid, page); }, sort);
  if (!listed) return tl::unexpected(listed.error());
  for (const auto& [address, unused] : doubts.holders) doubts.moot.erase(address);
  for (const Doubt& doubt : doubts.withdrawn) doubts.moot.erase(doubt.address);
  return doubts;
}

/// Says once more what is in doubt to copies that nobody holds any more.
/// @param address  empty: of anybody
Result<ChangeCounts> repeat_withdrawn(const Context& context, const Scope& scope,
                                      const Doubts& doubts, std::string_view address,
                                      Time not_since) {
  ChangeCounts counts;
  for (const Doubt& doubt : doubts.withdrawn) {
    if (!address.empty() && doubt.address != address) continue;
    const auto one = context.store.repeat(scope, doubt.entry, not_since, context.clock());
    if (!one) return tl::unexpected(one.error());
    counts += *one;
  }
  return counts;
}

/// Why somebody is not sent the event again though they hold an older revision; empty: they are.
std::string why_current(const Attendee& attendee, const Doubts& doubts) {
  if (attendee.partstat == Partstat::declined) return "declined";
  const auto doubt = doubts.holders.find(attendee.address);
  return doubt != doubts.holders.end() && doubt->second ? "in_doubt" : "";
}

}  // namespace

Result<ChangeCounts> resend_copy(const Context& context, const Scope& scope, std::string_view event,
                                 std::string_view address, Time not_since) {
  ChangeCounts counts;
  const auto stored = context.store.atomically([&]() -> Result<void> {
    const auto known = context.store.get_event(scope, event);
    if (!known) return tl::unexpected(known.error());
    if (auto live = check_live(*known); !live) return live;
    auto planned = context.store.resend(scope, event, address, current_mailings(context, *known),
                                        not_since, context.clock());
    if (!planned && planned.error().code == Code::not_found) {
      const auto doubts = list_doubts(context, scope, *known);
      if (!doubts) return tl::unexpected(doubts.error());
      const auto repeated = repeat_withdrawn(context, scope, *doubts, address, not_since);
      if (!repeated) return tl::unexpected(repeated.error());
      const bool any = repeated->cancel > 0 || !repeated->skip.empty();
      if (any) planned = *repeated;
    }
    if (!planned) return tl::unexpected(planned.error());
    counts = *std::move(planned);
    return {};
  });
  if (!stored) return tl::unexpected(stored.error());
  return counts;
}

Result<ChangeCounts> resend_in_doubt(const Context& context, const Scope& scope,
                                     std::string_view event) {
  ChangeCounts counts;
  const auto stored = context.store.atomically([&]() -> Result<void> {
    const auto known = context.store.get_event(scope, event);
    if (!known) return tl::unexpected(known.error());
    const auto doubts = list_doubts(context, scope, *known);
    if (!doubts) return tl::unexpected(doubts.error());
    for (const auto& [address, why] : doubts->moot) ++counts.skip[why];
    const auto mailings = current_mailings(context, *known);
    const auto now = context.clock();
    for (const auto& [address, unused] : doubts->holders) {
      const auto one = context.store.resend(scope, event, address, mailings, now, now);
      if (!one) return tl::unexpected(one.error());
      counts += *one;
    }
    const auto repeated = repeat_withdrawn(context, scope, *doubts, {}, now);
    if (!repeated) return tl::unexpected(repeated.error());
    counts += *repeated;
    return {};
  });
  if (!stored) return tl::unexpected(stored.error());
  return counts;
}

Result<ChangeCounts> resend_outdated(const Context& context, const Scope& scope,
                                     std::string_view event) {
  ChangeCounts counts;
  const auto stored = context.store.atomically([&]() -> Result<void> {
    const auto known = context.store.get_event(scope, event);
    if (!known) return tl::unexpected(known.error());
    if (auto live = check_live(*known); !live) return live;
    const auto doubts = list_doubts(context, scope, *known);
    if (!doubts) return tl::unexpected(doubts.error());
    const auto mailings = current_mailings(context, *known);
    const auto resend = [&](const Attendee& person) -> Result<void> {
      const bool outdated =
          !person.uninvited && person.held_sequence >= 0 && person.held_sequence < known->sequence;
      if (!outdated) return {};
      if (const auto why = why_current(person, *doubts); !why.empty()) {
        ++counts.skip[why];
        return {};
      }
      const auto now = context.clock();
      const auto one = context.store.resend(scope, event, person.address, mailings, now, now);
      if (!one) return tl::unexpected(one.error());
      counts += *one;
      return {};
    };
    return for_each_item(
        [&](const Page& page) { return context.store.list_attendees(scope, event, page); }, resend);
  });
  if (!stored) return tl::unexpected(stored.error());
  return counts;
}

}  // namespace calinvite::ingest

#include <algorithm>
#include <map>
#include <set>

#include "ingest/ingest.hpp"
#include "ingest/invite.hpp"
#include "store/pages.hpp"

namespace calinvite::ingest {
namespace {

using Time = std::chrono::sys_seconds;

void add(ChangeCounts& sum, const ChangeCounts& more, Method method) {
  (method == Method::cancel ? sum.cancel : sum.update) += more.update;
  for (const auto& [reason, count] : more.skip) sum.skip[reason] += count;
}

/// When the last attempt at each address ended in doubt about the event as it is now.
Result<std::map<std::string, Time>> list_doubts(const Context& context, const Scope& scope,
                                                const Event& event, ChangeCounts& counts) {
  std::map<std::string, Time> doubts;
  std::set<std::string> overtaken;
  const auto listed = for_each_item(
      [&](const Page& page) {
        return context.store.list_outbox(scope, OutboxState::in_doubt, event.uid, page);
      },
      [&](const OutboxEntry& entry) -> Result<void> {
        if (entry.sequence < event.sequence) {
          overtaken.insert(entry.address);
        } else {
          auto& last = doubts[entry.address];
          last = std::max(last, entry.changed);
        }
        return {};
      });
  if (!listed) return tl::unexpected(listed.error());
  for (const auto& [address, time] : doubts) overtaken.erase(address);
  if (!overtaken.empty()) counts.skip["superseded"] = overtaken.size();
  return doubts;
}

/// Why somebody is not sent the event again though they hold an older revision; empty: they are.
std::string why_current(const Attendee& attendee, const std::map<std::string, Time>& doubts) {
  if (attendee.partstat == Partstat::declined) return "declined";
  return doubts.count(attendee.address) > 0 ? "in_doubt" : "";
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
    const auto doubts = list_doubts(context, scope, *known, counts);
    if (!doubts) return tl::unexpected(doubts.error());
    const auto mailings = current_mailings(context, *known);
    for (const auto& [address, ended] : *doubts) {
      // What was enqueued after the doubt has said it again already.
      const auto one =
          context.store.resend(scope, event, address, mailings, ended, context.clock());
      if (one) {
        add(counts, *one, mailings.empty() ? Method::request : mailings.front().method);
      } else if (one.error().code == Code::not_found) {
        ++counts.skip["uninvited"];
      } else {
        return tl::unexpected(one.error());
      }
    }
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
    ChangeCounts unused;
    const auto doubts = list_doubts(context, scope, *known, unused);
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
      add(counts, *one, Method::request);
      return {};
    };
    return for_each_item(
        [&](const Page& page) { return context.store.list_attendees(scope, event, page); }, resend);
  });
  if (!stored) return tl::unexpected(stored.error());
  return counts;
}

}  // namespace calinvite::ingest

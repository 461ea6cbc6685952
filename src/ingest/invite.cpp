#include "ingest/invite.hpp"

#include <algorithm>

#include "calinvite/itip.hpp"
#include "calinvite/token.hpp"
#include "ingest/notices.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t requests_per_call = 500;

}  // namespace

Result<void> check_live(const Event& event) {
  if (event.status != EventStatus::cancelled) return {};
  return fail(Code::conflict, "event " + event.uid + " is cancelled");
}

std::vector<Mailing> current_mailings(const Context& context, const Event& event) {
  Change current;
  current.sequence = event.sequence;
  if (event.status == EventStatus::cancelled) current.method = Method::cancel;
  return plan_mailings(event, current, context.zones, context.clock());
}

Result<void> check_open(const Context& context, const Event& event) {
  if (auto live = check_live(event); !live) return live;
  if (!is_over(event, context.zones, context.clock())) return {};
  return fail(Code::conflict, "event " + event.uid + " is over");
}

Result<void> check_not_suspended(const Context& context, std::string_view organizer) {
  const auto known = context.store.find_organizer(context.scope(), organizer);
  if (!known) return tl::unexpected(known.error());
  if (!*known || (*known)->state != OrganizerState::suspended) return {};
  return fail(Code::forbidden, "organizer " + std::string(organizer) + " is suspended");
}

Result<std::vector<InviteVerdict>> invite(const Context& context, const Scope& scope,
                                          std::string_view event,
                                          std::span<const InviteRequest> requests,
                                          std::string_view origin) {
  for (const InviteRequest& request : requests) {
    if (!request.consent) continue;
    if (auto sound = check_consent(*request.consent); !sound) {
      return tl::unexpected(sound.error());
    }
  }
  std::vector<InviteVerdict> verdicts;
  const auto stored = context.store.atomically([&]() -> Result<void> {
    const auto known = context.store.get_event(scope, event);
    if (!known) return tl::unexpected(known.error());
    if (auto may = check_not_suspended(context, known->organizer); !may) return may;
    const auto mailings = current_mailings(context, *known);
    for (std::size_t at = 0; at < requests.size(); at += requests_per_call) {
      const auto now = context.clock();
      std::vector<NewAttendee> part;
      for (const InviteRequest& request :
           requests.subspan(at, std::min(requests_per_call, requests.size() - at))) {
        part.push_back({request, std::string(origin), mint_row_id(context.random, now),
                        mint_uid(context.random, now), mint_address_token(context.random)});
      }
      const auto some = context.store.add_invites(scope, known->uid, part, mailings, now);
      if (!some) return tl::unexpected(some.error());
      verdicts.insert(verdicts.end(), some->begin(), some->end());
    }
    const auto refused = std::find(verdicts.begin(), verdicts.end(), InviteVerdict::limit_reached);
    return refused == verdicts.end() ? Result<void>() : notify_limit(context, *known);
  });
  if (!stored) return tl::unexpected(stored.error());
  return verdicts;
}

}  // namespace calinvite::ingest

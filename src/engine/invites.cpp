#include <algorithm>
#include <utility>
#include <vector>

#include "engine/impl.hpp"
#include "ingest/ingest.hpp"
#include "ingest/invite.hpp"

namespace calinvite {
namespace {

constexpr std::size_t kPart = 5000;  // requests handed to the store at a time

void count(Plan& plan, const std::vector<InviteVerdict>& verdicts) {
  for (const InviteVerdict verdict : verdicts) {
    if (verdict == InviteVerdict::invite) {
      ++plan.invite;
    } else {
      ++plan.skip[std::string(to_string(verdict))];
    }
  }
}

Result<Plan> plan_of(std::string_view event, const Result<ChangeCounts>& counts) {
  if (!counts) return tl::unexpected(counts.error());
  return to_plan(event, *counts);
}

}  // namespace

Result<Plan> Engine::plan_invites(const Scope& scope, std::string_view event,
                                  std::span<const InviteRequest> requests,
                                  std::string_view origin) {
  const std::lock_guard lock(impl_->mutex);
  const auto known = impl_->store->get_event(scope, event);
  if (!known) return tl::unexpected(known.error());
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  if (auto open = ingest::check_open(*context, *known); !open) return tl::unexpected(open.error());
  Plan plan;
  plan.event = known->uid;
  for (std::size_t at = 0; at < requests.size(); at += kPart) {
    const auto part = requests.subspan(at, std::min(kPart, requests.size() - at));
    const auto verdicts = impl_->store->plan_invites(scope, event, part, origin, plan.invite);
    if (!verdicts) return tl::unexpected(verdicts.error());
    count(plan, *verdicts);
  }
  return plan;
}

Result<Plan> Engine::invite(const Scope& scope, std::string_view event,
                            std::span<const InviteRequest> requests, std::string_view origin) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  Plan plan;
  const auto invited = impl_->store->atomically([&]() -> Result<void> {
    const auto known = impl_->store->get_event(scope, event);
    if (!known) return tl::unexpected(known.error());
    if (auto open = ingest::check_open(*context, *known); !open) return open;
    const auto verdicts = ingest::invite(*context, scope, known->uid, requests, origin);
    if (!verdicts) return tl::unexpected(verdicts.error());
    plan.event = known->uid;
    count(plan, *verdicts);
    return {};
  });
  if (!invited) return tl::unexpected(invited.error());
  return plan;
}

Result<Plan> Engine::uninvite(const Scope& scope, std::string_view event,
                              std::string_view address) {
  const std::lock_guard lock(impl_->mutex);
  return plan_of(event, impl_->store->uninvite(scope, event, address, impl_->clock()));
}

Result<Plan> Engine::resend(const Scope& scope, std::string_view event, std::string_view address) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  return plan_of(event, ingest::resend_copy(*context, scope, event, address, impl_->clock()));
}

Result<Plan> Engine::resend_in_doubt(const Scope& scope, std::string_view event) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  return plan_of(event, ingest::resend_in_doubt(*context, scope, event));
}

Result<Plan> Engine::resend_outdated(const Scope& scope, std::string_view event) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  return plan_of(event, ingest::resend_outdated(*context, scope, event));
}

}  // namespace calinvite

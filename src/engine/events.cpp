#include "ingest/events.hpp"

#include <utility>

#include "calinvite/itip.hpp"
#include "engine/impl.hpp"
#include "ingest/ingest.hpp"

namespace calinvite {
namespace {

/// An organizer sets no limit of their own above what the domain allows, or the event has.
/// @param before  nullptr: a new event, which gets the domain's limit where it says the usual one
Result<void> check_limit(const Scope& scope, const Domain& domain, const Event& event,
                         const Event* before) {
  const auto above = [&](std::uint32_t limit) {
    return limit != 0 && (event.invite_limit == 0 || event.invite_limit > limit);
  };
  const std::uint32_t granted = before == nullptr ? usual_invite_limit : before->invite_limit;
  if (scope.organizer_address().empty() || event.invite_limit == granted ||
      !above(domain.invite_limit)) {
    return {};
  }
  return fail(Code::forbidden,
              "an invite limit above the " + std::to_string(domain.invite_limit) + " that " +
                  domain.name + " allows needs the domain's word",
              {{}, 0, 0, "invite_limit"});
}

}  // namespace

Result<Event> Engine::create_event(const Scope& scope, Event event) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  if (!scope.covers(event.organizer)) {
    return fail(Code::not_found, event.organizer + " is outside this scope");
  }
  if (auto sound = check_limit(scope, context->domain, event, nullptr); !sound) {
    return tl::unexpected(sound.error());
  }
  return ingest::create_event(*context, scope, std::move(event));
}

Result<Event> Engine::get_event(const Scope& scope, std::string_view uid) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->get_event(scope, uid);
}

Result<Plan> Engine::update_event(const Scope& scope, const Event& event, bool include_declined) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  const auto before = impl_->store->get_event(scope, event.uid);
  if (!before) return tl::unexpected(before.error());
  if (event.sequence != before->sequence) {
    return fail(Code::conflict, "event " + event.uid + " changed meanwhile: it is at SEQUENCE " +
                                    std::to_string(before->sequence) + ", read it again");
  }
  if (auto sound = check_limit(scope, context->domain, event, &*before); !sound) {
    return tl::unexpected(sound.error());
  }
  const auto counts = ingest::change_event(*context, scope, *before, event, include_declined);
  if (!counts) return tl::unexpected(counts.error());
  return to_plan(event.uid, counts->value_or(ChangeCounts{}));
}

Result<Plan> Engine::preview_update(const Scope& scope, const Event& event, bool include_declined) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  const auto before = impl_->store->get_event(scope, event.uid);
  if (!before) return tl::unexpected(before.error());
  const auto planned = ingest::plan_event_change(*context, *before, event);
  if (!planned) return tl::unexpected(planned.error());
  if (!*planned) return to_plan(event.uid, {});
  const auto counts = impl_->store->preview_change(scope, event.uid, (*planned)->change,
                                                   (*planned)->mailings, include_declined);
  if (!counts) return tl::unexpected(counts.error());
  return to_plan(event.uid, *counts);
}

Result<Plan> Engine::cancel_event(const Scope& scope, std::string_view uid, bool include_declined) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  const auto before = impl_->store->get_event(scope, uid);
  if (!before) return tl::unexpected(before.error());
  Event after = *before;
  after.status = EventStatus::cancelled;
  const auto counts = ingest::change_event(*context, scope, *before, after, include_declined);
  if (!counts) return tl::unexpected(counts.error());
  return to_plan(uid, counts->value_or(ChangeCounts{}));
}

}  // namespace calinvite

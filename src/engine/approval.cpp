// Changes that wait for a go-ahead, by program or by a mailed link.
#include <utility>

#include "engine/impl.hpp"
#include "ingest/held_change.hpp"

namespace calinvite {
namespace {

Result<Approval> approval_of(const ingest::Context& context, const Scope& scope,
                             const HeldChange& change) {
  auto before = context.store.get_event(scope, change.event.uid);
  if (!before) return tl::unexpected(before.error());
  const auto cost = ingest::preview_held_change(context, scope, change);
  if (!cost) return tl::unexpected(cost.error());
  return Approval{context.domain.name, *std::move(before), change.event,
                  to_plan(change.event.uid, *cost)};
}

}  // namespace

Result<Engine::Impl::Approving> Engine::Impl::find_approving(std::string_view token) {
  auto link = find_link(token, TokenPurpose::approval);
  if (!link) return tl::unexpected(link.error());
  auto change = store->find_held_change_by_id(Scope::domain(link->domain.name), link->token.row);
  if (!change) return tl::unexpected(change.error());
  if (!*change) {
    return fail(Code::conflict,
                "nothing waits here: it was approved, dropped, or replaced by a "
                "newer change");
  }
  return Approving{std::move(link->domain), **std::move(change)};
}

Result<std::optional<Approval>> Engine::find_held_change(const Scope& scope,
                                                         std::string_view event) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  const auto change = impl_->store->find_held_change(scope, event);
  if (!change) return tl::unexpected(change.error());
  if (!*change) return std::optional<Approval>();
  auto approval = approval_of(*context, scope, **change);
  if (!approval) return tl::unexpected(approval.error());
  return std::optional(*std::move(approval));
}

Result<Paged<HeldChange>> Engine::list_held_changes(const Scope& scope, const Page& page) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->store->list_held_changes(scope, page);
}

Result<Plan> Engine::approve_change(const Scope& scope, std::string_view event) {
  const std::lock_guard lock(impl_->mutex);
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  const auto counts = ingest::apply_held_change(*context, scope, event);
  if (!counts) return tl::unexpected(counts.error());
  return to_plan(event, *counts);
}

Result<void> Engine::drop_held_change(const Scope& scope, std::string_view event) {
  const std::lock_guard lock(impl_->mutex);
  const auto dropped = impl_->store->drop_held_change(scope, event);
  if (!dropped) return tl::unexpected(dropped.error());
  if (*dropped) return {};
  return fail(Code::conflict, "nothing waits for approval at event " + std::string(event));
}

Result<Approval> Engine::find_approval(std::string_view token) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->find_approving(token);
  if (!found) return tl::unexpected(found.error());
  const auto context = impl_->context(found->domain);
  return approval_of(context, context.scope(), found->change);
}

Result<Plan> Engine::approve(std::string_view token) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->find_approving(token);
  if (!found) return tl::unexpected(found.error());
  const auto context = impl_->context(found->domain);
  const auto counts = ingest::apply_shown_change(context, context.scope(), found->change);
  if (!counts) return tl::unexpected(counts.error());
  return to_plan(found->change.event.uid, *counts);
}

}  // namespace calinvite

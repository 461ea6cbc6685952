#include "outbox/preview.hpp"

#include "calinvite/token.hpp"
#include "engine/impl.hpp"
#include "ingest/invite.hpp"

namespace calinvite {
namespace {

/// What somebody would get who is invited now; kept nowhere.
ClaimedInvite sample_invite(const Event& event, const Scope& scope, std::string address,
                            const Random& random, std::chrono::sys_seconds now) {
  ClaimedInvite invite;
  invite.domain = scope.domain_name();
  invite.event = event.uid;
  invite.organizer = event.organizer;
  invite.sequence = event.sequence;
  invite.attendee.event = event.uid;
  invite.attendee.address = std::move(address);
  invite.attendee.id = mint_row_id(random, now);
  invite.attendee.uid = mint_uid(random, now);
  invite.address_token = mint_address_token(random);
  return invite;
}

}  // namespace

Result<OutgoingMessage> Engine::preview(const Scope& scope, std::string_view event,
                                        std::string_view address) {
  const std::lock_guard lock(impl_->mutex);
  auto person = normalize_address(address);
  if (!person) return tl::unexpected(person.error());
  const auto known = impl_->store->get_event(scope, event);
  if (!known) return tl::unexpected(known.error());
  auto invite = impl_->store->draft_invite(scope, event, *person);
  if (!invite) return tl::unexpected(invite.error());
  if (!*invite) {
    const auto context = impl_->context_of(scope);
    if (!context) return tl::unexpected(context.error());
    if (auto open = ingest::check_open(*context, *known); !open) {
      return tl::unexpected(open.error());
    }
    *invite = sample_invite(*known, scope, *std::move(person), impl_->random, impl_->clock());
  }
  const auto nowhere = make_callback_transport({});
  const outbox::Surroundings with = impl_->surroundings(*nowhere);
  return outbox::preview(with, **invite);
}

}  // namespace calinvite

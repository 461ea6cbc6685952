#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/itip.hpp"
#include "engine/impl.hpp"
#include "ingest/ingest.hpp"
#include "ingest/invite.hpp"
#include "outbox/link_end.hpp"

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
  Plan plan;
  plan.event = std::string(event);
  plan.update = counts->update;
  plan.cancel = counts->cancel;
  plan.skip = counts->skip;
  return plan;
}

struct Preset {
  ButtonPreset preset;
  std::string_view word, email, name;
};
constexpr Preset kPresets[] = {
    {ButtonPreset::mailchimp, "mailchimp", "*|EMAIL|*", "*|FNAME|*"},
    {ButtonPreset::klaviyo, "klaviyo", "{{ email }}", "{{ first_name }}"},
    {ButtonPreset::sendgrid, "sendgrid", "{{email}}", "{{first_name}}"},
    {ButtonPreset::hubspot, "hubspot", "{{ contact.email }}", "{{ contact.firstname }}"},
    {ButtonPreset::convertkit, "convertkit", "{{ subscriber.email_address }}",
     "{{ subscriber.first_name }}"},
    {ButtonPreset::zoho, "zoho", "$[LEAD:EMAIL]$", "$[LEAD:FNAME]$"},
    {ButtonPreset::wix, "wix", "{{contact.email}}", "{{contact.firstName}}"},
    {ButtonPreset::generic, "generic", "{email}", "{name}"},
};

/// The origin that a vendor's button is counted under.
std::string origin_of(ButtonPreset preset) {
  switch (preset) {
    case ButtonPreset::mailchimp:
      return "mailchimpcta";
    case ButtonPreset::sendgrid:
      return "sendgridcta";
    case ButtonPreset::klaviyo:
      return "klaviyocta";
    case ButtonPreset::generic:
      return "emailcta";
    default:
      return std::string(to_string(preset));
  }
}

}  // namespace

std::string_view to_string(ButtonPreset preset) noexcept {
  for (const Preset& known : kPresets) {
    if (known.preset == preset) return known.word;
  }
  return "generic";
}

std::optional<ButtonPreset> parse_button_preset(std::string_view word) {
  for (const Preset& known : kPresets) {
    if (known.word == word) return known.preset;
  }
  return std::nullopt;
}

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
  const auto known = impl_->store->get_event(scope, event);
  if (!known) return tl::unexpected(known.error());
  const auto context = impl_->context_of(scope);
  if (!context) return tl::unexpected(context.error());
  if (auto open = ingest::check_open(*context, *known); !open) return tl::unexpected(open.error());
  const auto verdicts = ingest::invite(*context, scope, *known, requests, origin);
  if (!verdicts) return tl::unexpected(verdicts.error());
  Plan plan;
  plan.event = known->uid;
  count(plan, *verdicts);
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

Result<IngestItem> Engine::rsvp(std::string_view token, Partstat answer) {
  const std::lock_guard lock(impl_->mutex);
  const auto domains = impl_->store->list_domains();
  if (!domains) return tl::unexpected(domains.error());
  for (const Domain& domain : *domains) {
    const auto ring = impl_->key_ring(domain.name);
    if (!ring) return tl::unexpected(ring.error());
    const auto now = impl_->clock();
    const auto link = verify_link_token(token, TokenPurpose::rsvp, **ring, now);
    if (!link) continue;
    const auto context = impl_->context(domain);
    const auto attendee = impl_->store->find_attendee_by_id(context.scope(), link->row);
    if (!attendee) return tl::unexpected(attendee.error());
    if (!*attendee) break;
    Reply reply;
    reply.partstat = answer;
    reply.dtstamp = now;
    reply.channel = "web";
    const auto event = impl_->store->get_event(context.scope(), (*attendee)->event);
    if (!event) return tl::unexpected(event.error());
    if (event->status == EventStatus::cancelled || (*attendee)->uninvited) {
      return fail(Code::conflict, "the invitation was withdrawn; there is nothing to answer");
    }
    reply.sequence = event->sequence;  // the page shows the event as it is now
    IngestItem item;
    item.source = "web";
    item.item = (*attendee)->uid;
    ingest::Answer pressed;
    pressed.reply = reply;
    // Every press of a button is an answer of its own; our clock tells them apart.
    pressed.key = "web " + std::string(to_string(answer)) + ' ' + format_iso(now);
    return ingest::record_answer(context, **attendee, pressed, std::move(item));
  }
  return fail(Code::unauthenticated, "not a valid RSVP link");
}

Result<std::string> Engine::rsvp_token(const Scope& scope, std::string_view event,
                                       std::string_view address) {
  const std::lock_guard lock(impl_->mutex);
  const auto known = impl_->store->get_event(scope, event);
  if (!known) return tl::unexpected(known.error());
  const auto attendee = impl_->store->find_attendee(scope, event, address);
  if (!attendee) return tl::unexpected(attendee.error());
  if (!*attendee) return fail(Code::not_found, std::string(address) + " is not invited to it");
  const auto ring = impl_->key_ring(scope.domain_name());
  if (!ring) return tl::unexpected(ring.error());
  const auto expires = outbox::link_end(outbox::end_of(*known, impl_->zones), impl_->clock());
  return mint_link_token({TokenPurpose::rsvp, (*attendee)->id, expires}, **ring);
}

Result<std::string> Engine::Impl::button(const Scope& scope, std::string_view event,
                                         ButtonPreset preset, std::string_view landing) {
  const auto known = store->get_event(scope, event);
  if (!known) return tl::unexpected(known.error());
  const auto domain = get_domain(scope.domain_name());
  if (!domain) return tl::unexpected(domain.error());
  const auto stored = store->get_button(
      scope, {mint_row_id(random), known->uid, origin_of(preset), std::string(landing)});
  if (!stored) return tl::unexpected(stored.error());
  const auto ring = key_ring(domain->name);
  if (!ring) return tl::unexpected(ring.error());
  const auto expires = outbox::link_end(outbox::end_of(*known, zones), clock());
  const auto token = mint_link_token({TokenPurpose::button, stored->id, expires}, **ring);
  const auto& tags = *std::find_if(std::begin(kPresets), std::end(kPresets),
                                   [&](const Preset& one) { return one.preset == preset; });
  const std::string link = button_link(domain->base_url, known->uid, token) +
                           "&email=" + std::string(tags.email) + "&name=" + std::string(tags.name);
  return "<a href=\"" + text::html_escape(link) +
         "\" ses:no-track style=\"display:inline-block;padding:12px 24px;border-radius:6px;"
         "background:#1a5fb4;color:#ffffff;font-family:sans-serif;font-weight:bold;"
         "text-decoration:none\">" +
         text::html_escape(known->summary) + "</a>\n";
}

Result<std::string> Engine::button(const Scope& scope, std::string_view event, ButtonPreset preset,
                                   std::string_view landing) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->button(scope, event, preset, landing);
}

}  // namespace calinvite

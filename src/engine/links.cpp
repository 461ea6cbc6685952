// What links do when somebody follows them: answers, buttons, visits.
#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/itip.hpp"
#include "engine/impl.hpp"
#include "ingest/ingest.hpp"
#include "ingest/invite.hpp"
#include "ingest/visit.hpp"
#include "outbox/link_end.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_comment_bytes = 4000;

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

/// What a cap counts by names nobody, even to those who read the store.
DailyCap cap_of(const KeyRing& ring, std::string_view kind, std::string_view whom,
                std::uint32_t most) {
  const std::string subject = std::string(kind) + '\0' + std::string(whom);
  return {std::string(kind) + ' ' +
              text::hex(crypto::hmac_sha256(ring.newest().secret, "calinvite cap " + subject)),
          most};
}

std::vector<DailyCap> caps_of(const KeyRing& ring, const InviteRequest& request,
                              std::string_view event, std::string_view network,
                              const ButtonCaps& caps) {
  std::vector<DailyCap> all = {cap_of(ring, "address", mailbox_key(request.address), caps.address),
                               cap_of(ring, "event", event, caps.event),
                               cap_of(ring, "domain", {}, caps.domain)};
  if (!network.empty()) all.push_back(cap_of(ring, "network", network, caps.network));
  return all;
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

Result<Engine::Impl::Link> Engine::Impl::find_link(std::string_view token, TokenPurpose purpose) {
  const auto id = link_token_key(token);
  if (!id) return fail(Code::unauthenticated, "not a valid link");
  const auto domains = store->list_domains_with_key(*id);
  if (!domains) return tl::unexpected(domains.error());
  for (const Domain& domain : *domains) {
    const auto ring = key_ring(domain.name);
    if (!ring) return tl::unexpected(ring.error());
    const auto link = verify_link_token(token, purpose, **ring, clock());
    if (link) return Link{domain, *ring, *link};
  }
  return fail(Code::unauthenticated, "not a valid link");
}

Result<LinkedCopy> Engine::Impl::find_linked_copy(std::string_view token, TokenPurpose purpose) {
  auto link = find_link(token, purpose);
  if (!link) return tl::unexpected(link.error());
  const auto scope = Scope::domain(link->domain.name);
  auto attendee = store->find_attendee_by_id(scope, link->token.row);
  if (!attendee) return tl::unexpected(attendee.error());
  if (!*attendee) return fail(Code::unauthenticated, "not a valid link");
  auto event = store->get_event(scope, (*attendee)->event);
  if (!event) return tl::unexpected(event.error());
  return LinkedCopy{std::move(link->domain), **std::move(attendee), *std::move(event)};
}

Result<IngestItem> Engine::rsvp(std::string_view token, Partstat answer, std::string_view comment,
                                std::optional<std::int32_t> sequence) {
  const std::lock_guard lock(impl_->mutex);
  const auto copy = impl_->find_linked_copy(token, TokenPurpose::rsvp);
  if (!copy) return tl::unexpected(copy.error());
  if (copy->event.status == EventStatus::cancelled || copy->attendee.uninvited) {
    return fail(Code::conflict, "the invitation was withdrawn; there is nothing to answer");
  }
  const auto now = impl_->clock();
  if (is_over(copy->event, impl_->zones, now)) {
    return fail(Code::conflict, "the event is over; there is nothing to answer");
  }
  // What was shown was another time; who reads the new one may answer otherwise (R110).
  const std::int32_t shown = sequence.value_or(copy->event.sequence);
  if (shown < copy->event.key_sequence) {
    return fail(Code::conflict, "the time has changed since; it must be shown first");
  }
  ingest::Answer pressed;
  pressed.reply.partstat = answer;
  pressed.reply.dtstamp = now;
  pressed.reply.channel = "web";
  pressed.reply.comment = text::utf8_prefix(text::to_valid_utf8(comment), max_comment_bytes);
  pressed.reply.sequence = shown;
  // Every press of a button is an answer of its own; a clock of seconds can't tell them apart.
  pressed.key = "web " + text::hex(mint_row_id(impl_->random, impl_->clock()));
  IngestItem item;
  item.source = "web";
  item.item = copy->attendee.uid;
  return ingest::record_answer(impl_->context(copy->domain), copy->attendee, pressed,
                               std::move(item));
}

Result<void> Engine::record_visit(std::string_view token, TokenPurpose purpose,
                                  const LinkVisit& visit) {
  const std::lock_guard lock(impl_->mutex);
  const auto copy = impl_->find_linked_copy(token, purpose);
  if (!copy) return tl::unexpected(copy.error());
  const std::array<std::string_view, 3> answers = {"accepted", "tentative", "declined"};
  const bool known = purpose == TokenPurpose::unsubscribe
                         ? visit.link == "unsubscribe"
                         : std::find(answers.begin(), answers.end(), visit.link) != answers.end();
  if (!known) return fail(Code::invalid_argument, "no such link", {{}, 0, 0, "link"});
  return ingest::record_visit(impl_->context(copy->domain), copy->attendee, visit.link,
                              visit.head || ingest::is_automatic(visit.agent));
}

Result<bool> Engine::press_button(std::string_view event, std::string_view token,
                                  const InviteRequest& request, std::string_view network,
                                  const ButtonCaps& caps) {
  const std::lock_guard lock(impl_->mutex);
  const auto link = impl_->find_link(token, TokenPurpose::button);
  if (!link) return tl::unexpected(link.error());
  const auto context = impl_->context(link->domain);
  const auto button = impl_->store->find_button(context.scope(), link->token.row);
  if (!button) return tl::unexpected(button.error());
  if (!*button || (*button)->event != event) return fail(Code::unauthenticated, "not a valid link");
  const auto counted = caps_of(*link->ring, request, event, network, caps);
  bool invited = false;
  const auto done = impl_->store->atomically([&]() -> Result<void> {
    const auto known = impl_->store->get_event(context.scope(), event);
    if (!known) return tl::unexpected(known.error());
    if (auto open = ingest::check_open(context, *known); !open) return open;
    const auto within = impl_->store->count_use(context.scope(), counted, impl_->clock());
    if (!within) return tl::unexpected(within.error());
    if (!*within) return {};
    const auto verdicts =
        ingest::invite(context, context.scope(), event, std::span(&request, 1), (*button)->origin);
    if (!verdicts) return tl::unexpected(verdicts.error());
    invited = verdicts->front() == InviteVerdict::invite;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return invited;
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
  const auto expires = outbox::link_end(over_at(*known, impl_->zones), impl_->clock());
  return mint_link_token({TokenPurpose::rsvp, (*attendee)->id, expires}, **ring);
}

Result<std::string> Engine::Impl::button(const Scope& scope, std::string_view event,
                                         ButtonPreset preset, std::string_view landing) {
  const auto known = store->get_event(scope, event);
  if (!known) return tl::unexpected(known.error());
  const auto domain = get_domain(scope.domain_name());
  if (!domain) return tl::unexpected(domain.error());
  if (auto sound = landing.empty() ? Result<void>() : check_web_address("landing", landing);
      !sound) {
    return tl::unexpected(sound.error());
  }
  const auto stored = store->get_button(
      scope, {mint_row_id(random, clock()), known->uid, origin_of(preset), std::string(landing)});
  if (!stored) return tl::unexpected(stored.error());
  const auto ring = key_ring(domain->name);
  if (!ring) return tl::unexpected(ring.error());
  const auto expires = outbox::link_end(over_at(*known, zones), clock());
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

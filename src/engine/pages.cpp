// What the pages of links show. Nothing here stores anything (R122).
#include "calinvite/ical.hpp"
#include "calinvite/itip.hpp"
#include "compose/merge.hpp"
#include "compose/words.hpp"
#include "engine/impl.hpp"

namespace calinvite {
namespace {

constexpr std::chrono::hours form_life{12};

/// By which those take part who are invited; a page that others see leaves it out.
void leave_out_links_to_join(Event& event) {
  event.conference.clear();
  if (compose::is_link(event.location)) event.location.clear();
  for (Override& changed : event.overrides) {
    changed.conference.reset();
    if (compose::is_link(changed.location)) changed.location.clear();
  }
}

void fill_in(EventPage& page, std::string_view name, std::string_view address) {
  const std::string& organizer = page.organizer.empty() ? page.organizer_address : page.organizer;
  page.event = compose::merge(std::move(page.event), {name, address, organizer});
}

}  // namespace

Result<EventPage> Engine::Impl::event_page(const Domain& domain, Event event) {
  const auto organizer = store->find_organizer(Scope::domain(domain.name), event.organizer);
  if (!organizer) return tl::unexpected(organizer.error());
  if (!*organizer) return fail(Code::not_found, "no organizer of " + event.uid);
  EventPage page;
  page.domain = domain.name;
  page.organizer = (*organizer)->name;
  page.organizer_address = (*organizer)->local_part + '@' + domain.reply_domain;
  if (event.status == EventStatus::cancelled) {
    page.state = PageState::cancelled;
  } else if (is_over(event, zones, clock())) {
    page.state = PageState::over;
  }
  page.event = std::move(event);
  return page;
}

Result<EventPage> Engine::find_rsvp(std::string_view token) {
  const std::lock_guard lock(impl_->mutex);
  const auto copy = impl_->find_linked_copy(token, TokenPurpose::rsvp);
  if (!copy) return tl::unexpected(copy.error());
  const Domain& domain = copy->domain;
  auto page = impl_->event_page(domain, copy->event);
  if (!page) return page;
  if (copy->attendee.uninvited) page->state = PageState::withdrawn;
  if (page->state == PageState::open) {
    const auto draft = impl_->store->draft_invite(Scope::domain(domain.name), page->event.uid,
                                                  copy->attendee.address);
    if (!draft) return tl::unexpected(draft.error());
    if (*draft) {
      const auto local_part = page->organizer_address.substr(0, page->organizer_address.find('@'));
      auto own =
          token_address(local_part, (*draft)->address_token, domain.reply_domain, domain.separator);
      if (!own) return tl::unexpected(own.error());
      page->organizer_address = *std::move(own);
    }
  }
  page->attendee = copy->attendee;
  fill_in(*page, copy->attendee.name, copy->attendee.address);
  return page;
}

Result<EventPage> Engine::find_button(std::string_view uid, std::string_view token) {
  const std::lock_guard lock(impl_->mutex);
  const auto link = impl_->find_link(token, TokenPurpose::button);
  if (!link) return tl::unexpected(link.error());
  const Scope scope = Scope::domain(link->domain.name);
  const auto button = impl_->store->find_button(scope, link->token.row);
  if (!button) return tl::unexpected(button.error());
  if (!*button || (*button)->event != uid) return fail(Code::unauthenticated, "not a valid link");
  auto event = impl_->store->get_event(scope, uid);
  if (!event) return tl::unexpected(event.error());
  auto page = impl_->event_page(link->domain, *std::move(event));
  if (!page) return page;
  page->landing = (*button)->landing.empty() ? page->event.landing : (*button)->landing;
  page->landings = link->domain.landings;
  page->landings.insert(page->landings.end(), {page->landing, page->event.landing});
  std::erase_if(page->landings, [](const std::string& landing) { return landing.empty(); });
  leave_out_links_to_join(page->event);
  fill_in(*page, {}, {});
  return page;
}

Result<EventPage> Engine::find_event_page(std::string_view uid) {
  const std::lock_guard lock(impl_->mutex);
  const auto domains = impl_->store->list_domains();
  if (!domains) return tl::unexpected(domains.error());
  for (const Domain& domain : *domains) {
    auto event = impl_->store->find_event(Scope::domain(domain.name), uid);
    if (!event) return tl::unexpected(event.error());
    if (!*event) continue;
    auto page = impl_->event_page(domain, **std::move(event));
    if (!page) return page;
    leave_out_links_to_join(page->event);
    fill_in(*page, {}, {});
    return page;
  }
  return fail(Code::not_found, "no such event");
}

Result<std::string> Engine::calendar_file(const EventPage& page) {
  const std::lock_guard lock(impl_->mutex);
  CalendarCopy copy;
  copy.event = &page.event;
  copy.method = Method::publish;
  copy.sequence = page.event.sequence;
  copy.uid = page.attendee ? page.attendee->uid : page.event.uid;
  copy.organizer_address = page.organizer_address;
  copy.organizer_name = page.organizer;
  copy.description = page.event.description;
  copy.dtstamp = impl_->clock();
  return write_calendar(copy, impl_->zones);
}

Result<std::string> Engine::issue_nonce(std::string_view token, TokenPurpose purpose,
                                        std::int32_t sequence) {
  const std::lock_guard lock(impl_->mutex);
  const auto link = impl_->find_link(token, purpose);
  if (!link) return tl::unexpected(link.error());
  const LinkToken form{TokenPurpose::form, nonce_row(token, sequence), impl_->clock() + form_life};
  return mint_link_token(form, *link->ring);
}

Result<FormCheck> Engine::check_nonce(std::string_view token, std::string_view nonce) {
  const std::lock_guard lock(impl_->mutex);
  const auto issued = impl_->find_link(nonce, TokenPurpose::form);
  if (!issued) return tl::unexpected(issued.error());
  const auto now = impl_->clock();
  const auto left = issued->token.expires - now;
  const std::int32_t sequence = nonce_sequence(issued->token.row);
  if (issued->token.row != nonce_row(token, sequence) || left > form_life) {
    return fail(Code::unauthenticated, "not a valid form");
  }
  return FormCheck{form_life - left, sequence};
}

}  // namespace calinvite

// Links by which people become organizers.
#include "ingest/registration.hpp"

#include <utility>
#include <vector>

#include "engine/impl.hpp"
#include "ingest/owner.hpp"

namespace calinvite {
namespace {

constexpr std::size_t most_at_once = 20;  // a page must answer soon
constexpr std::size_t most_counted = 1000;

/// Mails that wait only for their sender's word, oldest first; `most` at most.
Result<std::vector<std::int64_t>> list_waiting(ScopedStore& store, const Domain& domain,
                                               const std::string& sender, std::size_t most) {
  // What was taken in and still could not land has another reason, and must not be in the way.
  const std::string reason = ingest::not_an_organizer(sender, domain);
  std::vector<std::int64_t> ids;
  Page page{1000, {}};
  do {
    const auto part = store.list_quarantine(Scope::organizer(domain.name, sender), page);
    if (!part) return tl::unexpected(part.error());
    for (const Quarantined& item : part->items) {
      if (item.reason.starts_with(reason) && ids.size() < most) ids.push_back(item.id);
    }
    page.after = part->next;
  } while (!page.after.empty() && ids.size() < most);
  return ids;
}

}  // namespace

Result<Engine::Impl::Registering> Engine::Impl::find_registering(std::string_view token) {
  auto link = find_link(token, TokenPurpose::registration);
  if (!link) return tl::unexpected(link.error());
  auto waiting = store->find_registration(Scope::domain(link->domain.name), link->token.row);
  if (!waiting) return tl::unexpected(waiting.error());
  if (!*waiting) {
    return fail(Code::unauthenticated, "the link is not valid; a new one is needed");
  }
  return Registering{std::move(link->domain), **std::move(waiting)};
}

Result<RegistrationPage> Engine::find_registration(std::string_view token) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->find_registering(token);
  if (!found) return tl::unexpected(found.error());
  const auto& [domain, person] = *found;
  const auto waiting = list_waiting(*impl_->store, domain, person.address, most_counted);
  if (!waiting) return tl::unexpected(waiting.error());
  return RegistrationPage{domain.name, person.address, waiting->size()};
}

Result<Organizer> Engine::confirm_registration(std::string_view token,
                                               const IngestHandler& on_item) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->find_registering(token);
  if (!found) return tl::unexpected(found.error());
  const auto& [domain, person] = *found;
  const Scope theirs = Scope::organizer(domain.name, person.address);
  auto known = impl_->store->find_organizer(theirs, person.address);
  if (!known) return tl::unexpected(known.error());
  if (*known && (*known)->state == OrganizerState::suspended) {
    return fail(Code::forbidden, person.address + " is suspended");
  }
  if (!*known) {
    if (domain.registration == Registration::closed) {
      return fail(Code::forbidden, domain.name + " registers organizers itself; ask its operator");
    }
    *known = ingest::new_organizer(domain, person.address, person.name);
    const auto added = impl_->store->add_organizer(Scope::domain(domain.name), **known);
    if (!added) return tl::unexpected(added.error());
  }
  // When this stops half-way, or more of them wait, pressing again does the rest.
  const auto waiting = list_waiting(*impl_->store, domain, person.address, most_at_once);
  if (!waiting) return tl::unexpected(waiting.error());
  for (const std::int64_t id : *waiting) {
    const auto item = impl_->store->get_quarantined(theirs, id);
    if (!item) return tl::unexpected(item.error());
    IngestInput input = Impl::kept_input(*item, {true, person.address, "confirmation", {}});
    input.domain = domain.name;
    const auto taken = impl_->ingest(input, on_item);
    if (!taken) return tl::unexpected(taken.error());
  }
  return **std::move(known);
}

}  // namespace calinvite

// Links by which people become organizers.
#include "ingest/registration.hpp"

#include <utility>
#include <vector>

#include "engine/impl.hpp"

namespace calinvite {
namespace {

/// Mails that a sender's word was missing for, oldest first.
Result<std::vector<std::int64_t>> list_waiting(ScopedStore& store, const Scope& sender) {
  std::vector<std::int64_t> ids;
  Page page{1000, {}};
  do {
    const auto part = store.list_quarantine(sender, page);
    if (!part) return tl::unexpected(part.error());
    for (const Quarantined& item : part->items) ids.push_back(item.id);
    page.after = part->next;
  } while (!page.after.empty());
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
  const auto waiting = list_waiting(*impl_->store, Scope::organizer(domain.name, person.address));
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
  // When this stops half-way, pressing again does the rest.
  const auto waiting = list_waiting(*impl_->store, theirs);
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

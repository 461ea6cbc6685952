#include "ingest/registration.hpp"

#include <utility>

#include "base/text.hpp"
#include "ingest/owner.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::chrono::days link_lasts{7};

/// A display name as a mail has it; empty when it can't stand in ours.
std::string name_of(std::string_view name) {
  constexpr std::size_t longest = 200;
  const auto part = text::utf8_prefix(text::trim(name), longest);
  return text::check_single_line(part, "name") ? std::string(part) : std::string();
}

}  // namespace

Result<Registration> registration_of(const Context& context, std::string_view address) {
  if (context.domain.registration == Registration::closed) return Registration::closed;
  const auto stranger = is_stranger(context, address);
  if (!stranger) return tl::unexpected(stranger.error());
  return *stranger ? context.domain.registration : Registration::closed;
}

Organizer new_organizer(const Domain& domain, std::string address, std::string_view name) {
  Organizer organizer;
  organizer.domain = domain.name;
  organizer.address = std::move(address);
  organizer.name = name_of(name);
  organizer.local_part = domain.from.substr(0, domain.from.rfind('@'));
  return organizer;
}

Result<void> ask_to_register(const Context& context, NoticeTo to, std::string_view name) {
  const auto now = context.clock();
  const PendingRegistration wanted{mint_row_id(context.random, context.clock()), to.address,
                                   name_of(name), now + link_lasts};
  const auto waiting = context.store.keep_registration(context.scope(), wanted, now);
  if (!waiting) return tl::unexpected(waiting.error());
  const auto token = context.mint({TokenPurpose::registration, waiting->id, waiting->expires});
  if (!token) return tl::unexpected(token.error());
  to.cause = "registration " + text::hex(waiting->id);
  return notify(context, to, NoticeKind::registration, nullptr,
                {{"link", context.domain.base_url + "/c/" + *token}});
}

}  // namespace calinvite::ingest

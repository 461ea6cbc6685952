#include "ingest/owner.hpp"

#include <algorithm>
#include <utility>

namespace calinvite::ingest {
namespace {

/// The ORGANIZER of all events together; empty when none names one.
/// @error forbidden  they disagree
Result<std::string> claimed_organizer(std::span<const ParsedEvent> parts) {
  std::string claimed;
  for (const ParsedEvent& parsed : parts) {
    const std::string& one = parsed.event.source_organizer;
    if (one.empty() || one == claimed) continue;
    if (!claimed.empty())
      return fail(Code::forbidden, "names two ORGANIZERs for one event", {{}, 0, 0, "ORGANIZER"});
    claimed = one;
  }
  return claimed;
}

}  // namespace

Result<bool> is_stranger(const Context& context, std::string_view address) {
  const auto own = context.store.find_organizer(context.scope(), address);
  if (!own) return tl::unexpected(own.error());
  if (*own) return false;
  const auto principals = context.store.list_principals(context.scope(), address);
  if (!principals) return tl::unexpected(principals.error());
  return principals->empty();
}

std::string not_an_organizer(std::string_view address, const Domain& domain) {
  return std::string(address) + " is not an organizer of " + domain.name;
}

Result<Sender> require_sender(const Context& context, const IngestInput& input) {
  if (!input.authentication.passed) return nobody_vouches(input.authentication);
  Sender sender;
  sender.address = input.authentication.address;
  auto own = context.store.find_organizer(context.scope(), sender.address);
  if (!own) return tl::unexpected(own.error());
  if (*own && (*own)->state == OrganizerState::suspended) {
    return fail(Code::forbidden, sender.address + " is suspended");
  }
  auto principals = context.store.list_principals(context.scope(), sender.address);
  if (!principals) return tl::unexpected(principals.error());
  if (!*own && principals->empty()) {
    return fail(Code::forbidden, not_an_organizer(sender.address, context.domain));
  }
  sender.own = *std::move(own);
  sender.principals = *std::move(principals);
  return sender;
}

Result<Organizer> find_owner(const Context& context, const Sender& sender,
                             std::span<const ParsedEvent> parts) {
  std::vector<Organizer> candidates = sender.principals;
  if (sender.own) candidates.insert(candidates.begin(), *sender.own);
  const auto candidate = [&](std::string_view address) {
    return std::find_if(candidates.begin(), candidates.end(),
                        [&](const Organizer& one) { return one.address == address; });
  };
  const std::string& uid = parts.front().event.source_uid;
  const auto owners = context.store.list_source_owners(context.scope(), uid);
  if (!owners) return tl::unexpected(owners.error());
  for (const Organizer& one : candidates) {
    if (std::find(owners->begin(), owners->end(), one.address) != owners->end()) return one;
  }
  if (!owners->empty()) {
    return fail(Code::forbidden, sender.address + " does not own the event with this UID",
                {{}, 0, 0, "UID"});
  }
  const auto claimed = claimed_organizer(parts);
  if (!claimed) return tl::unexpected(claimed.error());
  if (const auto named = candidate(*claimed); named != candidates.end()) return *named;
  if (sender.own) return *sender.own;
  return fail(Code::forbidden,
              "ORGANIZER " + *claimed + " is none whom " + sender.address + " is a delegate of",
              {{}, 0, 0, "ORGANIZER"});
}

}  // namespace calinvite::ingest

/// Who may change which events: the organizer who owns them, or a delegate stored before (R99).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/ical.hpp"
#include "ingest/context.hpp"

namespace calinvite::ingest {

/// A sender who is vouched for, with those on whose behalf they may act.
struct Sender {
  std::string address;
  std::optional<Organizer> own;       ///< absent: a delegate who is no organizer
  std::vector<Organizer> principals;  ///< whose delegate they are
};

/// Whether nobody knows an address here: neither organizer, nor anybody's delegate.
Result<bool> is_stranger(const Context& context, std::string_view address);

/// Why what a sender mailed is set aside who is vouched for and may do nothing in the domain.
std::string not_an_organizer(std::string_view address, const Domain& domain);

/// @error unauthenticated  nobody vouches for a sender
/// @error forbidden        neither organizer nor delegate in the domain, or suspended
Result<Sender> require_sender(const Context& context, const IngestInput& input);

/// Whose event these parts of one UID create or change: that of the organizer who has the UID, else
/// the ORGANIZER's, else the sender's own.
/// @error forbidden  somebody's whom the sender may not act for
Result<Organizer> find_owner(const Context& context, const Sender& sender,
                             std::span<const ParsedEvent> parts);

}  // namespace calinvite::ingest

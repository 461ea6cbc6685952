/// Senders who are vouched for, but no organizers yet (F1): how they become some.
#pragma once

#include <string>

#include "ingest/context.hpp"
#include "ingest/notices.hpp"

namespace calinvite::ingest {

/// How the mailed invitation of a sender who may do nothing here goes on: by the domain's setting,
/// or `closed` for whoever can't become an organizer by it, such as one who is suspended.
/// @error only from the store
Result<Registration> registration_of(const Context& context, std::string_view address);

/// An organizer as people who register themselves begin.
/// @param name  as their mail has it; kept when it can be one
Organizer new_organizer(const Domain& domain, std::string address, std::string_view name);

/// Mails the link behind which a person confirms that they want to be an organizer; told again only
/// once it has expired.
Result<void> ask_to_register(const Context& context, NoticeTo to, std::string_view name);

}  // namespace calinvite::ingest

/// The message that one attendee would be sent now, made as dispatch makes it.
#pragma once

#include "outbox/dispatch.hpp"

namespace calinvite::outbox {

/// @param with  its transport is asked for its name of hosts alone
/// @error as of dispatch; whatever makes an invite refused or held
Result<OutgoingMessage> preview(const Surroundings& with, const ClaimedInvite& invite);

}  // namespace calinvite::outbox

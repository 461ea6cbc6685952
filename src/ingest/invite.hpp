/// Adding people to an event, whoever asks: a program, or a list that came by mail.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ingest/context.hpp"

namespace calinvite::ingest {

/// @error conflict  the event is cancelled
Result<void> check_live(const Event& event);

/// What a first copy would be: the series as it stands, and each changed date (R77); of a cancelled
/// event its CANCEL.
std::vector<Mailing> current_mailings(const Context& context, const Event& event);

/// Inviting to what is over for everybody helps nobody.
/// @error conflict  the event is cancelled, or over
Result<void> check_open(const Context& context, const Event& event);

/// What a suspended organizer began goes no further, whoever presses a link of theirs.
/// @error forbidden  the organizer is suspended
Result<void> check_not_suspended(const Context& context, std::string_view organizer);

/// Adds those of `requests` who may be invited and enqueues their first copies of the event as it
/// stands then, in one step. Whether it is open is for the caller to ask, in the same step.
/// @param event  UID
/// @return what became of each, in order
/// @error not_found      no such event in scope
/// @error invalid_input  a consent that check_consent refuses: nobody is invited
/// @error forbidden      the event's organizer is suspended: nobody is invited
Result<std::vector<InviteVerdict>> invite(const Context& context, const Scope& scope,
                                          std::string_view event,
                                          std::span<const InviteRequest> requests,
                                          std::string_view origin);

}  // namespace calinvite::ingest

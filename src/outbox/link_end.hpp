/// How long the links of mails and buttons live (R124): one rule, so that whoever makes a link to
/// an event gets the same one.
#pragma once

#include <chrono>

#include "calinvite/model.hpp"
#include "calinvite/time.hpp"

namespace calinvite::outbox {

/// When an event is over; the epoch: a series, which is open for long.
std::chrono::sys_seconds end_of(const Event& event, const ZoneTable& zones);

bool is_over(const Event& event, const ZoneTable& zones, std::chrono::sys_seconds now);

/// When a link made `now` ends: some 30 days after the event, or 10 years from now. The same for
/// all instants of a month or so.
/// @param over  as end_of gives it
std::chrono::sys_seconds link_end(std::chrono::sys_seconds over, std::chrono::sys_seconds now);

}  // namespace calinvite::outbox

/// When the dates of an event end, as instants.
#pragma once

#include <chrono>
#include <optional>

#include "calinvite/model.hpp"
#include "calinvite/time.hpp"

namespace calinvite::itip {

/// The instant of a wall time of the event, of a date when it is over everywhere; absent: its zone
/// is not known.
std::optional<std::chrono::sys_seconds> instant_of(const Event& event,
                                                   std::chrono::local_seconds wall,
                                                   const ZoneTable& zones);

}  // namespace calinvite::itip

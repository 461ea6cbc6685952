/// One VEVENT to a ParsedEvent.
#pragma once

#include "ical/prescan.hpp"
#include "ical/zone_names.hpp"

namespace calinvite::ical {

/// What a VEVENT is read with; all borrowed.
struct Surroundings {
  std::optional<Method> method;  ///< answers and cancellations may lack what invitations need
  ZoneNames& zones;
  Diagnostics& diagnostics;
};

/// @error invalid_input  a property that decides what the event is can't be read
/// @error unsupported    EXRULE, several RRULE, a series in a zone like no known one
Result<ParsedEvent> read_event(const Component& component, const Surroundings& surroundings);

}  // namespace calinvite::ical

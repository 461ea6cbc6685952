/// What a calendar text says before and besides its events.
#pragma once

#include <optional>
#include <string>

#include "ical/prescan.hpp"

namespace calinvite::ical {

struct CalendarHead {
  std::optional<Method> method;
  std::string prodid;

  /// Takes METHOD and PRODID from a property of the VCALENDAR.
  /// @error invalid_input  two different METHODs: what else could tell which events are cancelled?
  /// @error unsupported    a METHOD that iTIP does not know
  Result<void> take(const ContentLine& line, Diagnostics& diagnostics);
  /// Takes a METHOD that stands inside a component (R93).
  /// @error as take
  Result<void> take_inner(const Component& component, Diagnostics& diagnostics);

 private:
  Result<void> take_method(const ContentLine& line, const Diagnostics& diagnostics);
};

/// The zone name that X-WR-TIMEZONE gives; empty when `line` is another property.
std::string_view default_zone_of(const ContentLine& line);

/// Tells of a component that is neither VEVENT nor VTIMEZONE.
void tell_unread(const Component& component, Diagnostics& diagnostics);

}  // namespace calinvite::ical

/// Values of properties as the model wants them: moments, addresses, text on one line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "ical/property.hpp"
#include "ical/zone_names.hpp"

namespace calinvite::ical {

/// A DATE or DATE-TIME with its zone.
struct Moment {
  std::chrono::local_seconds wall{};  ///< in `zone`
  bool date_only = false;
  bool floating = false;            ///< neither UTC nor a TZID; `zone` is what was given for such
  const NamedZone* zone = nullptr;  ///< none when `date_only`, and when floating without one

  /// Midnight UTC for dates.
  std::chrono::sys_seconds instant() const;
};

/// @param text   one date or date-time
/// @param floats  zone of floating times; nullptr: they stay without one
/// @error invalid_input  not a date of the calendar, or its TZID is not known
Result<Moment> read_moment(const Property& property, std::string_view text, ZoneNames& zones,
                           const NamedZone* floats);

/// [+-]P…; days and weeks are wall clock days (RFC 5545 3.3.6).
struct Span {
  std::chrono::days days{0};
  std::chrono::seconds time{0};
};
/// @error invalid_input  not a duration, negative, or over ten years
Result<Span> read_duration(std::string_view value);

/// A CAL-ADDRESS as clients write it (R94), normalised.
/// @error as normalize_address
Result<std::string> read_address(const Property& property);

/// `value` without line breaks and control characters: each run of them becomes `gap`.
std::string one_line(std::string_view value, std::string_view gap);
/// `value` with LF line ends and without other control characters but tab.
std::string many_lines(std::string_view value);

}  // namespace calinvite::ical

/// What a zone file says, laid out for looking up; shared by reading, conversion and rules.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/time.hpp"

namespace calinvite {

/// The calendar repeats every 400 years, weekdays included, and so do a zone's yearly rules.
inline constexpr std::chrono::seconds calendar_cycle = std::chrono::days(146097);

struct Zone::Data {
  struct Type {
    std::chrono::seconds offset{0};
    std::string abbreviation;
  };
  struct Switch {
    std::chrono::sys_seconds instant;
    /// The first wall time that is read with the new offset: the end of the gap or of the overlap.
    std::chrono::local_seconds wall;
    std::size_t type = 0;
  };

  std::string name;
  std::vector<Type> types;       ///< the first holds before the first switch
  std::vector<Switch> switches;  ///< ascending; yearly rules are written out for one cycle
  /// Instants from here on are those of a cycle earlier.
  std::chrono::sys_seconds cycle_end = std::chrono::sys_seconds::max();

  const Type& type_at(std::chrono::sys_seconds instant) const;
};

/// Reads a TZif file of version 2 or later (RFC 8536).
/// @error invalid_input  not such a file, or one that counts leap seconds
Result<Zone::Data> read_tzif(std::string_view bytes);

/// Writes the yearly rules of the footer (a POSIX TZ string) out after the switches in `data`.
/// @error invalid_input  not a POSIX TZ string in the form of RFC 8536 3.3
Result<void> add_posix_rules(std::string_view footer, Zone::Data& data);

}  // namespace calinvite

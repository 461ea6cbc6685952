/// TZIDs of calendar texts to zones (R95).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "calinvite/time.hpp"
#include "ical/prescan.hpp"

namespace calinvite::ical {

/// The zones that one VCALENDAR names.
class ZoneNames {
 public:
  /// `zones` and `diagnostics` are borrowed.
  ZoneNames(const CalendarObject& calendar, const ZoneTable& zones, Diagnostics& diagnostics);

  /// IANA name, the same behind a vendor prefix, Windows name, X-LIC-LOCATION of the VTIMEZONE, or
  /// where there is no such VTIMEZONE, with a diagnostic, X-WR-TIMEZONE.
  /// @error invalid_input  none of these; UTC is never guessed
  Result<Zone> find(std::string_view tzid);
  /// X-WR-TIMEZONE: the zone of floating times; absent when the calendar names none we know.
  const std::optional<Zone>& floating() const { return floating_; }

 private:
  std::optional<Zone> resolve(std::string_view tzid) const;
  std::optional<Zone> known(std::string_view name) const;

  const ZoneTable& zones_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::string, std::less<>> locations_;  ///< TZID to X-LIC-LOCATION
  std::optional<Zone> floating_;
  std::map<std::string, std::optional<Zone>, std::less<>> found_;
};

}  // namespace calinvite::ical

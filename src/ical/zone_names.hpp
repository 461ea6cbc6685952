/// TZIDs of calendar texts to zones (R95, R96).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/time.hpp"
#include "ical/embedded_zone.hpp"
#include "ical/prescan.hpp"

namespace calinvite::ical {

/// What one TZID means: what its VTIMEZONE says, else the known zone of its name.
struct NamedZone {
  std::string tzid;
  std::optional<Zone> known;     ///< by its name
  std::optional<Zone> location;  ///< X-LIC-LOCATION
  std::optional<Zone> embedded;

  const Zone& zone() const { return embedded ? *embedded : *known; }
};

/// Where one event stands in time.
struct EventTimes {
  std::chrono::local_seconds start{}, end{};        ///< wall times of its NamedZone
  std::string_view rrule;                           ///< as written; empty: one instance
  std::vector<std::chrono::local_seconds> further;  ///< RDATEs
};

/// The zones that one VCALENDAR names. Pointers stay valid until it is gone.
class ZoneNames {
 public:
  /// Both borrowed.
  ZoneNames(const ZoneTable& zones, Diagnostics& diagnostics)
      : zones_(zones), diagnostics_(diagnostics) {}

  void add(const Component& timezone);
  /// X-WR-TIMEZONE: the zone of floating times, and of TZIDs that nothing defines.
  void set_default(std::string_view name);

  /// IANA name, the same behind a vendor prefix, Windows name, the text's own VTIMEZONE, its
  /// X-LIC-LOCATION, or where there is no such VTIMEZONE, with a diagnostic, X-WR-TIMEZONE.
  /// @error invalid_input  none of these; UTC is never guessed
  Result<const NamedZone*> find(std::string_view tzid);
  const NamedZone* utc();
  /// The zone of floating times; nullptr when the calendar names none we know.
  const NamedZone* floating();

  /// An IANA zone for an event, in which its wall times should be the same instants.
  struct Match {
    Zone zone;
    bool agrees = true;  ///< false: not at all dates of the series
  };
  /// One that agrees throughout, for a series else the known one of its name, else one that agrees
  /// for two years; absent: there is none.
  /// @param times  in `named`
  std::optional<Match> match(const NamedZone& named, const EventTimes& times);

 private:
  struct Defined {
    std::string location;
    Result<EmbeddedZone> zone;
  };
  std::optional<NamedZone> resolve(std::string_view tzid);
  const std::vector<Zone>& candidates();
  std::optional<Zone> by_name(std::string_view name) const;
  std::optional<Zone> known(std::string_view name) const;

  const ZoneTable& zones_;
  Diagnostics& diagnostics_;
  std::map<std::string, Defined, std::less<>> defined_;  ///< by TZID
  std::map<std::string, std::optional<NamedZone>, std::less<>> found_;
  std::string default_;           ///< X-WR-TIMEZONE
  std::vector<Zone> candidates_;  ///< for match, once they are needed
};

}  // namespace calinvite::ical

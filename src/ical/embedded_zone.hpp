/// A zone as the VTIMEZONE of a calendar text defines it (RFC 5545 3.6.5).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "calinvite/time.hpp"
#include "ical/prescan.hpp"
#include "time/rrule.hpp"

namespace calinvite::ical {

/// What a VTIMEZONE says holds for the instants of these years; rules without an end are not
/// followed any further (M9).
inline constexpr std::chrono::year first_zone_year{1970};
inline constexpr std::chrono::year last_zone_year{2099};

class EmbeddedZone {
 public:
  /// @error invalid_input  an observance without its start or offset, or none at all
  /// @error unsupported    rules other than one day a year, or more than 100 observances
  static Result<EmbeddedZone> read(const Component& timezone);
  /// The same, laid out for looking up.
  /// @param before  holds until the first onset; nullptr: the offset that this switches from
  Zone zone(const Zone* before) const;

 private:
  /// One day of every year.
  struct Yearly {
    std::chrono::month month{1};
    std::optional<std::chrono::weekday> weekday;
    int nth = 0;  ///< such weekday of the month, from the end when negative; 0: from `day` on
    int day = 1;  ///< of the month, from the end when negative
    std::chrono::local_days in(std::chrono::year year) const;
  };
  /// STANDARD or DAYLIGHT; its onsets are wall times before the switch.
  struct Observance {
    std::optional<std::chrono::local_seconds> start;
    std::optional<std::chrono::seconds> from, to;
    std::vector<std::chrono::local_seconds> dates;  ///< RDATE
    std::string_view rule;                          ///< as written, until check()
    std::uint32_t line = 0;                         ///< of its rule, else of its BEGIN
    std::optional<Yearly> yearly;
    std::chrono::local_seconds until = std::chrono::local_seconds::max();

    Result<void> take(const ContentLine& line);
    Result<void> check();
    Result<void> take_rule();
    std::chrono::local_seconds onset_in(std::chrono::year year) const;
    /// Those that matter between the first and the last year, in any order.
    std::vector<std::chrono::local_seconds> onsets() const;
  };
  static std::optional<Yearly> to_yearly(const Rule& rule, std::chrono::local_seconds start);

  std::vector<Observance> observances_;
};

}  // namespace calinvite::ical

/// UNTIL of a rule between what a calendar text says and wall time, and the range of a series.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/model.hpp"
#include "calinvite/time.hpp"

namespace calinvite::ical {

/// `rule` with UNTIL as wall time of `zone` (of no zone: as a date), the form in which Event keeps
/// it and expand_rrule reads it. A rule whose UNTIL can't be read stays as it is.
std::string rule_in_wall_time(std::string_view rule, const Zone* zone);
/// `rule` with UNTIL in UTC, or as a date without a zone (R63).
std::string rule_in_utc(std::string_view rule, const Zone* zone);

/// All instances within the ten years that are looked at, EXDATEs counted in; never none.
/// @error as expand_rrule
Result<std::vector<std::chrono::local_seconds>> instances(const Event& event, const Zone* zone);

}  // namespace calinvite::ical

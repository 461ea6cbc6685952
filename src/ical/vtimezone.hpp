/// VTIMEZONE in the shape every calendar reads (R42 to R47).
#pragma once

#include "calinvite/time.hpp"
#include "ical/content_writer.hpp"

namespace calinvite::ical {

/// The zone's rules from the start of the first to the end of the last instance of a series.
/// @error unsupported  they can't be said in the R43 shape; names the zone (R46)
Result<ZoneRules> rules_for(const Zone& zone, std::chrono::local_seconds first_start,
                            std::chrono::local_seconds last_end);

void write_vtimezone(ContentWriter& out, const std::string& tzid, const ZoneRules& rules);

}  // namespace calinvite::ical

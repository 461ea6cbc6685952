/// Reports: the numbers of an event, an organizer or a domain, as JSON, CSV or a table.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"
#include "calinvite/store.hpp"

namespace calinvite {

/// Takes a piece of a report as it is made; false ends the writing.
using ReportSink = std::function<bool(std::string_view piece)>;

enum class ReportFormat { table, csv, json };

/// {"attendees":n,"origin":{…},"prodid":{…},"rsvp":{…},"delivery":{…}} on one line; `rsvp` always
/// has accepted, declined, noaction and tentative.
std::string write_statistics_json(const Statistics& statistics);

/// {"planned":n,"accepted":n,…}: the conservation line (I1).
std::string write_totals_json(const OutboxTotals& totals);

}  // namespace calinvite

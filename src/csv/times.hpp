/// Dates and times as people and spreadsheets write them into lists.
#pragma once

#include <chrono>
#include <string_view>

#include "calinvite/time.hpp"

namespace calinvite::csv {

/// 2027-05-30, 2027-05-30T19:30, or with a blank in place of the T.
/// @error invalid_input  not such a form
Result<BasicTime> read_iso(std::string_view cell);
/// 05/30/2027 or 5/30/2027, month first as Google documents it; 2027-05-30 too.
/// @error invalid_input  not such a form
Result<BasicTime> read_us_date(std::string_view cell);
/// 7:30 PM, 07:30:00 PM, 19:30: the time since midnight.
/// @error invalid_input  not such a form
Result<std::chrono::seconds> read_us_time(std::string_view cell);

}  // namespace calinvite::csv

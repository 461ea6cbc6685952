/// Dates and times as people and spreadsheets write them into lists.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "calinvite/csv.hpp"
#include "calinvite/time.hpp"

namespace calinvite::csv {

/// How a date is written.
enum class DateForm { iso, slashes, dots, dashes, words };

/// Reads the dates of one list: they all have the form of the first.
class DateReader {
 public:
  /// @param of_country  05/06/2027 may have its day first: nothing but an order tells
  explicit DateReader(DateOrder order, bool of_country = false)
      : order_(order), of_country_(of_country) {}
  /// A date, or a date and a time behind a blank or T: 2027-05-30, 2027-05-30T19:30, 05/30/2027,
  /// 30.05.2027 19:30 (with DateOrder::dmy), Sun May 30 2027, 30 May 2027.
  /// @param ours  under our own labels: ISO 8601 alone unless an order was given
  /// @error invalid_input  not such a form, no day of the calendar, a weekday that the day is not,
  ///                       or another form than the dates before it
  Result<BasicTime> read(std::string_view cell, bool ours);

 private:
  Result<std::chrono::local_days> read_date(std::string_view date, std::string_view cell);
  bool must_say_order(DateForm form, const std::vector<std::string_view>& parts) const;
  Result<void> keep_form(DateForm form, std::string_view cell);

  DateOrder order_;
  bool of_country_;
  std::optional<DateForm> form_;  ///< of the dates so far
};

/// 7:30 PM, 07:30:00 p.m., 19:30, 19.30: the time since midnight.
/// @error invalid_input  not such a form
Result<std::chrono::seconds> read_clock(std::string_view cell);

}  // namespace calinvite::csv

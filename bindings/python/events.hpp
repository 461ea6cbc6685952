/// The times of one event: datetimes in its zone, or dates.
#pragma once

#include "values.hpp"

namespace calinvite::python {

/// How they are told.
struct EventClock {
  bool all_day = false;
  std::string timezone;
  py::object tzinfo;  ///< None when all_day

  py::object show(std::chrono::local_seconds wall) const;
  /// @param name  for the error
  std::chrono::local_seconds read(py::object time, const char* name) const;
};
EventClock clock_of(const Event& event);
/// The clock that an event's `start` sets, a date or an aware datetime.
EventClock clock_of_start(const py::object& start);

/// A date of the series, by its original start; absent for None.
std::optional<OccurrenceId> read_occurrence(const Event& event, py::object time);

}  // namespace calinvite::python

/// Wall clocks, dates and zones between C++ and the datetime module.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>

namespace calinvite::python {

namespace py = pybind11;

/// Before any of the others, when the module is loaded.
void import_times();

/// A datetime; naive when tzinfo is None.
py::object show_wall(std::chrono::local_time<std::chrono::microseconds> wall,
                     const py::object& tzinfo);
py::object show_day(std::chrono::local_days day);
/// Of a datetime, as its clock shows; fractions of a second are cut.
std::chrono::local_seconds read_wall(py::handle datetime);
/// Of a date or datetime.
std::chrono::local_days read_day(py::handle date);

bool is_datetime(py::handle given);
bool is_date(py::handle given);  ///< and no datetime
/// Raises when a datetime is naive. `name` is the argument's, for the error.
void check_aware(py::handle datetime, const char* name);
py::object utc();

}  // namespace calinvite::python

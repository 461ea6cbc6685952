#include "times.hpp"

#include <datetime.h>

#include "values.hpp"

namespace calinvite::python {

void import_times() { PyDateTime_IMPORT; }

py::object show_wall(std::chrono::local_time<std::chrono::microseconds> wall,
                     const py::object& tzinfo) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(wall - day);
  return py::reinterpret_steal<py::object>(PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
      static_cast<int>(time.subseconds().count()), tzinfo.ptr(), PyDateTimeAPI->DateTimeType));
}

py::object show_day(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  return py::reinterpret_steal<py::object>(PyDate_FromDate(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day()))));
}

std::chrono::local_days read_day(py::handle date) {
  return std::chrono::local_days(std::chrono::year(PyDateTime_GET_YEAR(date.ptr())) /
                                 PyDateTime_GET_MONTH(date.ptr()) / PyDateTime_GET_DAY(date.ptr()));
}

std::chrono::local_seconds read_wall(py::handle datetime) {
  return read_day(datetime) + std::chrono::hours(PyDateTime_DATE_GET_HOUR(datetime.ptr())) +
         std::chrono::minutes(PyDateTime_DATE_GET_MINUTE(datetime.ptr())) +
         std::chrono::seconds(PyDateTime_DATE_GET_SECOND(datetime.ptr()));
}

bool is_datetime(py::handle given) { return PyDateTime_Check(given.ptr()); }

bool is_date(py::handle given) { return PyDate_Check(given.ptr()) && !is_datetime(given); }

void check_aware(py::handle datetime, const char* name) {
  if (!datetime.attr("utcoffset")().is_none()) return;
  refuse("naive datetime " + py::str(datetime).cast<std::string>() +
             "; expected an aware one, with a tzinfo",
         name);
}

py::object utc() { return py::reinterpret_borrow<py::object>(PyDateTime_TimeZone_UTC); }

py::object show_instant(Instant instant) {
  return show_wall(std::chrono::local_time<std::chrono::microseconds>(instant.time_since_epoch()),
                   utc());
}

bool read_instant(py::handle given, std::chrono::sys_seconds& instant) {
  if (!is_datetime(given)) return false;
  auto datetime = py::reinterpret_borrow<py::object>(given);
  if (PyDateTime_DATE_GET_TZINFO(given.ptr()) != PyDateTime_TimeZone_UTC) {
    check_aware(given, "");
    datetime = given.attr("astimezone")(utc());
  }
  instant = std::chrono::sys_seconds(read_wall(datetime).time_since_epoch());
  return true;
}

}  // namespace calinvite::python

namespace pybind11::detail {

namespace {

/// Whole units of a timedelta; absent when `given` is none.
std::optional<std::int64_t> count_of(handle given, const char* unit) {
  const auto timedelta = module_::import("datetime").attr("timedelta");
  if (!isinstance(given, timedelta)) return {};
  return given.attr("__floordiv__")(timedelta(**dict(arg(unit) = 1))).cast<std::int64_t>();
}

handle show_span(std::int64_t count, const char* unit) {
  return module_::import("datetime").attr("timedelta")(**dict(arg(unit) = count)).release();
}

}  // namespace

bool type_caster<std::chrono::seconds>::load(handle given, bool) {
  const auto count = count_of(given, "seconds");
  if (count) value = std::chrono::seconds(*count);
  return count.has_value();
}

handle type_caster<std::chrono::seconds>::cast(std::chrono::seconds shown, return_value_policy,
                                               handle) {
  return show_span(shown.count(), "seconds");
}

bool type_caster<std::chrono::milliseconds>::load(handle given, bool) {
  const auto count = count_of(given, "milliseconds");
  if (count) value = std::chrono::milliseconds(*count);
  return count.has_value();
}

handle type_caster<std::chrono::milliseconds>::cast(std::chrono::milliseconds shown,
                                                    return_value_policy, handle) {
  return show_span(shown.count(), "milliseconds");
}

handle type_caster<calinvite::Instant>::cast(calinvite::Instant shown, return_value_policy,
                                             handle) {
  return calinvite::python::show_instant(shown).release();
}

handle type_caster<std::chrono::local_seconds>::cast(std::chrono::local_seconds shown,
                                                     return_value_policy, handle) {
  return calinvite::python::show_wall(shown, none()).release();
}

}  // namespace pybind11::detail

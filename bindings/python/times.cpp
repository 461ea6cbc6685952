#include "times.hpp"

#include "values.hpp"

namespace calinvite::python {
namespace {

py::object datetime_class(const char* name) { return py::module_::import("datetime").attr(name); }

int part(py::handle given, const char* name) { return given.attr(name).cast<int>(); }

}  // namespace

py::object show_wall(std::chrono::local_seconds wall, const py::object& tzinfo) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(wall - day);
  return datetime_class("datetime")(static_cast<int>(date.year()),
                                    static_cast<unsigned>(date.month()),
                                    static_cast<unsigned>(date.day()), time.hours().count(),
                                    time.minutes().count(), time.seconds().count(), 0, tzinfo);
}

py::object show_day(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  return datetime_class("date")(static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                static_cast<unsigned>(date.day()));
}

std::chrono::local_days read_day(py::handle date) {
  return std::chrono::local_days(std::chrono::year(part(date, "year")) / part(date, "month") /
                                 part(date, "day"));
}

std::chrono::local_seconds read_wall(py::handle datetime) {
  return read_day(datetime) + std::chrono::hours(part(datetime, "hour")) +
         std::chrono::minutes(part(datetime, "minute")) +
         std::chrono::seconds(part(datetime, "second"));
}

bool is_datetime(py::handle given) { return py::isinstance(given, datetime_class("datetime")); }

bool is_date(py::handle given) {
  return py::isinstance(given, datetime_class("date")) && !is_datetime(given);
}

void check_aware(py::handle datetime, const char* name) {
  if (!datetime.attr("utcoffset")().is_none()) return;
  refuse("naive datetime " + py::str(datetime).cast<std::string>() +
             "; expected an aware one, with a tzinfo",
         name);
}

py::object utc() { return datetime_class("timezone").attr("utc"); }

py::object show_instant(std::chrono::sys_seconds instant) {
  return show_wall(std::chrono::local_seconds(instant.time_since_epoch()), utc());
}

bool read_instant(py::handle given, std::chrono::sys_seconds& instant) {
  if (!is_datetime(given)) return false;
  check_aware(given, "");
  instant = std::chrono::sys_seconds(read_wall(given.attr("astimezone")(utc())).time_since_epoch());
  return true;
}

}  // namespace calinvite::python

namespace pybind11::detail {

bool type_caster<std::chrono::seconds>::load(handle given, bool) {
  const auto timedelta = module_::import("datetime").attr("timedelta");
  if (!isinstance(given, timedelta)) return false;
  const object whole = given.attr("__floordiv__")(timedelta(arg("seconds") = 1));
  value = std::chrono::seconds(whole.cast<std::int64_t>());
  return true;
}

handle type_caster<std::chrono::seconds>::cast(std::chrono::seconds shown, return_value_policy,
                                               handle) {
  return module_::import("datetime").attr("timedelta")(arg("seconds") = shown.count()).release();
}

}  // namespace pybind11::detail

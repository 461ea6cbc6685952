#include "times.hpp"

#include "values.hpp"

namespace calinvite::python {
namespace {

py::object datetime_class(const char* name) { return py::module_::import("datetime").attr(name); }

int part(py::handle given, const char* name) { return given.attr(name).cast<int>(); }

}  // namespace

py::object show_wall(std::chrono::local_time<std::chrono::microseconds> wall,
                     const py::object& tzinfo) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(wall - day);
  return datetime_class("datetime")(
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
      time.seconds().count(), time.subseconds().count(), tzinfo);
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

py::object show_instant(Instant instant) {
  return show_wall(std::chrono::local_time<std::chrono::microseconds>(instant.time_since_epoch()),
                   utc());
}

bool read_instant(py::handle given, std::chrono::sys_seconds& instant) {
  if (!is_datetime(given)) return false;
  check_aware(given, "");
  instant = std::chrono::sys_seconds(read_wall(given.attr("astimezone")(utc())).time_since_epoch());
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

/// Events: their wall clocks become datetimes in their zone, or dates.
#include "events.hpp"

#include "times.hpp"

namespace calinvite::python {

using std::chrono::local_seconds;

py::object EventClock::show(local_seconds wall) const {
  if (all_day) return show_day(std::chrono::floor<std::chrono::days>(wall));
  return show_wall(wall, tzinfo);
}

EventClock clock_of(const Event& event) {
  if (event.all_day) return {true, {}, py::none()};
  // A reply without times names no zone.
  if (event.timezone.empty() || event.timezone == "UTC") return {false, event.timezone, utc()};
  const auto zone = py::module_::import("zoneinfo").attr("ZoneInfo");
  return {false, event.timezone, zone(event.timezone)};
}

EventClock clock_of_start(const py::object& start) {
  if (is_date(start)) return {true, {}, py::none()};
  if (!is_datetime(start)) throw py::type_error("Event.start is neither a date nor a datetime");
  check_aware(start, "start");
  const py::object tzinfo = start.attr("tzinfo");
  if (tzinfo.is(utc())) return {false, "UTC", tzinfo};
  const py::object key = py::getattr(tzinfo, "key", py::none());
  if (!py::isinstance<py::str>(key)) {
    refuse("its tzinfo " + py::repr(tzinfo).cast<std::string>() +
               " names no zone; expected a zoneinfo.ZoneInfo",
           "start");
  }
  return {false, key.cast<std::string>(), tzinfo};
}

namespace {

/// A wall clock can't say which pass of an hour it means when clocks go back: it means the first.
void check_first_pass(const py::object& time, const char* name) {
  if (time.attr("fold").cast<int>() == 0) return;
  const py::object first = time.attr("replace")(py::arg("fold") = 0);
  const py::object first_offset = first.attr("utcoffset")();
  const py::object offset = time.attr("utcoffset")();
  if (first_offset.equal(offset)) return;
  refuse(py::str(time).cast<std::string>() +
             " is the second pass of that hour; expected an event in UTC for it",
         name);
}

}  // namespace

local_seconds EventClock::read(py::object time, const char* name) const {
  if (all_day) {
    if (!is_date(time)) refuse("not a date, as the start is", name);
    return read_day(time);
  }
  if (!is_datetime(time)) refuse("not a datetime, as the start is", name);
  check_aware(time, name);
  const py::object given = time.attr("tzinfo");
  if (!given.is(tzinfo)) time = time.attr("astimezone")(tzinfo);
  check_first_pass(time, name);
  return read_wall(time);
}

std::optional<OccurrenceId> read_occurrence(const Event& event, py::object time) {
  if (time.is_none()) return {};
  return OccurrenceId{clock_of(event).read(std::move(time), "occurrence")};
}

namespace {

py::object show_override(const EventClock& clock, const Override& changed) {
  py::dict shown = show_all(changed, zoneless_override_fields);
  shown["occurrence"] = clock.show(changed.occurrence.original_start);
  if (!changed.cancelled) {
    shown["start"] = clock.show(changed.start);
    shown["end"] = clock.show(changed.end);
  }
  return class_of("Override")(**shown);
}

Override read_override(const EventClock& clock, py::handle given) {
  if (!py::isinstance(given, class_of("Override"))) {
    throw py::type_error("Event.overrides holds something else than Overrides");
  }
  Override changed;
  read_all(given, "Override", zoneless_override_fields, changed);
  changed.occurrence = {clock.read(given.attr("occurrence"), "occurrence")};
  if (!changed.cancelled) {
    changed.start = clock.read(given.attr("start"), "start");
    changed.end = clock.read(given.attr("end"), "end");
  }
  return changed;
}

}  // namespace
}  // namespace calinvite::python

namespace pybind11::detail {

namespace python = calinvite::python;

bool type_caster<calinvite::Event>::load(handle given, bool) {
  if (!isinstance(given, python::class_of("Event"))) return false;
  python::read_all(given, "Event", python::zoneless_event_fields, value);
  const auto clock = python::clock_of_start(given.attr("start"));
  value.all_day = clock.all_day;
  value.timezone = clock.timezone;
  value.start = clock.read(given.attr("start"), "start");
  value.end = clock.read(given.attr("end"), "end");
  for (const handle each : given.attr("exdates")) {
    value.exdates.push_back(clock.read(reinterpret_borrow<object>(each), "exdates"));
  }
  for (const handle each : given.attr("overrides")) {
    value.overrides.push_back(python::read_override(clock, each));
  }
  return true;
}

handle type_caster<calinvite::Event>::cast(const calinvite::Event& shown, return_value_policy,
                                           handle) {
  const auto clock = python::clock_of(shown);
  dict fields = python::show_all(shown, python::zoneless_event_fields);
  fields["start"] = clock.show(shown.start);
  fields["end"] = clock.show(shown.end);
  list exdates, overrides;
  for (const auto each : shown.exdates) exdates.append(clock.show(each));
  for (const auto& each : shown.overrides) overrides.append(python::show_override(clock, each));
  fields["exdates"] = exdates;
  fields["overrides"] = overrides;
  return python::class_of("Event")(**fields).release();
}

handle type_caster<calinvite::ParsedEvent>::cast(const calinvite::ParsedEvent& shown,
                                                 return_value_policy, handle) {
  const auto clock = python::clock_of(shown.event);
  dict fields = python::show_all(shown, python::zoneless_parsed_event_fields);
  fields["occurrence"] = shown.occurrence ? clock.show(shown.occurrence->original_start) : none();
  list rdates;
  for (const auto& date : shown.rdates) {
    dict each;
    each["start"] = clock.show(date.start);
    each["end"] = date.end ? clock.show(*date.end) : none();
    rdates.append(python::class_of("ParsedDate")(**each));
  }
  fields["rdates"] = rdates;
  return python::class_of("ParsedEvent")(**fields).release();
}

}  // namespace pybind11::detail

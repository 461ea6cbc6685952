#include <algorithm>

#include "base/text.hpp"
#include "ical/recurrence.hpp"
#include "lint/checks.hpp"

namespace calinvite::lint {
namespace {

using std::chrono::local_seconds;

void check_stamps(const Component& event, Findings& findings) {
  for (const char* name : {"DTSTAMP", "CREATED", "LAST-MODIFIED"}) {
    const ContentLine* line = event.first(name);
    if (!line) continue;
    const auto time = time_of(line);
    if (time && time->time.utc) continue;
    findings.add(Check::stamps, std::string(name) + " is not UTC", line->line, 1, name);
  }
}

void check_floating(const Component& event, Findings& findings) {
  for (const char* name : {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"}) {
    for (const ContentLine* line : event.all(name)) {
      const auto time = time_of(line);
      if (time && time->floating()) {
        findings.add(Check::floating, std::string(name) + " has neither Z nor TZID", line->line, 1,
                     name);
      } else if (time && time->time.utc && !time->tzid.empty()) {
        findings.add(Check::utc_and_tzid, std::string(name) + " has Z and TZID", line->line, 1,
                     name);
      }
    }
  }
}

bool marked_all_day(const Component& event) {
  const ContentLine* mark = event.first("X-MICROSOFT-CDO-ALLDAYEVENT");
  return mark && text::iequals(text::trim(mark->value()), "TRUE");
}

void check_dates(const EventView& view, const ContentLine& start, const WrittenTime& begin,
                 Findings& findings) {
  for (const char* name : {"DTSTART", "DTEND"}) {
    const ContentLine* line = view.event.first(name);
    const auto time = time_of(line);
    if (!time || !time->time.date_only) continue;
    if (!time->tzid.empty()) {
      findings.add(Check::all_day, std::string(name) + " is a date with TZID", line->line, 1, name);
    }
    if (!text::iequals(property_of(*line).parameter("VALUE"), "DATE")) {
      findings.add(Check::all_day, std::string(name) + " is a date without VALUE=DATE", line->line,
                   1, name);
    }
  }
  const ContentLine* end = view.event.first("DTEND");
  const auto finish = time_of(end);
  if (finish && finish->time.date_only && finish->time.wall == begin.time.wall) {
    findings.add(Check::all_day, "DTEND is the day of DTSTART", end->line, 1, "DTEND");
  }
  if (view.facts.request() && !marked_all_day(view.event)) {
    findings.add(Check::all_day_hint, "no X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", start.line, 1,
                 "DTSTART");
  }
}

void check_end(const Component& event, const WrittenTime& begin, const Zone* zone,
               Findings& findings) {
  if (const ContentLine* duration = event.first("DURATION")) {
    findings.add(Check::end_form, "DURATION", duration->line, 1, "DURATION");
  }
  const ContentLine* line = event.first("DTEND");
  if (!line) return;
  const auto add = [&](Check check, const char* what) {
    findings.add(check, what, line->line, 1, "DTEND");
  };
  const auto end = time_of(line);
  if (!end) return add(Check::end_before, "DTEND can't be read");
  if (end->time.date_only != begin.time.date_only) {
    return add(Check::end_before, "DTEND is of another value type than DTSTART");
  }
  const bool same_form = end->tzid == begin.tzid && end->time.utc == begin.time.utc;
  if (!same_form) {
    add(Check::end_form, "DTEND is in another zone than DTSTART");
    return;  // which is later is not told by the wall clock
  }
  if (begin.time.date_only) {
    if (end->time.wall < begin.time.wall) add(Check::end_before, "DTEND is before DTSTART");
    return;  // the same day is R40's
  }
  const bool placed = zone != nullptr && !begin.floating();
  const auto from = placed ? zone->to_instant(begin.time.wall).time_since_epoch()
                           : begin.time.wall.time_since_epoch();
  const auto to = placed ? zone->to_instant(end->time.wall).time_since_epoch()
                         : end->time.wall.time_since_epoch();
  if (to < from) add(Check::end_before, "DTEND is before DTSTART");
  if (to == from) add(Check::end_form, "DTEND is DTSTART");
}

/// The value of a part of a rule; empty when absent.
std::string_view part_of(std::string_view rule, std::string_view name) {
  for (const std::string_view part : text::split(rule, ';')) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && text::iequals(part.substr(0, equals), name)) {
      return part.substr(equals + 1);
    }
  }
  return {};
}

void check_until(const ContentLine& line, const WrittenTime& begin, Findings& findings) {
  const std::string_view value = part_of(text::trim(line.value()), "UNTIL");
  const auto until = parse_basic(value);
  if (value.empty() || !until) return;
  if (begin.time.date_only ? until->date_only : until->utc) return;
  findings.add(
      Check::rule_times,
      "UNTIL is " + in_quotes(value) + (begin.time.date_only ? ", not a date" : ", not UTC"),
      line.line, 1, "RRULE");
}

/// @param series  empty: not known
void check_exdates(const Component& event, const WrittenTime& begin,
                   const std::vector<local_seconds>& series, Findings& findings) {
  for (const ContentLine* line : event.all("EXDATE")) {
    const ical::Property property = property_of(*line);
    const std::string tzid = property.parameter("TZID");
    for (const std::string_view value : text::split(property.value, ',')) {
      const auto time = parse_basic(text::trim(value));
      const bool same_form = time && time->date_only == begin.time.date_only &&
                             time->utc == begin.time.utc && tzid == begin.tzid;
      std::string fault;
      if (!same_form) {
        fault = "EXDATE " + in_quotes(value) + " has another form than DTSTART";
      } else if (!series.empty() && time->wall <= series.back() &&
                 !std::binary_search(series.begin(), series.end(), time->wall)) {
        fault = "EXDATE " + in_quotes(value) + " is no date of the rule";
      }
      if (fault.empty()) continue;
      findings.add(Check::rule_times, fault, line->line, 1, "EXDATE");
    }
  }
}

/// Dates of the rule, ascending; empty when it can't be followed.
std::vector<local_seconds> check_rule(const ContentLine& line, const WrittenTime& begin,
                                      const Zone* zone, Findings& findings) {
  constexpr std::size_t most = 3660;
  const std::string rule = ical::rule_in_wall_time(text::trim(line.value()), zone);
  const auto add = [&](Check check, std::string what) {
    findings.add(check, std::move(what), line.line, 1, "RRULE");
  };
  auto series = expand_rrule(rule, begin.time.wall, {}, most);
  if (!series) {
    add(Check::rrule, series.error().message);
    return {};
  }
  if (series->empty()) {
    add(Check::rrule, "the rule has no date");
    return {};
  }
  // Asked as if it began with its first date, so that only R61 is heard of.
  const auto known = check_rrule(rule, series->front(), begin.time.date_only);
  if (!known) add(Check::rrule, known.error().message);
  if (series->front() != begin.time.wall) {
    add(Check::rule_start, "DTSTART is no date of the rule; the first is " +
                               format_iso(series->front(), begin.time.date_only));
  }
  return std::move(*series);
}

void check_recurrence(const EventView& view, const WrittenTime& begin, const Zone* zone,
                      Findings& findings) {
  const Component& event = view.event;
  const auto rules = event.all("RRULE");
  const ContentLine* dates = event.first("RDATE");
  if (const ContentLine* instance = event.first("RECURRENCE-ID")) {
    if (!view.facts.scheduling()) return;
    for (const char* name : {"RRULE", "EXDATE", "RDATE"}) {
      if (const ContentLine* line = event.first(name)) {
        findings.add(Check::instance_rule, std::string(name) + " beside RECURRENCE-ID", line->line,
                     1, name);
      }
    }
    const auto original = time_of(instance);
    if (!original || original->time.date_only != begin.time.date_only ||
        original->time.utc != begin.time.utc || original->tzid != begin.tzid) {
      findings.add(Check::instance_time, "RECURRENCE-ID has another form than DTSTART",
                   instance->line, 1, "RECURRENCE-ID");
    }
    return;
  }
  if (rules.size() > 1) findings.add(Check::rrule, "several RRULEs", rules[1]->line, 1, "RRULE");
  if (dates && rules.empty()) {
    findings.add(Check::rdate_alone, "RDATE without RRULE", dates->line, 1, "RDATE");
  }
  std::vector<local_seconds> series{begin.time.wall};
  if (!rules.empty()) {
    check_until(*rules[0], begin, findings);
    series = check_rule(*rules[0], begin, zone, findings);
  } else if (dates) {
    series.clear();
  }
  check_exdates(event, begin, series, findings);
}

}  // namespace

void check_times(const EventView& view, const Zone* zone, Findings& findings) {
  check_stamps(view.event, findings);
  check_floating(view.event, findings);
  const ContentLine* start = view.event.first("DTSTART");
  if (!start) return;
  const auto begin = time_of(start);
  if (!begin) {
    findings.add(Check::event_identity, "DTSTART can't be read", start->line, 1, "DTSTART");
    return;
  }
  if (begin->time.date_only) {
    check_dates(view, *start, *begin, findings);
    zone = nullptr;
  } else if (marked_all_day(view.event)) {
    findings.add(Check::all_day, "marked as all-day, but with times", start->line, 1, "DTSTART");
  }
  check_end(view.event, *begin, zone, findings);
  check_recurrence(view, *begin, zone, findings);
}

}  // namespace calinvite::lint

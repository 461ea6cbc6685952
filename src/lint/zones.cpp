#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "ical/recurrence.hpp"
#include "ical/zone_names.hpp"
#include "lint/checks.hpp"

namespace calinvite::lint {
namespace {

using std::chrono::local_seconds;

/// For the reader of VTIMEZONEs, which wants observances in line.
ical::Component flat(const Calendar& calendar, const Component& timezone) {
  ical::Component component{timezone.name, timezone.line, true, timezone.lines};
  for (const std::size_t child : timezone.children) {
    const Component& observance = calendar.components[child];
    const bool standard = observance.name == "STANDARD";
    if (!standard && observance.name != "DAYLIGHT") continue;
    component.lines.push_back(
        {standard ? "BEGIN:STANDARD" : "BEGIN:DAYLIGHT", 5, 6, observance.line});
    component.lines.insert(component.lines.end(), observance.lines.begin(), observance.lines.end());
    component.lines.push_back({standard ? "END:STANDARD" : "END:DAYLIGHT", 3, 4, observance.line});
  }
  return component;
}

std::string value_of(const Component& component, std::string_view property) {
  const ContentLine* line = component.first(property);
  return line ? std::string(text::trim(line->value())) : std::string();
}

bool is_day(std::string_view part) {
  return text::iequals(part, "BYMONTH") || text::iequals(part, "BYMONTHDAY") ||
         text::iequals(part, "BYDAY");
}

/// What keeps a rule from being one day a year in Outlook's eyes; empty: nothing.
std::string rule_fault(const Component& observance) {
  const auto rules = observance.all("RRULE");
  if (rules.empty()) return "has no RRULE";
  if (rules.size() > 1) return "has several RRULEs";
  bool yearly = false, month = false, day = false;
  for (const std::string_view part : text::split(text::trim(rules[0]->value()), ';')) {
    const std::string_view name = part.substr(0, part.find('='));
    const std::string_view value = part.substr(std::min(part.size(), name.size() + 1));
    const bool single = !value.empty() && value.find(',') == std::string_view::npos;
    if (text::iequals(name, "FREQ")) yearly = text::iequals(value, "YEARLY");
    if (text::iequals(name, "BYMONTH")) month = single;
    if (text::iequals(name, "BYMONTHDAY")) day = single;
    if (text::iequals(name, "BYDAY")) day = single && value.size() > 2;
    if (text::iequals(name, "INTERVAL") && value != "1") return "skips years";
    if (text::iequals(name, "UNTIL") || text::iequals(name, "COUNT")) return "ends";
    if (text::upper(name).starts_with("BY") && !is_day(name)) {
      return "has " + text::one_line(name, 20);
    }
  }
  if (!yearly || !month || !day) return "is not one weekday or day of one month a year";
  return observance.first("RDATE") ? "has RDATEs" : "";
}

/// The parts that every observance has.
void check_observance(const Component& observance, Findings& findings) {
  for (const char* name : {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}) {
    if (observance.all(name).size() == 1) continue;
    findings.add(Check::zone_shape, observance.name + " has not one " + name, observance.line, 1,
                 name);
  }
  const ContentLine* dates = observance.first("RDATE");
  if (dates && observance.first("RRULE")) {
    findings.add(Check::zone_rule_and_date, observance.name + " has RRULE and RDATE", dates->line,
                 1, "RDATE");
  }
}

/// R45 of a zone with one observance.
void check_single(const Component& observance, Findings& findings) {
  std::string fault;
  if (observance.name == "DAYLIGHT") fault = "the only observance is DAYLIGHT";
  if (observance.first("RRULE") || observance.first("RDATE")) {
    fault = "the only observance has a rule";
  }
  if (value_of(observance, "TZOFFSETFROM") != value_of(observance, "TZOFFSETTO")) {
    fault = "the only observance changes the offset";
  }
  if (!fault.empty()) {
    findings.add(Check::zone_invented, fault, observance.line, 1, observance.name);
  }
}

void check_pair(const Component& standard, const Component& daylight, Findings& findings) {
  if (value_of(standard, "TZOFFSETTO") == value_of(daylight, "TZOFFSETTO")) {
    findings.add(Check::zone_invented, "STANDARD and DAYLIGHT have the same offset", daylight.line,
                 1, "DAYLIGHT");
    return;
  }
  for (const Component* one : {&standard, &daylight}) {
    const std::string fault = rule_fault(*one);
    const ContentLine* rule = one->first("RRULE");
    // With RDATE beside it, R44 says all.
    if (fault.empty() || (rule && one->first("RDATE"))) continue;
    findings.add(Check::zone_shape, one->name + " " + fault, rule ? rule->line : one->line, 1,
                 "RRULE");
  }
}

void check_shape(const Calendar& calendar, const Component& timezone, Findings& findings) {
  const auto standard = calendar.children(timezone, "STANDARD");
  const auto daylight = calendar.children(timezone, "DAYLIGHT");
  for (const auto& all : {standard, daylight}) {
    for (const Component* observance : all) check_observance(*observance, findings);
  }
  if (standard.size() > 1 || daylight.size() > 1 || standard.empty() + daylight.empty() > 1) {
    findings.add(Check::zone_shape,
                 std::to_string(standard.size()) + " STANDARD and " +
                     std::to_string(daylight.size()) + " DAYLIGHT",
                 timezone.line, 1, "VTIMEZONE");
  } else if (standard.empty() || daylight.empty()) {
    check_single(standard.empty() ? *daylight[0] : *standard[0], findings);
  } else {
    check_pair(*standard[0], *daylight[0], findings);
  }
}

/// Every TZID that events name, with the line where it is named first.
struct Use {
  const ContentLine* line;
  bool quoted;
};
using Uses = std::map<std::string, Use>;

void collect(const Calendar& calendar, const Component& component, Uses& uses) {
  for (const ContentLine& line : component.lines) {
    const ical::Property property = property_of(line);
    if (property.parameters.empty()) continue;
    const std::string tzid = property.parameter("TZID");
    if (tzid.empty()) continue;
    const bool quoted = text::upper(property.parameters).find("TZID=\"") != std::string::npos;
    uses.try_emplace(tzid, Use{&line, quoted});
  }
  for (const std::size_t child : component.children) {
    if (calendar.components[child].name != "VTIMEZONE") {
      collect(calendar, calendar.components[child], uses);
    }
  }
}

void check_name(const std::string& tzid, const Use& use, const ZoneTable& zones,
                Findings& findings) {
  const auto zone = zones.find(tzid);
  if (zone && !use.quoted) return;
  findings.add(Check::zone_name,
               zone ? "TZID " + in_quotes(tzid) + " is quoted"
                    : "TZID " + in_quotes(tzid) + " is no IANA name",
               use.line->line, 1, use.line->name());
}

using Named = std::map<std::string, const ical::NamedZone*>;

/// Dates on which the zone of DTSTART must be right: the first ones of the rule.
std::vector<local_seconds> series_of(const Component& event, local_seconds start,
                                     const Zone& zone) {
  constexpr std::size_t most = 1000;
  const ContentLine* rule = event.first("RRULE");
  if (!rule) return {start};
  auto series =
      expand_rrule(ical::rule_in_wall_time(text::trim(rule->value()), &zone), start, {}, most);
  return series ? std::move(*series) : std::vector<local_seconds>{start};
}

/// R43: what VTIMEZONE says against what the zone of that name does. Told once for each name.
void check_offsets(const Component& event, const Named& names, Findings& findings) {
  std::set<std::string> told;
  bool start_seen = false;
  for (const ContentLine& line : event.lines) {
    const auto time = time_of(&line);
    if (!time || time->tzid.empty() || time->time.date_only) continue;
    const auto named = names.find(time->tzid);
    if (named == names.end() || told.contains(time->tzid)) continue;
    const Zone& known = *named->second->known;
    const Zone& embedded = *named->second->embedded;
    std::vector<local_seconds> walls{time->time.wall};
    if (text::iequals(line.name(), "DTSTART") && !start_seen) {
      start_seen = true;
      walls = series_of(event, time->time.wall, known);
    }
    const auto wrong = std::find_if(walls.begin(), walls.end(), [&](local_seconds wall) {
      return known.to_instant(wall) != embedded.to_instant(wall);
    });
    if (wrong == walls.end()) continue;
    told.insert(time->tzid);
    findings.add(Check::zone_wrong,
                 "VTIMEZONE " + in_quotes(time->tzid) + " is not " + known.name() + " at " +
                     format_iso(*wrong),
                 line.line, 1, line.name());
  }
}

}  // namespace

ZonesByName check_zones(const Calendar& calendar, const Component& head, const ZoneTable& zones,
                        Findings& findings) {
  Uses uses;
  collect(calendar, head, uses);
  ical::Diagnostics unused({});
  ical::ZoneNames names(zones, unused);
  std::set<std::string> defined;
  const auto events = calendar.children(head, "VEVENT");
  for (const Component* timezone : calendar.children(head, "VTIMEZONE")) {
    const std::string tzid = value_of(*timezone, "TZID");
    if (tzid.empty()) {
      findings.add(Check::zone_shape, "VTIMEZONE has no TZID", timezone->line, 1, "TZID");
      continue;
    }
    defined.insert(tzid);
    if (!uses.contains(tzid)) {
      findings.add(Check::zone_unused, "nothing uses " + in_quotes(tzid), timezone->line, 1,
                   "VTIMEZONE");
    }
    if (!events.empty() && timezone->line > events.front()->line) {
      findings.add(Check::zone_late, "VTIMEZONE comes after a VEVENT", timezone->line, 1,
                   "VTIMEZONE");
    }
    check_shape(calendar, *timezone, findings);
    names.add(flat(calendar, *timezone));
  }
  ZonesByName known;
  Named comparable;
  for (const auto& [tzid, use] : uses) {
    if (!defined.contains(tzid)) {
      findings.add(Check::zone_missing, "no VTIMEZONE for " + in_quotes(tzid), use.line->line, 1,
                   use.line->name());
    }
    check_name(tzid, use, zones, findings);
    const auto named = names.find(tzid);
    if (!named) continue;
    known.emplace_back(tzid, (*named)->known ? *(*named)->known : (*named)->zone());
    if ((*named)->known && (*named)->embedded) comparable.emplace(tzid, *named);
  }
  for (const Component* event : events) check_offsets(*event, comparable, findings);
  return known;
}

}  // namespace calinvite::lint

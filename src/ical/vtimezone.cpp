#include "ical/vtimezone.hpp"

#include <array>

namespace calinvite::ical {
namespace {

using namespace std::chrono;

constexpr year first_year(1970);

std::string two_digits(std::int64_t value) {
  return std::string(value < 10 ? "0" : "") + std::to_string(value);
}

/// +0100, or +005328 where a zone keeps seconds.
std::string offset_text(seconds offset) {
  const std::int64_t count = offset.count() < 0 ? -offset.count() : offset.count();
  std::string text = offset.count() < 0 ? "-" : "+";
  text += two_digits(count / 3600) + two_digits(count / 60 % 60);
  if (count % 60 != 0) text += two_digits(count % 60);
  return text;
}

local_seconds first_switch(const ZoneSwitch& rule) {
  const auto month_of_year = first_year / month(static_cast<unsigned>(rule.month));
  const weekday wanted(static_cast<unsigned>(rule.weekday));
  const local_days day = rule.week < 0
                             ? local_days(month_of_year / wanted[last])
                             : local_days(month_of_year / wanted[static_cast<unsigned>(rule.week)]);
  return day + rule.at;
}

void write_observance(ContentWriter& out, std::string_view name, const ZoneSwitch& rule,
                      seconds offset_from) {
  static constexpr std::array days_of_week = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  out.add("BEGIN", name);
  out.add("DTSTART", format_basic(first_switch(rule)));
  out.add("TZOFFSETFROM", offset_text(offset_from));
  out.add("TZOFFSETTO", offset_text(rule.offset_to));
  if (!rule.abbreviation.empty()) out.add("TZNAME", rule.abbreviation);
  out.add("RRULE", "FREQ=YEARLY;BYMONTH=" + std::to_string(rule.month) +
                       ";BYDAY=" + std::to_string(rule.week) +
                       days_of_week[static_cast<std::size_t>(rule.weekday)]);
  out.add("END", name);
}

/// A time beyond its day would be another nth weekday than BYDAY says.
bool within_day(const std::optional<ZoneSwitch>& rule) {
  return !rule || (rule->at >= seconds(0) && rule->at < days(1));
}

}  // namespace

Result<ZoneRules> rules_for(const Zone& zone, local_seconds first_start, local_seconds last_end) {
  auto rules = zone.rules(zone.to_instant(first_start), zone.to_instant(last_end));
  if (!rules) return rules;
  if (!within_day(rules->to_daylight) || !within_day(rules->to_standard)) {
    return fail(Code::unsupported,
                "time zone " + zone.name() + " changes its clocks in a way calendars can't say");
  }
  return rules;
}

void write_vtimezone(ContentWriter& out, const std::string& tzid, const ZoneRules& rules) {
  out.add("BEGIN", "VTIMEZONE");
  out.add("TZID", tzid);
  if (rules.to_daylight && rules.to_standard) {
    write_observance(out, "STANDARD", *rules.to_standard, rules.to_daylight->offset_to);
    write_observance(out, "DAYLIGHT", *rules.to_daylight, rules.standard_offset);
  } else {
    out.add("BEGIN", "STANDARD");
    out.add("DTSTART", format_basic(local_days(first_year / January / 1)));
    out.add("TZOFFSETFROM", offset_text(rules.standard_offset));
    out.add("TZOFFSETTO", offset_text(rules.standard_offset));
    if (!rules.standard_abbreviation.empty()) out.add("TZNAME", rules.standard_abbreviation);
    out.add("END", "STANDARD");
  }
  out.add("END", "VTIMEZONE");
}

}  // namespace calinvite::ical

#include "ical/recurrence.hpp"

#include "base/text.hpp"

namespace calinvite::ical {
namespace {

using namespace std::chrono;

// Daily for ten years.
constexpr std::size_t max_instances = 3660;

/// `rule` with the value of UNTIL replaced by what `write` makes of it.
template <class Write>
std::string with_until(std::string_view rule, Write write) {
  constexpr std::string_view key = "UNTIL=";
  std::string result;
  if (rule.ends_with(';')) rule.remove_suffix(1);  // as parse_rule takes it, but never sent on
  for (const std::string_view part : text::split(rule, ';')) {
    if (!result.empty()) result += ';';
    const bool until = text::iequals(part.substr(0, key.size()), key);
    const auto time = parse_basic(until ? part.substr(key.size()) : std::string_view());
    result += time ? std::string(key) + write(*time) : std::string(part);
  }
  return result;
}

/// A bare date takes in the instance of that day.
local_seconds wall_of(const BasicTime& until, const Zone& zone) {
  if (until.date_only) return until.wall + days(1) - seconds(1);
  return until.utc ? zone.to_local(sys_seconds(until.wall.time_since_epoch())) : until.wall;
}

}  // namespace

std::string rule_in_wall_time(std::string_view rule, const Zone* zone) {
  return with_until(rule, [&](const BasicTime& until) {
    const bool date = zone == nullptr || until.date_only;
    return format_basic(date ? until.wall : wall_of(until, *zone), date);
  });
}

std::string rule_in_utc(std::string_view rule, const Zone* zone) {
  return with_until(rule, [&](const BasicTime& until) {
    if (zone == nullptr) return format_basic(until.wall, true);
    const sys_seconds instant = zone->to_instant(wall_of(until, *zone));
    return format_basic(local_seconds(instant.time_since_epoch())) + 'Z';
  });
}

Result<std::vector<local_seconds>> instances(const Event& event, const Zone* zone) {
  auto walls = expand_rrule(rule_in_wall_time(event.rrule, zone), event.start, {}, max_instances);
  if (walls && walls->empty())
    return fail(Code::unsupported, "the rule has no instance", {{}, 0, 0, "RRULE"});
  return walls;
}

}  // namespace calinvite::ical

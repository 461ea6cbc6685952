#include <algorithm>

#include "time/zone_data.hpp"

namespace calinvite {
namespace {

using namespace std::chrono;

/// A switch that changes the offset; those of the name alone move no clock.
struct Turn {
  sys_seconds instant;
  seconds before{0};
  seconds after{0};
  const std::string* abbreviation = nullptr;

  local_seconds wall() const { return local_seconds(instant.time_since_epoch() + before); }
};

std::vector<Turn> turns_between(const Zone::Data& data, sys_seconds from, sys_seconds to) {
  std::vector<Turn> turns;
  std::size_t before = 0;
  for (const Zone::Data::Switch& s : data.switches) {
    const Zone::Data::Type& type = data.types[s.type];
    const seconds offset_before = data.types[before].offset;
    before = s.type;
    if (s.instant <= from || s.instant > to || offset_before == type.offset) continue;
    turns.push_back({s.instant, offset_before, type.offset, &type.abbreviation});
  }
  return turns;
}

year year_of(local_seconds wall) { return year_month_day(floor<days>(wall)).year(); }

local_days day_in(year y, const ZoneSwitch& rule) {
  const auto month_of_year = y / month(static_cast<unsigned>(rule.month));
  const weekday wanted(static_cast<unsigned>(rule.weekday));
  if (rule.week < 0) return local_days(month_of_year / wanted[last]);
  return local_days(month_of_year / wanted[static_cast<unsigned>(rule.week)]);
}

/// The one nth weekday that all `turns` to `offset` fall on; nothing when there is none.
std::optional<ZoneSwitch> common_rule(const std::vector<Turn>& turns, seconds offset) {
  ZoneSwitch rule;
  bool always_last = true;
  unsigned nth = 0;
  bool always_nth = true;
  bool found = false;
  for (const Turn& turn : turns) {
    if (turn.after != offset) continue;
    const local_days day = floor<days>(turn.wall());
    const year_month_day date(day);
    const auto month_of_year = static_cast<int>(static_cast<unsigned>(date.month()));
    const auto weekday_of_day = static_cast<int>(weekday(day).c_encoding());
    const unsigned week = (static_cast<unsigned>(date.day()) - 1) / 7 + 1;
    if (!found) {
      rule = {month_of_year, -1, weekday_of_day, turn.wall() - day, offset, *turn.abbreviation};
      nth = week;
      found = true;
    }
    if (rule.month != month_of_year || rule.weekday != weekday_of_day ||
        rule.at != turn.wall() - day) {
      return std::nullopt;
    }
    always_nth = always_nth && week == nth && week <= 4;
    always_last = always_last && day == day_in(date.year(), rule);
  }
  // A month's last Sunday is a common rule, its fourth is not: one year alone does not tell.
  if (!found || (!always_last && !always_nth)) return std::nullopt;
  rule.week = always_last ? -1 : static_cast<int>(nth);
  return rule;
}

/// True when `rules` switch exactly when the zone did, after `from` up to `to`.
bool predicts(const ZoneRules& rules, const std::vector<Turn>& turns, sys_seconds from,
              sys_seconds to) {
  std::vector<sys_seconds> predicted;
  const auto add = [&](year y, const ZoneSwitch& rule, seconds before) {
    const local_seconds wall = day_in(y, rule) + rule.at;
    const sys_seconds instant((wall - before).time_since_epoch());
    if (instant > from && instant <= to) predicted.push_back(instant);
  };
  const year last_year = year_of(local_seconds(to.time_since_epoch())) + years(1);
  for (year y = year_of(local_seconds(from.time_since_epoch())) - years(1); y <= last_year; ++y) {
    add(y, *rules.to_daylight, rules.standard_offset);
    add(y, *rules.to_standard, rules.to_daylight->offset_to);
  }
  std::sort(predicted.begin(), predicted.end());
  return std::equal(predicted.begin(), predicted.end(), turns.begin(), turns.end(),
                    [](sys_seconds a, const Turn& b) { return a == b.instant; });
}

/// The rules for the instants after `from` up to `to`; nothing when one yearly pair can't say them.
std::optional<ZoneRules> fit(const Zone::Data& data, sys_seconds from, sys_seconds to) {
  const std::vector<Turn> turns = turns_between(data, from, to);
  ZoneRules rules;
  if (turns.empty()) {
    rules.standard_offset = data.type_at(to).offset;
    rules.standard_abbreviation = data.type_at(to).abbreviation;
    return rules;
  }
  // By offset, not by the file's own mark: Dublin's marks its winter as the saving time.
  const seconds standard = std::min(turns[0].before, turns[0].after);
  const seconds daylight = std::max(turns[0].before, turns[0].after);
  const auto is_between = [&](const Turn& turn) {
    return std::min(turn.before, turn.after) == standard &&
           std::max(turn.before, turn.after) == daylight;
  };
  if (!std::all_of(turns.begin(), turns.end(), is_between)) return std::nullopt;
  rules.standard_offset = standard;
  rules.to_daylight = common_rule(turns, daylight);
  rules.to_standard = common_rule(turns, standard);
  if (!rules.to_daylight || !rules.to_standard || !predicts(rules, turns, from, to)) {
    return std::nullopt;
  }
  rules.standard_abbreviation = rules.to_standard->abbreviation;
  return rules;
}

}  // namespace

Result<ZoneRules> Zone::rules(sys_seconds from, sys_seconds to) const {
  const year first = year_of(to_local(from));
  const year last_year = year_of(to_local(to));
  if (to < from || first < year(1) || last_year > year(9999)) {
    return fail(Code::invalid_argument, "no rules for a range that ends before it begins");
  }
  if (to < data_->cycle_end - years(1)) {
    // Whole years first: rules that show both switches serve what comes after `to`, too.
    const sys_seconds new_year = to_instant(local_days(first / January / 1)) - seconds(1);
    const sys_seconds year_end = to_instant(local_days((last_year + years(1)) / January / 1));
    if (auto rules = fit(*data_, new_year, year_end - seconds(1))) return *rules;
    if (auto rules = fit(*data_, from, to)) return *rules;
  }
  return fail(Code::unsupported, "time zone " + name() +
                                     " does not keep to one pair of yearly rules from " +
                                     std::to_string(static_cast<int>(first)) + " to " +
                                     std::to_string(static_cast<int>(last_year)));
}

}  // namespace calinvite

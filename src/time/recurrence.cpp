#include <algorithm>

#include "time/rrule.hpp"

namespace calinvite {
namespace {

using namespace std::chrono;

constexpr days horizon(3653);  // 10 years with three leap days

/// A day seen from its month, its year and its week.
struct DayParts {
  year_month_day date;
  unsigned weekday = 0;
  int month = 0;
  int day = 0, month_days = 0;
  int year_day = 0, year_days = 0;

  explicit DayParts(local_days local)
      : date(local), weekday(std::chrono::weekday(local).c_encoding()) {
    const local_days new_year(date.year() / January / 1);
    month = static_cast<int>(static_cast<unsigned>(date.month()));
    day = static_cast<int>(static_cast<unsigned>(date.day()));
    month_days = static_cast<int>(
        static_cast<unsigned>(year_month_day_last(date.year() / date.month() / last).day()));
    year_day = static_cast<int>((local - new_year).count()) + 1;
    year_days = date.year().is_leap() ? 366 : 365;
  }
};

/// The `position`th of `size` from the front or, when negative, from the back.
bool is_nth(int wanted, int position, int size) {
  return wanted == position || wanted == position - size - 1;
}

local_days week_begin(local_days day, unsigned week_start) {
  return day - (weekday(day) - weekday(week_start));
}

/// The year that a numbered week belongs to is that of its fourth day (RFC 5545, ISO 8601).
year week_year(local_days day, unsigned week_start) {
  return year_month_day(week_begin(day, week_start) + days(3)).year();
}

int week_number(local_days day, unsigned week_start) {
  const local_days new_year(week_year(day, week_start) / January / 1);
  return static_cast<int>((week_begin(day, week_start) + days(3) - new_year).count() / 7) + 1;
}

/// Fills in what the start implies (RFC 5545 3.3.10: "information missing from the rule").
void take_from_start(Rule& rule, local_seconds start) {
  const auto midnight = floor<days>(start);
  const hh_mm_ss time(start - midnight);
  const DayParts day(midnight);
  if (rule.by_hour.empty()) rule.by_hour = {static_cast<int>(time.hours().count())};
  if (rule.by_minute.empty()) rule.by_minute = {static_cast<int>(time.minutes().count())};
  if (rule.by_second.empty()) rule.by_second = {static_cast<int>(time.seconds().count())};
  const bool picks_days =
      !rule.by_day.empty() || !rule.by_month_day.empty() || !rule.by_year_day.empty();
  if (picks_days || rule.frequency == Frequency::daily) return;
  if (rule.frequency == Frequency::weekly || !rule.by_week.empty()) {
    rule.by_day = {{0, day.weekday}};
    return;
  }
  rule.by_month_day = {day.day};
  if (rule.frequency == Frequency::yearly && rule.by_month.empty()) rule.by_month = {day.month};
}

/// Walks day by day: a rule no finer than daily asks no more, and ten years are soon over.
class Walk {
 public:
  Walk(Rule rule, local_seconds start) : rule_(std::move(rule)), start_(start) {
    take_from_start(rule_, start);
  }

  /// Calls `on_instance` with every instance from the start on until it answers false.
  template <class F>
  void run(F on_instance) const {
    const local_days first = floor<days>(start_);
    // BYSETPOS counts within whole periods, also those that the start or the horizon cuts.
    const local_days begin = first - days(373);
    const local_days end = first + horizon + days(373);
    std::vector<local_days> set;
    std::int64_t current = period(begin);
    for (local_days day = begin; day <= end; day += days(1)) {
      const std::int64_t now = period(day);
      if (now != current) {
        if (!hand_out(set, on_instance)) return;
        set.clear();
        current = now;
      }
      if (now >= 0 && now % rule_.interval == 0 && matches(day)) set.push_back(day);
    }
  }

 private:
  /// Which period of the rule's frequency a day lies in, counted from that of the start.
  std::int64_t period(local_days day) const {
    const local_days first = floor<days>(start_);
    const year_month_day date(day);
    const year_month_day origin(first);
    switch (rule_.frequency) {
      case Frequency::daily:
        return (day - first).count();
      case Frequency::weekly:
        return (week_begin(day, rule_.week_start) - week_begin(first, rule_.week_start)).count() /
               7;
      case Frequency::monthly:
        return (date.year() / date.month() - origin.year() / origin.month()).count();
      case Frequency::yearly:
        break;
    }
    if (rule_.by_week.empty()) return (date.year() - origin.year()).count();
    return (week_year(day, rule_.week_start) - week_year(first, rule_.week_start)).count();
  }

  bool matches(local_days local) const {
    const DayParts day(local);
    const auto in = [](const std::vector<int>& list, auto matches) {
      return list.empty() || std::any_of(list.begin(), list.end(), matches);
    };
    return in(rule_.by_month, [&](int m) { return m == day.month; }) &&
           in(rule_.by_week, [&](int w) { return is_in_week(w, local); }) &&
           in(rule_.by_year_day, [&](int d) { return is_nth(d, day.year_day, day.year_days); }) &&
           in(rule_.by_month_day, [&](int d) { return is_nth(d, day.day, day.month_days); }) &&
           (rule_.by_day.empty() ||
            std::any_of(rule_.by_day.begin(), rule_.by_day.end(),
                        [&](const Rule::Weekday& w) { return is_weekday(w, day); }));
  }

  bool is_in_week(int wanted, local_days day) const {
    // 28 December always lies in the last week of its year.
    const local_days in_last(week_year(day, rule_.week_start) / December / 28);
    return is_nth(wanted, week_number(day, rule_.week_start),
                  week_number(in_last, rule_.week_start));
  }

  bool is_weekday(const Rule::Weekday& wanted, const DayParts& day) const {
    if (wanted.weekday != day.weekday) return false;
    const bool in_month = rule_.frequency == Frequency::monthly || !rule_.by_month.empty();
    const int position = in_month ? day.day : day.year_day;
    const int size = in_month ? day.month_days : day.year_days;
    return wanted.nth == 0 || wanted.nth == (position - 1) / 7 + 1 ||
           wanted.nth == -((size - position) / 7 + 1);
  }

  template <class F>
  bool hand_out(const std::vector<local_days>& set, F& on_instance) const {
    const auto time_of_day = hours(rule_.by_hour.front()) + minutes(rule_.by_minute.front()) +
                             seconds(rule_.by_second.front());
    const auto& positions = rule_.by_position;
    for (std::size_t i = 0; i < set.size(); ++i) {
      const bool chosen =
          positions.empty() || std::any_of(positions.begin(), positions.end(), [&](int wanted) {
            return is_nth(wanted, static_cast<int>(i) + 1, static_cast<int>(set.size()));
          });
      const local_seconds instance = set[i] + time_of_day;
      if (!chosen || instance < start_) continue;
      if (instance > start_ + horizon || !on_instance(instance)) return false;
    }
    return true;
  }

  Rule rule_;
  local_seconds start_;
};

/// The last wall time that UNTIL allows.
local_seconds last_wall(const Rule& rule) {
  if (!rule.until) return local_seconds::max();
  return rule.until->date_only ? rule.until->wall + days(1) - seconds(1) : rule.until->wall;
}

std::vector<local_seconds> expand(const Rule& rule, local_seconds start,
                                  const std::vector<local_seconds>& exdates, std::size_t limit) {
  std::vector<local_seconds> instances;
  if (limit == 0) return instances;
  const local_seconds end = last_wall(rule);
  int left = rule.count.value_or(std::numeric_limits<int>::max());
  Walk(rule, start).run([&](local_seconds instance) {
    if (instance > end) return false;
    const bool excluded = std::find(exdates.begin(), exdates.end(), instance) != exdates.end();
    if (!excluded) instances.push_back(instance);
    return --left > 0 && instances.size() < limit;
  });
  return instances;
}

tl::unexpected<Error> refuse(Code code, std::string message) {
  return fail(code, std::move(message), {{}, 0, 0, "RRULE"});
}

tl::unexpected<Error> outside(std::string_view part, std::string_view why) {
  return refuse(Code::unsupported, "RRULE part " + std::string(part) + ": " + std::string(why) +
                                       ", which not every calendar understands (R61)");
}

/// "The second Tuesday" is 2TU, or TU with BYSETPOS=2 as Outlook writes it.
Result<void> check_counted_weekday(const Rule& rule) {
  if (rule.by_day.size() > 1) return outside("BYDAY", "several weekdays of the month");
  if (rule.by_position.size() > 1) return outside("BYSETPOS", "several places");
  const bool by_position = !rule.by_position.empty();
  if (by_position && rule.by_day.front().nth != 0) return outside("BYSETPOS", "two counts");
  const int nth = by_position ? rule.by_position.front() : rule.by_day.front().nth;
  if (nth == -1 || (nth >= 1 && nth <= 4)) return {};
  return outside(by_position ? "BYSETPOS" : "BYDAY", "neither 1st to 4th nor last weekday");
}

/// R61 of monthly and yearly rules: one day of the month or one counted weekday of it.
Result<void> check_monthly(const Rule& rule) {
  const bool yearly = rule.frequency == Frequency::yearly;
  if (rule.by_month.size() > (yearly ? 1 : 0)) return outside("BYMONTH", "only some months");
  if (rule.by_month_day.size() > 1) return outside("BYMONTHDAY", "several days of the month");
  if (!rule.by_day.empty() && !rule.by_month_day.empty()) {
    return outside("BYMONTHDAY", "a day of the month that is a given weekday");
  }
  const bool picks_day = !rule.by_day.empty() || !rule.by_month_day.empty();
  if (yearly && picks_day && rule.by_month.empty()) {
    return outside(rule.by_day.empty() ? "BYMONTHDAY" : "BYDAY", "a yearly day without its month");
  }
  if (!rule.by_day.empty()) return check_counted_weekday(rule);
  if (!rule.by_position.empty()) return outside("BYSETPOS", "a choice among the days");
  if (!rule.by_month_day.empty() && rule.by_month_day.front() < -1) {
    return outside("BYMONTHDAY", "a day before the last");
  }
  return {};
}

/// R61, part by part; what the start implies may be left out.
Result<void> check_understood(const Rule& rule) {
  if (!rule.by_year_day.empty()) return outside("BYYEARDAY", "a day of the year");
  if (!rule.by_week.empty()) return outside("BYWEEKNO", "a numbered week");
  if (!rule.by_hour.empty()) return outside("BYHOUR", "an hour beside that of the start");
  if (!rule.by_minute.empty()) return outside("BYMINUTE", "a minute beside that of the start");
  if (!rule.by_second.empty()) return outside("BYSECOND", "a second beside that of the start");
  const bool daily = rule.frequency == Frequency::daily;
  if (!daily && rule.frequency != Frequency::weekly) return check_monthly(rule);
  if (!rule.by_month.empty()) return outside("BYMONTH", "only some months");
  if (!rule.by_month_day.empty()) return outside("BYMONTHDAY", "only some days of the month");
  if (!rule.by_position.empty()) return outside("BYSETPOS", "a choice among the days");
  if (daily && !rule.by_day.empty()) return outside("BYDAY", "weekdays in a daily rule");
  return {};
}

}  // namespace

Result<std::vector<local_seconds>> expand_rrule(std::string_view rule, local_seconds start,
                                                const std::vector<local_seconds>& exdates,
                                                std::size_t limit) {
  if (!rule.empty()) {
    const auto parsed = parse_rule(rule);
    if (!parsed) return tl::unexpected(parsed.error());
    return expand(*parsed, start, exdates, limit);
  }
  const bool excluded = std::find(exdates.begin(), exdates.end(), start) != exdates.end();
  std::vector<local_seconds> alone;
  if (limit > 0 && !excluded) alone.push_back(start);
  return alone;
}

Result<void> check_rrule(std::string_view rule, local_seconds start, bool all_day) {
  const auto parsed = parse_rule(rule);
  if (!parsed) return tl::unexpected(parsed.error());
  auto understood = check_understood(*parsed);
  if (!understood) return understood;
  const auto first = expand(*parsed, start, {}, 1);
  if (first.empty()) {
    return refuse(Code::invalid_input, "RRULE yields no instance from " +
                                           format_iso(start, all_day) + " on within ten years");
  }
  if (first.front() != start) {
    return refuse(Code::unsupported, "DTSTART " + format_iso(start, all_day) +
                                         " is no instance of its RRULE, the first is " +
                                         format_iso(first.front(), all_day) + " (R63)");
  }
  return {};
}

}  // namespace calinvite

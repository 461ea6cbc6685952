#include <algorithm>

#include "time/expansion.hpp"

namespace calinvite {
namespace {

using namespace std::chrono;

constexpr days horizon(3653);  // 10 years with three leap days

std::vector<local_seconds> expand(const Rule& rule, local_seconds start,
                                  const std::vector<local_seconds>& exdates, std::size_t limit) {
  std::vector<local_seconds> instances;
  if (limit == 0) return instances;
  std::vector<local_seconds> excluded = exdates;
  std::sort(excluded.begin(), excluded.end());
  expand_rule(rule, start, {start, start + horizon}, [&](local_seconds instance) {
    if (!std::binary_search(excluded.begin(), excluded.end(), instance)) {
      instances.push_back(instance);
    }
    return instances.size() < limit;
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

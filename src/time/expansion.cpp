#include "time/expansion.hpp"

#include <algorithm>

namespace calinvite {
namespace {

using namespace std::chrono;

/// The month that a day lies in; working it out is most of what a day costs.
struct MonthParts {
  local_days begin, end, new_year;
  int month = 0;
  int year_days = 0;

  explicit MonthParts(local_days local) {
    const year_month_day date(local);
    begin = local_days(date.year() / date.month() / 1);
    end = local_days(date.year() / date.month() / last) + days(1);
    new_year = local_days(date.year() / January / 1);
    month = static_cast<int>(static_cast<unsigned>(date.month()));
    year_days = date.year().is_leap() ? 366 : 365;
  }
};

/// A day seen from its month and its year.
struct DayParts {
  unsigned weekday = 0;
  int day = 0, month_days = 0;
  int year_day = 0, year_days = 0;

  DayParts(local_days local, const MonthParts& month)
      : weekday(std::chrono::weekday(local).c_encoding()),
        day(static_cast<int>((local - month.begin).count()) + 1),
        month_days(static_cast<int>((month.end - month.begin).count())),
        year_day(static_cast<int>((local - month.new_year).count()) + 1),
        year_days(month.year_days) {}
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
  const MonthParts month(midnight);
  const DayParts day(midnight, month);
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
  if (rule.frequency == Frequency::yearly && rule.by_month.empty()) rule.by_month = {month.month};
}

/// The instances of one day as times since its midnight, in order.
std::vector<seconds> times_of_day(const Rule& rule) {
  std::vector<seconds> times;
  for (const int h : rule.by_hour) {
    for (const int m : rule.by_minute) {
      for (const int s : rule.by_second) times.push_back(hours(h) + minutes(m) + seconds(s));
    }
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

/// The last wall time that UNTIL allows.
local_seconds last_wall(const Rule& rule) {
  if (!rule.until) return local_seconds::max();
  return rule.until->date_only ? rule.until->wall + days(1) - seconds(1) : rule.until->wall;
}

/// Goes from period to period of the rule's frequency, then day by day: no rule asks for more
/// than that a day is right and which places its instances have in their period.
class Expansion {
 public:
  Expansion(const Rule& rule, local_seconds start, ExpansionWindow window)
      : rule_(rule),
        start_(start),
        from_(rule.count ? start : std::max(start, window.from)),
        to_(std::min(window.to, last_wall(rule))) {
    take_from_start(rule_, start);
    times_ = times_of_day(rule_);
  }

  /// Calls `take` with each instance from `from_` on until it answers false.
  template <class F>
  void run(F take) const {
    std::vector<local_days> set;
    for (std::int64_t period = first_period();; period += rule_.interval) {
      const local_days begin = begin_of(period);
      if (begin > to_) return;
      const local_days end = begin_of(period + 1);
      set.clear();
      add_days(begin, end, set);
      if (!hand_out(set, take)) return;
    }
  }

 private:
  /// The first day of a period of the frequency, counted from that of the start.
  local_days begin_of(std::int64_t period) const {
    const local_days first = floor<days>(start_);
    const int n = static_cast<int>(period);
    if (rule_.frequency == Frequency::daily) return first + days(n);
    if (rule_.frequency == Frequency::weekly) {
      return week_begin(first, rule_.week_start) + days(7) * n;
    }
    const year_month_day date(first);
    if (rule_.frequency == Frequency::monthly) {
      return local_days((date.year() / date.month() + months(n)) / 1);
    }
    if (rule_.by_week.empty()) return local_days((date.year() + years(n)) / January / 1);
    // 4 January always lies in the first week of its year.
    const year year = week_year(first, rule_.week_start) + years(n);
    return week_begin(local_days(year / January / 4), rule_.week_start);
  }

  /// A period of the rule that begins no later than `from_`, and not long before it.
  std::int64_t first_period() const {
    constexpr int longest[] = {1, 7, 31, 371};  // days, in the order of Frequency
    const auto passed = floor<days>(from_) - floor<days>(start_);
    const auto periods = passed.count() / longest[static_cast<int>(rule_.frequency)];
    return periods - periods % rule_.interval;
  }

  template <class F>
  static bool in(const std::vector<int>& list, F matches) {
    return list.empty() || std::any_of(list.begin(), list.end(), matches);
  }

  /// Those of a period that match, month by month.
  void add_days(local_days day, local_days period_end, std::vector<local_days>& set) const {
    while (day < period_end) {
      const MonthParts month(day);
      const local_days end = std::min(period_end, month.end);
      if (in(rule_.by_month, [&](int m) { return m == month.month; })) {
        for (; day < end; day += days(1)) {
          if (matches(day, month)) set.push_back(day);
        }
      }
      day = end;
    }
  }

  bool matches(local_days local, const MonthParts& month) const {
    const DayParts day(local, month);
    return in(rule_.by_week, [&](int w) { return is_in_week(w, local); }) &&
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

  /// The places that BYSETPOS chooses among `size` instances, in order.
  std::vector<std::size_t> chosen(std::size_t size) const {
    std::vector<std::size_t> places;
    for (const int wanted : rule_.by_position) {
      const auto distance = static_cast<std::size_t>(std::abs(wanted));
      if (distance <= size) places.push_back(wanted > 0 ? distance - 1 : size - distance);
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
  }

  /// The instances of one whole period, those that the start or the window cuts left out here:
  /// BYSETPOS counts them.
  template <class F>
  bool hand_out(const std::vector<local_days>& set, F& take) const {
    const auto give = [&](std::size_t place) {
      const local_seconds instance = set[place / times_.size()] + times_[place % times_.size()];
      return instance < from_ || (instance <= to_ && take(instance));
    };
    const std::size_t size = set.size() * times_.size();
    if (!rule_.by_position.empty()) {
      const auto places = chosen(size);
      return std::all_of(places.begin(), places.end(), give);
    }
    const auto skipped = std::lower_bound(set.begin(), set.end(), floor<days>(from_));
    std::size_t place = static_cast<std::size_t>(skipped - set.begin()) * times_.size();
    while (place < size && give(place)) ++place;
    return place == size;
  }

  Rule rule_;
  local_seconds start_;
  local_seconds from_;
  local_seconds to_;
  std::vector<seconds> times_;
};

}  // namespace

void expand_rule(const Rule& rule, local_seconds start, ExpansionWindow window,
                 const std::function<bool(local_seconds)>& take) {
  int left = rule.count.value_or(0);
  Expansion(rule, start, window).run([&](local_seconds instance) {
    const bool is_last = rule.count && --left == 0;
    return (instance < window.from || take(instance)) && !is_last;
  });
}

}  // namespace calinvite

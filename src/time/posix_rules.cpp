#include <algorithm>

#include "time/zone_data.hpp"

namespace calinvite {
namespace {

using namespace std::chrono;

/// A day of every year and the time of the switch on it: Mm.w.d, Jn or n of a POSIX TZ string.
struct YearDay {
  enum class Form { month_week_day, julian_without_leap, days_since_new_year };
  Form form = Form::month_week_day;
  int month = 0;
  int week = 0;  ///< 5: the last
  int weekday = 0;
  int day = 0;
  seconds at = hours(2);

  local_seconds in(year y) const;
};

local_seconds YearDay::in(year y) const {
  const local_days new_year(y / January / 1);
  switch (form) {
    case Form::julian_without_leap:
      return new_year + days(day - 1 + (y.is_leap() && day >= 60 ? 1 : 0)) + at;
    case Form::days_since_new_year:
      return new_year + days(day) + at;
    case Form::month_week_day:
      break;
  }
  const auto month_of_year = y / std::chrono::month(static_cast<unsigned>(month));
  const std::chrono::weekday wanted(static_cast<unsigned>(weekday));
  if (week == 5) return local_days(month_of_year / wanted[last]) + at;
  return local_days(month_of_year / wanted[static_cast<unsigned>(week)]) + at;
}

struct Rules {
  Zone::Data::Type standard;
  Zone::Data::Type daylight;
  bool has_daylight = false;
  YearDay to_daylight;
  YearDay to_standard;
};

/// Reads a TZ string from the left; the first mismatch makes it stay failed.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }
  bool skip(char c) {
    const bool found = next() == c;
    if (found) rest_.remove_prefix(1);
    return found;
  }
  void expect(char c) { failed_ |= !skip(c); }

  std::string name() {
    const bool quoted = skip('<');
    std::size_t size = 0;
    while (size < rest_.size() && is_name_character(rest_[size], quoted)) ++size;
    const std::string found(rest_.substr(0, size));
    rest_.remove_prefix(size);
    if (quoted) expect('>');
    failed_ |= size < 3;
    return found;
  }
  int number(int low, int high) {
    int value = 0;
    std::size_t size = 0;
    for (; size < rest_.size() && size < 4 && rest_[size] >= '0' && rest_[size] <= '9'; ++size) {
      value = value * 10 + (rest_[size] - '0');
    }
    failed_ |= size == 0 || value < low || value > high;
    rest_.remove_prefix(size);
    return value;
  }
  /// [+-]hh[:mm[:ss]]; RFC 8536 3.3.1 lets the hours of a switch go to 167.
  seconds time(int max_hours) {
    const bool negative = skip('-');
    if (!negative) skip('+');
    seconds value = hours(number(0, max_hours));
    if (skip(':')) value += minutes(number(0, 59));
    if (skip(':')) value += seconds(number(0, 59));
    return negative ? -value : value;
  }
  YearDay year_day() {
    YearDay rule;
    if (skip('M')) {
      rule.month = number(1, 12);
      expect('.');
      rule.week = number(1, 5);
      expect('.');
      rule.weekday = number(0, 6);
    } else if (skip('J')) {
      rule.form = YearDay::Form::julian_without_leap;
      rule.day = number(1, 365);
    } else {
      rule.form = YearDay::Form::days_since_new_year;
      rule.day = number(0, 365);
    }
    if (skip('/')) rule.at = time(167);
    return rule;
  }

 private:
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  static bool is_name_character(char c, bool quoted) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return letter || (quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
  }
  std::string_view rest_;
  bool failed_ = false;
};

Result<Rules> parse(std::string_view text) {
  Reader reader(text);
  Rules rules;
  rules.standard.abbreviation = reader.name();
  rules.standard.offset = -reader.time(24);  // POSIX counts westwards
  rules.has_daylight = !reader.at_end();
  if (rules.has_daylight) {
    rules.daylight.abbreviation = reader.name();
    rules.daylight.offset = rules.standard.offset + hours(1);
    if (!reader.skip(',')) {
      rules.daylight.offset = -reader.time(24);
      reader.expect(',');
    }
    rules.to_daylight = reader.year_day();
    reader.expect(',');
    rules.to_standard = reader.year_day();
  }
  if (reader.failed() || !reader.at_end()) {
    return fail(Code::invalid_input, "not a usable TZif file: footer \"" +
                                         std::string(text.substr(0, 60)) + "\" is no TZ string");
  }
  return rules;
}

void add_switch(Zone::Data& data, sys_seconds instant, std::size_t type) {
  auto& switches = data.switches;
  const auto type_before = [&] { return switches.empty() ? 0 : switches.back().type; };
  // Daylight saving all year round ends in the same instant in which it begins again.
  if (!switches.empty() && switches.back().instant == instant) switches.pop_back();
  if (type_before() == type) return;
  const auto larger = std::max(data.types[type_before()].offset, data.types[type].offset);
  switches.push_back({instant, local_seconds(instant.time_since_epoch() + larger), type});
}

}  // namespace

Result<void> add_posix_rules(std::string_view footer, Zone::Data& data) {
  auto rules = parse(footer);
  if (!rules) return tl::unexpected(rules.error());
  const bool alone = data.switches.empty();
  if (!rules->has_daylight) {
    // Where there are switches the last of them led here already (RFC 8536 3.3).
    if (alone) data.types.front() = rules->standard;
    return {};
  }
  const sys_seconds earliest = sys_days(year(1800) / January / 1);
  const sys_seconds explicit_end =
      alone ? earliest : std::max(data.switches.back().instant, earliest);
  data.types.push_back(rules->standard);
  const std::size_t standard = data.types.size() - 1;
  data.types.push_back(rules->daylight);
  const year first = year_month_day(floor<days>(explicit_end)).year();
  // Two years more than a cycle: the first may be partly ruled by explicit switches.
  const year end = first + years(402);
  for (year y = first - years(1); y <= end; ++y) {
    struct Candidate {
      sys_seconds instant;
      std::size_t type;
    };
    Candidate in_year[] = {
        {sys_seconds((rules->to_daylight.in(y)-rules->standard.offset).time_since_epoch()),
         standard + 1},
        {sys_seconds((rules->to_standard.in(y)-rules->daylight.offset).time_since_epoch()),
         standard}};
    if (in_year[1].instant < in_year[0].instant) std::swap(in_year[0], in_year[1]);
    for (const Candidate& candidate : in_year) {
      if (candidate.instant > explicit_end) add_switch(data, candidate.instant, candidate.type);
    }
  }
  data.cycle_end = sys_days(end / January / 1);
  return {};
}

}  // namespace calinvite

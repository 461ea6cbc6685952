#include "time/rrule.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace calinvite {
namespace {

constexpr int max_interval = 1000;  // limits of an RRULE: reliability, section 6
constexpr int max_count = 999;
constexpr std::size_t max_values = 64;
constexpr std::string_view weekday_names[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

tl::unexpected<Error> refuse(Code code, std::string_view name, std::string_view value,
                             std::string_view expected) {
  std::string message = "RRULE part " + text::one_line(name, 20);
  message += '=' + text::one_line(value, 40) + ": expected " + std::string(expected);
  return fail(code, std::move(message), {{}, 0, 0, "RRULE"});
}

std::optional<int> number(std::string_view digits) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int value = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || digits.size() > 5) return std::nullopt;
  return value;
}

std::optional<unsigned> weekday(std::string_view name) {
  const auto found = std::find(std::begin(weekday_names), std::end(weekday_names), name);
  if (found == std::end(weekday_names)) return std::nullopt;
  return static_cast<unsigned>(found - std::begin(weekday_names));
}

/// One part of a rule at a time, `NAME=VALUE` in upper case.
class Parts {
 public:
  Result<Rule> read(std::string_view text);

 private:
  Result<void> read_part(std::string_view name, std::string_view value);
  Result<void> read_frequency(std::string_view value);
  Result<void> read_until(std::string_view value);
  Result<void> read_bounded(std::string_view name, std::string_view value, int limit, int& to);
  Result<void> read_weekdays(std::string_view value);
  Result<void> read_numbers(std::string_view name, std::string_view value, int low, int high,
                            std::vector<int>& to);
  Result<void> read_seconds(std::string_view value);
  Result<void> check_together() const;

  Rule rule_;
  std::vector<std::string_view> seen_;
  std::size_t values_ = 0;
};

Result<void> Parts::read_frequency(std::string_view value) {
  if (value == "DAILY") {
    rule_.frequency = Frequency::daily;
  } else if (value == "WEEKLY") {
    rule_.frequency = Frequency::weekly;
  } else if (value == "MONTHLY") {
    rule_.frequency = Frequency::monthly;
  } else if (value == "YEARLY") {
    rule_.frequency = Frequency::yearly;
  } else {
    const bool finer = value == "HOURLY" || value == "MINUTELY" || value == "SECONDLY";
    return refuse(finer ? Code::unsupported : Code::invalid_input, "FREQ", value,
                  "DAILY, WEEKLY, MONTHLY or YEARLY");
  }
  return {};
}

Result<void> Parts::read_until(std::string_view value) {
  const auto until = parse_basic(value);
  if (!until) return refuse(Code::invalid_input, "UNTIL", value, "such as 20270401T215959Z");
  rule_.until = *until;
  return {};
}

Result<void> Parts::read_bounded(std::string_view name, std::string_view value, int limit,
                                 int& to) {
  const std::string expected = "a number from 1 to " + std::to_string(limit);
  const bool digits = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
  const auto read = number(value);
  if (!digits || read == 0) return refuse(Code::invalid_input, name, value, expected);
  if (!read || *read > limit) return refuse(Code::unsupported, name, value, expected);
  to = *read;
  return {};
}

Result<void> Parts::read_weekdays(std::string_view value) {
  for (const std::string_view item : text::split(value, ',')) {
    const std::size_t digits = item.size() < 2 ? 0 : item.size() - 2;
    const auto day = weekday(item.substr(digits));
    const auto nth = digits == 0 ? 0 : number(item.substr(0, digits));
    const bool in_range = nth && *nth >= -53 && *nth <= 53 && (digits == 0 || *nth != 0);
    if (!day || !in_range) return refuse(Code::invalid_input, "BYDAY", value, "such as MO or 2TU");
    rule_.by_day.push_back({*nth, *day});
  }
  values_ += rule_.by_day.size();
  return {};
}

Result<void> Parts::read_numbers(std::string_view name, std::string_view value, int low, int high,
                                 std::vector<int>& to) {
  // Where 0 is no value, negative numbers count from the end, save for months.
  const bool from_end = low == 1 && name != "BYMONTH";
  for (const std::string_view item : text::split(value, ',')) {
    const auto read = number(item);
    const bool in_range =
        read && ((*read >= low && *read <= high) || (from_end && *read <= -1 && *read >= -high));
    if (!in_range) {
      return refuse(Code::invalid_input, name, value,
                    "numbers from " + std::to_string(low) + " to " + std::to_string(high));
    }
    to.push_back(*read);
  }
  values_ += to.size();
  return {};
}

Result<void> Parts::read_seconds(std::string_view value) {
  auto read = read_numbers("BYSECOND", value, 0, 60, rule_.by_second);
  // RFC 5545 3.3.10: without leap seconds 60 means 59.
  std::replace(rule_.by_second.begin(), rule_.by_second.end(), 60, 59);
  return read;
}

Result<void> Parts::read_part(std::string_view name, std::string_view value) {
  if (name == "FREQ") return read_frequency(value);
  if (name == "UNTIL") return read_until(value);
  if (name == "INTERVAL") return read_bounded(name, value, max_interval, rule_.interval);
  if (name == "COUNT") return read_bounded(name, value, max_count, rule_.count.emplace());
  if (name == "BYDAY") return read_weekdays(value);
  if (name == "BYMONTH") return read_numbers(name, value, 1, 12, rule_.by_month);
  if (name == "BYMONTHDAY") return read_numbers(name, value, 1, 31, rule_.by_month_day);
  if (name == "BYYEARDAY") return read_numbers(name, value, 1, 366, rule_.by_year_day);
  if (name == "BYWEEKNO") return read_numbers(name, value, 1, 53, rule_.by_week);
  if (name == "BYSETPOS") return read_numbers(name, value, 1, 366, rule_.by_position);
  if (name == "BYHOUR") return read_numbers(name, value, 0, 23, rule_.by_hour);
  if (name == "BYMINUTE") return read_numbers(name, value, 0, 59, rule_.by_minute);
  if (name == "BYSECOND") return read_seconds(value);
  if (name == "WKST") {
    const auto day = weekday(value);
    if (!day) return refuse(Code::invalid_input, name, value, "a weekday such as MO");
    rule_.week_start = *day;
    return {};
  }
  return refuse(Code::unsupported, name, value, "only parts of RFC 5545");
}

/// What RFC 5545 3.3.10 forbids of parts that are right by themselves.
Result<void> Parts::check_together() const {
  const auto refuse_part = [](std::string_view name, std::string_view why) {
    return fail(Code::invalid_input, "RRULE part " + std::string(name) + " " + std::string(why),
                {{}, 0, 0, "RRULE"});
  };
  const Frequency f = rule_.frequency;
  const bool yearly = f == Frequency::yearly;
  const bool has_nth = std::any_of(rule_.by_day.begin(), rule_.by_day.end(),
                                   [](const Rule::Weekday& day) { return day.nth != 0; });
  if (std::find(seen_.begin(), seen_.end(), "FREQ") == seen_.end()) {
    return refuse_part("FREQ", "is missing");
  }
  if (rule_.count && rule_.until) return refuse_part("COUNT", "stands beside UNTIL");
  if (!rule_.by_week.empty() && !yearly) return refuse_part("BYWEEKNO", "needs FREQ=YEARLY");
  if (!rule_.by_year_day.empty() && !yearly) return refuse_part("BYYEARDAY", "needs FREQ=YEARLY");
  if (!rule_.by_month_day.empty() && f == Frequency::weekly) {
    return refuse_part("BYMONTHDAY", "stands beside FREQ=WEEKLY");
  }
  if (has_nth && f != Frequency::monthly && (!yearly || !rule_.by_week.empty())) {
    return refuse_part("BYDAY", "counts weekdays, which needs FREQ=MONTHLY or YEARLY");
  }
  if (!rule_.by_position.empty() && values_ == rule_.by_position.size()) {
    return refuse_part("BYSETPOS", "needs another BY part");
  }
  return {};
}

Result<Rule> Parts::read(std::string_view text) {
  // Google Calendar has written rules with a semicolon at their end.
  if (text.ends_with(';')) text.remove_suffix(1);
  for (const std::string_view part : text::split(text, ';')) {
    const auto equals = part.find('=');
    const std::string_view name = part.substr(0, equals);
    if (equals == std::string_view::npos || equals == 0) {
      return refuse(Code::invalid_input, name, "", "NAME=VALUE between semicolons");
    }
    if (std::find(seen_.begin(), seen_.end(), name) != seen_.end()) {
      return refuse(Code::invalid_input, name, part.substr(equals + 1), "each part once");
    }
    seen_.push_back(name);
    auto read = read_part(name, part.substr(equals + 1));
    if (!read) return tl::unexpected(read.error());
    if (values_ > max_values) {
      return refuse(Code::unsupported, name, "", "at most 64 values in a rule");
    }
  }
  auto checked = check_together();
  if (!checked) return tl::unexpected(checked.error());
  return rule_;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

}  // namespace

Result<Rule> parse_rule(std::string_view text) {
  const std::string folded = upper(text);
  return Parts().read(folded);
}

}  // namespace calinvite

#include "csv/times.hpp"

#include <charconv>
#include <string>

#include "base/text.hpp"

namespace calinvite::csv {
namespace {

using namespace std::chrono;

std::optional<int> number(std::string_view digits, std::size_t max_digits) {
  int value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  const bool whole = error == std::errc() && stop == end && digits.front() != '-';
  if (!whole || digits.size() > max_digits) return std::nullopt;
  return value;
}

tl::unexpected<Error> refuse(std::string_view cell, const char* expected) {
  return fail(Code::invalid_input, "\"" + std::string(text::utf8_prefix(cell, 40)) +
                                       "\" can't be read; expected " + expected);
}

}  // namespace

Result<BasicTime> read_iso(std::string_view cell) {
  std::string iso(cell);
  if (iso.size() > 10 && iso[10] == ' ') iso[10] = 'T';
  return parse_iso(iso);
}

Result<BasicTime> read_us_date(std::string_view cell) {
  const auto parts = text::split(cell, '/');
  if (parts.size() == 1) {
    auto iso = parse_iso(cell);
    if (iso && iso->date_only) return iso;
  }
  const auto month_number = parts.size() == 3 ? number(parts[0], 2) : std::nullopt;
  const auto day_number = parts.size() == 3 ? number(parts[1], 2) : std::nullopt;
  const auto year_number =
      parts.size() == 3 && parts[2].size() == 4 ? number(parts[2], 4) : std::nullopt;
  if (!month_number || !day_number || !year_number) {
    return refuse(cell, "month/day/year such as 05/30/2027");
  }
  const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number))};
  if (!date.ok()) return refuse(cell, "a day of the calendar, month first, such as 05/30/2027");
  return BasicTime{local_days(date), true, false};
}

Result<seconds> read_us_time(std::string_view cell) {
  const auto wrong = [&] { return refuse(cell, "a time such as 7:30 PM or 19:30"); };
  std::string_view clock = cell;
  bool halves = false;
  bool afternoon = false;
  if (clock.size() > 2) {
    const std::string_view half = clock.substr(clock.size() - 2);
    afternoon = text::iequals(half, "PM");
    halves = afternoon || text::iequals(half, "AM");
    if (halves) clock = text::trim(clock.substr(0, clock.size() - 2));
  }
  const auto parts = text::split(clock, ':');
  if (parts.size() > 3 || (parts.size() < 2 && !halves)) return wrong();
  int values[3] = {0, 0, 0};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = parts[i].empty() ? std::nullopt : number(parts[i], 2);
    if (!value) return wrong();
    values[i] = *value;
  }
  auto [hour, minute, second] = values;
  if (minute > 59 || second > 59 || hour > (halves ? 12 : 23) || (halves && hour == 0)) {
    return wrong();
  }
  if (halves) hour = hour % 12 + (afternoon ? 12 : 0);
  return hours(hour) + minutes(minute) + seconds(second);
}

}  // namespace calinvite::csv

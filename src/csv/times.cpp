#include "csv/times.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace calinvite::csv {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> month_names = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> weekday_names = {
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

std::optional<int> number(std::string_view digits, std::size_t max_digits) {
  int value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  const bool whole = error == std::errc() && stop == end && digits.front() != '-';
  if (!whole || digits.size() > max_digits) return std::nullopt;
  return value;
}

/// 1-based; 0: none of them. Names may be cut to three letters or more.
template <std::size_t n>
unsigned index_of(const std::array<std::string_view, n>& names, std::string_view word) {
  for (std::size_t i = 0; word.size() >= 3 && i < n; ++i) {
    if (text::iequals(names[i].substr(0, word.size()), word)) return static_cast<unsigned>(i + 1);
  }
  return 0;
}

tl::unexpected<Error> refuse(std::string_view cell, const std::string& what) {
  return fail(Code::invalid_input, "\"" + text::one_line(cell, 40) + "\" " + what);
}

/// Two numbers and a year of four digits behind them.
bool is_numeric(const std::vector<std::string_view>& parts) {
  return parts.size() == 3 && parts[2].size() == 4 && number(parts[2], 4) && !parts[0].empty() &&
         number(parts[0], 2) && !parts[1].empty() && number(parts[1], 2);
}

/// Refuses a numeric date of which nobody said where the month stands.
tl::unexpected<Error> refuse_order(std::string_view cell,
                                   const std::vector<std::string_view>& parts) {
  const int first = number(parts[0], 2).value_or(0);
  const int second = number(parts[1], 2).value_or(0);
  if (first > 12 && second <= 12) {
    return refuse(cell, "has its day first; say that the list has that order (--date-order dmy)");
  }
  if (second > 12 && first <= 12) {
    return refuse(cell, "has its month first; say that the list has that order (--date-order mdy)");
  }
  return refuse(cell,
                "may have its month or its day first; say which order the list has (--date-order "
                "mdy or dmy)");
}

const char* example_of(DateForm form) {
  switch (form) {
    case DateForm::iso:
      return "2027-05-30";
    case DateForm::slashes:
      return "05/30/2027";
    case DateForm::dots:
      return "30.05.2027";
    case DateForm::dashes:
      return "30-05-2027";
    case DateForm::words:
      break;
  }
  return "30 May 2027";
}

/// The three parts of a date, each in its place.
struct Parts {
  std::string_view year, month, day;
};

std::optional<year_month_day> from_numbers(const Parts& parts) {
  const auto y = parts.year.size() == 4 ? number(parts.year, 4) : std::nullopt;
  const auto m = parts.month.empty() ? std::nullopt : number(parts.month, 2);
  const auto d = parts.day.empty() ? std::nullopt : number(parts.day, 2);
  if (!y || !m || !d) return std::nullopt;
  return year_month_day(year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d)));
}

/// Words of a date such as "Sun, May 30, 2027".
std::vector<std::string_view> words_of(std::string_view date) {
  std::vector<std::string_view> words;
  for (const std::string_view word : text::split(date, ' ')) {
    const auto end = word.find_last_not_of(",.");
    if (end != std::string_view::npos) words.push_back(word.substr(0, end + 1));
  }
  return words;
}

struct WordDate {
  year_month_day date;
  unsigned weekday = 0;  ///< 1: Sunday; 0: none is named
};

std::optional<WordDate> from_words(std::string_view text) {
  auto words = words_of(text);
  WordDate read;
  if (words.size() == 4) {
    read.weekday = index_of(weekday_names, words[0]);
    if (read.weekday == 0) return std::nullopt;
    words.erase(words.begin());
  }
  if (words.size() != 3) return std::nullopt;
  const unsigned first = index_of(month_names, words[0]);
  const unsigned second = index_of(month_names, words[1]);
  const std::string name = std::to_string(first + second);
  if ((first == 0) == (second == 0)) return std::nullopt;
  const auto date = from_numbers({words[2], name, first != 0 ? words[1] : words[0]});
  if (!date) return std::nullopt;
  read.date = *date;
  return read;
}

/// Where a date ends and a time of the day begins behind it; npos: there is none.
std::size_t clock_of(std::string_view cell) {
  const auto colon = cell.find(':');
  if (colon == std::string_view::npos) return colon;
  const auto gap = cell.find_last_of(" Tt", colon);
  return gap == std::string_view::npos ? 0 : gap;
}

std::string_view trim_wide(std::string_view text) {
  // Spreadsheets put U+00A0 and ICU's U+202F before AM and PM.
  for (;;) {
    text = text::trim(text);
    const auto size = text.size();
    for (const std::string_view blank : {"\xc2\xa0", "\xe2\x80\xaf"}) {
      if (text.ends_with(blank)) text.remove_suffix(blank.size());
    }
    if (text.size() == size) return text;
  }
}

/// Cuts AM or PM off; absent: neither stands there.
std::optional<bool> cut_afternoon(std::string_view& clock) {
  for (const auto& [word, afternoon] : {std::pair<std::string_view, bool>("PM", true),
                                        {"P.M.", true},
                                        {"AM", false},
                                        {"A.M.", false}}) {
    if (clock.size() <= word.size()) continue;
    if (!text::iequals(clock.substr(clock.size() - word.size()), word)) continue;
    clock = trim_wide(clock.substr(0, clock.size() - word.size()));
    return afternoon;
  }
  return std::nullopt;
}

}  // namespace

Result<BasicTime> DateReader::read(std::string_view cell, bool ours) {
  if (cell.size() >= 10 && cell[4] == '-') {
    std::string iso(cell);
    if (iso.size() > 10 && iso[10] == ' ') iso[10] = 'T';
    auto time = parse_iso(iso);
    if (!time) return time;
    if (auto kept = keep_form(DateForm::iso, cell); !kept) return tl::unexpected(kept.error());
    return time;
  }
  const auto gap = clock_of(cell);
  const std::string_view day = text::trim(cell.substr(0, gap));
  if (ours && order_ == DateOrder::usual) {
    for (const char separator : {'/', '.', '-'}) {
      const auto parts = text::split(day, separator);
      if (is_numeric(parts)) return refuse_order(cell, parts);
    }
    return parse_iso(cell);
  }
  const auto date = read_date(day, cell);
  if (!date) return tl::unexpected(date.error());
  BasicTime time{local_seconds(*date), gap == std::string_view::npos, false};
  if (time.date_only) return time;
  const auto of_day = read_clock(text::trim(cell.substr(gap + 1)));
  if (!of_day) return tl::unexpected(of_day.error());
  time.wall += *of_day;
  return time;
}

Result<local_days> DateReader::read_date(std::string_view date, std::string_view cell) {
  DateForm form = DateForm::words;
  std::optional<year_month_day> day;
  unsigned weekday_named = 0;
  for (const auto& [separator, numeric] :
       {std::pair('/', DateForm::slashes), {'.', DateForm::dots}, {'-', DateForm::dashes}}) {
    const auto parts = text::split(date, separator);
    if (parts.size() != 3) continue;
    if (order_ == DateOrder::usual && is_numeric(parts) && must_say_order(numeric, parts)) {
      return refuse_order(cell, parts);
    }
    const bool month_first = order_ != DateOrder::dmy;
    form = numeric;
    day = from_numbers(
        {parts[2], month_first ? parts[0] : parts[1], month_first ? parts[1] : parts[0]});
  }
  if (const auto words = form == DateForm::words ? from_words(date) : std::nullopt) {
    day = words->date;
    weekday_named = words->weekday;
  }
  const std::string order = order_ == DateOrder::dmy ? "day first, such as 30/05/2027"
                                                     : "month first, such as 05/30/2027";
  if (!day)
    return refuse(cell, "can't be read; expected a date with four digits of the year, " + order);
  if (!day->ok()) return refuse(cell, "is no day of the calendar, read " + order);
  if (weekday_named != 0 && weekday(local_days(*day)).c_encoding() != weekday_named - 1) {
    return refuse(cell, "is not on that weekday");
  }
  if (auto kept = keep_form(form, cell); !kept) return tl::unexpected(kept.error());
  return local_days(*day);
}

/// Google documents month first. Outlook writes what the country has: a day that can't be a month
/// tells, as do two numbers alike.
bool DateReader::must_say_order(DateForm form, const std::vector<std::string_view>& parts) const {
  if (form != DateForm::slashes) return true;
  const int first = number(parts[0], 2).value_or(0);
  const int second = number(parts[1], 2).value_or(0);
  if (first > 12 && second <= 12) return true;
  return of_country_ && second <= 12 && first != second;
}

Result<void> DateReader::keep_form(DateForm form, std::string_view cell) {
  if (!form_) form_ = form;
  if (*form_ == form) return {};
  return refuse(cell, std::string("is not written like the dates before it, such as ") +
                          example_of(*form_) + "; a list keeps to one form");
}

Result<seconds> read_clock(std::string_view cell) {
  const auto wrong = [&] {
    return refuse(cell, "can't be read; expected a time such as 7:30 PM or 19:30");
  };
  std::string_view clock = trim_wide(cell);
  const auto afternoon = cut_afternoon(clock);
  const bool dots = clock.find(':') == std::string_view::npos;
  const auto parts = text::split(clock, dots ? '.' : ':');
  if (parts.size() > 3 || (parts.size() < 2 && !afternoon)) return wrong();
  int values[3] = {0, 0, 0};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto value = parts[i].empty() ? std::nullopt : number(parts[i], 2);
    if (!value) return wrong();
    values[i] = *value;
  }
  auto [hour, minute, second] = values;
  if (minute > 59 || second > 59 || hour > (afternoon ? 12 : 23) || (afternoon && hour == 0)) {
    return wrong();
  }
  if (afternoon) hour = hour % 12 + (*afternoon ? 12 : 0);
  return hours(hour) + minutes(minute) + seconds(second);
}

}  // namespace calinvite::csv

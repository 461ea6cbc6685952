#include "time_text.hpp"

#include <charconv>
#include <cstdio>
#include <ctime>

namespace ses_simulator {
namespace {

std::string formatted(Instant time, const char* format) {
  const std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, format, &parts));
}

long long milliseconds(Instant time) { return time.time_since_epoch().count(); }

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  const char* end = text.data() + at + count;
  const auto [stop, error] = std::from_chars(text.data() + at, end, value);
  if (error != std::errc{} || stop != end || value < 0) return std::nullopt;
  return value;
}

std::optional<std::chrono::sys_seconds> instant(std::optional<int> year, std::optional<int> month,
                                                std::optional<int> day, std::optional<int> hour,
                                                std::optional<int> minute,
                                                std::optional<int> second) {
  using namespace std::chrono;
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const year_month_day date{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                            std::chrono::day(unsigned(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second);
}

}  // namespace

std::string iso_time(Instant time) {
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(milliseconds(time) % 1000));
  return formatted(time, "%Y-%m-%dT%H:%M:%S") + fraction;
}

std::string basic_time(Instant time) { return formatted(time, "%Y%m%dT%H%M%SZ"); }

std::string http_date(Instant time) { return formatted(time, "%a, %d %b %Y %H:%M:%S GMT"); }

std::string mail_date(Instant time) { return formatted(time, "%a, %d %b %Y %H:%M:%S +0000"); }

std::string id_time(Instant time) {
  char text[24];
  std::snprintf(text, sizeof text, "%012llx", milliseconds(time));
  return text;
}

std::optional<std::chrono::sys_seconds> parse_basic_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  return instant(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2), digits(text, 9, 2),
                 digits(text, 11, 2), digits(text, 13, 2));
}

std::optional<Instant> parse_iso_time(std::string_view text) {
  if (text.size() != 24 || text[10] != 'T' || text[19] != '.') return std::nullopt;
  const auto seconds = instant(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2),
                               digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2));
  const auto fraction = digits(text, 20, 3);
  if (!seconds || !fraction) return std::nullopt;
  return *seconds + std::chrono::milliseconds(*fraction);
}

}  // namespace ses_simulator

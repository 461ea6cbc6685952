#include "aws/time.hpp"

#include <algorithm>
#include <charconv>

#include "calinvite/time.hpp"

namespace calinvite::aws {
namespace {

/// "-07:00" or "-0700", as SES's older records have in place of Z.
std::optional<std::chrono::seconds> parse_offset(std::string_view zone) {
  const bool colon = zone.size() == 6 && zone[3] == ':';
  if (zone.size() != 5 && !colon) return std::nullopt;
  unsigned numbers[2] = {};  // hours, minutes
  for (int i = 0; i < 2; ++i) {
    const char* const first = zone.data() + (i == 0 ? 1 : zone.size() - 2);
    const auto [end, error] = std::from_chars(first, first + 2, numbers[i]);
    if (error != std::errc() || end != first + 2) return std::nullopt;
  }
  if (numbers[0] > 23 || numbers[1] > 59) return std::nullopt;
  const std::chrono::seconds offset =
      std::chrono::hours(numbers[0]) + std::chrono::minutes(numbers[1]);
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  constexpr std::size_t after_date = 10;
  const std::size_t zone = std::min(text.find_first_of("+-", after_date), text.size());
  const auto offset =
      zone < text.size() ? parse_offset(text.substr(zone)) : std::chrono::seconds(0);
  const auto time = parse_iso(text.substr(0, zone));
  const bool is_instant = time && !time->date_only && time->utc == (zone == text.size());
  if (!is_instant || !offset) return std::nullopt;
  return std::chrono::sys_seconds(time->wall.time_since_epoch()) - *offset;
}

}  // namespace calinvite::aws

#include "ical/values.hpp"

#include "base/text.hpp"

namespace calinvite::ical {
namespace {

using namespace std::chrono;

constexpr std::string_view mail_scheme = "mailto:";

bool has_scheme(std::string_view address) {
  return text::iequals(address.substr(0, mail_scheme.size()), mail_scheme);
}

/// Bytes of the control character or line separator at the start of `rest`; 0: it is neither.
std::size_t control_size(std::string_view rest) {
  const auto byte = static_cast<unsigned char>(rest.front());
  if (byte < 0x20 || byte == 0x7f) return 1;
  if (byte == 0xc2 && static_cast<unsigned char>(rest[1]) < 0xa0) return 2;  // C1
  return rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9") ? 3 : 0;
}

/// Digits up to a unit; takes them off `rest`.
std::optional<std::int64_t> amount(std::string_view& rest, char& unit) {
  std::int64_t value = 0;
  std::size_t size = 0;
  // Nine digits cannot overflow, whatever the unit.
  while (size < rest.size() && size < 9 && rest[size] >= '0' && rest[size] <= '9') {
    value = value * 10 + (rest[size++] - '0');
  }
  if (size == 0 || size == rest.size()) return std::nullopt;
  unit = rest[size];
  rest.remove_prefix(size + 1);
  return value;
}

std::optional<seconds> unit_size(char unit, bool in_time) {
  if (!in_time && unit == 'W') return weeks(1);
  if (!in_time && unit == 'D') return days(1);
  if (in_time && unit == 'H') return hours(1);
  if (in_time && unit == 'M') return minutes(1);
  if (in_time && unit == 'S') return seconds(1);
  return std::nullopt;
}

}  // namespace

sys_seconds Moment::instant() const {
  return zone != nullptr ? zone->zone().to_instant(wall) : sys_seconds(wall.time_since_epoch());
}

Result<Moment> read_moment(const Property& property, std::string_view text, ZoneNames& zones,
                           const NamedZone* floats) {
  const auto time = parse_basic(text);
  if (!time) return tl::unexpected(time.error());
  Moment moment{time->wall, time->date_only, false, nullptr};
  if (time->date_only) return moment;
  const std::string tzid = time->utc ? "UTC" : property.parameter("TZID");
  if (tzid.empty()) {
    moment.floating = true;
    moment.zone = floats;
    return moment;
  }
  const auto zone = zones.find(tzid);
  if (!zone) return tl::unexpected(zone.error());
  moment.zone = *zone;
  return moment;
}

Result<Span> read_duration(std::string_view value) {
  constexpr seconds longest = days(3653);
  const auto refuse = [&] {
    return fail(Code::invalid_input, "\"" + text::one_line(value, 40) +
                                         "\" is no duration between nothing and ten years; "
                                         "expected a form such as PT1H30M or P1D");
  };
  std::string_view rest = value;
  if (rest.starts_with('+')) rest.remove_prefix(1);
  if (!rest.starts_with('P')) return refuse();
  rest.remove_prefix(1);
  Span span;
  bool in_time = false;
  while (!rest.empty()) {
    if (rest.front() == 'T' && !in_time) {
      in_time = true;
      rest.remove_prefix(1);
      continue;
    }
    char unit = 0;
    const auto number = amount(rest, unit);
    if (!number) return refuse();
    const auto size = unit_size(unit, in_time);
    if (!size) return refuse();
    if (in_time) span.time += *number * *size;
    if (!in_time) span.days += *number * std::chrono::floor<days>(*size);
    if (span.days > longest || span.time > longest) return refuse();
  }
  return span;
}

Result<std::string> read_address(const Property& property) {
  std::string_view value = text::trim(property.value);
  const auto bare = [&] {
    if (value.starts_with('<')) value.remove_prefix(1);
    if (value.ends_with('>')) value.remove_suffix(1);
    value = text::trim(value);
  };
  bare();
  const bool mail = has_scheme(value) || value.find(':') == std::string_view::npos;
  if (!mail) {
    const std::string email = property.parameter("EMAIL");
    if (!text::trim(email).empty()) return normalize_address(text::trim(email));
  }
  while (has_scheme(value)) value = text::trim(value.substr(mail_scheme.size()));
  bare();
  value = value.substr(0, value.find('?'));
  return normalize_address(text::trim(text::percent_decode(value)));
}

std::string one_line(std::string_view value, std::string_view gap) {
  std::string line;
  bool pending = false;
  while (!value.empty()) {
    const std::size_t size = control_size(value);
    if (size != 0) {
      pending = true;
      value.remove_prefix(size);
      continue;
    }
    if (pending && !line.empty()) line += gap;
    pending = false;
    line += value.front();
    value.remove_prefix(1);
  }
  return std::string(text::trim(line));
}

std::string many_lines(std::string_view value) {
  std::string lines;
  while (!value.empty()) {
    const std::size_t size = control_size(value);
    const bool separator = size == 3;
    if (separator || value.front() == '\n') {
      lines += '\n';
    } else if (size == 0 || value.front() == '\t') {
      lines += value.front();
    }
    value.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return lines;
}

}  // namespace calinvite::ical

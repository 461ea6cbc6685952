#include "ical/embedded_zone.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "time/zone_data.hpp"

namespace calinvite::ical {
namespace {

using namespace std::chrono;

constexpr std::size_t max_observances = 100;  // limits of a VTIMEZONE: reliability, section 6

/// [+-]hhmm[ss]; some leave the plus away.
std::optional<seconds> read_offset(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() != 4 && text.size() != 6) return std::nullopt;
  int numbers[3] = {0, 0, 0};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    numbers[at / 2] = numbers[at / 2] * 10 + (text[at] - '0');
  }
  if (numbers[0] > 23 || numbers[1] > 59 || numbers[2] > 59) return std::nullopt;
  const seconds offset = hours(numbers[0]) + minutes(numbers[1]) + seconds(numbers[2]);
  return negative ? -offset : offset;
}

year year_of(local_seconds wall) { return year_month_day(floor<days>(wall)).year(); }

tl::unexpected<Error> refuse(Code code, std::string message, const ContentLine& line) {
  return fail(code, std::move(message), {{}, line.line, 0, "VTIMEZONE"});
}

/// Lotus Notes says the time of day once more in its rules.
bool repeats_time(const Rule& rule, local_seconds start) {
  const hh_mm_ss time(start - floor<days>(start));
  const auto is_only = [](const std::vector<int>& list, auto value) {
    return list.empty() || (list.size() == 1 && list.front() == value.count());
  };
  return is_only(rule.by_hour, time.hours()) && is_only(rule.by_minute, time.minutes()) &&
         is_only(rule.by_second, time.seconds());
}

}  // namespace

/// Absent: not one day, or not in every year.
std::optional<EmbeddedZone::Yearly> EmbeddedZone::to_yearly(const Rule& rule, local_seconds start) {
  if (rule.frequency != Frequency::yearly || rule.interval != 1 || rule.by_month.size() > 1 ||
      !rule.by_year_day.empty() || !rule.by_week.empty() || !rule.by_position.empty() ||
      rule.by_day.size() > 1 || !repeats_time(rule, start)) {
    return std::nullopt;
  }
  const year_month_day first(floor<days>(start));
  Yearly yearly{first.month(), std::nullopt, 0, static_cast<int>(unsigned(first.day()))};
  if (!rule.by_month.empty()) yearly.month = month(static_cast<unsigned>(rule.by_month.front()));
  if (!rule.by_day.empty()) {
    yearly.weekday = weekday(rule.by_day.front().weekday);
    yearly.nth = rule.by_day.front().nth;
  }
  const auto& in_month = rule.by_month_day;
  if (!in_month.empty()) yearly.day = *std::min_element(in_month.begin(), in_month.end());
  // "Sunday, one of 8 to 14" is the first on or after the 8th.
  const bool week =
      in_month.size() == 7 && yearly.day + 6 == *std::max_element(in_month.begin(), in_month.end());
  const bool fits = yearly.weekday ? (yearly.nth != 0 && yearly.nth >= -4 && yearly.nth <= 4 &&
                                      in_month.empty()) ||
                                         (yearly.nth == 0 && week)
                                   : in_month.size() <= 1;
  const bool in_every_year =
      (year(2001) / yearly.month / day(static_cast<unsigned>(std::abs(yearly.day)))).ok();
  return fits && in_every_year ? std::optional(yearly) : std::nullopt;
}

Result<void> EmbeddedZone::Observance::take(const ContentLine& content) {
  const auto is = [&](std::string_view name) { return text::iequals(content.name(), name); };
  const std::string_view value = text::trim(content.value());
  const auto unreadable = [&] {
    return refuse(Code::invalid_input,
                  std::string(content.name()) + " \"" + text::one_line(value, 40) +
                      "\" of its VTIMEZONE can't be read",
                  content);
  };
  if (is("TZOFFSETFROM") || is("TZOFFSETTO")) {
    const auto offset = read_offset(value);
    if (!offset) return unreadable();
    (is("TZOFFSETTO") ? to : from) = *offset;
  } else if (is("DTSTART")) {
    const auto time = parse_basic(value);
    if (!time) return unreadable();
    start = time->wall;
  } else if (is("RDATE")) {
    for (const std::string_view one : text::split(value, ',')) {
      const auto time = parse_basic(text::trim(one.substr(0, one.find('/'))));
      if (!time) return unreadable();
      dates.push_back(time->wall);
    }
  } else if (is("RRULE")) {
    if (!rule.empty()) {
      return refuse(Code::unsupported, "several rules in an observance of its VTIMEZONE", content);
    }
    rule = value;
    line = content.line;
  }
  return {};
}

Result<void> EmbeddedZone::Observance::take_rule() {
  const auto parsed = parse_rule(rule);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto one_day = to_yearly(*parsed, *start);
  if (!one_day) return fail(Code::unsupported, "a rule that is not one day of every year");
  yearly = *one_day;
  if (parsed->count) until = onset_in(year_of(*start) + years(*parsed->count - 1));
  if (parsed->until) {
    until = parsed->until->wall + (parsed->until->date_only ? days(1) : days(0));
    if (parsed->until->utc) until += *from;
  }
  return {};
}

Result<void> EmbeddedZone::Observance::check() {
  if (!start || !to) return fail(Code::invalid_input, "an observance lacks DTSTART or TZOFFSETTO");
  if (!from) from = to;
  std::sort(dates.begin(), dates.end());
  return rule.empty() ? Result<void>() : take_rule();
}

local_days EmbeddedZone::Yearly::in(year wanted) const {
  const auto in_month = wanted / month;
  if (nth > 0) return local_days(in_month / (*weekday)[unsigned(nth)]);
  if (nth < 0) return local_days(in_month / (*weekday)[last]) + weeks(nth + 1);
  const local_days from = day > 0 ? local_days(in_month / 1) + days(day - 1)
                                  : local_days(in_month / last) + days(day + 1);
  return weekday ? from + (*weekday - std::chrono::weekday(from)) : from;
}

local_seconds EmbeddedZone::Observance::onset_in(year wanted) const {
  return yearly->in(wanted) + (*start - floor<days>(*start));
}

std::vector<local_seconds> EmbeddedZone::Observance::onsets() const {
  std::vector<local_seconds> all = dates;
  all.push_back(*start);
  if (!yearly) return all;
  // The one before the first year says how that begins.
  const year first = std::max(year_of(*start), first_zone_year - years(1));
  for (year y = first; y <= last_zone_year; ++y) {
    const local_seconds onset = onset_in(y);
    if (onset > until) break;
    if (onset > *start) all.push_back(onset);
  }
  return all;
}

Result<EmbeddedZone> EmbeddedZone::read(const Component& timezone) {
  EmbeddedZone zone;
  bool inside = false;
  for (const ContentLine& line : timezone.lines) {
    const std::string_view value = text::trim(line.value());
    if (text::iequals(line.name(), "BEGIN")) {
      inside = text::iequals(value, "STANDARD") || text::iequals(value, "DAYLIGHT");
      if (inside) zone.observances_.emplace_back().line = line.line;
      if (zone.observances_.size() > max_observances) {
        return refuse(Code::unsupported, "a VTIMEZONE of more than 100 observances", line);
      }
    } else if (text::iequals(line.name(), "END")) {
      inside = false;
    } else if (inside) {
      auto taken = zone.observances_.back().take(line);
      if (!taken) return tl::unexpected(taken.error());
    }
  }
  if (zone.observances_.empty()) {
    return fail(Code::invalid_input, "neither STANDARD nor DAYLIGHT in its VTIMEZONE",
                {{}, timezone.line, 0, "VTIMEZONE"});
  }
  for (Observance& one : zone.observances_) {
    if (auto sound = one.check(); !sound) {
      return fail(sound.error().code, sound.error().message + " in its VTIMEZONE",
                  {{}, one.line, 0, "VTIMEZONE"});
    }
  }
  return zone;
}

Zone EmbeddedZone::zone(const Zone* before) const {
  struct Switch {
    sys_seconds instant;
    seconds from, to;
  };
  std::vector<Switch> switches;
  for (const Observance& one : observances_) {
    for (const local_seconds onset : one.onsets()) {
      switches.push_back({sys_seconds(onset.time_since_epoch() - *one.from), *one.from, *one.to});
    }
  }
  std::stable_sort(switches.begin(), switches.end(),
                   [](const Switch& a, const Switch& b) { return a.instant < b.instant; });
  auto data = std::make_shared<Zone::Data>();
  data->types.push_back({switches.front().from, {}});
  if (before != nullptr) {
    const sys_seconds from(local_days(first_zone_year / January / 1).time_since_epoch());
    const sys_seconds first_onset = switches.front().instant;
    data->types.front().offset = before->offset_at(std::min(from, first_onset - seconds(1)));
    std::vector<Switch> earlier;
    for (const sys_seconds at : before->switches(from, first_onset - seconds(1))) {
      earlier.push_back({at, {}, before->offset_at(at)});
    }
    switches.insert(switches.begin(), earlier.begin(), earlier.end());
  }
  std::size_t type = 0;
  for (const Switch& one : switches) {
    const seconds offset = data->types[type].offset;
    if (one.to == offset) continue;
    const auto known = std::find_if(data->types.begin(), data->types.end(),
                                    [&](const auto& each) { return each.offset == one.to; });
    type = static_cast<std::size_t>(known - data->types.begin());
    if (known == data->types.end()) data->types.push_back({one.to, {}});
    data->switches.push_back(
        {one.instant, local_seconds(one.instant.time_since_epoch() + std::max(offset, one.to)),
         type});
  }
  return Zone(std::move(data));
}

}  // namespace calinvite::ical

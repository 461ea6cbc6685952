#include "ical/zone_names.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "locale/locale.hpp"

namespace calinvite::ical {
namespace {

using std::chrono::local_seconds;
using std::chrono::sys_seconds;

// Longer ones name nothing, and each is compared and looked up several times.
constexpr std::size_t max_name = 255;

std::string_view bare(std::string_view name) {
  name = text::trim(name);
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
    name = text::trim(name.substr(1, name.size() - 2));
  }
  return name;
}

std::string value_of(const Component& timezone, std::string_view name) {
  for (const ContentLine& line : timezone.lines) {
    if (text::iequals(line.name(), name)) return std::string(bare(line.value()));
  }
  return {};
}

/// Capitals as the database writes them: Europe/Berlin, America/New_York, America/Port_of_Spain.
std::string in_title_case(std::string_view name) {
  std::string title = text::lower(name);
  bool begins = true;
  for (char& c : title) {
    if (begins && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    begins = c == '/' || c == '_' || c == '-';
  }
  return title;
}

/// What people would pick, tried before all other zones that behave alike.
constexpr std::string_view preferred[] = {
    "Europe/Berlin",      "Europe/London",    "Europe/Helsinki",    "America/New_York",
    "America/Chicago",    "America/Denver",   "America/Phoenix",    "America/Los_Angeles",
    "America/Sao_Paulo",  "Europe/Istanbul",  "Europe/Moscow",      "Asia/Dubai",
    "Asia/Kolkata",       "Asia/Shanghai",    "Asia/Tokyo",         "Australia/Sydney",
    "Australia/Brisbane", "Pacific/Auckland", "Africa/Johannesburg"};

/// Starts and ends of all instances that are looked at.
std::vector<local_seconds> walls_of(const EventTimes& times) {
  std::vector<local_seconds> walls{times.start, times.end};
  const auto add = [&](local_seconds start) {
    walls.push_back(start);
    walls.push_back(start + (times.end - times.start));
  };
  if (!times.rrule.empty()) {
    constexpr std::size_t daily_for_ten_years = 3660;
    // UNTIL in UTC may be a few hours off here: that is one instance more or less to compare.
    const auto starts = expand_rrule(times.rrule, times.start, {}, daily_for_ten_years);
    if (starts) std::for_each(starts->begin(), starts->end(), add);
  }
  std::for_each(times.further.begin(), times.further.end(), add);
  return walls;
}

/// True when both keep the same time all along.
bool alike(const Zone& a, const Zone& b, sys_seconds from, sys_seconds to) {
  const auto agree = [&](sys_seconds at) {
    const sys_seconds before = at - std::chrono::seconds(1);
    return a.offset_at(at) == b.offset_at(at) && a.offset_at(before) == b.offset_at(before);
  };
  const auto agree_at_switches = [&](const Zone& zone) {
    const auto all = zone.switches(from, to);
    return std::all_of(all.begin(), all.end(), agree);
  };
  return a.offset_at(from) == b.offset_at(from) && agree_at_switches(a) && agree_at_switches(b);
}

/// Standard time of a year, whenever its summer is said to begin.
std::chrono::seconds standard_offset(const Zone& zone, sys_seconds year) {
  constexpr std::chrono::days half_a_year(182);
  return std::min(zone.offset_at(year), zone.offset_at(year + half_a_year));
}

}  // namespace

void ZoneNames::add(const Component& timezone) {
  const std::string tzid = value_of(timezone, "TZID");
  auto zone = EmbeddedZone::read(timezone);
  if (found_.find(tzid) != found_.end()) {
    diagnostics_.add("it stands behind the events of its zone; it is not read", timezone.line,
                     "VTIMEZONE");
    return;
  }
  defined_.try_emplace(tzid, Defined{value_of(timezone, "X-LIC-LOCATION"), std::move(zone)});
}

void ZoneNames::set_default(std::string_view name) {
  if (default_.empty()) default_ = bare(name);
}

const NamedZone* ZoneNames::floating() {
  if (default_.empty()) return nullptr;
  const auto zone = find(default_);
  return zone ? *zone : nullptr;
}

const NamedZone* ZoneNames::utc() { return *find("UTC"); }

Result<const NamedZone*> ZoneNames::find(std::string_view tzid) {
  tzid = bare(tzid);
  auto found = found_.find(tzid);
  if (found == found_.end()) {
    found = found_.emplace(std::string(tzid), resolve(tzid)).first;
  }
  if (found->second) return &*found->second;
  std::string message = "time zone \"" + text::one_line(tzid, 80) +
                        "\" is not known; expected an IANA name such as Europe/Berlin";
  const auto defined = defined_.find(tzid);
  if (defined != defined_.end() && !defined->second.zone) {
    message += ", or a VTIMEZONE, where line " +
               std::to_string(defined->second.zone.error().place.line) + " has " +
               defined->second.zone.error().message;
  }
  return fail(Code::invalid_input, std::move(message));
}

std::optional<NamedZone> ZoneNames::resolve(std::string_view tzid) {
  if (tzid.size() > max_name) return std::nullopt;
  NamedZone named{std::string(tzid), by_name(tzid), std::nullopt, std::nullopt};
  const auto defined = defined_.find(tzid);
  if (defined == defined_.end()) {
    if (named.known) return named;
    const NamedZone* const stand_in = tzid == default_ ? nullptr : floating();
    if (stand_in == nullptr) return std::nullopt;
    diagnostics_.add("time zone \"" + text::one_line(tzid, 80) +
                         "\" is not known; X-WR-TIMEZONE is taken for it",
                     0, "TZID");
    return *stand_in;
  }
  const auto& [location, zone] = defined->second;
  if (!location.empty()) named.location = by_name(location);
  if (zone) {
    named.embedded = zone->zone(named.known ? &*named.known : nullptr);
  } else if (!named.known) {
    named.known = named.location;
  }
  if (!named.known && !named.embedded) return std::nullopt;
  if (!zone) {
    diagnostics_.add("time zone \"" + text::one_line(named.tzid, 80) +
                         "\": " + zone.error().message + "; taken as " + named.known->name(),
                     zone.error().place.line, "VTIMEZONE");
  }
  return named;
}

std::optional<Zone> ZoneNames::by_name(std::string_view name) const {
  if (auto zone = known(name)) return zone;
  // "/freeassociation.sourceforge.net/Europe/Berlin", "/mozilla.org/20050126_1/Europe/Berlin"
  if (name.starts_with('/')) {
    for (auto slash = name.find('/'); slash != std::string_view::npos;
         slash = name.find('/', slash + 1)) {
      if (auto zone = known(name.substr(slash + 1))) return zone;
    }
  }
  if (const auto iana = locale::iana_from_windows(name)) {
    if (auto zone = known(*iana)) return zone;
  }
  if (text::iequals(name, "tzone://Microsoft/Utc")) return known("UTC");  // Exchange's own
  return known(in_title_case(name));
}

std::optional<Zone> ZoneNames::known(std::string_view name) const {
  auto zone = zones_.find(name);
  if (!zone) return std::nullopt;
  return std::move(*zone);
}

const std::vector<Zone>& ZoneNames::candidates() {
  const auto add = [&](std::string_view name) {
    if (auto zone = known(name)) candidates_.push_back(*std::move(zone));
  };
  if (candidates_.empty()) {
    std::for_each(std::begin(preferred), std::end(preferred), add);
    for (const std::string& name : zones_.names()) add(name);
  }
  return candidates_;
}

std::optional<ZoneNames::Match> ZoneNames::match(const NamedZone& named, const EventTimes& times) {
  if (!named.embedded) return Match{*named.known};
  const Zone& said = *named.embedded;
  const bool alone = times.rrule.empty() && times.further.empty();
  const sys_seconds start = said.to_instant(times.start);
  const sys_seconds end = said.to_instant(times.end);
  // The short way for what nearly every series says: its zone is right for good.
  constexpr std::chrono::days two_years(731), ten_years(3653);
  if (!alone && named.known && alike(*named.known, said, start, end + ten_years)) {
    return Match{*named.known};
  }
  const auto walls = walls_of(times);
  const auto agrees = [&](const Zone& zone) {
    return std::all_of(walls.begin(), walls.end(), [&](local_seconds wall) {
      return zone.to_instant(wall) == said.to_instant(wall);
    });
  };
  if (named.known && agrees(*named.known)) return Match{*named.known};
  if (named.location && agrees(*named.location)) return Match{*named.location};
  const auto& others = candidates();
  const auto find_alike = [&](sys_seconds last) {
    return std::find_if(others.begin(), others.end(),
                        [&](const Zone& zone) { return alike(zone, said, start, last); });
  };
  const auto last = said.to_instant(*std::max_element(walls.begin(), walls.end()));
  auto found = find_alike(last);
  if (found != others.end()) return Match{*found};
  if (alone) return std::nullopt;
  // Mostly a good name whose rules have gone stale: they differ in when summer begins. Another
  // standard time is another zone, whatever its name (R96).
  if (named.known && standard_offset(*named.known, start) == standard_offset(said, start)) {
    return Match{*named.known, false};
  }
  found = find_alike(std::min(last, start + two_years));
  return found == others.end() ? std::nullopt : std::optional(Match{*found, false});
}

}  // namespace calinvite::ical

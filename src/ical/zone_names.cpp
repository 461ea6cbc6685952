#include "ical/zone_names.hpp"

#include "base/text.hpp"
#include "ical/property.hpp"
#include "locale/locale.hpp"

namespace calinvite::ical {
namespace {

// Longer ones name nothing, and each is compared and looked up several times.
constexpr std::size_t max_name = 255;

std::string_view bare(std::string_view name) {
  name = text::trim(name);
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
    name = text::trim(name.substr(1, name.size() - 2));
  }
  return name;
}

std::string value_of(const std::vector<ContentLine>& lines, std::string_view name) {
  for (const ContentLine& line : lines) {
    if (!text::iequals(line.name(), name)) continue;
    const Reading reading = read_line(line);
    if (!reading.properties.empty()) return std::string(bare(reading.properties.front().value));
  }
  return {};
}

}  // namespace

ZoneNames::ZoneNames(const CalendarObject& calendar, const ZoneTable& zones,
                     Diagnostics& diagnostics)
    : zones_(zones), diagnostics_(diagnostics) {
  for (const Component& component : calendar.components) {
    if (!text::iequals(component.name, "VTIMEZONE")) continue;
    locations_.emplace(value_of(component.lines, "TZID"),
                       value_of(component.lines, "X-LIC-LOCATION"));
  }
  const std::string name = value_of(calendar.lines, "X-WR-TIMEZONE");
  if (!name.empty()) floating_ = resolve(name);
}

Result<Zone> ZoneNames::find(std::string_view tzid) {
  tzid = bare(tzid);
  auto found = found_.find(tzid);
  if (found == found_.end()) {
    auto zone = resolve(tzid);
    if (!zone && floating_ && locations_.find(tzid) == locations_.end()) {
      zone = floating_;
      diagnostics_.add("time zone \"" + text::one_line(tzid, 80) +
                           "\" is not known; X-WR-TIMEZONE is taken for it",
                       0, "TZID");
    }
    found = found_.emplace(tzid, std::move(zone)).first;
  }
  if (found->second) return *found->second;
  return fail(Code::invalid_input,
              "time zone \"" + text::one_line(tzid, 80) +
                  "\" is not known; expected an IANA name such as Europe/Berlin");
}

std::optional<Zone> ZoneNames::resolve(std::string_view tzid) const {
  if (tzid.size() > max_name) return std::nullopt;
  if (auto zone = known(tzid)) return zone;
  // "/freeassociation.sourceforge.net/Europe/Berlin", "/mozilla.org/20050126_1/Europe/Berlin"
  if (tzid.starts_with('/')) {
    for (auto slash = tzid.find('/'); slash != std::string_view::npos;
         slash = tzid.find('/', slash + 1)) {
      if (auto zone = known(tzid.substr(slash + 1))) return zone;
    }
  }
  if (const auto iana = locale::iana_from_windows(tzid)) {
    if (auto zone = known(*iana)) return zone;
  }
  const auto embedded = locations_.find(tzid);
  if (embedded == locations_.end() || embedded->second.empty()) return std::nullopt;
  return known(embedded->second);
}

std::optional<Zone> ZoneNames::known(std::string_view name) const {
  auto zone = zones_.find(name);
  if (!zone) return std::nullopt;
  return std::move(*zone);
}

}  // namespace calinvite::ical

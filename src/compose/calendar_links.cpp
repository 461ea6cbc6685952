#include <algorithm>

#include "base/text.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/time.hpp"
#include "ical/recurrence.hpp"

namespace calinvite {
namespace {

using std::chrono::local_seconds;

constexpr std::size_t longest_link = 2000;  // R134
constexpr std::size_t longest_text = 200;   // of a title or place, in bytes

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

/// A value of a query, where slashes and colons may stand as they are (RFC 3986 3.4).
std::string query_value(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at <= value.size();) {
    const auto end = std::min(value.find_first_of("/:", at), value.size());
    out += text::percent_encode(value.substr(at, end - at));
    if (end < value.size()) out += value[end];
    at = end + 1;
  }
  return out;
}

/// The link with as much of `details` under `name` as fits. Empty values are left out.
std::string make_link(std::string link, const Parameters& parameters, std::string_view name,
                      std::string_view details) {
  for (const auto& [key, value] : parameters) {
    if (value.empty()) continue;
    link += link.find('?') == std::string::npos ? '?' : '&';
    link.append(key).append("=").append(query_value(value));
  }
  const std::size_t used = link.size() + name.size() + 2;
  std::string fitting = query_value(details);
  while (!details.empty() && used + fitting.size() > longest_link) {
    details = text::utf8_prefix(details, details.size() - 1 - details.size() / 8);
    fitting = query_value(details);
  }
  return fitting.empty() ? link : link.append("&").append(name).append("=").append(fitting);
}

/// One time in the forms that the services read.
struct Moment {
  std::string basic;  ///< 20270328T013000Z, or a date
  std::string iso;    ///< 2027-03-28T01:30:00Z, or a date
};

Moment moment_of(local_seconds wall, const Zone* zone) {
  if (zone == nullptr) return {format_basic(wall, true), format_iso(wall, true)};
  const auto instant = zone->to_instant(wall);
  return {format_basic(local_seconds(instant.time_since_epoch())) + "Z", format_iso(instant)};
}

struct Entry {
  std::string title;
  std::string place;
  Moment start;
  Moment end;
  bool all_day = false;
};

std::string outlook_link(std::string_view host, const Entry& entry, std::string_view details) {
  return make_link("https://" + std::string(host) + "/calendar/deeplink/compose",
                   {{"path", "/calendar/action/compose"},
                    {"rru", "addevent"},
                    {"startdt", entry.start.iso},
                    {"enddt", entry.end.iso},
                    {"allday", entry.all_day ? "true" : ""},
                    {"subject", entry.title},
                    {"location", entry.place}},
                   "body", details);
}

/// A series keeps its clock time over changes of the clock only with its zone.
std::string google_link(const Event& event, const Entry& entry, const Zone* zone,
                        std::string_view details) {
  const bool series = !event.rrule.empty();
  const bool local = series && zone != nullptr;
  return make_link("https://calendar.google.com/calendar/render",
                   {{"action", "TEMPLATE"},
                    {"text", entry.title},
                    {"dates", local ? format_basic(event.start) + "/" + format_basic(event.end)
                                    : entry.start.basic + "/" + entry.end.basic},
                    {"ctz", local ? zone->name() : ""},
                    {"recur", series ? "RRULE:" + ical::rule_in_utc(event.rrule, zone) : ""},
                    {"location", entry.place}},
                   "details", details);
}

}  // namespace

Result<CalendarLinks> calendar_links(const Event& event, std::string_view details,
                                     const ZoneTable& zones) {
  std::optional<Zone> found;
  if (!event.all_day) {
    auto zone = zones.find(event.timezone);
    if (!zone) return tl::unexpected<Error>(zone.error());
    found = std::move(*zone);
  }
  const Zone* const zone = found ? &*found : nullptr;
  const Entry entry{
      std::string(text::utf8_prefix(event.summary, longest_text)),
      std::string(text::utf8_prefix(is_no_place(event.location) ? event.conference : event.location,
                                    longest_text)),
      moment_of(event.start, zone), moment_of(event.end, zone), event.all_day};
  CalendarLinks links;
  links.google = google_link(event, entry, zone, details);
  links.outlook = outlook_link("outlook.live.com", entry, details);
  links.office365 = outlook_link("outlook.office.com", entry, details);
  links.yahoo = make_link("https://calendar.yahoo.com/",
                          {{"v", "60"},
                           {"TITLE", entry.title},
                           {"ST", entry.start.basic},
                           {"ET", entry.end.basic},
                           {"in_loc", entry.place}},
                          "DESC", details);
  return links;
}

}  // namespace calinvite

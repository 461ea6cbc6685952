#include "ical/event_properties.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.hpp"

namespace calinvite::ical {
namespace {

/// Properties that are looked at; the others never reach libical.
constexpr std::array<std::string_view, 24> wanted = {"ATTENDEE",
                                                     "COMMENT",
                                                     "CREATED",
                                                     "DESCRIPTION",
                                                     "DTEND",
                                                     "DTSTAMP",
                                                     "DTSTART",
                                                     "DURATION",
                                                     "EXDATE",
                                                     "EXRULE",
                                                     "LAST-MODIFIED",
                                                     "LOCATION",
                                                     "METHOD",
                                                     "ORGANIZER",
                                                     "RDATE",
                                                     "RECURRENCE-ID",
                                                     "RRULE",
                                                     "SEQUENCE",
                                                     "STATUS",
                                                     "SUMMARY",
                                                     "UID",
                                                     "URL",
                                                     "X-MICROSOFT-CDO-ALLDAYEVENT",
                                                     "X-MICROSOFT-CDO-APPT-SEQUENCE"};
/// Misread, these would put an event at a wrong time or lose some of its dates.
constexpr std::array<std::string_view, 8> deciding = {
    "DTSTART", "DTEND", "DURATION", "EXDATE", "RDATE", "RECURRENCE-ID", "RRULE", "EXRULE"};
constexpr std::array<std::string_view, 6> repeatable = {"ATTENDEE", "COMMENT", "EXDATE",
                                                        "RDATE",    "RRULE",   "EXRULE"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<EventProperties> EventProperties::collect(const Component& component,
                                                 Diagnostics& diagnostics) {
  EventProperties collected;
  for (const ContentLine& line : component.lines) {
    const auto* const name = std::find_if(wanted.begin(), wanted.end(), [&](auto known) {
      return text::iequals(known, line.name());
    });
    if (name == wanted.end()) continue;
    const auto tolerate = [&](const std::string& flaw) {
      diagnostics.add(std::string(*name) + ": " + flaw, line.line, *name);
    };
    if (text::trim(line.value()).empty()) {
      tolerate("it has no value");
      continue;
    }
    auto& list = collected.lists_[*name];
    if (!list.empty() && !is_in(repeatable, *name)) {
      tolerate("it appears twice; the first counts");
      continue;
    }
    Reading reading = read_line(line);
    if (!reading.flaw.empty() && is_in(deciding, *name)) {
      return fail(
          Code::invalid_input,
          std::string(*name) + " \"" + text::one_line(line.value(), 60) + "\" can't be read",
          {diagnostics.source(), line.line, 0, std::string(*name)});
    }
    if (!reading.flaw.empty()) tolerate(reading.flaw);
    std::move(reading.properties.begin(), reading.properties.end(), std::back_inserter(list));
  }
  return collected;
}

const Property* EventProperties::find(std::string_view name) const {
  const auto& list = all(name);
  return list.empty() ? nullptr : &list.front();
}

const std::vector<Property>& EventProperties::all(std::string_view name) const {
  static const std::vector<Property> none;
  const auto found = lists_.find(name);
  return found == lists_.end() ? none : found->second;
}

}  // namespace calinvite::ical

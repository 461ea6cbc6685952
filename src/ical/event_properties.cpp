#include "ical/event_properties.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace calinvite::ical {
namespace {

struct Known {
  std::string_view name;
  ValueType type = ValueType::plain;
  bool repeatable = false;
};
/// In the order of Name, which is that of the alphabet.
constexpr std::array<Known, name_count> known = {{
    {"ATTENDEE", ValueType::plain, true},
    {"CATEGORIES", ValueType::text_list, true},
    {"COLOR", ValueType::text},
    {"COMMENT", ValueType::text, true},
    {"CONFERENCE", ValueType::plain, true},
    {"DESCRIPTION", ValueType::text},
    {"DTEND"},
    {"DTSTAMP"},
    {"DTSTART"},
    {"DURATION"},
    {"EXDATE", ValueType::list, true},
    {"EXRULE", ValueType::plain, true},
    {"IMAGE", ValueType::plain, true},
    {"LAST-MODIFIED"},
    {"LOCATION", ValueType::text},
    {"ORGANIZER"},
    {"RDATE", ValueType::list, true},
    {"RECURRENCE-ID"},
    {"RRULE", ValueType::plain, true},
    {"SEQUENCE"},
    {"STATUS", ValueType::text},
    {"SUMMARY", ValueType::text},
    {"TRANSP"},
    {"UID", ValueType::text},
    {"URL"},
    {"X-ALT-DESC", ValueType::text},
    {"X-GOOGLE-CONFERENCE"},
    {"X-MICROSOFT-CDO-ALLDAYEVENT"},
    {"X-MICROSOFT-CDO-APPT-SEQUENCE"},
    {"X-MICROSOFT-DISALLOW-COUNTER"},
    {"X-MICROSOFT-SKYPETEAMSMEETINGURL"},
}};
constexpr std::size_t longest_name = known.back().name.size();

std::optional<std::size_t> index_of(std::string_view name) {
  char upper[longest_name];
  if (name.size() > longest_name) return std::nullopt;
  std::transform(name.begin(), name.end(), upper, [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const std::string_view wanted(upper, name.size());
  const auto found =
      std::lower_bound(known.begin(), known.end(), wanted,
                       [](const Known& one, std::string_view text) { return one.name < text; });
  if (found == known.end() || found->name != wanted) return std::nullopt;
  return static_cast<std::size_t>(found - known.begin());
}

}  // namespace

std::string_view to_string(Name name) noexcept {
  return known[static_cast<std::size_t>(name)].name;
}

EventProperties EventProperties::collect(const Component& component, Diagnostics& diagnostics) {
  EventProperties collected;
  for (const ContentLine& line : component.lines) {
    const auto index = index_of(line.name());
    if (!index) continue;
    const auto& property = known[*index];
    const auto tolerate = [&](std::string_view flaw) {
      diagnostics.add(std::string(property.name) + ": " + std::string(flaw), line.line,
                      property.name);
    };
    auto& list = collected.lists_[*index];
    if (text::trim(line.value()).empty()) {
      tolerate("it has no value");
    } else if (!list.empty() && !property.repeatable) {
      tolerate("it appears twice; the first counts");
    } else {
      read_line(line, property.type, list);
    }
  }
  return collected;
}

}  // namespace calinvite::ical

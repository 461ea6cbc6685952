#include "ical/calendar_head.hpp"

#include "base/text.hpp"
#include "ical/property.hpp"
#include "ical/values.hpp"

namespace calinvite::ical {

Result<void> CalendarHead::take(const ContentLine& line, Diagnostics& diagnostics) {
  if (text::iequals(line.name(), "PRODID") && prodid.empty()) {
    prodid = one_line(unescape_text(line.value()), " ");
  }
  return text::iequals(line.name(), "METHOD") ? take_method(line, diagnostics) : Result<void>();
}

Result<void> CalendarHead::take_inner(const Component& component, Diagnostics& diagnostics) {
  for (const ContentLine& line : component.lines) {
    if (!text::iequals(line.name(), "METHOD")) continue;
    diagnostics.add("METHOD: it stands inside a component; expected it in VCALENDAR", line.line,
                    "METHOD");
    if (auto taken = take_method(line, diagnostics); !taken) return taken;
  }
  return {};
}

Result<void> CalendarHead::take_method(const ContentLine& line, const Diagnostics& diagnostics) {
  const std::string_view word = text::trim(line.value());
  if (word.empty()) return {};
  const Place place{diagnostics.source(), line.line, 0, "METHOD"};
  const auto read = parse_method(word);
  if (!read) {
    return fail(Code::unsupported, "METHOD \"" + text::one_line(word, 40) + "\" is not known",
                place);
  }
  if (method && *method != *read) {
    return fail(Code::invalid_input,
                "METHOD " + std::string(to_string(*method)) + " and " +
                    std::string(to_string(*read)) + " in one text; expected one",
                place);
  }
  method = read;
  return {};
}

std::string_view default_zone_of(const ContentLine& line) {
  return text::iequals(line.name(), "X-WR-TIMEZONE") ? line.value() : std::string_view();
}

void tell_unread(const Component& component, Diagnostics& diagnostics) {
  diagnostics.add(text::one_line(component.name, 40) + " is not read", component.line);
}

}  // namespace calinvite::ical

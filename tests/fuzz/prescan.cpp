#include "ical/prescan.hpp"

#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void prescan(std::string_view input) {
  const CalendarLimits limits;
  ical::Diagnostics diagnostics("calendar.ics");
  const auto scan = ical::prescan(input, limits, diagnostics);
  if (!scan) return check_error(scan.error());
  std::size_t components = 0;
  for (const ical::CalendarObject& calendar : scan->calendars) {
    components += calendar.components.size();
    for (const ical::Component& component : calendar.components) {
      promise(component.lines.size() <= limits.max_properties, "properties are bounded");
      for (const ical::ContentLine& line : component.lines) {
        promise(line.name_size > 0 && line.value_at > 0 && line.value_at <= line.text.size(),
                "a content line has a name and a value");
        promise(line.text.size() <= limits.max_value_bytes, "content lines are bounded");
      }
    }
  }
  promise(components <= limits.max_components * scan->calendars.size(), "components are bounded");
}

}  // namespace calinvite::fuzz

#include "base/text.hpp"
#include "ical/event_reader.hpp"
#include "ical/property.hpp"
#include "ical/values.hpp"

namespace calinvite {
namespace {

using namespace ical;

class CalendarReader {
 public:
  CalendarReader(const ZoneTable& zones, Diagnostics& diagnostics)
      : zones_(zones), diagnostics_(diagnostics) {}

  Result<ParsedCalendar> read(const Scan& scan) {
    for (const CalendarObject& calendar : scan.calendars) {
      if (auto method = read_method(calendar); !method) return tl::unexpected(method.error());
    }
    for (const CalendarObject& calendar : scan.calendars) read_components(calendar);
    parsed_.diagnostics = diagnostics_.take();
    return std::move(parsed_);
  }

 private:
  Result<void> read_method(const CalendarObject& calendar) {
    for (const ContentLine& line : calendar.lines) {
      if (text::iequals(line.name(), "PRODID") && parsed_.prodid.empty()) {
        const Reading reading = read_line(line);
        if (!reading.properties.empty()) {
          parsed_.prodid = one_line(reading.properties.front().value, " ");
        }
      }
      if (auto method = take_method(line); !method) return method;
    }
    for (const Component& component : calendar.components) {
      for (const ContentLine& line : component.lines) {
        if (!text::iequals(line.name(), "METHOD")) continue;
        diagnostics_.add("METHOD: it stands inside a component; expected it in VCALENDAR",
                         line.line, "METHOD");
        if (auto method = take_method(line); !method) return method;
      }
    }
    return {};
  }

  /// One list of events has one method: what else could tell which of them are cancelled?
  Result<void> take_method(const ContentLine& line) {
    if (!text::iequals(line.name(), "METHOD")) return {};
    const std::string_view word = text::trim(line.value());
    if (word.empty()) return {};
    const Place place{diagnostics_.source(), line.line, 0, "METHOD"};
    const auto method = parse_method(word);
    if (!method) {
      return fail(Code::unsupported, "METHOD \"" + text::one_line(word, 40) + "\" is not known",
                  place);
    }
    if (parsed_.method && *parsed_.method != *method) {
      return fail(Code::invalid_input,
                  "METHOD " + std::string(to_string(*parsed_.method)) + " and " +
                      std::string(to_string(*method)) + " in one text; expected one",
                  place);
    }
    parsed_.method = method;
    return {};
  }

  void read_components(const CalendarObject& calendar) {
    ZoneNames names(calendar, zones_, diagnostics_);
    const Surroundings around{parsed_.method, names, diagnostics_};
    for (const Component& component : calendar.components) {
      if (text::iequals(component.name, "VTIMEZONE")) continue;
      if (!text::iequals(component.name, "VEVENT")) {
        diagnostics_.add(text::one_line(component.name, 40) + " is not read", component.line);
        continue;
      }
      auto event = read_event(component, around);
      if (event) {
        parsed_.events.push_back(std::move(*event));
      } else {
        parsed_.refused.push_back(std::move(event.error()));
      }
    }
  }

  const ZoneTable& zones_;
  Diagnostics& diagnostics_;
  ParsedCalendar parsed_;
};

}  // namespace

Result<ParsedCalendar> parse_calendar(std::string_view text, const ZoneTable& zones,
                                      std::string_view source, const CalendarLimits& limits) {
  Diagnostics diagnostics(source);
  const auto scan = prescan(text, limits, diagnostics);
  if (!scan) return tl::unexpected(scan.error());
  return CalendarReader(zones, diagnostics).read(*scan);
}

}  // namespace calinvite

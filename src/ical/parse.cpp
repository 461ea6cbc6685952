#include "ical/calendar_head.hpp"
#include "ical/event_reader.hpp"

namespace calinvite {
namespace {

using namespace ical;

/// Keeps all of a text, for METHOD and VTIMEZONE may stand behind the events (R93).
class WholeText : public ScanSink {
 public:
  WholeText(const ZoneTable& zones, Diagnostics& diagnostics)
      : zones_(zones), diagnostics_(diagnostics) {}

  void begin_calendar() override { calendars_.emplace_back(); }
  Result<void> take_property(const ContentLine& line) override {
    if (calendars_.back().zone.empty()) calendars_.back().zone = default_zone_of(line);
    return head_.take(line, diagnostics_);
  }
  Result<void> take_component(Component&& component) override {
    auto inner = head_.take_inner(component, diagnostics_);
    calendars_.back().components.push_back(std::move(component));
    return inner;
  }

  ParsedCalendar read() {
    for (const CalendarObject& calendar : calendars_) read_components(calendar);
    parsed_.method = head_.method;
    parsed_.prodid = std::move(head_.prodid);
    parsed_.diagnostics = diagnostics_.take();
    return std::move(parsed_);
  }

 private:
  struct CalendarObject {
    std::string_view zone;  ///< X-WR-TIMEZONE
    std::vector<Component> components;
  };

  void read_components(const CalendarObject& calendar) {
    ZoneNames names(zones_, diagnostics_);
    names.set_default(calendar.zone);
    for (const Component& component : calendar.components) {
      if (component.is("VTIMEZONE")) names.add(component);
    }
    const Surroundings around{head_.method, names, diagnostics_};
    for (const Component& component : calendar.components) {
      if (component.is("VTIMEZONE")) continue;
      if (!component.is("VEVENT")) {
        tell_unread(component, diagnostics_);
        continue;
      }
      auto event = read_event(component, around);
      if (event) {
        parsed_.events.push_back(*std::move(event));
      } else {
        parsed_.refused.push_back(std::move(event.error()));
      }
    }
  }

  const ZoneTable& zones_;
  Diagnostics& diagnostics_;
  CalendarHead head_;
  std::vector<CalendarObject> calendars_;
  ParsedCalendar parsed_;
};

}  // namespace

Result<ParsedCalendar> parse_calendar(std::string_view text, const ZoneTable& zones,
                                      std::string_view source, const CalendarLimits& limits) {
  if (limits.max_bytes != 0 && text.size() > limits.max_bytes) {
    return fail(Code::too_large,
                "the calendar has " + std::to_string(text.size()) + " bytes; expected at most " +
                    std::to_string(limits.max_bytes),
                {std::string(source), 0, 0, {}});
  }
  Diagnostics diagnostics(source);
  WholeText whole(zones, diagnostics);
  Scanner scanner(limits, diagnostics, whole);
  if (auto fed = scanner.feed(text); !fed) return tl::unexpected(fed.error());
  if (auto finished = scanner.finish(); !finished) return tl::unexpected(finished.error());
  return whole.read();
}

}  // namespace calinvite

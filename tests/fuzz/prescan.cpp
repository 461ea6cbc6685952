#include "ical/prescan.hpp"

#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

/// Checks what the scan hands over.
class Checker : public ical::ScanSink {
 public:
  explicit Checker(const CalendarLimits& limits) : limits_(limits) {}
  void begin_calendar() override { components_ = 0; }
  Result<void> take_property(const ical::ContentLine& line) override {
    check(line);
    return {};
  }
  Result<void> take_component(ical::Component&& component) override {
    promise(++components_ <= limits_.max_components, "components are bounded");
    promise(component.lines.size() <= limits_.max_properties, "properties are bounded");
    for (const ical::ContentLine& line : component.lines) check(line);
    return {};
  }

 private:
  void check(const ical::ContentLine& line) const {
    promise(line.name_size > 0 && line.value_at > 0 && line.value_at <= line.text.size(),
            "a content line has a name and a value");
    promise(line.text.size() <= limits_.max_value_bytes, "content lines are bounded");
  }

  const CalendarLimits& limits_;
  std::size_t components_ = 0;
};

}  // namespace

void prescan(std::string_view input) {
  const CalendarLimits limits;
  ical::Diagnostics diagnostics("calendar.ics");
  Checker checker(limits);
  ical::Scanner scanner(limits, diagnostics, checker);
  if (const auto fed = scanner.feed(input); !fed) return check_error(fed.error());
  if (const auto done = scanner.finish(); !done) return check_error(done.error());
}

}  // namespace calinvite::fuzz

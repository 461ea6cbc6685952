#include "ical/calendar_head.hpp"
#include "ical/event_reader.hpp"

namespace calinvite {

using namespace ical;

struct CalendarReader::Impl : ScanSink {
  Impl(std::string_view source, const ZoneTable& zone_table, const CalendarLimits& given)
      : diagnostics(source), zones(zone_table), limits(given) {
    limits.max_components = 0;
  }

  void begin_calendar() override { names.emplace(zones, diagnostics); }

  Result<void> take_property(const ContentLine& line) override {
    names->set_default(default_zone_of(line));
    return take_head([&] { return head.take(line, diagnostics); }, line.line);
  }

  Result<void> take_component(Component&& component) override {
    if (component.is("VTIMEZONE")) {
      names->add(component);
      return {};
    }
    if (!component.is("VEVENT")) {
      tell_unread(component, diagnostics);
      return {};
    }
    const auto inner = [&] { return head.take_inner(component, diagnostics); };
    if (auto taken = take_head(inner, component.line); !taken) return taken;
    any_event = true;
    auto event = read_event(component, {head.method, *names, diagnostics});
    if (event) return on_event(*std::move(event));
    on_error(event.error());
    return {};
  }

  /// Events that were handed over already were taken for what the head said then.
  template <class Take>
  Result<void> take_head(Take take, std::uint32_t line) {
    const auto before = head.method;
    if (auto taken = take(); !taken) return taken;
    if (!any_event || head.method == before) return {};
    return fail(Code::invalid_input,
                "METHOD stands behind the first VEVENT; expected it before all of them",
                {diagnostics.source(), line, 0, "METHOD"});
  }

  Result<void> feed(std::string_view bytes, bool last) {
    constexpr std::size_t piece = 64 * 1024;
    for (; bytes.size() > piece; bytes.remove_prefix(piece)) {
      if (auto taken = take(bytes.substr(0, piece), false); !taken) return taken;
    }
    return take(bytes, last);
  }

  Result<void> take(std::string_view bytes, bool last) {
    rest += bytes;
    // A line may go on in the next piece; a CR may be followed by its LF.
    std::size_t end = rest.rfind('\n');
    if (end == std::string::npos && rest.size() > limits.max_line_bytes) {
      end = rest.find_last_of('\r', rest.size() - 2);
      if (end == std::string::npos) end = rest.size() - 1;  // it is refused for its length
    }
    const std::size_t whole = last ? rest.size() : end + 1;
    if (auto fed = scanner.feed(std::string_view(rest).substr(0, whole)); !fed) return fed;
    if (last) return scanner.finish();
    scanner.release();
    rest.erase(0, whole);
    return {};
  }

  Diagnostics diagnostics;
  const ZoneTable& zones;
  CalendarLimits limits;
  Scanner scanner{limits, diagnostics, *this};
  std::string rest;  ///< bytes that are no whole line yet
  CalendarHead head;
  std::optional<ZoneNames> names;  ///< of the VCALENDAR that is being read
  bool any_event = false;
  EventHandler on_event;
  ErrorHandler on_error;
};

CalendarReader::CalendarReader(std::string source, const ZoneTable& zones, EventHandler on_event,
                               ErrorHandler on_error, CalendarLimits limits)
    : impl_(std::make_unique<Impl>(source, zones, limits)) {
  impl_->on_event = std::move(on_event);
  impl_->on_error = std::move(on_error);
}
CalendarReader::~CalendarReader() = default;

Result<void> CalendarReader::feed(std::string_view bytes, bool last) {
  return impl_->feed(bytes, last);
}

std::optional<Method> CalendarReader::method() const { return impl_->head.method; }
const std::string& CalendarReader::prodid() const { return impl_->head.prodid; }
std::vector<Diagnostic> CalendarReader::take_diagnostics() { return impl_->diagnostics.take(); }

}  // namespace calinvite

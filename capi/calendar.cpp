#include <deque>
#include <memory>

#include "calinvite/ical.hpp"
#include "event_view.hpp"
#include "guard.hpp"

namespace capi = calinvite::capi;

struct calinvite_calendar {
  calinvite::ParsedCalendar parsed;
  std::deque<capi::EventView> events;
  std::deque<calinvite_error> refused;
};

calinvite_status calinvite_parse_calendar(const char* bytes, size_t size, const char* source,
                                          calinvite_calendar** calendar_out,
                                          calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    *capi::needed(calendar_out, "calendar_out") = nullptr;
    const calinvite::ZoneTable zones;
    auto calendar = std::make_unique<calinvite_calendar>();
    calendar->parsed = capi::value(calinvite::parse_calendar(capi::bytes_of(bytes, size, "bytes"),
                                                             zones, capi::text_or(source)));
    for (auto& event : calendar->parsed.events) {
      calendar->events.emplace_back(std::move(event.event), true);
    }
    for (auto& error : calendar->parsed.refused) calendar->refused.push_back({std::move(error)});
    *calendar_out = calendar.release();
  });
}

const char* calinvite_calendar_method(const calinvite_calendar* calendar) noexcept {
  const auto& method = calendar->parsed.method;
  return method ? to_string(*method).data() : "";
}

const char* calinvite_calendar_prodid(const calinvite_calendar* calendar) noexcept {
  return calendar->parsed.prodid.c_str();
}

size_t calinvite_calendar_event_count(const calinvite_calendar* calendar) noexcept {
  return calendar->events.size();
}

const calinvite_event* calinvite_calendar_event(const calinvite_calendar* calendar,
                                                size_t index) noexcept {
  return index < calendar->events.size() ? calendar->events[index].lent() : nullptr;
}

size_t calinvite_calendar_refused_count(const calinvite_calendar* calendar) noexcept {
  return calendar->refused.size();
}

const calinvite_error* calinvite_calendar_refused(const calinvite_calendar* calendar,
                                                  size_t index) noexcept {
  return index < calendar->refused.size() ? &calendar->refused[index] : nullptr;
}

void calinvite_calendar_free(calinvite_calendar* calendar) noexcept { delete calendar; }

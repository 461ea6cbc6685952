/// An event of the tests and a copy of it.
#pragma once

#include "ical/reading.hpp"

namespace calinvite::testing {

inline std::chrono::local_seconds wall(std::string_view iso) { return parse_iso(iso)->wall; }
inline std::chrono::sys_seconds instant(std::string_view iso) {
  return std::chrono::sys_seconds(wall(iso).time_since_epoch());
}

inline Event fixture(std::string_view start = "2027-03-27T19:30",
                     std::string_view end = "2027-03-27T21:30",
                     std::string timezone = "Europe/Berlin") {
  Event event;
  event.uid = "event-0001";
  event.organizer = "fixtures@league.example";
  event.summary = "Comets v Meteors";
  event.location = "Orbit Arena, Gate 2; north";
  event.url = "https://league.example/f?a=1,2;b";
  event.start = wall(start);
  event.end = wall(end);
  event.all_day = parse_iso(start)->date_only;
  event.timezone = event.all_day ? "" : std::move(timezone);
  event.created = instant("2027-01-01T08:00");
  event.changed = instant("2027-01-10T08:00");
  return event;
}

inline CalendarCopy copy_of(const Event& event, Method method = Method::request) {
  CalendarCopy copy;
  copy.event = &event;
  copy.method = method;
  copy.sequence = 3;
  copy.uid = "0c7d6c5e9f0a4b1d8e2f3a4b5c6d7e8f";
  copy.organizer_address = "fixtures+k3jz7q2v@in.league.example";
  copy.organizer_name = "League Fixtures";
  copy.attendee_address = "fan0001@example.com";
  copy.attendee_name = "Fan 0001";
  copy.description = "Gates open at 18:30.\nAnswer: https://league.example/r/abc";
  copy.dtstamp = instant("2027-01-10T08:00:05");
  copy.language = "en";
  return copy;
}

inline Result<std::string> write(const CalendarCopy& copy) {
  return write_calendar(copy, ZoneTable());
}

inline std::string written(const CalendarCopy& copy) {
  const auto text = write(copy);
  if (!text) FAIL(to_string(text.error()));
  return *text;
}

inline bool has_line(std::string_view text, std::string_view line) {
  return text.find("\r\n" + std::string(line) + "\r\n") != std::string_view::npos;
}

/// `text` without its folds.
inline std::string unfolded(std::string text) {
  for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ", at)) {
    text.erase(at, 3);
  }
  return text;
}

}  // namespace calinvite::testing

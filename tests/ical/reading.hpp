/// Short ways to a parsed event for the tests of this folder.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "calinvite/ical.hpp"

namespace calinvite::testing {

inline std::string data(const std::string& name) {
  std::ifstream file(CALINVITE_TEST_DATA_DIR "/ical/" + name, std::ios::binary);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline Result<ParsedCalendar> parse(std::string_view text, const CalendarLimits& limits = {}) {
  return parse_calendar(text, ZoneTable(), "invite.ics", limits);
}

/// A calendar with `head` before its one VEVENT of UID, DTSTAMP and `lines` (with LF ends).
inline std::string calendar(const std::string& lines,
                            const std::string& head = "METHOD:REQUEST\n") {
  return "BEGIN:VCALENDAR\nVERSION:2.0\n" + head +
         "BEGIN:VEVENT\nUID:fixture-0001@league.example\nDTSTAMP:20270101T120000Z\n" + lines +
         "END:VEVENT\nEND:VCALENDAR\n";
}

inline ParsedEvent one(const std::string& text) {
  const auto parsed = parse(text);
  REQUIRE(parsed.has_value());
  for (const Error& error : parsed->refused) FAIL(to_string(error));
  REQUIRE(parsed->events.size() == 1);
  return parsed->events.front();
}

/// The event of calendar(lines).
inline ParsedEvent event_of(const std::string& lines) { return one(calendar(lines)); }

/// Why the event of calendar(lines) was refused.
inline Error refusal_of(const std::string& lines, const std::string& head = "METHOD:REQUEST\n") {
  const auto parsed = parse(calendar(lines, head));
  REQUIRE(parsed.has_value());
  CHECK(parsed->events.empty());
  REQUIRE(parsed->refused.size() == 1);
  return parsed->refused.front();
}

inline std::string start(const Event& event) { return format_iso(event.start, event.all_day); }
inline std::string end(const Event& event) { return format_iso(event.end, event.all_day); }

}  // namespace calinvite::testing

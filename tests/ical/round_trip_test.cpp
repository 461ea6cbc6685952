#include "ical/copies.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

void check_round_trip(const Event& event, Method method) {
  CalendarCopy copy = copy_of(event, method);
  copy.language = event.language;
  const auto parsed = parse(written(copy));
  REQUIRE(parsed.has_value());
  CHECK(parsed->diagnostics.empty());
  REQUIRE(parsed->events.size() == 1);
  const ParsedEvent& read = parsed->events[0];
  std::string location = event.location;
  if (const auto end = location.find('\n'); end != std::string::npos)
    location.replace(end, 1, ", ");

  CHECK(parsed->method == method);
  CHECK(read.event.source_uid == copy.uid);
  CHECK(read.event.source_sequence == copy.sequence);
  CHECK(read.event.source_dtstamp == copy.dtstamp);
  CHECK(read.event.source_organizer == copy.organizer_address);
  CHECK(read.organizer_name == copy.organizer_name);
  CHECK(read.event.summary == event.summary);
  CHECK(read.event.description == copy.description);
  CHECK(read.event.location == location);
  CHECK(read.event.url == event.url);
  CHECK(read.event.conference == event.conference);
  CHECK(read.event.language == event.language);
  CHECK(read.event.start == event.start);
  CHECK(read.event.end == event.end);
  CHECK(read.event.all_day == event.all_day);
  CHECK(read.event.timezone == event.timezone);
  CHECK(read.event.rrule == event.rrule);
  CHECK(read.event.exdates == event.exdates);
  CHECK(read.event.status ==
        (method == Method::cancel ? EventStatus::cancelled : EventStatus::confirmed));
  REQUIRE(read.attendees.size() == 1);
  CHECK(read.attendees[0].address == copy.attendee_address);
  CHECK(read.attendees[0].name == copy.attendee_name);
  CHECK(read.attendees[0].partstat == copy.partstat);
}

}  // namespace

TEST_CASE("what is written reads back equal: languages, zones, dates, series", "[ical]") {
  const std::pair<std::string, std::string> texts[] = {
      {"en", "Comets v Meteors; final, \"away\" \\ home"},
      {"de",
       "Spiel in K\xc3\xb6ln: Gr\xc3\xb6\xc3\x9f"
       "e z\xc3\xa4hlt"},
      {"ar",
       "\xd9\x85\xd8\xa8\xd8\xa7\xd8\xb1\xd8\xa7\xd8\xa9 \xd8\xa7\xd9\x84\xd9\x82\xd9\x85\xd8\xa9"},
      {"ja",
       "\xe8\xa9\xa6\xe5\x90\x88\xe9\x96\x8b\xe5\xa7\x8b\xe3\x81\xae\xe3\x81\x8a\xe7\x9f\xa5\xe3"
       "\x82\x89\xe3\x81\x9b"},
      {"",
       "\xf0\x9f\x8f\x9f\xef\xb8\x8f "
       "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 \xe2\x9a\xbd"}};
  for (const auto& [language, summary] : texts) {
    for (const std::string zone : {"Europe/Berlin", "UTC", "Asia/Tokyo", "America/St_Johns"}) {
      for (const Method method : {Method::request, Method::cancel}) {
        INFO(summary << ' ' << zone);
        Event event = fixture("2027-03-27T19:30", "2027-03-28T19:30", zone);
        event.summary = summary;
        event.language = language;
        event.location = summary + "\nline two";
        check_round_trip(event, method);
        event.rrule = "FREQ=WEEKLY;BYDAY=SA;UNTIL=20271231T193000";
        event.exdates = {wall("2027-04-03T19:30"), wall("2027-11-06T19:30")};
        check_round_trip(event, method);
      }
    }
  }
}

TEST_CASE("all-day events and series read back as dates", "[ical]") {
  Event event = fixture("2027-03-27", "2027-03-30");
  check_round_trip(event, Method::request);
  event.rrule = "FREQ=MONTHLY;BYMONTHDAY=27;UNTIL=20280101";
  event.exdates = {wall("2027-04-27")};
  check_round_trip(event, Method::request);
  check_round_trip(event, Method::cancel);
}

TEST_CASE("an event read from a client's invitation is written again equal", "[ical]") {
  Event event = one(data("google_request.ics")).event;
  const auto parsed = one(written(copy_of(event)));

  CHECK(parsed.event.start == event.start);
  CHECK(parsed.event.end == event.end);
  CHECK(parsed.event.rrule == event.rrule);
  CHECK(parsed.event.exdates == event.exdates);
  CHECK(parsed.event.timezone == event.timezone);
  CHECK(parsed.event.location == event.location);
}

#include <algorithm>

#include "base/text.hpp"
#include "calinvite/version.hpp"
#include "counting.hpp"
#include "ical/copies.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

/// A golden with the version of the day in its PRODID.
std::string golden(const std::string& name) {
  std::string text = data(name);
  const std::string_view mark = "VERSION-OF-CALINVITE";
  text.replace(text.find(mark), mark.size(), version());
  return text;
}

}  // namespace

TEST_CASE("a request is written line by line as the golden says", "[ical]") {
  Event event = fixture();
  event.rrule = "FREQ=WEEKLY;BYDAY=SA;UNTIL=20270626T193000";
  event.exdates = {wall("2027-04-03T19:30"), wall("2027-04-04T19:30")};
  event.overrides.push_back({{wall("2027-04-10T19:30")}, true, {}, {}, "", "", ""});

  CHECK(written(copy_of(event)) == golden("request_series.ics"));
}

TEST_CASE("a cancellation is written line by line as the golden says (R82 to R84)", "[ical]") {
  const Event event = fixture("2027-06-05", "2027-06-07");
  CalendarCopy copy = copy_of(event, Method::cancel);
  copy.partstat = Partstat::accepted;
  copy.description = "The cup weekend is cancelled.";

  CHECK(written(copy) == golden("cancel_all_day.ics"));
}

TEST_CASE("a changed occurrence is its own object with its original start (R73, R74)", "[ical]") {
  Event event = fixture();
  event.rrule = "FREQ=WEEKLY;COUNT=10";
  event.overrides.push_back({{wall("2027-04-03T19:30")},
                             false,
                             wall("2027-04-04T15:00"),
                             wall("2027-04-04T17:00"),
                             "Postponed fixture",
                             "",
                             "Ring Park"});
  CalendarCopy copy = copy_of(event);
  copy.occurrence = OccurrenceId{wall("2027-04-03T19:30")};
  const std::string text = written(copy);

  CHECK(has_line(text, "RECURRENCE-ID;TZID=Europe/Berlin:20270403T193000"));
  CHECK(has_line(text, "DTSTART;TZID=Europe/Berlin:20270404T150000"));
  CHECK(has_line(text, "DTEND;TZID=Europe/Berlin:20270404T170000"));
  CHECK(has_line(text, "SUMMARY;LANGUAGE=en:Postponed fixture"));
  CHECK(has_line(text, "LOCATION;LANGUAGE=en:Ring Park"));
  CHECK(count(text, "BEGIN:VEVENT") == 1);
  const auto vevent = text.substr(text.find("BEGIN:VEVENT"));
  CHECK(count(vevent, "RRULE") + count(vevent, "EXDATE") == 0);
}

TEST_CASE("one occurrence is cancelled by its original start (R86)", "[ical]") {
  Event event = fixture();
  event.rrule = "FREQ=WEEKLY;COUNT=10";
  event.overrides.push_back({{wall("2027-04-03T19:30")}, true, {}, {}, "", "", ""});
  CalendarCopy copy = copy_of(event, Method::cancel);
  copy.occurrence = OccurrenceId{wall("2027-04-03T19:30")};
  const std::string text = written(copy);

  CHECK(has_line(text, "RECURRENCE-ID;TZID=Europe/Berlin:20270403T193000"));
  CHECK(has_line(text, "DTSTART;TZID=Europe/Berlin:20270403T193000"));
  CHECK(has_line(text, "DTEND;TZID=Europe/Berlin:20270403T213000"));
  CHECK(has_line(text, "STATUS:CANCELLED"));
  copy.method = Method::request;
  CHECK(write(copy).error().code == Code::invalid_argument);
}

TEST_CASE("who has answered is told the answer and not asked again (R72)", "[ical]") {
  const Event event = fixture();
  CalendarCopy copy = copy_of(event);
  CHECK(unfolded(written(copy)).find(";PARTSTAT=NEEDS-ACTION;RSVP=TRUE;") != std::string::npos);

  copy.partstat = Partstat::accepted;
  const std::string text = unfolded(written(copy));
  CHECK(text.find(";PARTSTAT=ACCEPTED;") != std::string::npos);
  CHECK(text.find("RSVP") == std::string::npos);
}

TEST_CASE("UTC is written with Z and no VTIMEZONE (R41, R42)", "[ical]") {
  const Event event = fixture("2027-03-27T18:30", "2027-03-27T20:30", "UTC");
  const std::string text = written(copy_of(event));

  CHECK(has_line(text, "DTSTART:20270327T183000Z"));
  CHECK(has_line(text, "DTEND:20270327T203000Z"));
  CHECK(text.find("VTIMEZONE") == std::string::npos);
}

TEST_CASE("a zone without daylight saving is one STANDARD without rules (R45)", "[ical]") {
  const Event event = fixture("2027-03-27T18:30", "2027-03-27T20:30", "Asia/Kolkata");
  const std::string text = written(copy_of(event));

  CHECK(text.find("BEGIN:VTIMEZONE\r\nTZID:Asia/Kolkata\r\nBEGIN:STANDARD\r\n"
                  "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\n"
                  "TZNAME:IST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n") != std::string::npos);
}

TEST_CASE("southern and half-hour zones get their own yearly pair (R43)", "[ical]") {
  const std::string lord_howe =
      written(copy_of(fixture("2027-03-27T18:30", "2027-03-27T20:30", "Australia/Lord_Howe")));
  CHECK(has_line(lord_howe, "TZOFFSETFROM:+1030"));
  CHECK(has_line(lord_howe, "TZOFFSETTO:+1100"));
  CHECK(has_line(lord_howe, "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"));
  const std::string new_york =
      written(copy_of(fixture("2027-03-27T18:30", "2027-03-27T20:30", "America/New_York")));
  CHECK(has_line(new_york, "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"));
  CHECK(has_line(new_york, "DTSTART:19700308T020000"));
}

TEST_CASE("where one yearly pair is wrong, one event goes in UTC and a series not at all (R46)",
          "[ical]") {
  // The clocks go back for Ramadan on 30 December 2029, and on another date every year.
  Event event = fixture("2029-12-28T18:30", "2030-01-03T20:30", "Africa/Casablanca");
  const std::string text = written(copy_of(event));
  CHECK(has_line(text, "DTSTART:20291228T173000Z"));
  CHECK(text.find("VTIMEZONE") == std::string::npos);

  event.rrule = "FREQ=MONTHLY;COUNT=60";
  const auto series = write(copy_of(event));
  REQUIRE_FALSE(series.has_value());
  CHECK(series.error().code == Code::unsupported);
  CHECK(series.error().message.find("Africa/Casablanca") != std::string::npos);
  CHECK(check_recurrence(event, ZoneTable()).error().code == Code::unsupported);
  CHECK(write(copy_of(event, Method::cancel)).has_value());
  CalendarCopy one = copy_of(event);
  one.occurrence = OccurrenceId{wall("2029-12-28T18:30")};
  CHECK(has_line(written(one), "RECURRENCE-ID:20291228T173000Z"));
}

TEST_CASE("UNTIL goes out in UTC, or as a date for all-day series (R63)", "[ical]") {
  const auto rule = [](Event event, const std::string& until) {
    event.rrule = "FREQ=WEEKLY;UNTIL=" + until;
    const std::string text = unfolded(written(copy_of(event)));
    const auto at = text.rfind("UNTIL=") + 6;
    return text.substr(at, text.find("\r\n", at) - at);
  };

  CHECK(rule(fixture(), "20270626T193000") == "20270626T173000Z");
  CHECK(rule(fixture(), "20270626T173000Z") == "20270626T173000Z");
  CHECK(rule(fixture(), "20270626") == "20270626T215959Z");
  CHECK(rule(fixture("2027-06-05", "2027-06-06"), "20270626") == "20270626");
}

TEST_CASE("lines are folded at 75 octets and never inside a character (R48)", "[ical]") {
  Event event = fixture();
  event.summary.clear();
  for (int i = 0; i < 40; ++i) event.summary += "\xf0\x9f\x8f\x9f\xc3\xa4\xe6\x97\xa5x";
  const std::string text = written(copy_of(event));

  std::size_t longest = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    REQUIRE(end != std::string_view::npos);
    CHECK(text::is_utf8(rest.substr(0, end)));
    longest = std::max(longest, end);
    rest.remove_prefix(end + 2);
  }
  CHECK(longest == 75);
  CHECK(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
  CHECK(one(text).event.summary == event.summary);
}

TEST_CASE("texts, parameters and addresses are escaped each in its own way (R49 to R51)",
          "[ical]") {
  Event event = fixture();
  event.summary = "a\\b;c,d:\"e\"";
  CalendarCopy copy = copy_of(event);
  copy.attendee_name = "Fan; \"One\": x, y";
  copy.attendee_address = "100%?#fan@example.com";
  const std::string text = unfolded(written(copy));

  CHECK(has_line(text, "SUMMARY;LANGUAGE=en:a\\\\b\\;c\\,d:\"e\""));
  CHECK(text.find(";CN=\"Fan; 'One': x, y\";") != std::string::npos);
  CHECK(text.find(":mailto:100%25%3F%23fan@example.com\r\n") != std::string::npos);
  CHECK(has_line(text, "URL:https://league.example/f?a=1,2;b"));
  CHECK(one(text).attendees.at(0).address == copy.attendee_address);
}

TEST_CASE("what iTIP has no place for is never written (R52, R65)", "[ical]") {
  Event event = fixture();
  event.rrule = "FREQ=DAILY";
  const std::string text = written(copy_of(event));

  for (const std::string_view name :
       {"X-WR-", "NAME:", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "X-MS-OLK", "X-GOOGLE", "X-APPLE",
        "DURATION", "VALARM", "ATTACH", "RDATE", "X-LIC-"}) {
    CHECK(text.find("\r\n" + std::string(name)) == std::string::npos);
  }
  CHECK(count(text, "\r\nATTENDEE") == 1);
  CHECK(count(text, "\r\nDESCRIPTION") == 1);
}

TEST_CASE("R130: a published object says the event and lists nobody", "[ical]") {
  const Event event = fixture();
  CalendarCopy copy = copy_of(event, Method::publish);
  copy.attendee_address.clear();
  const auto published = write(copy);
  REQUIRE(published);
  CHECK(count(*published, "\r\nMETHOD:PUBLISH") == 1);
  CHECK(count(*published, "\r\nORGANIZER") == 1);
  CHECK(count(*published, "\r\nUID:" + copy.uid) == 1);
  CHECK(count(*published, "ATTENDEE") == 0);
}

TEST_CASE("calls that make no sense are refused", "[ical]") {
  Event event = fixture();
  const auto code = [](const CalendarCopy& copy) { return write(copy).error().code; };
  CalendarCopy copy = copy_of(event);
  copy.event = nullptr;
  CHECK(code(copy) == Code::invalid_argument);
  copy = copy_of(event, Method::publish);
  CHECK(code(copy) == Code::invalid_argument);
  copy = copy_of(event);
  copy.sequence = -1;
  CHECK(code(copy) == Code::invalid_argument);
  event.status = EventStatus::cancelled;
  CHECK(code(copy_of(event)) == Code::invalid_argument);
}

TEST_CASE("an event that no calendar could show is refused by field", "[ical]") {
  const auto field = [](const Event& event) {
    const auto text = write(copy_of(event));
    REQUIRE_FALSE(text.has_value());
    CHECK(text.error().code == Code::invalid_input);
    return text.error().place.field;
  };
  Event event = fixture();
  event.summary = " ";
  CHECK(field(event) == "summary");
  CHECK(field(fixture("2027-03-27T19:30", "2027-03-27T19:30")) == "end");
  CHECK(field(fixture("2027-03-27T19:30", "2027-03-27T21:30", "Europe/Atlantis")) == "timezone");
  event = fixture("2027-06-05", "2027-06-06");
  event.end += std::chrono::hours(1);
  CHECK(field(event) == "start");
}

TEST_CASE("recurrence is checked against zone and rule before it is accepted", "[ical]") {
  const ZoneTable zones;
  Event event = fixture();
  CHECK(check_recurrence(event, zones).has_value());
  event.rrule = "FREQ=WEEKLY;BYDAY=SA;UNTIL=20270626T173000Z";
  CHECK(check_recurrence(event, zones).has_value());
  event.rrule = "FREQ=HOURLY";
  CHECK(check_recurrence(event, zones).error().code == Code::unsupported);
  event.rrule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30";
  CHECK_FALSE(check_recurrence(event, zones).has_value());
  event.rrule = "FREQ=WEEKLY;BYDAY=MO";  // the start is a Saturday
  CHECK_FALSE(check_recurrence(event, zones).has_value());
  event = fixture("2027-06-05", "2027-06-06");
  event.rrule = "FREQ=MONTHLY;BYDAY=1SA";
  CHECK(check_recurrence(event, zones).has_value());
}

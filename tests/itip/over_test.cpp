// When an event is over: one rule for lists, quotas, pages, links and what waits to be sent.
#include <calinvite/itip.hpp>
#include <catch2/catch.hpp>

using namespace calinvite;
using namespace std::chrono_literals;

namespace {

Event event_at(const char* start, const std::string& zone) {
  Event event;
  event.start = parse_iso(start)->wall;
  event.end = event.start + 2h;
  event.timezone = zone;
  return event;
}

std::chrono::sys_seconds utc(const char* text) {
  return std::chrono::sys_seconds(parse_iso(text)->wall.time_since_epoch());
}

}  // namespace

TEST_CASE("an event is over when its wall time has come in its own zone", "[itip]") {
  const ZoneTable zones;
  const Event tokyo = event_at("2027-06-01T19:00", "Asia/Tokyo");
  const Event losangeles = event_at("2027-06-01T19:00", "America/Los_Angeles");

  CHECK(over_at(tokyo, zones) == utc("2027-06-01T12:00"));
  CHECK(over_at(losangeles, zones) == utc("2027-06-02T04:00"));
  CHECK(is_over(tokyo, zones, utc("2027-06-01T12:00")));
  CHECK_FALSE(is_over(tokyo, zones, utc("2027-06-01T11:59")));
}

TEST_CASE("a date without time is over once it is over everywhere", "[itip]") {
  const ZoneTable zones;
  Event event = event_at("2027-06-01", "");
  event.end = event.start + 24h;
  event.all_day = true;

  CHECK(over_at(event, zones) == utc("2027-06-02T12:00"));
}

TEST_CASE("a series is over with its last date", "[itip]") {
  const ZoneTable zones;
  Event event = event_at("2027-03-21T18:00", "Europe/Berlin");  // the clocks change a week later
  event.rrule = "FREQ=WEEKLY;COUNT=3";
  CHECK(over_at(event, zones) == utc("2027-04-04T18:00"));
  event.rrule = "FREQ=WEEKLY;UNTIL=20270328T235959";
  CHECK(over_at(event, zones) == utc("2027-03-28T18:00"));

  for (const char* endless : {"FREQ=WEEKLY", "FREQ=YEARLY;COUNT=50", "FREQ=DAILY;UNTIL=20991231"}) {
    INFO(endless);
    event.rrule = endless;
    CHECK_FALSE(over_at(event, zones));
    CHECK_FALSE(is_over(event, zones, utc("2090-01-01T00:00")));
  }
}

TEST_CASE("dates that are called off or moved count as they are", "[itip]") {
  const ZoneTable zones;
  Event event = event_at("2027-04-04T18:00", "UTC");
  event.rrule = "FREQ=WEEKLY;COUNT=4";
  event.exdates = {event.start + 21 * 24h};
  CHECK(over_at(event, zones) == utc("2027-04-18T20:00"));
  event.overrides = {{OccurrenceId{event.start + 14 * 24h}, true, {}, {}, {}, {}, {}}};
  CHECK(over_at(event, zones) == utc("2027-04-11T20:00"));
  const auto late = parse_iso("2027-05-30T18:00")->wall;
  event.overrides.insert(event.overrides.begin(),
                         {OccurrenceId{event.start + 7 * 24h}, false, late, late + 1h, {}, {}, {}});
  CHECK(over_at(event, zones) == utc("2027-05-30T19:00"));
}

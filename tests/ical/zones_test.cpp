#include "ical/reading.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

/// A VTIMEZONE with the two offsets of central Europe and the given rules.
std::string central(const std::string& tzid, const std::string& to_daylight,
                    const std::string& to_standard, const std::string& more = "") {
  return "METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:" + tzid + "\n" + more +
         "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
         "RRULE:FREQ=YEARLY;" +
         to_standard +
         "\nEND:STANDARD\n"
         "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
         "RRULE:FREQ=YEARLY;" +
         to_daylight + "\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
}
const std::string to_daylight = "BYDAY=-1SU;BYMONTH=3", to_standard = "BYDAY=-1SU;BYMONTH=10";

std::string starting(const std::string& tzid, const std::string& when,
                     const std::string& more = "") {
  return "DTSTART;TZID=\"" + tzid + "\":" + when + "\nDURATION:PT1H\n" + more;
}

std::string instant(const Event& event) {
  return format_iso(ZoneTable().find(event.timezone).value().to_instant(event.start));
}

}  // namespace

TEST_CASE("R95: an Exchange invitation without VTIMEZONE is right on both sides of a DST change",
          "[ical]") {
  const auto at = [](const std::string& when) {
    return instant(one(calendar(starting("W. Europe Standard Time", when))).event);
  };

  CHECK(at("20270327T193000") == "2027-03-27T18:30:00Z");
  CHECK(at("20270328T193000") == "2027-03-28T17:30:00Z");
  CHECK(at("20271030T193000") == "2027-10-30T17:30:00Z");
  CHECK(at("20271031T193000") == "2027-10-31T18:30:00Z");
}

TEST_CASE("R95: a name in other letters, quotes or behind a vendor's path is the same zone",
          "[ical]") {
  const auto zone = [](const std::string& tzid) {
    return event_of("DTSTART;TZID=" + tzid + ":20270601T100000\n").event.timezone;
  };

  CHECK(zone("europe/berlin") == "Europe/Berlin");
  CHECK(zone("\"AMERICA/NEW_YORK\"") == "America/New_York");
  CHECK(zone("\"tzone://Microsoft/Utc\"") == "UTC");
  CHECK(zone("/softwarestudio.org/Olson_20011030_5/Europe/Rome") == "Europe/Rome");
}

TEST_CASE("R95: Outlook's display names mean what their VTIMEZONE says", "[ical]") {
  const std::string tzid = "(UTC+01:00) Amsterdam, Berlin, Bern";
  const auto read =
      one(calendar(starting(tzid, "20270328T193000"), central(tzid, to_daylight, to_standard)));

  CHECK(read.event.timezone == "Europe/Berlin");
  CHECK(instant(read.event) == "2027-03-28T17:30:00Z");
  CHECK(read.timezone_raw == tzid);
  CHECK(refusal_of(starting(tzid, "20270328T193000")).code == Code::invalid_input);
}

TEST_CASE("R95: a series in a zone of its own is kept in a known zone that agrees", "[ical]") {
  const std::string zone = central("Customized Time Zone", to_daylight, to_standard);
  const auto series = one(
      calendar(starting("Customized Time Zone", "20270320T193000", "RRULE:FREQ=WEEKLY\n"), zone));
  CHECK(series.event.timezone == "Europe/Berlin");

  const std::string rome =
      central("Ours", to_daylight, to_standard, "X-LIC-LOCATION:Europe/Rome\n");
  CHECK(one(calendar(starting("Ours", "20270320T193000"), rome)).event.timezone == "Europe/Rome");
}

TEST_CASE("R96: a VTIMEZONE that disagrees with its name counts, with a diagnostic", "[ical]") {
  // Clocks that change a week before those of Berlin do.
  const std::string zone = central("Europe/Berlin", "BYDAY=3SU;BYMONTH=3", "BYDAY=3SU;BYMONTH=10");
  const auto inside = parse(calendar(starting("Europe/Berlin", "20270324T120000"), zone));
  REQUIRE(inside->events.size() == 1);
  CHECK(instant(inside->events[0].event) == "2027-03-24T10:00:00Z");
  REQUIRE(inside->diagnostics.size() == 1);
  CHECK(inside->diagnostics[0].message.find("R96") != std::string::npos);

  const auto outside = parse(calendar(starting("Europe/Berlin", "20270601T120000"), zone));
  CHECK(outside->events.at(0).event.timezone == "Europe/Berlin");
  CHECK(outside->diagnostics.empty());
}

TEST_CASE("R96: a VTIMEZONE says nothing about the time before its first onset", "[ical]") {
  const std::string late =
      "METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\n"
      "DTSTART:20281029T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n"
      "END:VTIMEZONE\n";
  const std::string winter = starting("Europe/Berlin", "20270120T193000");
  for (const std::string more :
       {"", "RRULE:FREQ=DAILY;COUNT=99\n", "RDATE;TZID=Europe/Berlin:20270801T100000\n"}) {
    INFO(more);
    const auto read = parse(calendar(winter + more, late));
    REQUIRE(read->events.size() == 1);
    CHECK(read->events[0].event.timezone == "Europe/Berlin");
    CHECK(instant(read->events[0].event) == "2027-01-20T18:30:00Z");
    CHECK(read->diagnostics.empty());
  }
  // What nobody else knows goes by the offset before that onset.
  std::string unknown = late;
  unknown.replace(unknown.find("Europe/Berlin"), 13, "League");
  const auto read = parse(calendar(starting("League", "20270120T193000"), unknown));
  CHECK(instant(read->events.at(0).event) == "2027-01-20T17:30:00Z");
}

TEST_CASE("R95: TZID=Z is no name for UTC", "[ical]") {
  const std::string at_nine = "DTSTART;TZID=Z:20270601T090000\nDURATION:PT1H\n";
  std::string bomb = central("Z", to_daylight, to_standard);
  bomb.replace(bomb.find("FREQ=YEARLY"), 11, "FREQ=SECONDLY");

  CHECK(refusal_of(at_nine).code == Code::invalid_input);
  CHECK(refusal_of(at_nine, bomb).code == Code::invalid_input);
  const auto read = one(calendar(at_nine, central("Z", to_daylight, to_standard)));
  CHECK(instant(read.event) == "2027-06-01T07:00:00Z");
}

TEST_CASE("a known zone whose VTIMEZONE can't be read counts by its name, with a diagnostic",
          "[ical]") {
  std::string bomb = central("Europe/Berlin", to_daylight, to_standard);
  bomb.replace(bomb.find("FREQ=YEARLY"), 11, "FREQ=SECONDLY");
  const std::string empty = "METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n";
  for (const std::string& zone : {bomb, empty}) {
    const auto read = parse(calendar(starting("Europe/Berlin", "20270601T090000"), zone));
    REQUIRE(read->events.size() == 1);
    CHECK(read->events[0].event.timezone == "Europe/Berlin");
    REQUIRE(read->diagnostics.size() == 1);
    CHECK(read->diagnostics[0].message.find("Europe/Berlin") != std::string::npos);
    CHECK(read->diagnostics[0].place.line > 0);
  }
}

TEST_CASE("R96: one event in a zone like no known one is kept in UTC, a series is refused",
          "[ical]") {
  const std::string zone =
      "METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Moon\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
      "TZOFFSETFROM:+0117\nTZOFFSETTO:+0117\nEND:STANDARD\nEND:VTIMEZONE\n";
  const auto alone = parse(calendar(starting("Moon", "20270601T120000"), zone));
  REQUIRE(alone->events.size() == 1);
  CHECK(alone->events[0].event.timezone == "UTC");
  CHECK(start(alone->events[0].event) == "2027-06-01T10:43:00");
  CHECK(end(alone->events[0].event) == "2027-06-01T11:43:00");
  CHECK(alone->events[0].timezone_raw == "Moon");
  CHECK(alone->diagnostics.size() == 1);

  const Error series = refusal_of(starting("Moon", "20270601T120000", "RRULE:FREQ=DAILY\n"), zone);
  CHECK(series.code == Code::unsupported);
  CHECK(series.message.find("Moon") != std::string::npos);
  CHECK(series.place.line > 0);
}

TEST_CASE("R96: a series under a stock name with another standard time is not moved to that name's",
          "[ical]") {
  const auto zone = [](const char* standard, const char* daylight) {
    return std::string("METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\n") +
           "BEGIN:STANDARD\nDTSTART:16011104T020000\nTZOFFSETFROM:" + daylight +
           "\nTZOFFSETTO:" + standard + "\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\nEND:STANDARD\n" +
           "BEGIN:DAYLIGHT\nDTSTART:16010311T020000\nTZOFFSETFROM:" + standard +
           "\nTZOFFSETTO:" + daylight + "\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\n" +
           "END:VTIMEZONE\n";
  };
  const std::string series =
      starting("W. Europe Standard Time", "20270320T193000", "RRULE:FREQ=WEEKLY\n");
  const auto eastern = one(calendar(series, zone("-0500", "-0400")));
  CHECK(eastern.event.timezone == "America/New_York");
  CHECK(eastern.remark.find("R96") != std::string::npos);
  CHECK(refusal_of(series, zone("+0137", "+0237")).code == Code::unsupported);
}

TEST_CASE("a series whose VTIMEZONE has gone stale goes by its zone's name, with a diagnostic",
          "[ical]") {
  const std::string stale = central("Europe/Rome", "BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=9");
  const auto read =
      parse(calendar(starting("Europe/Rome", "20270320T193000", "RRULE:FREQ=WEEKLY\n"), stale));

  REQUIRE(read->events.size() == 1);
  CHECK(read->events[0].event.timezone == "Europe/Rome");
  CHECK(start(read->events[0].event) == "2027-03-20T19:30:00");
  REQUIRE(read->diagnostics.size() == 1);
  CHECK(read->diagnostics[0].message.find("like no known zone") != std::string::npos);
}

TEST_CASE("a VTIMEZONE speaks by RDATE, UNTIL, days of the month and several observances",
          "[ical]") {
  const std::string zone =
      "METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Ours\n"
      "BEGIN:DAYLIGHT\nDTSTART:20250309T020000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\n"
      "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14\nEND:DAYLIGHT\n"
      "BEGIN:STANDARD\nDTSTART:20251102T020000\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\n"
      "RDATE:20261101T020000,20271107T020000\nEND:STANDARD\n"
      "BEGIN:STANDARD\nDTSTART:20280101T000000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0300\n"
      "RRULE:FREQ=YEARLY;UNTIL=20280101T050000Z\nEND:STANDARD\nEND:VTIMEZONE\n";
  const auto at = [&](const std::string& when) {
    return instant(one(calendar(starting("Ours", when), zone)).event);
  };

  CHECK(at("20240101T120000") == "2024-01-01T17:00:00Z");
  CHECK(at("20270313T120000") == "2027-03-13T17:00:00Z");
  CHECK(at("20270314T120000") == "2027-03-14T16:00:00Z");
  CHECK(at("20271106T120000") == "2027-11-06T16:00:00Z");
  CHECK(at("20271107T120000") == "2027-11-07T17:00:00Z");
  CHECK(at("20280102T120000") == "2028-01-02T15:00:00Z");
}

TEST_CASE("dates of an event keep their wall time when its zone is another one's equal", "[ical]") {
  const std::string zone = central("Ours", to_daylight, to_standard);
  const Event event =
      one(calendar(starting("Ours", "20270320T193000",
                            "RRULE:FREQ=WEEKLY;UNTIL=20270410T173000Z\n"
                            "EXDATE;TZID=Ours:20270327T193000\nEXDATE:20270403T173000Z\n"),
                   zone))
          .event;

  CHECK(event.rrule == "FREQ=WEEKLY;UNTIL=20270410T193000");
  REQUIRE(event.exdates.size() == 2);
  CHECK(format_iso(event.exdates[0]) == "2027-03-27T19:30:00");
  CHECK(format_iso(event.exdates[1]) == "2027-04-03T19:30:00");
}

TEST_CASE("a VTIMEZONE that can't be read says so, and leaves a known name its meaning", "[ical]") {
  const std::string zone = central("Ours", "BYDAY=-1SU;BYMONTH=3;INTERVAL=2", to_standard);
  const Error error = refusal_of(starting("Ours", "20270601T100000"), zone);
  CHECK(error.code == Code::invalid_input);
  CHECK(error.message.find("line 16") != std::string::npos);

  const std::string named = central("Europe/Rome", "BYDAY=-1SU;BYMONTH=3;INTERVAL=2", to_standard);
  const auto read = parse(calendar(starting("Europe/Rome", "20270601T100000"), named));
  CHECK(read->events.at(0).event.timezone == "Europe/Rome");
  CHECK(read->diagnostics.size() == 1);
}

TEST_CASE("M9: rules of a zone finer than a year, and zones of many observances, are not followed",
          "[ical]") {
  for (const std::string frequency : {"MONTHLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"}) {
    INFO(frequency);
    std::string zone = central("Ours", to_daylight, to_standard);
    zone.replace(zone.find("FREQ=YEARLY"), 11, "FREQ=" + frequency);
    CHECK(refusal_of(starting("Ours", "20270601T100000"), zone).code == Code::invalid_input);
  }
  std::string many = "METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Ours\n";
  for (int i = 0; i < 101; ++i) {
    many +=
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\n"
        "END:STANDARD\n";
  }
  CHECK(refusal_of(starting("Ours", "20270601T100000"), many + "END:VTIMEZONE\n").code ==
        Code::invalid_input);
}

TEST_CASE("RFC 5545 3.3.5: times in a gap count by the offset before it, in an overlap first",
          "[ical]") {
  const std::string zone = central("Ours", to_daylight, to_standard);
  for (const std::string tzid : {"Europe/Berlin", "Ours"}) {
    const auto at = [&](const std::string& when) {
      return instant(one(calendar(starting(tzid, when), zone)).event);
    };
    CHECK(at("20270328T023000") == "2027-03-28T01:30:00Z");
    CHECK(at("20271031T023000") == "2027-10-31T00:30:00Z");
  }
}

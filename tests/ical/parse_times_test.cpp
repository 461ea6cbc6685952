// When an event is: starts, ends, zones and recurrence as they are read.
#include "ical/reading.hpp"

using namespace calinvite;
using namespace calinvite::testing;

TEST_CASE("floating times take the zone of X-WR-TIMEZONE, and without it stay floating", "[ical]") {
  const Event event = parse(data("league.ics"))->events.at(0).event;
  CHECK(event.timezone == "Europe/London");
  CHECK(start(event) == "2027-06-01T19:00:00");
  CHECK(end(event) == "2027-06-01T20:45:00");

  const ParsedEvent floating = event_of(
      "DTSTART:20270601T190000\nDURATION:PT90M\nRRULE:FREQ=DAILY;UNTIL=20270605T190000\n"
      "EXDATE:20270602T190000\n");
  CHECK(floating.floating);
  CHECK(floating.event.timezone.empty());
  CHECK(start(floating.event) == "2027-06-01T19:00:00");
  CHECK(end(floating.event) == "2027-06-01T20:30:00");
  CHECK(floating.event.rrule == "FREQ=DAILY;UNTIL=20270605T190000");
  REQUIRE(floating.event.exdates.size() == 1);
  CHECK(format_iso(floating.event.exdates[0]) == "2027-06-02T19:00:00");
}

TEST_CASE("a floating start beside dates that name a zone is refused, not guessed", "[ical]") {
  const std::string when = "DTSTART:20270601T190000\n";

  CHECK(refusal_of(when + "DTEND:20270601T200000Z\n").place.field == "DTEND");
  CHECK(refusal_of(when + "EXDATE:20270602T190000Z\n").place.field == "EXDATE");
  CHECK(refusal_of(when + "RDATE;TZID=Europe/Berlin:20270602T190000\n").place.field == "RDATE");
}

TEST_CASE("TZIDs resolve as names, behind vendor prefixes and quotes, as Windows names (R95)",
          "[ical]") {
  const auto zone = [](const std::string& tzid, const std::string& head = "") {
    return one(calendar("DTSTART;TZID=" + tzid + ":20270601T100000\n", head)).event.timezone;
  };

  CHECK(zone("Europe/Berlin") == "Europe/Berlin");
  CHECK(zone("\"Europe/Berlin\"") == "Europe/Berlin");
  CHECK(zone("/freeassociation.sourceforge.net/Europe/Berlin") == "Europe/Berlin");
  CHECK(zone("/mozilla.org/20050126_1/America/Argentina/Ushuaia") == "America/Argentina/Ushuaia");
  CHECK(zone("W. Europe Standard Time") == "Europe/Berlin");
  CHECK(zone("\"Eastern Standard Time\"") == "America/New_York");
  CHECK(zone("UTC") == "UTC");
  CHECK(zone("League",
             "BEGIN:VTIMEZONE\nTZID:League\nX-LIC-LOCATION:Europe/Rome\n"
             "END:VTIMEZONE\n") == "Europe/Rome");
}

TEST_CASE("X-WR-TIMEZONE stands in for an unknown TZID that nothing defines (R95)", "[ical]") {
  const std::string when = "DTSTART;TZID=League:20270601T100000\n";
  const std::string head = "METHOD:REQUEST\nX-WR-TIMEZONE:Europe/Rome\n";
  const auto parsed = parse(calendar(when, head));

  REQUIRE(parsed.has_value());
  CHECK(parsed->events.at(0).event.timezone == "Europe/Rome");
  CHECK(parsed->events.at(0).timezone_raw == "League");
  CHECK(parsed->diagnostics.size() == 1);
  const std::string zone = "BEGIN:VTIMEZONE\nTZID:League\nEND:VTIMEZONE\n";
  CHECK(refusal_of(when, head + zone).code == Code::invalid_input);
}

TEST_CASE("a zone nobody knows is an error and never UTC", "[ical]") {
  for (const std::string tzid :
       {"Berlin Time", "(UTC+01:00) Amsterdam", "../../etc/hostname", "/etc/passwd",
        "/x/../../etc/passwd", "Europe/../../../etc/hostname", "posixrules", "Europe"}) {
    INFO(tzid);
    const Error error = refusal_of("DTSTART;TZID=\"" + tzid + "\":20270601T100000\n");
    CHECK(error.code == Code::invalid_input);
    CHECK(error.message.find("is not known") != std::string::npos);
  }
  CHECK(refusal_of("DTSTART;TZID=" + std::string(60000, '/') + ":20270601T100000\n").code ==
        Code::invalid_input);
}

TEST_CASE("a missing end is one day for dates and no length for times (R97)", "[ical]") {
  const Event day = event_of("DTSTART;VALUE=DATE:20270601\n").event;
  CHECK(day.all_day);
  CHECK(end(day) == "2027-06-02");
  const Event moment = event_of("DTSTART:20270601T100000Z\n").event;
  CHECK(end(moment) == start(moment));
}

TEST_CASE("DURATION is counted on the wall in days and on the clock in hours", "[ical]") {
  const std::string when = "DTSTART;TZID=Europe/Berlin:20270327T193000\n";

  CHECK(end(event_of(when + "DURATION:PT1H30M\n").event) == "2027-03-27T21:00:00");
  CHECK(end(event_of(when + "DURATION:P1D\n").event) == "2027-03-28T19:30:00");
  CHECK(end(event_of(when + "DURATION:PT24H\n").event) == "2027-03-28T20:30:00");
  CHECK(end(event_of(when + "DURATION:P1W\n").event) == "2027-04-03T19:30:00");
  CHECK(end(event_of("DTSTART;VALUE=DATE:20270601\nDURATION:P3D\n").event) == "2027-06-04");
  CHECK(refusal_of(when + "DURATION:-PT1H\n").place.field == "DURATION");
  CHECK(refusal_of(when + "DURATION:P99999D\n").place.field == "DURATION");
  CHECK(refusal_of(when + "DURATION:an hour\n").place.field == "DURATION");
}

TEST_CASE("an end in another zone is given in the zone of the start", "[ical]") {
  const std::string when = "DTSTART;TZID=Europe/Berlin:20270601T100000\n";

  CHECK(end(event_of(when + "DTEND;TZID=America/New_York:20270601T060000\n").event) ==
        "2027-06-01T12:00:00");
  CHECK(end(event_of(when + "DTEND:20270601T090000Z\n").event) == "2027-06-01T11:00:00");
  CHECK(end(event_of(when + "DTEND:20270601T110000\n").event) == "2027-06-01T11:00:00");
  CHECK(refusal_of(when + "DTEND:20270601T070000Z\n").place.field == "DTEND");
  CHECK(refusal_of(when + "DTEND;TZID=Nowhere:20270601T110000\n").place.field == "DTEND");
  CHECK(refusal_of(when + "DTEND:20270231T110000Z\n").place.field == "DTEND");
}

TEST_CASE("dates and times mixed are read when they mean the same", "[ical]") {
  const std::string day = "DTSTART;VALUE=DATE:20270601\n";

  CHECK(end(event_of(day + "DTEND:20270603T000000\n").event) == "2027-06-03");
  CHECK(end(event_of(day + "DTEND;VALUE=DATE:20270601\n").event) == "2027-06-02");
  CHECK(refusal_of(day + "DTEND:20270603T101500\n").place.field == "DTEND");
  CHECK(start(event_of("dtstart;value=date:20270601\n").event) == "2027-06-01");
}

TEST_CASE("what would change a series unseen is refused and named", "[ical]") {
  const std::string when = "DTSTART:20270601T100000Z\n";

  CHECK(refusal_of(when + "RDATE:tomorrow\n").place.field == "RDATE");
  CHECK(refusal_of(when + "RDATE;VALUE=PERIOD:20270602T100000Z/soon\n").place.field == "RDATE");
  CHECK(refusal_of(when + "EXRULE:FREQ=DAILY\n").code == Code::unsupported);
  CHECK(refusal_of(when + "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\n").code == Code::unsupported);
  CHECK(refusal_of(when + "RRULE:FREQ=SOMETIMES\n").code == Code::invalid_input);
  CHECK(refusal_of(when + "RRULE:FREQ=DAILY\nEXDATE:20270602T100000Z,soon\n").place.field ==
        "EXDATE");
  CHECK(event_of(when + "RDATE:20270601T100000Z\n").rdates.empty());
}

TEST_CASE("EXDATEs of dates and other zones name the instances they mean", "[ical]") {
  const auto exdates = [](const std::string& lines) {
    std::string all;
    for (const auto wall : event_of(lines).event.exdates) all += format_iso(wall) + ' ';
    return all;
  };
  const std::string when = "DTSTART;TZID=Europe/Berlin:20270601T100000\nRRULE:FREQ=DAILY\n";

  CHECK(exdates(when + "EXDATE;VALUE=DATE:20270603\nEXDATE:20270602T080000Z\n") ==
        "2027-06-02T10:00:00 2027-06-03T10:00:00 ");
  CHECK(exdates(when + "EXDATE:20270602T100000\nEXDATE;TZID=Europe/Berlin:20270602T100000\n") ==
        "2027-06-02T10:00:00 ");
  CHECK(exdates("DTSTART;VALUE=DATE:20270601\nRRULE:FREQ=DAILY\nEXDATE:20270602T000000Z\n") ==
        "2027-06-02T00:00:00 ");
}

TEST_CASE("an UNTIL of any form is read as wall time", "[ical]") {
  const auto rule = [](const std::string& start, const std::string& until) {
    return event_of("DTSTART" + start + "\nRRULE:FREQ=DAILY;UNTIL=" + until + "\n").event.rrule;
  };
  const std::string berlin = ";TZID=Europe/Berlin:20270601T100000";

  CHECK(rule(berlin, "20270610T080000Z") == "FREQ=DAILY;UNTIL=20270610T100000");
  CHECK(rule(berlin, "20270610T100000") == "FREQ=DAILY;UNTIL=20270610T100000");
  CHECK(rule(berlin, "20270610") == "FREQ=DAILY;UNTIL=20270610");
  CHECK(rule(":20270601T100000Z", "20270610T080000Z") == "FREQ=DAILY;UNTIL=20270610T080000");
  CHECK(rule(";VALUE=DATE:20270601", "20270610T000000Z") == "FREQ=DAILY;UNTIL=20270610");
}

TEST_CASE("RECURRENCE-ID is the instance in the event's zone and as an instant (R113)", "[ical]") {
  const std::string when = "DTSTART;TZID=Europe/Berlin:20270602T120000\n";
  const auto read = event_of(when + "RECURRENCE-ID:20270602T080000Z\n");

  REQUIRE(read.occurrence.has_value());
  CHECK(format_iso(read.occurrence->original_start) == "2027-06-02T10:00:00");
  CHECK(format_iso(*read.recurrence_instant) == "2027-06-02T08:00:00Z");
  CHECK(event_of(when + "RECURRENCE-ID;TZID=Europe/Berlin:20270602T100000\n").recurrence_instant ==
        read.recurrence_instant);
  const auto day = event_of("DTSTART;VALUE=DATE:20270603\nRECURRENCE-ID;VALUE=DATE:20270602\n");
  CHECK(format_iso(day.occurrence->original_start) == "2027-06-02T00:00:00");
}

TEST_CASE("RANGE=THISANDFUTURE is kept beside its occurrence", "[ical]") {
  const std::string when = "DTSTART:20270602T100000Z\n";
  const auto read = event_of(when + "RECURRENCE-ID;RANGE=THISANDFUTURE:20270602T100000Z\n");

  CHECK(read.this_and_future);
  CHECK(read.occurrence.has_value());
  CHECK_FALSE(event_of(when + "RECURRENCE-ID:20270602T100000Z\n").this_and_future);
}

TEST_CASE("RDATEs of dates, times and periods are read in the event's zone", "[ical]") {
  const std::string when = "DTSTART;TZID=Europe/Berlin:20270601T100000\n";
  const auto read = event_of(when + "RDATE;VALUE=DATE:20270605,20270604\n" +
                             "RDATE:20270603T080000Z,20270601T080000Z\n" +
                             "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20270602T090000/PT2H,"
                             "20270607T090000/20270607T093000\n");

  REQUIRE(read.rdates.size() == 5);
  CHECK(format_iso(read.rdates[0].start) == "2027-06-02T09:00:00");
  CHECK(format_iso(read.rdates[0].end.value()) == "2027-06-02T11:00:00");
  CHECK(format_iso(read.rdates[1].start) == "2027-06-03T10:00:00");
  CHECK_FALSE(read.rdates[1].end.has_value());
  CHECK(format_iso(read.rdates[2].start) == "2027-06-04T10:00:00");
  CHECK(format_iso(read.rdates[4].end.value()) == "2027-06-07T09:30:00");
}

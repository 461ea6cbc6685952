#include <atomic>
#include <thread>

#include "ical/reading.hpp"

using namespace calinvite;
using namespace calinvite::testing;

TEST_CASE("a request in Google's shape becomes an event with its series", "[ical]") {
  const auto parsed = parse(data("google_request.ics"));
  REQUIRE(parsed.has_value());
  REQUIRE(parsed->events.size() == 1);
  const ParsedEvent& read = parsed->events[0];
  const Event& event = read.event;

  CHECK(parsed->method == Method::request);
  CHECK(parsed->prodid == "-//Google Inc//Google Calendar 70.9054//EN");
  CHECK(parsed->diagnostics.empty());
  CHECK(event.source_uid == "4k2fixture0001@google.com");
  CHECK(event.uid.empty());
  CHECK(event.organizer.empty());
  CHECK(event.source_organizer == "fixtures@league.example");
  CHECK(read.organizer_name == "League Fixtures");
  CHECK(event.summary == "Comets v Meteors");
  CHECK(event.description == "Gates open at 18:30.\nBring a scarf, a flag; and a friend.");
  CHECK(event.location == "Orbit Arena, Ring Road 1, Gate 2");
  CHECK(event.language == "en");
  CHECK(start(event) == "2027-03-27T19:30:00");
  CHECK(end(event) == "2027-03-27T21:30:00");
  CHECK(event.timezone == "Europe/Berlin");
  CHECK(read.timezone_raw == "Europe/Berlin");
  CHECK(event.source_sequence == 2);
  CHECK(read.has_sequence);
  CHECK(format_iso(event.source_dtstamp) == "2027-01-10T10:11:12Z");
  CHECK(read.line == 24);
  REQUIRE(read.attendees.size() == 2);
  CHECK(read.attendees[0].address == "create@in.league.example");
  CHECK(read.attendees[1].address == "crew@league.example");
  CHECK(read.attendees[1].name == "Grounds, Crew");
  CHECK(read.attendees[1].partstat == Partstat::accepted);
}

TEST_CASE("UNTIL and EXDATE are read in the event's wall time across a DST change", "[ical]") {
  const Event event = one(data("google_request.ics")).event;

  CHECK(event.rrule == "FREQ=WEEKLY;WKST=MO;UNTIL=20270626T193000;BYDAY=SA");
  REQUIRE(event.exdates.size() == 3);
  CHECK(format_iso(event.exdates[0]) == "2027-04-03T19:30:00");
  CHECK(format_iso(event.exdates[1]) == "2027-04-10T19:30:00");
  CHECK(format_iso(event.exdates[2]) == "2027-04-17T19:30:00");
}

TEST_CASE("Exchange's midnight-to-midnight times marked all-day are dates (R97)", "[ical]") {
  const ParsedEvent read = one(data("exchange_request.ics"));

  CHECK(read.event.all_day);
  CHECK(start(read.event) == "2027-05-10");
  CHECK(end(read.event) == "2027-05-12");
  CHECK(read.event.timezone.empty());
  CHECK(read.timezone_raw == "W. Europe Standard Time");
  CHECK(read.event.language == "de-DE");
  CHECK(read.event.source_organizer == "fixtures@league.example");
}

TEST_CASE("Exchange's own revision number counts where SEQUENCE is 0 or missing (R98)", "[ical]") {
  CHECK(one(data("exchange_request.ics")).event.source_sequence == 3);

  const std::string when = "DTSTART:20270101T100000Z\n";
  const auto missing = event_of(when + "X-MICROSOFT-CDO-APPT-SEQUENCE:4\n");
  CHECK(missing.event.source_sequence == 4);
  CHECK(missing.has_sequence);
  CHECK(event_of(when + "SEQUENCE:2\nX-MICROSOFT-CDO-APPT-SEQUENCE:4\n").event.source_sequence ==
        2);
  const auto bad = event_of(when + "SEQUENCE:abc\n");
  CHECK_FALSE(bad.has_sequence);
  CHECK(bad.event.source_sequence == 0);
  CHECK_FALSE(event_of(when + "SEQUENCE:-1\n").has_sequence);
  CHECK_FALSE(event_of(when + "SEQUENCE:99999999999\n").has_sequence);
}

TEST_CASE("a reply counts though its zone is nobody's", "[ical]") {
  const auto parsed = parse(data("outlook_reply.ics"));
  REQUIRE(parsed.has_value());
  REQUIRE(parsed->events.size() == 1);
  const ParsedEvent& read = parsed->events[0];

  CHECK(parsed->method == Method::reply);
  CHECK_FALSE(read.has_start);
  CHECK(read.timezone_raw == "Customized Time Zone");
  REQUIRE(read.occurrence.has_value());
  CHECK(format_iso(*read.recurrence_instant) == "2027-04-03T17:30:00Z");
  CHECK(read.comment == "Perhaps, if it stays dry");
  REQUIRE(read.attendees.size() == 1);
  CHECK(read.attendees[0].address == "fan0001@example.com");
  CHECK(read.attendees[0].partstat == Partstat::tentative);
  CHECK(read.attendees[0].sent_by == "desk@fans.example");
}

TEST_CASE("one unreadable VEVENT does not lose the others of a file", "[ical]") {
  const auto parsed = parse(data("league.ics"));
  REQUIRE(parsed.has_value());

  REQUIRE(parsed->events.size() == 2);
  CHECK(parsed->events[0].event.summary == "Floating fixture");
  CHECK(parsed->events[1].event.summary == "Open day");
  REQUIRE(parsed->refused.size() == 1);
  CHECK(to_string(parsed->refused[0]) ==
        "invite.ics:16: DTSTART: \"sometime\" is not a date or time; expected a form such as "
        "20270328T013000 or 20270328");
  CHECK(parsed->refused[0].place.field == "DTSTART");
  CHECK(parsed->diagnostics.size() == 2);
}

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

TEST_CASE("what RFC 7986 adds is read: categories, colour, conferences and images", "[ical]") {
  const auto read = event_of(
      "DTSTART:20270601T100000Z\nCATEGORIES:Sport,Home\\, away\nCATEGORIES:Cup\n"
      "COLOR:darkseagreen\n"
      "CONFERENCE;VALUE=URI;FEATURE=PHONE;LABEL=Dial in:tel:+1-555-0100\n"
      "CONFERENCE;VALUE=URI;FEATURE=\"AUDIO,video\";LABEL=\"Watch, "
      "talk\":https://talk.example/a;b?c=d\n"
      "IMAGE;VALUE=URI;DISPLAY=BADGE:https://league.example/badge.png\n"
      "IMAGE;VALUE=BINARY;ENCODING=BASE64:aGVsbG8=\n");

  CHECK(read.categories == std::vector<std::string>{"Sport", "Home, away", "Cup"});
  CHECK(read.color == "darkseagreen");
  REQUIRE(read.conferences.size() == 2);
  CHECK(read.conferences[0].uri == "tel:+1-555-0100");
  CHECK(read.conferences[0].label == "Dial in");
  CHECK(read.conferences[1].label == "Watch, talk");
  CHECK(read.conferences[1].features == std::vector<std::string>{"AUDIO", "VIDEO"});
  CHECK(read.images == std::vector<std::string>{"https://league.example/badge.png"});
  CHECK(read.event.conference == "https://talk.example/a;b?c=d");
  CHECK(read.event.url.empty());
}

TEST_CASE("R56, R65: the join link is a CONFERENCE with pictures, else any, else a vendor's",
          "[ical]") {
  const auto link = [](const std::string& lines) {
    return event_of("DTSTART:20270601T100000Z\n" + lines).event.conference;
  };
  const std::string google = "X-GOOGLE-CONFERENCE:https://meet.google.example/abc\n";
  const std::string teams = "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/l/1\n";
  const std::string audio = "CONFERENCE;FEATURE=AUDIO:https://talk.example/a\n";
  CHECK(link(google) == "https://meet.google.example/abc");
  CHECK(link(teams) == "https://teams.example/l/1");
  CHECK(link(teams + google) == "https://meet.google.example/abc");
  CHECK(link(google + audio) == "https://talk.example/a");
  CHECK(link(audio + "CONFERENCE;FEATURE=\"CHAT,VIDEO\":https://talk.example/v\n") ==
        "https://talk.example/v");
  for (const auto bad : {"tel:+1-555-0100", "http://talk.example/", "https://a b", ""}) {
    CHECK(link("CONFERENCE:" + std::string(bad) + "\n") == "");
    CHECK(link("X-GOOGLE-CONFERENCE:" + std::string(bad) + "\n") == "");
  }
}

TEST_CASE("R53: free time and counter-proposals are read", "[ical]") {
  const auto event = [](const std::string& lines) {
    return event_of("DTSTART:20270601T100000Z\n" + lines).event;
  };
  CHECK(event("TRANSP:transparent\n").transparent);
  CHECK_FALSE(event("TRANSP:OPAQUE\n").transparent);
  CHECK_FALSE(event("").transparent);
  CHECK_FALSE(event("X-MICROSOFT-DISALLOW-COUNTER:TRUE\n").counters_allowed);
  CHECK(event("X-MICROSOFT-DISALLOW-COUNTER:FALSE\n").counters_allowed);
  CHECK(event("").counters_allowed);
}

TEST_CASE("R54: the first DISPLAY alarm up to four weeks before the start is the reminder",
          "[ical]") {
  const auto minutes = [](const std::string& alarms) {
    const auto reminder = event_of("DTSTART:20270601T100000Z\n" + alarms).event.reminder;
    return reminder ? reminder->count() : -1;
  };
  const auto alarm = [](const std::string& trigger, const std::string& action = "DISPLAY") {
    return "BEGIN:VALARM\nACTION:" + action + "\nTRIGGER" + trigger + "\nEND:VALARM\n";
  };
  CHECK(minutes(alarm(":-PT15M")) == 15);
  CHECK(minutes(alarm(";RELATED=START:-P1DT2H")) == 26 * 60);
  CHECK(minutes(alarm(":-P4W")) == 28 * 24 * 60);
  CHECK(minutes(alarm(":PT0S")) == 0);
  CHECK(minutes(alarm(":-PT90S")) == 1);
  for (const auto other : {":PT15M", ";RELATED=END:-PT15M", ":-P5W", ":-15", ":--PT5M", ":",
                           ";VALUE=DATE-TIME:20270601T090000Z"}) {
    INFO(other);
    CHECK(minutes(alarm(other)) == -1);
    CHECK(minutes(alarm(other) + alarm(":-PT20M")) == 20);
  }
  CHECK(minutes(alarm(":-PT15M", "AUDIO") + alarm(":-PT15M", "EMAIL")) == -1);
  CHECK(minutes(alarm(":-PT5M") + alarm(":-PT10M")) == 5);
  CHECK(minutes("BEGIN:X-OTHER\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:X-OTHER\n") == -1);
  // What an alarm says is not said by its event.
  const auto read = event_of(
      "DTSTART:20270601T100000Z\nBEGIN:VALARM\nDESCRIPTION:Go\nSUMMARY:x\nUID:y\n"
      "END:VALARM\n");
  CHECK(read.event.description.empty());
}

TEST_CASE("HTML stands in for a missing description, without its tags", "[ical]") {
  const std::string html =
      "X-ALT-DESC;FMTTYPE=text/html:<html><head><style>p {color: red}</style></head><body>"
      "<p>Gates &amp; bars\\, open<br>at <b>18:30</b></p>  <script>alert(1)</script>Bye</body>\n";
  const auto read = event_of("DTSTART:20270601T100000Z\n" + html);

  CHECK(read.event.description == "Gates & bars, open\nat 18:30\nBye");
  CHECK(read.description_html.find("<b>18:30</b>") != std::string::npos);
  CHECK(event_of("DTSTART:20270601T100000Z\nDESCRIPTION:Plain\n" + html).event.description ==
        "Plain");
  CHECK(event_of("DTSTART:20270601T100000Z\nX-ALT-DESC:no type\n").description_html.empty());
}

TEST_CASE("R116: who delegated to whom is read, as are role and kind", "[ical]") {
  const auto read = event_of(
      "DTSTART:20270601T100000Z\nATTENDEE;ROLE=OPT-PARTICIPANT;CUTYPE=ROOM;PARTSTAT=DELEGATED;"
      "DELEGATED-TO=\"mailto:fan0002@example.com\",\"MAILTO:fan0003@example.com\":"
      "mailto:fan0001@example.com\nATTENDEE;DELEGATED-FROM=\"mailto:fan0001@example.com\":"
      "mailto:fan0002@example.com\n");

  REQUIRE(read.attendees.size() == 2);
  CHECK(read.attendees[0].partstat == Partstat::delegated);
  CHECK(read.attendees[0].role == "OPT-PARTICIPANT");
  CHECK(read.attendees[0].type == "ROOM");
  CHECK(read.attendees[0].delegated_to ==
        std::vector<std::string>{"fan0002@example.com", "fan0003@example.com"});
  CHECK(read.attendees[1].delegated_from == std::vector<std::string>{"fan0001@example.com"});
}

TEST_CASE("parameters keep quotes out and undo the escapes of RFC 6868", "[ical]") {
  const auto name = [](const std::string& parameter) {
    return event_of("DTSTART:20270601T100000Z\nATTENDEE;" + parameter +
                    ":mailto:fan0001@example.com\n")
        .attendees.at(0)
        .name;
  };

  CHECK(name("CN=\"Fan; 0001: the first\"") == "Fan; 0001: the first");
  CHECK(name("X-A=\"b;CN=c\";cn=Fan ^'0001^' ^^ ^x") == "Fan \"0001\" ^ ^x");
  CHECK(name("CN=Fan^n0001") == "Fan 0001");
  CHECK(name("CN;X=y").empty());
}

TEST_CASE("addresses are read in every form clients write (R94)", "[ical]") {
  const auto address = [](const std::string& attendee) {
    return event_of("DTSTART:20270601T100000Z\nATTENDEE" + attendee + "\n").attendees.at(0).address;
  };

  CHECK(address(":mailto:fan@example.com") == "fan@example.com");
  CHECK(address(":MAILTO:Fan@Example.com") == "fan@example.com");
  CHECK(address(": mailto: fan@example.com ") == "fan@example.com");
  CHECK(address(":mailto:<fan@example.com>") == "fan@example.com");
  CHECK(address(":<mailto:fan@example.com>") == "fan@example.com");
  CHECK(address(":mailto:mailto:fan@example.com") == "fan@example.com");
  CHECK(address(":mailto:fan%2Btag@example.com") == "fan+tag@example.com");
  CHECK(address(":mailto:fan@example.com?subject=hi") == "fan@example.com");
  CHECK(address(":fan@example.com") == "fan@example.com");
  CHECK(address(";EMAIL=fan@example.com:urn:uuid:0000") == "fan@example.com");
  CHECK(address(":urn:uuid:0000").empty());
  CHECK(address(":mailto:fan%0D%0A@example.com").empty());
}

TEST_CASE("an unknown PARTSTAT is kept as written and means no answer", "[ical]") {
  const auto attendee = event_of(
                            "DTSTART:20270601T100000Z\n"
                            "ATTENDEE;PARTSTAT=x-maybe:mailto:fan@example.com\n")
                            .attendees.at(0);

  CHECK(attendee.partstat == Partstat::needs_action);
  CHECK(attendee.partstat_raw == "x-maybe");
}

TEST_CASE("line ends, marks and folds of every kind give the same event (R93)", "[ical]") {
  const std::string plain =
      calendar("DTSTART:20270601T100000Z\nSUMMARY:Spiel in K\xc3\xb6ln \xf0\x9f\x8f\x9f\n");
  const auto with_ends = [&](const std::string& line_end) {
    std::string text;
    for (const char c : plain) text += c == '\n' ? line_end : std::string(1, c);
    return text;
  };
  for (const std::string& text : {plain, with_ends("\r\n"), with_ends("\r"), with_ends("\r\r\n"),
                                  "\xef\xbb\xbf" + plain, "\n\n" + plain + "\n\n"}) {
    CHECK(one(text).event.summary == "Spiel in K\xc3\xb6ln \xf0\x9f\x8f\x9f");
  }
  std::string torn = plain;
  for (std::size_t at = torn.find("K\xc3") + 2, i = 0; i < 8; ++i, at += 4)
    torn.insert(at, "\r\n ");
  CHECK(one(torn).event.summary == "Spiel in K\xc3\xb6ln \xf0\x9f\x8f\x9f");
  std::string lower = "begin:vcalendar\nmethod:request\nbegin:vevent\nuid:a\nsummary:Spiel\n";
  lower += "dtstart;tzid=Europe/Berlin:20270601T100000\nend:vevent\nend:vcalendar\n";
  CHECK(start(one(lower).event) == "2027-06-01T10:00:00");
  CHECK(one(lower).event.summary == "Spiel");
}

TEST_CASE("bytes that are not UTF-8 become replacement characters", "[ical]") {
  const auto parsed = parse(calendar("DTSTART:20270601T100000Z\nSUMMARY:K\xf6ln\n"));

  REQUIRE(parsed.has_value());
  CHECK(parsed->events.at(0).event.summary == "K\xef\xbf\xbdln");
  REQUIRE(parsed->diagnostics.size() == 1);
  CHECK(parsed->diagnostics[0].place.line == 8);
}

TEST_CASE("METHOD counts behind the components and inside VEVENT (R93)", "[ical]") {
  const std::string when = "DTSTART:20270601T100000Z\n";
  CHECK(parse(calendar(when, ""))->method == std::nullopt);

  const auto inside = parse(calendar(when + "METHOD:CANCEL\n", ""));
  CHECK(inside->method == Method::cancel);
  CHECK(inside->diagnostics.size() == 1);
  std::string behind = calendar(when, "");
  behind.insert(behind.find("END:VCALENDAR"), "method:request\n");
  CHECK(parse(behind)->method == Method::request);
}

TEST_CASE("two methods in one text are refused, whichever came first", "[ical]") {
  const std::string when = "DTSTART:20270601T100000Z\n";

  for (const std::string& text :
       {calendar(when, "METHOD:REQUEST\nMETHOD:CANCEL\n"), calendar(when + "METHOD:CANCEL\n"),
        calendar(when) + calendar(when, "METHOD:CANCEL\n")}) {
    const auto parsed = parse(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == Code::invalid_input);
    CHECK(parsed.error().place.field == "METHOD");
  }
  CHECK(parse(calendar(when, "METHOD:NONSENSE\n")).error().code == Code::unsupported);
  CHECK(parse(calendar(when) + calendar(when))->events.size() == 2);
}

TEST_CASE("a cancellation needs no start, an invitation does", "[ical]") {
  CHECK_FALSE(one(calendar("STATUS:CANCELLED\n", "METHOD:CANCEL\n")).has_start);
  CHECK(refusal_of("SUMMARY:When?\n").place.field == "DTSTART");
  CHECK(refusal_of("SUMMARY:When?\n", "").place.field == "DTSTART");
}

TEST_CASE("only a reply may lack the UID (R101)", "[ical]") {
  const std::string text =
      "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nDTSTART:20270601T100000Z\nEND:VEVENT\n"
      "END:VCALENDAR\n";
  CHECK(parse(text)->refused.at(0).place.field == "UID");

  std::string reply = text;
  reply.replace(reply.find("REQUEST"), 7, "REPLY");
  CHECK(one(reply).event.source_uid.empty());
}

TEST_CASE("texts keep no control characters, single-line ones no line breaks either", "[ical]") {
  const Event event = event_of(
                          "DTSTART:20270601T100000Z\nSUMMARY:Two\\nlines\x01!\n"
                          "LOCATION:Hall 1\\n\\nRing Road\nDESCRIPTION:a\\nb\x02\tc\xc2\x85"
                          "d\xe2\x80\xa8"
                          "e\n")
                          .event;

  CHECK(event.summary == "Two lines !");
  CHECK(event.location == "Hall 1, Ring Road");
  CHECK(event.description == "a\nb\tcd\ne");
}

TEST_CASE("only web addresses are taken as URL", "[ical]") {
  const auto url = [](const std::string& value) {
    return event_of("DTSTART:20270601T100000Z\nURL:" + value + "\n").event.url;
  };

  CHECK(url("https://league.example/f?a=1,2;b") == "https://league.example/f?a=1,2;b");
  CHECK(url("HTTP://league.example") == "HTTP://league.example");
  CHECK(url("javascript:alert(1)").empty());
  CHECK(url("https://league.example/a b").empty());
  CHECK(url("https://").empty());
}

TEST_CASE("an event that was cut off is refused, one that repeats itself is read", "[ical]") {
  const auto cut =
      parse("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:a\nDTSTART:20270601T100000Z\n");
  REQUIRE(cut.has_value());
  CHECK(cut->events.empty());
  CHECK(cut->refused.at(0).place.line == 3);

  const auto twice =
      parse(calendar("DTSTART:20270601T100000Z\nSTATUS:TENTATIVE\nSTATUS:CONFIRMED\n"));
  CHECK(twice->events.at(0).event.status == EventStatus::tentative);
  CHECK(twice->diagnostics.size() == 1);
}

TEST_CASE("several threads may read calendars at once", "[ical]") {
  const std::string text = data("google_request.ics");
  const ZoneTable zones;
  std::atomic<int> read = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto parsed = parse_calendar(text, zones);
        if (parsed && parsed->events.size() == 1) ++read;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(read == 200);
}

TEST_CASE("what is no calendar is refused as such", "[ical]") {
  for (const std::string_view text : {"", "\n", "hello", "BEGIN:VEVENT\nEND:VEVENT\n"}) {
    const auto parsed = parse(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == Code::invalid_input);
  }
  CHECK(parse("BEGIN:VCALENDAR\nEND:VCALENDAR\n")->events.empty());
}

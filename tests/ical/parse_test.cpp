// Whole calendars as they are read: of several makers, and of any shape.
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

TEST_CASE("several threads may read calendars at once", "[ical][threads]") {
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

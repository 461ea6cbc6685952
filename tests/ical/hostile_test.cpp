#include "ical/reading.hpp"

using namespace calinvite;
using namespace calinvite::testing;

// Nothing here is timed: unguarded, each of these inputs takes minutes to for ever, and the
// runner's limit of 120 s ends the test.

namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string all;
  all.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}

const std::string when = "DTSTART:20270601T100000Z\n";

/// The documented refusal of a whole text.
Error refusal(const std::string& text, const CalendarLimits& limits = {}) {
  const auto parsed = parse(text, limits);
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error();
}

}  // namespace

TEST_CASE("components nested without end are refused at the fifth (M6)", "[ical]") {
  const std::string head = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VALARM\nBEGIN:X\n";
  CHECK(parse(head + "END:X\nEND:VALARM\nUID:a\n" + when + "END:VEVENT\nEND:VCALENDAR\n")
            ->events.size() == 1);
  const Error error = refusal(head + repeated("BEGIN:X\n", 60000));
  CHECK(error.code == Code::too_large);
  CHECK(error.place.line == 5);
  CHECK(refusal(repeated("BEGIN:VCALENDAR\n", 60000)).code == Code::too_large);
}

TEST_CASE("one line of more than 64 KiB is refused, folded or not (M7)", "[ical]") {
  const std::string plain(64 * 1024, 'x');
  CHECK(refusal(calendar(when + "DESCRIPTION:" + plain + "\n")).code == Code::too_large);
  CHECK(refusal(calendar(when + "DESCRIPTION:" + repeated("xxxxxxxx\n ", 8192) + "\n")).code ==
        Code::too_large);
  CHECK(event_of(when + "DESCRIPTION:" + plain.substr(100) + "\n").event.description.size() ==
        64 * 1024 - 100);
  CHECK(refusal(calendar(when + "SUMMARY:12345678901\n"), {.max_value_bytes = 18}).place.line == 5);
  CHECK(refusal(repeated("x", 1024 * 1024 + 1)).code == Code::too_large);
}

TEST_CASE("an impossible rule is answered at once (M8)", "[ical]") {
  for (const std::string frequency :
       {"YEARLY", "MONTHLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"}) {
    INFO(frequency);
    const Event event =
        event_of(when + "RRULE:FREQ=" + frequency + ";BYMONTH=2;BYMONTHDAY=30\n").event;
    CHECK_FALSE(check_recurrence(event, ZoneTable()).has_value());
  }
}

TEST_CASE("a bomb in VTIMEZONE is never lit (M9)", "[ical]") {
  const std::string zone =
      "METHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:League\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
      "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n";
  const Error error = refusal_of("DTSTART;TZID=League:20270601T100000\n", zone);
  CHECK(error.code == Code::invalid_input);
}

TEST_CASE("more than 500 values are refused, never dropped (M10)", "[ical]") {
  const auto exdates = [](std::size_t count) {
    std::string all = "RRULE:FREQ=DAILY\nEXDATE:";
    for (std::size_t i = 0; i < count; ++i) {
      all += (i == 0 ? "" : ",") +
             format_basic(parse_basic("20270601T100000")->wall + std::chrono::days(i)) + "Z";
    }
    return when + all + "\n";
  };

  CHECK(event_of(exdates(500)).event.exdates.size() == 500);
  const Error error = refusal(calendar(exdates(700)));
  CHECK(error.code == Code::too_large);
  CHECK(error.place.line == 9);
  CHECK(event_of(when + "DESCRIPTION:" + repeated("a,", 700) + "\n").event.description.size() ==
        1400);
}

TEST_CASE("components, properties and parameters are counted", "[ical]") {
  const std::string event = "BEGIN:VEVENT\nUID:a\n" + when + "END:VEVENT\n";
  const auto calendar_of = [](const std::string& parts) {
    return "BEGIN:VCALENDAR\n" + parts + "END:VCALENDAR\n";
  };

  CHECK(parse(calendar_of(repeated(event, 1000)))->events.size() == 1000);
  CHECK(refusal(calendar_of(repeated(event, 1001))).code == Code::too_large);
  CHECK(parse(calendar_of(repeated(event, 1001)), {.max_components = 0})->events.size() == 1001);
  CHECK(refusal(calendar(when + repeated("X-A:b\n", 5000))).code == Code::too_large);
  CHECK(
      refusal(calendar(when + "ATTENDEE" + repeated(";X=y", 51) + ":mailto:a@b.example\n")).code ==
      Code::too_large);
}

TEST_CASE("bad values cost time in proportion to their number", "[ical]") {
  const auto bad = [](std::size_t count) {
    return "BEGIN:VCALENDAR\n" +
           repeated("BEGIN:VEVENT\nUID:a\n" + repeated("DTSTART:garbage\nEXDATE:x,y\n", 2400) +
                        "END:VEVENT\n",
                    count) +
           "END:VCALENDAR\n";
  };
  const auto parsed = parse(bad(15));

  REQUIRE(parsed.has_value());
  CHECK(parsed->refused.size() == 15);
  CHECK(parse(calendar(when + repeated("ATTENDEE;PARTSTAT=:\n", 4000)))->diagnostics.size() == 101);
}

TEST_CASE("texts of nothing but flaws are read at once", "[ical]") {
  for (const std::string part : {"\n", "\r", "\r\r\n", " \n", "x\n", "x:\n", "\x80\n", ":\n", ";\n",
                                 "\"", "BEGIN:\n", "END:\n", "END:VCALENDAR\n", "a;b=\"c\n"}) {
    INFO(part);
    const std::string filling = repeated(part, 1000 * 1000 / part.size());
    (void)parse(filling);
    (void)parse("BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + filling);
  }
}

TEST_CASE("a NUL anywhere is refused with its line", "[ical]") {
  std::string text = calendar(when + "SUMMARY:a\n");
  text[text.find("SUMMARY:a") + 8] = '\0';
  const Error error = refusal(text);
  CHECK(error.code == Code::invalid_input);
  CHECK(error.place.line == 8);
}

TEST_CASE("many addresses, comments and zones stay linear", "[ical]") {
  std::string lines = when;
  for (int i = 0; i < 4000; ++i) {
    lines += "ATTENDEE;CN=Fan:mailto:fan" + std::to_string(i) + "@example.com\n";
  }
  CHECK(event_of(lines).attendees.size() == 4000);
  std::string zones = "METHOD:REQUEST\n";
  for (int i = 0; i < 900; ++i) {
    zones += "BEGIN:VTIMEZONE\nTZID:Z" + std::to_string(i) + "\nEND:VTIMEZONE\n";
  }
  CHECK(refusal_of("DTSTART;TZID=Z17:20270601T100000\n", zones).code == Code::invalid_input);
}

#include "ical/reading.hpp"

using namespace calinvite;
using namespace std::chrono;
using namespace std::string_literals;

namespace {

sys_seconds at(std::string_view basic) {
  return sys_seconds(parse_basic(basic).value().wall.time_since_epoch());
}

/// VEVENT after VEVENT with the UID of them all.
std::string vevent(const std::string& lines) {
  return "BEGIN:VEVENT\nUID:fixture-0001@league.example\nDTSTAMP:20270101T120000Z\n" + lines +
         "END:VEVENT\n";
}

/// Starts and ends in UTC, with the summary of what each shows.
std::string listed(const std::string& vevents,
                   OccurrenceWindow window = {at("20270101"), at("20280101"), 20}) {
  const auto parsed =
      testing::parse("BEGIN:VCALENDAR\nVERSION:2.0\n" + vevents + "END:VCALENDAR\n");
  REQUIRE(parsed.has_value());
  for (const Error& error : parsed->refused) FAIL(to_string(error));
  const auto occurrences = list_occurrences(parsed->events, ZoneTable(), window);
  if (!occurrences) return std::string(code_name(occurrences.error().code));
  std::string text;
  for (const Occurrence& o : *occurrences) {
    if (!text.empty()) text += ' ';
    text += format_basic(local_seconds(o.start.time_since_epoch())) + '/' +
            format_basic(local_seconds(o.end.time_since_epoch())).substr(9) +
            o.event->event.summary;
  }
  return text;
}

const std::string weekly =
    "DTSTART;TZID=Europe/Berlin:20270317T190000\nDTEND;TZID=Europe/Berlin:20270317T210000\n"
    "RRULE:FREQ=WEEKLY;COUNT=4\n";

}  // namespace

TEST_CASE("occurrences keep their wall clock over a change of offset", "[occurrences]") {
  CHECK(listed(vevent(weekly)) ==
        "20270317T180000/200000 20270324T180000/200000 20270331T170000/190000 "
        "20270407T170000/190000");
}

TEST_CASE("a single event, a date and a floating time occur once", "[occurrences]") {
  CHECK(listed(vevent("DTSTART:20270317T190000Z\nDURATION:PT1H\n")) == "20270317T190000/200000");
  CHECK(listed(vevent("DTSTART;VALUE=DATE:20270317\n")) == "20270317T000000/000000");
  CHECK(listed(vevent("DTSTART:20270317T190000\nDURATION:PT1H\n")) == "20270317T190000/200000");
}

TEST_CASE("EXDATE takes instances away, RDATE adds some with ends of their own", "[occurrences]") {
  CHECK(listed(vevent(weekly + "EXDATE;TZID=Europe/Berlin:20270324T190000,20270407T190000\n"
                               "RDATE;TZID=Europe/Berlin:20270320T100000\n")) ==
        "20270317T180000/200000 20270320T090000/110000 20270331T170000/190000");
  CHECK(listed(vevent("DTSTART:20270317T190000Z\nDURATION:PT1H\n"
                      "RDATE;VALUE=PERIOD:20270318T190000Z/PT3H,20270316T100000Z/"
                      "20270316T101500Z\n")) ==
        "20270316T100000/101500 20270317T190000/200000 20270318T190000/220000");
}

TEST_CASE("an override replaces its instance, moves it or cancels it", "[occurrences]") {
  const std::string moved =
      "RECURRENCE-ID;TZID=Europe/Berlin:20270324T190000\nSUMMARY:-moved\n"
      "DTSTART:20270410T120000Z\nDTEND:20270410T121000Z\n";
  const std::string cancelled =
      "RECURRENCE-ID:20270331T170000Z\nSTATUS:CANCELLED\n"
      "DTSTART;TZID=Europe/Berlin:20270331T190000\n";

  CHECK(listed(vevent(moved) + vevent(weekly) + vevent(cancelled)) ==
        "20270317T180000/200000 20270407T170000/190000 20270410T120000/121000-moved");
  CHECK(listed(vevent(moved)) == "20270410T120000/121000-moved");
  CHECK(listed(vevent(moved) + vevent("SEQUENCE:1\n" + cancelled) +
               vevent("SEQUENCE:2\n" + moved)) == "20270410T120000/121000-moved");
}

TEST_CASE("THISANDFUTURE moves what follows and shows its own texts", "[occurrences]") {
  CHECK(listed(
            vevent(weekly) +
            vevent("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20270324T190000\n"
                   "DTSTART;TZID=Europe/Berlin:20270325T200000\nDURATION:PT30M\nSUMMARY:-new\n")) ==
        "20270317T180000/200000 20270325T190000/193000-new 20270401T180000/183000-new "
        "20270408T180000/183000-new");
}

TEST_CASE("a window shows what lies in it, counted from the start", "[occurrences]") {
  const std::string daily = vevent("DTSTART:19700101T230000Z\nDURATION:PT2H\nRRULE:FREQ=DAILY\n");

  CHECK(listed(daily, {at("20270301T003000"), at("20270302T230000"), 20}) ==
        "20270228T230000/010000 20270301T230000/010000");
  CHECK(listed(daily, {at("20270301T010000"), at("20280301"), 1}) == "20270301T230000/010000");
  CHECK(listed(vevent(weekly), {at("20270325"), at("20280101"), 20}) ==
        "20270331T170000/190000 20270407T170000/190000");
  CHECK(listed(daily, {at("20270301"), at("20270401"), 0}) == "");
}

TEST_CASE("M8 the occurrences of a hostile series are listed at once", "[occurrences]") {
  const OccurrenceWindow all{sys_seconds::min(), sys_seconds::max(), 50};
  const std::string start = "DTSTART:00010101T000000Z\nDTEND:99991231T000000Z\n";

  CHECK(listed(vevent(start + "RRULE:FREQ=SECONDLY\n"), all) == "unsupported");
  CHECK(listed(vevent(start + "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"),
               {at("20270101"), at("20280101"), 50}) == "");
  CHECK(listed(vevent(start + "RRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30\n"),
               {at("20270101"), at("20280101"), 50}) == "");
  CHECK(listed(vevent(start + "RRULE:FREQ=DAILY\n") +
                   vevent("RECURRENCE-ID;RANGE=THISANDFUTURE:20270101T000000Z\n"
                          "DTSTART:99990101T000000Z\n"),
               {at("20270101"), at("20280101"), 1}) != "");
  CHECK(listed(vevent("DTSTART:00010101T000000Z\nRRULE:FREQ=DAILY\n"), {all.from, all.to, 2}) ==
        "00010101T000000/000000 00010102T000000/000000");
}

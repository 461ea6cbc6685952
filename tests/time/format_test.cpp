#include <catch2/catch.hpp>

#include "calinvite/time.hpp"

using namespace calinvite;
using namespace std::chrono;
using namespace std::string_literals;

namespace {

local_seconds wall(int year, unsigned month, unsigned day, int hour = 0, int minute = 0,
                   int second = 0) {
  const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                            std::chrono::day(day)};
  return local_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

}  // namespace

TEST_CASE("times are written in both forms", "[time]") {
  CHECK(format_basic(wall(2027, 3, 28, 1, 30)) == "20270328T013000");
  CHECK(format_basic(wall(2027, 3, 28, 1, 30), true) == "20270328");
  CHECK(format_iso(wall(2027, 3, 28, 1, 30, 5)) == "2027-03-28T01:30:05");
  CHECK(format_iso(wall(2027, 3, 28), true) == "2027-03-28");
  CHECK(format_iso(sys_seconds(seconds(0))) == "1970-01-01T00:00:00Z");
  CHECK(format_iso(sys_seconds(seconds(-1))) == "1969-12-31T23:59:59Z");
  CHECK(format_basic(wall(7, 1, 2)) == "00070102T000000");
}

TEST_CASE("what was written is read back the same", "[time]") {
  for (local_seconds time = wall(1, 1, 1); time < wall(9999, 12, 31); time += hours(4999)) {
    const auto basic = parse_basic(format_basic(time));
    const auto iso = parse_iso(format_iso(time));
    REQUIRE(basic.has_value());
    REQUIRE(iso.has_value());
    REQUIRE(basic->wall == time);
    REQUIRE(iso->wall == time);
  }
}

TEST_CASE("a reading says whether it was a date and whether it was UTC", "[time]") {
  CHECK(parse_basic("20270328")->date_only);
  CHECK_FALSE(parse_basic("20270328T000000")->date_only);
  CHECK(parse_basic("20270328T013000Z")->utc);
  CHECK_FALSE(parse_basic("20270328T013000")->utc);
  CHECK(parse_iso("2027-03-28")->date_only);
  CHECK(parse_iso("2027-03-28T01:30Z")->utc);
}

TEST_CASE("ISO times may leave out seconds, and fractions are cut", "[time]") {
  CHECK(parse_iso("2027-03-28T01:30")->wall == wall(2027, 3, 28, 1, 30));
  CHECK(parse_iso("2027-03-28T01:30:59")->wall == wall(2027, 3, 28, 1, 30, 59));
  CHECK(parse_iso("2027-03-28T01:30:59.999999Z")->wall == wall(2027, 3, 28, 1, 30, 59));
}

TEST_CASE("a leap second counts as the second before it", "[time]") {
  CHECK(parse_basic("20161231T235960Z")->wall == wall(2016, 12, 31, 23, 59, 59));
  CHECK(parse_iso("2016-12-31T23:59:60Z")->wall == wall(2016, 12, 31, 23, 59, 59));
}

TEST_CASE("dates outside the calendar are refused", "[time]") {
  const std::string text =
      GENERATE("00000101"s, "20270229"s, "21000229"s, "20270431"s, "20271301"s, "20270001"s,
               "20270100"s, "20270132"s, "20270328T240000"s, "20270328T236000"s, "20270328T235961"s,
               "99999999T999999"s, "20250230T250000Z"s);
  CAPTURE(text);

  const auto time = parse_basic(text);
  REQUIRE_FALSE(time.has_value());
  CHECK(time.error().code == Code::invalid_input);
  CHECK(time.error().message.find("no date of the calendar") != std::string::npos);
}

TEST_CASE("what is not exactly a time is refused", "[time]") {
  const std::string basic = GENERATE(
      ""s, "2027"s, "2027032"s, "202703281"s, "20270328T"s, "20270328T0130"s, "20270328t013000"s,
      "20270328T013000z"s, "20270328T013000Zx"s, "2027-03-28"s, " 20270328"s, "20270328 "s,
      "+0270328"s, "2027O328"s, "20270328Z"s, "20270328T013000+0100"s, "20270328\0T013000"s);
  CAPTURE(basic);

  CHECK(parse_basic(basic).error().code == Code::invalid_input);
}

TEST_CASE("what is not exactly an ISO time is refused", "[time]") {
  const std::string iso =
      GENERATE(""s, "2027-3-28"s, "2027-03-28T"s, "2027-03-28T1:30"s, "2027-03-28 01:30"s,
               "2027-03-28T01:30:"s, "2027-03-28T01:30:00."s, "2027-03-28T01:30+01:00"s,
               "20270328"s, "2027-02-30"s, "0000-01-01"s, "2027-03-28Z"s, "2027-03-28T01.30"s);
  CAPTURE(iso);

  CHECK(parse_iso(iso).error().code == Code::invalid_input);
}

#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>

#include "calinvite/time.hpp"

using namespace calinvite;
using namespace std::chrono;
using namespace std::string_literals;

namespace {

local_seconds wall(std::string_view basic) { return parse_basic(basic).value().wall; }

std::string expanded(std::string_view rule, std::string_view start, std::size_t limit = 5,
                     std::vector<local_seconds> exdates = {}) {
  const auto instances = expand_rrule(rule, wall(start), exdates, limit);
  if (!instances) return instances.error().message;
  std::string text;
  for (const local_seconds instance : *instances) {
    if (!text.empty()) text += ' ';
    text += format_basic(instance, instance == floor<days>(instance));
  }
  return text;
}

std::string checked(std::string_view rule, std::string_view start = "20270301T090000") {
  const auto result = check_rrule(rule, wall(start), false);
  return result ? "ok" : std::string(code_name(result.error().code));
}

}  // namespace

TEST_CASE("without a rule the start is the one instance", "[rrule]") {
  CHECK(expanded("", "20270301T090000") == "20270301T090000");
  CHECK(expanded("", "20270301T090000", 5, {wall("20270301T090000")}) == "");
  CHECK(expanded("", "20270301T090000", 0) == "");
}

TEST_CASE("what the rule leaves open comes from the start", "[rrule]") {
  CHECK(expanded("FREQ=DAILY;COUNT=3", "20270227") == "20270227 20270228 20270301");
  CHECK(expanded("FREQ=WEEKLY;COUNT=3", "20270301T090000") ==
        "20270301T090000 20270308T090000 20270315T090000");
  CHECK(expanded("FREQ=MONTHLY;COUNT=4", "20270131") == "20270131 20270331 20270531 20270731");
  CHECK(expanded("FREQ=YEARLY;COUNT=3", "20240229") == "20240229 20280229 20320229");
  CHECK(expanded("FREQ=YEARLY;BYMONTH=2;COUNT=2", "20270210") == "20270210 20280210");
  CHECK(expanded("freq=daily;count=1", "20270227") == "20270227");
}

TEST_CASE("weeks begin where WKST says", "[rrule]") {
  // The example of RFC 5545 3.8.5.3 where it matters.
  CHECK(expanded("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "19970805") ==
        "19970805 19970810 19970819 19970824");
  CHECK(expanded("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805") ==
        "19970805 19970817 19970819 19970831");
}

TEST_CASE("nth weekdays count within their month, or within the year without one", "[rrule]") {
  CHECK(expanded("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "20270326") == "20270326 20270430 20270528");
  CHECK(expanded("FREQ=MONTHLY;BYDAY=5MO;COUNT=3", "20270329") == "20270329 20270531 20270830");
  CHECK(expanded("FREQ=YEARLY;BYDAY=20MO;COUNT=3", "19970519") == "19970519 19980518 19990517");
  CHECK(expanded("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;COUNT=2", "20270314") == "20270314 20280312");
}

TEST_CASE("BYSETPOS chooses among the days of a whole period", "[rrule]") {
  CHECK(expanded("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "20270315") ==
        "20270331 20270430 20270531");
  // The start lies after the first Tuesday, so the month's first is not to come.
  CHECK(expanded("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1;COUNT=2", "20270315") == "20270406 20270504");
}

TEST_CASE("week numbers may reach into the next year", "[rrule]") {
  CHECK(expanded("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=3", "20241230") ==
        "20241230 20251229 20270104");
  CHECK(expanded("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU;COUNT=2", "20260103") == "20270103 20280102");
}

TEST_CASE("UNTIL is the last wall time, a date that whole day", "[rrule]") {
  CHECK(expanded("FREQ=DAILY;UNTIL=20270303T090000", "20270301T090000") ==
        "20270301T090000 20270302T090000 20270303T090000");
  CHECK(expanded("FREQ=DAILY;UNTIL=20270303T085959", "20270301T090000") ==
        "20270301T090000 20270302T090000");
  CHECK(expanded("FREQ=DAILY;UNTIL=20270302", "20270301T090000") ==
        "20270301T090000 20270302T090000");
  CHECK(expanded("FREQ=DAILY;UNTIL=20270228", "20270301T090000") == "");
}

TEST_CASE("an excluded instance still counts", "[rrule]") {
  CHECK(expanded("FREQ=DAILY;COUNT=3", "20270301", 5, {wall("20270302")}) == "20270301 20270303");
  CHECK(expanded("FREQ=DAILY;COUNT=2", "20270301", 5, {wall("20270301"), wall("20270302")}) == "");
}

TEST_CASE("expansion ends at its limit and ten years on", "[rrule]") {
  CHECK(expanded("FREQ=DAILY", "20270301", 2) == "20270301 20270302");
  const auto days_of = expand_rrule("FREQ=DAILY", wall("20270301"), {}, 100'000);
  const auto years_of = expand_rrule("FREQ=YEARLY", wall("20270301"), {}, 100'000);

  CHECK(days_of->size() == 3654);
  CHECK(days_of->back() == wall("20370301"));
  CHECK(years_of->size() == 11);
}

TEST_CASE("M8 impossible rules end at once", "[rrule]") {
  const std::string rule = GENERATE(
      "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"s, "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1"s,
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31"s, "FREQ=YEARLY;INTERVAL=1000;BYYEARDAY=366"s,
      "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=366"s, "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"s);
  CAPTURE(rule);
  const auto begin = std::clock();
  const std::string instances = expanded(rule, "20270228T090000");
  const auto taken = std::clock() - begin;

  CHECK(instances.empty());
  CHECK(taken < CLOCKS_PER_SEC / 10);  // reliability, the bar for bad input; it takes about 1 ms
  CHECK(check_rrule(rule, wall("20270228T090000"), false).has_value() == false);
}

TEST_CASE("BYHOUR, BYMINUTE and BYSECOND give several instances a day", "[rrule]") {
  CHECK(expanded("FREQ=DAILY;BYHOUR=14,9,9;BYMINUTE=30,0;COUNT=5", "20270301T093000") ==
        "20270301T093000 20270301T140000 20270301T143000 20270302T090000 20270302T093000");
  CHECK(expanded("FREQ=WEEKLY;BYDAY=MO;BYSECOND=60,0;COUNT=3", "20270301T090000") ==
        "20270301T090000 20270301T090059 20270308T090000");
  // BYSETPOS counts times of day, too: the last of the week and the first but one.
  CHECK(expanded("FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=9,18;BYSETPOS=-1,2;COUNT=4", "20270301T090000") ==
        "20270301T180000 20270305T180000 20270308T180000 20270312T180000");
  CHECK(checked("FREQ=DAILY;BYHOUR=9,14") == "unsupported");
}

TEST_CASE("M8 many times of many days are chosen from at once", "[rrule]") {
  std::string list = "0";
  for (int i = 1; i < 20; ++i) list += "," + std::to_string(i);
  const std::string times = "BYHOUR=" + list + ";BYMINUTE=" + list + ";BYSECOND=" + list;
  const auto begin = std::clock();

  CHECK(expanded("FREQ=YEARLY;" + times + ";BYYEARDAY=1,-1;BYSETPOS=-1", "20270301", 2) ==
        "20271231T191919 20281231T191919");
  CHECK(expanded("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;" + times, "20270301") == "");
  CHECK(expanded("FREQ=MONTHLY;" + times + ";BYSETPOS=-366", "20270301T191900", 1) ==
        "20270401T190114");
  CHECK(std::clock() - begin < CLOCKS_PER_SEC / 10);
}

TEST_CASE("a rule may end in a semicolon, as some clients write it", "[rrule]") {
  CHECK(expanded("FREQ=WEEKLY;COUNT=2;BYDAY=MO;", "20270301") == "20270301 20270308");
}

TEST_CASE("M8 what is finer than a day is unsupported", "[rrule]") {
  for (const char* rule :
       {"FREQ=HOURLY", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY"}) {
    CAPTURE(rule);
    const auto instances = expand_rrule(rule, wall("20270301T090000"), {}, 5);
    REQUIRE_FALSE(instances.has_value());
    CHECK(instances.error().code == Code::unsupported);
  }
}

TEST_CASE("limits of a safe rule are named with their part", "[rrule]") {
  std::string many = "FREQ=YEARLY;BYYEARDAY=1";
  for (int day = 2; day <= 65; ++day) many += "," + std::to_string(day);
  const std::pair<std::string, std::string> rows[] = {
      {"FREQ=DAILY;INTERVAL=1001", "INTERVAL=1001"},
      {"FREQ=DAILY;COUNT=1000", "COUNT=1000"},
      {"FREQ=DAILY;COUNT=99999999999999999999", "COUNT=99999999999999999999"},
      {many, "BYYEARDAY"},
      {"FREQ=DAILY;SKIP=OMIT", "SKIP=OMIT"},
  };
  for (const auto& [rule, part] : rows) {
    const auto instances = expand_rrule(rule, wall("20270301T090000"), {}, 5);
    INFO(rule);
    REQUIRE_FALSE(instances.has_value());
    CHECK(instances.error().code == Code::unsupported);
    CHECK(instances.error().message.find(part) != std::string::npos);
  }
  CHECK(expanded("FREQ=DAILY;INTERVAL=1000", "20270301", 2) == "20270301 20291125");
}

TEST_CASE("what is no rule is refused as such", "[rrule]") {
  const std::string rule = GENERATE(
      " "s, "DAILY"s, "FREQ"s, "FREQ="s, "FREQ=FORTNIGHTLY"s, "COUNT=3"s, "FREQ=DAILY;;"s,
      ";FREQ=DAILY"s, "FREQ=DAILY;COUNT=0"s, "FREQ=DAILY;COUNT=-1"s, "FREQ=DAILY;COUNT=x"s,
      "FREQ=DAILY;COUNT="s, "FREQ=DAILY;COUNT=+3"s, "FREQ=DAILY;INTERVAL=0"s,
      "FREQ=DAILY;COUNT=3;UNTIL=20270401"s, "FREQ=DAILY;COUNT=3;COUNT=4"s, "FREQ=DAILY;UNTIL=soon"s,
      "FREQ=DAILY;BYMONTH=0"s, "FREQ=DAILY;BYMONTH=-1"s, "FREQ=DAILY;BYMONTH=13"s,
      "FREQ=MONTHLY;BYMONTHDAY=0"s, "FREQ=MONTHLY;BYMONTHDAY=32"s, "FREQ=MONTHLY;BYMONTHDAY=1,"s,
      "FREQ=MONTHLY;BYDAY=0MO"s, "FREQ=MONTHLY;BYDAY=54MO"s, "FREQ=MONTHLY;BYDAY=M"s,
      "FREQ=MONTHLY;BYDAY=XX"s, "FREQ=MONTHLY;BYDAY="s, "FREQ=MONTHLY;BYDAY=--1MO"s,
      "FREQ=WEEKLY;BYDAY=1MO"s, "FREQ=DAILY;BYDAY=1MO"s, "FREQ=WEEKLY;BYMONTHDAY=1"s,
      "FREQ=MONTHLY;BYYEARDAY=1"s, "FREQ=MONTHLY;BYWEEKNO=1"s, "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO"s,
      "FREQ=MONTHLY;BYSETPOS=1"s, "FREQ=WEEKLY;WKST=XX"s, "FREQ=DAILY;BYHOUR=24"s,
      "FREQ=DAILY COUNT=3"s, "FREQ=DAILY\0;COUNT=3"s);
  CAPTURE(rule);
  const auto instances = expand_rrule(rule, wall("20270301T090000"), {}, 5);

  REQUIRE_FALSE(instances.has_value());
  CHECK(instances.error().code == Code::invalid_input);
  CHECK(instances.error().place.field == "RRULE");
}

TEST_CASE("R61 rules that every calendar understands are taken", "[rrule]") {
  const std::string rule = GENERATE(
      "FREQ=DAILY"s, "FREQ=DAILY;INTERVAL=3;COUNT=999"s, "FREQ=WEEKLY"s,
      "FREQ=WEEKLY;BYDAY=MO,WE,FR;WKST=SU;UNTIL=20271231T235959Z"s, "FREQ=MONTHLY"s,
      "FREQ=MONTHLY;BYMONTHDAY=1"s, "FREQ=MONTHLY;BYDAY=1MO"s, "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1"s,
      "FREQ=YEARLY"s, "FREQ=YEARLY;BYMONTH=3"s, "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1"s,
      "FREQ=YEARLY;BYMONTH=3;BYDAY=1MO"s, "FREQ=YEARLY;INTERVAL=4"s);
  CAPTURE(rule);

  CHECK(checked(rule) == "ok");  // 1 March 2027 is a Monday
}

TEST_CASE("R61 rules that some calendar misunderstands are refused by their part", "[rrule]") {
  const std::pair<std::string, std::string> rows[] = {
      {"FREQ=DAILY;BYDAY=MO", "BYDAY"},
      {"FREQ=DAILY;BYMONTH=3", "BYMONTH"},
      {"FREQ=WEEKLY;BYMONTH=3", "BYMONTH"},
      {"FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", "BYSETPOS"},
      {"FREQ=MONTHLY;BYMONTH=3", "BYMONTH"},
      {"FREQ=MONTHLY;BYMONTHDAY=1,15", "BYMONTHDAY"},
      {"FREQ=MONTHLY;BYMONTHDAY=-31", "BYMONTHDAY"},
      {"FREQ=MONTHLY;BYDAY=MO", "BYDAY"},
      {"FREQ=MONTHLY;BYDAY=1MO,3MO", "BYDAY"},
      {"FREQ=MONTHLY;BYDAY=5MO", "BYDAY"},
      {"FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1", "BYMONTHDAY"},
      {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "BYDAY"},
      {"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,2", "BYSETPOS"},
      {"FREQ=YEARLY;BYMONTH=3,4", "BYMONTH"},
      {"FREQ=YEARLY;BYMONTHDAY=1", "BYMONTHDAY"},
      {"FREQ=YEARLY;BYDAY=1MO", "BYDAY"},
      {"FREQ=YEARLY;BYYEARDAY=60", "BYYEARDAY"},
      {"FREQ=YEARLY;BYWEEKNO=9", "BYWEEKNO"},
      {"FREQ=DAILY;BYHOUR=9", "BYHOUR"},
      {"FREQ=DAILY;BYMINUTE=0", "BYMINUTE"},
      {"FREQ=DAILY;BYSECOND=0", "BYSECOND"},
  };
  for (const auto& [rule, part] : rows) {
    INFO(rule);
    const auto result = check_rrule(rule, wall("20270301T090000"), false);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Code::unsupported);
    CHECK(result.error().message.find("part " + part + ":") != std::string::npos);
  }
}

TEST_CASE("R63 the start is the rule's first instance", "[rrule]") {
  const auto result = check_rrule("FREQ=WEEKLY;BYDAY=TU", wall("20270301T090000"), false);

  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Code::unsupported);
  CHECK(result.error().message.find("2027-03-02T09:00:00") != std::string::npos);
  CHECK(checked("FREQ=DAILY;UNTIL=20270228T000000") == "invalid_input");
}

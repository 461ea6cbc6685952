#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "calinvite/model.hpp"

using namespace calinvite;
using namespace std::chrono_literals;

namespace {

constexpr auto day = std::chrono::local_days{2027y / 3 / 28};

Event sound_event() {
  Event event;
  event.summary = "Round 1";
  event.start = day + 19h;
  event.end = day + 21h;
  event.timezone = "Europe/Berlin";
  return event;
}

/// The field that check_event names after `edit`; empty when it finds no fault.
std::string flaw_after(const std::function<void(Event&)>& edit) {
  Event event = sound_event();
  edit(event);
  const auto result = check_event(event);
  if (result) return {};
  CHECK(result.error().code == Code::invalid_input);
  return result.error().place.field;
}

}  // namespace

TEST_CASE("a plain event is sound", "[model]") {
  CHECK(flaw_after([](Event&) {}).empty());
  CHECK(flaw_after([](Event& e) { e.description = "Line one\n\tLine two"; }).empty());
  CHECK(flaw_after([](Event& e) { e.url = "https://league.example/r/1?x=%20"; }).empty());
}

TEST_CASE("an event needs a summary and an end after its start", "[model]") {
  CHECK(flaw_after([](Event& e) { e.summary = " "; }) == "summary");
  CHECK(flaw_after([](Event& e) { e.end = e.start; }) == "end");
}

TEST_CASE("an all-day event spans dates and has no zone, any other has one", "[model]") {
  const auto all_day = [](Event& e) {
    e.all_day = true;
    e.start = day;
    e.end = day + 24h;
    e.timezone.clear();
  };
  CHECK(flaw_after(all_day).empty());
  CHECK(flaw_after([&](Event& e) { all_day(e), e.timezone = "UTC"; }) == "timezone");
  CHECK(flaw_after([&](Event& e) { all_day(e), e.end += 1h; }) == "start");
  CHECK(flaw_after([](Event& e) { e.timezone.clear(); }) == "timezone");
}

TEST_CASE("no single-line field of an event takes a line break or another control", "[model]") {
  for (const char* bad : {"a\rb", "a\nb", "a\tb", "a\x1b", "a\x7f", "a\xc2\x9b", "a\xe2\x80\xa9"}) {
    CHECK(flaw_after([&](Event& e) { e.summary = bad; }) == "summary");
    CHECK(flaw_after([&](Event& e) { e.uid = bad; }) == "uid");
    CHECK(flaw_after([&](Event& e) { e.source_uid = bad; }) == "source_uid");
    CHECK(flaw_after([&](Event& e) { e.organizer = bad; }) == "organizer");
    CHECK(flaw_after([&](Event& e) { e.source_organizer = bad; }) == "source_organizer");
    CHECK(flaw_after([&](Event& e) { e.url = bad; }) == "url");
    CHECK(flaw_after([&](Event& e) { e.landing = bad; }) == "landing");
    CHECK(flaw_after([&](Event& e) { e.conference = bad; }) == "conference");
    CHECK(flaw_after([&](Event& e) { e.language = bad; }) == "language");
    CHECK(flaw_after([&](Event& e) { e.timezone = bad; }) == "timezone");
    CHECK(flaw_after([&](Event& e) { e.rrule = bad; }) == "rrule");
  }
}

TEST_CASE("free text of an event is UTF-8 without NUL", "[model]") {
  CHECK(flaw_after([](Event& e) { e.description = "a\xff"; }) == "description");
  CHECK(flaw_after([](Event& e) { e.location = std::string("a\0b", 3); }) == "location");
}

TEST_CASE("links of an event are http or https addresses", "[model]") {
  for (const char* bad : {"javascript:alert(1)", "//league.example", "https://", "ftp://a.example",
                          "https://a.example/x y", "https://a.example/\"x\"", "league.example"}) {
    INFO(bad);
    CHECK(flaw_after([&](Event& e) { e.url = bad; }) == "url");
    CHECK(flaw_after([&](Event& e) { e.landing = bad; }) == "landing");
    CHECK(flaw_after([&](Event& e) { e.conference = bad; }) == "conference");
  }
  CHECK(flaw_after([](Event& e) { e.conference = "http://meet.example/1"; }) == "conference");
  CHECK(flaw_after([](Event& e) { e.conference = "https://meet.example/1"; }).empty());
  const auto flaw_of_date = [](const std::string& link) {
    return flaw_after([&](Event& e) {
      Override changed;
      changed.occurrence = {e.start};
      changed.start = e.start;
      changed.end = e.end;
      changed.conference = link;
      e.overrides = {changed};
    });
  };
  for (const auto bad :
       {"http://meet.example/1", "meet.example/1", "https://meet.example/1\r\nX:y"}) {
    CHECK(flaw_of_date(bad) == "overrides");
  }
  for (const auto good : {"", "https://meet.example/1", "HTTPS://meet.example/1"}) {
    CHECK(flaw_of_date(good).empty());
  }
}

TEST_CASE("R54: a reminder goes off at the start or up to four weeks before", "[model]") {
  for (const auto good : {0min, 15min, longest_reminder}) {
    CHECK(flaw_after([&](Event& e) { e.reminder = good; }).empty());
  }
  for (const auto bad : {-1min, longest_reminder + 1min}) {
    CHECK(flaw_after([&](Event& e) { e.reminder = bad; }) == "reminder");
  }
}

TEST_CASE("R57: words for a way to meet are no place, in any case", "[model]") {
  for (const auto word : {"", " ", "Online", "ZOOM", " Google Meet "}) CHECK(is_no_place(word));
  for (const auto place : {"Zoom Street 1", "Room 5", "https://meet.example/1"}) {
    CHECK_FALSE(is_no_place(place));
  }
}

TEST_CASE("exdates and overrides ascend, each instance once", "[model]") {
  Override later;
  later.occurrence = {day + 7 * 24h + 19h};
  later.start = day + 7 * 24h + 20h;
  later.end = later.start + 2h;
  Override earlier = later;
  earlier.occurrence = {day + 19h};

  CHECK(flaw_after([&](Event& e) { e.overrides = {earlier, later}; }).empty());
  CHECK(flaw_after([&](Event& e) { e.overrides = {later, earlier}; }) == "overrides");
  CHECK(flaw_after([&](Event& e) { e.overrides = {later, later}; }) == "overrides");
  CHECK(flaw_after([](Event& e) { e.exdates = {day + 7h, day + 7h}; }) == "exdates");
}

TEST_CASE("a changed instance is as sound as its series, a cancelled one says nothing", "[model]") {
  Override changed;
  changed.occurrence = {day + 19h};
  CHECK(flaw_after([&](Event& e) { e.overrides = {changed}; }) == "end");
  changed.cancelled = true;
  CHECK(flaw_after([&](Event& e) { e.overrides = {changed}; }).empty());
  changed = {{day + 19h}, false, day + 20h, day + 22h, "Round\n1", "", ""};
  CHECK(flaw_after([&](Event& e) { e.overrides = {changed}; }) == "overrides");
}

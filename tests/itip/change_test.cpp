#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "calinvite/itip.hpp"

using namespace calinvite;
using namespace std::chrono_literals;

namespace {

Event event_at(std::string_view start, std::string_view timezone) {
  Event event;
  event.uid = "ci-1";
  event.organizer = "fixtures@league.example";
  event.summary = "Round 1";
  event.start = parse_iso(start)->wall;
  event.end = event.start + 2h;
  event.timezone = timezone;
  return event;
}

constexpr auto january = std::chrono::sys_days{2027y / 1 / 1};

Event weekly_event() {
  Event event = event_at("2027-03-07T18:00", "Europe/Berlin");
  event.rrule = "FREQ=WEEKLY;COUNT=10";
  return event;
}

Override moved(const Event& event, int week, std::chrono::hours by) {
  Override changed;
  changed.occurrence = {event.start + week * 7 * 24h};
  changed.start = changed.occurrence.original_start + by;
  changed.end = changed.start + 2h;
  changed.summary = event.summary;
  return changed;
}

Override cancelled(const Event& event, int week) {
  Override gone;
  gone.occurrence = {event.start + week * 7 * 24h};
  gone.cancelled = true;
  return gone;
}

Change change_between(const Event& before, const Event& after) {
  const auto change = plan_change(&before, after);
  REQUIRE(change.has_value());
  REQUIRE(change->has_value());
  return **change;
}

}  // namespace

TEST_CASE("R67: moving an event asks everybody again under the next SEQUENCE", "[itip]") {
  const Event before = event_at("2027-03-28T01:30", "Europe/Berlin");
  Event after = before;
  after.start += 2h;
  after.end += 2h;
  after.sequence = 1;
  const auto change = plan_change(&before, after);

  REQUIRE(change.has_value());
  REQUIRE(change->has_value());
  CHECK((*change)->key_change);
  CHECK((*change)->sequence == 1);
}

TEST_CASE("R67: every key change resets answers under a higher SEQUENCE", "[itip]") {
  const std::function<void(Event&)> edits[] = {[](Event& e) { e.start -= 1h; },
                                               [](Event& e) { e.end += 1h; },
                                               [](Event& e) { e.timezone = "Europe/Lisbon"; },
                                               [](Event& e) { e.rrule = "FREQ=WEEKLY;COUNT=9"; },
                                               [](Event& e) { e.exdates = {e.start + 7 * 24h}; },
                                               [](Event& e) { e.overrides = {moved(e, 1, 1h)}; },
                                               [](Event& e) { e.status = EventStatus::tentative; },
                                               [](Event& e) { e.status = EventStatus::cancelled; }};
  Event before = weekly_event();
  before.sequence = 4;
  for (const auto& edit : edits) {
    Event after = before;
    edit(after);
    const Change change = change_between(before, after);
    CHECK(change.key_change);
    CHECK(change.sequence == 5);
  }
}

TEST_CASE("R68: any other visible change raises SEQUENCE and keeps the answers", "[itip]") {
  const std::function<void(Event&)> edits[] = {
      [](Event& e) { e.summary = "Round 1, new kick-off"; },
      [](Event& e) { e.description = "Gates open at 17:00"; },
      [](Event& e) { e.location = "North Ground"; },
      [](Event& e) { e.url = "https://league.example/1"; },
      [](Event& e) { e.conference = "https://meet.example/1"; },
      [](Event& e) { e.reminder = std::chrono::minutes(0); },
      [](Event& e) { e.transparent = true; },
      [](Event& e) { e.wants_answers = false; },
      [](Event& e) { e.counters_allowed = false; }};
  const Event before = weekly_event();
  for (const auto& edit : edits) {
    Event after = before;
    edit(after);
    const Change change = change_between(before, after);
    CHECK(change.method == Method::request);
    CHECK_FALSE(change.key_change);
    CHECK(change.sequence == 1);
    CHECK(change.occurrences.empty());
  }
}

TEST_CASE("R69: SEQUENCE starts at 0, never falls and follows one that is ahead", "[itip]") {
  Event before = event_at("2027-03-28T18:00", "Europe/Berlin");
  const auto first = plan_change(nullptr, before);
  REQUIRE(first.has_value());
  CHECK((*first)->sequence == 0);

  before.sequence = 3;
  Event after = before;
  after.summary = "Round 2";
  CHECK(change_between(before, after).sequence == 4);
  after.sequence = 9;
  CHECK(change_between(before, after).sequence == 9);
  after.sequence = 2;
  const auto lower = plan_change(&before, after);
  REQUIRE_FALSE(lower.has_value());
  CHECK(lower.error().code == Code::conflict);
}

TEST_CASE("what no calendar shows is no change", "[itip]") {
  const Event before = weekly_event();
  Event after = before;
  after.landing = "https://league.example/thanks";
  after.listed = true;
  after.invite_limit = 5;
  after.source_sequence = 8;
  after.source_dtstamp += 1h;
  const auto change = plan_change(&before, after);

  REQUIRE(change.has_value());
  CHECK_FALSE(change->has_value());
}

TEST_CASE("the same rule written differently is no change", "[itip]") {
  Event before = weekly_event();
  before.rrule = "FREQ=WEEKLY;BYDAY=SU,WE;COUNT=10";
  for (const char* same : {"FREQ=WEEKLY;COUNT=10;BYDAY=WE,SU",
                           "COUNT=10;FREQ=weekly;INTERVAL=1;BYDAY=SU,WE;WKST=MO"}) {
    Event after = before;
    after.rrule = same;
    const auto change = plan_change(&before, after);
    REQUIRE(change.has_value());
    CHECK_FALSE(change->has_value());
  }
  for (const char* other :
       {"", "FREQ=WEEKLY;COUNT=10;BYDAY=WE", "FREQ=WEEKLY;COUNT=10;BYDAY=WE,SU;INTERVAL=2",
        "FREQ=WEEKLY;COUNT=11;BYDAY=WE,SU"}) {
    Event after = before;
    after.rrule = other;
    CHECK(change_between(before, after).key_change);
  }
}

TEST_CASE("R73: when only instances differ, they alone are mailed", "[itip]") {
  Event before = weekly_event();
  before.overrides = {moved(before, 1, 1h), moved(before, 2, 1h), moved(before, 3, 1h)};
  Event after = before;
  after.overrides = {moved(before, 1, 1h), moved(before, 2, 3h), cancelled(before, 4)};
  const Change change = change_between(before, after);

  CHECK(change.key_change);
  REQUIRE(change.occurrences.size() == 3);
  CHECK(change.occurrences[0].original_start == before.start + 2 * 7 * 24h);
  CHECK(change.occurrences[1].original_start == before.start + 3 * 7 * 24h);
  CHECK(change.occurrences[2].original_start == before.start + 4 * 7 * 24h);
}

TEST_CASE("R56: another link of one date is mailed alone and keeps the answers", "[itip]") {
  Event before = weekly_event();
  before.conference = "https://meet.example/series";
  before.overrides = {moved(before, 1, 1h), moved(before, 2, 1h)};
  Event after = before;
  after.overrides[1].conference = "https://meet.example/date";
  const Change change = change_between(before, after);

  CHECK_FALSE(change.key_change);
  CHECK(change.occurrences == std::vector{after.overrides[1].occurrence});
  before.overrides[0].conference = "";  // none: its link is not the series'
  CHECK(change_between(before, after).occurrences.size() == 2);
}

TEST_CASE("R56: the link of the series said of one date again is no change", "[itip]") {
  Event before = weekly_event();
  before.conference = "https://meet.example/series";
  before.overrides = {moved(before, 1, 1h)};
  Event after = before;
  after.overrides[0].conference = before.conference;
  const auto change = plan_change(&before, after);
  REQUIRE(change.has_value());
  CHECK_FALSE(change->has_value());

  after.conference = after.overrides[0].conference.emplace("https://meet.example/new");
  CHECK_FALSE(change_between(before, after).key_change);
  CHECK(change_between(before, after).occurrences.empty());
}

TEST_CASE("R73: an instance that changes together with its series is a change of the series",
          "[itip]") {
  const Event before = weekly_event();
  Event after = before;
  after.location = "North Ground";
  after.overrides = {moved(before, 1, 1h)};

  CHECK(change_between(before, after).occurrences.empty());
}

TEST_CASE("R78: another organizer, another UID or none is refused", "[itip]") {
  const Event before = weekly_event();
  Event after = before;
  after.organizer = "cup@league.example";
  const auto other_organizer = plan_change(&before, after);
  REQUIRE_FALSE(other_organizer.has_value());
  CHECK(other_organizer.error().code == Code::conflict);

  after.organizer.clear();
  const auto no_organizer = plan_change(&before, after);
  REQUIRE_FALSE(no_organizer.has_value());
  CHECK(no_organizer.error().code == Code::invalid_argument);

  after = before;
  after.uid = "ci-2";
  const auto other_uid = plan_change(&before, after);
  REQUIRE_FALSE(other_uid.has_value());
  CHECK(other_uid.error().code == Code::invalid_argument);
}

TEST_CASE("R82: cancelling is a CANCEL under the next SEQUENCE, once", "[itip]") {
  const Event before = weekly_event();
  Event after = before;
  after.status = EventStatus::cancelled;
  const Change change = change_between(before, after);
  CHECK(change.method == Method::cancel);
  CHECK(change.sequence == 1);

  Event renamed = after;
  renamed.summary = "Cancelled: round 1";
  const auto again = plan_change(&after, renamed);
  REQUIRE(again.has_value());
  CHECK_FALSE(again->has_value());
}

TEST_CASE("R73, R75: a series is mailed first, then each changed instance alone", "[itip]") {
  const ZoneTable zones;
  Event event = weekly_event();
  event.overrides = {moved(event, 1, 1h), cancelled(event, 2)};
  const auto mailings = plan_mailings(event, {Method::request, 1, true, {}}, zones, january);

  REQUIRE(mailings.size() == 2);
  CHECK(mailings[0].method == Method::request);
  CHECK_FALSE(mailings[0].occurrence);
  CHECK(mailings[0].expires == over_at(event, zones));
  CHECK(mailings[1].method == Method::request);
  CHECK(mailings[1].occurrence == event.overrides[0].occurrence);
}

TEST_CASE("R85: cancelling a series cancels its changed instances after it", "[itip]") {
  const ZoneTable zones;
  Event event = weekly_event();
  event.overrides = {moved(event, 1, 1h), cancelled(event, 2)};
  const auto mailings = plan_mailings(event, {Method::cancel, 1, true, {}}, zones, january);

  REQUIRE(mailings.size() == 2);
  CHECK(mailings[0].method == Method::cancel);
  CHECK_FALSE(mailings[0].occurrence);
  CHECK(mailings[1].method == Method::cancel);
  CHECK(mailings[1].occurrence == event.overrides[0].occurrence);
}

TEST_CASE("R75, R85: instances that are over are not mailed again", "[itip]") {
  const ZoneTable zones;
  Event event = weekly_event();
  event.overrides = {moved(event, 1, 1h), moved(event, 3, 1h)};
  const auto between = std::chrono::sys_days{2027y / 3 / 20};

  for (const Method method : {Method::request, Method::cancel}) {
    const auto mailings = plan_mailings(event, {method, 1, true, {}}, zones, between);
    REQUIRE(mailings.size() == 2);
    CHECK_FALSE(mailings[0].occurrence);
    CHECK(mailings[1].occurrence == event.overrides[1].occurrence);
  }
  const Change past{Method::request, 1, true, {event.overrides[0].occurrence}};
  CHECK(plan_mailings(event, past, zones, between).empty());
}

TEST_CASE("R86: cancelling one instance is one CANCEL that names it", "[itip]") {
  const ZoneTable zones;
  const Event before = weekly_event();
  Event after = before;
  after.overrides = {cancelled(before, 2)};
  const Change change = change_between(before, after);
  const auto mailings = plan_mailings(after, change, zones, january);

  CHECK(change.method == Method::request);
  REQUIRE(mailings.size() == 1);
  CHECK(mailings[0].method == Method::cancel);
  CHECK(mailings[0].occurrence == after.overrides[0].occurrence);
}

TEST_CASE("R86: an instance that goes back to its pattern is mailed as a REQUEST", "[itip]") {
  const ZoneTable zones;
  Event before = weekly_event();
  before.overrides = {cancelled(before, 2)};
  Event after = before;
  after.overrides.clear();
  const auto mailings = plan_mailings(after, change_between(before, after), zones, january);

  REQUIRE(mailings.size() == 1);
  CHECK(mailings[0].method == Method::request);
  CHECK(mailings[0].occurrence == before.overrides[0].occurrence);
}

TEST_CASE("a mailing expires when what it announces ends", "[itip]") {
  const ZoneTable zones;
  const Event once = event_at("2027-03-28T18:00", "Europe/Berlin");
  const auto single = plan_mailings(once, {Method::request, 0, true, {}}, zones, january);
  REQUIRE(single.size() == 1);
  CHECK(single[0].expires == std::chrono::sys_days{2027y / 3 / 28} + 18h);

  Event series = weekly_event();
  series.overrides = {moved(series, 4, 1h)};
  const Change change{Method::request, 1, true, {series.overrides[0].occurrence}};
  const auto instance = plan_mailings(series, change, zones, january);
  REQUIRE(instance.size() == 1);
  CHECK(instance[0].expires == std::chrono::sys_days{2027y / 4 / 4} + 19h);

  Event all_day = once;
  all_day.all_day = true;
  all_day.timezone.clear();
  all_day.start = std::chrono::local_days{2027y / 3 / 28};
  all_day.end = all_day.start + 24h;
  const auto dates = plan_mailings(all_day, {Method::request, 0, true, {}}, zones, january);
  REQUIRE(dates.size() == 1);
  CHECK(dates[0].expires == std::chrono::sys_days{2027y / 3 / 29} + 12h);
}

TEST_CASE("R98: a source is newer by SEQUENCE, then by DTSTAMP", "[itip]") {
  const SourceRevision known{2, std::chrono::sys_days{2027y / 1 / 2}};

  CHECK(compare_source(known, {3, known.dtstamp - 1h}) == SourceOrder::newer);
  CHECK(compare_source(known, {2, known.dtstamp + 1s}) == SourceOrder::newer);
  CHECK(compare_source(known, {2, known.dtstamp}) == SourceOrder::same);
  CHECK(compare_source(known, {2, known.dtstamp - 1s}) == SourceOrder::older);
  CHECK(compare_source(known, {1, known.dtstamp + 1h}) == SourceOrder::older);
}

TEST_CASE("R98: without DTSTAMP nothing is older at its SEQUENCE", "[itip]") {
  const SourceRevision known{2, std::chrono::sys_days{2027y / 1 / 2}};

  CHECK(compare_source(known, {2, {}}) == SourceOrder::same);
  CHECK(compare_source(known, {3, {}}) == SourceOrder::newer);
  CHECK(compare_source(known, {1, {}}) == SourceOrder::older);
}

TEST_CASE("what a source counts of a date is no change", "[itip]") {
  Event before = weekly_event();
  before.overrides = {moved(before, 2, 1h)};
  Event after = before;
  after.overrides[0].source_sequence = 5;
  after.overrides[0].source_dtstamp = january;

  const auto change = plan_change(&before, after);

  REQUIRE(change.has_value());
  CHECK_FALSE(change->has_value());
}

TEST_CASE("a series has a date far behind ten years, and none beside its rule", "[itip]") {
  Event weekly = event_at("2012-01-01T18:00", "Europe/Berlin");
  weekly.rrule = "FREQ=WEEKLY";
  weekly.exdates = {parse_iso("2027-01-10T18:00")->wall};
  const auto at = [](const char* text) { return OccurrenceId{parse_iso(text)->wall}; };

  CHECK(has_occurrence(weekly, at("2027-01-03T18:00")));
  CHECK_FALSE(has_occurrence(weekly, at("2027-01-10T18:00")));
  CHECK(makes_occurrence(weekly, at("2027-01-10T18:00")));
  CHECK_FALSE(makes_occurrence(weekly, at("2027-01-11T18:00")));
  CHECK_FALSE(makes_occurrence(weekly, at("2027-01-10T19:00")));
  CHECK_FALSE(makes_occurrence(weekly, at("2011-12-25T18:00")));
}

TEST_CASE("R75: a new pattern cancels the changed dates of the old one ahead of itself", "[itip]") {
  const ZoneTable zones;
  Event before = weekly_event();
  before.overrides = {moved(before, 1, 1h), cancelled(before, 2), moved(before, 4, 1h)};
  Event after = before;
  after.start += 1h;
  after.end += 1h;
  after.overrides.clear();
  const auto when = std::chrono::sys_days{2027y / 3 / 20};  // the first of them is over
  const auto mailings = plan_mailings(after, change_between(before, after), zones, when, &before);

  REQUIRE(mailings.size() == 2);
  CHECK(mailings[0].method == Method::cancel);
  CHECK(mailings[0].occurrence == before.overrides[2].occurrence);
  CHECK(mailings[0].expires == std::chrono::sys_days{2027y / 4 / 4} + 19h);
  CHECK(mailings[1].method == Method::request);
  CHECK_FALSE(mailings[1].occurrence);
}

TEST_CASE("R75: changed dates that a new revision still makes go back to it, the others go",
          "[itip]") {
  const ZoneTable zones;
  Event before = weekly_event();
  before.overrides = {moved(before, 1, 1h), cancelled(before, 2), moved(before, 3, 1h),
                      moved(before, 9, 1h), moved(before, 4, 1h)};
  std::swap(before.overrides[3], before.overrides[4]);
  Event after = before;
  after.rrule = "FREQ=WEEKLY;COUNT=8";
  after.exdates = {before.overrides[2].occurrence.original_start};
  after.overrides = {moved(before, 4, 1h)};
  const auto mailings =
      plan_mailings(after, change_between(before, after), zones, january, &before);

  std::vector<std::pair<Method, std::optional<OccurrenceId>>> planned;
  for (const auto& mailing : mailings) planned.emplace_back(mailing.method, mailing.occurrence);
  const auto date = [&](int week) { return OccurrenceId{before.start + week * 7 * 24h}; };
  const decltype(planned) expected{{Method::cancel, date(3)},  {Method::cancel, date(9)},
                                   {Method::request, {}},      {Method::request, date(4)},
                                   {Method::request, date(1)}, {Method::request, date(2)}};
  CHECK(planned == expected);
}

TEST_CASE("R74, R75: a date of another zone is named by the same instant", "[itip]") {
  const ZoneTable zones;
  Event before = weekly_event();
  before.overrides = {moved(before, 1, 1h)};
  Event after = before;
  after.timezone = "Europe/London";
  after.overrides.clear();
  auto mailings = plan_mailings(after, change_between(before, after), zones, january, &before);
  REQUIRE(mailings.size() == 2);
  CHECK(mailings[0].method == Method::cancel);
  CHECK(mailings[0].occurrence->original_start == before.start + 7 * 24h - 1h);

  after = before;
  after.all_day = true;
  after.timezone.clear();
  after.start = std::chrono::floor<std::chrono::days>(before.start) + 24h;
  after.end = after.start + 24h;
  after.overrides.clear();
  mailings = plan_mailings(after, change_between(before, after), zones, january, &before);
  REQUIRE(mailings.size() == 2);
  CHECK(mailings[0].occurrence->original_start == std::chrono::local_days{2027y / 3 / 14});
}

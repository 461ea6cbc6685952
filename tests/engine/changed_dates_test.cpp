/// What the mails about single dates of a series say (interop.md 3), from change to bytes.
#include "season.hpp"

using namespace league;

TEST_CASE("R70: so is each message about one date", "[engine]") {
  Season season(weekly);
  std::vector<std::pair<int, std::string>> order;
  const auto note = [&](const std::vector<OutgoingMessage>& mails) {
    for (const auto& message : mails) {
      if (about(message) != "REQUEST") order.push_back(order_of(message));
    }
  };
  note(season.change([](Event& e) { e.overrides = {moved(e, 1, 1h)}; }));
  note(season.resend());
  note(season.resend());
  note(season.change([](Event& e) { e.overrides[0].cancelled = true; }));

  REQUIRE(order.size() == 4);
  for (std::size_t i = 1; i < order.size(); ++i) CHECK(order[i - 1] < order[i]);
}

TEST_CASE("R72, R75: after a minor change a changed date is told with the answer to it",
          "[engine]") {
  Season season(weekly);
  season.answer(season.first, "ACCEPTED");
  const auto date = season.change([](Event& e) { e.overrides = {moved(e, 1, 1h)}; });
  REQUIRE(about(date) == Mails{"REQUEST 20270515T150000"});
  CHECK(line_of(date[0], "ATTENDEE").find("PARTSTAT=NEEDS-ACTION;RSVP=TRUE") != std::string::npos);

  const auto before = season.change([](Event& e) { e.location = "Hill Ground"; });
  REQUIRE(about(before) == Mails{"REQUEST", "REQUEST 20270515T150000"});
  CHECK(line_of(before[0], "ATTENDEE").find("PARTSTAT=ACCEPTED;CN") != std::string::npos);
  CHECK(line_of(before[1], "ATTENDEE").find("NEEDS-ACTION;RSVP=TRUE") != std::string::npos);

  season.answer(before[1], "TENTATIVE", "RECURRENCE-ID;TZID=Europe/London:20270515T150000\r\n");
  const auto after = season.change([](Event& e) { e.location = "Harbour Ground"; });
  REQUIRE(about(after) == Mails{"REQUEST", "REQUEST 20270515T150000"});
  CHECK(line_of(after[0], "ATTENDEE").find("PARTSTAT=ACCEPTED;CN") != std::string::npos);
  CHECK(line_of(after[1], "ATTENDEE").find("PARTSTAT=TENTATIVE;CN") != std::string::npos);
}

TEST_CASE("R73: a changed date travels alone, without the rule of its series", "[engine]") {
  Season season(weekly);
  const auto mails = season.change([](Event& e) {
    e.exdates = {e.start + 4 * 7 * 24h};
    e.overrides = {moved(e, 1, 1h), moved(e, 2, 2h)};
  });

  REQUIRE(about(mails) == Mails{"REQUEST", "REQUEST 20270515T150000", "REQUEST 20270522T150000"});
  for (const auto& message : mails) {
    CHECK(League::property(message, "UID") == League::property(season.first, "UID"));
    const auto lines = lines_of(message);
    CHECK(std::count(lines.begin(), lines.end(), "BEGIN:VEVENT") == 1);
  }
  CHECK(line_of(mails[0], "RRULE") == "RRULE:" + weekly);
  CHECK(line_of(mails[1], "RRULE").empty());
  CHECK(line_of(mails[1], "EXDATE").empty());
}

TEST_CASE("R74: RECURRENCE-ID is the original start in the form of the series' DTSTART",
          "[engine]") {
  SECTION("in a zone") {
    Season season(weekly);
    const auto mails = season.change([](Event& e) { e.overrides = {moved(e, 1, 3h)}; });
    REQUIRE(mails.size() == 1);
    CHECK(line_of(season.first, "DTSTART") == "DTSTART;TZID=Europe/London:20270508T150000");
    CHECK(line_of(mails[0], "RECURRENCE-ID") == "RECURRENCE-ID;TZID=Europe/London:20270515T150000");
    CHECK(line_of(mails[0], "DTSTART") == "DTSTART;TZID=Europe/London:20270515T180000");
    // Moved once more, it is still named by where the rule put it.
    const auto again = season.change([](Event& e) { e.overrides = {moved(e, 1, 5h)}; });
    CHECK(line_of(again.at(0), "RECURRENCE-ID") == line_of(mails[0], "RECURRENCE-ID"));
  }
  SECTION("in UTC") {
    Season season(weekly, "UTC");
    const auto mails = season.change([](Event& e) { e.overrides = {moved(e, 1, 3h)}; });
    CHECK(line_of(mails.at(0), "RECURRENCE-ID") == "RECURRENCE-ID:20270515T150000Z");
  }
  SECTION("as a date") {
    Season season(weekly, "");
    const auto mails = season.change([](Event& e) { e.overrides = {moved(e, 1, 48h)}; });
    CHECK(line_of(mails.at(0), "RECURRENCE-ID") == "RECURRENCE-ID;VALUE=DATE:20270515");
    CHECK(line_of(mails.at(0), "DTSTART") == "DTSTART;VALUE=DATE:20270517");
  }
}

TEST_CASE("R75: a new pattern cancels the changed dates that are to come, and forgets them",
          "[engine]") {
  Season season(weekly);
  season.change([](Event& e) {
    e.overrides = {moved(e, 0, 1h), moved(e, 1, 1h), moved(e, 2, 1h)};
    e.overrides[2].cancelled = true;
  });
  season.now = std::chrono::sys_days{std::chrono::year{2027} / 5 / 10};

  const auto mails = season.change([](Event& e) { e.start += 1h, e.end += 1h; });

  CHECK(about(mails) == Mails{"CANCEL 20270515T150000", "REQUEST"});
  CHECK(season.event().overrides.empty());
  CHECK(order_of(mails.at(0)).first == order_of(mails.at(1)).first);
  const auto later = season.change([](Event& e) { e.location = "Hill Ground"; });
  CHECK(about(later) == Mails{"REQUEST"});
}

TEST_CASE("R75: so it does when the organizer's calendar sends the series alone", "[engine]") {
  League league;
  const std::string rule = "RRULE:FREQ=WEEKLY;COUNT=5\r\n";
  const auto uid = league
                       .ingest(request("w", 0, "20270601T193000", "20270601T213000", kOrganizer,
                                       "REQUEST", rule),
                               "a.ics")
                       .at(0)
                       .event;
  league.invite(uid, {kFan});
  league.dispatch();
  league.ingest(request("w", 1, "20270609T193000", "20270609T213000", kOrganizer, "REQUEST",
                        "RECURRENCE-ID;TZID=Europe/Berlin:20270608T193000\r\n"),
                "b.ics");
  league.dispatch();
  league.ingest(request("w", 2, "20270603T193000", "20270603T213000", kOrganizer, "REQUEST", rule),
                "c.ics");
  league.dispatch();

  CHECK(about(league.sent) == Mails{"CANCEL 20270608T193000", "REQUEST"});
  CHECK(line_of(league.sent.at(0), "RECURRENCE-ID") ==
        "RECURRENCE-ID;TZID=Europe/Berlin:20270608T193000");
  CHECK(line_of(league.sent.at(1), "DTSTART") == "DTSTART;TZID=Europe/Berlin:20270603T193000");
}

TEST_CASE("R75: a changed date that the series makes again goes back to it in a mail of its own",
          "[engine]") {
  Season season(weekly);
  season.change([](Event& e) { e.overrides = {moved(e, 1, 1h), moved(e, 2, 1h)}; });

  const auto mails = season.change([](Event& e) {
    e.location = "Hill Ground";
    e.overrides = {moved(e, 2, 1h)};
  });

  REQUIRE(about(mails) == Mails{"REQUEST", "REQUEST 20270522T150000", "REQUEST 20270515T150000"});
  CHECK(line_of(mails[2], "DTSTART") == "DTSTART;TZID=Europe/London:20270515T150000");
}

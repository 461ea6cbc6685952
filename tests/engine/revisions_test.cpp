/// Which of several words about a series and its dates count, in whatever order they come.
#include "league.hpp"

using namespace league;

namespace {

/// A part of the series "season", Tuesdays 19:30 in London from 2027-06-01.
struct Part {
  std::string date;     ///< RECURRENCE-ID, a day such as 0608; empty: the series
  int sequence = -1;    ///< none
  std::string dtstamp;  ///< empty: none
  std::string hour = "19";
  std::string more = {};
};

std::string write(const Part& part) {
  const std::string day = part.date.empty() ? "0601" : part.date;
  const auto local = [&](const std::string& name, const std::string& hour) {
    return name + ";TZID=Europe/London:2027" + day + "T" + hour + "3000\r\n";
  };
  std::string text = "BEGIN:VEVENT\r\nUID:season\r\nSUMMARY:Training\r\n";
  text += local("DTSTART", part.hour) + "DURATION:PT1H\r\n";
  text += part.date.empty() ? "RRULE:FREQ=WEEKLY;COUNT=5\r\n" : local("RECURRENCE-ID", "19");
  if (part.sequence >= 0) text += "SEQUENCE:" + std::to_string(part.sequence) + "\r\n";
  if (!part.dtstamp.empty()) text += "DTSTAMP:" + part.dtstamp + "\r\n";
  return text + part.more + "END:VEVENT\r\n";
}

std::string stamp(int hour) {
  return "20270101T" + std::string(hour < 10 ? "0" : "") + std::to_string(hour) + "0000Z";
}

struct Season : League {
  IngestItem take(const std::vector<Part>& parts, const std::string& method = "REQUEST") {
    std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:" + method + "\r\n";
    for (const Part& part : parts) text += write(part);
    const auto items = ingest(text + "END:VCALENDAR\r\n", "season.ics");
    REQUIRE(items.size() == 1);
    if (!items[0].event.empty()) uid = items[0].event;
    return items[0];
  }

  /// The dates that differ from the series, such as "0608T21:30 0615 off".
  std::string changed_dates() {
    std::string all;
    const auto event = engine->get_event(kScope, uid);
    for (const Override& changed : event->overrides) {
      if (!all.empty()) all += ' ';
      const auto date = format_iso(changed.occurrence.original_start);
      all += date.substr(5, 2) + date.substr(8, 2);
      all += changed.cancelled ? " off" : format_iso(changed.start).substr(10, 6);
    }
    return all;
  }

  std::string uid;
};

}  // namespace

TEST_CASE("R98: the series and each of its dates are as new as they say themselves", "[engine]") {
  Season season;
  season.take({{"", 0, stamp(1)}});

  SECTION("a series below the SEQUENCE of a date is still newer than the series before") {
    season.take({{"0608", 3, stamp(2), "21"}});
    const auto moved = season.take({{"", 1, stamp(3), "19", "LOCATION:Hall\r\n"}});

    CHECK(moved.outcome == IngestOutcome::updated);
    CHECK(season.engine->get_event(kScope, season.uid)->location == "Hall");
    CHECK(season.changed_dates() == "0608T21:30");
  }
  SECTION("a date that was changed first may come last") {
    season.take({{"0615", 0, stamp(3), "21"}});

    CHECK(season.take({{"0608", 0, stamp(2), "20"}}).outcome == IngestOutcome::updated);
    CHECK(season.changed_dates() == "0608T20:30 0615T21:30");
  }
  SECTION("so may the cancellation of a date") {
    season.take({{"0615", 0, stamp(3), "21"}});

    CHECK(season.take({{"0608", 0, stamp(2)}}, "CANCEL").outcome == IngestOutcome::updated);
    CHECK(season.changed_dates() == "0608 off 0615T21:30");
  }
  SECTION("an older word about a date beside a newer one about the series changes no date") {
    season.take({{"0608", 2, stamp(2), "21"}});

    CHECK(season.take({{"", 3, stamp(3), "19", "LOCATION:Hall\r\n"}, {"0608", 1, stamp(3), "20"}})
              .outcome == IngestOutcome::updated);
    CHECK(season.changed_dates() == "0608T21:30");
  }
  SECTION("a date beside a newer series counts whatever its SEQUENCE") {
    CHECK(season.take({{"", 4, stamp(3)}, {"0608", 0, stamp(3), "20"}}).outcome ==
          IngestOutcome::updated);
    CHECK(season.changed_dates() == "0608T20:30");
  }
  SECTION("an older word about a date is known as such when a newer one only repeated it") {
    season.take({{"0608", 1, stamp(2), "21"}});
    season.take({{"0608", 2, stamp(4), "21"}});

    const auto late = season.take({{"0608", 1, stamp(3), "20"}});

    CHECK(late.outcome == IngestOutcome::already_seen);
    CHECK(season.changed_dates() == "0608T21:30");
  }
}

TEST_CASE("R98: without DTSTAMP what comes last counts, and a repetition is none", "[engine]") {
  Season season;
  season.take({{"", 0, stamp(1)}});

  SECTION("an update") {
    const Part update{"", 0, "", "19", "LOCATION:Hall\r\n"};

    CHECK(season.take({update}).outcome == IngestOutcome::updated);
    CHECK(season.take({update}).outcome == IngestOutcome::already_seen);
    CHECK(season.engine->get_event(kScope, season.uid)->location == "Hall");
  }
  SECTION("a cancellation, also without SEQUENCE") {
    season.take({{"", 3, stamp(2)}});

    CHECK(season.take({{"", -1, ""}}, "CANCEL").outcome == IngestOutcome::cancelled);
    CHECK(season.take({{"", -1, ""}}, "CANCEL").outcome == IngestOutcome::already_seen);
    CHECK(season.engine->get_event(kScope, season.uid)->status == EventStatus::cancelled);
  }
  SECTION("a lower SEQUENCE stays older") {
    season.take({{"", 3, stamp(2)}});

    CHECK(season.take({{"", 1, "", "20"}}).outcome == IngestOutcome::already_seen);
  }
}

TEST_CASE("R92: changed dates that a newer series leaves out go back to it", "[engine]") {
  Season season;
  season.take({{"", 1, stamp(1)}, {"0608", 1, stamp(1), "20"}, {"0615", 1, stamp(1), "21"}});
  REQUIRE(season.changed_dates() == "0608T20:30 0615T21:30");

  SECTION("when it names others") {
    const auto item = season.take({{"", 2, stamp(2)}, {"0615", 2, stamp(2), "21"}});

    CHECK(item.outcome == IngestOutcome::updated);
    CHECK(season.changed_dates() == "0615T21:30");
  }
  SECTION("but not when it comes alone") {
    season.take({{"", 2, stamp(2), "19", "LOCATION:Hall\r\n"}});

    CHECK(season.changed_dates() == "0608T20:30 0615T21:30");
  }
  SECTION("nor those that were changed after it was written") {
    season.take({{"0608", 2, stamp(5), "22"}});
    season.take({{"", 2, stamp(3)}, {"0615", 2, stamp(3), "20"}});

    CHECK(season.changed_dates() == "0608T22:30 0615T20:30");
  }
}

TEST_CASE("R92: of several parts about the same the newest counts, wherever it stands",
          "[engine]") {
  Season season;
  const Part old{"", 1, stamp(1), "19", "LOCATION:Yard\r\n"};
  const Part newest{"", 2, stamp(1), "19", "LOCATION:Hall\r\n"};
  const Part of_date_old{"0608", 2, stamp(1), "20"};
  const Part of_date_new{"0608", 2, stamp(2), "21"};

  season.take({old, of_date_new, newest, of_date_old});

  CHECK(season.engine->get_event(kScope, season.uid)->location == "Hall");
  CHECK(season.changed_dates() == "0608T21:30");
  CHECK(season.take({newest, old, of_date_old, of_date_new}).outcome ==
        IngestOutcome::already_seen);
}

TEST_CASE("a date that the series doesn't have is refused by name and mailed to nobody",
          "[engine]") {
  Season season;
  season.take({{"", 0, stamp(1), "19", "EXDATE;TZID=Europe/London:20270622T193000\r\n"}});
  season.invite(season.uid, {"a@example.com"});
  season.dispatch();

  for (const auto& [method, more] : std::map<std::string, std::string>{
           {"CANCEL", ""}, {"REQUEST", ""}, {"PUBLISH", "STATUS:CANCELLED\r\n"}}) {
    const auto item = season.take({{"0609", 1, stamp(2), "20", more}}, method);
    CHECK(item.outcome == IngestOutcome::refused);
    CHECK(item.place.field == "RECURRENCE-ID");
    CHECK(item.place.line == 4);
    CHECK(item.reason.find("2027-06-09T19:30:00") != std::string::npos);
  }
  CHECK(season.take({{"0622", 1, stamp(2)}}, "CANCEL").outcome == IngestOutcome::already_seen);
  CHECK(season.changed_dates().empty());
  season.dispatch();
  CHECK(season.sent.empty());
}

#include <catch2/catch.hpp>

#include "league.hpp"

using namespace league;

namespace {

std::string vevent(const std::string& uid, const std::string& lines) {
  return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20270101T000000Z\r\nSUMMARY:Match\r\n" +
         lines + "END:VEVENT\r\n";
}

std::string file_of(const std::string& events, const std::string& head = "METHOD:PUBLISH\r\n") {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + head + events + "END:VCALENDAR\r\n";
}

const std::string when =
    "DTSTART;TZID=Europe/London:20270601T193000\r\nDTEND;TZID=Europe/London:20270601T213000\r\n";

/// So long that it is read as it comes.
std::string long_file(std::size_t events, const std::string& head = "METHOD:PUBLISH\r\n") {
  std::string text;
  for (std::size_t i = 0; i < events; ++i) {
    text += vevent("long-" + std::to_string(i), when + "DESCRIPTION:" + std::string(60, 'x') +
                                                    "\r\n " + std::string(900, 'y') + "\r\n");
  }
  return file_of(text, head);
}

}  // namespace

TEST_CASE("regression D9: what can't be sent on is refused with its part named, not flattened",
          "[engine]") {
  League league;
  const auto refused = [&](const std::string& lines) {
    const auto items = league.ingest(file_of(vevent("part", when + lines)), "parts.ics");
    REQUIRE(items.size() == 1);
    CHECK(items[0].outcome == IngestOutcome::refused);
    CHECK(items[0].place.line >= 4);
    return items[0].place.field + " " + items[0].reason;
  };

  CHECK(refused("RDATE;TZID=Europe/London:20270608T193000\r\n").starts_with("RDATE RDATE"));
  CHECK(refused("RRULE:FREQ=YEARLY;BYYEARDAY=100\r\n").find("BYYEARDAY") != std::string::npos);
  CHECK(refused("EXRULE:FREQ=DAILY\r\n").find("EXRULE") != std::string::npos);
  CHECK(refused("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20270601T193000\r\n")
            .find("THISANDFUTURE") != std::string::npos);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());
}

TEST_CASE("R62: RDATE without RRULE is refused at create with its part named", "[engine]") {
  League league;
  const auto items = league.ingest(
      file_of(vevent("dates", when + "RDATE;TZID=Europe/London:20270608T193000\r\n")), "dates.ics");
  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::refused);
  CHECK(items[0].code == Code::unsupported);
  CHECK(items[0].place.field == "RDATE");
  CHECK(items[0].reason.find("expected an RRULE") != std::string::npos);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());
}

TEST_CASE("R39: an event whose end is no later where clocks go forward is refused at create",
          "[engine]") {
  League league;
  Event event;
  event.organizer = kOrganizer;
  event.summary = "Night match";
  event.timezone = "Europe/Berlin";
  event.start = parse_iso("2027-03-28T02:30")->wall;
  event.end = parse_iso("2027-03-28T03:00")->wall;
  const auto refused = league.engine->create_event(kScope, event);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().place.field == "end");
  event.end = parse_iso("2027-03-28T04:00")->wall;
  CHECK(league.engine->create_event(kScope, event));
}

TEST_CASE("R53, R54, R56: what an invitation says of link, reminder and free time is kept",
          "[engine]") {
  League league;
  const std::string said =
      "SEQUENCE:0\r\nCONFERENCE;FEATURE=VIDEO:https://meet.example/1\r\nTRANSP:TRANSPARENT\r\n"
      "X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n"
      "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n";
  const auto created = league.ingest(file_of(vevent("online", when + said)), "online.ics");
  REQUIRE(created.size() == 1);
  REQUIRE(created[0].outcome == IngestOutcome::created);
  const auto event = league.engine->get_event(kScope, created[0].event);
  REQUIRE(event);
  CHECK(event->conference == "https://meet.example/1");
  CHECK(event->reminder == std::chrono::minutes(15));
  CHECK(event->transparent);
  CHECK_FALSE(event->counters_allowed);
  CHECK(event->wants_answers);
  CHECK(league.ingest(file_of(vevent("online", when + said)), "again.ics").at(0).outcome ==
        IngestOutcome::already_seen);

  // Whether answers are wanted is said to us alone: a later word of the calendar keeps it.
  Event quiet = *event;
  quiet.wants_answers = false;
  REQUIRE(league.engine->update_event(kScope, quiet));
  const auto updated = league.ingest(
      file_of(vevent("online", when + "SEQUENCE:5\r\nLOCATION:Hall\r\n")), "later.ics");
  REQUIRE(updated.at(0).outcome == IngestOutcome::updated);
  const auto later = league.engine->get_event(kScope, created[0].event);
  CHECK_FALSE(later->wants_answers);
  CHECK(later->conference.empty());
  CHECK_FALSE(later->reminder);
  CHECK_FALSE(later->transparent);
  CHECK(later->counters_allowed);
}

TEST_CASE("R56: a changed date in a calendar brings the link of its own", "[engine]") {
  League league;
  const std::string date =
      "RECURRENCE-ID;TZID=Europe/London:20270608T193000\r\n"
      "DTSTART;TZID=Europe/London:20270608T203000\r\n"
      "DTEND;TZID=Europe/London:20270608T213000\r\n";
  const auto series = [&](const std::string& link, const std::string& link_of_date) {
    return file_of(vevent("weekly", when + "RRULE:FREQ=WEEKLY;COUNT=4\r\n" + link) +
                   vevent("weekly", date + link_of_date));
  };
  const std::string series_link = "X-GOOGLE-CONFERENCE:https://meet.example/series\r\n";
  const std::string own_link = "X-GOOGLE-CONFERENCE:https://meet.example/own\r\n";
  const auto uid = league.ingest(series(series_link, own_link), "own.ics").at(0).event;
  CHECK(league.engine->get_event(kScope, uid)->overrides.at(0).conference ==
        "https://meet.example/own");
  league.invite(uid, {"fan@example.com"});
  league.dispatch();
  REQUIRE(league.sent.size() == 2);
  CHECK(League::property(league.sent[0], "CONFERENCE") == "https://meet.example/series");
  CHECK(League::property(league.sent[1], "CONFERENCE") == "https://meet.example/own");

  // Without a link its VEVENT says that there is none, whatever the series has.
  const auto items = league.ingest(series(series_link, ""), "none.ics");
  CHECK(items.at(0).outcome == IngestOutcome::updated);
  league.dispatch();
  REQUIRE(league.sent.size() == 1);
  CHECK(League::property(league.sent[0], "RECURRENCE-ID") == "20270608T193000");
  CHECK(League::property(league.sent[0], "CONFERENCE").empty());
}

TEST_CASE("what no list has a column for outlives the rows of a list", "[engine]") {
  League league;
  Event event;
  event.organizer = kOrganizer;
  event.source_uid = "row-1";
  event.summary = "Match";
  event.timezone = "Europe/Berlin";
  event.start = parse_iso("2027-06-01T19:30")->wall;
  event.end = parse_iso("2027-06-01T21:30")->wall;
  event.conference = "https://meet.example/1";
  event.reminder = std::chrono::minutes(30);
  event.transparent = true;
  event.wants_answers = event.counters_allowed = false;
  const auto stored = league.engine->create_event(kScope, event);
  REQUIRE(stored);
  const auto items = league.ingest(
      "command,uid,summary,start,end,timezone\n"
      "update,row-1,Derby,2027-06-01T19:30,2027-06-01T21:30,Europe/Berlin\n",
      "rows.csv");
  REQUIRE(items.at(0).outcome == IngestOutcome::updated);
  const auto later = league.engine->get_event(kScope, stored->uid);
  CHECK(later->summary == "Derby");
  CHECK(later->conference == event.conference);
  CHECK(later->reminder == event.reminder);
  CHECK(later->transparent);
  CHECK_FALSE(later->wants_answers);
  CHECK_FALSE(later->counters_allowed);
}

TEST_CASE("a floating time needs the zone that is given with the file", "[engine]") {
  League league;
  const std::string text = file_of(vevent("floating", "DTSTART:20270601T193000\r\n"));
  const auto refused = league.ingest(text, "floating.ics");
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].outcome == IngestOutcome::refused);
  CHECK(refused[0].place.field == "DTSTART");

  std::vector<IngestItem> items;
  const IngestInput input{.bytes = text,
                          .source = "floating.ics",
                          .authentication = {true, kOrganizer, "test"},
                          .timezone = "Europe/Berlin"};
  REQUIRE(league.engine->ingest(input, [&](const IngestItem& item) { items.push_back(item); }));
  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::created);
  const auto event = league.engine->get_event(kScope, items[0].event);
  CHECK(event->timezone == "Europe/Berlin");
  CHECK(format_iso(event->start) == "2027-06-01T19:30:00");
}

TEST_CASE("R95: Exchange's names without VTIMEZONE land right on both sides of a DST change",
          "[engine]") {
  League league;
  const auto items = league.ingest(
      file_of(vevent("series",
                     "DTSTART;TZID=\"W. Europe Standard Time\":20270320T193000\r\n"
                     "DTEND;TZID=\"W. Europe Standard Time\":20270320T213000\r\n"
                     "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=SA\r\n") +
                  vevent("before", "DTSTART;TZID=Eastern Standard Time:20270313T120000\r\n") +
                  vevent("after", "DTSTART;TZID=Eastern Standard Time:20270314T120000\r\n"),
              "METHOD:REQUEST\r\n"),
      "exchange.ics");
  REQUIRE(items.size() == 3);
  const ZoneTable zones;
  const auto instants = [&](std::size_t item) {
    const Event event = league.engine->get_event(kScope, items[item].event).value();
    const Zone zone = zones.find(event.timezone).value();
    std::string all;
    const auto walls = expand_rrule(event.rrule, event.start, {}, 10).value();
    for (const auto wall : walls) {
      all += format_iso(zone.to_instant(wall)) + ' ';
    }
    return all;
  };

  CHECK(instants(0) == "2027-03-20T18:30:00Z 2027-03-27T18:30:00Z 2027-04-03T17:30:00Z ");
  CHECK(instants(1) == "2027-03-13T17:00:00Z ");
  CHECK(instants(2) == "2027-03-14T16:00:00Z ");
}

TEST_CASE("a long calendar file is applied as it is read, and again changes nothing", "[engine]") {
  League league;
  const std::string text = long_file(1200);
  REQUIRE(text.size() > 1024 * 1024);
  const auto outcomes = [&] {
    std::map<IngestOutcome, int> counts;
    for (const IngestItem& item : league.ingest(text, "season.ics")) ++counts[item.outcome];
    return counts;
  };

  CHECK(outcomes() == std::map<IngestOutcome, int>{{IngestOutcome::created, 1200}});
  CHECK(outcomes() == std::map<IngestOutcome, int>{{IngestOutcome::already_seen, 1200}});
}

TEST_CASE("changed dates of a long file count beside their series and far behind it", "[engine]") {
  League league;
  const std::string series = when + "RRULE:FREQ=DAILY;COUNT=5\r\n";
  const auto changed = [](const std::string& day) {
    return vevent("series", "RECURRENCE-ID;TZID=Europe/London:202706" + day +
                                "T193000\r\nDTSTART;TZID=Europe/London:202706" + day +
                                "T200000\r\nDTEND;TZID=Europe/London:202706" + day +
                                "T220000\r\nSEQUENCE:1\r\n");
  };
  std::string text = long_file(1200);
  text.insert(text.find("BEGIN:VEVENT"), vevent("series", series) + changed("02"));
  text.insert(text.find("END:VCALENDAR"), changed("03"));
  const auto items = league.ingest(text, "season.ics");

  REQUIRE(items.size() == 1202);
  CHECK(items.front().outcome == IngestOutcome::created);
  CHECK(items.back().outcome == IngestOutcome::updated);
  const auto event = league.engine->get_event(kScope, items.front().event);
  REQUIRE(event->overrides.size() == 2);
  CHECK(format_iso(event->overrides[1].start) == "2027-06-03T20:00:00");
}

TEST_CASE("a long calendar file that nobody vouches for is quarantined whole", "[engine]") {
  League league;
  const std::string text = long_file(1200);
  const auto items = league.ingest(text, "season.ics", "");
  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::quarantined);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());
  const auto kept = league.engine->list_quarantine(kScope, {});
  REQUIRE(kept->items.size() == 1);
  CHECK(league.engine->get_quarantined(kScope, kept->items[0].id)->raw.size() == text.size());
}

TEST_CASE("what a long file says before its fault stays good", "[engine]") {
  League league;
  std::string text = long_file(1200);
  text.insert(text.find("END:VCALENDAR"), "X-BOMB:" + std::string(70000, 'x') + "\r\n");
  const auto items = league.ingest(text, "season.ics");

  REQUIRE(items.size() == 1201);
  CHECK(items.front().outcome == IngestOutcome::created);
  CHECK(items.back().outcome == IngestOutcome::refused);
  CHECK(items.back().place.line > 7000);
}

TEST_CASE("a long file without METHOD is published, unless its end says otherwise", "[engine]") {
  League league;
  const std::string plain = long_file(1200, "");
  std::string cancelling = plain;
  cancelling.insert(cancelling.find("END:VCALENDAR"), "METHOD:CANCEL\r\n");
  const auto items = league.ingest(cancelling, "season.ics");
  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::refused);
  CHECK(items[0].reason == "METHOD stands behind the first VEVENT; expected it before all of them");
  CHECK(items[0].place.line > 7000);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());

  CHECK(league.ingest(plain, "season.ics").size() == 1200);
}

TEST_CASE("what a pipe brings of a long file is not created when its end cancels it", "[engine]") {
  League league;
  std::string text = long_file(1200, "");
  text.insert(text.find("END:VCALENDAR"), "METHOD:CANCEL\r\n");
  std::string_view rest = text;
  IngestInput input{.source = "season.ics", .authentication = {true, kOrganizer, "test"}};
  input.read = [&]() -> Result<std::string_view> {
    const auto piece = rest.substr(0, 100'000);
    rest.remove_prefix(piece.size());
    return piece;
  };
  std::vector<IngestItem> items;
  REQUIRE(league.engine->ingest(input, [&](const auto& item) { items.push_back(item); }));

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::refused);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());
}

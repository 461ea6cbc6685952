#include <calinvite/csv.hpp>

#include "league.hpp"

using namespace league;

namespace {

/// Feeds `bytes` to the engine in pieces of `size`.
std::vector<IngestItem> ingest_pieces(League& league, std::string bytes, std::size_t size,
                                      const std::string& source) {
  std::vector<IngestItem> items;
  std::string piece;
  std::size_t at = 0;
  IngestInput input{.source = source, .authentication = {true, kOrganizer, "test"}};
  input.read = [&]() -> Result<std::string_view> {
    piece = bytes.substr(at, size);
    at += piece.size();
    return piece;
  };
  const auto done = league.engine->ingest(input, [&](const auto& item) { items.push_back(item); });
  if (!done) FAIL(to_string(done.error()));
  return items;
}

const std::string kList =
    "uid,summary,start,end,timezone\r\n"
    "fix-1,Round 1,2027-05-01T15:00,2027-05-01T17:00,Europe/London\r\n"
    "fix-2,Round 2,2027-05-08T15:00,2027-05-08T17:00,Europe/London\r\n";

}  // namespace

TEST_CASE("an input that is read piece by piece is taken as one in memory", "[engine]") {
  League league;
  const auto invitation =
      mail(kOrganizer, request("derby-1", 0, "20270601T193000", "20270601T213000"));
  for (const std::size_t size : {1, 10, 100000}) {
    const auto rows = ingest_pieces(league, kList, size, "season.csv");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].outcome == (size == 1 ? IngestOutcome::created : IngestOutcome::already_seen));
    const auto mailed = ingest_pieces(league, invitation, size, "derby.eml");
    REQUIRE(mailed.size() == 1);
    CHECK(mailed[0].outcome == rows[0].outcome);
  }
  CHECK(league.engine->list_events(kScope, {}, {})->items.size() == 3);
}

TEST_CASE("an input that can't be read to its end says so", "[engine]") {
  League league;
  bool begun = false;
  IngestInput input{.source = "season.csv", .authentication = {true, kOrganizer, "test"}};
  input.read = [&]() -> Result<std::string_view> {
    if (std::exchange(begun, true)) return fail(Code::unavailable, "the pipe broke");
    return "uid,summary,start\n";
  };
  const auto done = league.engine->ingest(input, [](const auto&) {});

  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::unavailable);
}

TEST_CASE("an older list does not undo what a newer one changed", "[engine]") {
  League league;
  const auto take = [&](const std::string& start, int written) {
    std::vector<IngestItem> items;
    const std::string bytes = "uid,summary,start,end,timezone\nfix-1,Round 1,2027-05-01T" + start +
                              ",2027-05-01T23:00,Europe/London\n";
    IngestInput input{.bytes = bytes,
                      .source = "season.csv",
                      .authentication = {true, kOrganizer, "test"},
                      .written = std::chrono::sys_seconds(std::chrono::seconds(written))};
    REQUIRE(league.engine->ingest(input, [&](const auto& item) { items.push_back(item); }));
    REQUIRE(items.size() == 1);
    return items[0];
  };
  CHECK(take("15:00", 1000).outcome == IngestOutcome::created);
  CHECK(take("16:00", 2000).outcome == IngestOutcome::updated);
  const auto old = take("15:00", 1000);
  CHECK(old.outcome == IngestOutcome::already_seen);
  CHECK(old.reason == "older than what was applied");
  CHECK(take("16:00", 2000).reason.empty());
  CHECK(take("15:00", 3000).outcome == IngestOutcome::updated);
  CHECK(take("16:00", 0).outcome == IngestOutcome::updated);
}

TEST_CASE("a row changes an event that came with a SEQUENCE of its client", "[engine]") {
  League league;
  league.ingest(mail(kOrganizer, request("derby-1", 4, "20270601T193000", "20270601T213000")),
                "derby.eml");
  const auto items = league.ingest(
      "uid,summary,start,end,timezone\n"
      "derby-1,Derby,2027-06-02T19:30,2027-06-02T21:30,Europe/Berlin\n",
      "season.csv");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::updated);
}

TEST_CASE("the encoding that a list was read in is remarked once", "[engine]") {
  League league;
  const std::string list = "uid,summary,start\n1,K\xf6ln,2027-05-01\n2,Mainz,2027-05-02\n";
  const auto items = league.ingest(list, "season.csv");

  REQUIRE(items.size() == 2);
  CHECK(items[0].reason == "line 2: the list was read as Windows-1252, not UTF-8");
  CHECK(items[1].reason.empty());
  CHECK(league.engine->get_event(kScope, items[0].event)->summary == "Köln");
}

TEST_CASE("numeric dates of a list are read in the order that was asked for", "[engine]") {
  League league;
  IngestInput input{.bytes = "uid,summary,start\n1,Round 1,05/06/2027\n",
                    .source = "season.csv",
                    .authentication = {true, kOrganizer, "test"},
                    .date_order = DateOrder::dmy};
  std::vector<IngestItem> items;
  REQUIRE(league.engine->ingest(input, [&](const auto& item) { items.push_back(item); }));
  REQUIRE(items.size() == 1);
  CHECK(format_iso(league.engine->get_event(kScope, items[0].event)->start, true) == "2027-06-05");
}

TEST_CASE("a list of people invites each to the event that their row names", "[engine]") {
  League league;
  league.ingest(kList, "season.csv");
  const std::string people =
      "uid,email,name\nfix-1,fan0001@example.com,Fan 0001\nfix-1,f\xc3\xa4n@example.com,\n"
      "fix-2,fan0001@example.com,\nfix-9,fan0002@example.com,\n,fan0003@example.com,\n"
      "fix-1,FAN0001@example.com,\n";
  const auto items = league.ingest(people, "people.csv");

  REQUIRE(items.size() == 6);
  CHECK(items[0].code == Code::unsupported);
  CHECK(items[0].place.line == 3);
  CHECK(items[1].code == Code::not_found);
  CHECK(items[1].place.line == 5);
  CHECK(items[2].code == Code::invalid_input);
  CHECK(items[3].code == Code::conflict);
  CHECK(items[4].item == "people for fix-1");
  CHECK(items[4].outcome == IngestOutcome::recorded);
  CHECK(items[4].reason == "1 invited");
  CHECK(league.dispatch().totals.accepted == 2);
  const auto again = league.ingest(people, "people.csv");
  CHECK(again.at(4).outcome == IngestOutcome::already_seen);
  CHECK(again.at(4).reason == "1 already_invited");
}

TEST_CASE("a list of people may go to and fro between any number of events", "[engine]") {
  constexpr int events = 70;
  League league;
  std::string season = "uid,summary,start,end,timezone\n", people = "uid,email\n";
  for (int i = 0; i < events; ++i) {
    season += "fix-" + std::to_string(i) + ",Round,2027-05-01T15:00,2027-05-01T17:00,UTC\n";
  }
  for (const std::string fan : {"fan0001", "fan0002"}) {
    for (int i = 0; i < events; ++i) {
      people += "fix-" + std::to_string(i) + ',' + fan + "@example.com\n";
    }
    people += "fix-none," + fan + "@example.com\n";
  }
  REQUIRE(league.ingest(season, "season.csv").size() == events);

  const auto items = league.ingest(people, "people.csv");
  const auto refused = std::count_if(items.begin(), items.end(),
                                     [](const auto& item) { return item.code == Code::not_found; });
  CHECK(refused == 2);
  // No more than 64 are kept in memory; what became of their people is said before the next ones.
  CHECK(items.front().item == "people for fix-0");
  CHECK(items.size() == 2 * events + 2);
  CHECK(league.dispatch().totals.accepted == 2 * events);
}

TEST_CASE("people are invited by mail to events of one's own alone", "[engine]") {
  League league;
  REQUIRE(league.engine->add_organizer(
      {.domain = "league", .address = "second@league.example", .bulk = true}));
  league.ingest(kList, "season.csv");
  const auto mail_from = [](const std::string& who) {
    return "From: <" + who +
           ">\r\nTo: <bulk@reply.league.example>\r\nSubject: People\r\nMIME-Version: 1.0\r\n"
           "Content-Type: text/csv; "
           "charset=utf-8\r\n\r\nuid,email\r\nfix-1,fan0001@example.com\r\n";
  };
  const auto foreign =
      league.ingest(mail_from("second@league.example"), "people.eml", "second@league.example");
  REQUIRE(foreign.size() == 2);
  CHECK(foreign[0].code == Code::not_found);
  CHECK(foreign[1].outcome == IngestOutcome::quarantined);
  const auto own = league.ingest(mail_from(kOrganizer), "people.eml");
  REQUIRE(own.size() == 1);
  CHECK(own[0].reason == "1 invited");
}

TEST_CASE("an update keeps the times and the zone that its list has no column for", "[engine]") {
  League league;
  const std::string uid = league.ingest(kList, "season.csv").at(0).event;
  const auto update = [&](const std::string& rows) {
    const auto items = league.ingest(rows, "season.csv");
    REQUIRE(items.size() == 1);
    INFO(items[0].reason);
    CHECK(items[0].outcome == IngestOutcome::updated);
    return *league.engine->get_event(kScope, uid);
  };
  const Event named = update("command,uid,summary\nupdate,fix-1,Round one\n");
  CHECK(named.summary == "Round one");
  CHECK(format_iso(named.start, false) == "2027-05-01T15:00:00");
  CHECK(format_iso(named.end, false) == "2027-05-01T17:00:00");
  CHECK(named.timezone == "Europe/London");

  const Event moved = update("command,uid,start\nupdate,fix-1,2027-05-02T16:00\n");
  CHECK(moved.summary == "Round one");
  CHECK(format_iso(moved.end, false) == "2027-05-02T18:00:00");
  CHECK(moved.timezone == "Europe/London");

  const Event in_utc = update("command,uid,start\nupdate,fix-1,2027-05-02T16:00Z\n");
  CHECK(format_iso(in_utc.start, false) == "2027-05-02T17:00:00");
  CHECK(in_utc.timezone == "Europe/London");

  CHECK(update("command,uid,start\nupdate,fix-1,2027-05-03\n").end ==
        std::chrono::local_days(std::chrono::year(2027) / 5 / 4));
  const auto timed =
      league.ingest("command,uid,start\nupdate,fix-1,2027-05-03T10:00\n", "season.csv");
  CHECK(timed.at(0).place.field == "end");
}

TEST_CASE("an update of a series' summary leaves its rule", "[engine]") {
  League league;
  auto weekly = request("derby-1", 0, "20270601T193000", "20270601T213000");
  weekly.insert(weekly.find("SUMMARY"), "RRULE:FREQ=WEEKLY;COUNT=4\r\n");
  league.ingest(mail(kOrganizer, weekly), "derby.eml");
  const auto items =
      league.ingest("command,uid,summary\nupdate,derby-1,Derby week\n", "season.csv");

  REQUIRE(items.size() == 1);
  const auto event = league.engine->get_event(kScope, items[0].event);
  CHECK(event->summary == "Derby week");
  CHECK(event->rrule == "FREQ=WEEKLY;COUNT=4");
}

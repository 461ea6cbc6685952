/// Which parts of an organizer's mail count, and that none is dropped unsaid.
#include "league.hpp"

using namespace league;

namespace {

const std::string kRequest = "text/calendar; charset=UTF-8; method=REQUEST";

std::string derby(const std::string& organizer = kOrganizer) {
  return request("derby", 0, "20270601T193000", "20270601T213000", organizer);
}

/// Without what marks it as an invitation.
std::string without_method(std::string calendar) {
  const auto at = calendar.find("METHOD:");
  return calendar.erase(at, calendar.find("\r\n", at) + 2 - at);
}

}  // namespace

TEST_CASE("an invitation counts beside an attached table", "[engine]") {
  const std::string tables[] = {"a,b\r\n1,2\r\n", "uid,summary,start\r\nx,Cup,2027-06-01\r\n"};
  for (const std::string& table : tables) {
    for (const bool bulk : {true, false}) {
      League league;
      REQUIRE(league.engine->add_organizer(
          {.domain = "league", .address = "office@league.example", .bulk = bulk}));
      const std::string who = bulk ? kOrganizer : "office@league.example";
      auto raw = multipart(leaf("text/csv; name=contacts.csv", table) + leaf(kRequest, derby(who)));
      raw.replace(raw.find(kOrganizer), kOrganizer.size(), who);

      const auto items = league.ingest(raw, "a.eml", who);

      REQUIRE(items.size() == 1);
      INFO(items[0].reason);
      CHECK(items[0].outcome == IngestOutcome::created);
      CHECK(league.engine->list_events(kScope, {}, {})->items.size() == 1);
    }
  }
}

TEST_CASE("a mailed table of which nothing can be used is kept", "[engine]") {
  const std::string tables[] = {"a,b\r\n1,2\r\n", "uid,summary,start\r\n",
                                "uid,summary,start\r\nx,Cup,never\r\n"};
  for (const std::string& table : tables) {
    INFO(table);
    League league;

    const auto items =
        league.ingest(multipart(leaf("text/csv; name=contacts.csv", table)), "a.eml");

    REQUIRE_FALSE(items.empty());
    CHECK(items.back().outcome == IngestOutcome::quarantined);
    CHECK(league.engine->list_quarantine(kScope, {})->items.size() == 1);
    CHECK(league.engine->list_notices(kScope, {})->items.size() == 1);
  }
}

TEST_CASE("a VEVENT that can't be read in a later part sets the mail aside", "[engine]") {
  League league;
  auto broken = request("cup", 0, "20270601T193000", "20270601T213000");
  broken.replace(broken.find("DTSTART;TZID=Europe/Berlin:"), 27, "DTSTART;TZID=Nowhere/At All:");

  const auto items =
      league.ingest(multipart(leaf(kRequest, derby()) + leaf(kRequest, broken)), "a.eml");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::quarantined);
  CHECK(items[0].reason.find("Nowhere") != std::string::npos);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());
}

TEST_CASE("R92: a copy without METHOD in front of the invitation does not count", "[engine]") {
  League league;
  const auto copy = leaf("application/ics; name=invite.ics", without_method(derby()));

  const auto items = league.ingest(multipart(copy + leaf(kRequest, derby())), "a.eml");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::created);
}

TEST_CASE("several files without METHOD are all read", "[engine]") {
  League league;
  const auto cup = request("cup", 0, "20270601T193000", "20270601T213000");
  const auto file = [](const std::string& calendar) {
    return leaf("application/ics; name=a.ics", without_method(calendar));
  };

  const auto items = league.ingest(multipart(file(derby()) + file(cup)), "a.eml");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::quarantined);
  CHECK(items[0].reason.find("several appointments") != std::string::npos);
}

TEST_CASE("an attachment that can't be read takes nothing away from an invitation", "[engine]") {
  League league;
  const auto items = league.ingest(
      multipart(leaf("application/ics; name=x.ics", "no calendar") + leaf(kRequest, derby())),
      "a.eml", kOrganizer);

  REQUIRE(items.size() == 1);
  INFO(items[0].reason);
  CHECK(items[0].outcome == IngestOutcome::created);
}

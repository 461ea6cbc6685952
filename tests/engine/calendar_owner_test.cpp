/// Calendar files and mails ask alike whose events they may change (R99).
#include "league.hpp"

using namespace league;

namespace {

const std::string kDelegate = "assistant@club.example";
const std::string kOther = "other@league.example";

std::string event_of(const std::string& calendar) {
  const auto begin = calendar.find("BEGIN:VEVENT");
  return calendar.substr(begin, calendar.find("END:VCALENDAR") - begin);
}

}  // namespace

TEST_CASE("R99: a delegate's calendar file changes the organizer's event as their mail does",
          "[engine]") {
  League league;
  const auto uid =
      league.ingest(request("derby", 0, "20270601T193000", "20270601T213000"), "a.ics").at(0).event;
  const auto moved = request("derby", 1, "20270602T193000", "20270602T213000");

  CHECK(league.ingest(moved, "b.ics", kDelegate).at(0).outcome == IngestOutcome::quarantined);
  REQUIRE(league.engine->set_delegate(kScope, kOrganizer, kDelegate));
  CHECK(league.ingest(moved, "b.ics", kDelegate).at(0).outcome == IngestOutcome::updated);

  const auto event = league.engine->get_event(kScope, uid);
  CHECK(format_basic(event->start) == "20270602T193000");
  CHECK(event->organizer == kOrganizer);
  CHECK(league.engine->list_quarantine(kScope, {})->items.empty());
}

TEST_CASE("R99: events of another organizer in a calendar file wait, the sender's own land",
          "[engine]") {
  League league;
  REQUIRE(league.engine->add_organizer({.domain = "league", .address = kOther}));
  const auto uid =
      league.ingest(request("derby", 0, "20270601T193000", "20270601T213000"), "a.ics").at(0).event;
  auto file = request("derby", 5, "20270609T193000", "20270609T213000", kOther);
  const auto own = request("own", 0, "20270609T193000", "20270609T213000", kOther);
  const auto cup = request("cup", 0, "20270609T193000", "20270609T213000", kOrganizer);
  file.insert(file.find("END:VCALENDAR"), event_of(own) + event_of(cup));

  const auto items = league.ingest(file, "b.ics", kOther);

  REQUIRE(items.size() == 3);
  CHECK(items[0].outcome == IngestOutcome::quarantined);
  CHECK(items[0].reason.find("does not own") != std::string::npos);
  CHECK(items[1].outcome == IngestOutcome::created);
  CHECK(items[2].outcome == IngestOutcome::quarantined);
  CHECK(format_basic(league.engine->get_event(kScope, uid)->start) == "20270601T193000");
  const auto kept = league.engine->list_quarantine(kScope, {});
  REQUIRE(kept->items.size() == 1);
  CHECK(kept->items[0].sender == kOther);
  CHECK(league.engine->get_quarantined(kScope, kept->items[0].id)->raw == file);
}

/// What an input keeps in quarantine, and what its release needs to be told.
#include "league.hpp"

using namespace league;

namespace {

std::int64_t only_id(League& league) {
  const auto kept = league.engine->list_quarantine(kScope, {});
  REQUIRE(kept);
  REQUIRE(kept->items.size() == 1);
  return kept->items[0].id;
}

std::vector<IngestItem> release(Engine& engine, std::int64_t id, const ReleaseOptions& options) {
  std::vector<IngestItem> items;
  const auto done = engine.release_quarantined(
      kScope, id, options, [&](const IngestItem& item) { items.push_back(item); });
  if (!done) FAIL(to_string(done.error()));
  return items;
}

}  // namespace

TEST_CASE("an address that nobody vouched for does not speak when its mail is released",
          "[engine]") {
  League league;
  auto engine = league.open([](const IngestInput&) {
    return Authentication{false, kOrganizer, "milter", "its signature is broken"};
  });
  const auto raw = mail(kOrganizer, request("derby", 0, "20270601T193000", "20270601T213000"));
  REQUIRE(engine.ingest({.bytes = raw, .source = "a.eml"}, [](const IngestItem&) {}));
  const auto id = only_id(league);

  const auto unnamed = engine.release_quarantined(kScope, id, {}, [](const IngestItem&) {});

  CHECK(engine.get_quarantined(kScope, id)->sender.empty());
  CHECK(unnamed.error().code == Code::unauthenticated);
  CHECK(unnamed.error().message.find("--as") != std::string::npos);
  CHECK(release(engine, id, {.sender = kOrganizer}).at(0).outcome == IngestOutcome::created);
}

TEST_CASE("a sender who was vouched for speaks again when the reason is gone", "[engine]") {
  League league;
  const auto other = "other@league.example";
  const auto raw = mail(other, request("cup", 0, "20270601T193000", "20270601T213000", other));
  league.ingest(raw, "a.eml", other);
  const auto id = only_id(league);
  REQUIRE(league.engine->add_organizer({.domain = "league", .address = other}));

  CHECK(release(*league.engine, id, {}).at(0).outcome == IngestOutcome::created);
}

TEST_CASE("a released list is read with the zone and the order of dates that are named",
          "[engine]") {
  League league;
  league.ingest("uid,summary,start,end\n1,Round 1,05/06/2027 15:00,05/06/2027 17:00\n", "a.csv",
                "");
  const ReleaseOptions options{
      .sender = kOrganizer, .timezone = "Europe/London", .date_order = DateOrder::dmy};

  const auto items = release(*league.engine, only_id(league), options);

  REQUIRE(items.size() == 1);
  REQUIRE(items[0].outcome == IngestOutcome::created);
  const auto event = league.engine->get_event(kScope, items[0].event);
  CHECK(format_basic(event->start) == "20270605T150000");
  CHECK(event->timezone == "Europe/London");
}

TEST_CASE("a mail that a notification held is released as the mail it is", "[engine]") {
  League league;
  const auto raw = mail(kOrganizer, request("derby", 0, "20270601T193000", "20270601T213000"));
  const IngestInput held{.bytes = raw, .source = "upload.json", .kind = InputKind::mail};
  REQUIRE(league.engine->ingest(held, [](const IngestItem&) {}));

  const auto items = release(*league.engine, only_id(league), {.sender = kOrganizer});

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::created);
}

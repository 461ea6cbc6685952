/// Who may create, change and cancel events by mail, and what becomes of the rest.
#include <algorithm>

#include "league.hpp"

using namespace league;

namespace {

const std::string kDelegate = "assistant@club.example";
const std::string kOther = "other@league.example";

std::string start_of(League& league, const std::string& uid) {
  return format_basic(league.engine->get_event(kScope, uid)->start);
}

}  // namespace

TEST_CASE("R99: a delegate stored before acts for the organizer, one named in the mail does not",
          "[engine]") {
  League league;
  const auto uid = league.mailed_event();
  auto moved = mail(kDelegate, request("derby", 1, "20270602T193000", "20270602T213000"));
  moved.replace(moved.find("ORGANIZER:"), 10, "ORGANIZER;SENT-BY=\"mailto:" + kDelegate + "\":");

  CHECK(league.ingest(moved, "b.eml", kDelegate).at(0).outcome == IngestOutcome::quarantined);
  REQUIRE(league.engine->set_delegate(kScope, kOrganizer, kDelegate));
  CHECK(league.ingest(moved, "b.eml", kDelegate).at(0).outcome == IngestOutcome::updated);
  CHECK(start_of(league, uid) == "20270602T193000");
  const auto fresh = request("cup", 0, "20270605T193000", "20270605T213000");
  const auto created = league.ingest(mail(kDelegate, fresh), "c.eml", kDelegate);
  REQUIRE(created.at(0).outcome == IngestOutcome::created);
  CHECK(league.engine->get_event(kScope, created[0].event)->organizer == kOrganizer);

  REQUIRE(league.engine->set_delegate(kScope, kOrganizer, kDelegate, false));
  const auto again = request("derby", 2, "20270603T193000", "20270603T213000");
  CHECK(league.ingest(mail(kDelegate, again), "d.eml", kDelegate).at(0).outcome ==
        IngestOutcome::quarantined);
  CHECK(start_of(league, uid) == "20270602T193000");
}

TEST_CASE("R99: a delegate's mail that names nobody they act for is set aside", "[engine]") {
  League league;
  REQUIRE(league.engine->set_delegate(kScope, kOrganizer, kDelegate));
  const auto own = request("own", 0, "20270601T193000", "20270601T213000", kDelegate);

  const auto item = league.ingest(mail(kDelegate, own), "own.eml", kDelegate).at(0);

  CHECK(item.outcome == IngestOutcome::quarantined);
  CHECK(item.reason.find("delegate") != std::string::npos);
  CHECK(league.engine->set_delegate(kScope, kOther, kDelegate).error().code == Code::not_found);
}

TEST_CASE("R99: another organizer does not take over a UID by naming themselves", "[engine]") {
  League league;
  REQUIRE(league.engine->add_organizer({.domain = "league", .address = kOther}));
  const auto uid = league.mailed_event();
  const auto theirs = request("derby", 5, "20270609T193000", "20270609T213000", kOther);
  const auto file = request("new", 0, "20270609T193000", "20270609T213000", kOrganizer);

  const auto mailed = league.ingest(mail(kOther, theirs), "b.eml", kOther).at(0);

  CHECK(mailed.outcome == IngestOutcome::quarantined);
  CHECK(mailed.reason.find("does not own") != std::string::npos);
  CHECK(league.ingest(file, "c.ics", kOther).at(0).outcome == IngestOutcome::quarantined);
  CHECK(start_of(league, uid) == "20270601T193000");
  CHECK(league.engine->list_events(kScope, {}, {})->items.size() == 1);
}

TEST_CASE("R100: a kept cancel is forgotten after 30 days", "[engine]") {
  League league;
  const auto cancel =
      request("gone", 1, "20270601T193000", "20270601T213000", kOrganizer, "CANCEL");
  league.ingest(mail(kOrganizer, cancel, "CANCEL"), "cancel.eml");
  league.now += std::chrono::days(31);

  const auto late = league.ingest(
      mail(kOrganizer, request("gone", 0, "20270601T193000", "20270601T213000")), "late.eml");

  CHECK(late.at(0).outcome == IngestOutcome::created);
}

TEST_CASE("R100: STATUS:CANCELLED in a REQUEST cancels", "[engine]") {
  League league;
  const auto uid = league.mailed_event();
  const auto off = request("derby", 1, "20270601T193000", "20270601T213000", kOrganizer, "REQUEST",
                           "STATUS:CANCELLED\r\n");

  CHECK(league.ingest(mail(kOrganizer, off), "off.eml").at(0).outcome == IngestOutcome::cancelled);
  CHECK(league.engine->get_event(kScope, uid)->status == EventStatus::cancelled);
}

TEST_CASE("R98: equal SEQUENCE with a later DTSTAMP is newer, with an earlier one older",
          "[engine]") {
  League league;
  const auto at = [](const std::string& dtstamp, const std::string& start, const std::string& end) {
    auto text = request("derby", 3, start, end);
    const auto place = text.find("DTSTAMP:") + 8;
    text.replace(place, text.find("\r\n", place) - place, dtstamp);
    return mail(kOrganizer, text);
  };
  const auto uid =
      league.ingest(at("20270110T100000Z", "20270601T193000", "20270601T213000"), "a.eml")
          .at(0)
          .event;

  const auto newer =
      league.ingest(at("20270111T100000Z", "20270602T193000", "20270602T213000"), "b.eml");
  const auto older =
      league.ingest(at("20270110T110000Z", "20270603T193000", "20270603T213000"), "c.eml");

  CHECK(newer.at(0).outcome == IngestOutcome::updated);
  CHECK(older.at(0).outcome == IngestOutcome::already_seen);
  CHECK(start_of(league, uid) == "20270602T193000");
}

TEST_CASE("a released mail counts as the operator's word and leaves quarantine", "[engine]") {
  League league;
  const auto raw = mail(kOrganizer, request("derby", 0, "20270601T193000", "20270601T213000"));
  league.ingest(raw, "a.eml", "");
  const auto id = league.engine->list_quarantine(kScope, {})->items.at(0).id;
  std::vector<IngestItem> items;
  const auto keep = [&](const IngestItem& item) { items.push_back(item); };

  const auto nobody = league.engine->release_quarantined(kScope, id, {}, keep);
  const auto stranger =
      league.engine->release_quarantined(kScope, id, {.sender = "x@else.example"}, keep);

  REQUIRE(stranger);
  CHECK(nobody.error().code == Code::unauthenticated);
  CHECK_FALSE(*stranger);
  const auto kept = league.engine->get_quarantined(kScope, id);
  REQUIRE(kept);
  CHECK(kept->reason.find("x@else.example is not an organizer") != std::string::npos);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());

  CHECK(
      league.engine->release_quarantined(kScope, id, {.sender = kOrganizer}, keep).value_or(false));
  CHECK(items.back().outcome == IngestOutcome::created);
  CHECK(league.engine->list_quarantine(kScope, {})->items.empty());
  CHECK(league.engine->release_quarantined(kScope, id, {}, keep).error().code == Code::not_found);
}

TEST_CASE("an organizer releases a mail as themselves alone", "[engine]") {
  League league;
  REQUIRE(league.engine->add_organizer({.domain = "league", .address = kOther}));
  const auto uid = league.mailed_event();
  const auto forged =
      mail(kOrganizer, request("derby", 1, "20270602T193000", "20270602T213000", kOther));
  league.ingest(forged, "a.eml", kOther);
  const auto scope = Scope::organizer("league", kOther);
  const auto id = league.engine->list_quarantine(scope, {})->items.at(0).id;
  const auto keep = [](const IngestItem&) {};

  const auto foreign = league.engine->release_quarantined(scope, id, {.sender = kOrganizer}, keep);
  const auto own =
      league.engine->release_quarantined(scope, id, {.sender = "Other@League.example"}, keep);

  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().code == Code::forbidden);
  CHECK(start_of(league, uid) == "20270601T193000");
  REQUIRE(own);
  CHECK_FALSE(*own);
}

TEST_CASE("what was quarantined vanishes when the same bytes are taken later", "[engine]") {
  League league;
  const auto raw = mail(kOrganizer, request("derby", 0, "20270601T193000", "20270601T213000"));
  const std::string list = "uid,summary,start\na,Derby,2027-06-01\n";
  league.ingest(raw, "a.eml", "");
  league.ingest(list, "a.csv", "");
  REQUIRE(league.engine->list_quarantine(kScope, {})->items.size() == 2);

  league.ingest(raw, "a.eml");
  CHECK(league.engine->list_quarantine(kScope, {})->items.size() == 1);
  std::string_view rest = list;
  IngestInput pieces{.source = "a.csv"};
  pieces.authentication = {true, kOrganizer, "test"};
  pieces.read = [&]() -> Result<std::string_view> {
    const auto piece = rest.substr(0, 7);
    rest.remove_prefix(piece.size());
    return piece;
  };
  REQUIRE(league.engine->ingest(pieces, [](const IngestItem&) {}));
  CHECK(league.engine->list_quarantine(kScope, {})->items.empty());
}

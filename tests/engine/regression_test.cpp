/// The mistakes of earlier systems, each a test that fails when it is made again.
#include <algorithm>

#include "mails.hpp"

using namespace league;

TEST_CASE("regression D1: who blocked the organizer is the one who gets nothing, all others do",
          "[engine][regression]") {
  League league;
  REQUIRE(league.engine->add_organizer({.domain = "league", .address = "other@league.example"}));
  auto theirs = league.event();
  theirs.organizer = "other@league.example";
  theirs.source_uid = "other's";
  const auto other = league.engine->create_event(kScope, theirs);
  REQUIRE(other);
  const std::vector<std::string> everybody{"a@example.com", "b@example.com", "c@example.com"};
  REQUIRE(league.engine->add_suppression(
      kScope, {.domain = {}, .organizer = kOrganizer, .address = "b@example.com", .reason = {}}));

  const auto own = league.invite(league.event().uid, everybody);
  league.dispatch();
  std::vector<std::string> mailed;
  for (const auto& message : league.sent) mailed.push_back(message.to);
  std::sort(mailed.begin(), mailed.end());

  CHECK(own.invite == 2);
  CHECK(own.skip.at("suppressed") == 1);
  CHECK(mailed == std::vector<std::string>{"a@example.com", "c@example.com"});
  CHECK(league.invite(other->uid, everybody).invite == 3);
}

TEST_CASE("regression D2: an update from anyone but the owner changes nothing",
          "[engine][regression]") {
  League league;
  REQUIRE(league.engine->add_organizer({.domain = "league", .address = "other@league.example"}));
  const auto uid = league.mailed_event();
  const auto moved = request("derby", 1, "20270602T193000", "20270602T213000");

  const auto stranger = league.ingest(mail(kOrganizer, moved), "b.eml", "");
  const auto other =
      league.ingest(mail("other@league.example", moved), "c.eml", "other@league.example");
  const auto forged = league.ingest(mail("someone@else.example", moved), "d.eml");

  CHECK(stranger.at(0).outcome == IngestOutcome::quarantined);
  CHECK(other.at(0).outcome == IngestOutcome::quarantined);
  CHECK(forged.at(0).outcome == IngestOutcome::quarantined);
  CHECK(format_basic(league.engine->get_event(kScope, uid)->start) == "20270601T193000");
  CHECK(league.engine->list_quarantine(kScope, {})->items.size() == 3);
}

TEST_CASE("regression D3: a reply without evidence is set aside", "[engine][regression]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.dispatch();
  auto reply = League::reply(league.sent_to("a@example.com"), "ACCEPTED");
  const auto& token_address = league.sent_to("a@example.com").from;
  for (auto at = reply.find(token_address); at != std::string::npos;
       at = reply.find(token_address)) {
    reply.replace(at, token_address.size(), "cal@reply.league.example");
  }

  CHECK(league.ingest(reply, "r.eml", "").at(0).outcome == IngestOutcome::quarantined);
  CHECK(league.engine->statistics(kScope, event.uid)->rsvp.at("accepted") == 0);
}

TEST_CASE("regression D5: a hard bounce and a complaint end all mail to that address",
          "[engine][regression]") {
  League league;
  auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.dispatch();
  const std::string bounce =
      R"({"eventType":"Bounce","mail":{"messageId":"m","timestamp":"2027-01-01T12:00:00.000Z",)"
      R"("destination":["a@example.com"],"tags":{"attempt_id":[")" +
      league.sent[0].attempt_id +
      R"("]}},"bounce":{"bounceType":"Permanent","bounceSubType":"General","feedbackId":"f",)"
      R"("timestamp":"2027-01-01T12:00:01.000Z","bouncedRecipients":[{"emailAddress":"a@example.com"}]}})";
  league.ingest(bounce, "b.json", "");
  event.start += std::chrono::hours(1);
  event.end += std::chrono::hours(1);
  CHECK(league.engine->update_event(kScope, event)->update == 0);
  CHECK(league.invite(league.event("next").uid, {"a@example.com"}).skip.at("suppressed") == 1);
  league.dispatch();

  CHECK(league.sent.empty());
  CHECK(league.engine->statistics(kScope, event.uid)->attendees == 0);
}

TEST_CASE("regression D5: one press of unsubscribe ends what waits and what would come",
          "[engine][regression]") {
  League league;
  auto event = league.event();
  league.invite(event.uid, {"a@example.com", "b@example.com"});
  league.dispatch();
  const auto token = unsubscribe_token(league.sent_to("a@example.com"));
  event.description = "Gates open at two";
  REQUIRE(league.engine->update_event(kScope, event)->update == 2);
  REQUIRE(league.engine->unsubscribe(token, SuppressionScope::organizer));
  league.dispatch();

  REQUIRE(league.sent.size() == 1);
  CHECK(league.sent[0].to == "b@example.com");
  CHECK(league.engine->totals(kScope)->suppressed == 1);
  CHECK(league.invite(league.event("next").uid, {"a@example.com"}).skip.at("suppressed") == 1);
}

TEST_CASE("regression D9: several appointments in one mail are not blended into one",
          "[engine][regression]") {
  League league;
  auto first = request("one", 0, "20270601T193000", "20270601T213000");
  const auto second = request("two", 0, "20270602T193000", "20270602T213000");
  const auto begin = second.find("BEGIN:VEVENT");
  const auto vevent = second.substr(begin, second.find("END:VCALENDAR") - begin);
  first.insert(first.find("END:VCALENDAR"), vevent);

  const auto items = league.ingest(mail(kOrganizer, first), "two.eml");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::quarantined);
  CHECK(items[0].reason.find("several appointments") != std::string::npos);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());
  CHECK(league.ingest(first, "two.ics").size() == 2);
}

TEST_CASE("regression D11: a cancel for an unknown UID is kept and defeats an older invitation",
          "[engine][regression]") {
  League league;
  const auto invitation = request("gone", 0, "20270601T193000", "20270601T213000");
  const auto cancel =
      request("gone", 1, "20270601T193000", "20270601T213000", kOrganizer, "CANCEL");
  const auto later = request("gone", 2, "20270601T193000", "20270601T213000");

  const auto first = league.ingest(mail(kOrganizer, cancel, "CANCEL"), "cancel.eml");
  const auto overtaken = league.ingest(mail(kOrganizer, invitation), "late.eml");
  const auto anew = league.ingest(mail(kOrganizer, later), "anew.eml");

  REQUIRE(first.size() == 1);
  CHECK(first[0].outcome == IngestOutcome::quarantined);
  CHECK(first[0].reason.find("not here") != std::string::npos);
  REQUIRE(overtaken.size() == 1);
  CHECK(overtaken[0].outcome == IngestOutcome::quarantined);
  CHECK(overtaken[0].reason.find("cancelled before it came") != std::string::npos);
  CHECK(anew.at(0).outcome == IngestOutcome::created);
}

TEST_CASE("regression D12: a reschedule resets answers, a changed text does not",
          "[engine][regression]") {
  League league;
  auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.dispatch();
  league.ingest(League::reply(league.sent_to("a@example.com"), "ACCEPTED"), "a.eml", "");
  event.description = "Gates open at two";
  REQUIRE(league.engine->update_event(kScope, event));
  CHECK(league.engine->statistics(kScope, event.uid)->rsvp.at("accepted") == 1);
  event = *league.engine->get_event(kScope, event.uid);
  event.start += std::chrono::hours(1);
  event.end += std::chrono::hours(1);
  REQUIRE(league.engine->update_event(kScope, event));

  CHECK(league.engine->statistics(kScope, event.uid)->rsvp.at("accepted") == 0);
}

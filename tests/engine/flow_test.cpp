#include <algorithm>

#include "league.hpp"

using namespace league;

namespace {
Attendee attendee(League& league, const std::string& event, const std::string& address) {
  const auto all = league.engine->list_attendees(kScope, event, {});
  REQUIRE(all);
  for (const auto& one : all->items) {
    if (one.address == address) return one;
  }
  FAIL("no attendee " << address);
  return {};
}
}  // namespace

TEST_CASE("an invitation that was mailed in becomes an event, and again changes nothing",
          "[engine]") {
  League league;
  const auto raw = mail(kOrganizer, request("derby-1", 0, "20270601T193000", "20270601T213000"));
  const auto first = league.ingest(raw, "derby.eml");
  const auto second = league.ingest(raw, "derby.eml");

  REQUIRE(first.size() == 1);
  CHECK(first[0].outcome == IngestOutcome::created);
  REQUIRE(second.size() == 1);
  CHECK(second[0].outcome == IngestOutcome::already_seen);
  const auto event = league.engine->get_event(kScope, first[0].event);
  REQUIRE(event);
  CHECK(event->summary == "Derby");
  CHECK(event->timezone == "Europe/Berlin");
  CHECK(event->uid != "derby-1");
}

TEST_CASE(
    "R22, R30, R66: everyone invited gets one copy with a UID and an organizer address of their "
    "own",
    "[engine]") {
  League league;
  const auto event = league.event();
  CHECK(league.invite(event.uid, {"a@example.com", "b@example.com"}).invite == 2);
  const auto result = league.dispatch();

  CHECK(result.totals.accepted == 2);
  REQUIRE(league.sent.size() == 2);
  const auto& a = league.sent_to("a@example.com");
  const auto& b = league.sent_to("b@example.com");
  CHECK(League::property(a, "UID") != League::property(b, "UID"));
  CHECK(a.from != b.from);
  CHECK(League::property(a, "ORGANIZER") == "mailto:" + a.from);
  CHECK(b.bytes.find("a@example.com") == std::string::npos);
  CHECK(league.invite(event.uid, {"a@example.com"}).skip.at("already_invited") == 1);
}

TEST_CASE("R23: the organizer address of a person stays the same across events", "[engine]") {
  League league;
  const auto first = league.event("one");
  const auto second = league.event("two");
  league.invite(first.uid, {"a@example.com"});
  league.invite(second.uid, {"a@example.com"});
  league.dispatch();

  REQUIRE(league.sent.size() == 2);
  CHECK(league.sent[0].from == league.sent[1].from);
}

TEST_CASE("R67, R72: a moved event asks again, and decliners are left alone", "[engine]") {
  League league;
  auto event = league.event();
  league.invite(event.uid, {"a@example.com", "b@example.com", "c@example.com"});
  league.dispatch();
  league.ingest(League::reply(league.sent_to("a@example.com"), "ACCEPTED"), "a.eml", "");
  league.ingest(League::reply(league.sent_to("b@example.com"), "DECLINED"), "b.eml", "");
  CHECK(attendee(league, event.uid, "a@example.com").partstat == Partstat::accepted);

  event.start += std::chrono::hours(1);
  event.end += std::chrono::hours(1);
  const auto preview = league.engine->preview_update(kScope, event);
  const auto plan = league.engine->update_event(kScope, event);
  REQUIRE(preview);
  REQUIRE(plan);
  CHECK(preview->update == plan->update);
  CHECK(plan->update == 2);
  CHECK(plan->skip.at("declined") == 1);
  const auto uid_before = League::property(league.sent_to("a@example.com"), "UID");
  league.dispatch();

  REQUIRE(league.sent.size() == 2);
  const auto& update = league.sent_to("a@example.com");
  CHECK(League::property(update, "SEQUENCE") == "1");
  CHECK(League::property(update, "UID") == uid_before);
  CHECK(attendee(league, event.uid, "a@example.com").partstat == Partstat::needs_action);
}

TEST_CASE("R87: a cancel reaches those who hold a copy and nobody else", "[engine]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.dispatch();
  league.invite(event.uid, {"late@example.com"});
  const auto plan = league.engine->cancel_event(kScope, event.uid);
  REQUIRE(plan);
  CHECK(plan->cancel == 1);
  league.dispatch();

  REQUIRE(league.sent.size() == 1);
  CHECK(league.sent[0].to == "a@example.com");
  CHECK(League::property(league.sent[0], "METHOD") == "CANCEL");
  CHECK(League::property(league.sent[0], "SEQUENCE") == "1");
  const auto totals = league.engine->totals(kScope);
  CHECK(totals->superseded == 1);
}

TEST_CASE("an attempt without an answer is in doubt until evidence comes", "[engine]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.verdict = SendVerdict::in_doubt;
  CHECK(league.dispatch().totals.in_doubt == 1);
  const auto attempt = league.sent.at(0).attempt_id;
  CHECK(league.dispatch().totals.in_doubt == 1);
  CHECK(league.sent.empty());

  const std::string delivery =
      R"({"eventType":"Delivery","mail":{"messageId":"m-1","destination":["a@example.com"],)"
      R"("timestamp":"2027-01-01T12:00:00.000Z","tags":{"attempt_id":[")" +
      attempt +
      R"("]}},"delivery":{"timestamp":"2027-01-01T12:00:01.000Z","recipients":["a@example.com"]}})";
  const auto items = league.ingest(delivery, "events.json", "");
  const auto again = league.ingest(delivery, "events.json", "");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::recorded);
  CHECK(again.at(0).outcome == IngestOutcome::already_seen);
  const auto totals = league.engine->totals(kScope);
  CHECK(totals->accepted == 1);
  CHECK(totals->in_doubt == 0);
  CHECK(attendee(league, event.uid, "a@example.com").delivery == "delivered");
}

TEST_CASE("a web answer counts by its link, whatever was answered before", "[engine]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.dispatch();
  const auto token = league.engine->rsvp_token(kScope, event.uid, "a@example.com");
  REQUIRE(token);
  CHECK(league.engine->rsvp(*token, Partstat::accepted)->outcome == IngestOutcome::replied);
  league.now += std::chrono::seconds(5);
  CHECK(league.engine->rsvp(*token, Partstat::declined)->outcome == IngestOutcome::replied);

  CHECK(attendee(league, event.uid, "a@example.com").partstat == Partstat::declined);
  CHECK(attendee(league, event.uid, "a@example.com").channel == "web");
  auto forged = *token;
  forged[20] = forged[20] == 'A' ? 'B' : 'A';
  CHECK(league.engine->rsvp(forged, Partstat::accepted).error().code == Code::unauthenticated);
}

TEST_CASE("R124: the link that is asked for is the one in the mail, of an event and of a series",
          "[engine]") {
  for (const std::string rrule : {"", "FREQ=WEEKLY"}) {
    League league;
    Event match{.organizer = kOrganizer, .summary = "Training"};
    match.start = parse_iso("2015-05-09T15:00")->wall;  // the series has run for long
    match.end = match.start + std::chrono::hours(2);
    if (rrule.empty()) match.start += std::chrono::years(12), match.end += std::chrono::years(12);
    match.timezone = "Europe/London";
    match.rrule = rrule;
    const auto event = league.engine->create_event(kScope, match);
    REQUIRE(event);
    league.invite(event->uid, {"a@example.com"});
    league.dispatch();

    const auto token = league.engine->rsvp_token(kScope, event->uid, "a@example.com");
    REQUIRE(token);
    CHECK(league.property(league.sent_to("a@example.com"), "DESCRIPTION")
              .find("https://cal.league.example/r/" + *token) != std::string::npos);
    league.now += std::chrono::days(365);
    const auto answered = league.engine->rsvp(*token, Partstat::accepted);
    CHECK(answered.has_value() == !rrule.empty());
    const auto fresh = league.engine->rsvp_token(kScope, event->uid, "a@example.com");
    REQUIRE(fresh);
    CHECK(league.engine->rsvp(*fresh, Partstat::accepted).has_value() == !rrule.empty());
  }
}

TEST_CASE("the same reply again, in force or history, changes nothing", "[engine]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  league.dispatch();
  const auto invitation = league.sent_to("a@example.com");
  const auto older = League::reply(invitation, "ACCEPTED", "20270101T110000Z");
  league.ingest(League::reply(invitation, "DECLINED", "20270101T120000Z"), "new.eml", "");

  CHECK(league.ingest(older, "old.eml", "").at(0).outcome == IngestOutcome::replied);
  CHECK(league.ingest(older, "old.eml", "").at(0).outcome == IngestOutcome::already_seen);
  CHECK(attendee(league, event.uid, "a@example.com").partstat == Partstat::declined);
}

TEST_CASE("statistics, report CSV and totals agree", "[engine]") {
  League league;
  const auto event = league.event();
  league.invite(event.uid, {"a@example.com", "b@example.com", "=c@example.com"});
  league.dispatch();
  league.ingest(League::reply(league.sent_to("a@example.com"), "ACCEPTED"), "a.eml", "");

  const auto statistics = league.engine->statistics(kScope, event.uid);
  REQUIRE(statistics);
  CHECK(statistics->attendees == 3);
  CHECK(statistics->rsvp.at("accepted") == 1);
  CHECK(statistics->prodid.at("-//Example//Client 1//EN") == 1);
  std::string csv;
  REQUIRE(league.engine->report(kScope, event.uid, ReportFormat::csv, [&](std::string_view piece) {
    csv += piece;
    return true;
  }));
  CHECK(csv.starts_with(R"("email","name","status","origin","prodid",)"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 4);
  CHECK(csv.find(R"("'=c@example.com")") != std::string::npos);
}

TEST_CASE("R73: what an update does not mention stays: changed dates, answers, columns",
          "[engine]") {
  League league;
  const std::string weekly = "RRULE:FREQ=WEEKLY;COUNT=5\r\n";
  const auto series = [&](int sequence, const std::string& more) {
    return request("weekly", sequence, "20270601T193000", "20270601T213000", kOrganizer, "REQUEST",
                   more);
  };
  const auto uid = league.ingest(series(0, weekly), "weekly.ics").at(0).event;
  league.invite(uid, {"a@example.com"});
  league.dispatch();
  league.ingest(League::reply(league.sent_to("a@example.com"), "ACCEPTED"), "a.eml", "");
  const std::string one_date = "RECURRENCE-ID;TZID=Europe/Berlin:20270608T193000\r\n";
  const auto moved =
      request("weekly", 1, "20270609T193000", "20270609T213000", kOrganizer, "REQUEST", one_date);

  CHECK(league.ingest(moved, "one-date.ics").at(0).outcome == IngestOutcome::updated);
  CHECK(attendee(league, uid, "a@example.com").partstat == Partstat::accepted);
  league.dispatch();
  REQUIRE(league.sent.size() == 1);
  CHECK(League::property(league.sent[0], "RECURRENCE-ID") == "20270608T193000");
  CHECK(league.sent[0].bytes.find("/r/") == std::string::npos);

  const auto renamed = series(2, "LOCATION:Arena\r\n" + weekly);
  CHECK(league.ingest(renamed, "weekly.ics").at(0).outcome == IngestOutcome::updated);
  CHECK(league.engine->get_event(kScope, uid)->overrides.size() == 1);
  CHECK(league.engine->get_event(kScope, uid)->location == "Arena");
}

TEST_CASE("a list without a column leaves that field as it is", "[engine]") {
  League league;
  const auto uid = league
                       .ingest(
                           "uid,summary,start,end,timezone,location\n"
                           "a,Derby,2027-06-01T19:30,2027-06-01T21:00,Europe/Berlin,Arena\n",
                           "full.csv")
                       .at(0)
                       .event;
  league.ingest(
      "command,uid,summary,start,end,timezone\n"
      "update,a,Derby!,2027-06-01T19:30,2027-06-01T21:00,Europe/Berlin\n",
      "short.csv");

  const auto event = league.engine->get_event(kScope, uid);
  CHECK(event->summary == "Derby!");
  CHECK(event->location == "Arena");
}

TEST_CASE("nobody is invited to what is over, in no zone, or withdrawn", "[engine]") {
  League league;
  auto event = league.event();
  league.invite(event.uid, {"a@example.com"});
  const auto token = league.engine->rsvp_token(kScope, event.uid, "a@example.com");
  REQUIRE(league.engine->uninvite(kScope, event.uid, "a@example.com"));
  CHECK(league.engine->rsvp(*token, Partstat::accepted).error().code == Code::conflict);
  event.timezone = "Europe/Nowhere";
  CHECK(league.engine->update_event(kScope, event).error().place.field == "timezone");
  league.now += std::chrono::days(365);
  const InviteRequest late[] = {{"late@example.com", {}, {}}};
  CHECK(league.engine->invite(kScope, event.uid, late, "api").error().code == Code::conflict);
}

/// What the messages after the first one say (interop.md 3), from change to bytes.
#include "season.hpp"

using namespace league;

TEST_CASE("R66: every message of a copy names the same people and repeats everything", "[engine]") {
  Season season;
  std::vector<OutgoingMessage> all;
  const auto keep = [&](const std::vector<OutgoingMessage>& some) {
    REQUIRE(some.size() == 1);
    all.push_back(some[0]);
  };
  keep(season.change([](Event& e) { e.location = "Hill Ground"; }));
  keep(season.change([](Event& e) { e.start += 1h, e.end += 1h; }));
  keep(season.resend());
  for (const auto& message : all) {
    CHECK(identity_of(message) == identity_of(season.first));
    CHECK(about(message) == "REQUEST");
    CHECK(League::property(message, "SUMMARY") == "Training");
    CHECK(League::property(message, "LOCATION") == "Hill Ground");
    CHECK(League::property(message, "URL") == "https://league.example/training");
    CHECK(League::property(message, "DESCRIPTION").starts_with("Bring boots."));
    CHECK(League::property(message, "CREATED") == League::property(season.first, "CREATED"));
    for (const char* name : {"DTSTART", "DTEND", "STATUS", "CLASS", "TRANSP"}) {
      CHECK(line_of(message, name).empty() == line_of(season.first, name).empty());
    }
  }
  REQUIRE(season.engine->cancel_event(kScope, season.uid));
  season.dispatch();
  CHECK(identity_of(season.sent_to(kFan)) == identity_of(season.first));
}

TEST_CASE("R67, R68: what is mailed raises SEQUENCE by one, be it a key change or a minor one",
          "[engine]") {
  Season season;
  const auto sequence_after = [&](const std::function<void(Event&)>& edit) {
    const auto mails = season.change(edit);
    REQUIRE(mails.size() == 1);
    return League::property(mails[0], "SEQUENCE");
  };

  CHECK(sequence_after([](Event& e) { e.end += 1h; }) == "1");
  CHECK(sequence_after([](Event& e) { e.summary = "Match"; }) == "2");
  CHECK(sequence_after([](Event& e) { e.rrule = weekly; }) == "3");
}

TEST_CASE("R69: SEQUENCE is the event's, starts at 0 and is no number of the source's",
          "[engine]") {
  League league;
  const auto uid =
      league.ingest(request("huge", 7, "20270601T193000", "20270601T213000"), "a.ics").at(0).event;
  league.invite(uid, {"a@example.com", "b@example.com"});
  league.dispatch();
  for (const auto& message : league.sent) CHECK(League::property(message, "SEQUENCE") == "0");

  auto update = request("huge", 8, "20270601T200000", "20270601T213000");
  update.replace(update.find("SEQUENCE:8"), 10, "SEQUENCE:1893456000");
  update.replace(update.find("DTSTAMP:20270118"), 16, "DTSTAMP:20270128");
  REQUIRE(league.ingest(update, "b.ics").at(0).outcome == IngestOutcome::updated);
  league.dispatch();
  REQUIRE(league.sent.size() == 2);
  for (const auto& message : league.sent) CHECK(League::property(message, "SEQUENCE") == "1");
}

TEST_CASE("R70: each message of a copy is later than the one before, though the clock stands still",
          "[engine]") {
  Season season;
  std::vector<std::pair<int, std::string>> order{order_of(season.first)};
  const auto note = [&](const std::vector<OutgoingMessage>& mails) {
    REQUIRE(mails.size() == 1);
    order.push_back(order_of(mails[0]));
  };
  note(season.resend());
  note(season.resend());
  note(season.change([](Event& e) { e.location = "Hill Ground"; }));
  note(season.resend());
  REQUIRE(season.engine->cancel_event(kScope, season.uid));
  season.dispatch();
  note(season.sent);

  REQUIRE(order.size() == 6);
  for (std::size_t i = 1; i < order.size(); ++i) {
    INFO(i << ": " << order[i].first << " " << order[i].second);
    CHECK(order[i - 1] < order[i]);
  }
}

TEST_CASE("R72: a key change asks anew, a minor one tells the stored answer", "[engine]") {
  Season season;
  const auto attendee = [](const OutgoingMessage& message) { return line_of(message, "ATTENDEE"); };
  const auto asks = [&](const OutgoingMessage& message) {
    return attendee(message).find(";RSVP=TRUE") != std::string::npos;
  };
  const auto says = [&](const OutgoingMessage& message, const std::string& partstat) {
    return attendee(message).find(";PARTSTAT=" + partstat + ";") != std::string::npos;
  };
  const auto unanswered = season.change([](Event& e) { e.location = "Hill Ground"; }).at(0);
  CHECK(says(unanswered, "NEEDS-ACTION"));
  CHECK(asks(unanswered));
  season.answer(unanswered, "ACCEPTED");

  const auto minor = season.change([](Event& e) { e.location = "Harbour Ground"; }).at(0);
  CHECK(says(minor, "ACCEPTED"));
  CHECK_FALSE(asks(minor));
  const auto again = season.resend().at(0);
  CHECK(says(again, "ACCEPTED"));
  CHECK_FALSE(asks(again));
  const auto key = season.change([](Event& e) { e.start -= 1h; }).at(0);
  CHECK(says(key, "NEEDS-ACTION"));
  CHECK(asks(key));
}

TEST_CASE("R77: whoever is invited later gets the current state as a first copy", "[engine]") {
  Season season;
  season.change([](Event& e) { e.location = "Hill Ground"; });
  season.change([](Event& e) { e.summary = "Match"; });

  const auto late = season.take_in("late@example.com");

  CHECK(League::property(late, "SEQUENCE") == "2");
  CHECK(League::property(late, "UID") != League::property(season.first, "UID"));
  CHECK(League::property(late, "LOCATION") == "Hill Ground");
  CHECK(header(late, "References").empty());
  CHECK(header(late, "Subject") == "Invitation: Match");
}

TEST_CASE("R78: an event keeps its organizer", "[engine]") {
  Season season;
  REQUIRE(season.engine->add_organizer({.domain = "league", .address = "cup@league.example"}));
  Event event = season.event();
  event.organizer = "cup@league.example";
  event.location = "Hill Ground";

  REQUIRE(season.engine->update_event(kScope, event));
  season.dispatch();

  CHECK(season.event().organizer == kOrganizer);
  CHECK(season.sent_to(kFan).from == season.first.from);
}

TEST_CASE("R81: an update says so in the attendee's language and follows the first copy",
          "[engine]") {
  Season season;
  const InviteRequest german[] = {{"d@example.com", {}, "de"}};
  REQUIRE(season.engine->invite(kScope, season.uid, german, "api"));
  season.dispatch();
  const auto first = season.sent_to("d@example.com");

  season.change([](Event& e) { e.location = "Hill Ground"; });
  for (const auto& [address, copy, subject] :
       {std::tuple(kFan, season.first, "Updated: Training"),
        std::tuple(std::string("d@example.com"), first, "Aktualisiert: Training")}) {
    const auto& update = season.sent_to(address);
    CHECK(header(update, "Subject") == subject);
    CHECK(header(update, "References") == "<ses-" + copy.attempt_id + ">");
    CHECK(header(update, "In-Reply-To") == "<ses-" + copy.attempt_id + ">");
  }
  // Still the first one, not the last.
  season.change([](Event& e) { e.location = "Harbour Ground"; });
  CHECK(header(season.sent_to(kFan), "References") == "<ses-" + season.first.attempt_id + ">");
}

TEST_CASE("an event that moves a little keeps its links, and so its description", "[engine]") {
  Season season;
  const auto before = season.property(season.first, "DESCRIPTION");
  REQUIRE(before.find("/r/") != std::string::npos);
  season.now += 24h;
  const auto moved = season.change([](Event& event) {
    event.start += 25h;
    event.end += 25h;
  });
  REQUIRE(moved.size() == 1);
  CHECK(season.property(moved[0], "DTSTART;TZID") != season.property(season.first, "DTSTART;TZID"));
  CHECK(season.property(moved[0], "DESCRIPTION") == before);
}

TEST_CASE("R60, R83: a domain says how long descriptions are and what an uninvited one is told",
          "[engine]") {
  League league;
  Domain cup{.name = "cup",
             .from = "cal@reply.cup.example",
             .reply_domain = "reply.cup.example",
             .base_url = "https://cal.cup.example"};
  for (const std::uint32_t bad : {0U, 20'001U}) {
    cup.description_limit = bad;
    const auto refused = league.engine->add_domain(cup);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().place.field == "description_limit");
  }
  cup.description_limit = 5;
  cup.cancelled_status_on_uninvite = false;
  REQUIRE(league.engine->add_domain(cup));
  REQUIRE(league.engine->add_organizer({.domain = "cup", .address = kOrganizer}));
  const Scope scope = Scope::domain("cup");
  Event match{.organizer = kOrganizer, .summary = "Final"};
  match.description = "Bring boots.";
  match.start = parse_iso("2027-05-08T15:00")->wall;
  match.end = match.start + 2h;
  match.timezone = "Europe/London";
  const auto event = league.engine->create_event(scope, match);
  REQUIRE(event);
  const InviteRequest fan{kFan, {}, {}};
  REQUIRE(league.engine->invite(scope, event->uid, std::span(&fan, 1), "api"));
  league.dispatch();
  CHECK(league.property(league.sent_to(kFan), "DESCRIPTION").starts_with("Bring…\\n\\n"));
  REQUIRE(league.engine->uninvite(scope, event->uid, kFan));
  league.dispatch();
  CHECK(league.property(league.sent_to(kFan), "METHOD") == "CANCEL");
  CHECK(league.property(league.sent_to(kFan), "STATUS").empty());
}

TEST_CASE("R26: a domain's settings may change later, but not what calendars know organizers by",
          "[engine]") {
  Season season;
  Domain domain = season.engine->list_domains()->at(0);
  domain.base_url = "https://new.example/";
  domain.super_user = "Head@League.example";
  const auto updated = season.engine->update_domain(domain);
  REQUIRE(updated);
  CHECK(updated->base_url == "https://new.example");
  CHECK(season.engine->list_domains()->at(0).super_user == "head@league.example");
  const auto mails = season.change([](Event& event) { event.description = "Bring shin pads."; });
  REQUIRE(mails.size() == 1);
  CHECK(season.property(mails[0], "DESCRIPTION").find("https://new.example/r/") !=
        std::string::npos);
  CHECK(mails[0].from == season.first.from);

  const auto refused = [&](const std::function<void(Domain&)>& edit) {
    Domain changed = domain;
    edit(changed);
    const auto result = season.engine->update_domain(changed);
    return result ? ""
                  : std::string(code_name(result.error().code)) + " " + result.error().place.field;
  };
  CHECK(refused([](Domain& d) { d.separator = '-'; }) == "conflict separator");
  CHECK(refused([](Domain& d) {
          d.reply_domain = "reply.other.example";
          d.from = "cal@reply.other.example";
        }) == "conflict reply_domain");
  CHECK(refused([](Domain& d) { d.base_url = "http://new.example"; }) ==
        "invalid_argument base_url");
  CHECK(refused([](Domain& d) { d.name = "nobody"; }) == "not_found ");
}

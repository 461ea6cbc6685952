/// Who an invitation is from (interop.md 1b).
#include "mails.hpp"

using namespace league;

namespace {

Error error_of(League& league, const Domain& domain) {
  const auto added = league.engine->add_domain(domain);
  if (added) FAIL(domain.reply_domain << " was taken");
  return added.error();
}

Domain cup(const std::string& reply_domain = "reply.cup.example") {
  return {.name = "cup",
          .from = "cal@" + reply_domain,
          .reply_domain = reply_domain,
          .base_url = "https://cal.cup.example"};
}

/// One copy of a new event, as it was sent.
OutgoingMessage invitation(League& league, const std::string& to = "a@example.com") {
  league.invite(league.event().uid, {to});
  league.dispatch();
  return league.sent_to(to);
}

}  // namespace

TEST_CASE("R20, R27: From, ORGANIZER, Reply-To and the envelope are one address", "[engine]") {
  League league;
  const auto sent = invitation(league);

  const auto& address = sent.from;
  CHECK(header(sent, "From") == "League Office <" + address + ">");
  CHECK(header(sent, "Reply-To") == header(sent, "From"));
  CHECK(League::property(sent, "ORGANIZER") == "mailto:" + address);
}

TEST_CASE("R21: ORGANIZER is a bare mailto with the name in CN", "[engine]") {
  League league;
  const auto sent = invitation(league);

  CHECK(line_of(sent, "ORGANIZER") == "ORGANIZER;CN=League Office:mailto:" + sent.from);
  CHECK(std::count(sent.from.begin(), sent.from.end(), '@') == 1);
  CHECK(sent.from.find_first_of("<>?\" ") == std::string::npos);
}

TEST_CASE("R22: each sender identity has addresses of its own for the same person", "[engine]") {
  League league;
  REQUIRE(league.engine->add_organizer(
      {.domain = "league", .address = "cup@league.example", .name = "Cup Office"}));
  const auto first = invitation(league);
  Event event = league.event();
  event.organizer = "cup@league.example";
  event.source_uid.clear();
  const auto theirs = league.engine->create_event(kScope, event);
  REQUIRE(theirs);
  league.invite(theirs->uid, {"a@example.com"});
  league.dispatch();

  REQUIRE(league.sent.size() == 1);
  CHECK(league.sent[0].from != first.from);
}

TEST_CASE("R23: one sender identity keeps its address for a person over events and for ever",
          "[engine]") {
  League league;
  const auto first = invitation(league);
  REQUIRE(league.engine->uninvite(
      kScope, league.engine->list_events(kScope, {}, {})->items.at(0).event.uid, "a@example.com"));
  league.dispatch();
  CHECK(league.sent_to("a@example.com").from == first.from);
  league.now += std::chrono::days(100);
  CHECK(invitation(league).from == first.from);
  CHECK(invitation(league, "b@example.com").from != first.from);
}

TEST_CASE("R24: a mail provider's name is no reply domain", "[engine]") {
  League league;
  for (const std::string name :
       {"gmail.com", "googlemail.com", "outlook.com", "yahoo.co.uk", "icloud.com", "gmx.de",
        "proton.me", "mail.ru", "163.com", "reply.gmail.com"}) {
    INFO(name);
    const auto error = error_of(league, cup(name));
    CHECK(error.code == Code::invalid_argument);
    CHECK(error.place.field == "reply_domain");
    CHECK(error.message.find(name) == 0);
  }
  CHECK(league.engine->list_domains()->size() == 1);
}

TEST_CASE("R25: a sender whose addresses would be too long or none is refused when it is set up",
          "[engine]") {
  League league;
  Domain domain = cup();
  domain.from = std::string(48, 'f') + "@" + domain.reply_domain;
  CHECK(error_of(league, domain).code == Code::invalid_argument);
  domain.from = std::string(47, 'f') + "@" + domain.reply_domain;
  CHECK(league.engine->add_domain(domain));

  for (const std::string& local_part : {std::string(48, 'o'), std::string("League Office"),
                                        std::string("Office"), std::string("a@b")}) {
    INFO(local_part);
    const auto added = league.engine->add_organizer(
        {.domain = "league", .address = "o@league.example", .local_part = local_part});
    REQUIRE_FALSE(added);
    CHECK(added.error().code == Code::invalid_argument);
  }
}

TEST_CASE("R26: a domain may put - in front of its tokens, and answers come home", "[engine]") {
  League league;
  Domain domain = cup();
  domain.separator = '_';
  CHECK(error_of(league, domain).place.field == "separator");
  domain.separator = '-';
  REQUIRE(league.engine->add_domain(domain));
  REQUIRE(league.engine->add_organizer({.domain = "cup", .address = kOrganizer}));
  const auto scope = Scope::domain("cup");
  Event event = league.event();
  event.source_uid.clear();
  event = *league.engine->create_event(scope, event);
  const InviteRequest request[] = {{"a@example.com", {}, {}}};
  REQUIRE(league.engine->invite(scope, event.uid, request, "api"));
  league.dispatch();

  auto sent = league.sent_to("a@example.com");
  CHECK(sent.from.starts_with("cal-"));
  const auto shout = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  };
  const auto partstat = [&] {
    return league.engine->list_attendees(scope, event.uid, {})->items.at(0).partstat;
  };
  sent.from = shout(sent.from);
  CHECK(league.ingest(League::reply(sent, "ACCEPTED"), "a.eml", "").at(0).outcome ==
        IngestOutcome::replied);
  CHECK(partstat() == Partstat::accepted);
  // A domain that sends with one separator reads the other too.
  sent.from[3] = '+';
  const auto later = League::reply(sent, "DECLINED", "20270101T130000Z");
  CHECK(league.ingest(later, "b.eml", "").at(0).outcome == IngestOutcome::replied);
  CHECK(partstat() == Partstat::declined);
}

TEST_CASE("R27: mail to the organizer address that is no calendar reply is kept for a person",
          "[engine]") {
  League league;
  const auto sent = invitation(league);
  const auto items =
      league.ingest("From: <a@example.com>\r\nTo: <" + sent.from +
                        ">\r\nSubject: Re: Harbour v Hill\r\n\r\nWhere is gate 4?\r\n",
                    "question.eml", "");

  REQUIRE(items.size() == 1);
  CHECK(items[0].outcome == IngestOutcome::quarantined);
  const auto kept = league.engine->list_quarantine(kScope, {});
  REQUIRE(kept);
  CHECK(kept->items.size() == 1);
}

TEST_CASE("R28: there is no Sender and no SENT-BY", "[engine]") {
  League league;
  const auto sent = invitation(league);

  CHECK(header(sent, "Sender").empty());
  CHECK(line_of(sent, "ORGANIZER").find("SENT-BY") == std::string::npos);
}

TEST_CASE("R29: no copy goes to an address of our own, the organizer in person is invited",
          "[engine]") {
  League league;
  const auto own = invitation(league).from;
  const auto event = league.event("Cup");
  const auto plan = league.invite(
      event.uid, {own, "create@reply.league.example", "cal@reply.league.example", kOrganizer});
  league.dispatch();

  CHECK(plan.skip.at("organizer_itself") == 3);
  CHECK(plan.invite == 1);
  REQUIRE(league.sent.size() == 1);
  CHECK(league.sent[0].to == kOrganizer);
  CHECK(League::property(league.sent[0], "ATTENDEE") == "mailto:" + kOrganizer);
  CHECK(League::property(league.sent[0], "ORGANIZER") != "mailto:" + kOrganizer);
}

TEST_CASE("R121, R137: links of a domain are https, but for those to this machine", "[engine]") {
  League league;
  Domain domain = cup();
  for (const std::string url :
       {"http://cal.cup.example", "http://127.0.0.1.cup.example", "http://localhost@cup.example",
        "http://localhost:1@cup.example", "ftp://cal.cup.example", "cal.cup.example", ""}) {
    domain.base_url = url;
    const Error error = error_of(league, domain);
    CHECK(error.code == Code::invalid_argument);
    CHECK(error.place.field == "base_url");
    CHECK(error.message.find("expected https://") != std::string::npos);
  }
  for (const std::string url : {"https://cal.cup.example", "http://127.0.0.1:8080",
                                "http://localhost", "http://[::1]:8080/"}) {
    INFO(url);
    League fresh;
    domain.base_url = url;
    CHECK(fresh.engine->add_domain(domain));
  }
}

TEST_CASE("R136: From and the envelope lie on the domain whose records the operator sets",
          "[engine]") {
  League league;
  const auto sent = invitation(league);
  Domain elsewhere = cup();
  elsewhere.from = "cal@other.example";

  CHECK(address_domain(sent.from) == "reply.league.example");
  CHECK(header(sent, "From").ends_with("@reply.league.example>"));
  CHECK(error_of(league, elsewhere).place.field == "from");
}

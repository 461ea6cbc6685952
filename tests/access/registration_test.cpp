// How senders become organizers, and what is counted against them (F1).
#include <algorithm>

#include "access/owners.hpp"

using namespace roles;
using league::League;

namespace {

const std::string newcomer = "ana@club.example";
const Scope whole = Scope::domain("league");

std::string invitation(const std::string& uid = "derby", const std::string& from = newcomer) {
  return league::mail(from, league::request(uid, 0, "20270601T193000", "20270601T213000", from));
}

void set(League& league, const std::function<void(Domain&)>& change) {
  Domain domain = must(league.engine->list_domains()).at(0);
  change(domain);
  must(league.engine->update_domain(domain));
}

std::vector<Event> events(League& league) {
  std::vector<Event> all;
  for (const auto& one : must(league.engine->list_events(whole, {}, {})).items) {
    all.push_back(one.event);
  }
  return all;
}

/// The token behind `path` in the text of the only mail that was sent.
std::string token_in(const League& league, const std::string& path) {
  REQUIRE(league.sent.size() == 1);
  const auto mail = must(parse_mail(league.sent[0].bytes));
  for (const MailPart& part : mail.parts) {
    if (part.content_type != "text/plain") continue;
    const std::string link = "https://cal.league.example" + path;
    const auto at = part.content.find(link);
    REQUIRE(at != std::string::npos);
    const auto begin = at + link.size();
    return part.content.substr(begin, part.content.find_first_of("\r\n ", begin) - begin);
  }
  FAIL("no text");
  return {};
}

std::vector<IngestItem> confirm(League& league, const std::string& token) {
  std::vector<IngestItem> items;
  must(league.engine->confirm_registration(token,
                                           [&](const IngestItem& item) { items.push_back(item); }));
  return items;
}

}  // namespace

TEST_CASE("a newcomer's first invitation waits until they confirm, and is taken in then",
          "[access]") {
  League league;

  const auto waits = league.ingest(invitation(), "a.eml", newcomer).at(0);
  CHECK(waits.outcome == IngestOutcome::quarantined);
  CHECK(waits.reason.find("waits until they confirm") != std::string::npos);
  league.ingest(invitation("second"), "b.eml", newcomer);
  CHECK(events(league).empty());
  CHECK(league.dispatch().notices == 1);  // one link, however many invitations
  CHECK(league.sent.at(0).to == newcomer);
  const std::string token = token_in(league, "/c/");

  const auto page = must(league.engine->find_registration(token));
  CHECK(page.domain == "league");
  CHECK(page.address == newcomer);
  CHECK(page.waiting == 2);
  CHECK(must(league.engine->list_organizers(whole)).size() == 1);  // looking does nothing
  const auto items = confirm(league, token);
  REQUIRE(items.size() == 2);
  CHECK(items[0].outcome == IngestOutcome::created);
  CHECK(must(league.engine->list_quarantine(whole, {})).items.empty());
  const auto made = events(league);
  REQUIRE(made.size() == 2);
  CHECK(made[0].organizer == newcomer);
  const auto organizers = must(league.engine->list_organizers(whole));
  REQUIRE(organizers.size() == 2);
  CHECK_FALSE(organizers[0].bulk);
  CHECK(league.dispatch().notices == 2);  // of the events

  CHECK(confirm(league, token).empty());  // pressed twice
  CHECK(events(league).size() == 2);
}

TEST_CASE("a press of the button takes in some mails, the next one the next, and none is lost",
          "[access]") {
  League league;
  for (int i = 0; i < 44; ++i) {
    league.ingest(invitation("event-" + std::to_string(i)), std::to_string(i) + ".eml", newcomer);
  }
  league.dispatch();
  const std::string token = token_in(league, "/c/");
  const auto waiting = [&] { return must(league.engine->find_registration(token)).waiting; };

  CHECK(waiting() == 44);
  for (const auto& [taken, left] :
       std::vector<std::pair<std::size_t, std::uint64_t>>{{20, 24}, {20, 4}, {4, 0}, {0, 0}}) {
    CHECK(confirm(league, token).size() == taken);
    CHECK(waiting() == left);
  }
  CHECK(must(league.engine->list_quarantine(whole, {})).items.empty());
  std::size_t made = 0;
  Page page{100, {}};
  for (const auto& one : must(league.engine->list_events(whole, {}, page)).items) {
    made += one.event.organizer == newcomer ? 1 : 0;
  }
  CHECK(made == 44);
}

TEST_CASE("a registration link ends, and is of one address in one domain", "[access]") {
  League league;
  league.ingest(invitation(), "a.eml", newcomer);
  league.dispatch();
  const std::string token = token_in(league, "/c/");
  const auto code = [&](const std::string& link) {
    const auto page = league.engine->find_registration(link);
    const auto done = league.engine->confirm_registration(link, [](const IngestItem&) {});
    REQUIRE_FALSE(page);
    REQUIRE_FALSE(done);
    CHECK(page.error().message == done.error().message);
    return done.error().code;
  };

  std::string altered = token;
  altered[20] = altered[20] == 'a' ? 'b' : 'a';
  CHECK(code(altered) == Code::unauthenticated);
  CHECK_FALSE(league.engine->rsvp(token, Partstat::accepted));
  CHECK_FALSE(league.engine->approve(token));
  league.now += std::chrono::days(7);
  CHECK(code(token) == Code::unauthenticated);

  league.ingest(invitation("later"), "b.eml", newcomer);
  CHECK(league.dispatch().notices == 1);  // another link
  const std::string fresh = token_in(league, "/c/");
  CHECK(fresh != token);
  CHECK(confirm(league, fresh).size() == 2);
  must(league.engine->suspend_organizer(whole, newcomer));
  const auto again = league.engine->confirm_registration(fresh, [](const IngestItem&) {});
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Code::forbidden);
}

TEST_CASE("a domain may take every sender who is vouched for, or none", "[access]") {
  League league;
  set(league, [](Domain& domain) { domain.registration = Registration::open; });
  CHECK(league.ingest(invitation(), "a.eml", newcomer).at(0).outcome == IngestOutcome::created);
  CHECK(events(league).at(0).organizer == newcomer);

  set(league, [](Domain& domain) { domain.registration = Registration::closed; });
  const std::string other = "bob@club.example";
  const auto refused = league.ingest(invitation("bobs", other), "b.eml", other).at(0);
  CHECK(refused.outcome == IngestOutcome::quarantined);
  league.dispatch();
  REQUIRE(league.sent.size() == 2);
  const auto& told = league.sent_to(other);
  CHECK(told.bytes.find("/c/") == std::string::npos);
  CHECK(must(league.engine->list_organizers(whole)).size() == 2);
}

TEST_CASE("closing a domain ends the links that wait", "[access]") {
  League league;
  league.ingest(invitation(), "a.eml", newcomer);
  league.dispatch();
  const std::string token = token_in(league, "/c/");
  set(league, [](Domain& domain) { domain.registration = Registration::closed; });

  const auto done = league.engine->confirm_registration(token, [](const IngestItem&) {});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::forbidden);
  CHECK(events(league).empty());
}

TEST_CASE("nobody is registered without an authenticated invitation of their own", "[access]") {
  League league;
  const std::string cancel = league::mail(
      newcomer,
      league::request("derby", 1, "20270601T193000", "20270601T213000", newcomer, "CANCEL"),
      "CANCEL");

  league.ingest(invitation(), "nobody.eml", "");
  league.ingest(invitation(), "forged.eml", "mallory@else.example");
  league.ingest(cancel, "cancel.eml", newcomer);
  league.ingest("Auto-Submitted: auto-replied\r\n" + invitation(), "automatic.eml", newcomer);
  league.dispatch();

  for (const auto& message : league.sent) {
    CHECK(message.bytes.find("/c/") == std::string::npos);
  }
  must(league.engine->suspend_organizer(whole, league::kOrganizer));
  league.ingest(invitation("theirs", league::kOrganizer), "suspended.eml");
  league.dispatch();
  for (const auto& message : league.sent) {
    CHECK(message.bytes.find("/c/") == std::string::npos);
  }
  CHECK(events(league).empty());
}

TEST_CASE("an organizer has as many events as their domain allows", "[access]") {
  League league;
  set(league, [](Domain& domain) { domain.event_limit = 2; });
  const auto mailed = [&](const std::string& uid) {
    const auto item =
        league.ingest(invitation(uid, league::kOrganizer), uid + ".eml", league::kOrganizer).at(0);
    return item.outcome;
  };

  const Event first = league.event();
  CHECK(mailed("second") == IngestOutcome::created);
  CHECK(mailed("third") == IngestOutcome::quarantined);
  Event fourth = first;
  fourth.source_uid = "fourth";
  const auto refused = league.engine->create_event(whole, fourth);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::forbidden);
  league.dispatch();
  const bool told = std::any_of(league.sent.begin(), league.sent.end(), [](const auto& message) {
    const auto mail = must(parse_mail(message.bytes));
    return mail.parts.at(0).content.find("ask the operator for a higher limit") !=
           std::string::npos;
  });
  CHECK(told);

  must(league.engine->cancel_event(whole, first.uid));
  CHECK(mailed("fifth") == IngestOutcome::created);  // one cancelled makes room
  CHECK(mailed("second") == IngestOutcome::already_seen);
  league.now += std::chrono::days(400);
  CHECK(mailed("sixth") != IngestOutcome::quarantined);  // so do those that are over
}

TEST_CASE("new events have the domain's limit of invites, and organizers can't raise it",
          "[access]") {
  League league;
  set(league, [](Domain& domain) { domain.invite_limit = 2; });
  const Scope own = Scope::organizer("league", league::kOrganizer);

  Event event = league.event();
  CHECK(event.invite_limit == 2);
  const Plan plan = league.invite(event.uid, {"a@x.example", "b@x.example", "c@x.example"});
  CHECK(plan.invite == 2);
  CHECK(plan.skip.at("limit_reached") == 1);
  league.dispatch();
  CHECK(league.sent_to(league::kOrganizer).bytes.find("limit") != std::string::npos);
  const auto mailed = league.mailed_event();
  CHECK(must(league.engine->get_event(whole, mailed)).invite_limit == 2);

  for (const std::uint32_t limit : {3U, 0U}) {
    event.invite_limit = limit;
    const auto raised = league.engine->update_event(own, event);
    REQUIRE_FALSE(raised);
    CHECK(raised.error().code == Code::forbidden);
  }
  event.invite_limit = 3;
  must(league.engine->update_event(whole, event));  // the domain may
  CHECK(league.invite(event.uid, {"d@x.example"}).invite == 1);
  event.invite_limit = 1;
  must(league.engine->update_event(own, event));  // and less is theirs to say
}

TEST_CASE("rights are the domain's to give", "[access]") {
  League league;
  Organizer organizer = must(league.engine->list_organizers(whole)).at(0);
  organizer.bulk = false;
  organizer.approval = true;
  organizer.name = "Office";

  const auto theirs =
      league.engine->update_organizer(Scope::organizer("league", league::kOrganizer), organizer);
  REQUIRE_FALSE(theirs);
  CHECK(theirs.error().code == Code::not_found);
  must(league.engine->update_organizer(whole, organizer));
  const Organizer kept = must(league.engine->list_organizers(whole)).at(0);
  CHECK_FALSE(kept.bulk);
  CHECK(kept.approval == true);
  CHECK(kept.name == "Office");
  CHECK(kept.local_part == "cal");
  const auto list =
      league::multipart(league::leaf("text/csv",
                                     "uid,summary,start,end,timezone\r\n1,A,2027-05-01T10:00,"
                                     "2027-05-01T11:00,Europe/London\r\n"));
  CHECK(league.ingest(list, "list.eml").at(0).outcome == IngestOutcome::quarantined);
  organizer.bulk = true;
  must(league.engine->update_organizer(whole, organizer));
  CHECK(league.ingest(list, "list.eml").at(0).outcome == IngestOutcome::created);
}

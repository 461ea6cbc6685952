// The pages behind the links that organizers are mailed.
#include "access/owners.hpp"
#include "calinvite/web.hpp"

using namespace roles;
using league::League;

namespace {

const Scope whole = Scope::domain("league");
const std::string newcomer = "ana@club.example";

/// What follows `path` in the only text that holds it, of what is sent now.
std::string token_in(League& league, const std::string& path) {
  league.dispatch();
  for (const auto& message : league.sent) {
    for (const MailPart& part : must(parse_mail(message.bytes)).parts) {
      const std::string link = "https://cal.league.example" + path;
      const auto at = part.content.find(link);
      if (part.content_type != "text/plain" || at == std::string::npos) continue;
      const auto begin = at + link.size();
      return part.content.substr(begin, part.content.find_first_of("\r\n ", begin) - begin);
    }
  }
  FAIL("no link " << path);
  return {};
}

WebResponse ask(League& league, const std::string& path, const std::string& method = "GET",
                const std::string& body = {}) {
  WebRequest request;
  request.method = method;
  request.path = path;
  request.body = body;
  if (method == "POST") {
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  }
  return respond(*league.engine, request, {});
}

/// The page's form, filled in as it stands.
std::string form_of(const WebResponse& page) {
  const std::string field = "name=\"form\" value=\"";
  const auto at = page.body.find(field);
  REQUIRE(at != std::string::npos);
  const auto begin = at + field.size();
  return "form=" + page.body.substr(begin, page.body.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("a newcomer becomes an organizer by the button of the page, and by nothing else",
          "[access]") {
  League league;
  league.ingest(league::mail(newcomer, league::request("derby", 0, "20270601T193000",
                                                       "20270601T213000", newcomer)),
                "a.eml", newcomer);
  const std::string path = "/c/" + token_in(league, "/c/");
  const auto organizers = [&] { return must(league.engine->list_organizers(whole)).size(); };

  for (const char* method : {"GET", "HEAD", "GET"}) CHECK(ask(league, path, method).status == 200);
  const auto page = ask(league, path);
  CHECK(page.body.find(newcomer) != std::string::npos);
  CHECK(ask(league, path, "POST").status == 404);
  CHECK(ask(league, path, "POST", "form=AAAA").status == 404);
  CHECK(ask(league, path, "PUT").status == 405);
  CHECK(organizers() == 1);
  CHECK(ask(league, path, "POST", form_of(page)).status == 200);
  CHECK(organizers() == 2);
  CHECK(must(league.engine->list_events(whole, {}, {})).items.size() == 1);
  CHECK(ask(league, path, "POST", form_of(page)).status == 200);
  CHECK(ask(league, "/a/" + path.substr(3)).status == 404);  // of another purpose
  CHECK(ask(league, "/c/x").status == 404);
}

TEST_CASE("an organizer lets a change through by the button of the page", "[access]") {
  League league;
  Organizer organizer = must(league.engine->list_organizers(whole)).at(0);
  organizer.approval = true;
  must(league.engine->update_organizer(whole, organizer));
  const std::string uid = league.mailed_event();
  league.invite(uid, {"ana@fans.example", "ben@fans.example"});
  league.dispatch();
  league.ingest(league::mail(league::kOrganizer,
                             league::request("derby", 1, "20270602T193000", "20270602T213000",
                                             league::kOrganizer, "CANCEL"),
                             "CANCEL"),
                "b.eml");
  const std::string path = "/a/" + token_in(league, "/a/");

  const auto page = ask(league, path);
  CHECK(page.status == 200);
  CHECK(page.body.find("The event is to be cancelled.") != std::string::npos);
  CHECK(page.body.find("2 people will be told.") != std::string::npos);
  CHECK(ask(league, path, "POST").status == 404);
  CHECK(must(league.engine->get_event(whole, uid)).status == EventStatus::confirmed);
  CHECK(ask(league, path, "POST", form_of(page)).status == 200);
  CHECK(must(league.engine->get_event(whole, uid)).status == EventStatus::cancelled);
  CHECK(ask(league, path, "POST", form_of(page)).status == 410);
  CHECK(ask(league, path).status == 410);
}

// Every page in every language that there is a catalog for.
#include <map>

#include "locale/locale.hpp"
#include "texts/texts.hpp"
#include "web/site.hpp"

using namespace site;
namespace texts = calinvite::texts;

namespace {

/// The pages, by the phrases of ours that each must show.
std::map<std::string, std::pair<WebResponse, std::vector<std::string>>> pages_of(Site& site) {
  const auto event = site.invited_event();
  const auto& bytes = site.sent_to(fan).bytes;
  const auto unsubscribe = bytes.substr(bytes.find("/u/") + 3, 54);
  const auto closed = site.event("Gone");
  site.invite(closed.uid, {fan});
  const auto rsvp = site.rsvp_path(event.uid);
  const auto closed_path = site.rsvp_path(closed.uid);
  REQUIRE(site.engine->cancel_event(kScope, closed.uid));
  Event moved = site.event("Moved");
  site.invite(moved.uid, {fan});
  const auto moved_path = site.rsvp_path(moved.uid);
  const auto before = site.get(moved_path);
  moved.start += std::chrono::hours(1);
  moved.end += std::chrono::hours(1);
  REQUIRE(site.engine->update_event(kScope, moved));
  const auto button = site.button_target(event.uid, "new@fans.example");
  const auto path = button.substr(0, button.find('?'));
  const auto asked = site.get(rsvp);
  const auto quick = site.get(button);
  site.now += std::chrono::seconds(3);
  return {
      {"asks",
       {asked,
        {"question", "answer_accepted", "answer_tentative", "answer_declined", "page_comment",
         "page_send_answer", "label_when", "label_organizer", "calendar_file"}}},
      {"answered", {site.post(rsvp, filled_in(asked, "answer=declined")), {"page_answer_saved"}}},
      {"changed",
       {site.post(moved_path, filled_in(before, "answer=declined")), {"page_event_changed"}}},
      {"closed", {site.get(closed_path), {"page_closed"}}},
      {"not valid", {site.get("/r/x"), {"page_invalid"}}},
      {"missing", {site.get("/x"), {"page_missing"}}},
      {"invites",
       {quick,
        {"page_ask_invite", "page_address", "page_name", "page_leave_empty", "page_send_invite"}}},
      {"no address", {site.post(path, filled_in(quick, "email=x")), {"page_bad_address"}}},
      {"sent",
       {site.post(path, filled_in(quick, "email=new%40fans.example")), {"page_invite_sent"}}},
      {"too quick",
       {site.post(path, filled_in(site.get(button), "email=new%40fans.example")),
        {"page_press_again"}}},
      {"unsubscribes", {site.get("/u/" + unsubscribe), {"page_stop_question", "page_stop_domain"}}},
      {"unsubscribed",
       {site.post("/u/" + unsubscribe, "List-Unsubscribe=One-Click"), {"page_stopped"}}},
      {"event", {site.get("/e/" + event.uid), {"label_when", "calendar_file"}}}};
}

}  // namespace

TEST_CASE("every page speaks each language whole, in its direction", "[web]") {
  for (const auto& language : texts::languages()) {
    Site site;
    site.languages = language;
    for (const auto& [name, page] : pages_of(site)) {
      INFO(language << ": " << name);
      const auto& [response, phrases] = page;
      const std::string direction = calinvite::locale::is_right_to_left(language) ? "rtl" : "ltr";
      CHECK(has(response, "<html lang=\"" + language + "\" dir=\"" + direction + "\">"));
      CHECK(header(response, "Content-Language") == language);
      for (const auto& key : phrases) {
        INFO(key);
        CHECK(has(response, calinvite::text::html_escape(texts::phrase(language, key))));
        if (language != "en" && key.starts_with("page_")) {
          CHECK_FALSE(has(response, std::string(texts::phrase("en", key)) + "<"));
        }
      }
      CHECK_FALSE(has(response, "{{"));
      CHECK(calinvite::text::trim(response.body).ends_with("</html>"));
    }
  }
}

TEST_CASE("a page is in the attendee's language, else the browser's, else the event's", "[web]") {
  Site site;
  Event match = site.event();
  match.language = "fr";
  REQUIRE(site.engine->update_event(kScope, match));
  std::vector<InviteRequest> requests = {{fan, {}, "ar"}, {"other@fans.example", {}, {}}};
  REQUIRE(site.engine->invite(kScope, match.uid, requests, "api"));
  const auto own = site.rsvp_path(match.uid);
  const auto others = "/r/" + *site.engine->rsvp_token(kScope, match.uid, "other@fans.example");
  const auto language = [&](const std::string& path) {
    return header(site.get(path), "Content-Language");
  };

  CHECK(language(own) == "ar");
  CHECK(language(others) == "fr");
  for (const auto& [wanted, given] :
       std::map<std::string, std::string>{{"de", "de"},
                                          {"de-AT,en;q=0.8", "de"},
                                          {"en;q=0.3, ja ; q=0.9", "ja"},
                                          {"tlh, pt-BR;q=0.5", "pt"},
                                          {"en-GB", "en"},
                                          {"de;q=0, it", "it"},
                                          {"tlh", "fr"},
                                          {"*", "fr"},
                                          {";;,,q=", "fr"},
                                          {std::string(5000, ','), "fr"}}) {
    INFO(wanted);
    site.languages = wanted;
    CHECK(language(others) == given);
    CHECK(language(own) == "ar");
  }
}

TEST_CASE("dates stand in the variant of the language that is asked for", "[web]") {
  Site site;
  const auto event = site.event();
  site.languages = "en-GB";
  CHECK(has(site.get("/e/" + event.uid), "8 May 2027"));
  site.languages = "en-US";
  CHECK(has(site.get("/e/" + event.uid), "May 8, 2027"));
}

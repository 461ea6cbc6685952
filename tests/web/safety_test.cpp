// What pages must never do, whoever asks and however.
#include <random>
#include <set>

#include "calinvite/token.hpp"
#include "texts/texts.hpp"
#include "web/site.hpp"

using namespace site;

namespace {

/// Texts that would run, load or break out where a page does not escape them.
const std::vector<std::string> hostile = {"<script>alert(1)</script>",
                                          "\"><img src=x onerror=alert(1)>",
                                          "'><svg onload=alert(1)>",
                                          "</title><script>alert(1)</script>",
                                          "</textarea><script>x</script>",
                                          "{{{description}}}",
                                          "{{#form}}x{{/form}}",
                                          "<!--",
                                          "]]>",
                                          "&lt;script&gt;",
                                          "<a href=\"javascript:alert(1)\">x</a>",
                                          "<meta http-equiv=refresh content=0>",
                                          "<base href=https://evil.example/>",
                                          "\" onfocus=x y=\"",
                                          "</style><script>x</script>"};

/// Element names that a page of ours may hold, wherever its values come from.
const std::set<std::string> ours = {"!doctype", "html",  "head",     "meta",   "title", "style",
                                    "body",     "main",  "p",        "h1",     "bdi",   "dl",
                                    "dt",       "dd",    "a",        "br",     "form",  "input",
                                    "fieldset", "label", "textarea", "button", "div",   "legend"};

/// Every tag is one of ours, with no attribute that acts.
void check_markup(const std::string& html) {
  for (auto open = html.find('<'); open != std::string::npos; open = html.find('<', open + 1)) {
    const auto begin = open + (html[open + 1] == '/' ? 2 : 1);
    const auto tag = html.substr(begin, html.find('>', open) - begin);
    INFO(tag);
    CHECK(ours.count(calinvite::text::lower(tag.substr(0, tag.find_first_of(" \n/>")))) == 1);
    CHECK(tag.find(" on") == std::string::npos);
    CHECK(tag.find("http-equiv") == std::string::npos);
    CHECK(tag.find("src=") == std::string::npos);
    CHECK(tag.find("javascript:") == std::string::npos);
    CHECK(tag.find("style=") == std::string::npos);
  }
}

void check_headers(const WebResponse& response) {
  CHECK(header(response, "Cache-Control") == "no-store");
  CHECK(header(response, "Referrer-Policy") == "no-referrer");
  CHECK(header(response, "X-Robots-Tag") == "noindex, nofollow");
  CHECK(header(response, "X-Content-Type-Options") == "nosniff");
  CHECK(header(response, "Set-Cookie").empty());
  if (header(response, "Content-Type").starts_with("text/html")) {
    const auto policy = header(response, "Content-Security-Policy");
    CHECK(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find("script") == std::string::npos);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  }
}

std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

}  // namespace

TEST_CASE("R122: GET and HEAD on any link change nothing at all", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto rsvp = site.rsvp_path(event.uid);
  const auto button = site.button_target(event.uid);
  const auto unsubscribe = "/u/" + rsvp.substr(3);
  const auto before = site.stored();
  for (int round = 0; round < 3; ++round) {
    for (const std::string& target :
         {rsvp, rsvp + "?answer=yes", rsvp + "?answer=", rsvp + "?form=x&answer=yes",
          rsvp + "/invite.ics", button, button + "&form=x&website=", unsubscribe,
          unsubscribe + "?List-Unsubscribe=One-Click", "/e/" + event.uid,
          "/e/" + event.uid + ".ics", std::string("/"), std::string("/r/"), std::string("/u/")}) {
      site.ask("HEAD", target);
      site.get(target);
      for (const char* method : {"OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "get", ""}) {
        CHECK(site.ask(method, target).status >= 400);
      }
    }
  }
  CHECK(site.stored() == before);

  // A visit of an answer link leaves a receipt, and no answer.
  for (const char* answer : {"accepted", "tentative", "declined"}) {
    site.ask("HEAD", rsvp + "?answer=" + answer);
    site.get(rsvp + "?answer=" + answer);
  }
  CHECK(site.attendee(event.uid).partstat == Partstat::needs_action);
  CHECK(site.engine->statistics(kScope, event.uid)->rsvp.at("noaction") == 1);
  CHECK(site.engine->totals(kScope)->planned == 1);
}

TEST_CASE("HEAD answers as GET does, without the body", "[web]") {
  Site site;
  const auto event = site.invited_event();
  for (const auto& target : {site.rsvp_path(event.uid), site.rsvp_path(event.uid) + "/invite.ics",
                             site.button_target(event.uid), std::string("/r/unknown")}) {
    const auto full = site.get(target);
    const auto head = site.ask("HEAD", target);
    CHECK(head.status == full.status);
    CHECK(head.headers == full.headers);
    CHECK(head.body.empty());
    CHECK_FALSE(full.body.empty());
  }
}

TEST_CASE(
    "R125: unknown, expired and forged links get the same answer, and so does a POST "
    "without a valid nonce",
    "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto form = filled_in(site.get(path), "answer=accepted");
  const auto nobody = site.get("/r/nobody");
  CHECK(nobody.status == 404);
  CHECK(has(nobody, "This link is not valid"));
  CHECK_FALSE(has(nobody, "Harbour"));
  std::string other_purpose = site.button_target(event.uid);
  other_purpose = other_purpose.substr(other_purpose.find("button=") + 7, 54);
  const auto before = site.stored();
  const auto check_same = [&](const WebResponse& response) {
    CHECK(response.status == nobody.status);
    CHECK(response.headers == nobody.headers);
    CHECK(response.body == nobody.body);
  };

  for (const std::string& token : {std::string(), std::string(54, 'A'), std::string(65, 'A'),
                                   std::string(900, 'A'), path.substr(3) + "A", path.substr(3, 53),
                                   other_purpose, std::string("%00"), path.substr(3) + "%20"}) {
    check_same(site.get("/r/" + token));
    check_same(site.post("/r/" + token, form));
  }
  for (const std::string body : {"", "answer=accepted", "form=&answer=accepted",
                                 "form=x&answer=accepted", "form=AQU&answer=declined"}) {
    check_same(site.post(path, body));
  }
  check_same(site.post(path + "?" + form, "answer=accepted"));  // the nonce belongs in the form
  site.now += std::chrono::hours(24 * 400);
  check_same(site.get(path));
  check_same(site.post(path, form));
  CHECK(site.stored() == before);
}

TEST_CASE("R124: a nonce is good for its link alone, and for half a day", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto second = site.event("Another");
  site.invite(second.uid, {fan});
  const auto path = site.rsvp_path(event.uid);
  const auto nonce = input(site.get(path), "form");
  const auto of_second = input(site.get(site.rsvp_path(second.uid)), "form");
  const auto of_button = input(site.get(site.button_target(event.uid)), "form");
  const auto posts = [&](const std::string& form) {
    return site.post(path, "form=" + form + "&answer=accepted").status;
  };
  const auto before = site.stored();

  CHECK(posts(of_second) == 404);
  CHECK(posts(of_button) == 404);
  CHECK(posts(path.substr(3)) == 404);  // the link's token is no nonce
  std::mt19937 dice(20270508);
  for (int i = 0; i < 20'000; ++i) {
    std::string forged = nonce;
    const auto at = dice() % forged.size();
    const char other =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[dice() % 64];
    if (forged[at] == other) continue;
    forged[at] = other;
    if (site.engine->check_nonce(path.substr(3), forged)) FAIL(forged);
  }
  site.now += std::chrono::hours(12);
  CHECK(posts(nonce) == 404);
  CHECK(site.stored() == before);
  site.now -= std::chrono::seconds(1);
  CHECK(posts(nonce) == 200);
  // A nonce is no link of any kind.
  CHECK(site.get("/r/" + nonce).status == 404);
  CHECK(site.get("/event/" + event.uid + "/invite?button=" + nonce).status == 400);
}

TEST_CASE("R127: every response forbids keeping, indexing, framing and telling", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto button = site.button_target(event.uid, fan, "https://club.example/thanks");
  const auto form = filled_in(site.get(button), "email=fan%40fans.example");
  site.now += std::chrono::seconds(3);
  for (const auto& response :
       {site.get(path), site.post(path, ""), site.get(path + "/invite.ics"), site.get(button),
        site.post(path_of(button), form), site.get("/e/" + event.uid), site.get("/nowhere"),
        site.ask("PUT", path), site.post(path, std::string(70'000, 'x')), site.get("/u/x")}) {
    check_headers(response);
    // Nobody else is named but the page that the organizer chose.
    const std::string landing = "value=\"https://club.example/thanks\"";
    std::string rest = response.body;
    if (const auto at = rest.find(landing); at != std::string::npos) rest.erase(at, landing.size());
    CHECK(rest.find("://") == std::string::npos);
  }
  CHECK(header(site.get(button), "Content-Security-Policy")
            .find("form-action 'self' https://club.example;") != std::string::npos);
}

TEST_CASE("whatever an event, a name or a request says, pages show it as words", "[web]") {
  Site site;
  for (const auto& text : hostile) {
    Event match{.organizer = kOrganizer,
                .summary = text,
                .description = text + "\n" + text,
                .location = text};
    match.start = parse_iso("2027-05-08T15:00")->wall;
    match.end = match.start + std::chrono::hours(2);
    match.timezone = "Europe/London";
    const auto event = site.engine->create_event(kScope, match);
    REQUIRE(event);
    std::vector<InviteRequest> requests = {{fan, text, {}}};
    REQUIRE(site.engine->invite(kScope, event->uid, requests, "api"));
    const auto path = site.rsvp_path(event->uid);
    const auto encoded = calinvite::text::percent_encode(text);
    const auto button = site.button_target(event->uid, text) + "&name=" + encoded +
                        "&landing=" + encoded + "&" + encoded + "=" + encoded;
    site.languages = text;
    for (const auto& page :
         {site.get(path), site.get(path + "?answer=" + encoded), site.get("/e/" + event->uid),
          site.get(button), site.get("/" + encoded), site.get("/r/" + encoded),
          site.get("/e/" + encoded), site.get("/event/" + encoded + "/invite?button=" + encoded),
          site.post(path, filled_in(site.get(path), "answer=accepted&comment=" + encoded))}) {
      check_markup(page.body);
      for (const auto& [name, value] : page.headers) {
        CHECK(value.find_first_of("\r\n") == std::string::npos);
        if (name != "Content-Security-Policy") CHECK(value.find('<') == std::string::npos);
      }
    }
    CHECK(site.attendee(event->uid).comment == text);
    site.now += std::chrono::seconds(1);
  }
}

TEST_CASE("no page names an address of a person, and no link of ours holds one", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  for (const auto& page : {site.get(path), site.get("/e/" + event.uid), site.get("/r/x"),
                           site.post(path, filled_in(site.get(path), "answer=accepted"))}) {
    CHECK(page.body.find(fan) == std::string::npos);
    CHECK(page.body.find('@') == std::string::npos);
  }
}

TEST_CASE("a form that is too long, or of another type, is not read", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto form = filled_in(site.get(path), "answer=accepted");
  const auto before = site.stored();
  CHECK(site.post(path, form + "&comment=" + std::string(64 * 1024, 'x')).status == 413);
  for (const std::string type : {"", "text/plain", "application/json", "multipart/form-data"}) {
    WebRequest request{.method = "POST", .path = path, .headers = {{"Content-Type", type}}};
    request.body = form;
    CHECK(respond(*site.engine, request).status == 404);
  }
  CHECK(site.stored() == before);
  CHECK(site.post(path, form + "&comment=" + std::string(60 * 1024, 'x')).status == 200);
  CHECK(site.attendee(event.uid).comment.size() == 4000);
}

TEST_CASE("a link of one domain opens nothing of another", "[web]") {
  Site site;
  REQUIRE(site.engine->add_domain({.name = "cup",
                                   .from = "cal@reply.cup.example",
                                   .reply_domain = "reply.cup.example",
                                   .base_url = "https://cal.cup.example"}));
  const auto event = site.invited_event();
  CHECK(site.get(site.rsvp_path(event.uid)).status == 200);
  CHECK(site.get(site.button_target(event.uid)).status == 200);
  CHECK(site.engine->list_receipts(Scope::domain("cup"), event.uid, {}).error().code ==
        Code::not_found);
}

TEST_CASE("random requests change nothing and are answered", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto rsvp = site.rsvp_path(event.uid);
  const auto button = site.button_target(event.uid);
  const std::vector<std::string> seeds = {rsvp, rsvp + "/invite.ics", button, "/e/" + event.uid,
                                          "/e/" + event.uid + ".ics"};
  const auto before = site.stored();
  std::mt19937 dice(20270509);
  for (int i = 0; i < 2000; ++i) {
    std::string target = seeds[dice() % seeds.size()];
    for (auto edits = dice() % 4; edits > 0; --edits) {
      target.insert(dice() % (target.size() + 1), 1, static_cast<char>(dice()));
      target.erase(dice() % target.size(), 1);
    }
    const auto response = site.ask(dice() % 2 == 0 ? "GET" : "POST", target, target);
    CHECK((response.status >= 200 && response.status < 500));
    CHECK(calinvite::text::is_utf8(response.body));
  }
  CHECK(site.stored() == before);
}

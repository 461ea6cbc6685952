// The page of an RSVP button: asks, sends once a person has pressed, and leads on.
#include "web/site.hpp"

using namespace site;

namespace {

/// Opens a button's page and lets a person's time go by.
WebResponse open(Site& site, const std::string& target) {
  auto page = site.get(target);
  CHECK(page.status == 200);
  site.now += std::chrono::seconds(5);
  return page;
}

std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

WebResponse press(Site& site, const std::string& target, const std::string& address) {
  const auto page = open(site, target);
  return site.post(path_of(target), filled_in(page, "email=" + text::percent_encode(address)));
}

}  // namespace

TEST_CASE("a button's page asks, its POST sends the invitation and leads to the landing page",
          "[web]") {
  Site site;
  const auto event = site.event();
  const auto target =
      site.button_target(event.uid, "new@fans.example", "https://club.example/thanks");
  const auto page = open(site, target);
  CHECK(has(page, "Harbour v Hill"));
  CHECK(input(page, "email") == "new@fans.example");
  CHECK(site.engine->totals(kScope)->planned == 0);

  const auto done =
      site.post(path_of(target), filled_in(page, "email=new%40fans.example&name=Ana+B"));
  CHECK(done.status == 302);
  CHECK(header(done, "Location") == "https://club.example/thanks");
  site.dispatch();
  CHECK(site.sent.size() == 1);
  CHECK(site.attendee(event.uid, "new@fans.example").name == "Ana B");
  CHECK(site.attendee(event.uid, "new@fans.example").origin == "emailcta");

  press(site, target, "new@fans.example");
  site.dispatch();
  CHECK(site.sent.empty());
}

TEST_CASE("without a landing page a button's page says what happens", "[web]") {
  Site site;
  const auto event = site.event();
  const auto done = press(site, site.button_target(event.uid), fan);
  CHECK(done.status == 200);
  CHECK(has(done, "on its way"));
  site.dispatch();
  CHECK(site.sent.size() == 1);
}

TEST_CASE("a merge tag that was not filled in leaves the field empty", "[web]") {
  Site site;
  const auto event = site.event();
  for (const std::string tag : {"*|EMAIL|*", "{{ email }}", "$[LEAD:EMAIL]$", "{email}", ""}) {
    auto target = site.button_target(event.uid, tag) + "&name=" + text::percent_encode(tag);
    const auto page = site.get(target);
    CHECK(page.status == 200);
    CHECK(input(page, "email").empty());
    CHECK(input(page, "name").empty());
  }
}

TEST_CASE("what is no address is asked for again", "[web]") {
  Site site;
  const auto event = site.event();
  const auto target = site.button_target(event.uid);
  for (const std::string address :
       {"", "nobody", "a@b@c.example", "a\r\nBcc: b@c.example", "a@fans.example, b@fans.example"}) {
    // The link's own address stands in for a field that is empty: so it is posted without.
    const auto page = open(site, target);
    const auto again =
        site.post(path_of(target), filled_in(page, "email=" + text::percent_encode(address)));
    CHECK(again.status == 400);
    CHECK(has(again, "This is not a mail address"));
    CHECK(has(again, "<form"));
  }
  CHECK(site.engine->totals(kScope)->planned == 0);
}

TEST_CASE("regression D4: without a signed button, and by GET, nothing is sent to anybody",
          "[web][regression]") {
  Site site;
  const auto event = site.event();
  const auto target = site.button_target(event.uid, fan, "https://club.example/thanks");
  const auto other = site.event("Another");
  const auto of_other = site.button_target(other.uid);
  const auto token_of = [](const std::string& whole) {
    const auto begin = whole.find("button=") + 7;
    return whole.substr(begin, whole.find('&', begin) - begin);
  };
  const auto before = site.stored();
  const std::string path = "/event/" + event.uid + "/invite";
  const std::string person = "email=fan%40fans.example&name=Fan&landing=https%3A%2F%2Fevil.example";

  // Scanners and strangers of old: the link alone, by whatever method.
  for (const char* method : {"GET", "HEAD"}) {
    for (const std::string& query : {target, target + "&landing=https%3A%2F%2Fevil.example"}) {
      CHECK(site.ask(method, query).status == 200);
    }
  }
  CHECK(site.get(path + "?" + person).status == 403);
  CHECK(site.post(path + "?" + person, "").status == 403);
  CHECK(site.post(path, person).status == 403);
  for (const std::string& token : {token_of(of_other), std::string("x"), std::string(65, 'A'),
                                   token_of(target).substr(1), token_of(target) + "A"}) {
    CHECK(site.get(path + "?button=" + token + "&" + person).status == 400);
    CHECK(site.post(path, "button=" + token + "&" + person).status == 400);
  }
  CHECK(site.post(path, "button=" + token_of(target) + "&" + person).status == 400);  // no nonce
  CHECK(site.post(target, "").status == 400);
  CHECK(site.stored() == before);
  site.dispatch();
  CHECK(site.sent.empty());
}

TEST_CASE("regression D4: a request never leads a reader to a page that was not allowed",
          "[web][regression]") {
  Site site;
  Event match = site.event();
  match.landing = "https://club.example/event";
  REQUIRE(site.engine->update_event(kScope, match));
  auto domain = site.engine->list_domains()->front();
  domain.landings = {"https://club.example/listed"};
  REQUIRE(site.engine->update_domain(domain));
  const auto target = site.button_target(match.uid, fan, "https://club.example/button");
  const auto page = open(site, target);
  const auto lands = [&](const std::string& wanted) {
    const auto done = site.post(
        path_of(target), "form=" + input(page, "form") + "&button=" + input(page, "button") +
                             "&email=fan%40fans.example&landing=" + text::percent_encode(wanted));
    CHECK(done.status == 302);
    return header(done, "Location");
  };

  CHECK(lands("") == "https://club.example/button");
  CHECK(lands("https://club.example/event") == "https://club.example/event");
  CHECK(lands("https://club.example/listed") == "https://club.example/listed");
  for (const std::string evil :
       {"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
        "https://club.example/listed/", "https://club.example/listed?x=1",
        "https://club.example/listed@evil.example", "HTTPS://club.example/listed",
        "https://club.example/listed\r\nSet-Cookie: a=b", " https://club.example/listed",
        "https://club.example/listed ", "https:club.example/listed", "https://club.example",
        "http://club.example/listed", "https://club.example/%6cisted",
        "https://club.example\\@evil.example/listed", "data:text/html,x"}) {
    INFO(evil);
    CHECK(lands(evil) == "https://club.example/button");
    const auto shown = site.get(target + "&landing=" + text::percent_encode(evil));
    CHECK(input(shown, "landing") == "https://club.example/button");
    CHECK(header(shown, "Content-Security-Policy").find("evil") == std::string::npos);
  }
}

TEST_CASE("only web addresses can be landing pages", "[web]") {
  Site site;
  const auto event = site.event();
  auto domain = site.engine->list_domains()->front();
  for (const std::string wrong :
       {"javascript:alert(1)", "/thanks", "https://", "https:///x", "ftp://club.example/",
        "https://club.example/a b", "https://club.example/\r\nX: y", "https://club.example/<"}) {
    INFO(wrong);
    domain.landings = {wrong};
    const auto updated = site.engine->update_domain(domain);
    REQUIRE_FALSE(updated);
    CHECK(updated.error().code == Code::invalid_input);
    CHECK_FALSE(site.engine->button(kScope, event.uid, ButtonPreset::generic, wrong));
  }
}

TEST_CASE("a form that no person has filled in sends nothing and is answered like any other",
          "[web]") {
  Site site;
  const auto event = site.event();
  const auto target = site.button_target(event.uid, fan, "https://club.example/thanks");
  const auto page = open(site, target);

  const auto trapped = site.post(
      path_of(target), filled_in(page, "email=fan%40fans.example&website=http%3A%2F%2Fx.example"));
  CHECK(trapped.status == 302);
  CHECK(site.engine->totals(kScope)->planned == 0);

  const auto quick = site.get(target);
  const auto asked = site.post(path_of(target), filled_in(quick, "email=fan%40fans.example"));
  CHECK(asked.status == 200);
  CHECK(has(asked, "press the button once more"));
  CHECK(site.engine->totals(kScope)->planned == 0);
  site.now += std::chrono::seconds(2);  // a person presses again, and it counts
  CHECK(site.post(path_of(target), filled_in(asked, "email=fan%40fans.example")).status == 302);
  CHECK(site.engine->totals(kScope)->planned == 1);
}

TEST_CASE("how often a button is pressed is capped, and every answer is the same", "[web]") {
  Site site;
  site.options.caps = {.address = 3, .network = 20, .event = 30, .domain = 35};
  const auto event = site.event();
  const auto other = site.event("Another");
  const auto target = site.button_target(event.uid, fan, "https://club.example/thanks");
  const auto page = open(site, target);
  const auto send = [&](const std::string& address) {
    const auto done =
        site.post(path_of(target), filled_in(page, "email=" + text::percent_encode(address)));
    CHECK(done.status == 302);
    CHECK(done.body.empty());
    CHECK(done.headers ==
          site.post(path_of(target), filled_in(page, "email=x%40fans.example&website=x")).headers);
  };
  const auto planned = [&] { return site.engine->totals(kScope)->planned; };

  SECTION("by address, over events and spellings") {
    std::vector<std::string> targets;
    for (int i = 0; i < 5; ++i) {
      targets.push_back(site.button_target(site.event("Match " + std::to_string(i)).uid, fan));
    }
    for (const auto& one : targets) press(site, one, "f.an+x@gmail.com");
    CHECK(planned() == 3);
    site.now += std::chrono::days(1);
    press(site, targets[4], "fan@gmail.com");
    CHECK(planned() == 4);
  }
  SECTION("by network") {
    site.remote_address = "2001:db8:1:2::1";
    for (int i = 0; i < 40; ++i) {
      site.remote_address = "2001:db8:1:2::" + std::to_string(i + 1);
      send("fan" + std::to_string(i) + "@fans.example");
    }
    CHECK(planned() == 20);
    site.remote_address = "2001:db8:1:3::1";
    send("another@fans.example");
    CHECK(planned() == 21);
  }
  SECTION("by event, then by domain") {
    site.remote_address.clear();
    for (int i = 0; i < 40; ++i) send("fan" + std::to_string(i) + "@fans.example");
    CHECK(planned() == 30);
    const auto of_other = site.button_target(other.uid, fan);
    for (int i = 0; i < 10; ++i) press(site, of_other, "o" + std::to_string(i) + "@fans.example");
    CHECK(planned() == 35);
  }
  SECTION("who is suppressed, invited already, or ours is answered like the others") {
    send("fan@fans.example");
    send("fan@fans.example");
    send("cal@reply.league.example");
    CHECK(planned() == 1);
    site.dispatch();
    const std::string bounce =
        R"({"eventType":"Bounce","mail":{"messageId":"m","timestamp":"2027-01-01T12:00:00.000Z",)"
        R"("destination":["fan@fans.example"],"tags":{"attempt_id":[")" +
        site.sent.at(0).attempt_id +
        R"("]}},"bounce":{"bounceType":"Permanent","bounceSubType":"General","feedbackId":"f",)"
        R"("timestamp":"2027-01-01T12:00:01.000Z","bouncedRecipients":[{"emailAddress":)"
        R"("fan@fans.example"}]}})";
    site.ingest(bounce, "b.json", "");
    const auto of_other = site.button_target(other.uid, fan, "https://club.example/thanks");
    const auto suppressed = press(site, of_other, fan);
    const auto sent = press(site, of_other, "another@fans.example");
    CHECK(suppressed.status == sent.status);
    CHECK(suppressed.headers == sent.headers);
    CHECK(planned() == 2);
  }
}

TEST_CASE("an invitation by a button is in the language of the browser that asked", "[web]") {
  Site site;
  site.languages = "xx, de-AT;q=0.9, en;q=0.5";
  const auto event = site.event();
  press(site, site.button_target(event.uid), fan);
  CHECK(site.attendee(event.uid).language == "de-AT");
}

TEST_CASE("nothing of what strangers write as a name reaches a mail but a name", "[web]") {
  Site site;
  const auto event = site.event();
  const auto target = site.button_target(event.uid);
  const auto page = open(site, target);
  int number = 0;
  for (const std::string name :
       {"Buy at https://evil.example", "www.evil.example", "Ana evil.example", "<b>x</b>",
        "a\r\nBcc: x", "{{address}}", "a@b.example", "\"x\"", "x\u2028y"}) {
    const std::string address = "n" + std::to_string(++number) + "@fans.example";
    site.post(path_of(target), filled_in(page, "email=" + text::percent_encode(address) +
                                                   "&name=" + text::percent_encode(name)));
    CHECK(site.attendee(event.uid, address).name.empty());
  }
}

TEST_CASE("a closed event's button says so and sends nothing", "[web]") {
  Site site;
  const auto event = site.event();
  const auto target = site.button_target(event.uid);
  const auto page = open(site, target);
  REQUIRE(site.engine->cancel_event(kScope, event.uid));
  CHECK(site.get(target).status == 410);
  CHECK(site.post(path_of(target), filled_in(page, "email=fan%40fans.example")).status == 410);
  CHECK(site.engine->totals(kScope)->planned == 0);
}

TEST_CASE("a suspended organizer's button invites nobody", "[web]") {
  Site site;
  const auto event = site.event();
  const auto target = site.button_target(event.uid);
  const auto page = open(site, target);
  REQUIRE(site.engine->suspend_organizer(kScope, event.organizer));

  const auto pressed = site.post(path_of(target), filled_in(page, "email=fan%40fans.example"));

  CHECK(pressed.status >= 400);
  CHECK(site.engine->totals(kScope)->planned == 0);
}

TEST_CASE("an origin that is none is a broken link, and none other than the button's counts",
          "[web]") {
  Site site;
  const auto event = site.event();
  const auto target = site.button_target(event.uid);
  CHECK(site.get(target + "&origin=nonsense").status == 400);
  press(site, target + "&origin=test", fan);
  CHECK(site.attendee(event.uid).origin == "emailcta");
}

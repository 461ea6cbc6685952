// The page of an RSVP link: read, answered, changed, closed.
#include "web/site.hpp"

using namespace site;

TEST_CASE("a page shows the event, and its form records the answer that a person presses",
          "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);

  const auto page = site.get(path + "?answer=accepted");
  CHECK(page.status == 200);
  CHECK(has(page, "Harbour v Hill"));
  CHECK(has(page, "League Office"));
  CHECK(has(page, "value=\"accepted\" required checked"));
  CHECK(site.attendee(event.uid).partstat == Partstat::needs_action);

  const auto done = site.post(path, filled_in(page, "answer=accepted&comment=Two+of+us%21"));
  CHECK(done.status == 200);
  CHECK(has(done, "Your answer is saved"));
  CHECK(site.attendee(event.uid).partstat == Partstat::accepted);
  CHECK(site.attendee(event.uid).channel == "web");
  CHECK(site.attendee(event.uid).comment == "Two of us!");
}

TEST_CASE("R124: an answer may be changed as often as the person likes, by the same link and form",
          "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto page = site.get(path);
  for (const auto& [word, partstat] :
       std::vector<std::pair<std::string, Partstat>>{{"accepted", Partstat::accepted},
                                                     {"declined", Partstat::declined},
                                                     {"tentative", Partstat::tentative},
                                                     {"accepted", Partstat::accepted}}) {
    site.now += std::chrono::seconds(1);
    const auto done = site.post(path, filled_in(page, "answer=" + word));
    CHECK(done.status == 200);
    CHECK(has(done, "value=\"" + word + "\" required checked"));
    CHECK(site.attendee(event.uid).partstat == partstat);
  }
  CHECK(has(site.get(path), "value=\"accepted\" required checked"));
}

TEST_CASE("R124: answers of the same second all count, and the page shows what is stored",
          "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto page = site.get(path);
  const std::vector<std::pair<std::string, Partstat>> answers = {{"accepted", Partstat::accepted},
                                                                 {"declined", Partstat::declined},
                                                                 {"accepted", Partstat::accepted}};
  for (const auto& [word, partstat] : answers) {
    const auto done = site.post(path, filled_in(page, "answer=" + word));
    CHECK(has(done, "value=\"" + word + "\" required checked"));
    CHECK(site.attendee(event.uid).partstat == partstat);
  }
}

TEST_CASE("R110: a page that was opened before a change of time counts for nothing, and says why",
          "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto old = site.get(path + "?answer=accepted");
  Event later = *site.engine->get_event(kScope, event.uid);
  later.start += std::chrono::hours(3);
  later.end += std::chrono::hours(3);
  REQUIRE(site.engine->update_event(kScope, later));

  const auto shown = site.post(path, filled_in(old, "answer=accepted&comment=at+three"));
  CHECK(shown.status == 409);
  CHECK(has(shown, "The time of this event has changed"));
  CHECK_FALSE(has(shown, "Your answer is saved"));
  CHECK_FALSE(has(shown, "checked"));
  CHECK(has(shown, "6:00"));
  CHECK_FALSE(has(shown, "3:00"));
  CHECK(site.attendee(event.uid).partstat == Partstat::needs_action);
  const auto receipts = site.engine->list_receipts(kScope, event.uid, {1000, {}});
  for (const auto& receipt : receipts->items) CHECK(receipt.kind != ReceiptKind::replied);

  const auto done = site.post(path, filled_in(shown, "answer=declined"));
  CHECK(done.status == 200);
  CHECK(site.attendee(event.uid).partstat == Partstat::declined);
}

TEST_CASE("R110: a page that was opened before other words of the event counts", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto old = site.get(path);
  Event reworded = *site.engine->get_event(kScope, event.uid);
  reworded.description = "Bring a scarf.";
  REQUIRE(site.engine->update_event(kScope, reworded));

  CHECK(site.post(path, filled_in(old, "answer=accepted")).status == 200);
  CHECK(site.attendee(event.uid).partstat == Partstat::accepted);
  CHECK(site.attendee(event.uid).answer_sequence == 0);  // what they were shown
}

TEST_CASE("an answer that is none of ours records nothing", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto page = site.get(path);
  const auto before = site.stored();
  for (const std::string more : {"", "answer=", "answer=yes", "answer=ACCEPTED", "answer=delegated",
                                 "answer=needs_action"}) {
    CHECK(site.post(path, filled_in(page, more)).status == 200);
  }
  CHECK(site.stored() == before);
}

TEST_CASE("R124: when the event is over, cancelled or withdrawn its page is closed", "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto form = filled_in(site.get(path), "answer=accepted");
  const auto check_closed = [&] {
    for (const auto& page :
         {site.get(path), site.get(path + "?answer=declined"), site.post(path, form)}) {
      CHECK(page.status == 410);
      CHECK(has(page, "Nothing can be answered here any more"));
      CHECK_FALSE(has(page, "<form"));
    }
    CHECK(site.get(path + "/invite.ics").status == 410);
    CHECK(site.attendee(event.uid).partstat == Partstat::needs_action);
  };

  SECTION("over") {
    Event soon = *site.engine->get_event(kScope, event.uid);
    site.now = std::chrono::sys_seconds(soon.end.time_since_epoch());  // London is an hour ahead
    const auto late = site.get(path);
    CHECK(late.status == 410);
    const auto answered = site.engine->rsvp(path.substr(3), Partstat::accepted);
    REQUIRE_FALSE(answered);
    CHECK(answered.error().code == Code::conflict);
  }
  SECTION("cancelled") {
    REQUIRE(site.engine->cancel_event(kScope, event.uid));
    check_closed();
  }
  SECTION("withdrawn") {
    REQUIRE(site.engine->uninvite(kScope, event.uid, fan));
    check_closed();
  }
}

TEST_CASE("R130: the calendar file publishes the copy's UID and revision, and lists nobody",
          "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto mailed = site.sent_to(fan);
  const auto file = site.get(site.rsvp_path(event.uid) + "/invite.ics");

  CHECK(file.status == 200);
  CHECK(header(file, "Content-Type") == "text/calendar; charset=utf-8; method=PUBLISH");
  CHECK(has(file, "METHOD:PUBLISH\r\n"));
  CHECK(has(file, "UID:" + League::property(mailed, "UID") + "\r\n"));
  CHECK(has(file, "SEQUENCE:0\r\n"));
  CHECK_FALSE(has(file, "ATTENDEE"));
  std::string unfolded = file.body;
  for (auto at = unfolded.find("\r\n "); at != std::string::npos; at = unfolded.find("\r\n ")) {
    unfolded.erase(at, 3);
  }
  CHECK(unfolded.find(":mailto:" + mailed.from + "\r\n") != std::string::npos);
  CHECK(unfolded.find(kOrganizer) == std::string::npos);
}

TEST_CASE("the page of an event shows everybody what is public of it", "[web]") {
  Site site;
  Event match = site.event();
  match.conference = "https://meet.example/secret-room";
  match.description = "For {{name|everybody}}";
  REQUIRE(site.engine->update_event(kScope, match));
  const auto page = site.get("/e/" + match.uid);
  const auto file = site.get("/e/" + match.uid + ".ics");

  CHECK(page.status == 200);
  CHECK(has(page, "Harbour v Hill"));
  CHECK(has(page, "For everybody"));
  CHECK(has(page, "href=\"" + match.uid + ".ics\""));
  CHECK_FALSE(has(page, kOrganizer));
  CHECK_FALSE(has(page, "secret-room"));
  CHECK(file.status == 200);
  CHECK(has(file, "UID:" + match.uid));
  CHECK_FALSE(has(file, "secret-room"));
  CHECK_FALSE(has(file, "ATTENDEE"));
  CHECK_FALSE(has(file, kOrganizer));
  CHECK(site.get("/e/ci-unknown").status == 404);
  CHECK(site.get("/e/ci-unknown.ics").status == 404);
}

TEST_CASE("R126: opened answer links are noted as unconfirmed clicks, bursts as automated",
          "[web]") {
  Site site;
  const auto event = site.invited_event();
  const auto path = site.rsvp_path(event.uid);
  const auto details = [&] {
    std::vector<std::string> all;
    for (const auto& click : site.clicks(event.uid)) all.push_back(click.detail);
    return all;
  };
  using Details = std::vector<std::string>;

  SECTION("one link, however often it is opened in a minute") {
    for (int i = 0; i < 5; ++i) site.get(path + "?answer=accepted");
    CHECK(details() == Details{"web page, accepted"});
    site.now += std::chrono::minutes(1);
    site.get(path + "?answer=accepted");
    CHECK(details() == Details{"web page, accepted", "web page, accepted"});
  }
  SECTION("several at once are a scanner") {
    for (int i = 0; i < 3; ++i) {
      for (const char* answer : {"accepted", "tentative", "declined"}) {
        site.get(path + "?answer=" + answer);
      }
    }
    const auto all = details();
    for (const char* answer : {"accepted", "tentative", "declined"}) {
      CHECK(std::count(all.begin(), all.end(),
                       "web page, " + std::string(answer) + ", automated") == 1);
    }
    CHECK(all.size() == 4);  // the first one was taken for a person's
  }
  SECTION("a burst over the turn of a minute") {
    site.now = std::chrono::ceil<std::chrono::minutes>(site.now) + std::chrono::seconds(58);
    site.get(path + "?answer=accepted");
    site.now += std::chrono::seconds(4);
    site.get(path + "?answer=declined");
    CHECK(details().size() == 3);
    CHECK(details()[2] == "web page, declined, automated");
  }
  SECTION("a change of mind is not") {
    site.get(path + "?answer=accepted");
    site.now += std::chrono::seconds(20);
    site.get(path + "?answer=declined");
    CHECK(details() == Details{"web page, accepted", "web page, declined"});
  }
  SECTION("a page that names no answer is not noted") {
    site.get(path);
    site.get(path + "?answer=yes");
    CHECK(details().empty());
  }
  SECTION("HEAD is no person's") {
    site.ask("HEAD", path + "?answer=accepted");
    CHECK(details() == Details{"web page, accepted, automated"});
  }
  SECTION("nor is an agent that is no browser, or a known filter") {
    for (const char* agent :
         {"curl/7.88.1", "python-requests/2.31", "Go-http-client/1.1", "Slackbot-LinkExpanding 1.0",
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
          "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/119.0 Safari/537.36",
          "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com "
          "GoogleImageProxy)"}) {
      CAPTURE(agent);
      site.now += std::chrono::minutes(1);
      site.agent = agent;
      site.get(path + "?answer=accepted");
      CHECK(details().back() == "web page, accepted, automated");
    }
    CHECK(details().size() == 7);
    for (const char* agent :
         {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15",
          "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/119.0"}) {
      site.now += std::chrono::minutes(1);
      site.agent = agent;
      site.get(path + "?answer=accepted");
      CHECK(details().back() == "web page, accepted");
    }
  }
  SECTION("the link to unsubscribe together with that of an answer is a scanner's") {
    const auto& mail = site.sent_to(fan).bytes;
    const auto parsed = parse_mail(mail);
    REQUIRE(parsed);
    std::string unsubscribe;
    for (const auto& [name, value] : parsed->headers) {
      if (name == "List-Unsubscribe") unsubscribe = value;
    }
    const auto begin = unsubscribe.find("/u/");
    REQUIRE(begin != std::string::npos);
    unsubscribe = unsubscribe.substr(begin, unsubscribe.find('>', begin) - begin);
    site.get(path + "?answer=accepted");
    site.now += std::chrono::seconds(1);
    site.get(unsubscribe);
    CHECK(details() == Details{"web page, accepted", "web page, accepted, automated",
                               "web page, unsubscribe, automated"});
  }
  SECTION("no more than a hundred a day") {
    for (int i = 0; i < 150; ++i) {
      site.get(path + "?answer=accepted");
      site.now += std::chrono::minutes(1);
    }
    CHECK(details().size() == 100);
  }
  CHECK(site.attendee(event.uid).partstat == Partstat::needs_action);
  CHECK(site.engine->totals(kScope)->pending == 0);
}

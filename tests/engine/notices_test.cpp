/// What organizers are told about their mails and events.
#include <algorithm>

#include <calinvite/store.hpp>

#include "league.hpp"

using namespace league;

namespace {

std::string invitation(const std::string& uid = "derby", int sequence = 0,
                       const std::string& method = "REQUEST", const std::string& more = {}) {
  return request(uid, sequence, "20270601T193000", "20270601T213000", kOrganizer, method, more);
}

std::string with_id(std::string mail) {
  return "Message-ID: <note-1@mail.example>\r\n" + std::move(mail);
}

std::vector<Notice> notices(League& league) {
  const auto listed = league.engine->list_notices(kScope, {});
  REQUIRE(listed);
  return listed->items;
}

/// The decoded leaf of the only mail that was sent.
std::string part(const League& league, const std::string& type) {
  REQUIRE(league.sent.size() == 1);
  const auto mail = parse_mail(league.sent[0].bytes);
  REQUIRE(mail);
  for (const MailPart& leaf : mail->parts) {
    if (leaf.content_type == type) return leaf.content;
  }
  FAIL("no " << type);
  return {};
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("an invitation mail is confirmed with event number, page and button code", "[engine]") {
  League league;
  const auto raw = with_id(mail(kOrganizer, invitation()));
  const auto uid = league.ingest(raw, "a.eml").at(0).event;
  league.ingest(raw, "again.eml");

  const auto result = league.dispatch();

  CHECK(result.notices == 1);
  CHECK(result.accepted == 0);
  CHECK(result.totals.planned == 0);
  CHECK(result.totals.notices == 1);
  REQUIRE(league.sent.size() == 1);
  CHECK(league.sent[0].to == kOrganizer);
  CHECK(league.sent[0].from == "notices@reply.league.example");
  CHECK(has(league.sent[0].bytes, "\r\nAuto-Submitted: auto-"));
  CHECK(has(league.sent[0].bytes, "\r\nIn-Reply-To: <note-1@mail.example>"));
  CHECK_FALSE(has(league.sent[0].bytes, "text/calendar"));
  const auto plain = part(league, "text/plain");
  CHECK(has(plain, uid));
  CHECK(has(plain, "https://cal.league.example/e/" + uid));
  CHECK(has(plain, "<a href=\"https://cal.league.example/event/" + uid + "/invite?button="));
  CHECK(has(part(league, "text/html"), "&lt;a href=&quot;https://cal.league.example/event/" + uid));
}

TEST_CASE("a change and a cancellation tell how many will be told", "[engine]") {
  League league;
  const auto uid = league.ingest(mail(kOrganizer, invitation()), "a.eml").at(0).event;
  league.invite(uid, {"a@example.com", "b@example.com"});
  CHECK(league.dispatch().totals.accepted == 2);

  league.ingest(mail(kOrganizer, invitation("derby", 1, "REQUEST", "LOCATION:Arena\r\n")), "b.eml");
  CHECK(league.dispatch().notices == 1);
  league.ingest(mail(kOrganizer, invitation("derby", 2, "CANCEL"), "CANCEL"), "c.eml");
  CHECK(league.dispatch().notices == 1);

  const auto told = notices(league);
  REQUIRE(told.size() == 3);
  CHECK(told[0].kind == NoticeKind::created);
  CHECK(told[1].kind == NoticeKind::changed);
  CHECK(told[2].kind == NoticeKind::cancelled);
  CHECK(told[2].event == uid);
  CHECK(told[2].state == OutboxState::accepted);
  const auto mail = std::find_if(league.sent.begin(), league.sent.end(),
                                 [](const auto& message) { return message.to == kOrganizer; });
  REQUIRE(mail != league.sent.end());
  const auto read = parse_mail(mail->bytes);
  REQUIRE(read);
  CHECK(has(read->parts.front().content, "2 people will be told."));
}

TEST_CASE("what was not done is told with its reason and what would help", "[engine]") {
  struct Case {
    std::string mail, words;
  };
  auto two = invitation("one");
  const auto second = invitation("two");
  const auto begin = second.find("BEGIN:VEVENT");
  two.insert(two.find("END:VCALENDAR"), second.substr(begin, second.find("END:VCALENDAR") - begin));
  const std::string plain = "From: <" + kOrganizer +
                            ">\r\nTo: <create@reply.league.example>\r\nSubject: Derby\r\n"
                            "MIME-Version: 1.0\r\n";
  const Case cases[] = {
      {plain + "Content-Type: text/plain\r\n\r\nPlease invite all\r\n", "attach the invitation"},
      {plain + "Content-Type: application/ms-tnef; name=winmail.dat\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\neJ8+IgA=\r\n",
       "winmail.dat"},
      {mail(kOrganizer, two), "in a mail of its own"},
      {mail(kOrganizer, invitation("x", 1, "CANCEL"), "CANCEL"), "Correct what is named"},
      {plain + "X-Long: " + std::string(20'000, 'x') + "\r\n\r\n", "Make it smaller"},
  };
  for (const Case& one : cases) {
    INFO(one.words);
    League league;
    CHECK(league.ingest(one.mail, "a.eml").at(0).outcome == IngestOutcome::quarantined);
    CHECK(league.dispatch().notices == 1);
    CHECK(has(part(league, "text/plain"), one.words));
    CHECK(notices(league).at(0).kind == NoticeKind::failed);
  }
}

TEST_CASE("R120c: nobody but an authenticated sender is told anything", "[engine]") {
  League league;
  const auto raw = mail(kOrganizer, invitation());

  const auto automatic = "Auto-Submitted: auto-generated\r\nFrom: <" + kOrganizer +
                         ">\r\nTo: <create@reply.league.example>\r\n\r\nno calendar\r\n";

  league.ingest(raw, "nobody.eml", "");
  league.ingest(automatic, "automatic-words.eml");
  league.ingest(mail("stranger@else.example", invitation()), "stranger.eml", "");
  league.ingest("Auto-Submitted: auto-generated\r\n" + mail("stranger@else.example", invitation()),
                "program.eml", "stranger@else.example");
  league.ingest(mail("forged@else.example", invitation()), "forged.eml");
  league.ingest(mail("forged@else.example", invitation()), "other.eml", "stranger@else.example");
  league.ingest("Auto-Submitted: auto-replied\r\n" + raw, "automatic.eml");
  league.ingest(
      "Auto-Submitted: auto-replied\r\nX-Long: " + std::string(20'000, 'x') + "\r\n" + raw,
      "unread.eml");
  league.ingest(invitation("file"), "file.ics");

  CHECK(notices(league).empty());
}

TEST_CASE("an authenticated sender who is no organizer of a closed domain is told whom to ask",
          "[engine]") {
  League league;
  Domain domain = league.engine->list_domains()->at(0);
  domain.registration = Registration::closed;
  REQUIRE(league.engine->update_domain(domain));
  const std::string stranger = "stranger@else.example";
  const auto raw = mail(stranger, invitation());

  CHECK(league.ingest(raw, "a.eml", stranger).at(0).outcome == IngestOutcome::quarantined);
  league.ingest(raw, "again.eml", stranger);
  CHECK(league.dispatch().notices == 1);
  CHECK(league.sent.at(0).to == stranger);
  CHECK(has(part(league, "text/plain"), "stranger@else.example is not an organizer of league"));
  CHECK(has(part(league, "text/plain"), "Ask the operator to register this address"));

  for (int i = 0; i < 230; ++i) {
    league.ingest(mail(stranger, invitation(std::to_string(i))), "a.eml", stranger);
  }
  CHECK(notices(league).size() == 100);
  CHECK(league.engine->notice_totals(kScope)->planned == 200);
  CHECK(league.engine->list_events(kScope, {}, {})->items.empty());
}

TEST_CASE("a stored template that does not parse costs its words, never the work", "[engine]") {
  for (const auto* name : {"notice_created.txt", "notice_head.html", "notice_foot.txt"}) {
    INFO(name);
    League league;
    const auto store = open_store("sqlite:" + (league.folder_ / "league.db").string());
    REQUIRE(store);
    REQUIRE((*store)->set_template(kScope, name, "Hello {{#summary}}"));

    const auto items = league.ingest(mail(kOrganizer, invitation()), "a.eml");

    CHECK(items.at(0).outcome == IngestOutcome::created);
    CHECK(league.dispatch().notices == 1);
    CHECK(has(part(league, "text/plain"), "https://cal.league.example/e/" + items[0].event));
    CHECK(has(part(league, "text/html"), "https://cal.league.example/e/" + items[0].event));
    CHECK(has(part(league, "text/html"), "</html>"));
  }
}

TEST_CASE("R120: an invitation that a calendar program marks as generated is confirmed",
          "[engine]") {
  League league;

  league.ingest("Auto-Submitted: auto-generated\r\n" + mail(kOrganizer, invitation()), "a.eml");

  CHECK(notices(league).size() == 1);
}

TEST_CASE("the same mail is told about once, and a day has its limit", "[engine]") {
  League league;
  const auto broken = [](int number) {
    return "From: <" + kOrganizer +
           ">\r\nTo: <create@reply.league.example>\r\nSubject: " + std::to_string(number) +
           "\r\n\r\nno calendar\r\n";
  };
  league.ingest(broken(0), "a.eml");
  league.ingest(broken(0), "a.eml");
  CHECK(notices(league).size() == 1);

  for (int i = 1; i < 230; ++i) league.ingest(broken(i), "a.eml");
  CHECK(league.engine->notice_totals(kScope)->planned == 200);
  league.now += std::chrono::hours(25);
  league.ingest(broken(1000), "a.eml");
  CHECK(league.engine->notice_totals(kScope)->planned == 201);
}

TEST_CASE("a list that was mailed in is told with its rows and first errors", "[engine]") {
  League league;
  const std::string raw =
      "From: <" + kOrganizer +
      ">\r\nTo: <bulk@reply.league.example>\r\nSubject: list\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/csv; name=list.csv\r\n\r\n"
      "uid,summary,start\r\na,Derby,2027-06-01\r\nb,Cup,2027-02-30\r\nc,<b>x</b>,never\r\n";

  league.ingest(raw, "list.eml");
  CHECK(league.dispatch().notices == 1);

  const auto plain = part(league, "text/plain");
  CHECK(has(plain, "Rows taken: 1"));
  CHECK(has(plain, "Rows not taken: 2"));
  CHECK(has(plain, "\n3:"));
  CHECK(notices(league).at(0).subject == "Your event list was read (rows taken: 1, not taken: 2)");
}

TEST_CASE("an organizer is told once that an event is full", "[engine]") {
  League league;
  Event event = league.event();
  auto small = event;
  small.uid.clear();
  small.source_uid = "small";
  small.invite_limit = 1;
  const auto uid = league.engine->create_event(kScope, small)->uid;

  CHECK(league.invite(uid, {"a@example.com", "b@example.com"}).skip.at("limit_reached") == 1);
  league.invite(uid, {"c@example.com"});

  REQUIRE(notices(league).size() == 1);
  CHECK(notices(league)[0].kind == NoticeKind::limit);
}

TEST_CASE("regression D15: markup in any field is shown, never interpreted",
          "[engine][regression]") {
  League league;
  const std::string evil = "<script>alert(1)</script>\"'&{{summary}}{{{reason}}}";
  const auto raw =
      mail(kOrganizer, request("<i>uid</i>", 0, "20270601T193000", "20270601T213000", kOrganizer,
                               "REQUEST", "LOCATION:" + evil + "\r\nDESCRIPTION:" + evil + "\r\n"));
  auto named = raw;
  named.replace(named.find("SUMMARY:Derby"), 13, "SUMMARY:" + evil);
  named.replace(named.find("Subject: Derby"), 14, "Subject: " + evil);
  REQUIRE(league.ingest(named, "a.eml").at(0).outcome == IngestOutcome::created);
  CHECK(league.dispatch().notices == 1);
  const auto created = part(league, "text/html");
  const std::string broken = "From: <" + kOrganizer + ">\r\nTo: <create@reply.league.example>\r\n" +
                             "Subject: " + evil + "\r\n\r\nno calendar\r\n";
  league.ingest(broken, "b.eml");
  CHECK(league.dispatch().notices == 1);
  const auto failed = part(league, "text/html");

  for (const auto& html : {created, failed}) {
    CHECK_FALSE(has(html, "<script"));
    CHECK(has(html, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{{summary}}"));
  }
}

TEST_CASE("notices speak the organizer's language, and a domain's own words", "[engine]") {
  League league;
  const std::string german = "german@league.example";
  REQUIRE(
      league.engine->add_organizer({.domain = "league", .address = german, .language = "de-at"}));
  auto theirs = invitation("theirs");
  theirs.replace(theirs.find(kOrganizer), kOrganizer.size(), german);
  league.ingest(mail(german, theirs), "a.eml", german);
  CHECK(notices(league).at(0).subject == "Ihr Termin ist angelegt: Derby");
  CHECK(notices(league)[0].language == "de");

  CHECK(league.engine->set_template(kScope, "notice_created.txt", "{{#summary}}").error().code ==
        Code::invalid_input);
  for (const auto* wrong : {"{{{summary}}}", "{{&summary}}", "{{ & summary}}", "{{=<% %>=}}",
                            "{{t.no_such_phrase}}", "{{> notice_created.txt}}"}) {
    INFO(wrong);
    CHECK(league.engine->set_template(kScope, "notice_created.txt", wrong).error().code ==
          Code::invalid_input);
  }
  CHECK(league.engine->set_template(kScope, "notice_head.txt", "{{> notice_foot.txt}}")
            .error()
            .code == Code::invalid_input);
  REQUIRE(league.engine->set_template(kScope, "notice_created.txt",
                                      "Hallo! {{summary}} {{t.notice_page}}{{> notice_foot.txt}}"));
  league.dispatch();
  league.ingest(mail(kOrganizer, invitation("own")), "b.eml");
  league.dispatch();
  CHECK(part(league, "text/plain").starts_with("Hallo! Derby Page of the event"));
  REQUIRE(league.engine->set_template(kScope, "notice_created.txt", ""));
}

TEST_CASE("a notice whose answer was lost is in doubt and settled by evidence", "[engine]") {
  League league;
  league.ingest(mail(kOrganizer, invitation()), "a.eml");
  league.verdict = SendVerdict::in_doubt;
  league.dispatch();
  CHECK(league.engine->notice_totals(kScope)->in_doubt == 1);
  const auto attempt = league.sent.at(0).attempt_id;
  league.verdict = SendVerdict::accepted;
  league.dispatch();
  CHECK(league.sent.empty());

  const std::string delivery =
      R"({"eventType":"Delivery","mail":{"messageId":"m-1","destination":["fixtures@league.example"],)"
      R"("timestamp":"2027-01-01T12:00:00.000Z","tags":{"attempt_id":[")" +
      attempt +
      R"("]}},"delivery":{"timestamp":"2027-01-01T12:00:01.000Z","recipients":["fixtures@league.example"]}})";
  CHECK(league.ingest(delivery, "d.json", "").at(0).outcome == IngestOutcome::recorded);
  CHECK(league.ingest(delivery, "d.json", "").at(0).outcome == IngestOutcome::already_seen);

  CHECK(league.engine->notice_totals(kScope)->accepted == 1);
  CHECK(league.engine->totals(kScope)->planned == 0);
}

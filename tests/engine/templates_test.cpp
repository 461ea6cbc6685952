// Invitations in a domain's own words.
#include <calinvite/lint.hpp>

#include "mails.hpp"

using namespace league;

namespace {

const std::string kHtml = R"(<!DOCTYPE html>
<html lang="{{language}}" dir="{{direction}}">
<head><meta charset="utf-8"><title>{{title}}</title></head>
<body>
<h1>Club news: <bdi>{{summary}}</bdi></h1>
<p>{{when}}{{#zone}} ({{zone}}){{/zone}}, <bdi>{{organizer}}</bdi>, <bdi>{{where}}</bdi></p>
{{#changes}}<p>Moved from <bdi>{{was_where}}</bdi></p>{{/changes}}
<p>{{description}}</p>
{{#accept}}
<p><a href="{{accept}}" ses:no-track>{{t.answer_accepted}}</a>
<a href="{{tentative}}" ses:no-track>{{t.answer_tentative}}</a>
<a href="{{decline}}" ses:no-track>{{t.answer_declined}}</a></p>
{{/accept}}
<p>{{#unsubscribe}}<a href="{{unsubscribe}}" ses:no-track>{{t.unsubscribe}}</a>{{/unsubscribe}}</p>
</body>
</html>
)";

const std::string kText =
    "Club news: {{summary}}, {{where}}\n{{when}}, {{organizer}}\n{{#accept}}\n{{accept}}\n"
    "{{tentative}}\n{{decline}}\n{{/accept}}\n{{unsubscribe}}\n";

void set(League& league, const std::string& name, const std::string& contents) {
  const auto done = league.engine->set_template(kScope, name, contents);
  if (!done) FAIL(to_string(done.error()));
}

Event make(League& league, const std::string& summary, const std::string& description = {}) {
  Event match{.organizer = kOrganizer, .summary = summary};
  match.description = description;
  match.location = "Harbour Ground";
  match.start = parse_iso("2027-05-08T15:00")->wall;
  match.end = match.start + std::chrono::hours(2);
  match.timezone = "Europe/London";
  const auto created = league.engine->create_event(kScope, match);
  if (!created) FAIL(to_string(created.error()));
  return *created;
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// Rules that a sent message breaks, hints left out.
std::vector<std::string> breaches(const OutgoingMessage& message) {
  const ZoneTable zones;
  const auto findings = lint_message(message.bytes, zones);
  REQUIRE(findings);
  std::vector<std::string> rules;
  for (const Finding& finding : *findings) {
    if (finding.severity != Severity::hint) rules.push_back(finding.rule + ": " + finding.what);
  }
  return rules;
}

}  // namespace

TEST_CASE("R151: invitations, updates and cancellations are in the domain's own words",
          "[engine]") {
  League league;
  set(league, "invitation.html", kHtml);
  set(league, "invitation.txt", kText);
  Event match = make(league, "Derby <script>alert(1)</script>");
  league.invite(match.uid, {"a@example.com"});
  league.dispatch();
  const auto first = league.sent_to("a@example.com");
  const auto html = part_of(first, "text/html");
  CHECK(has(html, "<h1>Club news: <bdi>Derby &lt;script&gt;alert(1)&lt;/script&gt;</bdi></h1>"));
  CHECK(has(html, "<a href=\"https://cal.league.example/r/"));
  CHECK_FALSE(has(html, "Moved from"));
  CHECK_FALSE(has(html, "What has changed"));
  CHECK(has(part_of(first, "text/plain"), "Club news: Derby <script>alert(1)</script>, Harbour"));
  CHECK(breaches(first).empty());
  CHECK(header(first, "Subject") == "Invitation: Derby <script>alert(1)</script>");

  match = *league.engine->get_event(kScope, match.uid);
  match.location = "Hill Ground";
  REQUIRE(league.engine->update_event(kScope, match));
  league.dispatch();
  CHECK(has(part_of(league.sent_to("a@example.com"), "text/html"),
            "<p>Moved from <bdi>Harbour Ground</bdi></p>"));
  CHECK(breaches(league.sent.at(0)).empty());

  REQUIRE(league.engine->cancel_event(kScope, match.uid));
  league.dispatch();
  CHECK_FALSE(has(part_of(league.sent_to("a@example.com"), "text/html"), "/r/"));
  CHECK(breaches(league.sent.at(0)).empty());

  set(league, "invitation.html", "");
  set(league, "invitation.txt", "");
  league.invite(make(league, "Cup").uid, {"a@example.com"});
  league.dispatch();
  CHECK_FALSE(has(part_of(league.sent_to("a@example.com"), "text/html"), "Club news"));
}

TEST_CASE("a template that can't be an invitation is refused when it is set", "[engine]") {
  League league;
  auto broken = kHtml;
  broken.replace(broken.find("<bdi>{{where}}</bdi>"), 20, "{{{where}}}");
  const auto refused = league.engine->set_template(kScope, "invitation.html", broken);
  REQUIRE_FALSE(refused);
  CHECK(to_string(refused.error()) ==
        "invitation.html:6: {{{where}} would write a value unescaped");
  CHECK(league.engine->set_template(kScope, "invitation.txt", "Come!").error().code ==
        Code::invalid_input);

  league.invite(make(league, "Derby").uid, {"a@example.com"});
  league.dispatch();
  CHECK(has(part_of(league.sent_to("a@example.com"), "text/html"), "Will you take part?"));
}

TEST_CASE("R19: an event that makes too much of a template is refused, others are sent",
          "[engine]") {
  League league;
  set(league, "invitation.html", kHtml + "<!--" + std::string(78'000, '.') + "-->\n");
  const auto large = make(league, "Derby", std::string(4000, '"')).uid;
  const auto small = make(league, "Cup").uid;
  league.invite(large, {"a@example.com", "b@example.com"});
  league.invite(small, {"a@example.com"});

  const auto result = league.dispatch();

  CHECK(result.refused == 2);
  CHECK(result.accepted == 1);
  REQUIRE(league.sent.size() == 1);
  CHECK(League::property(league.sent[0], "SUMMARY") == "Cup");
  const auto refused = league.engine->list_outbox(kScope, OutboxState::refused, large, {});
  REQUIRE(refused);
  REQUIRE(refused->items.size() == 2);
  for (const auto& entry : refused->items) {
    CHECK(entry.reason == "the HTML part is over 90 KB (R19)");
  }
}

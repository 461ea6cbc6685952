/// Links that add an event by hand to a calendar on the web (interop.md 7).
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "base/text.hpp"
#include "calinvite/compose.hpp"
#include "calinvite/mime.hpp"
#include "compose/fan.hpp"

using namespace std::chrono_literals;
using namespace calinvite;

namespace {

const ZoneTable& zones() {
  static const ZoneTable table;
  return table;
}

Event match() {
  Event event;
  event.uid = "ev-1";
  event.organizer = "fixtures@league.example";
  event.summary = "Harbour & Hill + Größe";
  event.location = "Harbour Ground";
  event.start = std::chrono::local_days{std::chrono::year{2027} / 3 / 28} + 15h;
  event.end = event.start + 2h;
  event.timezone = "Europe/Berlin";
  return event;
}

Event holiday() {
  Event event = match();
  event.all_day = true;
  event.timezone.clear();
  event.start = std::chrono::local_days{std::chrono::year{2027} / 5 / 1};
  event.end = event.start + std::chrono::days(2);
  return event;
}

CalendarLinks links_of(const Event& event, const std::string& details = "Bring a scarf") {
  const auto links = calendar_links(event, details, zones());
  REQUIRE(links);
  return *links;
}

/// What stands in front of the query, under an empty name, and the query's decoded values.
using Query = std::map<std::string, std::string>;
Query query_of(const std::string& link) {
  const auto mark = link.find('?');
  Query query = {{"", link.substr(0, mark)}};
  for (const auto pair : text::split(std::string_view(link).substr(mark + 1), '&')) {
    const auto equals = pair.find('=');
    const auto value = text::percent_decode(pair.substr(equals + 1));
    CHECK(query.emplace(std::string(pair.substr(0, equals)), value).second);
  }
  return query;
}

}  // namespace

TEST_CASE("R131: Google's link has UTC times, dates or local times with zone and rule",
          "[compose]") {
  Event series = match();
  series.rrule = "FREQ=WEEKLY;COUNT=4";

  CHECK(query_of(links_of(match()).google) ==
        Query{{"", "https://calendar.google.com/calendar/render"},
              {"action", "TEMPLATE"},
              {"text", "Harbour & Hill + Größe"},
              {"dates", "20270328T130000Z/20270328T150000Z"},
              {"location", "Harbour Ground"},
              {"details", "Bring a scarf"}});
  CHECK(query_of(links_of(holiday()).google)["dates"] == "20270501/20270503");
  auto query = query_of(links_of(series).google);
  CHECK(query["dates"] == "20270328T150000/20270328T170000");
  CHECK(query["ctz"] == "Europe/Berlin");
  CHECK(query["recur"] == "RRULE:FREQ=WEEKLY;COUNT=4");
}

TEST_CASE("R132: Outlook's links have ISO times in UTC, or plain dates, and no rule", "[compose]") {
  Event series = match();
  series.rrule = "FREQ=WEEKLY;COUNT=4";
  Query expected = {{"", "https://outlook.live.com/calendar/deeplink/compose"},
                    {"path", "/calendar/action/compose"},
                    {"rru", "addevent"},
                    {"startdt", "2027-03-28T13:00:00Z"},
                    {"enddt", "2027-03-28T15:00:00Z"},
                    {"subject", "Harbour & Hill + Größe"},
                    {"location", "Harbour Ground"},
                    {"body", "Bring a scarf"}};

  CHECK(query_of(links_of(match()).outlook) == expected);
  CHECK(query_of(links_of(series).outlook) == expected);
  expected[""] = "https://outlook.office.com/calendar/deeplink/compose";
  CHECK(query_of(links_of(match()).office365) == expected);
  auto days = query_of(links_of(holiday()).outlook);
  CHECK(days["allday"] == "true");
  CHECK(days["startdt"] == "2027-05-01");
  CHECK(days["enddt"] == "2027-05-03");
}

TEST_CASE("R133: Yahoo's link has its own names and UTC times", "[compose]") {
  CHECK(query_of(links_of(match()).yahoo) == Query{{"", "https://calendar.yahoo.com/"},
                                                   {"v", "60"},
                                                   {"TITLE", "Harbour & Hill + Größe"},
                                                   {"ST", "20270328T130000Z"},
                                                   {"ET", "20270328T150000Z"},
                                                   {"in_loc", "Harbour Ground"},
                                                   {"DESC", "Bring a scarf"}});
}

TEST_CASE("R134: values are percent-encoded UTF-8, and details are cut so that links stay short",
          "[compose]") {
  std::string details = "one two\n1+1 ";
  for (int i = 0; i < 3000; ++i) details += "é";
  const auto links = links_of(match(), details);

  for (const auto& link : {links.google, links.outlook, links.office365, links.yahoo}) {
    INFO(link);
    CHECK(link.size() <= 2000);
    CHECK(link.size() > 1500);
    CHECK(link.find_first_of("+ \r\n") == std::string::npos);
    CHECK(link.find("one%20two%0A1%2B1%20%C3%A9") != std::string::npos);
    CHECK(text::is_utf8(text::percent_decode(link)));
  }
}

TEST_CASE("R135: links that only add the event stand behind those that answer", "[compose]") {
  Revision revision;
  revision.event = match();
  revision.organizer_name = "League";
  revision.base_url = "https://invite.example.com";
  const auto composer = Composer::prepare(revision, zones());
  REQUIRE(composer);
  std::string bytes;
  REQUIRE(composer->compose(fan(), bytes));
  const auto mail = parse_mail(bytes);
  REQUIRE(mail);

  const auto& html = mail->parts[1].content;
  const auto last_answer = html.rfind("?answer=");
  REQUIRE(last_answer != std::string::npos);
  for (const auto host : {"https://calendar.google.com/", "https://outlook.live.com/",
                          "https://outlook.office.com/", "https://calendar.yahoo.com/"}) {
    CHECK(mail->parts[0].content.find(host) == std::string::npos);
    const auto first = html.find(host);
    REQUIRE(first != std::string::npos);
    CHECK(first > last_answer);
    CHECK(html.substr(first, html.find('"', first) - first).find(fan().rsvp_token) ==
          std::string::npos);
  }
}

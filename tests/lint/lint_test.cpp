#include "calinvite/lint.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <iterator>

#include "lint/samples.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

Result<std::vector<Finding>> run(std::string_view bytes) {
  static const ZoneTable zones;
  return lint_message(bytes, zones, "a.eml");
}

std::vector<Finding> findings_of(std::string_view bytes) {
  auto found = run(bytes);
  if (!found) FAIL(to_string(found.error()));
  return std::move(*found);
}

/// Within the two seconds that any input within the limits may cost.
void check_in_time(const std::string& bytes) {
  INFO(bytes.substr(0, 120));
  const auto start = std::clock();
  (void)run(bytes);
  CHECK(std::clock() - start < 2 * CLOCKS_PER_SEC);
}

std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  return text;
}

std::string mail_of(const std::string& type, const std::string& body) {
  return "From: a@example.org\r\nTo: b@example.org\r\nContent-Type: " + type + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a calendar file alone is checked as what it says it is", "[lint]") {
  const std::string request = Pieces::crlf(sample_calendar(Sample::series));
  CHECK(findings_of(request).empty());

  // Without the ATTENDEE that only a request needs.
  const auto download = Pieces::crlf(
      replaced(replaced(sample_calendar(Sample::single), "METHOD:REQUEST", "METHOD:PUBLISH"),
               "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;\n"
               " RSVP=TRUE;CN=Fan;X-NUM-GUESTS=0:mailto:fan1@example.org\n",
               ""));
  CHECK(findings_of(download).empty());
}

TEST_CASE("texts may be quoted-printable", "[lint]") {
  Pieces pieces;
  pieces.mail = replaced(
      pieces.mail, "base64\n\n{PLAIN}\n",
      "quoted-printable\n\nHarbour=20v Hill\nHarbour Ground\nhttps://invite.example.com/r=\n/t\n");
  CHECK(findings_of(pieces.write()).empty());
}

TEST_CASE("HTML may write any character by its number or its name", "[lint]") {
  const auto html_with = [](const std::string& location) {
    Pieces pieces;
    pieces.calendar = replaced(pieces.calendar, "Harbour Ground", "Café – Süd “A” 😀");
    pieces.plain = replaced(pieces.plain, "Harbour Ground", "Café – Süd “A” 😀");
    pieces.html = replaced(pieces.html, "Harbour Ground", location);
    return findings_of(pieces.write());
  };

  CHECK(html_with("Caf&eacute;&nbsp;&ndash; S&#252;d &ldquo;A&rdquo; &#x1F600;").empty());
  CHECK(html_with("Caf&#xe9;&#160;&#8211; S&uuml;d &#8220;A&#8221; &#128512;").empty());
  for (const auto wrong : {"Caf&eacut; – Süd “A” 😀", "Caf&#x; – Süd “A” 😀",
                           "Caf&#xd800; – Süd “A” 😀", "Caf&#9999999; – Süd “A” 😀"}) {
    CHECK(html_with(wrong).size() == 1);
  }
}

TEST_CASE("R113: a mail about one date of a series needs no link to answer by", "[lint]") {
  for (const Sample sample : {Sample::single, Sample::instance}) {
    Pieces pieces(sample);
    for (auto* text : {&pieces.plain, &pieces.html, &pieces.calendar}) {
      for (auto at = text->find("https://invite.example.com/r/"); at != std::string::npos;
           at = text->find("https://invite.example.com/r/")) {
        text->erase(at, text->find_first_of(" \n\"<\\", at) - at);
      }
    }
    const auto found = findings_of(pieces.write());
    const auto asks = std::count_if(found.begin(), found.end(), [](const Finding& one) {
      return one.what.find("no link") != std::string::npos;
    });
    CHECK(asks == (sample == Sample::single ? 3 : 0));
  }
}

TEST_CASE("addresses are compared as they are written", "[lint]") {
  for (const std::string to :
       {"fan1@example.org", "\"One, Fan <x@y>\" <fan1@example.org> (a, b)", "<Fan1@Example.org>"}) {
    Pieces pieces;
    pieces.mail = replaced(pieces.mail, "Fan <fan1@example.org>", to);
    INFO(to);
    CHECK(findings_of(pieces.write()).empty());
  }
  Pieces labels;  // an A-label is no letter beyond ASCII
  labels.mail = replaced(labels.mail, "fan1@example.org", "fan1@xn--bcher-kva.example");
  labels.calendar = replaced(labels.calendar, "fan1@example.org", "fan1@xn--bcher-kva.example");
  CHECK(findings_of(labels.write()).empty());

  Pieces group;
  group.mail =
      replaced(group.mail, "Fan <fan1@example.org>", "Fans: fan1@example.org, b@example.org;");
  const auto findings = findings_of(group.write());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].what == "To names 2 addresses");
}

TEST_CASE("a place has line and column of the part it is in", "[lint]") {
  Pieces pieces;
  pieces.calendar = replaced(pieces.calendar, "SEQUENCE:1\n", "SEQUENCE:1\nX-A:b\x02\n");
  const auto findings = findings_of(pieces.write());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].place.source == "a.eml[text/calendar]");
  CHECK(findings[0].place.line == 25);
  CHECK(findings[0].place.column == 6);
}

TEST_CASE("what is wrong in many places is told of ten", "[lint]") {
  std::string lines;
  for (int count = 0; count < 25; ++count) lines += "COMMENT:a\\:b\n";
  const auto findings = findings_of(
      Pieces::crlf(replaced(sample_calendar(Sample::single), "SEQUENCE", lines + "SEQUENCE")));
  REQUIRE(findings.size() == 10);
  CHECK(findings[8].what.find("more") == std::string::npos);
  CHECK(findings[9].what.ends_with(", and 15 more like it"));
}

TEST_CASE("an empty line after END:VCALENDAR is found", "[lint]") {
  const auto findings = findings_of(Pieces::crlf(sample_calendar(Sample::single) + "\n"));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "R48");
  CHECK(findings[0].what == "an empty line at the end");
}

TEST_CASE("Exchange may write UIDs of its own form", "[lint]") {
  auto text = replaced(sample_calendar(Sample::single), "UID:sample",
                       "UID:040000008200E00074C5B7101A82E008");
  CHECK(findings_of(Pieces::crlf(text)).size() == 1);
  text =
      replaced(text, "PRODID:-//Example//Samples 1//EN", "PRODID:Microsoft Exchange Server 2010");
  CHECK(findings_of(Pieces::crlf(text)).empty());
}

TEST_CASE("a mail over 40 MB is what SES refuses", "[lint]") {
  const std::string mail = Pieces().write() + repeated(std::string(1000, ' ') + "\r\n", 42'000'000);
  const auto findings = findings_of(mail);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "R15");
  CHECK(findings[0].severity == Severity::error);
}

TEST_CASE("what is neither mail nor calendar is refused", "[lint]") {
  for (const std::string bytes : {"", "\r\n", "no headers here", "\xff\xfe"}) {
    const auto found = run(bytes);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == Code::invalid_input);
    CHECK(found.error().place.source == "a.eml");
  }
  CHECK(run(std::string("From: a\0b\r\n\r\n", 13)).error().code == Code::invalid_input);
}

TEST_CASE("hostile shapes cost no more than their length", "[lint]") {
  const std::string head = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n";
  check_in_time(head + repeated("DESCRIPTION:<<<<<<<<<<<<<<<<http://https://http:\r\n", 900'000));
  check_in_time(head + repeated("ATTENDEE;CN=\"a;b=c,\":mailto:x@y\r\n", 900'000));
  check_in_time(head + "RRULE:FREQ=DAILY\r\nDTSTART:20270101T000000Z\r\n" +
                repeated("EXDATE:20270101T000000Z,20270102T000000Z\r\n", 190'000));
  check_in_time(head + "SUMMARY:" + repeated("\r\n ", 900'000));
  check_in_time(repeated("BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:a\r\n", 900'000));
  check_in_time(mail_of("text/html", repeated("<a href ", 3'000'000)));
  check_in_time(
      mail_of("text/html", "<a " + repeated("href    ", 60'000) + std::string(3'000'000, ' ')));
  check_in_time(mail_of("text/plain", repeated("http://a ", 3'000'000)));
  check_in_time(mail_of("text/html", repeated("<script application/ld+json ", 3'000'000)));
  std::string nested;
  for (int level = 0; level < 30; ++level) {
    const std::string name = std::to_string(level);
    nested += "Content-Type: multipart/mixed; boundary=b" + name + "\r\n\r\n--b" + name + "\r\n";
  }
  check_in_time("From: a@example.org\r\n" + nested + repeated("--b1x\r\n", 2'000'000));
  CHECK(run("From: a@example.org\r\n" + nested).error().code == Code::too_large);
}

TEST_CASE("a zone of many names is looked up in time", "[lint]") {
  std::string zones, lines;
  for (int count = 0; count < 300; ++count) {
    const std::string name = "/x" + std::to_string(count) + "/Europe/Berlin";
    zones += replaced(berlin, "Europe/Berlin", name);
    for (int again = 0; again < 10; ++again) lines += "DTSTART;TZID=" + name + ":20270328T153000\n";
  }
  check_in_time(replaced(replaced(sample_calendar(Sample::single), berlin, zones), "SEQUENCE:1\n",
                         lines + "RRULE:FREQ=DAILY\nSEQUENCE:1\n"));
}

TEST_CASE("docs/lint.md has every row of the table of rules", "[lint]") {
  std::ifstream file(CALINVITE_SOURCE_DIR "/docs/lint.md");
  REQUIRE(file.is_open());
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::size_t rows = 0;
  for (const LintRule& rule : lint_rules()) {
    std::string row = "| " + std::string(rule.rule) + " | " +
                      std::string(to_string(rule.severity)) + " | " + std::string(rule.wants) +
                      " | " + std::string(rule.why) + " | " + std::string(rule.clients) + " |\n";
    INFO("missing: " << row);
    CHECK(page.find(row) != std::string::npos);
    ++rows;
  }
  const auto lines = std::count(page.begin(), page.end(), '\n');
  INFO("rows of no rule, " << lines << " lines");
  std::size_t in_page = 0;
  for (auto at = page.find("\n| R"); at != std::string::npos; at = page.find("\n| R", at + 1)) {
    ++in_page;
  }
  CHECK(in_page == rows);
}

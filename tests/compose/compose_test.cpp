#include "calinvite/compose.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "compose/fan.hpp"

using namespace std::chrono_literals;
using namespace calinvite;
using std::chrono::local_seconds;
using std::chrono::sys_seconds;

namespace {

local_seconds wall(int month, int day, int hour = 0, int minute = 0) {
  return std::chrono::local_days{std::chrono::year{2027} / month / day} + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

Revision invitation() {
  Revision revision = league_revision();
  revision.event.summary = "Round 1: Harbour vs. Hill";
  revision.event.description = "Bring a scarf.";
  revision.event.location = "Harbour Ground";
  revision.event.start = wall(3, 28, 15, 30);
  revision.event.end = wall(3, 28, 17, 15);
  return revision;
}

const ZoneTable& zones() {
  static const ZoneTable table;
  return table;
}

std::string compose_bytes(const Revision& revision, const CopyFields& copy) {
  const auto composer = Composer::prepare(revision, zones());
  if (!composer) FAIL(to_string(composer.error()));
  std::string out;
  const auto composed = composer->compose(copy, out);
  if (!composed) FAIL(to_string(composed.error()));
  return out;
}

/// The four leaves of a composed mail, decoded; the calendar unfolded.
struct Read {
  ParsedMail mail;
  std::string plain;
  std::string html;
  std::string calendar;
};

Read compose_mail(const Revision& revision, const CopyFields& copy) {
  auto mail = parse_mail(compose_bytes(revision, copy));
  REQUIRE(mail);
  REQUIRE(mail->parts.size() == 4);
  std::string calendar = mail->parts[2].content;
  for (auto at = calendar.find("\r\n "); at != std::string::npos; at = calendar.find("\r\n ")) {
    calendar.erase(at, 3);
  }
  Read read{std::move(*mail), {}, {}, std::move(calendar)};
  read.plain = read.mail.parts[0].content;
  read.html = read.mail.parts[1].content;
  return read;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string header(const ParsedMail& mail, std::string_view name) {
  for (const auto& [header, value] : mail.headers) {
    if (text::iequals(header, name)) return value;
  }
  return {};
}

Error prepare_error(const Revision& revision) {
  const auto composer = Composer::prepare(revision, zones());
  REQUIRE_FALSE(composer);
  return composer.error();
}

}  // namespace

TEST_CASE("From, ORGANIZER and Reply-To are the copy's organizer address", "[compose]") {
  const Read read = compose_mail(invitation(), fan());

  REQUIRE(read.mail.from.size() == 1);
  CHECK(read.mail.from[0] == Mailbox{"League Fixtures", fan().organizer_address});
  CHECK(header(read.mail, "Reply-To") == header(read.mail, "From"));
  CHECK(has(read.calendar, "ORGANIZER;CN=League Fixtures:mailto:" + fan().organizer_address));
  CHECK(read.mail.recipients == std::vector<std::string>{"fan0001@example.org"});
  CHECK(read.mail.message_id == "attempt-1@reply.example.com");
}

TEST_CASE("R10: both texts say what, when with weekday and zone, where, who and how to answer",
          "[compose]") {
  const Read read = compose_mail(invitation(), fan());

  for (const auto& text : {read.plain, read.html}) {
    CHECK(has(text, "Round 1: Harbour vs. Hill"));
    CHECK(has(text, "Sunday, March 28, 2027"));
    CHECK(has(text, "3:30"));
    CHECK(has(text, "5:15"));
    CHECK(has(text, "(Central European Time)"));
    CHECK(has(text, "Harbour Ground"));
    CHECK(has(text, "League Fixtures"));
    CHECK(has(text, "Bring a scarf."));
    CHECK(has(text, "https://invite.example.com/r/RSVP-token_1?answer=accepted"));
    CHECK(has(text, "https://invite.example.com/r/RSVP-token_1?answer=tentative"));
    CHECK(has(text, "https://invite.example.com/r/RSVP-token_1?answer=declined"));
    CHECK(has(text, "https://invite.example.com/u/UNSUBSCRIBE-token_1"));
    CHECK(has(text, "choose Yes: your calendar then adds it"));
  }
  CHECK(has(read.calendar, "https://invite.example.com/r/RSVP-token_1"));
}

TEST_CASE(
    "R121, R128: every anchor is https and kept out of click tracking, and no style or script is "
    "loaded",
    "[compose]") {
  auto revision = invitation();
  revision.event.url = "https://league.example/?a=1&b=2";
  revision.event.location = "https://meet.example.com/round-1";
  const std::string html = compose_mail(revision, fan()).html;

  int anchors = 0;
  for (auto at = html.find("<a "); at != std::string::npos; at = html.find("<a ", at + 1)) {
    const auto tag = html.substr(at, html.find('>', at) - at);
    CHECK(has(tag, " ses:no-track"));
    CHECK(has(tag, "href=\"https://"));
    ++anchors;
  }
  CHECK(anchors == 11);
  for (const auto word : {"<script", "<style", "<link", "<img", " src=", "url("}) {
    CHECK_FALSE(has(html, word));
  }
}

TEST_CASE("R137: unsubscribing takes one click, and is left out without a token", "[compose]") {
  auto silent = fan();
  silent.unsubscribe_token.clear();
  const Read with = compose_mail(invitation(), fan());
  const Read without = compose_mail(invitation(), silent);

  CHECK(header(with.mail, "List-Unsubscribe") ==
        "<https://invite.example.com/u/UNSUBSCRIBE-token_1>");
  CHECK(header(with.mail, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click");
  CHECK(header(without.mail, "List-Unsubscribe").empty());
  CHECK(header(without.mail, "List-Unsubscribe-Post").empty());
  CHECK_FALSE(has(without.html, "/u/"));
}

TEST_CASE("an update says so and continues the thread", "[compose]") {
  auto revision = invitation();
  revision.sequence = 1;
  auto copy = fan();
  copy.first = false;
  copy.first_message_id = "first@email.example.com";
  copy.partstat = Partstat::tentative;
  const Read read = compose_mail(revision, copy);

  CHECK(read.mail.subject == "Updated: Round 1: Harbour vs. Hill");
  CHECK(header(read.mail, "References") == "<first@email.example.com>");
  CHECK(header(read.mail, "In-Reply-To") == "<first@email.example.com>");
  CHECK(has(read.plain, "The organizer has changed this event."));
  CHECK(has(read.plain, "Your answer so far: Maybe"));
  CHECK(has(read.calendar, "SEQUENCE:1"));
}

TEST_CASE("a cancellation carries no way to answer", "[compose]") {
  auto revision = invitation();
  revision.method = Method::cancel;
  revision.sequence = 1;
  auto copy = fan();
  copy.rsvp_token.clear();
  const Read read = compose_mail(revision, copy);

  CHECK(read.mail.subject == "Cancelled: Round 1: Harbour vs. Hill");
  CHECK(read.mail.parts[2].method == "CANCEL");
  CHECK(has(read.calendar, "METHOD:CANCEL\r\n"));
  CHECK(has(read.calendar, "STATUS:CANCELLED\r\n"));
  for (const auto& text : {read.plain, read.html, read.calendar}) {
    CHECK_FALSE(has(text, "/r/"));
    CHECK_FALSE(has(text, "Will you take part?"));
    CHECK_FALSE(has(text, "RSVP=TRUE"));
  }
}

TEST_CASE("subject, texts and dates follow the attendee's language, else the event's",
          "[compose]") {
  auto copy = fan();
  copy.language = "de-AT";
  const Read german = compose_mail(invitation(), copy);
  copy.language = "ar";
  const Read arabic = compose_mail(invitation(), copy);
  copy.language = "tlh";
  const Read unknown = compose_mail(invitation(), copy);
  auto revision = invitation();
  revision.event.language = "ja";
  const Read japanese = compose_mail(revision, fan());

  CHECK(german.mail.subject == "Einladung: Round 1: Harbour vs. Hill");
  CHECK(header(german.mail, "Content-Language") == "de");
  CHECK(has(german.plain, "Sonntag, 28. März 2027"));
  CHECK(has(german.html, "<html lang=\"de\" dir=\"ltr\">"));
  CHECK(has(arabic.html, "<html lang=\"ar\" dir=\"rtl\">"));
  CHECK(has(arabic.html, "<bdi>Round 1: Harbour vs. Hill</bdi>"));
  CHECK(header(unknown.mail, "Content-Language") == "en");
  CHECK(has(unknown.plain, "Sunday, March 28"));
  CHECK(japanese.mail.subject == "ご招待：Round 1: Harbour vs. Hill");
  CHECK(has(japanese.calendar, "SUMMARY;LANGUAGE=ja:Round 1"));
}

TEST_CASE("an all-day event shows its last day, not the day after, and no zone", "[compose]") {
  auto revision = invitation();
  revision.event.all_day = true;
  revision.event.timezone.clear();
  revision.event.start = wall(5, 1);
  revision.event.end = wall(5, 3);
  const Read read = compose_mail(revision, fan());

  CHECK(has(read.plain, "May 1"));
  CHECK(has(read.plain, "May 2, 2027\r\n"));
  CHECK_FALSE(has(read.plain, "May 3"));
  CHECK(has(read.calendar, "DTEND;VALUE=DATE:20270503"));
}

TEST_CASE("a long description is cut between characters and points to the rest", "[compose]") {
  auto revision = invitation();
  revision.event.description.clear();
  for (int i = 0; i < 5000; ++i) revision.event.description += "é";
  const Read with_page = [&] {
    auto other = revision;
    other.event.url = "https://league.example/1";
    return compose_mail(other, fan());
  }();
  const Read without = compose_mail(revision, fan());

  CHECK(has(with_page.calendar, "é…\\n\\nAnswer this invitation here:"));
  CHECK(has(with_page.calendar, "Full details:\\nhttps://league.example/1"));
  CHECK(has(without.calendar, "Full details:\\nhttps://invite.example.com/r/RSVP-token_1"));
  CHECK(text::is_utf8(without.calendar));
  CHECK(without.calendar.size() < 10'000);
  CHECK(without.html.size() < 90 * 1024);
}

TEST_CASE("one changed instance travels alone with its own words and times", "[compose]") {
  auto revision = invitation();
  revision.event.rrule = "FREQ=WEEKLY;COUNT=4";
  Override moved;
  moved.occurrence = {wall(4, 4, 15, 30)};
  moved.start = wall(4, 5, 18);
  moved.end = wall(4, 5, 20);
  moved.summary = "Round 2, moved";
  moved.location = "Hill Ground";
  revision.event.overrides = {moved};
  revision.occurrence = moved.occurrence;
  auto copy = fan();
  copy.first = false;
  const Read read = compose_mail(revision, copy);

  CHECK(read.mail.subject == "Updated: Round 2, moved");
  CHECK(has(read.plain, "Monday, April 5, 2027"));
  CHECK(has(read.plain, "Hill Ground"));
  CHECK(has(read.plain, "only this one date of a series"));
  CHECK_FALSE(has(read.plain, "This event repeats"));
  CHECK(has(read.calendar, "RECURRENCE-ID;TZID=Europe/Berlin:20270404T153000"));
  CHECK_FALSE(has(read.calendar, "\r\nRRULE:FREQ=WEEKLY"));

  revision.event.overrides[0].cancelled = true;
  revision.method = Method::cancel;
  copy.rsvp_token.clear();
  const Read cancelled = compose_mail(revision, copy);
  CHECK(cancelled.mail.subject == "Cancelled: Round 1: Harbour vs. Hill");
  CHECK(has(cancelled.plain, "Sunday, April 4, 2027"));
}

TEST_CASE("one person's copy holds nothing of another's", "[compose]") {
  const auto composer = Composer::prepare(invitation(), zones());
  REQUIRE(composer);
  auto second = fan();
  second.uid = "ci-ffffffffffffffffffffffffffffffff";
  second.organizer_address = "fixtures+zzzzzzzzzzzzzzzz@reply.example.com";
  second.address = "fan0002@example.org";
  second.name = "Fan 0002";
  second.rsvp_token = "other-rsvp";
  second.unsubscribe_token = "other-unsubscribe";
  second.attempt_id = "attempt-2";
  std::string out;

  REQUIRE(composer->compose(fan(), out));
  const std::string first = out;
  REQUIRE(composer->compose(second, out));
  const auto mail = parse_mail(out);
  REQUIRE(mail);
  std::string all = out;
  for (const auto& part : mail->parts) all += part.content;
  for (const std::string& own : {fan().uid, fan().organizer_address, fan().address, fan().name,
                                 fan().rsvp_token, fan().unsubscribe_token, fan().attempt_id}) {
    CHECK_FALSE(has(all, own));
  }
  REQUIRE(composer->compose(fan(), out));
  CHECK(out == first);
}

TEST_CASE("text of organizers and attendees can't become markup, headers or properties",
          "[compose]") {
  auto revision = invitation();
  revision.event.summary = "<img src=x> {{unsubscribe}} & \"more\"; ATTENDEE:x\\n";
  revision.event.description = "</p><script>alert(1)</script>\r\n.\r\nBEGIN:VALARM\r\nEND:VALARM";
  revision.event.location = "\"><a href=javascript:x>";
  revision.organizer_name = "</bdi>'; \"x\" <evil@example.net>";
  auto copy = fan();
  copy.name = "<b>Fan</b>, \"x\" <evil@example.net>";
  const Read read = compose_mail(revision, copy);

  CHECK_FALSE(has(read.html, "<img"));
  CHECK_FALSE(has(read.html, "<script"));
  CHECK_FALSE(has(read.html, "<a href=javascript"));
  CHECK(has(read.html, "{{unsubscribe}}"));
  CHECK_FALSE(has(read.calendar, "\r\nBEGIN:VALARM"));
  CHECK(read.mail.recipients == std::vector<std::string>{"fan0001@example.org"});
  REQUIRE(read.mail.from.size() == 1);
  CHECK(read.mail.from[0].name == revision.organizer_name);
}

TEST_CASE("characters that reorder or hide text leave names and titles", "[compose]") {
  auto revision = invitation();
  revision.event.summary = "Ro\u202Eund\u200B 1\u2066 \U0001F468\u200D\U0001F469";
  revision.organizer_name = "League\uFEFF Fixtures\u202D";
  auto copy = fan();
  copy.name = "\u2067Fan 0001\u2060";
  const Read read = compose_mail(revision, copy);

  CHECK(read.mail.subject == "Invitation: Round 1 \U0001F468\u200D\U0001F469");
  CHECK(has(read.calendar, "SUMMARY;LANGUAGE=en:Round 1 \U0001F468\u200D\U0001F469\r\n"));
  CHECK(read.mail.from[0].name == "League Fixtures");
  CHECK(has(read.calendar, "CN=Fan 0001"));
}

TEST_CASE("a control character in any field of a copy is refused", "[compose]") {
  const auto composer = Composer::prepare(invitation(), zones());
  REQUIRE(composer);
  const std::vector<std::string CopyFields::*> fields = {
      &CopyFields::uid,  &CopyFields::organizer_address, &CopyFields::address,
      &CopyFields::name, &CopyFields::first_message_id,  &CopyFields::attempt_id};
  for (std::size_t field = 0; field < fields.size(); ++field) {
    for (const std::string& control : {std::string("\r\nX-Evil: 1"), std::string("\n"),
                                       std::string("\t"), std::string(1, '\0')}) {
      INFO("field " << field);
      auto copy = fan();
      (copy.*fields[field]).insert(0, "a" + control);
      std::string out = "before";
      const auto composed = composer->compose(copy, out);
      REQUIRE_FALSE(composed);
      CHECK(composed.error().code == Code::invalid_input);
      CHECK(out == "before");
    }
  }
}

TEST_CASE("tokens in links are percent-encoded", "[compose]") {
  CHECK(rsvp_link("https://a.example", "t-_1") == "https://a.example/r/t-_1");
  CHECK(rsvp_link("https://a.example", "x\r\n/?&") == "https://a.example/r/x%0D%0A%2F%3F%26");
  CHECK(unsubscribe_link("https://a.example", "t") == "https://a.example/u/t");
  CHECK(button_link("https://a.example", "ev 1", "t&x") ==
        "https://a.example/event/ev%201/invite?button=t%26x");
}

TEST_CASE("a copy to the organizer's own address or without RSVP token is refused", "[compose]") {
  const auto composer = Composer::prepare(invitation(), zones());
  REQUIRE(composer);
  std::string out;
  auto own = fan();
  own.address = own.organizer_address;
  auto mute = fan();
  mute.rsvp_token.clear();

  const auto to_self = composer->compose(own, out);
  const auto without_answer = composer->compose(mute, out);

  REQUIRE_FALSE(to_self);
  CHECK(to_self.error().place.field == "address");
  REQUIRE_FALSE(without_answer);
  CHECK(without_answer.error().place.field == "rsvp_token");
}

TEST_CASE("a revision that can't be written is refused before anyone's copy", "[compose]") {
  auto no_summary = invitation();
  no_summary.event.summary.clear();
  auto published = invitation();
  published.method = Method::publish;
  auto bad_base = invitation();
  bad_base.base_url = "https://invite.example.com/";
  auto bad_name = invitation();
  bad_name.organizer_name = "League\nFixtures";
  auto bad_zone = invitation();
  bad_zone.event.timezone = "Mars/Olympus";
  auto odd_zone = invitation();
  odd_zone.event.timezone = "Africa/Casablanca";
  odd_zone.event.rrule = "FREQ=WEEKLY;COUNT=160";

  CHECK(prepare_error(no_summary).place.field == "summary");
  CHECK(prepare_error(published).code == Code::invalid_argument);
  CHECK(prepare_error(bad_base).place.field == "base_url");
  CHECK(prepare_error(bad_name).place.field == "organizer_name");
  CHECK(prepare_error(bad_zone).place.field == "timezone");
  CHECK(prepare_error(odd_zone).code == Code::unsupported);
}

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"
#include "calinvite/mime.hpp"

using calinvite::calendar_parts;
using calinvite::Code;
using calinvite::parse_mail;

namespace {

const std::string calendar =
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:fixture-1\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n";

/// The shape in which Google Calendar sends: the object inline and once more attached.
std::string invitation() {
  return "Return-Path: <fixtures@league.example>\r\n"
         "From: =?UTF-8?Q?Liga=20B=C3=BCro?= <Fixtures@League.Example>\r\n"
         "To: \"Create, please\" <create@in.example.com>\r\n"
         "Cc: crew@in.example.com,\r\n board@in.example.com\r\n"
         "Subject: =?UTF-8?B?w5xiZXI=?= die\r\n Saison\r\n"
         "Message-ID: <one@league.example>\r\n"
         "In-Reply-To: <zero@league.example>\r\n"
         "References: <a@league.example> <zero@league.example>\r\n"
         "MIME-Version: 1.0\r\n"
         "Content-Type: multipart/mixed; boundary=outer\r\n\r\n"
         "--outer\r\n"
         "Content-Type: multipart/alternative; boundary=\"inner one\"\r\n\r\n"
         "--inner one\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
         "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe=\r\n!\r\n"
         "--inner one\r\nContent-Type: text/calendar; charset=UTF-8; method=REQUEST\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         calinvite::text::base64(calendar) +
         "\r\n--inner one--\r\n"
         "--outer\r\n"
         "Content-Type: application/ics; name*0*=utf-8''Spiel%C3%BC; name*1*=bersicht.ics\r\n"
         "Content-Disposition: attachment\r\n\r\n" +
         calendar + "--outer--\r\nepilogue\r\n";
}

/// `depth` multiparts inside each other around one text.
std::string nested(int depth) {
  std::string mail = "From: fixtures@league.example\r\n";
  for (int i = 0; i < depth; ++i) {
    const std::string boundary = "b" + std::to_string(i) + ".";
    mail +=
        "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
  }
  return mail + "Content-Type: text/plain\r\n\r\nhello\r\n";
}

}  // namespace

TEST_CASE("an invitation's headers are decoded and its addresses normalised", "[mime]") {
  const auto mail = parse_mail(invitation());

  REQUIRE(mail);
  REQUIRE(mail->from.size() == 1);
  CHECK(mail->from_headers == 1);
  CHECK(mail->from[0].name == "Liga Büro");
  CHECK(mail->from[0].address == "fixtures@league.example");
  CHECK(mail->recipients == std::vector<std::string>{"create@in.example.com", "crew@in.example.com",
                                                     "board@in.example.com"});
  CHECK(mail->subject == "Über die Saison");
  CHECK(mail->message_id == "one@league.example");
  CHECK(mail->references == std::vector<std::string>{"a@league.example", "zero@league.example"});
  CHECK(mail->headers.front().first == "Return-Path");
  CHECK_FALSE(mail->auto_submitted);
  CHECK_FALSE(mail->delivery_report);
}

TEST_CASE("leaves come decoded in document order with their depth", "[mime]") {
  const auto mail = parse_mail(invitation());

  REQUIRE(mail);
  REQUIRE(mail->parts.size() == 3);
  CHECK(mail->parts[0].content_type == "text/plain");
  CHECK(mail->parts[0].content == "Grüße!");
  CHECK(mail->parts[0].depth == 2);
  CHECK(mail->parts[1].method == "REQUEST");
  CHECK(mail->parts[1].content == calendar);
  CHECK(mail->parts[2].filename == "Spielübersicht.ics");
  CHECK(mail->parts[2].depth == 1);
}

TEST_CASE("a calendar object that comes twice counts once although its line ends differ",
          "[mime]") {
  const auto mail = parse_mail(invitation());

  REQUIRE(mail);
  const auto parts = calendar_parts(*mail);
  REQUIRE(parts.size() == 1);
  CHECK(parts[0]->content_type == "text/calendar");
}

TEST_CASE("calendar parts are found by type or name, also inside a forwarded message", "[mime]") {
  const std::string raw =
      "From: fixtures@league.example\nContent-Type: multipart/mixed; boundary=x\n\n"
      "--x\nContent-Type: message/rfc822\n\n"
      "From: other@league.example\nContent-Type: text/x-vcalendar\n\nBEGIN:VCALENDAR one\n"
      "--x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" +
      calinvite::text::base64("Content-Type: application/ics\n\nBEGIN:VCALENDAR two\n") +
      "\n--x\nContent-Type: application/octet-stream; name=\"Plan.ICS\"\n\nBEGIN:VCALENDAR three\n"
      "--x\nContent-Type: text/plain\n\nBEGIN:VCALENDAR as text\n";
  const auto mail = parse_mail(raw);

  REQUIRE(mail);
  const auto parts = calendar_parts(*mail);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0]->content == "BEGIN:VCALENDAR one");
  CHECK(parts[1]->content == "BEGIN:VCALENDAR two\n");
  CHECK(parts[2]->filename == "Plan.ICS");
}

TEST_CASE("text that its charset can't explain becomes U+FFFD", "[mime]") {
  const auto in = [](const std::string& charset, const std::string& body) {
    const auto mail = parse_mail(
        "From: a@example.org\nContent-Type: text/plain; charset=" + charset + "\n\n" + body);
    REQUIRE(mail);
    REQUIRE(mail->parts.size() == 1);
    return mail->parts[0].content;
  };

  CHECK(in("utf-8", "a\xff z") == "a\uFFFD z");
  CHECK(in("shift_jis", "\x93\xfa\x96\x7b") == "日本");
  CHECK(in("shift_jis", "\x93") == "\uFFFD");
  CHECK(in("no-such-charset", "caf\xe9") == "caf\uFFFD");
  CHECK(in("\"../../etc/passwd\"", "caf\xe9") == "caf\uFFFD");
  CHECK(in("us-ascii", "café") == "café");
}

TEST_CASE("broken MIME is read as far as it goes", "[mime]") {
  const auto parts_of = [](const std::string& raw) {
    const auto mail = parse_mail(raw);
    REQUIRE(mail);
    return mail->parts;
  };

  const auto unclosed = parts_of(
      "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\npreamble\n--x\n\none\n"
      "--x\n\ntwo");
  REQUIRE(unclosed.size() == 2);
  CHECK(unclosed[0].content == "one");
  CHECK(unclosed[1].content == "two");
  const auto never_begun =
      parts_of("From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\nno parts\n");
  REQUIRE(never_begun.size() == 1);
  CHECK(never_begun[0].content == "no parts\n");
  const auto bad_base64 =
      parts_of("From: a@example.org\nContent-Transfer-Encoding: base64\n\naGVsbG8!!!gd29ybGQ\n");
  REQUIRE(bad_base64.size() == 1);
  CHECK(bad_base64[0].content.starts_with("hello"));
  CHECK(parts_of("\xef\xbb\xbf \r\n\r\nFrom: a@example.org\r\n\r\nhello").at(0).content == "hello");
  const auto no_blank_line = parts_of("From: a@example.org\nno header here\nmore\n");
  REQUIRE(no_blank_line.size() == 1);
  CHECK(no_blank_line[0].content == "no header here\nmore\n");
}

TEST_CASE("a From that readers may understand differently is no single mailbox", "[mime]") {
  const auto senders = [](const std::string& from) {
    const auto mail = parse_mail(from + "\nTo: b@example.org\n\nhello\n");
    REQUIRE(mail);
    return mail->from.size();
  };

  CHECK(senders("From: a@example.org") == 1);
  CHECK(senders("From: Fan 0001 <a@example.org>") == 1);
  CHECK(senders("From: \"Fan, 0001\" <a@example.org>") == 1);
  CHECK(senders("From: =?utf-8?q?Fan=2C_1?= <a@example.org>") == 1);
  CHECK(senders("From: a@example.org, b@example.org") > 1);
  CHECK(senders("From: a@example.org\nFrom: b@example.org") == 2);
  CHECK(senders("From: crew: a@example.org;") > 1);
  CHECK(senders("From: a@example.org (b@example.org)") > 1);
  CHECK(senders("From: a@example.org <b@example.org> c@example.org") > 1);
  CHECK(senders("From: a@example.org b@example.org") > 1);
  CHECK(senders("From: nobody") > 1);
  CHECK(senders("From:") != 1);
  CHECK(senders("Subject: none") == 0);
}

TEST_CASE("automatic mail is told apart by its headers", "[mime]") {
  const auto automatic = [](const std::string& header) {
    const auto mail = parse_mail("From: a@example.org\n" + header + "\n\nhello\n");
    REQUIRE(mail);
    return mail->auto_submitted;
  };

  CHECK(automatic("Auto-Submitted: auto-replied; owner-email=x"));
  CHECK_FALSE(automatic("Auto-Submitted: No"));
  CHECK(automatic("Precedence: Bulk"));
  CHECK_FALSE(automatic("Precedence: first-class"));
  CHECK(automatic("X-Autoreply: yes"));
  CHECK(automatic("Return-Path: <>"));
  CHECK_FALSE(automatic("Return-Path: <a@example.org>"));
}

TEST_CASE("a bounce is a delivery report, a calendar answer of a room mailbox is not", "[mime]") {
  const auto report = [](const std::string& headers) {
    const auto mail = parse_mail("From: a@example.org\n" + headers + "\n\nbody\n");
    REQUIRE(mail);
    return mail->delivery_report;
  };

  CHECK(report("Content-Type: multipart/report; report-type=delivery-status; boundary=x"));
  CHECK(report("Return-Path: <>"));
  CHECK_FALSE(report("Return-Path: <>\nContent-Type: text/calendar; method=REPLY"));
  CHECK_FALSE(report("Return-Path: <a@example.org>"));
}

TEST_CASE("what is no mail is refused with a place", "[mime]") {
  const auto error = [](std::string_view raw) {
    const auto mail = parse_mail(raw);
    REQUIRE_FALSE(mail);
    return mail.error();
  };

  CHECK(error("").code == Code::invalid_input);
  CHECK(error("\n\n \r\n").code == Code::invalid_input);
  CHECK(error("BEGIN VCALENDAR").code == Code::invalid_input);
  const auto nul = error(std::string_view("From: a@example.org\n\nx\0y\n", 24));
  CHECK(nul.code == Code::invalid_input);
  CHECK(nul.place.line == 3);
}

TEST_CASE("each limit refuses one step beyond and names what it met", "[mime]") {
  const auto refused = [](const std::string& raw, std::string_view word) {
    const auto mail = parse_mail(raw);
    REQUIRE_FALSE(mail);
    CHECK(mail.error().code == Code::too_large);
    CHECK(mail.error().message.find(word) != std::string::npos);
  };
  const std::string from = "From: a@example.org\n";
  std::string headers = from;
  while (headers.size() <= 100 * 1024) headers += "X-Padding: " + std::string(80, 'x') + "\n";
  std::string parts = from + "Content-Type: multipart/mixed; boundary=x\n\n";
  for (int i = 0; i < 199; ++i) parts += "--x\n\nhello\n";
  std::string list = from + "To: a@example.org";
  for (int i = 1; i < 1000; ++i) list += ",a@x.example";

  CHECK(parse_mail(nested(20)));
  CHECK(parse_mail(parts));
  CHECK(parse_mail(list + "\n\nhello\n"));
  refused(nested(21), "levels");
  refused(parts + "--x\n\nhello\n", "parts");
  refused(list + ",a@x.example\n\nhello\n", "To holds more than 1000 addresses");
  refused(headers + "\nhello\n", "block");
  refused(from + "Subject: " + std::string(16 * 1024, 'x') + "\n\nhello\n", "Subject");
  refused(from + "Content-Type: multipart/mixed; boundary=" + std::string(71, 'b') + "\n\nhello\n",
          "boundary");
  refused(from + "\n" + std::string(10'000'000, 'x'), "10000000");
}

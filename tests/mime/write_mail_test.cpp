#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"
#include "calinvite/mime.hpp"

using namespace std::chrono_literals;
using calinvite::Code;
using calinvite::OutgoingMail;
using calinvite::write_mail;

namespace {

OutgoingMail outgoing() {
  OutgoingMail mail;
  mail.from = {"League Fixtures", "fixtures+abc234@in.example.com"};
  mail.to = {"Fan 0001", "fan0001@example.org"};
  mail.subject = "Invitation: Round 1";
  mail.date = std::chrono::sys_days{std::chrono::year{2027} / 3 / 5} + 7h + 8min + 9s;
  mail.message_id = "attempt-1@in.example.com";
  mail.language = "en";
  mail.text_plain = "Round 1\nBring a scarf";
  mail.text_html = "<p>Round 1</p>";
  mail.calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
  return mail;
}

Code refusal(const OutgoingMail& mail) {
  const auto written = write_mail(mail);
  REQUIRE_FALSE(written);
  return written.error().code;
}

std::string header(const std::string& mail, std::string_view name) {
  const auto at = mail.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 4;
  return mail.substr(start, mail.find("\r\n", start) - start);
}

}  // namespace

TEST_CASE("what write_mail writes, parse_mail reads back", "[mime]") {
  auto mail = outgoing();
  mail.subject = "Invitation: Überraschung 🎉 in der Allee der Kosmonauten, dritter Aufgang links";
  mail.from.name = "Liga \"Nord\", Büro";
  mail.to.name = "مشجع ٠٠٠١";
  mail.references = {"first@example.com", "second@example.com"};

  const auto written = write_mail(mail);
  REQUIRE(written);
  const auto read = calinvite::parse_mail(*written);

  REQUIRE(read);
  CHECK(read->subject == mail.subject);
  REQUIRE(read->from.size() == 1);
  CHECK(read->from[0] == mail.from);
  CHECK(read->recipients == std::vector<std::string>{"fan0001@example.org"});
  CHECK(read->message_id == mail.message_id);
  CHECK(read->references == mail.references);
  CHECK(read->auto_submitted);
  REQUIRE(read->parts.size() == 4);
  CHECK(read->parts[0].content == "Round 1\r\nBring a scarf");
  CHECK(read->parts[1].content_type == "text/html");
  CHECK(read->parts[2].content_type == "text/calendar");
  CHECK(read->parts[2].method == "REQUEST");
  CHECK(read->parts[2].content == mail.calendar);
  CHECK(read->parts[3].content_type == "application/ics");
  CHECK(read->parts[3].filename == "invite.ics");
  CHECK(read->parts[3].method.empty());
  CHECK(read->parts[3].content == mail.calendar);
}

TEST_CASE("the headers of an invitation are those of R9, R14, R16 and R27", "[mime]") {
  auto mail = outgoing();
  mail.headers = {{"List-Unsubscribe", "<https://example.com/u/token>"}};
  mail.references = {"first@example.com"};
  const auto written = write_mail(mail);

  REQUIRE(written);
  CHECK(written->starts_with("From: League Fixtures <fixtures+abc234@in.example.com>\r\n"));
  CHECK(header(*written, "Reply-To") == "League Fixtures <fixtures+abc234@in.example.com>");
  CHECK(header(*written, "Date") == "Fri, 05 Mar 2027 07:08:09 +0000");
  CHECK(header(*written, "Content-Language") == "en");
  CHECK(header(*written, "Auto-Submitted") == "auto-generated");
  CHECK(header(*written, "X-Auto-Response-Suppress") == "OOF, AutoReply");
  CHECK(header(*written, "Content-class") == "urn:content-classes:calendarmessage");
  CHECK(header(*written, "In-Reply-To") == "<first@example.com>");
  CHECK(header(*written, "List-Unsubscribe") == "<https://example.com/u/token>");
}

TEST_CASE("a notice without calendar is an alternative of text and HTML", "[mime]") {
  auto mail = outgoing();
  mail.calendar.clear();
  const auto written = write_mail(mail);

  REQUIRE(written);
  CHECK(header(*written, "Content-Type") == "multipart/alternative; boundary=\"=_a\"");
  CHECK(header(*written, "Content-class").empty());
  const auto read = calinvite::parse_mail(*written);
  REQUIRE(read);
  CHECK(read->parts.size() == 2);
}

TEST_CASE("a text part travels in the encoding that makes it shortest", "[mime]") {
  using calinvite::best_encoding;
  using calinvite::TransferEncoding;

  CHECK(best_encoding("Round 1\r\n\tBring a scarf") == TransferEncoding::seven_bit);
  CHECK(best_encoding("Größe gegen Straße, mit einem langen Satz dahinter") ==
        TransferEncoding::quoted_printable);
  CHECK(best_encoding("第1節 港対丘") == TransferEncoding::base64);
  CHECK(best_encoding(std::string(501, 'a')) == TransferEncoding::quoted_printable);
  CHECK(best_encoding("A bell\a rings through the night") == TransferEncoding::quoted_printable);
  CHECK(best_encoding("1\n--=_m\n2") == TransferEncoding::quoted_printable);
}

TEST_CASE("text parts come back as they were, whatever they travelled as", "[mime]") {
  const std::vector<std::string> texts = {"a",
                                          "",
                                          "a\r\n",
                                          "a \r\n b\t\r\n\r\nc",
                                          std::string(400, '=') + "\r\n" + std::string(77, 'x'),
                                          "--=_a\r\n--=_a--\r\n--=_m--",
                                          "Größe\r\n第1節 港対丘 " + std::string(75, ' ') + "."};
  for (const auto& text : texts) {
    for (const auto encoding :
         {calinvite::TransferEncoding::quoted_printable, calinvite::TransferEncoding::base64}) {
      INFO(text);
      auto mail = outgoing();
      mail.text_plain = mail.text_html = text;
      mail.plain_encoding = mail.html_encoding = encoding;
      const auto written = write_mail(mail);
      REQUIRE(written);
      const auto read = calinvite::parse_mail(*written);
      REQUIRE(read);
      REQUIRE(read->parts.size() == 4);
      CHECK(read->parts[0].content == text);
      CHECK(read->parts[1].content == text);
      for (std::size_t at = 0; at < written->size();) {
        const auto end = written->find("\r\n", at);
        CHECK(end - at <= 78);
        at = end + 2;
      }
    }
  }
}

TEST_CASE("R14: a control character in any single-line field is refused", "[mime]") {
  using Edit = void (*)(OutgoingMail&, const std::string&);
  const std::vector<Edit> fields = {
      [](OutgoingMail& m, const std::string& c) { m.subject += c; },
      [](OutgoingMail& m, const std::string& c) { m.from.name += c; },
      [](OutgoingMail& m, const std::string& c) { m.to.name += c; },
      [](OutgoingMail& m, const std::string& c) { m.from.address.insert(3, c); },
      [](OutgoingMail& m, const std::string& c) { m.to.address.insert(3, c); },
      [](OutgoingMail& m, const std::string& c) { m.message_id.insert(3, c); },
      [](OutgoingMail& m, const std::string& c) { m.references = {"a" + c + "@example.com"}; },
      [](OutgoingMail& m, const std::string& c) { m.language += c; },
      [](OutgoingMail& m, const std::string& c) {
        m.headers = {{"X-Note", "a" + c}};
      },
      [](OutgoingMail& m, const std::string& c) {
        m.headers = {{"X-Note" + c, "a"}};
      },
  };
  for (std::size_t field = 0; field < fields.size(); ++field) {
    for (const std::string& control :
         {std::string(1, '\0'), std::string("\r\nBcc: x@example.org"), std::string("\n"),
          std::string("\r"), std::string("\t"), std::string("\x1b"), std::string("\x7f"),
          std::string("\u0085"), std::string("\u2028"), std::string("\xff")}) {
      INFO("field " << field);
      auto mail = outgoing();
      fields[field](mail, control);
      CHECK(refusal(mail) == Code::invalid_input);
    }
  }
}

TEST_CASE("R12: a header that would occur twice is refused", "[mime]") {
  for (const auto name : {"Subject", "bcc", "CONTENT-TYPE", "Sender"}) {
    auto mail = outgoing();
    mail.headers = {{name, "value"}};
    CHECK(refusal(mail) == Code::invalid_input);
  }
  auto twice = outgoing();
  twice.headers = {{"X-One", "a"}, {"x-one", "b"}};
  CHECK(refusal(twice) == Code::invalid_input);
}

TEST_CASE("addresses must stand in their one form", "[mime]") {
  for (const auto address :
       {"Fan@example.org", "mailto:fan@example.org", "fan", "fan@exämple.org"}) {
    auto mail = outgoing();
    mail.to.address = address;
    CHECK(refusal(mail) == Code::invalid_input);
  }
  auto mail = outgoing();
  mail.to.address = "fän@example.org";
  CHECK(refusal(mail) == Code::unsupported);
}

TEST_CASE("R15: a mail over 40 MB is refused", "[mime]") {
  auto mail = outgoing();
  mail.text_plain.assign(42'000'000, 'x');

  CHECK(refusal(mail) == Code::too_large);
}

TEST_CASE("header text is encoded only where it must be and never inside a character", "[mime]") {
  CHECK(calinvite::encode_header_text("Round 1: A vs. B") == "Round 1: A vs. B");
  CHECK(calinvite::encode_header_text("") == "");
  CHECK(calinvite::encode_header_text("Tür") == "=?UTF-8?B?VMO8cg==?=");
  CHECK(calinvite::encode_header_text("not =?utf-8?q?this?=").starts_with("=?UTF-8?B?"));
  CHECK(calinvite::encode_header_text("two  blanks").starts_with("=?UTF-8?B?"));

  std::string text;
  for (int i = 0; i < 60; ++i) text += "日本🎉";
  const std::string encoded = calinvite::encode_header_text(text);
  std::string decoded;
  for (const auto word : calinvite::text::split(encoded, ' ')) {
    CHECK(word.size() <= 75);
    const auto bytes = calinvite::text::from_base64(word.substr(10, word.size() - 12));
    REQUIRE(bytes);
    CHECK(calinvite::text::is_utf8(*bytes));
    decoded += *bytes;
  }
  CHECK(decoded == text);
}

TEST_CASE("names are bare, quoted or encoded as they need", "[mime]") {
  CHECK(calinvite::write_mailbox({"", "a@example.org"}) == "a@example.org");
  CHECK(calinvite::write_mailbox({"Fan 0001", "a@example.org"}) == "Fan 0001 <a@example.org>");
  CHECK(calinvite::write_mailbox({"Fan, \"1\" \\", "a@example.org"}) ==
        "\"Fan, \\\"1\\\" \\\\\" <a@example.org>");
  CHECK(calinvite::write_mailbox({"Jürgen", "a@example.org"}) ==
        "=?UTF-8?B?SsO8cmdlbg==?= <a@example.org>");
}

TEST_CASE("R14: long headers fold below 78 octets and unfold to what they were", "[mime]") {
  auto mail = outgoing();
  mail.subject.clear();
  for (int i = 0; i < 40; ++i) mail.subject += "word" + std::to_string(i) + " ";
  mail.subject += "end";
  const auto written = write_mail(mail);

  REQUIRE(written);
  for (const auto line : calinvite::text::split(*written, '\n')) CHECK(line.size() <= 78);
  const auto read = calinvite::parse_mail(*written);
  REQUIRE(read);
  CHECK(read->subject == mail.subject);
}

#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"
#include "calinvite/mime.hpp"

namespace {

/// The content of a calendar part of those bytes.
std::string read(const std::string& charset, const std::string& bytes) {
  const auto mail = calinvite::parse_mail("From: a@example.org\nContent-Type: text/calendar" +
                                          (charset.empty() ? "" : "; charset=\"" + charset + "\"") +
                                          "\nContent-Transfer-Encoding: base64\n\n" +
                                          calinvite::text::base64(bytes));
  REQUIRE(mail);
  const auto parts = calinvite::calendar_parts(*mail);
  REQUIRE(parts.size() == 1);
  return parts[0]->content;
}

/// ASCII as UTF-16.
std::string wide(const std::string& ascii, bool little) {
  std::string bytes;
  for (const char c : ascii) bytes += little ? std::string({c, '\0'}) : std::string({'\0', c});
  return bytes;
}

}  // namespace

TEST_CASE("R93: calendars of any declared charset become UTF-8", "[mime]") {
  CHECK(read("iso-8859-1", "SUMMARY:M\xfcller") == "SUMMARY:Müller");
  CHECK(read("ISO-8859-15", "\xa4") == "€");
  CHECK(read("windows-1252", "\x93x\x94 \x80") == "“x” €");
  CHECK(read("windows-1251", "\xcc\xe0\xf2\xf7") == "Матч");
  CHECK(read("koi8-r", "\xed\xc1\xd4\xde") == "Матч");
  CHECK(read("iso-2022-jp", "\x1b$BF|K\\\x1b(B") == "日本");
  CHECK(read("gb2312", "\xb1\xc8\xc8\xfc") == "比赛");
  CHECK(read("big5", "\xa4\xf1\xc1\xc9") == "比賽");
  CHECK(read("euc-kr", "\xb0\xe6\xb1\xe2") == "경기");
  CHECK(read("utf-7", "M+APw-ller") == "Müller");
  CHECK(read("unicode-1-1-utf-7", "M+APw-ller") == "Müller");
  CHECK(read("us-ascii", "M\xc3\xbcller") == "Müller");
}

TEST_CASE("R93: UTF-16 is read by its mark or by its zeros, whatever it is called", "[mime]") {
  const std::string text = "BEGIN:VCALENDAR\r\n";

  for (const auto* charset : {"", "utf-8", "utf-16", "UTF-16LE", "utf-16be", "unicode"}) {
    INFO(charset);
    CHECK(read(charset, "\xff\xfe" + wide(text, true)) == text);
    CHECK(read(charset, "\xfe\xff" + wide(text, false)) == text);
    CHECK(read(charset, wide(text, true)) == text);
    CHECK(read(charset, wide(text, false)) == text);
  }
  CHECK(read("utf-16", "\xff\xfe\x3d\xd8") == "\uFFFD\uFFFD");
}

TEST_CASE("what is neither UTF-8 nor declared becomes U+FFFD, never a guess", "[mime]") {
  CHECK(read("", "M\xfcller") == "M\uFFFDller");
  CHECK(read("utf-8", "M\xfcller") == "M\uFFFDller");
  CHECK(read("no-such-charset", "M\xfcller") == "M\uFFFDller");
}

TEST_CASE("R90: uuencoded calendars are read", "[mime]") {
  const auto in = [](const std::string& body) {
    const auto mail = calinvite::parse_mail(
        "From: a@example.org\nContent-Type: application/ics\n"
        "Content-Transfer-Encoding: x-uuencode\n\n" +
        body);
    REQUIRE(mail);
    REQUIRE(mail->parts.size() == 1);
    return mail->parts[0].content;
  };

  CHECK(in("begin 644 a.ics\r\n/0D5'24XZ5D-!3$5.1$%2\r\n`\r\nend\r\n") == "BEGIN:VCALENDAR");
  CHECK(in("begin 644 a.ics\n/0D5'24X").starts_with("BEGIN"));
  CHECK(in("no begin\n").empty());
}

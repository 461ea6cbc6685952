#include <catch2/catch.hpp>
#include <ctime>
#include <string>

#include "calinvite/mime.hpp"

using calinvite::Code;
using calinvite::parse_mail;

namespace {

/// Reads within the two seconds that any input within the limits may cost (I13).
calinvite::Result<calinvite::ParsedMail> parse_in_time(const std::string& raw) {
  const auto start = std::clock();
  auto mail = parse_mail(raw);
  CHECK(std::clock() - start < 2 * CLOCKS_PER_SEC);
  return mail;
}

std::string repeat(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  return text;
}

}  // namespace

TEST_CASE("a 124-byte mail with a long parameter name is read at once", "[mime]") {
  // The name and value whose re-encoding loops for ever in GMime 3.2.13 (M2).
  std::string raw = "Subject: bare\nContent-Type: multipart/mixed; ";
  raw += std::string(70, 'n') + "=\xc3\xa4\n\nx\n";
  raw.resize(124, '\n');

  const auto mail = parse_in_time(raw);

  REQUIRE(mail);
  REQUIRE(mail->parts.size() == 1);
  CHECK(mail->parts[0].content_type == "multipart/mixed");
}

TEST_CASE("nested address groups are refused before they recurse", "[mime]") {
  const auto error = [](const std::string& to) {
    const auto mail = parse_in_time("From: a@example.org\nTo: " + to + "\n\nhello\n");
    REQUIRE_FALSE(mail);
    CHECK(mail.error().place.field == "To");
    return mail.error().code;
  };

  CHECK(error("g: h: a@example.org;;") == Code::invalid_input);
  CHECK(error(repeat("g:", 16'000)) == Code::invalid_input);
  // Quotes and brackets that never close must not hide the colons from the scan.
  CHECK(error("\"" + repeat("g:", 8'000)) == Code::invalid_input);
  CHECK(error("<" + repeat("g:", 8'000)) == Code::invalid_input);
}

TEST_CASE("one level of groups and colons in names are fine", "[mime]") {
  const auto mail = parse_in_time(
      "From: a@example.org\nTo: crew: b@example.org, c@example.org; "
      "board: \"re: x: y\" <d@example.org>;\nCc: undisclosed-recipients:;\n\nhello\n");

  REQUIRE(mail);
  CHECK(mail->recipients ==
        std::vector<std::string>{"b@example.org", "c@example.org", "d@example.org"});
}

TEST_CASE("mails made of nothing but structure cost no more than two seconds", "[mime]") {
  const std::string head = "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n";

  CHECK_FALSE(parse_in_time(head + repeat("--x\n\n", 9'000'000)));
  CHECK_FALSE(parse_in_time(head + repeat("--x\n", 9'000'000)));
  CHECK_FALSE(parse_in_time(repeat("Content-Type: message/rfc822\n\n", 9'000'000)));
  CHECK(parse_in_time(head + repeat("\n", 9'000'000)));
  CHECK(parse_in_time(head + repeat("--y\n", 9'000'000)));
}

TEST_CASE("levels that each scan the whole mail again stay within two seconds", "[mime]") {
  std::string raw = "From: a@example.org\n";
  for (int i = 0; i < 20; ++i) {
    const std::string boundary(static_cast<std::size_t>(i) + 1, 'b');
    raw += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }

  CHECK(parse_in_time(raw + "\n" + repeat("abcdefg\n", 9'000'000)));
}

TEST_CASE("headers of one hostile character each are read at once", "[mime]") {
  for (const std::string_view unit :
       {"(",       ")",    "<",         ">",          "\"", "\\", ",", ";",    "@",
        "[",       "=",    "=?",        "=?utf-8?Q?", "*",  "'",  "%", "\xe4", "=?utf-8?B?w6Q=?= ",
        "a b(c) ", "a;b=", ";n*0*=%41", "<@a,@b:"}) {
    INFO(unit);
    const std::string value = repeat(unit, 900);
    const std::string long_value = repeat(unit, 16'000);
    const auto mail = parse_in_time("From: " + value + "\nTo: " + value +
                                    "\nSubject: " + long_value + "\nContent-Type: text/plain; " +
                                    long_value + "\nContent-Disposition: attachment; " +
                                    long_value + "\nReferences: " + long_value + "\n\nhello\n");
    if (!mail) CHECK(mail.error().place.field.size() > 0);
  }
}

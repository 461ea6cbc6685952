#include <catch2/catch.hpp>
#include <string>

#include "base/text.hpp"
#include "calinvite/mime.hpp"

namespace {

std::string text_of(const std::string& body, const std::string& type = "text/plain") {
  const auto mail = calinvite::parse_mail("From: fan0001@example.org\nContent-Type: " + type +
                                          "; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
                                          calinvite::text::base64(body));
  REQUIRE(mail);
  return calinvite::reply_text(*mail);
}

}  // namespace

TEST_CASE("R117: quoted text, its attribution and the signature are left out", "[mime]") {
  CHECK(text_of("I will be late.\r\n\r\nOn Mon, 1 Mar 2027 at 10:00, League wrote:\r\n"
                "> Kick-off\r\n>> at ten\r\n\r\n-- \r\nFan 0001\r\n") == "I will be late.");
  CHECK(
      text_of("Ja!\n\nAm 01.03.27 um 10:00 schrieb League\n<fixtures@league.example>:\n\n> x\n") ==
      "Ja!");
  CHECK(text_of("Oui\n\nLe lundi, League a écrit :\n> x\n") == "Oui");
  CHECK(text_of("> Kick-off?\nAt ten.\n> Where?\nHere.\n") == "At ten.\nHere.");
  CHECK(text_of("Notes:\n> x\n") == "Notes:");
  CHECK(text_of("one\n\ntwo\n") == "one\n\ntwo");
}

TEST_CASE("R117: Outlook's copy of the original is left out", "[mime]") {
  CHECK(text_of("Fine.\r\n\r\n-----Original Message-----\r\nFrom: League\r\nKick-off\r\n") ==
        "Fine.");
  CHECK(text_of("Gut.\n\n-----Ursprüngliche Nachricht-----\nVon: League\n") == "Gut.");
  CHECK(text_of("Fine.\n________________________________\nFrom: League\n") == "Fine.");
  CHECK(text_of("Fine.\n\nFrom: League <a@league.example>\nSent: Monday\nTo: Fan 0001\n") ==
        "Fine.");
  CHECK(text_of("From: here on I am in\n") == "From: here on I am in");
  CHECK(text_of("-----\nnot a rule\n") == "-----\nnot a rule");
}

TEST_CASE("the text of a reply is bounded and never cut inside a character", "[mime]") {
  std::string body;
  for (int i = 0; i < 3000; ++i) body += "ü\n";
  const auto text = text_of(body);

  CHECK(text.size() <= 4000);
  CHECK(text.size() > 3900);
  CHECK(calinvite::text::is_utf8(text));
  CHECK(text_of("<p>hello</p>", "text/html").empty());
  CHECK(text_of("").empty());
}

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "calinvite/model.hpp"

using namespace calinvite;

namespace {

std::string normal(std::string_view address) {
  const auto result = normalize_address(address);
  return result ? *result : "refused: " + std::string(code_name(result.error().code));
}

}  // namespace

TEST_CASE("an address has one form, however it was written", "[model]") {
  CHECK(normal("Fan.0001@Example.COM") == "fan.0001@example.com");
  CHECK(normal("MAILTO:fan.0001@example.com") == "fan.0001@example.com");
  CHECK(normal("fan+away@example.com") == "fan+away@example.com");
  CHECK(normal("!#$%&'*+-/=?^_`{|}~@example.org") == "!#$%&'*+-/=?^_`{|}~@example.org");
  CHECK(normal("fan@bücher.example") == "fan@xn--bcher-kva.example");
}

TEST_CASE("an address without both parts or with stray characters is refused", "[model]") {
  for (const char* address : {"",
                              "@",
                              "fan",
                              "fan@",
                              "@example.com",
                              ".fan@example.com",
                              "fan.@example.com",
                              "fan..1@example.com",
                              "fan 1@example.com",
                              " fan@example.com",
                              "fan@example.com ",
                              "fan@exa mple.com",
                              "fan@-example.com",
                              "fan@example-.com",
                              "fan@example..com",
                              "fan@example.com.",
                              "fan@localhost",
                              "fan@192.0.2.1",
                              "fan@[192.0.2.1]",
                              "fan@example_1.com",
                              "a@b@example.com",
                              "<fan@example.com>",
                              "fan@example.com?cc=x"}) {
    INFO(address);
    CHECK(normal(address) == "refused: invalid_input");
  }
}

TEST_CASE("an address is in its form exactly when normalizing it changes nothing", "[model]") {
  const std::string labels = std::string(63, 'h') + "." + std::string(63, 'i') + ".example";
  const std::vector<std::string> addresses = {"fan.0001@example.com",
                                              "Fan@example.com",
                                              "fan@Example.com",
                                              "mailto:fan@example.com",
                                              "!#$%&'*+-/=?^_`{|}~@example.org",
                                              "fan@xn--bcher-kva.example",
                                              "fan@bücher.example",
                                              "fan@xn--.example",
                                              "fän@a.example",
                                              "fan",
                                              "@example.com",
                                              "fan@",
                                              "",
                                              "fan@localhost",
                                              "fan@192.0.2.1",
                                              "fan@a.b1",
                                              "fan@example..com",
                                              "fan@.example",
                                              "fan@example.com.",
                                              "fan..1@example.com",
                                              ".fan@example.com",
                                              "fan.@example.com",
                                              "fan@-a.example",
                                              "fan@a-.example",
                                              "fan 1@example.com",
                                              "fan@example.com\n",
                                              "a@b@example.com",
                                              std::string(64, 'l') + "@example.com",
                                              std::string(65, 'l') + "@example.com",
                                              "fan@" + labels,
                                              "fan@i" + labels,
                                              std::string(64, 'l') + "@" + labels,
                                              "fan@" + labels + "." + labels};
  for (const std::string& address : addresses) {
    INFO(address);
    CHECK(is_normal_address(address) == (normal(address) == address));
  }
}

TEST_CASE("an address with any control character is refused", "[model]") {
  for (int control = 0; control < 0x20; ++control) {
    CHECK(normal("fan@example.com" + std::string(1, static_cast<char>(control))) ==
          "refused: invalid_input");
    CHECK(normal(std::string(1, static_cast<char>(control)) + "fan@example.com") ==
          "refused: invalid_input");
  }
  CHECK(normal("fan\x7f@example.com") == "refused: invalid_input");
  CHECK(normal("fan\xc2\x85@example.com") == "refused: invalid_input");
  CHECK(normal("fan\xe2\x80\xa8@example.com") == "refused: invalid_input");
  CHECK(normal("fan\xff@example.com") == "refused: invalid_input");
}

TEST_CASE("a local part that SES can't mail is refused as such", "[model]") {
  CHECK(normal("fän@example.com") == "refused: unsupported");
  CHECK(normal("\"fan one\"@example.com") == "refused: unsupported");
}

TEST_CASE("the lengths of RFC 5321 are kept", "[model]") {
  const std::string local(64, 'l');
  const std::string host = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                           std::string(57, 'c') + ".org";  // 64 + 1 + 189 = 254

  CHECK(normal(local + "@" + host).size() == 254);
  CHECK(normal(local + "l@example.com") == "refused: invalid_input");
  CHECK(normal(local + "@c" + host) == "refused: invalid_input");
  CHECK(normal("fan@" + std::string(64, 'a') + ".com") == "refused: invalid_input");
}

TEST_CASE("the refusal of an address says what is wrong and where", "[model]") {
  const auto result = normalize_address("ana@");

  REQUIRE_FALSE(result);
  CHECK(result.error().message == "address \"ana@\" has no host part; expected name@host");
  CHECK(result.error().place.field == "address");
}

TEST_CASE("a mailbox is read with and without a name", "[model]") {
  const auto bare = parse_mailbox("Fan@Example.com");
  const auto angle = parse_mailbox("  <fan@example.com> ");
  const auto named = parse_mailbox("Fan 0001 <fan@example.com>");
  const auto quoted = parse_mailbox("\"Fan, \\\"0001\\\"\" <fan@example.com>");
  const auto utf8 = parse_mailbox("ファン 0001 <fan@example.com>");
  const auto self = parse_mailbox("fan@example.com <fan@example.com>");

  REQUIRE(bare);
  CHECK(*bare == Mailbox{"", "fan@example.com"});
  REQUIRE(angle);
  CHECK(*angle == Mailbox{"", "fan@example.com"});
  REQUIRE(named);
  CHECK(*named == Mailbox{"Fan 0001", "fan@example.com"});
  REQUIRE(quoted);
  CHECK(*quoted == Mailbox{"Fan, \"0001\"", "fan@example.com"});
  REQUIRE(utf8);
  CHECK(utf8->name == "ファン 0001");
  REQUIRE(self);
  CHECK(self->name == "fan@example.com");
}

TEST_CASE("what is not exactly one mailbox is refused", "[model]") {
  for (const char* text :
       {"", "<>", "Fan <>", "Fan", "a@example.com, b@example.com",
        "Fan <a@example.com>, Fan <b@example.com>", "Fan, One <a@example.com>",
        "fans: <a@example.com>;", "\"Fan <a@example.com>", "Fan <a@example.com> x",
        "Fan <a@example.com> <b@example.com>", "<a@example.com", "a@example.com>",
        "Fan\r\nBcc: x <a@example.com>", "Fan <a@example.com\n>"}) {
    INFO(text);
    const auto mailbox = parse_mailbox(text);
    REQUIRE_FALSE(mailbox);
    CHECK(mailbox.error().code == Code::invalid_input);
  }
}

TEST_CASE("the host of an address stands behind its last @", "[model]") {
  CHECK(address_domain("fan@example.com") == "example.com");
  CHECK(address_domain("\"a@b\"@example.com") == "example.com");
  CHECK(address_domain("nobody").empty());
}

TEST_CASE("R105: aliases are one mailbox by case, plus-tag and Gmail's rules alone", "[model]") {
  CHECK(mailbox_key("First.Last+cup@GoogleMail.com") == mailbox_key("firstlast@gmail.com"));
  CHECK(mailbox_key("fan+cup@example.com") == mailbox_key("fan@example.com"));
  CHECK(mailbox_key("first.last@example.com") != mailbox_key("firstlast@example.com"));
  CHECK(mailbox_key("fan@example.com") != mailbox_key("fan@example.net"));
  CHECK(mailbox_key("+cup@example.com") == "+cup@example.com");
  CHECK(mailbox_key("") == "");
}

TEST_CASE("R24: the providers of private mailboxes are known by name, with all below it",
          "[model]") {
  for (const char* name :
       {"gmail.com",       "GoogleMail.com", "outlook.com", "outlook.de", "hotmail.com",
        "hotmail.co.uk",   "live.com",       "msn.com",     "yahoo.com",  "yahoo.co.jp",
        "yahoo.com.br",    "icloud.com",     "me.com",      "mac.com",    "aol.com",
        "gmx.net",         "gmx.de",         "web.de",      "proton.me",  "protonmail.com",
        "mail.ru",         "yandex.ru",      "yandex.com",  "qq.com",     "163.com",
        "reply.gmail.com", "a.b.yahoo.co.uk"}) {
    INFO(name);
    CHECK(is_consumer_domain(name));
  }
  for (const char* name :
       {"", "com", "example.com", "notgmail.com", "gmail.com.example.com", "gmail.example.com",
        "outlook.example.com", "yahoo.reply.example.com", "awesome.com", "outlook.com.example.com",
        "yahoo.", "mail.rubber.example"}) {
    INFO(name);
    CHECK_FALSE(is_consumer_domain(name));
  }
}

#include <catch2/catch.hpp>

#include "calinvite/transport.hpp"

using namespace calinvite;

namespace {

SmtpOptions parsed(const char* url) {
  INFO(url);
  auto options = parse_smtp_url(url);
  REQUIRE(options);
  return *options;
}

}  // namespace

TEST_CASE("an SMTP address says where to and how protected", "[transport]") {
  struct Row {
    const char* url;
    const char* host;
    int port;
    SmtpTls tls;
    const char* user;
  };
  const Row rows[] = {
      {"smtp://smtp.example.com", "smtp.example.com", 587, SmtpTls::starttls, ""},
      {"smtp://league@smtp.example.com:2587", "smtp.example.com", 2587, SmtpTls::starttls,
       "league"},
      {"SMTPS://smtp.example.com", "smtp.example.com", 465, SmtpTls::implicit, ""},
      {"smtps://smtp.example.com:2465", "smtp.example.com", 2465, SmtpTls::implicit, ""},
      {"smtp://smtp.example.com:465", "smtp.example.com", 465, SmtpTls::implicit, ""},
      {"smtp://a%40b.example@[2001:db8::1]:587", "2001:db8::1", 587, SmtpTls::starttls,
       "a@b.example"},
      {"smtp://a@b.example@smtp.example.com", "smtp.example.com", 587, SmtpTls::starttls,
       "a@b.example"},
      {"smtp://localhost", "localhost", 25, SmtpTls::none, ""},
      {"smtp://[::1]:2525", "::1", 2525, SmtpTls::none, ""},
      {"smtp://league@127.0.0.1", "127.0.0.1", 587, SmtpTls::starttls, "league"},
      {"smtp://127.0.0.1:587?tls=starttls", "127.0.0.1", 587, SmtpTls::starttls, ""},
      {"smtp://127.0.0.1.example.com", "127.0.0.1.example.com", 587, SmtpTls::starttls, ""},
      {"smtp://relay.example.com?tls=none", "relay.example.com", 25, SmtpTls::none, ""},
      {"smtp://relay.example.com:10587?tls=implicit", "relay.example.com", 10587, SmtpTls::implicit,
       ""},
  };
  for (const Row& row : rows) {
    const SmtpOptions options = parsed(row.url);
    INFO(row.url);
    CHECK(options.host == row.host);
    CHECK(options.port == row.port);
    CHECK(options.tls == row.tls);
    CHECK(options.user == row.user);
    CHECK(options.password.empty());
  }
  CHECK(parsed("smtp://relay.example.com/mail.league.example").helo == "mail.league.example");
  CHECK(parsed("smtp://relay.example.com").helo.empty());
}

TEST_CASE("an SMTP address of SES tells its region", "[transport]") {
  CHECK(parsed("smtp://K@email-smtp.eu-central-1.amazonaws.com:587").ses_region == "eu-central-1");
  CHECK(parsed("smtp://smtp.example.com").ses_region.empty());
}

TEST_CASE("what is no SMTP address is refused, and never quoted with its password", "[transport]") {
  for (const char* url : {"",
                          "smtp",
                          "smtp:",
                          "http://canary",
                          "smtp://",
                          "smtp://user@",
                          "smtp://:587",
                          "smtp://h:0",
                          "smtp://h:65536",
                          "smtp://h:25x",
                          "smtp://h:",
                          "smtp://[::1",
                          "smtp://[::1]x",
                          "smtp://h?tls=maybe",
                          "smtp://u:canary@h",
                          "smtps://u:canary@h:465",
                          "smtp://h h",
                          "smtp://h\r\n",
                          "smtp://h/a b",
                          "smtp://h/a/canary"}) {
    INFO(url);
    const auto options = parse_smtp_url(url);
    REQUIRE_FALSE(options);
    CHECK(options.error().code == Code::invalid_argument);
    CHECK(options.error().message.find("canary") == std::string::npos);
  }
}

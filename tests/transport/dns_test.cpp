#include "transport/dns_server.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

TEST_CASE("a TXT record's strings make one text, and each record is one", "[dns]") {
  const DnsServer server(R"({"league.example":
      {"TXT": [["v=spf1 include:amazon", "ses.com -all"], "other=1"]}})");
  const auto texts = server.resolver()->txt("league.example");
  REQUIRE(texts);
  CHECK(*texts == Texts{"v=spf1 include:amazonses.com -all", "other=1"});
}

TEST_CASE("mail exchangers come by preference, in lower case and without a final dot", "[dns]") {
  const DnsServer server(R"({"reply.league.example":
      {"MX": [[20, "Backup.League.example."], [10, "inbound-smtp.eu-west-1.amazonaws.com"]]}})");
  const auto exchangers = server.resolver()->mx("reply.league.example");
  REQUIRE(exchangers);
  REQUIRE(exchangers->size() == 2);
  CHECK(exchangers->front() == MailExchanger{10, "inbound-smtp.eu-west-1.amazonaws.com"});
  CHECK(exchangers->back() == MailExchanger{20, "backup.league.example"});
}

TEST_CASE("a null MX is an exchanger without a name", "[dns]") {
  const DnsServer server(R"({"league.example": {"MX": [[0, "."]]}})");
  const auto exchangers = server.resolver()->mx("league.example");
  REQUIRE(exchangers);
  REQUIRE(exchangers->size() == 1);
  CHECK(exchangers->front().host.empty());
}

TEST_CASE("an alias is told by cname and followed by txt", "[dns]") {
  const DnsServer server(R"({"a._domainkey.league.example": {"CNAME": ["A.dkim.AmazonSES.com."]},
      "a.dkim.amazonses.com": {"TXT": ["p=AAAA"]}})");
  const auto resolver = server.resolver();
  const auto alias = resolver->cname("a._domainkey.league.example");
  const auto texts = resolver->txt("a._domainkey.league.example");
  const auto none = resolver->cname("a.dkim.amazonses.com");
  REQUIRE(alias);
  CHECK(*alias == "a.dkim.amazonses.com");
  REQUIRE(texts);
  CHECK(*texts == Texts{"p=AAAA"});
  REQUIRE(none);
  CHECK_FALSE(none->has_value());
}

TEST_CASE("a name that does not exist, or has no such record, is an empty answer", "[dns]") {
  const std::string name = GENERATE(as<std::string>(), "league.example", "nowhere.example",
                                    "not..a.name", std::string(64, 'x') + ".example");
  const DnsServer server(R"({"league.example": {}})");
  const auto resolver = server.resolver();
  const auto texts = resolver->txt(name);
  const auto exchangers = resolver->mx(name);
  const auto alias = resolver->cname(name);
  REQUIRE(texts);
  CHECK(texts->empty());
  REQUIRE(exchangers);
  CHECK(exchangers->empty());
  REQUIRE(alias);
  CHECK_FALSE(alias->has_value());
}

TEST_CASE("an answer that does not fit into UDP is fetched over TCP", "[dns]") {
  const std::string text(200, 'x');
  DnsServer server(R"({"league.example": {"big": true, "TXT": [["v=spf1 )" + text + R"(", ")" +
                   text + R"(", ")" + text + R"("]]}})");
  const auto texts = server.resolver()->txt("league.example");
  REQUIRE(texts);
  CHECK(*texts == Texts{"v=spf1 " + text + text + text});
  CHECK(server.questions() == Texts{"udp TXT league.example", "tcp TXT league.example"});
}

TEST_CASE("servers that fail are unavailable, not an empty answer", "[dns]") {
  const std::string trouble = GENERATE(as<std::string>(), "servfail", "refused", "garbage");
  INFO(trouble);
  const DnsServer server(R"({"league.example": {"trouble": ")" + trouble + R"("}})");
  const auto texts = server.resolver()->txt("league.example");
  REQUIRE_FALSE(texts);
  CHECK(texts.error().code == Code::unavailable);
  CHECK(texts.error().message.find("league.example") != std::string::npos);
}

TEST_CASE("a server that never answers is asked as often as told, then unavailable", "[dns]") {
  DnsServer server(R"({"league.example": {"trouble": "silent"}})");
  const auto exchangers = server.resolver(100ms, 2)->mx("league.example");
  REQUIRE_FALSE(exchangers);
  CHECK(exchangers.error().code == Code::unavailable);
  CHECK(server.questions() == Texts{"udp MX league.example", "udp MX league.example"});
}

TEST_CASE("no answer is kept: each question is asked anew", "[dns]") {
  DnsServer server(R"({"league.example": {}})");
  const auto resolver = server.resolver();
  CHECK(resolver->txt("league.example"));
  CHECK(resolver->txt("league.example"));
  CHECK(server.questions().size() == 2);
}

TEST_CASE("a silent name does not spoil the next question", "[dns]") {
  const DnsServer server(R"({"quiet.example": {"trouble": "silent"},
      "league.example": {"TXT": ["here"]}})");
  const auto resolver = server.resolver(2s, 1);
  const auto silent = resolver->txt("quiet.example");
  const auto texts = resolver->txt("league.example");
  CHECK_FALSE(silent);
  REQUIRE(texts);
  CHECK(*texts == Texts{"here"});
}

TEST_CASE("servers that are no addresses are refused", "[dns]") {
  const auto resolver = open_resolver({"dns.example", 1s, 1});
  REQUIRE_FALSE(resolver);
  CHECK(resolver.error().code == Code::invalid_argument);
  CHECK_FALSE(open_resolver({"127.0.0.1", 0ms, 1}));
  CHECK_FALSE(open_resolver({"127.0.0.1", 1s, 0}));
}

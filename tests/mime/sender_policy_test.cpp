#include "mime/sender_policy.hpp"

#include <catch2/catch.hpp>

using namespace calinvite;
using namespace calinvite::mime;
using Names = std::vector<std::string>;

TEST_CASE("an SPF record is told from other texts by its first word", "[mime]") {
  CHECK(is_spf("v=spf1"));
  CHECK(is_spf("V=SPF1 -all"));
  CHECK_FALSE(is_spf("v=spf10 -all"));
  CHECK_FALSE(is_spf("spf2.0/pra -all"));
  CHECK_FALSE(is_spf(""));
}

TEST_CASE("SPF lets in those it includes with a plus in front of all", "[mime]") {
  const auto spf = parse_spf(
      "v=spf1 ip4:192.0.2.0/24 a/24 +include:AmazonSES.com. ?include:maybe.example "
      "-include:never.example include:%{d}.macro.example mx ~all include:late.example");
  REQUIRE(spf);
  CHECK(spf->includes == Names{"amazonses.com"});
  CHECK(spf->all == '~');
  CHECK(spf->lookups == 6);
}

TEST_CASE("SPF's redirect counts where there is no all", "[mime]") {
  const auto without = parse_spf("v=spf1 redirect=_spf.league.example exp=why.league.example");
  const auto with = parse_spf("v=spf1 redirect=_spf.league.example -all");
  REQUIRE(without);
  REQUIRE(with);
  CHECK(without->redirect == "_spf.league.example");
  CHECK(without->lookups == 1);
  CHECK(with->redirect.empty());
  CHECK(with->lookups == 0);
}

TEST_CASE("what receivers call a permanent error of SPF is refused by its term", "[mime]") {
  const auto [record, named] = GENERATE(table<const char*, const char*>({
      {"v=spf1 include -all", "\"include\""},
      {"v=spf1 inlcude:amazonses.com -all", "\"inlcude:amazonses.com\""},
      {"v=spf1 ip4: -all", "\"ip4:\""},
      {"v=spf1 -all nonsense", "\"nonsense\""},
      {"v=spf1 redirect=a.example redirect=b.example", "\"redirect=b.example\""},
      {"v=spf2 -all", "v=spf1"},
  }));
  INFO(record);
  const auto spf = parse_spf(record);
  REQUIRE_FALSE(spf);
  CHECK(spf.error().code == Code::invalid_input);
  CHECK(spf.error().message.find(named) != std::string::npos);
}

TEST_CASE("a DKIM key may leave out all but its key", "[mime]") {
  const auto key = parse_dkim_key("p=MIGfMA0GCSqGSIb3");
  REQUIRE(key);
  CHECK_FALSE(key->revoked);
  CHECK_FALSE(key->testing);
}

TEST_CASE("a DKIM key says that it is revoked or only tried out", "[mime]") {
  const auto revoked = parse_dkim_key("v=DKIM1; k=rsa; p=");
  const auto tried = parse_dkim_key("v=DKIM1; k=ed25519; t=s:y; p=AAAA;");
  REQUIRE(revoked);
  REQUIRE(tried);
  CHECK(revoked->revoked);
  CHECK(tried->testing);
}

TEST_CASE("what is no DKIM key is refused", "[mime]") {
  const std::string record =
      GENERATE(as<std::string>(), "", "v=DKIM1; k=rsa", "p=AAAA; v=DKIM1", "v=DKIM2; p=AAAA",
               "v=DKIM1; k=dsa; p=AAAA", "v=DKIM1; p=not*base64", "v=DKIM1; p=AAAA; p=BBBB", "key");
  INFO(record);
  CHECK_FALSE(parse_dkim_key(record));
}

TEST_CASE("a DMARC record gives policies and how close names must be", "[mime]") {
  const auto plain = parse_dmarc("v=DMARC1; p=none");
  const auto full = parse_dmarc(
      "v = DMARC1 ;p=Reject; sp=quarantine; adkim=s; aspf=s; rua=mailto:d@league.example; pct=50;");
  REQUIRE(plain);
  REQUIRE(full);
  CHECK(plain->policy == "none");
  CHECK(plain->subdomain_policy == "none");
  CHECK_FALSE(plain->strict_dkim);
  CHECK_FALSE(plain->strict_spf);
  CHECK_FALSE(plain->reports);
  CHECK(full->policy == "reject");
  CHECK(full->subdomain_policy == "quarantine");
  CHECK(full->strict_dkim);
  CHECK(full->strict_spf);
  CHECK(full->reports);
}

TEST_CASE("a DMARC record without policy means none where reports are asked for", "[mime]") {
  const auto dmarc = parse_dmarc("v=DMARC1; rua=mailto:d@league.example");
  REQUIRE(dmarc);
  CHECK(dmarc->policy == "none");
}

TEST_CASE("a DMARC record that receivers ignore is refused", "[mime]") {
  const std::string record = GENERATE(
      as<std::string>(), "v=DMARC1", "v=DMARC1; p=refuse", "v=DMARC1; p=none; sp=most",
      "v=DMARC1; none", "v=DMARC1; p=none; p=reject", "p=none; v=DMARC1", "v=dmarc1; p=none");
  INFO(record);
  CHECK_FALSE(parse_dmarc(record));
}

TEST_CASE("an organizational domain is what lies right below a public suffix", "[mime]") {
  const auto [name, registered] = GENERATE(table<const char*, const char*>({
      {"reply.league.example", "league.example"},
      {"League.Example", "league.example"},
      {"a.b.league.co.uk", "league.co.uk"},
      {"co.uk", "co.uk"},
      {"mail.xn--mnchen-3ya.de", "xn--mnchen-3ya.de"},
  }));
  CHECK(organizational_domain(name) == registered);
}

TEST_CASE("names are aligned within an organizational domain, or strictly when equal", "[mime]") {
  CHECK(is_aligned("league.example", "reply.league.example", false));
  CHECK(is_aligned("bounce.league.example", "reply.league.example", false));
  CHECK(is_aligned("Reply.League.example", "reply.league.example", true));
  CHECK_FALSE(is_aligned("league.example", "reply.league.example", true));
  CHECK_FALSE(is_aligned("amazonses.com", "reply.league.example", false));
  CHECK_FALSE(is_aligned("one.co.uk", "other.co.uk", false));
  CHECK_FALSE(is_aligned("", "", false));
}

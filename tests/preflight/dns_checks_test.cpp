#include "preflight/world.hpp"

using namespace calinvite;
using namespace calinvite::test;

namespace {

struct Case {
  const char* name;
  void (*spoil)(World& world);
  Faults faults;
};

void check_cases(std::initializer_list<Case> cases) {
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.name) {
      World world;
      each.spoil(world);
      CHECK(world.faults() == each.faults);
    }
  }
}

constexpr const char* from = "reply.league.example";
constexpr const char* bounce = "bounce.league.example";
constexpr const char* dmarc = "_dmarc.league.example";
constexpr const char* key = "bbb._domainkey.league.example";

}  // namespace

TEST_CASE("a domain that is all right has a good word for every check, in their order",
          "[preflight]") {
  World world;
  std::vector<std::string> made;
  std::vector<std::string> known;
  for (const PreflightFinding& finding : world.run()) {
    CHECK(finding.severity == PreflightSeverity::ok);
    CHECK_FALSE(finding.what.empty());
    made.push_back(finding.check);
  }
  for (const PreflightCheck& check : preflight_checks()) known.emplace_back(check.name);
  std::sort(made.begin(), made.end());
  std::sort(known.begin(), known.end());
  CHECK(made == known);
}

TEST_CASE("the reply domain needs an MX that brings its mail to us", "[preflight]") {
  check_cases({
      {"none", [](World& w) { w.dns.exchangers.erase(from); }, {"mx error"}},
      {"null MX",
       [](World& w) {
         w.dns.exchangers[from] = {{0, ""}};
       },
       {"mx error"}},
      {"another server",
       [](World& w) {
         w.dns.exchangers[from] = {{5, "mx.league.example"}};
       },
       {}},
      {"R24: Google Workspace",
       [](World& w) {
         w.dns.exchangers[from] = {{1, "aspmx.l.google.com"}};
       },
       {"mx warning"}},
      {"no answer", [](World& w) { w.dns.away.insert(from); }, {"mx unknown"}},
  });
}

TEST_CASE("R136: SPF of the MAIL FROM domain must let SES in", "[preflight]") {
  check_cases({
      {"no record", [](World& w) { w.dns.texts.erase(bounce); }, {"spf error"}},
      {"other texts only", [](World& w) { w.dns.texts[bounce] = {"a=b"}; }, {"spf error"}},
      {"SES is not in it",
       [](World& w) {
         w.dns.texts[bounce] = {"v=spf1 include:_spf.google.com ~all"};
         w.dns.texts["_spf.google.com"] = {"v=spf1 ip4:192.0.2.0/24 ~all"};
       },
       {"spf error"}},
      {"SES stands behind all",
       [](World& w) { w.dns.texts[bounce] = {"v=spf1 -all include:amazonses.com"}; },
       {"spf error"}},
      {"SES is refused",
       [](World& w) { w.dns.texts[bounce] = {"v=spf1 -include:amazonses.com +all"}; },
       {"spf error"}},
      {"two records",
       [](World& w) {
         w.dns.texts[bounce] = {"v=spf1 include:amazonses.com ~all", "v=spf1 -all"};
       },
       {"spf error"}},
      {"a term that is none",
       [](World& w) { w.dns.texts[bounce] = {"v=spf1 inc:amazonses.com ~all"}; },
       {"spf error"}},
      {"by another record",
       [](World& w) {
         w.dns.texts[bounce] = {"v=spf1 a include:_spf.league.example -all"};
         w.dns.texts["_spf.league.example"] = {"v=spf1 include:amazonses.com -all"};
       },
       {}},
      {"by redirect",
       [](World& w) {
         w.dns.texts[bounce] = {"v=spf1 redirect=_spf.league.example"};
         w.dns.texts["_spf.league.example"] = {"v=spf1 include:amazonses.com -all"};
       },
       {}},
      {"an included domain has no record",
       [](World& w) {
         w.dns.texts[bounce] = {"v=spf1 include:gone.example include:amazonses.com"};
       },
       {"spf error"}},
      {"records that include each other",
       [](World& w) { w.dns.texts[bounce] = {"v=spf1 include:bounce.league.example -all"}; },
       {"spf error"}},
      {"everybody",
       [](World& w) { w.dns.texts[bounce] = {"v=spf1 include:amazonses.com +all"}; },
       {"spf warning"}},
      {"an included domain gives no answer",
       [](World& w) {
         w.dns.texts[bounce] = {"v=spf1 include:quiet.example include:amazonses.com"};
         w.dns.away.insert("quiet.example");
       },
       {"spf unknown"}},
  });
}

TEST_CASE("an SPF record of more than ten questions is told as such", "[preflight]") {
  World world;
  world.dns.texts[bounce] = {
      "v=spf1 a mx a:b.example a:c.example a:d.example a:e.example "
      "a:f.example a:g.example a:h.example a:i.example include:amazonses.com"};
  CHECK(world.faults() == Faults{"spf error"});
  CHECK(mentions(world.find("spf").what, "more than ten"));
}

TEST_CASE("R136: bounces go to a MAIL FROM domain with SES's host as its one MX", "[preflight]") {
  check_cases({
      {"none: SES's own name",
       [](World& w) {
         w.identity().mail_from_domain.clear();
         w.identity().mail_from_status.clear();
       },
       {"mail_from warning"}},
      {"no MX", [](World& w) { w.dns.exchangers.erase(bounce); }, {"mail_from warning"}},
      {"no MX, and SES then refuses",
       [](World& w) {
         w.dns.exchangers.erase(bounce);
         w.identity().mail_from_required = true;
       },
       {"mail_from error"}},
      {"another region's host",
       [](World& w) {
         w.dns.exchangers[bounce] = {{10, "feedback-smtp.us-east-1.amazonses.com"}};
       },
       {"mail_from warning"}},
      {"a second MX",
       [](World& w) {
         w.dns.exchangers[bounce].push_back({20, "mx.league.example"});
       },
       {"mail_from warning"}},
      {"SES has not seen it yet",
       [](World& w) { w.identity().mail_from_status = "PENDING"; },
       {"mail_from warning"}},
      {"no answer",
       [](World& w) { w.dns.away.insert(bounce); },
       {"mail_from unknown", "spf unknown"}},
  });
}

TEST_CASE("R136: SES must sign, and DKIM's keys must be found", "[preflight]") {
  check_cases({
      {"a name is missing", [](World& w) { w.dns.aliases.erase(key); }, {"dkim error"}},
      {"a name leads elsewhere",
       [](World& w) { w.dns.aliases[key] = "bbb.dkim.mailer.example"; },
       {"dkim error"}},
      {"a name leads to another token",
       [](World& w) { w.dns.aliases[key] = "aaa.dkim.amazonses.com"; },
       {"dkim error"}},
      {"a region's own host",
       [](World& w) { w.dns.aliases[key] = "bbb.dkim.eu-south-1.amazonses.com"; },
       {}},
      {"the key itself in place of its alias",
       [](World& w) {
         w.dns.aliases.erase(key);
         w.dns.texts[key] = {"p=MIGfMA0GCSqGSIb3"};
       },
       {}},
      {"a text that is no key",
       [](World& w) {
         w.dns.aliases.erase(key);
         w.dns.texts[key] = {"bbb.dkim.amazonses.com"};
       },
       {"dkim error"}},
      {"SES still looks for them",
       [](World& w) {
         w.identity().dkim_status = "PENDING";
         w.identity().mail_from_status = "PENDING";
       },
       {"dkim error", "mail_from warning", "alignment error"}},
      {"signing is off",
       [](World& w) { w.identity().dkim_enabled = false; },
       {"dkim error", "alignment warning"}},
      {"no answer", [](World& w) { w.dns.away.insert(key); }, {"dkim unknown"}},
  });
}

TEST_CASE("a DKIM name that was published with the zone's name twice is recognised",
          "[preflight]") {
  World world;
  world.dns.aliases.erase(key);
  world.dns.aliases[std::string(key) + ".league.example"] = "bbb.dkim.amazonses.com";
  CHECK(world.faults() == Faults{"dkim error"});
  CHECK(mentions(world.find("dkim").what, "twice"));
}

TEST_CASE("a DKIM key of one's own is looked up at its selector", "[preflight]") {
  World world;
  world.identity().dkim_origin = "EXTERNAL";
  world.identity().dkim_tokens = {"sel1"};
  auto& texts = world.dns.texts["sel1._domainkey.league.example"];
  SECTION("found") {
    texts = {"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3"};
    CHECK(world.faults().empty());
  }
  SECTION("missing") { CHECK(world.faults() == Faults{"dkim error"}); }
  SECTION("revoked") {
    texts = {"v=DKIM1; p="};
    CHECK(world.faults() == Faults{"dkim error"});
  }
  SECTION("only tried out") {
    texts = {"v=DKIM1; t=y; p=MIGfMA0GCSqGSIb3"};
    CHECK(world.faults() == Faults{"dkim warning"});
  }
}

TEST_CASE("R136: the From domain needs a DMARC record that counts", "[preflight]") {
  check_cases({
      {"none", [](World& w) { w.dns.texts.erase(dmarc); }, {"dmarc error"}},
      {"several",
       [](World& w) { w.dns.texts[dmarc].push_back("v=DMARC1; p=none"); },
       {"dmarc error"}},
      {"no policy", [](World& w) { w.dns.texts[dmarc] = {"v=DMARC1; adkim=r"}; }, {"dmarc error"}},
      {"another text beside it",
       [](World& w) { w.dns.texts[dmarc].push_back("verification=1"); },
       {}},
      {"nobody is told",
       [](World& w) { w.dns.texts[dmarc] = {"v=DMARC1; p=none"}; },
       {"dmarc hint"}},
      {"no answer", [](World& w) { w.dns.away.insert(dmarc); }, {"dmarc unknown"}},
      {"no answer below",
       [](World& w) { w.dns.away.insert("_dmarc.reply.league.example"); },
       {"dmarc unknown"}},
  });
}

TEST_CASE("the policy that holds is the From domain's own, else the one for subdomains above it",
          "[preflight]") {
  World world;
  world.dns.texts[dmarc] = {"v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@league.example"};
  CHECK(world.find("dmarc").what ==
        "_dmarc.league.example says quarantine for reply.league.example");
  world.dns.texts["_dmarc.reply.league.example"] = {
      "v=DMARC1; p=none; rua=mailto:r@league.example"};
  CHECK(world.find("dmarc").what ==
        "_dmarc.reply.league.example says none for reply.league.example");
}

TEST_CASE("R136: DKIM or SPF must speak for the From domain", "[preflight]") {
  check_cases({
      {"strict DKIM of the domain above",
       [](World& w) {
         w.dns.texts[dmarc] = {"v=DMARC1; p=reject; adkim=s; rua=mailto:d@x.example"};
       },
       {"alignment warning"}},
      {"strict in both",
       [](World& w) {
         w.dns.texts[dmarc] = {"v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:d@x.example"};
       },
       {"alignment error"}},
      {"strict, and the From domain signs itself",
       [](World& w) {
         w.dns.texts[dmarc] = {"v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:d@x.example"};
         w.ses.identities[from] = w.identity();
         for (const std::string token : {"aaa", "bbb", "ccc"}) {
           w.dns.aliases[token + "._domainkey.reply.league.example"] =
               token + ".dkim.amazonses.com";
         }
       },
       {}},
      {"no signature, and SES's own MAIL FROM",
       [](World& w) {
         w.identity().dkim_enabled = false;
         w.identity().mail_from_domain.clear();
         w.identity().mail_from_status.clear();
       },
       {"dkim error", "mail_from warning", "alignment error"}},
      {"no record is as the plainest one",
       [](World& w) {
         w.dns.texts.erase(dmarc);
         w.identity().dkim_enabled = false;
       },
       {"dkim error", "dmarc error", "alignment warning"}},
  });
}

TEST_CASE("what a foreign record says can't take over a terminal", "[preflight]") {
  World world;
  world.dns.texts[bounce] = {"v=spf1 include:\x1b[2Jgone.example\xff ~all"};
  const auto finding = world.find("spf");
  CHECK(finding.what == " [2jgone.example\xef\xbf\xbd has no SPF record");
}

TEST_CASE("what to publish is told as it must stand in DNS", "[preflight]") {
  World world;
  world.dns = TableResolver();
  CHECK(mentions(world.find("mx").fix,
                 "MX reply.league.example 10 inbound-smtp.eu-central-1.amazonaws.com"));
  CHECK(mentions(world.find("dkim").fix,
                 "CNAME aaa._domainkey.league.example -> aaa.dkim.amazonses.com"));
  CHECK(mentions(world.find("mail_from").fix,
                 "MX bounce.league.example 10 feedback-smtp.eu-central-1.amazonses.com"));
  CHECK(mentions(world.find("spf").fix,
                 "TXT bounce.league.example \"v=spf1 include:amazonses.com ~all\""));
  CHECK(mentions(world.find("dmarc").fix, "TXT _dmarc.league.example \"v=DMARC1; p=none;"));
}

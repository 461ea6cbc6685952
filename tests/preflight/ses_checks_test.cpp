#include "preflight/world.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

TEST_CASE("an account that may not send to everybody is told what stops it", "[preflight]") {
  World world;
  SesAccount& account = *world.ses.account_answer;
  SECTION("sandbox") {
    account.production_access = false;
    CHECK(world.faults() == Faults{"sandbox error"});
  }
  SECTION("paused") {
    account.sending_enabled = false;
    CHECK(world.faults() == Faults{"sending error"});
  }
  SECTION("under review") {
    account.enforcement_status = "PROBATION";
    CHECK(world.faults() == Faults{"enforcement warning"});
  }
  SECTION("shut down") {
    account.enforcement_status = "SHUTDOWN";
    CHECK(world.faults() == Faults{"enforcement error"});
  }
  SECTION("a word that is new") {
    account.enforcement_status = "";
    CHECK(world.faults() == Faults{"enforcement warning"});
  }
}

TEST_CASE("the quota is compared with what waits", "[preflight]") {
  World world;
  SesAccount& account = *world.ses.account_answer;
  account.sent_last_24_hours = 49'000;
  CHECK(world.faults().empty());
  account.sent_last_24_hours = 49'001;
  CHECK(world.faults() == Faults{"quota warning"});
  CHECK(mentions(world.find("quota").what, "999 of 50000 mails are left for 24 hours, 1000 wait"));
  account.max_24_hour_send = -1;
  CHECK(world.faults().empty());
}

TEST_CASE("R140: complaints are held under one, and stopped before three, in a thousand",
          "[preflight]") {
  const auto [mailed, complained, faults] = GENERATE(table<std::uint64_t, std::uint64_t, Faults>({
      {100'000, 99, {}},
      {100'000, 100, {"complaints warning"}},
      {100'000, 299, {"complaints warning"}},
      {100'000, 300, {"complaints error"}},
      {1'000, 1, {"complaints warning"}},
      {999, 999, {}},
      {0, 0, {}},
  }));
  World world;
  world.subject.mailed = mailed;
  world.subject.complained = complained;
  CHECK(world.faults() == faults);
}

TEST_CASE("the clock may be a minute off, and must not be four", "[preflight]") {
  const auto [skew, faults] = GENERATE(table<std::chrono::seconds, Faults>({
      {60s, {}},
      {-60s, {}},
      {61s, {"clock warning"}},
      {-240s, {"clock warning"}},
      {241s, {"clock error"}},
      {-3600s, {"clock error"}},
  }));
  World world;
  world.ses.skew = skew;
  CHECK(world.faults() == faults);
}

TEST_CASE("a clock that is ahead is called so", "[preflight]") {
  World world;
  world.ses.skew = -300s;
  CHECK(world.find("clock").what == "this machine's clock is 300 seconds ahead of SES's");
}

TEST_CASE("an answer of SES without a date leaves the clock unknown", "[preflight]") {
  World world;
  world.ses.skew.reset();
  CHECK(world.faults() == Faults{"clock unknown"});
}

TEST_CASE("the identity is the From domain's, else that of a domain above it", "[preflight]") {
  World world;
  CHECK(world.find("identity").what == "league.example is verified");
  CHECK(world.ses.asked == std::vector<std::string>{"reply.league.example", "league.example"});
}

TEST_CASE("no identity of SES, or one that is not verified, is an error", "[preflight]") {
  World world;
  SECTION("none; a public suffix is never asked for") {
    world.ses.identities.clear();
    CHECK(world.faults() == Faults{"identity error"});
    CHECK(world.ses.asked == std::vector<std::string>{"reply.league.example", "league.example"});
  }
  SECTION("not verified") {
    world.identity().verified = false;
    CHECK(world.faults() == Faults{"identity error"});
  }
  SECTION("not allowed to ask") {
    world.ses.identity_error = Error{Code::forbidden, "GetEmailIdentity: AccessDenied", {}};
    CHECK(world.faults() == Faults{"identity error"});
    CHECK(mentions(world.find("identity").fix, "ses:GetEmailIdentity"));
  }
  SECTION("no answer") {
    world.ses.identity_error = Error{Code::throttled, "GetEmailIdentity: slower", {}};
    CHECK(world.faults() == Faults{"identity unknown"});
  }
}

TEST_CASE("an account without an answer is one finding, and SES is asked nothing more",
          "[preflight]") {
  World world;
  SECTION("away") {
    world.ses.account_answer = fail(Code::unavailable, "GetAccount: no connection");
    world.ses.skew.reset();
    CHECK(world.faults() == Faults{"account unknown"});
    CHECK(world.ses.asked.empty());
  }
  SECTION("wrong keys, at a wrong time") {
    world.ses.account_answer = fail(Code::unauthenticated, "GetAccount: InvalidSignature");
    world.ses.skew = 3600s;
    CHECK(world.faults() == Faults{"account error", "clock error"});
    CHECK(world.ses.asked.empty());
  }
  SECTION("not allowed to ask for the account, but for the rest") {
    world.ses.account_answer = fail(Code::forbidden, "GetAccount: AccessDenied");
    CHECK(world.faults() == Faults{"account error"});
    CHECK(world.find("alignment").severity == PreflightSeverity::ok);
  }
}

TEST_CASE("a configuration set must exist, may send, and tells what became of mails",
          "[preflight]") {
  World world;
  auto& destination = world.set().destinations.front();
  SECTION("none is named") {
    world.subject.domain.configuration_set.clear();
    CHECK(world.faults() == Faults{"configuration_set warning"});
  }
  SECTION("the identity's own serves") {
    world.subject.domain.configuration_set.clear();
    world.identity().configuration_set = "invites";
    CHECK(world.faults().empty());
  }
  SECTION("it does not exist") {
    world.ses.sets.clear();
    CHECK(world.faults() == Faults{"configuration_set error"});
  }
  SECTION("it is paused") {
    world.set().sending_enabled = false;
    CHECK(world.faults() == Faults{"configuration_set error"});
  }
  SECTION("a kind is missing") {
    destination.kinds = {"SEND", "DELIVERY", "BOUNCE", "DELIVERY_DELAY"};
    CHECK(world.faults() == Faults{"events error"});
    CHECK(mentions(world.find("events").what, "COMPLAINT, REJECT"));
  }
  SECTION("kinds may be spread over destinations") {
    destination.kinds = {"SEND", "DELIVERY"};
    world.set().destinations.push_back(
        {"more", true, true, {"BOUNCE", "COMPLAINT", "REJECT", "DELIVERY_DELAY"}});
    CHECK(world.faults().empty());
  }
  SECTION("delays are a nicety") {
    destination.kinds.pop_back();
    CHECK(world.faults() == Faults{"events hint"});
  }
  SECTION("a destination that is off") {
    destination.enabled = false;
    CHECK(world.faults() == Faults{"events error"});
  }
  SECTION("a destination that only counts") {
    destination.per_mail = false;
    CHECK(world.faults() == Faults{"events error"});
  }
}

TEST_CASE("R128: SES must not rewrite links or add pictures", "[preflight]") {
  World world;
  SECTION("clicks") {
    world.set().destinations.push_back({"counts", true, false, {"CLICK"}});
    CHECK(world.faults() == Faults{"tracking warning"});
  }
  SECTION("opens") {
    world.set().destinations.front().kinds.push_back("OPEN");
    CHECK(world.faults() == Faults{"tracking warning"});
  }
  SECTION("a destination that is off") {
    world.set().destinations.push_back({"counts", false, false, {"CLICK"}});
    CHECK(world.faults().empty());
  }
  SECTION("engagement tracking of the account") {
    world.ses.account_answer->engagement_metrics = true;
    CHECK(world.faults() == Faults{"tracking warning"});
  }
  SECTION("the set's own word counts") {
    world.ses.account_answer->engagement_metrics = true;
    world.set().engagement_metrics = false;
    CHECK(world.faults().empty());
  }
  SECTION("engagement tracking of the set") {
    world.set().engagement_metrics = true;
    CHECK(world.faults() == Faults{"tracking warning"});
  }
}

TEST_CASE("without SES a hint says that it was not asked, and DNS is looked at all the same",
          "[preflight]") {
  World world;
  world.dns.texts.clear();
  std::vector<std::string> faults;
  for (const auto& finding : preflight::run(world.subject, {world.dns, nullptr})) {
    if (finding.severity == PreflightSeverity::ok) continue;
    faults.push_back(finding.check + ' ' + std::string(to_string(finding.severity)));
  }
  CHECK(faults == Faults{"account hint", "dmarc error"});
}

TEST_CASE("R24, R121: senders at a mail provider and links that are not https are errors",
          "[preflight]") {
  World world;
  SECTION("mail provider") {
    world.subject.domain.from = "league@gmail.com";
    world.subject.domain.reply_domain = "gmail.com";
    CHECK(world.find("sender").severity == PreflightSeverity::error);
  }
  SECTION("another domain than the reply domain") {
    world.subject.domain.from = "cal@league.example";
    CHECK(world.faults() == Faults{"sender error"});
  }
  SECTION("links to this machine") {
    world.subject.domain.base_url = "http://127.0.0.1:8080";
    CHECK(world.faults() == Faults{"links error"});
  }
}

TEST_CASE("R25: an organizer address must fit with its token", "[preflight]") {
  World world;
  world.subject.organizers.front().local_part = std::string(47, 'x');
  CHECK(world.faults().empty());
  CHECK(mentions(world.find("address_length").what, std::to_string(64 + 21) + " octets"));
  world.subject.organizers.front().local_part = std::string(48, 'x');
  CHECK(world.faults() == Faults{"address_length error"});
}

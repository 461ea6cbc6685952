#include "engine/league.hpp"

using namespace league;

namespace {

/// DNS that knows nothing.
class EmptyResolver final : public Resolver {
 public:
  std::function<void()> on_question;

  Result<std::vector<std::string>> txt(const std::string&) override {
    if (on_question) on_question();
    return std::vector<std::string>();
  }
  Result<std::vector<MailExchanger>> mx(const std::string&) override {
    return std::vector<MailExchanger>();
  }
  Result<std::optional<std::string>> cname(const std::string&) override {
    return std::optional<std::string>();
  }
};

/// SES that knows an account with room for so many mails, and nothing else.
class SmallAccount final : public SesAccountReader {
 public:
  explicit SmallAccount(double room) : room_(room) {}
  Result<SesAccount> account() override {
    SesAccount account;
    account.max_24_hour_send = room_;
    return account;
  }
  Result<SesIdentity> identity(std::string_view) override {
    return fail(Code::not_found, "no identity");
  }
  Result<SesConfigurationSet> configuration_set(std::string_view) override {
    return fail(Code::not_found, "no set");
  }
  std::optional<std::chrono::seconds> clock_skew() const override {
    return std::chrono::seconds(0);
  }
  std::string_view region() const override { return "eu-central-1"; }

 private:
  double room_;
};

PreflightSeverity severity_of(const std::vector<PreflightFinding>& findings,
                              std::string_view check) {
  for (const auto& finding : findings) {
    if (finding.check == check) return finding.severity;
  }
  FAIL("no finding of " << check);
  return {};
}

}  // namespace

TEST_CASE("preflight counts what waits in the outbox against the quota", "[engine]") {
  League league;
  league.invite(league.event().uid, {"ana@example.com", "ben@example.com"});
  EmptyResolver resolver;
  SmallAccount enough(2);
  SmallAccount short_by_one(1);
  const auto fits = league.engine->preflight(kScope, {resolver, &enough});
  const auto waits = league.engine->preflight(kScope, {resolver, &short_by_one});
  REQUIRE(fits);
  REQUIRE(waits);
  CHECK(severity_of(*fits, "quota") == PreflightSeverity::ok);
  CHECK(severity_of(*waits, "quota") == PreflightSeverity::warning);
}

TEST_CASE("preflight counts those who were mailed, and no others", "[engine]") {
  League league;
  const auto uid = league.event().uid;
  league.invite(uid, {"ana@example.com", "ben@example.com"});
  league.dispatch();
  league.invite(uid, {"cem@example.com"});
  EmptyResolver resolver;
  const auto findings = league.engine->preflight(kScope, {resolver});
  REQUIRE(findings);
  const auto complaints = std::find_if(findings->begin(), findings->end(), [](const auto& finding) {
    return finding.check == "complaints";
  });
  REQUIRE(complaints != findings->end());
  CHECK(complaints->what == "0 of 2 people complained");
}

TEST_CASE("preflight is for a domain that exists, and not for one organizer", "[engine]") {
  League league;
  EmptyResolver resolver;
  const auto nobody = league.engine->preflight(Scope::domain("nobody"), {resolver});
  const auto organizer =
      league.engine->preflight(Scope::organizer("league", kOrganizer), {resolver});
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == Code::not_found);
  REQUIRE_FALSE(organizer);
  CHECK(organizer.error().code == Code::forbidden);
}

TEST_CASE("an engine can be used while preflight waits for DNS", "[engine]") {
  League league;
  EmptyResolver resolver;
  int used = 0;
  resolver.on_question = [&] {
    if (league.engine->list_domains()) ++used;
  };
  CHECK(league.engine->preflight(kScope, {resolver}));
  CHECK(used > 0);
}

#include <filesystem>
#include <iostream>

#include "transport/tls_server.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

Json answer(int status, const char* type, const char* body) {
  return Json::Object{{"status", status}, {"type", type}, {"body", body}};
}
Json good(const char* body) { return Json::Object{{"status", 200}, {"body", body}}; }

constexpr const char* account_body =
    R"({"SendQuota":{"MaxSendRate":14,"Max24HourSend":50000,"SentLast24Hours":7},
        "SendingEnabled":true,"ProductionAccessEnabled":true,"EnforcementStatus":"HEALTHY"})";
constexpr const char* identity_body =
    R"({"IdentityType":"DOMAIN","VerifiedForSendingStatus":true})";

std::unique_ptr<SesAccountReader> open(const SesOptions& options) {
  auto reader = open_ses_account_reader(options);
  REQUIRE(reader);
  return std::move(*reader);
}

/// The error that one answer of SES makes.
Error error_of(Json step) {
  const TlsServer server({std::move(step)});
  const auto account = open(server.ses_options())->account();
  REQUIRE_FALSE(account);
  return account.error();
}

}  // namespace

TEST_CASE("an account reader asks GetAccount over TLS and tells the clocks apart", "[transport]") {
  const TlsServer server({good(account_body)}, {"good", "120", ""});
  const auto reader = open(server.ses_options());
  CHECK_FALSE(reader->clock_skew().has_value());
  const auto account = reader->account();
  REQUIRE(account);
  CHECK(account->max_24_hour_send == 50'000);
  REQUIRE(reader->clock_skew().has_value());
  CHECK(std::chrono::abs(*reader->clock_skew() - 120s) <= 5s);
  CHECK(server.requests().front()["method"].string() == "GET");
  CHECK(server.requests().front()["target"].string() == "/v2/email/account");
}

TEST_CASE("an account reader asks for identities by name", "[transport]") {
  const TlsServer server({good(identity_body)});
  const auto identity = open(server.ses_options())->identity("reply.league.example");
  REQUIRE(identity);
  CHECK(identity->verified);
  CHECK(server.requests().front()["target"].string() ==
        "/v2/email/identities/reply.league.example");
}

TEST_CASE("a configuration set is read together with its destinations", "[transport]") {
  const TlsServer server({good(R"({"ConfigurationSetName":"invites"})"),
                          good(R"({"EventDestinations":[{"Name":"facts","Enabled":true,
                               "MatchingEventTypes":["SEND"],"SnsDestination":{}}]})")});
  const auto set = open(server.ses_options())->configuration_set("invites");
  REQUIRE(set);
  REQUIRE(set->destinations.size() == 1);
  CHECK(set->destinations.front().name == "facts");
  CHECK(server.requests().at(1)["target"].string() ==
        "/v2/email/configuration-sets/invites/event-destinations");
}

TEST_CASE("a clock that is an hour off is found out and signed around", "[transport]") {
  const TlsServer server({good(account_body)}, {"good", "3600", ""});
  const auto reader = open(server.ses_options());
  CHECK(reader->account());
  CHECK(server.requests().size() == 2);
  CHECK(std::chrono::abs(*reader->clock_skew() - 3600s) <= 5s);
}

TEST_CASE("SES that wants to be asked slower is asked again, three times at most", "[transport]") {
  const Json slower = answer(429, "TooManyRequestsException", R"({"message":"slower"})");
  SECTION("and then answers") {
    const TlsServer server({slower, good(account_body)});
    CHECK(open(server.ses_options())->account());
  }
  SECTION("and never answers") {
    const TlsServer server({slower});
    const auto account = open(server.ses_options())->account();
    REQUIRE_FALSE(account);
    CHECK(account.error().code == Code::throttled);
    CHECK(server.requests().size() == 3);
  }
}

TEST_CASE("refusals of SES become errors that say who must act", "[transport]") {
  CHECK(error_of(answer(404, "NotFoundException", R"({"message":"no such set"})")).code ==
        Code::not_found);
  CHECK(error_of(answer(403, "AccessDeniedException", R"({"message":"not yours"})")).code ==
        Code::forbidden);
  CHECK(error_of(answer(403, "UnrecognizedClientException", R"({"message":"who"})")).code ==
        Code::unauthenticated);
  CHECK(error_of(answer(500, "InternalFailure", "{}")).code == Code::unavailable);
  CHECK(error_of(answer(502, "", "<html>bad gateway</html>")).code == Code::unavailable);
  CHECK(error_of(answer(503, "ServiceUnavailable", "{}")).code == Code::unavailable);
}

TEST_CASE("what answers 200 without SES's words is unavailable, not an account", "[transport]") {
  CHECK(error_of(good("<html>hotel network</html>")).code == Code::unavailable);
  CHECK(error_of(good("{}")).code == Code::unavailable);
}

TEST_CASE("an error of SES is told with the call and SES's own words", "[transport]") {
  const Error error =
      error_of(answer(403, "AccessDeniedException:http://x", R"({"message":"no"})"));
  CHECK(error.message == "GetAccount: AccessDeniedException: no");
}

TEST_CASE("a connection that breaks, and a certificate of somebody else, are unavailable",
          "[transport]") {
  SECTION("no answer") { CHECK(error_of("close").code == Code::unavailable); }
  SECTION("certificate") {
    const TlsServer server({good(account_body)}, {"other_host", "", ""});
    const auto account = open(server.ses_options())->account();
    REQUIRE_FALSE(account);
    CHECK(account.error().code == Code::unavailable);
    CHECK(server.requests().empty());
  }
}

TEST_CASE("questions to SES are signed as an independent reader computes it", "[transport]") {
  const std::string verifier = CALINVITE_AWS_DIR "/golden/sigv4_verify.py";
  if (!std::filesystem::exists(verifier)) {
    std::cout << "skipped: no verifier at " << verifier << '\n';
    return;
  }
  const TlsServer server({good(identity_body)}, {"good", "", verifier});
  CHECK(open(server.ses_options())->identity("ana+x@league.example"));
  CHECK(server.requests().front()["signature"].string() == "sound");
}

TEST_CASE("an account reader needs a region, keys, a clock and an endpoint of the web",
          "[transport]") {
  SesOptions options;
  options.region = "eu-central-1";
  options.credentials = {"AKIDEXAMPLE", "secret", ""};
  options.clock = [] { return std::chrono::sys_seconds(); };
  CHECK(open_ses_account_reader(options));
  SesOptions broken = options;
  SECTION("region") { broken.region.clear(); }
  SECTION("keys") { broken.credentials.secret_access_key.clear(); }
  SECTION("clock") { broken.clock = nullptr; }
  SECTION("endpoint") { broken.endpoint = "ftp://ses.example"; }
  const auto reader = open_ses_account_reader(broken);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().code == Code::invalid_argument);
}

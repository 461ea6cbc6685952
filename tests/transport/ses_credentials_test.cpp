#include <catch2/catch.hpp>
#include <set>

#include "transport/tls_server.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

const sys_seconds start = std::chrono::sys_days(std::chrono::year(2027) / 3 / 1);

/// Gives keys that the server takes for `lifetime`, on a clock that the test moves.
struct Issuer {
  sys_seconds now = start;
  seconds lifetime = 1h;
  bool tells_end = true;
  std::optional<Error> failure;
  int asked = 0;

  Result<TimedCredentials> operator()() {
    ++asked;
    if (failure) return tl::unexpected<Error>(*failure);
    const sys_seconds end = now + lifetime;
    const std::string id = "ASIA" + std::to_string(end.time_since_epoch().count());
    TimedCredentials keys{{id, "CANARYsecret", "CANARYtoken"}, std::nullopt};
    if (tells_end) keys.expires = end;
    return keys;
  }
};

SesOptions options_with(const TlsServer& server, Issuer& issuer,
                        ExpiredKeys expired = ExpiredKeys::refuse) {
  SesOptions options = server.ses_options();
  options.credentials = {};
  options.source = std::make_shared<CredentialsSource>([&issuer] { return issuer(); }, expired);
  options.clock = [&issuer] { return issuer.now; };
  return options;
}

std::unique_ptr<Transport> open(const SesOptions& options) {
  auto transport = open_ses_transport(options);
  REQUIRE(transport);
  return std::move(*transport);
}

/// Sends so many, as many at once as may be, `pace` of simulated time between two rounds.
void send_all_accepted(Transport& transport, Issuer& issuer, int rounds, seconds pace) {
  std::set<std::string> accepted;
  const std::size_t most = transport.max_in_flight();
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < most; ++i) {
      const std::string id = std::to_string(round) + "-" + std::to_string(i);
      REQUIRE(transport.submit(message(id)));
    }
    for (const auto& outcome : wait_for(transport, most)) {
      INFO(outcome.detail);
      CHECK(outcome.verdict == SendVerdict::accepted);
      CHECK(accepted.insert(outcome.attempt_id).second);
    }
    issuer.now += pace;
  }
  CHECK(accepted.size() == static_cast<std::size_t>(rounds) * most);
}

std::size_t refused_requests(const TlsServer& server, std::size_t accepted) {
  return server.requests().size() - accepted;
}

}  // namespace

TEST_CASE("keys that rotate every seven seconds lose nothing, and none is refused",
          "[credentials]") {
  const TlsServer server({"judge_keys"});
  Issuer issuer;
  issuer.lifetime = 7s;
  auto transport = open(options_with(server, issuer));
  send_all_accepted(*transport, issuer, 60, 1s);

  CHECK(refused_requests(server, 240) == 0);
  CHECK(issuer.asked == 9);
}

TEST_CASE("keys that end without notice mid-campaign are replaced, and every message goes once",
          "[credentials]") {
  const TlsServer server({"judge_keys"});
  Issuer issuer;
  issuer.lifetime = 7s;
  issuer.tells_end = false;
  auto transport = open(options_with(server, issuer));
  send_all_accepted(*transport, issuer, 60, 1s);

  CHECK(refused_requests(server, 240) > 0);
  CHECK(issuer.asked == 9);
}

TEST_CASE(
    "an outage extends the instance's keys, and a message that AWS then refuses waits for new",
    "[credentials]") {
  const TlsServer server({"judge_keys"});
  Issuer issuer;
  auto transport = open(options_with(server, issuer, ExpiredKeys::extend));
  issuer.failure = Error{Code::unavailable, "no answer within 1 s", {}};
  issuer.now = start + 59min;
  CHECK(send_one(*transport, "before").verdict == SendVerdict::accepted);
  issuer.now = start + 2h;
  const auto after = send_one(*transport, "after");
  CHECK(after.verdict == SendVerdict::unavailable);
  CHECK(after.detail == "no answer within 1 s");
  CHECK(server.requests().size() == 2);

  issuer.failure.reset();
  issuer.now += 10s;
  CHECK(send_one(*transport, "again").verdict == SendVerdict::accepted);
}

TEST_CASE("an outage of another service holds messages back once the keys have ended",
          "[credentials]") {
  const TlsServer server({"judge_keys"});
  Issuer issuer;
  auto transport = open(options_with(server, issuer));
  issuer.failure = Error{Code::unavailable, "STS: no answer within 10 s", {}};
  issuer.now = start + 2h;
  const auto held = send_one(*transport, "held");
  CHECK(held.verdict == SendVerdict::unavailable);
  CHECK(held.detail.find("STS: no answer") != std::string::npos);
  CHECK(server.requests().empty());

  issuer.failure.reset();
  issuer.now += 10s;
  CHECK(send_one(*transport, "held-2").verdict == SendVerdict::accepted);
}

TEST_CASE("keys that stay and are refused go once, and the outcome pauses the account",
          "[credentials]") {
  const Json expired = Json::Object{
      {"status", 403}, {"type", "ExpiredTokenException"}, {"body", R"({"message":"expired"})"}};
  const TlsServer server({expired});
  auto options = server.ses_options();
  options.credentials.secret_access_key = "CANARYsecret";
  auto transport = open(options);
  const auto outcome = send_one(*transport, "attempt-1");

  CHECK(outcome.verdict == SendVerdict::credentials);
  CHECK(outcome.detail == "ExpiredTokenException: expired");
  CHECK(server.requests().size() == 1);
}

TEST_CASE("other keys that are refused too go no third time", "[credentials]") {
  const Json expired = Json::Object{
      {"status", 403}, {"type", "ExpiredTokenException"}, {"date", false}, {"body", "{}"}};
  const TlsServer server({expired});
  Issuer issuer;
  issuer.tells_end = false;
  auto transport = open(options_with(server, issuer));
  issuer.now += 1s;  // else the new keys would be the old ones
  const auto outcome = send_one(*transport, "attempt-1");

  CHECK(outcome.verdict == SendVerdict::credentials);
  CHECK(outcome.detail.find("CANARY") == std::string::npos);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("the account is asked with fresh keys too", "[credentials]") {
  const Json expired = Json::Object{
      {"status", 403}, {"type", "ExpiredTokenException"}, {"date", false}, {"body", "{}"}};
  const Json account = Json::Object{
      {"status", 200}, {"date", false}, {"body", R"({"SendQuota":{"MaxSendRate":14}})"}};
  const TlsServer server({expired, account});
  Issuer issuer;
  issuer.tells_end = false;
  auto transport = open(options_with(server, issuer));
  issuer.now += 1s;

  const auto told = transport->account();
  REQUIRE(told);
  REQUIRE(*told);
  CHECK((*told)->max_send_rate == 14);
}

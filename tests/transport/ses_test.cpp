#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <set>

#include "base/text.hpp"
#include "transport/tls_server.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Transport> open(const SesOptions& options) {
  auto transport = open_ses_transport(options);
  REQUIRE(transport);
  return std::move(*transport);
}

Json answer(int status, const char* type, const char* body) {
  return Json::Object{{"status", status}, {"type", type}, {"body", body}};
}

constexpr const char* account_words =
    R"({"SendQuota":{"Max24HourSend":50000,"MaxSendRate":14,"SentLast24Hours":3},)"
    R"("SendingEnabled":true})";

std::vector<std::string> copies_of(const TlsServer& server, std::string_view attempt_id) {
  std::vector<std::string> copies;
  for (const Json& request : server.requests()) {
    if (request["attempt_id"].string() == attempt_id)
      copies.emplace_back(request["message"].string());
  }
  return copies;
}

/// The verdict on one message that the server answers with `step`.
SendOutcome outcome_of(Json step) {
  const TlsServer server({std::move(step)});
  auto transport = open(server.ses_options());
  auto outcome = send_one(*transport, "attempt-1");
  CHECK(copies_of(server, "attempt-1").size() == 1);
  return outcome;
}

std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

/// How a POST with a plain body fares: what libcurl does when nothing stops it.
void post_plainly(CURL* easy, const TlsServer& server, const std::string& body) {
  curl_easy_setopt(easy, CURLOPT_URL, (server.url() + "/v2/email/outbound-emails").c_str());
  curl_easy_setopt(easy, CURLOPT_CAINFO, server.ca_file().c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body.c_str());
  CHECK(curl_easy_perform(easy) == CURLE_OK);
}

std::string tagged(const char* attempt_id) {
  return std::string(R"({"EmailTags":[{"Name":"attempt_id","Value":")") + attempt_id + R"("}]})";
}

}  // namespace

TEST_CASE("M1: a message that got no answer on a kept-alive connection left once, in doubt",
          "[transport]") {
  const TlsServer server({"accept", "close", "accept"});
  auto transport = open(server.ses_options());
  const auto first = send_one(*transport, "kept-alive");
  const auto lost = send_one(*transport, "lost");

  CHECK(first.verdict == SendVerdict::accepted);
  CHECK(lost.verdict == SendVerdict::in_doubt);
  CHECK(copies_of(server, "lost").size() == 1);
  CHECK(server.requests().size() == 2);
  CHECK(server.requests()[1]["connection"].integer() == 1);
}

TEST_CASE("M1: libcurl alone sends such a message twice and calls it a success", "[transport]") {
  const TlsServer server({"accept", "close", "accept"});
  CURL* easy = curl_easy_init();
  post_plainly(easy, server, tagged("kept-alive"));
  post_plainly(easy, server, tagged("lost"));
  curl_easy_cleanup(easy);

  CHECK(copies_of(server, "lost").size() == 2);
}

TEST_CASE("a message closed on without an answer on a fresh connection is in doubt",
          "[transport]") {
  const auto outcome = outcome_of("close");

  CHECK(outcome.verdict == SendVerdict::in_doubt);
  CHECK_FALSE(outcome.detail.empty());
}

TEST_CASE("half an answer, an endless one and none in time are in doubt", "[transport]") {
  const Json whole = Json::Object{{"status", 200}, {"body", R"({"MessageId":"message-1"})"}};
  Json half = whole;
  CHECK(outcome_of(half.set("cut", 10)).verdict == SendVerdict::in_doubt);
  Json no_body = whole;
  CHECK(outcome_of(no_body.set("cut", 25)).verdict == SendVerdict::in_doubt);
  Json endless = Json::Object{{"status", 200}, {"body", "0123456789abcdef"}, {"times", 20'000}};
  CHECK(outcome_of(endless).verdict == SendVerdict::in_doubt);

  const TlsServer server({"hang"});
  auto options = server.ses_options();
  options.answer_timeout = 1s;
  auto transport = open(options);
  CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::in_doubt);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("what waits for a connection is withdrawn at the end, and never leaves", "[transport]") {
  const TlsServer server({"hang"});
  auto options = server.ses_options();
  options.max_connections = 1;
  options.answer_timeout = 2s;
  auto transport = open(options);
  REQUIRE(transport->submit(message("leaves")));
  REQUIRE(transport->submit(message("waits")));
  transport->poll(100ms);
  transport->withdraw();

  const auto withdrawn = transport->poll(0ms);
  REQUIRE(withdrawn.size() == 1);
  CHECK(withdrawn[0].attempt_id == "waits");
  CHECK(withdrawn[0].verdict == SendVerdict::unavailable);
  const auto left = transport->poll(20s);
  REQUIRE(left.size() == 1);
  CHECK(left[0].verdict == SendVerdict::in_doubt);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("SES's answers become verdicts with its own words", "[transport]") {
  const auto accepted = outcome_of("accept");
  CHECK(accepted.verdict == SendVerdict::accepted);
  CHECK(accepted.message_id == "message-1");
  CHECK(accepted.attempt_id == "attempt-1");

  const auto throttled = outcome_of(
      answer(429, "TooManyRequestsException", R"({"message":"Maximum sending rate exceeded."})"));
  CHECK(throttled.verdict == SendVerdict::throttled);
  CHECK(throttled.detail == "TooManyRequestsException: Maximum sending rate exceeded.");

  CHECK(outcome_of(answer(503, "ServiceUnavailable", "{}")).verdict == SendVerdict::unavailable);
  CHECK(outcome_of(answer(500, "InternalFailure", "{}")).verdict == SendVerdict::in_doubt);
  CHECK(outcome_of(answer(502, "", "<html>bad gateway</html>")).verdict == SendVerdict::in_doubt);
  CHECK(outcome_of(answer(400, "MessageRejected", "{}")).verdict == SendVerdict::refused);
  CHECK(outcome_of(
            answer(400, "LimitExceededException", R"({"message":"Daily message quota exceeded."})"))
            .verdict == SendVerdict::quota);
  CHECK(outcome_of(answer(400, "AccountSuspendedException", "{}")).verdict ==
        SendVerdict::suspended);
}

TEST_CASE("a redirect is not followed", "[transport]") {
  const TlsServer other({"accept"});
  const TlsServer server({Json::Object{
      {"status", 307}, {"location", other.url() + "/v2/email/outbound-emails"}, {"body", ""}}});
  auto transport = open(server.ses_options());

  CHECK(send_one(*transport, "attempt-1").verdict != SendVerdict::accepted);
  CHECK(other.log("connection").empty());
}

TEST_CASE("a peer whose certificate does not hold gets no byte of a message", "[transport]") {
  const TlsServer trusted({"accept"});
  const TlsServer unknown({"accept"});
  const TlsServer expired({"accept"}, {"expired", "", ""});
  const TlsServer other_host({"accept"}, {"other_host", "", ""});
  auto distrusting = unknown.ses_options();
  distrusting.ca_file = trusted.ca_file();

  const std::pair<SesOptions, const TlsServer*> peers[] = {{distrusting, &unknown},
                                                           {expired.ses_options(), &expired},
                                                           {other_host.ses_options(), &other_host}};
  for (const auto& [options, server] : peers) {
    auto transport = open(options);
    const auto outcome = send_one(*transport, "attempt-1");
    INFO(outcome.detail);
    CHECK(outcome.verdict == SendVerdict::unavailable);
    CHECK(outcome.detail.find("SSL") != std::string::npos);
    CHECK(server->requests().empty());
  }
}

TEST_CASE("a server that can't be reached has accepted nothing", "[transport]") {
  SesOptions options;
  {
    const TlsServer gone({"accept"});
    options = gone.ses_options();
    options.ca_file.clear();
  }
  auto refusing = open(options);
  CHECK(send_one(*refusing, "attempt-1").verdict == SendVerdict::unavailable);

  options.endpoint = "https://" + std::string(64, 'a') + ".example";
  options.answer_timeout = 5s;
  auto unresolved = open(options);
  CHECK(send_one(*unresolved, "attempt-2").verdict == SendVerdict::unavailable);
}

TEST_CASE("a server that never finishes the TLS handshake has accepted nothing", "[transport]") {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  socklen_t length = sizeof address;
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  SesOptions options;
  options.region = "eu-central-1";
  options.credentials = {"AKIDEXAMPLE", "secret", ""};
  options.endpoint = "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  options.answer_timeout = 1s;
  options.clock = [] { return std::chrono::sys_seconds(std::chrono::sys_days{}); };
  auto transport = open(options);

  CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::unavailable);
  ::close(listener);
}

TEST_CASE("a clock that is an hour off is set right by the server's Date and the message sent",
          "[transport]") {
  for (const char* shift : {"3600", "-3600"}) {
    const TlsServer server({"accept"}, {"good", shift, ""});
    auto transport = open(server.ses_options());
    const auto first = send_one(*transport, "attempt-1");
    const auto second = send_one(*transport, "attempt-2");

    CHECK(first.verdict == SendVerdict::accepted);
    CHECK(second.verdict == SendVerdict::accepted);
    CHECK(server.requests().size() == 3);  // one was refused unread
  }
}

TEST_CASE("a signature that stays wrong is tried once and reported", "[transport]") {
  const TlsServer server(
      {answer(403, "InvalidSignatureException", R"({"message":"Signature expired: x"})")});
  auto transport = open(server.ses_options());

  CHECK(send_one(*transport, "attempt-1").verdict == SendVerdict::skew);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("connections are kept, and no more are opened than allowed", "[transport]") {
  const TlsServer server({"accept"});
  auto transport = open(server.ses_options());
  const std::size_t most = transport->max_in_flight();
  REQUIRE(most == 8);  // four connections, and as many messages that wait for one
  std::set<std::string> seen;
  for (int round = 0; round < 25; ++round) {
    for (std::size_t i = 0; i < most; ++i) {
      REQUIRE(transport->submit(message("r" + std::to_string(round) + "-" + std::to_string(i))));
    }
    CHECK_FALSE(transport->submit(message("one-too-many")));
    for (const auto& outcome : wait_for(*transport, most)) {
      CHECK(outcome.verdict == SendVerdict::accepted);
      CHECK(seen.insert(outcome.attempt_id).second);
    }
  }

  CHECK(seen.size() == 25 * most);
  CHECK(server.requests().size() == 25 * most);
  CHECK(server.log("handshake").size() <= 4);
}

TEST_CASE("a hundred messages are in flight at once when asked for", "[transport]") {
  const TlsServer server({"accept"});
  auto options = server.ses_options();
  options.max_connections = 100;
  auto transport = open(options);
  for (int i = 0; i < 100; ++i) REQUIRE(transport->submit(message("a" + std::to_string(i))));

  const auto outcomes = wait_for(*transport, 100);
  CHECK(std::all_of(outcomes.begin(), outcomes.end(), [](const SendOutcome& outcome) {
    return outcome.verdict == SendVerdict::accepted;
  }));
}

TEST_CASE("the account is asked for what it allows", "[transport]") {
  const TlsServer server({Json::Object{{"status", 200}, {"body", account_words}},
                          answer(403, "AccessDeniedException", "{}")});
  auto transport = open(server.ses_options());

  CHECK(transport->account_key() == "ses:" + server.ses_options().region);
  const auto account = transport->account();
  REQUIRE(account);
  REQUIRE(*account);
  CHECK((*account)->max_send_rate == 14);
  CHECK((*account)->max_24_hour_send == 50'000);
  CHECK((*account)->sent_last_24_hours == 3);
  CHECK(server.requests()[0]["target"].string() == "/v2/email/account");
  const auto denied = transport->account();
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Code::forbidden);
}

TEST_CASE("a question that got no answer on a kept connection is put once more", "[transport]") {
  const Json told = Json::Object{{"status", 200}, {"body", account_words}};
  const TlsServer server({told, "close", told, "close"});
  auto transport = open(server.ses_options());
  CHECK(transport->account());
  CHECK(transport->account());
  CHECK(server.requests().size() == 3);
  CHECK_FALSE(transport->account());  // the last step repeats
  CHECK(server.requests().size() == 5);
}

TEST_CASE("what is asked of open_ses_transport is checked", "[transport]") {
  const TlsServer server({"accept"});
  const auto refused = [&](auto edit) {
    SesOptions options = server.ses_options();
    edit(options);
    const auto transport = open_ses_transport(options);
    return !transport && transport.error().code == Code::invalid_argument;
  };
  CHECK(refused([](SesOptions& o) { o.region.clear(); }));
  CHECK(refused([](SesOptions& o) { o.credentials.secret_access_key.clear(); }));
  CHECK(refused([](SesOptions& o) { o.endpoint = "ftp://127.0.0.1"; }));
  CHECK(refused([](SesOptions& o) { o.endpoint = "https://"; }));
  CHECK(refused([](SesOptions& o) { o.endpoint = "https://key@127.0.0.1"; }));
  CHECK(refused([](SesOptions& o) { o.clock = nullptr; }));

  auto transport = open(server.ses_options());
  auto tagged_badly = message("attempt-1");
  tagged_badly.tags.push_back({"event", "round 1"});
  CHECK_FALSE(transport->submit(tagged_badly));
  CHECK(transport->poll(0ms).empty());
}

TEST_CASE("another implementation of SigV4 accepts what is signed here", "[transport]") {
  const std::string verifier = CALINVITE_AWS_DIR "/golden/sigv4_verify.py";
  if (!std::filesystem::exists(verifier)) {
    std::cout << "skipped: no verifier at " << verifier << '\n';
    return;
  }
  const TlsServer server({"accept"}, {"good", "", verifier});
  auto options = server.ses_options();
  options.max_connections = 16;
  for (const char* token : {"", "session+token/=="}) {
    options.credentials.session_token = token;
    auto transport = open(options);
    for (std::size_t i = 0; i < 100; i += 16) {
      for (std::size_t j = 0; j < 16; ++j)
        REQUIRE(transport->submit(message("a" + std::to_string(i + j))));
      for (const auto& outcome : wait_for(*transport, 16)) {
        CHECK(outcome.verdict == SendVerdict::accepted);
      }
    }
  }
  const auto requests = server.requests();
  const auto sound = std::count_if(requests.begin(), requests.end(), [](const Json& request) {
    return request["signature"].string() == "sound";
  });
  std::cout << "signatures accepted by botocore: " << sound << " of " << requests.size() << '\n';
  CHECK(static_cast<std::size_t>(sound) == requests.size());
}

TEST_CASE("R81: the Message-ID that recipients see names SES's region, the first one otherwise",
          "[transport]") {
  const TlsServer server({"accept"});
  SesOptions options = server.ses_options();
  options.region = "us-east-1";
  CHECK(open(options)->message_id_host() == "email.amazonses.com");
  options.region = "eu-west-1";
  CHECK(open(options)->message_id_host() == "eu-west-1.amazonses.com");
}

#include "calinvite/sns.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "aws/sns_signer.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

const std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2027) / 1 / 1) + 12h;

const SnsSigner& signer() {
  static const SnsSigner one(now - 24h, now + 24h);
  return one;
}

SnsMessage signed_message(SnsType type = SnsType::notification, const std::string& version = "2") {
  SnsMessage message = sns_message("{\"eventType\":\"Send\"}\n", type);
  message.signature_version = version;
  signer().sign(message);
  return message;
}

/// authenticate_sns, counting what it fetches.
struct Gate {
  SnsTrust trust{.topics = {sns_topic}, .accounts = {}};
  std::vector<std::string> fetched = {};
  std::string certificate = signer().certificate();

  Result<SnsMessage> admit(const std::string& json) {
    const auto fetch = [this](const std::string& url) -> Result<std::string> {
      fetched.push_back(url);
      return certificate;
    };
    return authenticate_sns(json, trust, fetch, now);
  }
  Code refusal(const std::string& json) {
    const auto admitted = admit(json);
    REQUIRE_FALSE(admitted);
    INFO(admitted.error().message);
    CHECK(admitted.error().message.find("2336412f37") == std::string::npos);  // the token
    return admitted.error().code;
  }
};

}  // namespace

TEST_CASE("SNS messages of both signature versions and all types are believed", "[aws][sns]") {
  const auto type = GENERATE(SnsType::notification, SnsType::subscription_confirmation,
                             SnsType::unsubscribe_confirmation);
  const std::string version = GENERATE("1", "2");
  const bool subject = GENERATE(false, true);
  SnsMessage message = signed_message(type, version);
  if (subject) message.subject = "Amazon SES Email Event Notification";
  signer().sign(message);
  Gate gate;

  const auto admitted = gate.admit(write_sns(message));

  REQUIRE(admitted);
  CHECK(admitted->type == type);
  CHECK(admitted->message == message.message);
  CHECK(admitted->token == message.token);
  CHECK(gate.fetched == std::vector{message.certificate_url});
}

TEST_CASE("an SNS message that was altered anywhere is refused", "[aws][sns]") {
  const auto refused = [](auto alter) {
    SnsMessage message = signed_message(SnsType::subscription_confirmation);
    alter(message);
    Gate gate;
    gate.trust.accounts = {"111122223333"};
    return gate.refusal(write_sns(message));
  };
  using M = SnsMessage;
  CHECK(refused([](M& m) { m.message += ' '; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.message_id += 'x'; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.topic_arn += 'x'; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.timestamp = "2027-01-01T11:59:30.123Z"; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.token += 'x'; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.subscribe_url += 'x'; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.type = SnsType::unsubscribe_confirmation; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.signature_version = "1"; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.signature_version = "3"; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.signature[5] = m.signature[5] == 'A' ? 'B' : 'A'; }) ==
        Code::unauthenticated);
  CHECK(refused([](M& m) { m.signature = "not base64!"; }) == Code::unauthenticated);
  CHECK(refused([](M& m) { m.signature.clear(); }) == Code::invalid_input);
  CHECK(refused([](M& m) { m.token.clear(); }) == Code::invalid_input);
}

TEST_CASE("a validly signed message of a foreign topic is refused without a request",
          "[aws][sns]") {
  Gate gate;
  for (const char* const topic :
       {"arn:aws:sns:eu-central-1:111122223333:ses-events2", "arn:aws:sns:eu-central-1:999:ses",
        "arn:aws:sns:eu-central-1:444455556666:ses-events", "111122223333"}) {
    SnsMessage message = signed_message();
    message.topic_arn = topic;
    signer().sign(message);
    CHECK(gate.refusal(write_sns(message)) == Code::forbidden);
  }
  CHECK(gate.fetched.empty());
}

TEST_CASE("an account stands for all its topics", "[aws][sns]") {
  SnsMessage message = signed_message();
  message.topic_arn = "arn:aws:sns:eu-central-1:111122223333:another";
  signer().sign(message);
  Gate gate;
  gate.trust = {.topics = {}, .accounts = {"111122223333"}};
  CHECK(gate.admit(write_sns(message)));
  gate.trust = {.topics = {}, .accounts = {"", "11112222333"}};
  CHECK(gate.refusal(write_sns(message)) == Code::forbidden);
}

TEST_CASE("an old SNS message is a replay, but in a queue it may be old", "[aws][sns]") {
  SnsMessage message = signed_message();
  const auto sent_at = [&](const char* time) {
    message.timestamp = time;
    signer().sign(message);
    return write_sns(message);
  };
  Gate gate;
  CHECK(gate.admit(sent_at("2027-01-01T10:55:00.000Z")));
  CHECK(gate.refusal(sent_at("2027-01-01T10:54:59.000Z")) == Code::unauthenticated);
  CHECK(gate.admit(sent_at("2027-01-01T12:05:00.000Z")));
  CHECK(gate.refusal(sent_at("2027-01-01T12:05:01.000Z")) == Code::unauthenticated);
  CHECK(gate.refusal(sent_at("yesterday")) == Code::invalid_input);
  gate.trust.max_age = 0s;
  CHECK(gate.admit(sent_at("2026-12-20T10:00:00.000Z")));
  CHECK(gate.refusal(sent_at("2027-01-02T12:00:00.000Z")) == Code::unauthenticated);
}

TEST_CASE("certificates of SNS come from SNS alone", "[aws][sns]") {
  for (const char* const good :
       {"https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0a.pem"}) {
    CHECK(check_sns_certificate_url(good));
  }
  for (const char* const bad : {
           "",
           "https://",
           "https://sns.",
           "https://sns./x.pem",
           "http://sns.us-east-1.amazonaws.com/x.pem",
           "HTTPS://sns.us-east-1.amazonaws.com/x.pem",
           "https://sns.us-east-1.amazonaws.com.evil.example/x.pem",
           "https://sns.us-east-1.amazonaws.comevil.example/x.pem",
           "https://sns.us-east-1.amazonaws.com.cn.example/x.pem",
           "https://evil.example/sns.us-east-1.amazonaws.com/x.pem",
           "https://sns.us-east-1.amazonaws.com:8443/x.pem",
           "https://sns.us-east-1.amazonaws.com@evil.example/x.pem",
           "https://user@sns.us-east-1.amazonaws.com/x.pem",
           "https://sns.us-east-1.amazonaws.com\\@evil.example/x.pem",
           "https://sns.evil.example#.amazonaws.com/x.pem",
           "https://sns.us-east-1.s3.amazonaws.com/x.pem",
           "https://s3.us-east-1.amazonaws.com/x.pem",
           "https://sns-x.s3.amazonaws.com/x.pem",
           "https://xsns.us-east-1.amazonaws.com/x.pem",
           "https://sns.amazonaws.com/x.pem",
           "https://sns.us-east-1.amazonaws.com/x.pem?y",
           "https://sns.us-east-1.amazonaws.com/x",
           "https://sns.us-east-1.amazonaws.com/x.pem#y",
           "https://sns.us-east-1.amazonaws.com/.pem",
           "https://sns.us-east-1.amazonaws.com/a/x.pem",
           "https://sns.us-east-1.amazonaws.com/..%2fx.pem",
           "https://sns.us-east-1.amazonaws.com/\nx.pem",
           "https://sns.us-east-1.amazonaws.com//x.pem",
           "https://sns.us_east.amazonaws.com/x.pem",
           "https://sns.us-east-1.amazonaws.com./x.pem",
       }) {
    INFO(bad);
    const auto checked = check_sns_certificate_url(bad);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Code::forbidden);
    if (*bad == '\0') continue;
    SnsMessage message = signed_message();
    message.certificate_url = bad;
    Gate gate;
    CHECK(gate.refusal(write_sns(message)) == Code::forbidden);
    CHECK(gate.fetched.empty());
  }
}

TEST_CASE("a certificate that is none, out of date, weak or another's proves nothing",
          "[aws][sns]") {
  const auto refused_with = [](const std::string& certificate, const SnsSigner& by) {
    SnsMessage message = signed_message();
    by.sign(message);
    Gate gate;
    gate.certificate = certificate;
    return gate.refusal(write_sns(message));
  };
  const SnsSigner expired(now - 48h, now - 24h);
  const SnsSigner early(now + 24h, now + 48h);
  const SnsSigner weak(now - 24h, now + 24h, 1024);
  CHECK(refused_with(expired.certificate(), expired) == Code::unauthenticated);
  CHECK(refused_with(early.certificate(), early) == Code::unauthenticated);
  CHECK(refused_with(weak.certificate(), weak) == Code::unauthenticated);
  CHECK(refused_with(expired.certificate(), signer()) == Code::unauthenticated);
  for (const std::string nothing :
       {"", "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    CHECK(refused_with(nothing, signer()) == Code::unauthenticated);
  }
}

TEST_CASE("when a certificate can't be had its fetcher's error says so", "[aws][sns]") {
  const auto away = [](const std::string&) -> Result<std::string> {
    return fail(Code::unavailable, "no route");
  };
  const auto admitted = authenticate_sns(write_sns(signed_message()),
                                         {.topics = {sns_topic}, .accounts = {}}, away, now);
  REQUIRE_FALSE(admitted);
  CHECK(admitted.error().code == Code::unavailable);
}

TEST_CASE("what is no envelope of SNS says so", "[aws][sns]") {
  const auto code = [](const char* text) {
    const auto message = parse_sns_message(text);
    REQUIRE_FALSE(message);
    return message.error().code;
  };
  CHECK(code("") == Code::invalid_input);
  CHECK(code("{}") == Code::not_found);
  CHECK(code(R"({"eventType":"Send"})") == Code::not_found);
  CHECK(code(R"({"Type":"Other","Message":"x","TopicArn":"y"})") == Code::not_found);
  CHECK(code(R"({"Type":"Notification","Message":{},"TopicArn":"y"})") == Code::not_found);
  CHECK(code(R"({"Type":"Notification","Message":"x","TopicArn":"y"})") == Code::invalid_input);
}

TEST_CASE("parts of an ARN", "[aws][sns]") {
  CHECK(arn_region(sns_topic) == "eu-central-1");
  CHECK(arn_account(sns_topic) == "111122223333");
  for (const char* const none :
       {"", "arn", "arn:", "arn:aws:sns", "urn:aws:sns:a:b:c", "a:b:c:d:e"}) {
    CHECK(arn_region(none).empty());
    CHECK(arn_account(none).empty());
  }
}

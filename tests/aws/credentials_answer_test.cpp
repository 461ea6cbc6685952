#include "aws/credentials_answer.hpp"

#include <catch2/catch.hpp>

#include "calinvite/time.hpp"

using namespace calinvite;
using namespace calinvite::aws;
using namespace std::chrono_literals;

namespace {

const auto half_past_three = std::chrono::sys_days(std::chrono::year(2026) / 1 / 15) + 15h + 30min;

std::string sts_answer(const std::string& keys) {
  return R"(<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult><AssumedRoleUser><Arn>arn:x</Arn></AssumedRoleUser>
    <Credentials>)" +
         keys +
         "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
}

constexpr auto whole_keys =
    "<SessionToken>to&amp;ken==</SessionToken>\n<AccessKeyId>ASIA1</AccessKeyId>"
    "<SecretAccessKey>CANARYsecret/+</SecretAccessKey><Expiration>2026-01-15T15:30:00Z</"
    "Expiration>";

/// The error about an answer, which must not show what it held.
Error refusal(const Result<IssuedKeys>& read) {
  REQUIRE_FALSE(read);
  CHECK(read.error().message.find("CANARY") == std::string::npos);
  CHECK_FALSE(read.error().message.empty());
  return read.error();
}

}  // namespace

TEST_CASE("keys are read from the JSON of a container's and of an instance's service", "[aws]") {
  const auto container =
      read_json_keys(R"({"RoleArn":"r","AccessKeyId":"ASIA1","SecretAccessKey":"s","Token":"t==",)"
                     R"("AccountId":"1","Expiration":"2026-01-15T15:30:00Z"})");
  REQUIRE(container);
  CHECK(container->credentials.access_key_id == "ASIA1");
  CHECK(container->credentials.secret_access_key == "s");
  CHECK(container->credentials.session_token == "t==");
  CHECK(container->expires == half_past_three);

  const auto lasting = read_json_keys(
      R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIA1","SecretAccessKey":"s"})");
  REQUIRE(lasting);
  CHECK_FALSE(lasting->expires);
}

TEST_CASE("an instance's service that has no keys says so with status 200", "[aws]") {
  const auto error = refusal(read_json_keys(
      R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"CANARY","AccessKeyId":"CANARY"})"));
  CHECK(error.code == Code::unavailable);
  CHECK(error.message.find("AssumeRoleUnauthorizedAccess") != std::string::npos);
}

TEST_CASE("an answer without usable keys is refused and not shown", "[aws]") {
  for (const char* body :
       {"", "CANARY", "[]", R"({"AccessKeyId":"CANARY"})", R"({"SecretAccessKey":"CANARY"})",
        R"({"AccessKeyId":"a b","SecretAccessKey":"CANARY"})",
        R"({"AccessKeyId":"a","SecretAccessKey":"CANARY","Token":"x\r\ny: z"})",
        R"({"AccessKeyId":"a","SecretAccessKey":"CANARY","Expiration":"soon CANARY"})",
        R"({"AccessKeyId":7,"SecretAccessKey":"CANARY"})"}) {
    INFO(body);
    CHECK(refusal(read_json_keys(body)).code == Code::invalid_input);
  }
}

TEST_CASE("a web identity's form is percent-encoded", "[aws]") {
  CHECK(web_identity_form("arn:aws:iam::1:role/r x", "s@1", "e.y+J/0=") ==
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole"
        "%2Fr%20x&RoleSessionName=s%401&WebIdentityToken=e.y%2BJ%2F0%3D");
}

TEST_CASE("keys are read from STS's XML, whatever their order", "[aws]") {
  const auto keys = read_web_identity_answer(200, sts_answer(whole_keys));
  REQUIRE(keys);
  CHECK(keys->credentials.access_key_id == "ASIA1");
  CHECK(keys->credentials.secret_access_key == "CANARYsecret/+");
  CHECK(keys->credentials.session_token == "to&ken==");
  CHECK(keys->expires == half_past_three);
}

TEST_CASE("an answer that is not STS's, or hides something, gives no keys", "[aws]") {
  const std::string whole = sts_answer(whole_keys);
  const auto refused = [](const std::string& body) {
    return refusal(read_web_identity_answer(200, body)).code == Code::invalid_input;
  };
  CHECK(refused(""));
  CHECK(refused(whole.substr(0, whole.size() / 2)));
  CHECK(refused("<!DOCTYPE x [<!ENTITY e \"CANARY\">]>" + whole));
  CHECK(refused(sts_answer(std::string("<!-- old -->") + whole_keys)));
  const std::string keys = whole_keys;
  CHECK(refused(sts_answer(keys.substr(keys.find("<AccessKeyId>")))));  // no SessionToken
  CHECK(
      refused(sts_answer("<SessionToken>t</SessionToken><AccessKeyId>a<b>CANARY</b></"
                         "AccessKeyId><SecretAccessKey>CANARY"
                         "</SecretAccessKey><Expiration>2026-01-15T15:30:00Z</Expiration>")));
  CHECK(refused(sts_answer(
      "<SessionToken>t</SessionToken><AccessKeyId>a&CANARY;</AccessKeyId><SecretAccessKey>CANARY"
      "</SecretAccessKey><Expiration>2026-01-15T15:30:00Z</Expiration>")));
  CHECK(refused(
      sts_answer("<SessionToken>t</SessionToken><AccessKeyId>a</AccessKeyId><SecretAccessKey>CANARY"
                 "</SecretAccessKey><Expiration>later</Expiration>")));
}

TEST_CASE("STS's refusal is told in its words, and what passes is told apart", "[aws]") {
  const auto answer = [](const char* code) {
    return std::string("<ErrorResponse><Error><Type>Sender</Type><Code>") + code +
           "</Code><Message>No provider\nfound</Message></Error></ErrorResponse>";
  };
  const auto refused = refusal(read_web_identity_answer(400, answer("InvalidIdentityToken")));
  CHECK(refused.code == Code::unauthenticated);
  CHECK(refused.message == "STS answered 400, InvalidIdentityToken: No provider found");
  CHECK(refusal(read_web_identity_answer(400, answer("IDPCommunicationError"))).retryable());
  CHECK(refusal(read_web_identity_answer(503, "<html>CANARY</html>")).retryable());
  CHECK_FALSE(refusal(read_web_identity_answer(302, "")).retryable());
}

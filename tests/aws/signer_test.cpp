#include <catch2/catch.hpp>

#include "aws/sigv4_case.hpp"
#include "calinvite/aws.hpp"

using namespace calinvite;
using calinvite::testing::check_case;
using calinvite::testing::golden_case;
using calinvite::testing::read_json;

namespace {

AwsCredentials test_keys() {
  return {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
}

SigningScope ses_scope(std::int64_t second = 1'800'000'000) {
  SigningScope scope;
  scope.region = "eu-central-1";
  scope.time = std::chrono::sys_seconds(std::chrono::seconds(second));
  return scope;
}

AwsRequest account_request() { return ses_account_request("email.eu-central-1.amazonaws.com"); }

std::string_view header(const AwsRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("requests signed by botocore are signed alike, text for text", "[aws]") {
  const Json file = read_json(CALINVITE_TEST_DATA_DIR "/aws/sigv4.json");
  REQUIRE(file["cases"].array().size() == 6);

  for (const Json& golden : file["cases"].array()) check_case(golden_case(golden));
}

TEST_CASE("signing adds the date, the session token and the authorization", "[aws]") {
  AwsCredentials keys = test_keys();
  keys.session_token = "session//token==";
  AwsRequest request = account_request();

  REQUIRE(AwsSigner(keys).sign(request, ses_scope()));
  CHECK(header(request, "X-Amz-Date") == "20270115T080000Z");
  CHECK(header(request, "X-Amz-Security-Token") == "session//token==");
  CHECK(header(request, "Authorization")
            .starts_with("AWS4-HMAC-SHA256 "
                         "Credential=AKIDEXAMPLE/20270115/eu-central-1/ses/aws4_request, "
                         "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature="));
}

TEST_CASE("the kept day key is dropped when day, region or service change", "[aws]") {
  const AwsSigner kept(test_keys());
  constexpr std::int64_t day = 86'400;
  const std::int64_t midnight = 1'800'000'000 / day * day;
  std::vector<SigningScope> scopes = {ses_scope(midnight - 1), ses_scope(midnight),
                                      ses_scope(midnight), ses_scope(midnight - 1)};
  scopes.push_back(scopes[1]);
  scopes.back().region = "us-east-1";
  scopes.push_back(scopes.back());
  scopes.back().service = "sqs";
  scopes.push_back(scopes[1]);

  for (const SigningScope& scope : scopes) {
    AwsRequest request = account_request();
    AwsRequest fresh = request;
    REQUIRE(kept.sign(request, scope));
    REQUIRE(AwsSigner(test_keys()).sign(fresh, scope));
    CHECK(request.headers == fresh.headers);
  }
}

TEST_CASE("explaining leaves the signer as signing does", "[aws]") {
  const AwsSigner signer(test_keys());
  AwsRequest request = account_request();
  const auto explained = signer.explain(request, ses_scope());
  REQUIRE(explained);
  REQUIRE(signer.sign(request, ses_scope()));

  CHECK(explained->signed_headers == "host;x-amz-date");
  CHECK(header(request, "Authorization") == explained->authorization);
  CHECK(explained->signature.size() == 64);
}

TEST_CASE("headers that clients and proxies change stay unsigned", "[aws]") {
  AwsRequest request = account_request();
  for (const char* const name :
       {"Connection", "Expect", "Keep-Alive", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "User-Agent", "X-Amzn-Trace-Id"}) {
    request.headers.emplace_back(name, "x");
  }
  request.headers.emplace_back("X-Fan", "y");

  const auto texts = AwsSigner(test_keys()).explain(request, ses_scope());
  REQUIRE(texts);
  CHECK(texts->signed_headers == "host;x-amz-date;x-fan");
}

TEST_CASE("a request that cannot be signed right is refused as it was", "[aws]") {
  const AwsSigner signer(test_keys());
  AwsRequest without_host = account_request();
  without_host.headers.clear();
  const auto refused = signer.sign(without_host, ses_scope());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::invalid_argument);
  CHECK(refused.error().place.field == "Host");

  for (const char* const name : {"X-Amz-Date", "x-amz-security-token", "AUTHORIZATION"}) {
    AwsRequest request = account_request();
    request.headers.emplace_back(name, "secret value");
    const AwsRequest before = request;
    const auto result = signer.sign(request, ses_scope());
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Code::invalid_argument);
    CHECK(result.error().message.find("secret value") == std::string::npos);
    CHECK(request.headers == before.headers);
  }
}

TEST_CASE("S3's body hash is added once, or taken as the caller gave it", "[aws]") {
  const AwsSigner signer(test_keys());
  SigningScope scope = ses_scope();
  scope.service = "s3";
  AwsRequest named = account_request();
  named.headers.emplace_back("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
  const auto texts = signer.explain(named, scope);
  REQUIRE(texts);
  CHECK(texts->canonical_request.ends_with("\nUNSIGNED-PAYLOAD"));

  scope.sign_body_header = true;
  CHECK_FALSE(signer.explain(named, scope));
  AwsRequest request = account_request();
  REQUIRE(signer.sign(request, scope));
  CHECK(header(request, "X-Amz-Content-Sha256") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a signer moves with its keys", "[aws]") {
  AwsSigner first(test_keys());
  AwsSigner second = std::move(first);
  AwsRequest request = account_request();

  CHECK(second.sign(request, ses_scope()));
}

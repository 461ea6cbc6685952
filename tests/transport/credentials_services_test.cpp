#include <catch2/catch.hpp>

#include "transport/environment.hpp"
#include "transport/tls_server.hpp"

using namespace calinvite;
using namespace calinvite::test;

namespace {

const std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2027) / 3 / 1);

Json answer(int status, const std::string& body) {
  return Json::Object{{"status", status}, {"body", body}};
}

constexpr auto json_keys = R"({"Code":"Success","AccessKeyId":"ASIA1","SecretAccessKey":"CANARYs",)"
                           R"("Token":"CANARYt","Expiration":"2027-03-01T06:00:00Z"})";
constexpr auto xml_keys =
    "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
    "<AccessKeyId>ASIA2</AccessKeyId><SecretAccessKey>CANARYs</SecretAccessKey>"
    "<SessionToken>CANARYt</SessionToken><Expiration>2027-03-01T01:00:00Z</Expiration>"
    "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";

const TlsServer::Options plain{"none", "", ""};

std::shared_ptr<CredentialsSource> open(const Environment& environment) {
  const auto chain = open_credentials_chain(environment.view());
  if (!chain) FAIL(chain.error().message);
  return *chain;
}

Error failure_of(const Environment& environment) {
  const auto keys = open(environment)->get(now);
  REQUIRE_FALSE(keys);
  INFO(keys.error().message);
  CHECK(to_string(keys.error()).find("CANARY") == std::string::npos);
  return keys.error();
}

}  // namespace

TEST_CASE("an instance's keys come by a token of version 2", "[credentials]") {
  const TlsServer server(
      {answer(200, "CANARYtoken=="), answer(200, "mail-role\n"), answer(200, json_keys)}, plain);
  Environment environment;
  environment.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  const auto keys = open(environment)->get(now);

  REQUIRE(keys);
  CHECK((*keys)->credentials.access_key_id == "ASIA1");
  CHECK((*keys)->credentials.session_token == "CANARYt");
  CHECK((*keys)->expires == now + std::chrono::hours(6));
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0]["method"].string() == "PUT");
  CHECK(requests[0]["target"].string() == "/latest/api/token");
  CHECK(requests[0]["headers"]["x-aws-ec2-metadata-token-ttl-seconds"].string() == "21600");
  CHECK(requests[0]["headers"]["content-length"].string() == "0");
  for (const std::size_t i : {1, 2}) {
    CHECK(requests[i]["method"].string() == "GET");
    CHECK(requests[i]["headers"]["x-aws-ec2-metadata-token"].string() == "CANARYtoken==");
  }
  CHECK(requests[2]["target"].string() == "/latest/meta-data/iam/security-credentials/mail-role");
}

TEST_CASE("an instance's service without version 2 is not asked by version 1", "[credentials]") {
  for (const int status : {400, 403, 404, 405}) {
    const TlsServer server({answer(status, "CANARY")}, plain);
    Environment environment;
    environment.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());

    CHECK(failure_of(environment).code == Code::forbidden);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("no redirect of a service that hands out keys is followed", "[credentials]") {
  const TlsServer other({answer(200, json_keys)}, plain);
  const Json redirect =
      Json::Object{{"status", 307}, {"location", other.url() + "/x"}, {"body", ""}};
  Environment container;
  const TlsServer server({redirect}, plain);
  container.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/keys");
  CHECK(failure_of(container).code == Code::forbidden);

  Environment instance;
  instance.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  CHECK(failure_of(instance).code == Code::forbidden);
  CHECK(other.log("connection").empty());
}

TEST_CASE("a silent instance's service is left after a second", "[credentials]") {
  const TlsServer server({"hang"}, plain);
  Environment environment;
  environment.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());

  CHECK(failure_of(environment).retryable());
  CHECK(server.requests().size() == 1);
}

TEST_CASE("an answer of 200 that tells of a failure gives no keys", "[credentials]") {
  const TlsServer server({answer(200, "token"), answer(200, "mail-role"),
                          answer(200, R"({"Code":"Failed","Message":"CANARY"})")},
                         plain);
  Environment environment;
  environment.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());

  CHECK(failure_of(environment).message.find("Failed") != std::string::npos);
}

TEST_CASE("an instance tells its region, also from a local zone", "[credentials]") {
  for (const char* zone : {"us-west-2a", "us-west-2-lax-1a"}) {
    const TlsServer server({answer(200, "token"), answer(200, zone)}, plain);
    Environment environment;
    environment.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
    environment.set("AWS_ACCESS_KEY_ID", "AKID").set("AWS_SECRET_ACCESS_KEY", "s");
    const auto options = find_ses_options(environment.view());

    REQUIRE(options);
    CHECK(options->region == "us-west-2");
    CHECK(server.requests()[1]["target"].string() ==
          "/latest/meta-data/placement/availability-zone/");
  }
}

TEST_CASE("a container's token is read from its file at each fetch", "[credentials]") {
  const TlsServer server({answer(200, json_keys)}, plain);
  Environment environment;
  environment.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/v1/keys");
  environment.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "ignored");
  environment.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", environment.path("token"));
  environment.write("token", "CANARY-1");
  const auto source = open(environment);
  const auto first = source->get(now);
  REQUIRE(first);
  environment.write("token", "CANARY-2");
  static_cast<void>(source->replace(*first, now));

  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0]["target"].string() == "/v1/keys");
  CHECK(requests[0]["headers"]["accept"].string() == "application/json");
  CHECK(requests[0]["headers"]["authorization"].string() == "CANARY-1");
  CHECK(requests[1]["headers"]["authorization"].string() == "CANARY-2");
}

TEST_CASE("a web identity's token is read from its file at each fetch, and goes unsigned over TLS",
          "[credentials]") {
  const TlsServer server({answer(200, xml_keys)});
  Environment environment;
  environment.set("AWS_ENDPOINT_URL_STS", server.url()).set("AWS_CA_BUNDLE", server.ca_file());
  environment.set("AWS_WEB_IDENTITY_TOKEN_FILE", environment.path("token"));
  environment.set("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/mail");
  environment.write("token", "jwt.one\n");
  const auto source = open(environment);
  const auto first = source->get(now);
  REQUIRE(first);
  CHECK((*first)->credentials.access_key_id == "ASIA2");
  CHECK((*first)->expires == now + std::chrono::hours(1));
  environment.write("token", "jwt.two\n");
  REQUIRE(source->get(now + std::chrono::minutes(46)));

  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0]["method"].string() == "POST");
  CHECK(requests[0]["target"].string() == "/");
  CHECK(requests[0]["headers"]["authorization"].is_null());
  CHECK(requests[0]["form"].string() ==
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
        "111122223333%3Arole%2Fmail&RoleSessionName=calinvite&WebIdentityToken=jwt.one");
  CHECK(requests[1]["form"].string().ends_with("WebIdentityToken=jwt.two"));
}

TEST_CASE("STS whose certificate does not hold gets no token", "[credentials]") {
  const TlsServer trusted({answer(200, xml_keys)});
  const TlsServer unknown({answer(200, xml_keys)});
  Environment environment;
  environment.set("AWS_ENDPOINT_URL_STS", unknown.url()).set("AWS_CA_BUNDLE", trusted.ca_file());
  environment.set("AWS_WEB_IDENTITY_TOKEN_FILE", environment.path("token"));
  environment.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/r").write("token", "CANARY");

  CHECK(failure_of(environment).code == Code::unavailable);
  CHECK(unknown.requests().empty());
}

TEST_CASE("STS's identity provider that is away for a moment is asked again", "[credentials]") {
  const std::string away =
      "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>";
  const std::string refusal =
      "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not this role</Message></Error>"
      "</ErrorResponse>";
  const TlsServer server({answer(400, away), answer(200, xml_keys), answer(403, refusal)});
  Environment environment;
  environment.set("AWS_ENDPOINT_URL_STS", server.url()).set("AWS_CA_BUNDLE", server.ca_file());
  environment.set("AWS_WEB_IDENTITY_TOKEN_FILE", environment.path("token"));
  environment.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/r").write("token", "CANARY");
  CHECK(open(environment)->get(now));
  CHECK(server.requests().size() == 2);

  CHECK(failure_of(environment).message == "STS answered 403, AccessDenied: not this role");
  CHECK(server.requests().size() == 3);
}

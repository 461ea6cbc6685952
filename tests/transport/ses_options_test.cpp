#include <catch2/catch.hpp>

#include "calinvite/transport.hpp"
#include "transport/environment.hpp"

using namespace calinvite;
using namespace calinvite::test;

namespace {

/// With keys, so that only the rest of the options is in question.
Environment& keyed(Environment& environment) {
  return environment.set("AWS_ACCESS_KEY_ID", "AKID")
      .set("AWS_SECRET_ACCESS_KEY", "CANARY")
      .set("AWS_EC2_METADATA_DISABLED", "true");
}

SesOptions options_of(const Environment& environment, const std::string& region = {}) {
  auto options = find_ses_options(environment.view(), region);
  if (!options) FAIL(options.error().message);
  return *options;
}

Error failure_of(const Environment& environment) {
  const auto options = find_ses_options(environment.view());
  REQUIRE_FALSE(options);
  CHECK(options.error().message.find("CANARY") == std::string::npos);
  return options.error();
}

}  // namespace

TEST_CASE("the region is the caller's, the environment's, then the profile's", "[credentials]") {
  Environment environment;
  keyed(environment);
  CHECK(failure_of(environment).message.find("set AWS_REGION") != std::string::npos);
  environment.config("[default]\nregion = eu-west-1\n");
  CHECK(options_of(environment).region == "eu-west-1");
  environment.set("AWS_DEFAULT_REGION", "eu-west-2");
  CHECK(options_of(environment).region == "eu-west-2");
  environment.set("AWS_REGION", "eu-west-3");
  CHECK(options_of(environment).region == "eu-west-3");
  CHECK(options_of(environment, "us-east-1").region == "us-east-1");
}

TEST_CASE("the endpoint is that of service, of all, of the profile's services, of the profile",
          "[credentials]") {
  Environment environment;
  keyed(environment).set("AWS_REGION", "eu-central-1");
  CHECK(options_of(environment).endpoint.empty());
  environment.config("[default]\nendpoint_url = http://127.0.0.1:1\n");
  CHECK(options_of(environment).endpoint == "http://127.0.0.1:1");
  environment.config(
      "[default]\nendpoint_url = http://127.0.0.1:1\nservices = near\n"
      "[services near]\nsesv2 =\n  endpoint_url = http://127.0.0.1:2\n");
  CHECK(options_of(environment).endpoint == "http://127.0.0.1:2");
  environment.set("AWS_ENDPOINT_URL", "http://127.0.0.1:3");
  CHECK(options_of(environment).endpoint == "http://127.0.0.1:3");
  environment.set("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:4");
  CHECK(options_of(environment).endpoint == "http://127.0.0.1:4");
  environment.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  CHECK(options_of(environment).endpoint.empty());
}

TEST_CASE("FIPS and dual stack are read, and exclude an endpoint", "[credentials]") {
  Environment environment;
  keyed(environment).set("AWS_REGION", "eu-central-1").set("AWS_USE_FIPS_ENDPOINT", "True");
  environment.config("[default]\nuse_dualstack_endpoint = true\n").set("AWS_CA_BUNDLE", "/ca.pem");
  auto options = options_of(environment);
  CHECK(options.fips);
  CHECK(options.dual_stack);
  CHECK(options.ca_file == "/ca.pem");
  options.ca_file.clear();
  options.clock = [] { return std::chrono::sys_seconds(); };
  CHECK(open_ses_transport(options));
  options.endpoint = "http://127.0.0.1:1";
  CHECK(open_ses_transport(options).error().code == Code::invalid_argument);

  environment.set("AWS_USE_FIPS_ENDPOINT", "CANARY");
  CHECK(failure_of(environment).code == Code::invalid_argument);
}

TEST_CASE("a fault of the source is told when the transport is opened", "[credentials]") {
  SesOptions options;
  options.region = "eu-central-1";
  options.clock = [] { return std::chrono::sys_seconds(); };
  options.source = std::make_shared<CredentialsSource>(
      []() -> Result<TimedCredentials> { return fail(Code::unauthenticated, "no such role"); });

  const auto opened = open_ses_transport(options);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::unauthenticated);
}

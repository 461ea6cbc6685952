#include "aws/endpoint.hpp"

#include <catch2/catch.hpp>

using namespace calinvite;
using namespace calinvite::aws;

namespace {

std::string address(std::string_view prefix, std::string_view region, EndpointChoice choice = {}) {
  const auto url = service_endpoint(prefix, region, choice);
  return url ? *url : std::string(code_name(url.error().code));
}

}  // namespace

TEST_CASE("a service's address follows region, FIPS and dual stack", "[aws]") {
  CHECK(address("email", "eu-central-1") == "https://email.eu-central-1.amazonaws.com");
  CHECK(address("email", "us-east-1", {true, false}) ==
        "https://email-fips.us-east-1.amazonaws.com");
  CHECK(address("email", "us-east-1", {false, true}) == "https://email.us-east-1.api.aws");
  CHECK(address("sts", "us-gov-west-1", {true, true}) == "https://sts-fips.us-gov-west-1.api.aws");
  CHECK(address("email", "cn-north-1") == "https://email.cn-north-1.amazonaws.com.cn");
  CHECK(address("email", "cn-north-1", {true, true}) ==
        "https://email-fips.cn-north-1.api.amazonwebservices.com.cn");
  CHECK(address("email", "eusc-de-east-1") == "https://email.eusc-de-east-1.amazonaws.eu");
  CHECK(address("email", "eusc-de-east-1", {false, true}) == "unsupported");
}

TEST_CASE("a region that would name another host is refused", "[aws]") {
  for (const char* region :
       {"", "evil.example/", "a b", "eu-central-1.", "-x", "x-", "EU", "a@b"}) {
    INFO(region);
    CHECK(address("email", region) == "invalid_argument");
  }
}

TEST_CASE("an endpoint is taken apart, its host told without port and case", "[aws]") {
  const auto endpoint = parse_endpoint("HTTPS://Mail.Example:8443/base/", "x");
  REQUIRE(endpoint);
  CHECK(endpoint->origin() == "https://Mail.Example:8443");
  CHECK(endpoint->host == "Mail.Example:8443");
  CHECK(endpoint->host_name() == "mail.example");
  CHECK(endpoint->base_path == "/base");
  CHECK(parse_endpoint("http://[FD00:ec2::23]:80/a", "x")->host_name() == "[fd00:ec2::23]");
}

TEST_CASE("a password in an endpoint is refused and not shown", "[aws]") {
  for (const char* url : {"https://key:CANARY@host", "https://h/?CANARY@", "ftp://h", "https://",
                          "host", "https://a b", "https://h#x", ""}) {
    const auto endpoint = parse_endpoint(url, "SES endpoint");
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().code == Code::invalid_argument);
    CHECK(endpoint.error().message.find("CANARY") == std::string::npos);
  }
}

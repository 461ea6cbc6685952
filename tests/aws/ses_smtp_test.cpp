#include <catch2/catch.hpp>
#include <sstream>

#include "calinvite/aws.hpp"

using namespace calinvite;

TEST_CASE("the SMTP password of SES comes from the secret key and the region", "[aws]") {
  // Computed with hmac of Python's standard library; smtp_password_test.py does so for many more.
  CHECK(ses_smtp_password("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-central-1") ==
        "BFq1bUleea4+YP7D6Lc6/NX08j1iw+oCCO7+eiXACxiK");
  CHECK(ses_smtp_password("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1") ==
        "BOntiZFm/r+5s3psZ/RpsjB+aSGsj2J0rXdiLuO0cQL7");
}

TEST_CASE("SMTP hosts of SES name their region, others none", "[aws]") {
  CHECK(ses_smtp_region("email-smtp.eu-central-1.amazonaws.com") == "eu-central-1");
  CHECK(ses_smtp_region("email-smtp-fips.us-west-2.amazonaws.com") == "us-west-2");
  CHECK(ses_smtp_region("email-smtp.cn-north-1.amazonaws.com.cn") == "cn-north-1");
  CHECK(ses_smtp_region("vpce-0a1.email-smtp.eu-west-1.vpce.amazonaws.com") == "eu-west-1");
  for (const char* host :
       {"", "smtp.example.com", "email-smtp.amazonaws.com", "email-smtp.eu-central-1.example.com",
        "amazonaws.com", "my-email-smtp.eu-central-1.amazonaws.com", "email-smtp."}) {
    INFO(host);
    CHECK(ses_smtp_region(host).empty());
  }
}

TEST_CASE("SES's headers over SMTP carry the configuration set and every tag", "[aws]") {
  CHECK(ses_smtp_headers("invites", {}).value() == "X-SES-CONFIGURATION-SET: invites\r\n");
  CHECK(ses_smtp_headers("invites", {{"event", "e_1"}, {"attempt_id", "a-1"}}).value() ==
        "X-SES-CONFIGURATION-SET: invites\r\nX-SES-MESSAGE-TAGS: event=e_1, attempt_id=a-1\r\n");

  std::vector<MessageTag> many(8, {std::string(256, 'n'), std::string(256, 'v')});
  const std::string folded = ses_smtp_headers("invites", many).value();
  std::size_t count = 0;
  std::istringstream lines(folded);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 999);
    CHECK((line.starts_with("X-SES-") || line.starts_with(" n")));
    for (const char c : line) count += c == '=';
  }
  CHECK(count == 8);
}

TEST_CASE("a header of SES's can't be broken out of", "[aws]") {
  for (const char* set : {"", "a b", "a\r\nBcc: x@example.com", "\xc3\xa4"}) {
    CHECK(ses_smtp_headers(set, {}).error().code == Code::invalid_argument);
  }
  CHECK_FALSE(ses_smtp_headers(std::string(65, 'x'), {}));
  CHECK_FALSE(ses_smtp_headers("invites", {{"event", "a, b=c"}}));
  CHECK_FALSE(ses_smtp_headers("invites", {{"event", "a\r\nBcc: x@example.com"}}));
}

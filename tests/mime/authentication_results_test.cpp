#include <catch2/catch.hpp>
#include <string>

#include "calinvite/mime.hpp"

using calinvite::Code;
using calinvite::parse_authentication_results;

namespace {

calinvite::AuthenticationResults read(const std::string& value) {
  auto results = parse_authentication_results(value);
  if (!results) FAIL(value);
  return *std::move(results);
}

bool refused(const std::string& value) {
  const auto results = parse_authentication_results(value);
  return !results && results.error().code == Code::invalid_input;
}

}  // namespace

TEST_CASE("the header that SES writes is read clause by clause", "[mime]") {
  const auto results = read(
      "amazonses.com; spf=pass (spfCheck: domain of example.net designates 203.0.113.9 as "
      "permitted "
      "sender) client-ip=203.0.113.9; envelope-from=fan0001@example.net; helo=mx1.example.net; "
      "dkim=pass header.i=@example.net; dmarc=pass header.from=example.net;");

  CHECK(results.authserv_id == "amazonses.com");
  CHECK(results.clauses.size() == 5);
  CHECK(results.result("spf") == "pass");
  CHECK(results.result("dkim") == "pass");
  CHECK(results.result("arc").empty());
  CHECK(results.clauses[3].properties ==
        std::vector<std::pair<std::string, std::string>>{{"header.i", "@example.net"}});
}

TEST_CASE("the forms of RFC 8601 are read", "[mime]") {
  CHECK(read("example.org 1; none").clauses.empty());
  CHECK(read("example.org").clauses.empty());
  CHECK(read(" (a (nested \\) comment)) \"Example.org\" ; none").authserv_id == "example.org");
  const auto results = read(
      "foo.example; auth=pass (cram-md5) smtp.auth=sender@example.net; "
      "DKIM/1 = Pass reason=\"good; dkim=fail\" header . d = example.net "
      "(x)\theader.i=\"a;b\"@x.net");
  CHECK(results.result("auth") == "pass");
  CHECK(results.result("dkim") == "pass");
  REQUIRE(results.clauses[1].properties.size() == 3);
  CHECK(results.clauses[1].properties[0].second == "good; dkim=fail");
  CHECK(results.clauses[1].properties[1].first == "header.d");
  CHECK(results.clauses[1].properties[1].second == "example.net");
  CHECK(results.clauses[1].properties[2].second == "a;b@x.net");
}

TEST_CASE("a method that is said to have passed and failed has failed", "[mime]") {
  CHECK(read("a.example; dkim=pass header.d=x.example; dkim=fail header.d=y.example")
            .result("dkim") == "fail");
  CHECK(read("a.example; dkim=pass header.d=x.example; dkim=pass header.d=y.example")
            .result("dkim") == "pass");
}

TEST_CASE("what readers may understand differently is refused", "[mime]") {
  CHECK(refused(""));
  CHECK(refused("; dkim=pass"));
  CHECK(refused("a.example; dkim"));
  CHECK(refused("a.example; dkim=pass header.d"));
  CHECK(refused("a.example; dkim=pass header."));
  CHECK(refused("a.example; dkim=pass (never closed"));
  CHECK(refused("a.example; dkim=pass reason=\"never closed"));
  // An echoed local part that ends the comment for one reader and not for another.
  CHECK(
      refused("a.example; spf=fail (domain of \"x) ; dkim=pass header.i=@victim.example "
              "(\"@evil.example); dkim=none"));
  CHECK(refused("a.example; spf=fail smtp.mailfrom=x\"y; dkim=none"));
  CHECK(refused("a.example; x=" + std::string(20, '(')));
}

TEST_CASE("results of one hostile character each are read at once", "[mime]") {
  for (const std::string_view unit : {"(", ")", "\"", "\\", ";", "=", ".", "/", "a", "a=", "a=b;",
                                      "a.b=c ", "@", "\"\"", "( )"}) {
    std::string value = "a.example;";
    while (value.size() < 16'000) value += unit;
    const auto results = parse_authentication_results(value);
    if (!results) CHECK(results.error().code == Code::invalid_input);
  }
}

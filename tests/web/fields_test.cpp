#include "web/fields.hpp"

#include <catch2/catch.hpp>

using calinvite::WebRequest;
using calinvite::web::Fields;

TEST_CASE("fields are decoded as browsers encode them", "[web]") {
  const Fields fields("a=1&b=x+y%26z&c&d=%C3%A9&a=2&%61b=3&e=%ff&f=%zz");
  CHECK(fields.get("a") == "1");
  CHECK(fields.get("b") == "x y&z");
  CHECK(fields.get("c").empty());
  CHECK(fields.get("d") == "é");
  CHECK(fields.get("ab") == "3");
  CHECK(fields.get("e") == "\xef\xbf\xbd");
  CHECK(fields.get("f") == "%zz");
  CHECK(fields.get("g").empty());
  CHECK(Fields("").get("a").empty());
}

TEST_CASE("RFC 8058: one click is that field and nothing else, in either form", "[web]") {
  const auto one_click = [](const std::string& type, const std::string& body) {
    WebRequest request;
    request.headers = {{"content-type", type}};
    request.body = body;
    return calinvite::web::is_one_click(request);
  };
  const std::string form = "application/x-www-form-urlencoded";
  const std::string part = "Content-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n";

  CHECK(one_click(form, "List-Unsubscribe=One-Click"));
  CHECK(
      one_click("Application/X-WWW-Form-Urlencoded; charset=utf-8", "List-Unsubscribe=One-Click"));
  CHECK(one_click("multipart/form-data; boundary=abc",
                  "--abc\r\n" + part + "One-Click\r\n--abc--\r\n"));
  CHECK(one_click("multipart/form-data; boundary=\"a b\"",
                  "--a b\r\n" + part + "One-Click\r\n--a b--"));
  for (const std::string body :
       {"", "List-Unsubscribe=One-Click&x=1", "list-unsubscribe=One-Click",
        "List-Unsubscribe=one-click", "List-Unsubscribe=One-Click ", "x=1"}) {
    CHECK_FALSE(one_click(form, body));
  }
  CHECK_FALSE(one_click("", "List-Unsubscribe=One-Click"));
  CHECK_FALSE(one_click("text/plain", "List-Unsubscribe=One-Click"));
  CHECK_FALSE(one_click("multipart/form-data", "--\r\n" + part + "One-Click\r\n----"));
  CHECK_FALSE(one_click("multipart/form-data; boundary=abc",
                        "--abc\r\n" + part + "One-Click\r\n--abc\r\n" + part + "x\r\n--abc--"));
}

TEST_CASE("a network is an address of IPv4, or what a customer has of IPv6", "[web]") {
  using calinvite::web::network_of;
  CHECK(network_of("192.0.2.7") == "192.0.2.7");
  CHECK(network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9"));
  CHECK(network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1"));
  CHECK(network_of("::ffff:192.0.2.7") != network_of("::ffff:192.0.2.8"));
  CHECK(network_of("").empty());
  CHECK(network_of("unknown").empty());
  CHECK(network_of("192.0.2.7, 10.0.0.1").empty());
}

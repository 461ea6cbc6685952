#include "calinvite/result.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace calinvite;

TEST_CASE("every code has a name of its own", "[result]") {
  std::set<std::string_view> names;
  for (std::int32_t code = 1; code <= static_cast<std::int32_t>(Code::internal); ++code) {
    names.insert(code_name(static_cast<Code>(code)));
  }

  CHECK(names.size() == static_cast<std::size_t>(Code::internal));
  CHECK(names.count("unknown") == 0);
  CHECK(code_name(Code::in_doubt) == "in_doubt");
  CHECK(code_name(static_cast<Code>(0)) == "unknown");
}

TEST_CASE("an error reads as source, line and message, as far as they are known", "[result]") {
  Error error{Code::invalid_input, "no host part", {"guests.csv", 14, 2, "email"}};
  CHECK(to_string(error) == "guests.csv:14: no host part");
  error.place.line = 0;
  CHECK(to_string(error) == "guests.csv: no host part");
  error.place = {"", 3, 0, ""};
  CHECK(to_string(error) == "line 3: no host part");
  error.place = {};
  CHECK(to_string(error) == "no host part");
}

TEST_CASE("an error is one line whatever its parts hold", "[result]") {
  const Error error{Code::invalid_input, "no \x1b[31mhost\r\n", {"a\nb.csv", 1, 0, ""}};

  CHECK(to_string(error) == "a b.csv:1: no  [31mhost  ");
}

TEST_CASE("only what may pass by itself is worth another try", "[result]") {
  CHECK(Error{Code::unavailable, "", {}}.retryable());
  CHECK(Error{Code::busy, "", {}}.retryable());
  CHECK(Error{Code::throttled, "", {}}.retryable());
  CHECK(Error{Code::store_full, "", {}}.retryable());
  CHECK_FALSE(Error{Code::in_doubt, "", {}}.retryable());
  CHECK_FALSE(Error{Code::invalid_input, "", {}}.retryable());
}

TEST_CASE("a result carries a value or the failure that fail() made", "[result]") {
  const auto half = [](int n) -> Result<int> {
    if (n % 2 != 0) return fail(Code::invalid_argument, "odd", {"", 7, 0, ""});
    return n / 2;
  };

  CHECK(half(4).value() == 2);
  REQUIRE_FALSE(half(3).has_value());
  CHECK(half(3).error().code == Code::invalid_argument);
  CHECK(half(3).error().place.line == 7);
}

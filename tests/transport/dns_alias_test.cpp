#include <catch2/catch.hpp>
#include <vector>

#include "transport/dns/alias.hpp"

using namespace calinvite;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// An answer to a question about "a.b" that holds one record of `type`.
Bytes answer(std::uint8_t type, const Bytes& data) {
  Bytes bytes = {0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'a', 1, 'b', 0, 0, 5, 0, 1};
  const Bytes head = {0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0};
  bytes.insert(bytes.end(), head.begin(), head.end());
  bytes.push_back(static_cast<std::uint8_t>(data.size()));
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

}  // namespace

TEST_CASE("an alias is read whether its name is written out or refers back", "[dns]") {
  const auto written = dns::read_alias(answer(5, {2, 'C', 'D', 1, 'e', 0}));
  const auto referring = dns::read_alias(answer(5, {2, 'c', 'd', 0xc0, 14}));
  REQUIRE(written);
  CHECK(*written == "cd.e");
  REQUIRE(referring);
  CHECK(*referring == "cd.b");
}

TEST_CASE("an answer with other records only has no alias", "[dns]") {
  const auto alias = dns::read_alias(answer(16, {1, 'x'}));
  REQUIRE(alias);
  CHECK_FALSE(alias->has_value());
}

TEST_CASE("an answer that is cut anywhere is refused, not read beyond", "[dns]") {
  const Bytes whole = answer(5, {2, 'c', 'd', 1, 'e', 0});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_FALSE(dns::read_alias(Bytes(whole.begin(), whole.begin() + static_cast<long>(length))));
  }
}

TEST_CASE("a name that refers to itself is refused", "[dns]") {
  const Bytes prefix = answer(5, {});
  const auto itself = static_cast<std::uint8_t>(prefix.size());
  CHECK_FALSE(dns::read_alias(answer(5, {0xc0, itself})));
}

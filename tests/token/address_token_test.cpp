#include <catch2/catch.hpp>
#include <set>

#include "calinvite/token.hpp"

using namespace calinvite;

namespace {

/// Counts up, so that what was made shows which bytes it took.
Random counting() {
  return [next = std::uint8_t{0}](std::span<std::uint8_t> out) mutable {
    for (std::uint8_t& byte : out) byte = next++;
  };
}

}  // namespace

TEST_CASE("R26: an address token spells 80 random bits in base32", "[token]") {
  CHECK(mint_address_token(counting()) == "aaaqeayeaudaocaj");  // bytes 0 to 9, by Python's base64
}

TEST_CASE("R30: a UID is ci-, the time and 96 random bits in hex", "[token]") {
  const std::chrono::sys_seconds now(std::chrono::seconds(0x6a2b3c4d));
  CHECK(mint_uid(counting(), now) == "ci-6a2b3c4d000102030405060708090a0b");
  CHECK(mint_row_id(counting(), now)[15] == 11);
}

TEST_CASE("row ids stand in the order of their time", "[token]") {
  const std::chrono::sys_seconds now(std::chrono::seconds(0x6a2b3cff));
  CHECK(mint_row_id(system_random, now) <
        mint_row_id(system_random, now + std::chrono::seconds(1)));
}

TEST_CASE("the system's random numbers do not repeat", "[token]") {
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert(mint_address_token(system_random));

  CHECK(tokens.size() == 1000);
}

TEST_CASE("R26: a token address gives its token back, whatever mail did to the case", "[token]") {
  const auto address = token_address("fixtures", "aaaqeayeaudaocaj", "reply.example.com");
  REQUIRE(address);
  CHECK(*address == "fixtures+aaaqeayeaudaocaj@reply.example.com");

  CHECK(address_token(*address, "reply.example.com") == "aaaqeayeaudaocaj");
  CHECK(address_token("Fixtures+AAAQEAYEAUDAOCAJ@Reply.Example.COM", "reply.example.com") ==
        "aaaqeayeaudaocaj");
  CHECK(address_token("a+b+aaaqeayeaudaocaj@reply.example.com", "reply.example.com") ==
        "aaaqeayeaudaocaj");
}

TEST_CASE("R26: addresses without a token of ours have none", "[token]") {
  for (const char* const address :
       {"", "aaaqeayeaudaocaj", "fixtures@reply.example.com", "fixtures+@reply.example.com",
        "fixtures+aaaqeayeaudaoca@reply.example.com",    // 15
        "fixtures+aaaqeayeaudaocajj@reply.example.com",  // 17
        "fixtures+aaaqeayeaudaoca1@reply.example.com",   // 1 is not of the alphabet
        "fixtures+aaaqeayeaudaocaj@example.com",
        "fixtures+aaaqeayeaudaocaj@reply.example.com.example.net",
        "fixtures+aaaqeayeaudaocaj@evil@example.net"}) {
    INFO(address);
    CHECK(address_token(address, "reply.example.com").empty());
  }
}

TEST_CASE("R25: a token address that mail could not carry is refused before it is used",
          "[token]") {
  const std::string token = "aaaqeayeaudaocaj";
  const auto longest = token_address(std::string(47, 'a'), token, "reply.example.com");
  const auto too_long = token_address(std::string(48, 'a'), token, "reply.example.com");
  const auto far_away = token_address("fixtures", token, std::string(229, 'd'));
  const auto just_fits = token_address("fixtures", token, std::string(228, 'd'));

  CHECK(longest);
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code == Code::invalid_argument);
  REQUIRE_FALSE(far_away);
  CHECK(far_away.error().code == Code::invalid_argument);
  REQUIRE(just_fits);
  CHECK(just_fits->size() == 254);
}

TEST_CASE("R26: a token stands behind + or -, and is found behind either", "[token]") {
  const std::string token = "aaaqeayeaudaocaj";
  const auto address = token_address("the-fixtures", token, "reply.example.com", '-');
  REQUIRE(address);
  CHECK(*address == "the-fixtures-aaaqeayeaudaocaj@reply.example.com");
  CHECK(address_token(*address, "reply.example.com") == token);
  CHECK(address_token("the-fixtures+" + token + "@reply.example.com", "reply.example.com") ==
        token);
  CHECK(address_token("a+b-" + token + "@reply.example.com", "reply.example.com") == token);
  for (const char other : {'_', '=', 'a', '\0', '@'}) {
    const auto refused = token_address("fixtures", token, "reply.example.com", other);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().place.field == "separator");
  }
}

#include "base/crypto.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "base/text.hpp"

using namespace calinvite;
using namespace calinvite::crypto;

namespace {

std::vector<std::uint8_t> repeated(std::uint8_t byte, std::size_t count) {
  return std::vector<std::uint8_t>(count, byte);
}

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string hmac_hex(const std::vector<std::uint8_t>& key, std::string_view bytes) {
  return text::hex(hmac_sha256(key, bytes));
}

const std::string jefe_mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

struct Sealed {
  std::array<std::uint8_t, 32> key{};
  std::array<std::uint8_t, 12> nonce{};
  std::vector<std::uint8_t> plain = bytes_of("a key of the ring");
  std::vector<std::uint8_t> bytes;
  Sealed() {
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
    bytes = seal(key, nonce, plain, "domain 1");
  }
};

}  // namespace

TEST_CASE("SHA-256 agrees with FIPS 180-2", "[crypto]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("HMAC-SHA-256 agrees with RFC 4231", "[crypto]") {
  CHECK(hmac_hex(repeated(0x0b, 20), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_hex(bytes_of("Jefe"), "what do ya want for nothing?") == jefe_mac);
  CHECK(hmac_hex(repeated(0xaa, 20), std::string(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(hmac_hex(repeated(0xaa, 131), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an empty key is a key like any other", "[crypto]") {
  const std::string expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";

  CHECK(hmac_hex({}, "") == expected);
  CHECK(hmac_hex(bytes_of("Jefe"), "what do ya want for nothing?") == jefe_mac);
  CHECK(hmac_hex({}, "") == expected);
}

TEST_CASE("keys kept from earlier calls never sign for another", "[crypto][threads]") {
  std::vector<std::vector<std::uint8_t>> keys;
  std::vector<std::string> alone;
  for (std::uint8_t i = 0; i < 5; ++i) {
    keys.push_back(repeated(i, 16 + i));
    std::string mac;  // a fresh thread has no contexts yet
    std::thread([&] { mac = hmac_hex(keys.back(), "body"); }).join();
    alone.push_back(mac);
  }
  // Every order of three keys: same one again, by turns, the third pushing one out.
  for (const std::size_t a : {0, 1, 2, 3, 4}) {
    for (const std::size_t b : {0, 1, 2, 3, 4}) {
      for (const std::size_t c : {0, 1, 2, 3, 4}) {
        CHECK(hmac_hex(keys[a], "body") == alone[a]);
        CHECK(hmac_hex(keys[b], "body") == alone[b]);
        CHECK(hmac_hex(keys[c], "body") == alone[c]);
      }
    }
  }
}

TEST_CASE("equality compares length and every byte", "[crypto]") {
  CHECK(crypto::equal(bytes_of("abc"), bytes_of("abc")));
  CHECK(crypto::equal(bytes_of(""), bytes_of("")));
  CHECK_FALSE(crypto::equal(bytes_of("abc"), bytes_of("abd")));
  CHECK_FALSE(crypto::equal(bytes_of("abc"), bytes_of("ab")));
}

TEST_CASE("random bytes fill all of a large buffer and differ between calls", "[crypto]") {
  std::vector<std::uint8_t> first(1000);
  std::vector<std::uint8_t> second(1000);
  system_random(first);
  system_random(second);

  CHECK(first != second);
  // By chance 32 bytes in a row are 0 once in 2^256.
  for (std::size_t at = 0; at + 32 <= first.size(); at += 32) {
    CHECK(std::any_of(first.begin() + static_cast<std::ptrdiff_t>(at),
                      first.begin() + static_cast<std::ptrdiff_t>(at + 32),
                      [](std::uint8_t byte) { return byte != 0; }));
  }
}

TEST_CASE("AES-256-GCM agrees with a vector of its specification", "[crypto]") {
  // McGrew and Viega, test case 14: zero key, zero nonce, one zero block.
  const std::array<std::uint8_t, 32> key{};
  const std::array<std::uint8_t, 12> nonce{};

  CHECK(text::hex(seal(key, nonce, repeated(0, 16), "")) ==
        "000000000000000000000000"
        "cea7403d4d606b6e074ec5d3baf39d18"
        "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST_CASE("what was sealed opens with its key and context", "[crypto]") {
  const Sealed sealed;
  const auto opened = unseal(sealed.key, sealed.bytes, "domain 1");

  REQUIRE(opened.has_value());
  CHECK(*opened == sealed.plain);
  CHECK(sealed.bytes.size() == 12 + sealed.plain.size() + 16);
}

TEST_CASE("nothing but a context can be sealed too", "[crypto]") {
  const Sealed sealed;
  const auto empty = seal(sealed.key, sealed.nonce, {}, "");

  CHECK(unseal(sealed.key, empty, "").value().empty());
  CHECK_FALSE(unseal(sealed.key, empty, "x"));
}

TEST_CASE("sealed bytes that were altered, cut or moved do not open", "[crypto]") {
  const Sealed sealed;
  for (std::size_t i = 0; i < sealed.bytes.size(); ++i) {
    auto altered = sealed.bytes;
    altered[i] ^= 1;
    REQUIRE_FALSE(unseal(sealed.key, altered, "domain 1").has_value());
    const std::span<const std::uint8_t> cut(sealed.bytes.data(), i);
    CHECK(unseal(sealed.key, cut, "domain 1").error().code == Code::unauthenticated);
  }
  auto other_key = sealed.key;
  other_key[31] ^= 1;
  CHECK(unseal(other_key, sealed.bytes, "domain 1").error().code == Code::unauthenticated);
  CHECK(unseal(sealed.key, sealed.bytes, "domain 2").error().code == Code::unauthenticated);
}

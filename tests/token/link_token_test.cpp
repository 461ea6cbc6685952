#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <sstream>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/token.hpp"

using namespace calinvite;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

TokenKey key_of(std::uint16_t id, std::uint8_t filler) {
  TokenKey key{id, {}};
  key.secret.fill(filler);
  return key;
}

LinkToken rsvp_token() {
  LinkToken token;
  token.row.fill(0x5a);
  token.expires = sys_seconds(seconds(1'800'000'000));
  return token;
}

const sys_seconds before_expiry{seconds(1'799'999'999)};

bool verifies(std::string_view text, const KeyRing& ring, TokenPurpose purpose = TokenPurpose::rsvp,
              sys_seconds now = before_expiry) {
  return verify_link_token(text, purpose, ring, now).has_value();
}

/// The JSON blocks of docs/token-format.md, in order.
std::vector<Json> documented_vectors() {
  std::ifstream file(CALINVITE_SOURCE_DIR "/docs/token-format.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  std::vector<Json> blocks;
  constexpr std::string_view fence = "```json\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    auto block = Json::parse(std::string_view(page).substr(at, page.find("```", at) - at));
    REQUIRE(block);
    blocks.push_back(std::move(*block));
  }
  return blocks;
}

TokenKey key_of(const Json& vector) {
  TokenKey key;
  key.id = static_cast<std::uint16_t>(vector["key_id"].integer());
  const auto secret = text::from_hex(vector["secret"].string());
  REQUIRE(secret);
  REQUIRE(secret->size() == key.secret.size());
  std::copy(secret->begin(), secret->end(), key.secret.begin());
  return key;
}

LinkToken token_of(const Json& vector) {
  LinkToken token;
  token.purpose = static_cast<TokenPurpose>(vector["purpose"].integer());
  token.expires = sys_seconds(seconds(vector["expires"].integer()));
  const auto row = text::from_hex(vector["row"].string());
  REQUIRE(row);
  REQUIRE(row->size() == token.row.size());
  std::copy(row->begin(), row->end(), token.row.begin());
  return token;
}

}  // namespace

TEST_CASE("link tokens are those of the test vectors in docs/token-format.md", "[token]") {
  const std::vector<Json> blocks = documented_vectors();
  REQUIRE(blocks.size() == 2);
  REQUIRE(blocks[0].array().size() == 5);

  for (const Json& vector : blocks[0].array()) {
    const LinkToken token = token_of(vector);
    const KeyRing ring({key_of(vector)});
    const std::string minted = mint_link_token(token, ring);
    CHECK(minted == vector["token"].string());
    const auto verified =
        verify_link_token(minted, token.purpose, ring, token.expires - seconds(1));
    REQUIRE(verified);
    CHECK(verified->row == token.row);
    CHECK(verified->expires == token.expires);
  }
}

TEST_CASE("tokens that docs/token-format.md refuses are refused", "[token]") {
  const std::vector<Json> blocks = documented_vectors();
  REQUIRE(blocks.size() == 2);
  const Json& accepted = blocks[0].array()[1];
  const KeyRing ring({key_of(accepted)});
  const sys_seconds now(seconds(1'798'761'599));
  REQUIRE(verifies(accepted["token"].string(), ring, TokenPurpose::rsvp, now));
  REQUIRE(blocks[1].array().size() == 8);

  for (const Json& refused : blocks[1].array()) {
    INFO(refused["why"].string());
    const auto verified =
        verify_link_token(refused["token"].string(), TokenPurpose::rsvp, ring, now);
    REQUIRE_FALSE(verified);
    CHECK(verified.error().code == Code::unauthenticated);
  }
}

TEST_CASE("a link token has 54 base64url characters", "[token]") {
  const std::string text = mint_link_token(rsvp_token(), KeyRing({key_of(1, 1)}));

  CHECK(text.size() == 54);
  CHECK(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
      std::string::npos);
}

TEST_CASE("a link token ends at its expiry", "[token]") {
  const KeyRing ring({key_of(1, 1)});
  const LinkToken token = rsvp_token();
  const std::string text = mint_link_token(token, ring);

  CHECK(verifies(text, ring, TokenPurpose::rsvp, token.expires - seconds(1)));
  CHECK_FALSE(verifies(text, ring, TokenPurpose::rsvp, token.expires));
}

TEST_CASE("a link token serves its purpose only", "[token]") {
  const KeyRing ring({key_of(1, 1)});
  for (const auto minted : {TokenPurpose::rsvp, TokenPurpose::unsubscribe, TokenPurpose::button,
                            TokenPurpose::approval}) {
    LinkToken token = rsvp_token();
    token.purpose = minted;
    const std::string text = mint_link_token(token, ring);
    for (const auto asked : {TokenPurpose::rsvp, TokenPurpose::unsubscribe, TokenPurpose::button,
                             TokenPurpose::approval}) {
      CHECK(verifies(text, ring, asked) == (asked == minted));
    }
  }
}

TEST_CASE("an expiry outside the format's range never wraps around", "[token]") {
  const KeyRing ring({key_of(1, 1)});
  LinkToken past = rsvp_token();
  past.expires = sys_seconds(seconds(-1));
  LinkToken far = rsvp_token();
  far.expires = sys_seconds(seconds(std::int64_t{1} << 32));

  CHECK_FALSE(verifies(mint_link_token(past, ring), ring, TokenPurpose::rsvp, sys_seconds{}));
  CHECK(verifies(mint_link_token(far, ring), ring));
}

TEST_CASE("after a rotation the newest key signs and the old one still verifies", "[token]") {
  KeyRing ring({key_of(7, 1)});
  const std::string old_token = mint_link_token(rsvp_token(), ring);
  ring.add(key_of(8, 2));
  const std::string new_token = mint_link_token(rsvp_token(), ring);

  CHECK(verifies(old_token, ring));
  CHECK(verifies(new_token, ring));
  CHECK(verifies(new_token, KeyRing({key_of(8, 2)})));
  CHECK_FALSE(verifies(old_token, KeyRing({key_of(8, 2)})));
}

TEST_CASE("another domain's key under the same id does not verify", "[token]") {
  const std::string text = mint_link_token(rsvp_token(), KeyRing({key_of(1, 1)}));

  CHECK_FALSE(verifies(text, KeyRing({key_of(1, 2)})));
  CHECK_FALSE(verifies(text, KeyRing()));
}

TEST_CASE("a token signed with a key of zeros is no master key", "[token]") {
  const std::string text = mint_link_token(rsvp_token(), KeyRing({key_of(9, 0)}));

  CHECK_FALSE(verifies(text, KeyRing({key_of(1, 1)})));
}

TEST_CASE("every refusal of a link token reads the same", "[token]") {
  const KeyRing ring({key_of(1, 1)});
  const std::string text = mint_link_token(rsvp_token(), ring);
  const auto expired =
      verify_link_token(text, TokenPurpose::rsvp, ring, sys_seconds(seconds(1'900'000'000)));
  const auto foreign = verify_link_token(text, TokenPurpose::rsvp, KeyRing(), before_expiry);
  const auto broken = verify_link_token("x", TokenPurpose::rsvp, ring, before_expiry);

  REQUIRE_FALSE(expired);
  REQUIRE_FALSE(foreign);
  REQUIRE_FALSE(broken);
  CHECK(expired.error().message == foreign.error().message);
  CHECK(expired.error().message == broken.error().message);
  CHECK(expired.error().message.find(text) == std::string::npos);
}

TEST_CASE("R121: no changed link token is accepted", "[token]") {
  const KeyRing ring({key_of(1, 1), key_of(2, 2)});
  std::mt19937 generator(20270328);  // the seed replays it
  const auto below = [&](std::size_t limit) { return generator() % limit; };
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ .";
#ifdef NDEBUG
  constexpr int mutations = 1'000'000;
#else
  constexpr int mutations = 100'000;  // quick enough for every build
#endif
  int accepted = 0;
  int changed = 0;
  for (int i = 0; i < mutations; ++i) {
    LinkToken token = rsvp_token();
    token.row[0] = static_cast<std::uint8_t>(below(256));
    const std::string original = mint_link_token(token, ring);
    std::string text = original;
    for (std::size_t times = 1 + below(3); times > 0; --times) {
      const std::size_t at = below(text.size() + 1);
      switch (below(4)) {
        case 0:
          text.insert(at, 1, alphabet[below(alphabet.size())]);
          break;
        case 1:
          text.erase(at, 1);
          break;
        case 2:
          if (at < text.size()) text[at] = alphabet[below(alphabet.size())];
          break;
        default:
          if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      }
    }
    changed += text != original ? 1 : 0;
    accepted += text != original && verifies(text, ring) ? 1 : 0;
  }

  CHECK(changed > mutations * 9 / 10);
  CHECK(accepted == 0);
}

TEST_CASE("each single bit of a link token counts", "[token]") {
  const KeyRing ring({key_of(1, 1)});
  const auto bytes = text::from_base64url(mint_link_token(rsvp_token(), ring));
  REQUIRE(bytes);

  for (std::size_t bit = 0; bit < bytes->size() * 8; ++bit) {
    auto changed = *bytes;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    CHECK_FALSE(verifies(text::base64url(changed), ring));
  }
}

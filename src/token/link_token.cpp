#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/token.hpp"

namespace calinvite {
namespace {

// docs/token-format.md: version, purpose, key id, expiry, row, tag.
constexpr std::uint8_t version = 1;
constexpr std::size_t version_at = 0;
constexpr std::size_t purpose_at = 1;
constexpr std::size_t key_at = 2;
constexpr std::size_t expiry_at = 4;
constexpr std::size_t row_at = 8;
constexpr std::size_t tag_at = 24;
constexpr std::size_t token_size = 40;
constexpr std::size_t nonce_sequence_at = 12;  // in the row of a form
using Bytes = std::array<std::uint8_t, token_size>;

/// Keeps these tags apart from whatever else the same key may ever sign.
constexpr std::string_view context = "calinvite link token";

void put(std::uint8_t* to, std::uint32_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0; value >>= 8) to[i] = static_cast<std::uint8_t>(value);
}

std::uint32_t get(const std::uint8_t* from, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | from[i];
  return value;
}

/// The bytes of what may be a token of this version.
std::optional<std::vector<std::uint8_t>> read_token(std::string_view text) {
  constexpr std::size_t longest = 64;
  if (text.size() > longest) return std::nullopt;
  auto bytes = text::from_base64url(text);
  if (!bytes || bytes->size() != token_size || (*bytes)[version_at] != version) return std::nullopt;
  return bytes;
}

/// The first 128 bits stand in the token.
crypto::Digest sign(const std::uint8_t* token, const TokenKey& key) {
  std::array<char, context.size() + tag_at> message;
  std::memcpy(message.data(), context.data(), context.size());
  std::memcpy(message.data() + context.size(), token, tag_at);
  return crypto::hmac_sha256(key.secret, {message.data(), message.size()});
}

}  // namespace

KeyRing::KeyRing(std::vector<TokenKey> oldest_first) : keys_(std::move(oldest_first)) {}

const TokenKey* KeyRing::find(std::uint16_t id) const noexcept {
  const auto key = std::find_if(keys_.rbegin(), keys_.rend(),
                                [id](const TokenKey& candidate) { return candidate.id == id; });
  return key != keys_.rend() ? &*key : nullptr;
}

std::string mint_link_token(const LinkToken& token, const KeyRing& ring) {
  assert(!ring.empty());
  const TokenKey& key = ring.newest();
  // Out of range, a link ends too early rather than never.
  constexpr std::int64_t latest = std::numeric_limits<std::uint32_t>::max();
  const std::int64_t expiry =
      std::clamp<std::int64_t>(token.expires.time_since_epoch().count(), 0, latest);
  Bytes bytes;
  bytes[version_at] = version;
  bytes[purpose_at] = static_cast<std::uint8_t>(token.purpose);
  put(&bytes[key_at], key.id, 2);
  put(&bytes[expiry_at], static_cast<std::uint32_t>(expiry), 4);
  std::copy(token.row.begin(), token.row.end(), &bytes[row_at]);
  const crypto::Digest tag = sign(bytes.data(), key);
  std::copy_n(tag.begin(), token_size - tag_at, &bytes[tag_at]);
  return text::base64url(bytes);
}

std::optional<std::uint16_t> link_token_key(std::string_view text) {
  const auto bytes = read_token(text);
  if (!bytes) return std::nullopt;
  return static_cast<std::uint16_t>(get(bytes->data() + key_at, 2));
}

Result<LinkToken> verify_link_token(std::string_view text, TokenPurpose purpose,
                                    const KeyRing& ring, std::chrono::sys_seconds now) {
  const auto refuse = [] {
    return fail(Code::unauthenticated, "the link is not valid; a new one is needed");
  };
  const auto bytes = read_token(text);
  if (!bytes) return refuse();
  const std::uint8_t* const at = bytes->data();

  // An unknown key costs a tag too: how long a refusal takes must not tell which ids are in use.
  static constexpr TokenKey nobody;
  const TokenKey* const known = ring.find(static_cast<std::uint16_t>(get(at + key_at, 2)));
  const crypto::Digest tag = sign(at, known != nullptr ? *known : nobody);
  const bool genuine =
      crypto::equal(std::span(tag).first(token_size - tag_at), std::span(*bytes).subspan(tag_at));
  if (known == nullptr || !genuine) return refuse();

  LinkToken token;
  token.purpose = purpose;
  token.expires = std::chrono::sys_seconds(std::chrono::seconds(get(at + expiry_at, 4)));
  std::copy_n(at + row_at, token.row.size(), token.row.begin());
  if (at[purpose_at] != static_cast<std::uint8_t>(purpose) || now >= token.expires) return refuse();
  return token;
}

RowId nonce_row(std::string_view link_token, std::int32_t sequence) {
  const crypto::Digest digest = crypto::sha256(link_token);
  RowId row;
  std::copy_n(digest.begin(), nonce_sequence_at, row.begin());
  put(row.data() + nonce_sequence_at, static_cast<std::uint32_t>(sequence), 4);
  return row;
}

std::int32_t nonce_sequence(const RowId& row) {
  return static_cast<std::int32_t>(get(row.data() + nonce_sequence_at, 4));
}

}  // namespace calinvite

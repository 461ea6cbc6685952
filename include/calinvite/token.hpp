/// Tokens: signed ones for links (docs/token-format.md), random ones for mail addresses (R26).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// The operating system's generator; safe from any thread.
void system_random(std::span<std::uint8_t> out);

/// What a link token may be used for; part of what is signed.
enum class TokenPurpose : std::uint8_t {
  rsvp = 1,
  unsubscribe = 2,
  button = 3,
  approval = 4,
  form = 5,  ///< nonce of a page's form (R124)
  registration = 6,
};

/// What a link token says. It carries no address, no event and no URL: `row` names a stored row.
struct LinkToken {
  TokenPurpose purpose = TokenPurpose::rsvp;
  /// Id of an attendee, a button, a held change, a registration; of a form what nonce_row makes of
  /// the link token.
  RowId row{};
  std::chrono::sys_seconds expires{};  ///< exclusive; to the second, before 2106
};

/// One signing key of a domain's ring.
struct TokenKey {
  std::uint16_t id = 0;                   ///< unique in its ring
  std::array<std::uint8_t, 32> secret{};  ///< HMAC-SHA-256 key
  friend bool operator==(const TokenKey&, const TokenKey&) = default;
};

/// Keys of a domain; the newest signs, all verify.
class KeyRing {
 public:
  KeyRing() = default;
  explicit KeyRing(std::vector<TokenKey> oldest_first);
  bool empty() const noexcept { return keys_.empty(); }
  const TokenKey& newest() const { return keys_.back(); }
  const TokenKey* find(std::uint16_t id) const noexcept;
  void add(const TokenKey& key) { keys_.push_back(key); }

 private:
  std::vector<TokenKey> keys_;
};

/// Makes a token: 54 base64url characters (64 at most in any version).
/// @param ring  must not be empty
std::string mint_link_token(const LinkToken& token, const KeyRing& ring);

/// Verifies in constant time: canonical form, version, key, tag, purpose, expiry, in this order.
/// Every failure reads the same for an outsider.
/// @error unauthenticated  not one of ours, of another purpose, or expired
Result<LinkToken> verify_link_token(std::string_view text, TokenPurpose purpose,
                                    const KeyRing& ring, std::chrono::sys_seconds now);

/// The id of the key that a token says it is signed by, which finds the ring to verify it with;
/// absent: not a token.
std::optional<std::uint16_t> link_token_key(std::string_view text);

/// What the nonce of a form names: the link token that its page was opened by, and the SEQUENCE of
/// the event that the page showed.
RowId nonce_row(std::string_view link_token, std::int32_t sequence);
std::int32_t nonce_sequence(const RowId& row);

/// A token for the organizer address of one (sender identity, attendee): 16 characters a-z2-7, 80
/// random bits.
std::string mint_address_token(const Random& random);
/// `local+token@domain` (R20, R25).
/// @param separator  '+' or '-' (R26)
/// @error invalid_argument  another separator, or the local part would exceed 64 octets or the
///                          address 254
Result<std::string> token_address(std::string_view local_part, std::string_view token,
                                  std::string_view reply_domain, char separator = '+');
/// The token of an address on `reply_domain`, behind either separator, lower case; empty when it
/// holds none.
std::string address_token(std::string_view address, std::string_view reply_domain);
/// A fresh copy or event UID: 128 random bits as 32 hex digits behind "ci-" (R30).
std::string mint_uid(const Random& random);
RowId mint_row_id(const Random& random);

}  // namespace calinvite

/// The cryptography calinvite needs, on OpenSSL: SHA-256, HMAC, sealing of keys, equality.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite::crypto {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of `bytes`; thread-local context, no allocation once warm.
Digest sha256(std::string_view bytes);
/// SHA-256 of what comes in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  /// Of all that was added; the last call.
  Digest digest();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
/// SHA-256 as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);
/// HMAC-SHA-256 (RFC 2104); thread-local context, fast when the same key comes again.
Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view bytes);
/// Equality in constant time; lengths may leak.
bool equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept;

/// Bytes from the operating system's generator; what `Random` is outside tests.
void system_random(std::span<std::uint8_t> out);

/// AES-256-GCM: 12-byte nonce, ciphertext, 16-byte tag. `nonce` must never repeat for a key;
/// `context` is authenticated, not stored.
std::vector<std::uint8_t> seal(std::span<const std::uint8_t, 32> key,
                               std::span<const std::uint8_t, 12> nonce,
                               std::span<const std::uint8_t> plain, std::string_view context);
/// @error unauthenticated  wrong key or context, or altered bytes
Result<std::vector<std::uint8_t>> unseal(std::span<const std::uint8_t, 32> key,
                                         std::span<const std::uint8_t> sealed,
                                         std::string_view context);

}  // namespace calinvite::crypto

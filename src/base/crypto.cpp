#include "base/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "base/openssl.hpp"
#include "base/text.hpp"

namespace calinvite::crypto {
namespace {

/// OpenSSL's calls below fail only when memory is short: that may pass as std::bad_alloc.
void require(bool succeeded) {
  if (!succeeded) throw std::bad_alloc();
}

using MacContext = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;

/// One keyed HMAC context. Keying costs as much as a short message, so the key stays.
struct KeyedMac {
  MacContext context;
  std::vector<std::uint8_t> key;

  KeyedMac() = default;
  KeyedMac(KeyedMac&&) = default;
  KeyedMac& operator=(KeyedMac&&) = default;
  ~KeyedMac() { OPENSSL_cleanse(key.data(), key.size()); }

  bool has(std::span<const std::uint8_t> wanted) const noexcept {
    return context != nullptr && equal(key, wanted);
  }
  void set_key(std::span<const std::uint8_t> wanted);
};

void KeyedMac::set_key(std::span<const std::uint8_t> wanted) {
  // Fetched once a process: a fetch takes longer than a thousand digests.
  static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  if (context == nullptr) {
    context.reset(EVP_MAC_CTX_new(hmac));
    require(context != nullptr);
  }
  OPENSSL_cleanse(key.data(), key.size());
  key.assign(wanted.begin(), wanted.end());
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                   OSSL_PARAM_construct_end()};
  static constexpr std::uint8_t empty = 0;  // OpenSSL takes a null key as "keep the old one"
  const std::uint8_t* bytes = key.empty() ? &empty : key.data();
  const bool keyed = EVP_MAC_init(context.get(), bytes, key.size(), parameters) == 1;
  if (!keyed) context.reset();  // or `key` would name a key that the context does not hold
  require(keyed);
}

const EVP_CIPHER* aes_256_gcm() {
  static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  require(cipher != nullptr);
  return cipher;
}

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

void begin_sha256(EVP_MD_CTX* context) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(context != nullptr && EVP_DigestInit_ex(context, algorithm, nullptr) == 1);
}

}  // namespace

Digest sha256(std::string_view bytes) {
  thread_local const DigestContext context(EVP_MD_CTX_new());
  begin_sha256(context.get());
  Digest digest;
  require(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
  require(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

struct Sha256::Impl {
  DigestContext context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) { begin_sha256(impl_->context.get()); }
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  require(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()) == 1);
}

Digest Sha256::digest() {
  Digest digest;
  require(EVP_DigestFinal_ex(impl_->context.get(), digest.data(), nullptr) == 1);
  return digest;
}

std::string sha256_hex(std::string_view bytes) { return text::hex(sha256(bytes)); }

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view bytes) {
  // Two, the last used in front: a dispatch signs requests and tokens by turns.
  thread_local std::array<KeyedMac, 2> macs;
  if (!macs[0].has(key)) {
    std::swap(macs[0], macs[1]);
    if (!macs[0].has(key)) macs[0].set_key(key);
  }
  EVP_MAC_CTX* const context = macs[0].context.get();
  Digest digest;
  std::size_t size = 0;
  require(EVP_MAC_init(context, nullptr, 0, nullptr) == 1);
  require(EVP_MAC_update(context, bytes_of(bytes), bytes.size()) == 1);
  require(EVP_MAC_final(context, digest.data(), &size, digest.size()) == 1);
  return digest;
}

bool equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

void system_random(std::span<std::uint8_t> out) {
  constexpr std::size_t at_most = 256;  // getentropy(3)
  while (!out.empty()) {
    const std::size_t size = std::min(out.size(), at_most);
    // No kernel that runs calinvite lacks it; predictable ids and keys would be worse than the end.
    if (getentropy(out.data(), size) != 0) std::abort();
    out = out.subspan(size);
  }
}

std::vector<std::uint8_t> seal(std::span<const std::uint8_t, 32> key,
                               std::span<const std::uint8_t, 12> nonce,
                               std::span<const std::uint8_t> plain, std::string_view context) {
  std::vector<std::uint8_t> sealed(nonce_size + plain.size() + tag_size);
  std::copy(nonce.begin(), nonce.end(), sealed.begin());
  std::uint8_t* const body = sealed.data() + nonce_size;
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  require(cipher != nullptr &&
          EVP_EncryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, key.data(), nonce.data()) == 1);
  require(EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(context),
                            static_cast<int>(context.size())) == 1);
  require(EVP_EncryptUpdate(cipher.get(), body, &size, plain.data(),
                            static_cast<int>(plain.size())) == 1);
  require(EVP_EncryptFinal_ex(cipher.get(), body + plain.size(), &size) == 1);
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, body + plain.size()) ==
          1);
  return sealed;
}

Result<std::vector<std::uint8_t>> unseal(std::span<const std::uint8_t, 32> key,
                                         std::span<const std::uint8_t> sealed,
                                         std::string_view context) {
  const auto refused = [] {
    return fail(Code::unauthenticated, "sealed bytes do not open with this key and context");
  };
  if (sealed.size() < nonce_size + tag_size) return refused();
  const auto body = sealed.subspan(nonce_size, sealed.size() - nonce_size - tag_size);
  std::vector<std::uint8_t> tag(sealed.end() - tag_size, sealed.end());
  std::vector<std::uint8_t> plain(body.size());
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  require(cipher != nullptr &&
          EVP_DecryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, key.data(), sealed.data()) == 1);
  require(EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(context),
                            static_cast<int>(context.size())) == 1);
  require(EVP_DecryptUpdate(cipher.get(), plain.data(), &size, body.data(),
                            static_cast<int>(body.size())) == 1);
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(cipher.get(), nullptr, &size) != 1) {
    OPENSSL_cleanse(plain.data(), plain.size());
    return refused();
  }
  return plain;
}

}  // namespace calinvite::crypto

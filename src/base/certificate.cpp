#include "base/certificate.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <limits>
#include <new>

#include "base/openssl.hpp"

namespace calinvite::crypto {
namespace {

constexpr int least_bits = 2048;

using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using X509Handle = std::unique_ptr<X509, Release<X509_free>>;

/// Otherwise OpenSSL would ask the terminal for the password of an encrypted block.
int no_password(char*, int, int, void*) { return -1; }

}  // namespace

struct Certificate::Impl {
  X509Handle x509;
  EVP_PKEY* key = nullptr;  ///< belongs to x509
};

Certificate::Certificate(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Certificate::~Certificate() = default;
Certificate::Certificate(Certificate&&) noexcept = default;
Certificate& Certificate::operator=(Certificate&&) noexcept = default;

Result<Certificate> Certificate::parse(std::string_view pem) {
  auto impl = std::make_unique<Impl>();
  if (pem.size() <= std::numeric_limits<int>::max()) {
    const Bio bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bytes) throw std::bad_alloc();
    impl->x509.reset(PEM_read_bio_X509(bytes.get(), nullptr, no_password, nullptr));
  }
  if (impl->x509) impl->key = X509_get0_pubkey(impl->x509.get());
  ERR_clear_error();
  if (!impl->x509) return fail(Code::invalid_input, "no PEM certificate");
  if (impl->key == nullptr || EVP_PKEY_get_base_id(impl->key) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(impl->key) < least_bits) {
    return fail(Code::invalid_input, "a certificate without an RSA key of 2,048 bits or more");
  }
  return Certificate(std::move(impl));
}

bool Certificate::is_valid_at(std::chrono::sys_seconds time) const {
  const X509* const x509 = impl_->x509.get();
  time_t seconds = time.time_since_epoch().count();
  // 0 would mean that a date is unreadable.
  return X509_cmp_time(X509_get0_notBefore(x509), &seconds) < 0 &&
         X509_cmp_time(X509_get0_notAfter(x509), &seconds) > 0;
}

bool Certificate::has_signed(std::string_view bytes, std::string_view signature,
                             SignatureDigest digest) const {
  const DigestContext context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  const EVP_MD* const method = digest == SignatureDigest::sha1 ? EVP_sha1() : EVP_sha256();
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, method, nullptr, impl_->key) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                       bytes.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace calinvite::crypto

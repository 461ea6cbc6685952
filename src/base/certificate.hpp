/// X.509 certificates as far as a signature needs them, on OpenSSL.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "calinvite/result.hpp"

namespace calinvite::crypto {

enum class SignatureDigest { sha1, sha256 };

/// A certificate with an RSA key, alone: whoever hands it over vouches for it.
class Certificate {
 public:
  /// The first certificate of a PEM text.
  /// @error invalid_input  no certificate, or one without an RSA key of 2,048 bits or more
  static Result<Certificate> parse(std::string_view pem);
  ~Certificate();
  Certificate(Certificate&&) noexcept;
  Certificate& operator=(Certificate&&) noexcept;

  /// Whether `time` lies between its dates.
  bool is_valid_at(std::chrono::sys_seconds time) const;
  /// Whether `signature` was made over `bytes` with its key: RSA PKCS #1 v1.5 (RFC 8017 8.2).
  bool has_signed(std::string_view bytes, std::string_view signature, SignatureDigest digest) const;

 private:
  struct Impl;
  explicit Certificate(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace calinvite::crypto

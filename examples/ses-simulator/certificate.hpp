/// A certificate of our own for 127.0.0.1 and localhost.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>

namespace ses_simulator {

struct Certificate {
  std::unique_ptr<X509, decltype(&X509_free)> certificate{nullptr, X509_free};
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, EVP_PKEY_free};
};

/// Makes a fresh EC key and a self-signed certificate, DIR/ca.pem for clients to trust and
/// DIR/key.pem (mode 0600). A restart in the same folder takes those that are there, so that a
/// client which has read ca.pem can go on.
std::optional<Certificate> certificate_in(const std::string& directory);

}  // namespace ses_simulator

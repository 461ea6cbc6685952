/// Owners of OpenSSL's handles.
#pragma once

#include <openssl/evp.h>

#include <memory>

namespace calinvite::crypto {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* handle) const noexcept {
    release(handle);
  }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;

}  // namespace calinvite::crypto

/// What all that goes over libcurl has in common.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace calinvite::transport {

struct CurlCleanup {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
using CurlEasy = std::unique_ptr<CURL, CurlCleanup>;

/// @return false when libcurl does not start
bool start_libcurl();

/// The peer is verified, no older TLS than 1.2, no proxy, no signals.
/// @param ca_file  PEM bundle, these and no others; empty: the system's
void set_safe_defaults(CURL* easy, const std::string& ca_file);

}  // namespace calinvite::transport

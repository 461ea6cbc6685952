/// The address of an SES endpoint, taken apart.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/result.hpp"

namespace calinvite::ses {

struct Endpoint {
  std::string origin;     ///< scheme://host[:port]
  std::string host;       ///< host[:port], as the Host header has it
  std::string base_path;  ///< without a trailing slash
};
/// @param url  empty: SES's own of the region
/// @error invalid_argument  neither http nor https, or more than an address
Result<Endpoint> parse_endpoint(std::string_view url, std::string_view region);

}  // namespace calinvite::ses

/// Addresses of AWS services.
#pragma once

#include <string>
#include <string_view>

#include "calinvite/result.hpp"

namespace calinvite::aws {

/// An http(s) address taken apart.
struct Endpoint {
  std::string scheme;     ///< in lower case
  std::string host;       ///< host[:port], as the Host header has it
  std::string base_path;  ///< from the first slash on, without one at the end
  std::string origin() const { return scheme + "://" + host; }
  /// Without the port, in lower case; an IPv6 address in its brackets.
  std::string host_name() const;
};

/// @param what  names the address in the error
/// @error invalid_argument  not http or https, or with user, query, fragment or white space
Result<Endpoint> parse_endpoint(std::string_view url, std::string_view what);

struct EndpointChoice {
  bool fips = false;        ///< validated cryptography
  bool dual_stack = false;  ///< IPv6 too
};
/// https://PREFIX.REGION.amazonaws.com, or as region and choice demand.
/// @param prefix  of the host name: email, sts
/// @error invalid_argument  a region that can't be part of a host name
/// @error unsupported       dual stack in a partition whose addresses are not known here
Result<std::string> service_endpoint(std::string_view prefix, std::string_view region,
                                     EndpointChoice choice);

}  // namespace calinvite::aws

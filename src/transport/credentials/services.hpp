/// The services that hand out keys: STS, the container's and the instance's.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "calinvite/credentials.hpp"
#include "transport/http/client.hpp"

namespace calinvite::credentials {

/// One request and its whole answer, of whatever status.
/// @error unavailable  no answer came within the time
using Ask = std::function<Result<http::Exchange>(const http::Request&, std::chrono::milliseconds)>;
/// Blocks; a connection for each request.
Ask ask_over_network(const std::string& ca_file);

/// A pod's or a worker's identity: STS gives keys for a token that others keep fresh in a file.
struct WebIdentity {
  std::string endpoint;  ///< of STS
  std::string role_arn;
  std::string session_name;
  std::filesystem::path token_file;  ///< read at each fetch
};
CredentialsSource::Fetch web_identity_keys(Ask ask, WebIdentity identity);

/// What runs a container gives keys to it.
struct ContainerService {
  std::string url;
  std::string token;                 ///< of the Authorization header; empty: none
  std::filesystem::path token_file;  ///< in place of `token` when not empty; read at each fetch
};
/// Keys go over plain HTTP only to this machine and to the addresses that AWS keeps for this.
/// @error invalid_argument  an address that is neither those nor https
Result<void> check_container_url(std::string_view url);
CredentialsSource::Fetch container_keys(Ask ask, ContainerService service);

/// An instance's role, by version 2 of the metadata service.
CredentialsSource::Fetch instance_keys(Ask ask, std::string base_url);
/// The region that an instance runs in.
/// @error unavailable  no such service here, or not now
Result<std::string> instance_region(const Ask& ask, const std::string& base_url);

}  // namespace calinvite::credentials

/// The order of places that keys may come from.
#pragma once

#include <memory>
#include <string>

#include "transport/credentials/services.hpp"
#include "transport/credentials/setup.hpp"

namespace calinvite::credentials {

/// As open_credentials_chain, asking the services by `ask`.
Result<std::shared_ptr<CredentialsSource>> open_chain(const AwsEnvironment& environment,
                                                      const std::string& region, const Ask& ask);

/// Where the instance's metadata service is; empty when it is switched off.
Result<std::string> instance_service_url(const Setup& setup);

}  // namespace calinvite::credentials

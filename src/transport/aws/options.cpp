#include "calinvite/queue.hpp"
#include "calinvite/transport.hpp"
#include "transport/credentials/chain.hpp"

namespace calinvite {

Result<AwsServiceOptions> find_aws_service(const AwsEnvironment& environment,
                                           const std::string& service, std::string region) {
  // Region, keys and switches are every service's; only the endpoint is SES's own.
  auto found = find_ses_options(environment, std::move(region));
  if (!found) return tl::unexpected<Error>(found.error());
  const auto setup = credentials::Setup::read(environment);
  if (!setup) return tl::unexpected<Error>(setup.error());
  auto endpoint = setup->endpoint(service);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  return AwsServiceOptions{.region = std::move(found->region),
                           .credentials = {},
                           .source = std::move(found->source),
                           .endpoint = std::move(*endpoint),
                           .fips = found->fips,
                           .dual_stack = found->dual_stack,
                           .ca_file = std::move(found->ca_file),
                           .clock = {}};
}

}  // namespace calinvite

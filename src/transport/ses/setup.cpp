#include "transport/ses/setup.hpp"

namespace calinvite::ses {

Result<aws::Endpoint> endpoint_of(const SesOptions& options) {
  if (options.endpoint.empty()) {
    const auto url =
        aws::service_endpoint("email", options.region, {options.fips, options.dual_stack});
    if (!url) return tl::unexpected<Error>(url.error());
    return aws::parse_endpoint(*url, "SES endpoint");
  }
  if (options.fips || options.dual_stack) {
    return fail(Code::invalid_argument,
                "an endpoint of SES is set together with FIPS or dual stack; leave one out");
  }
  return aws::parse_endpoint(options.endpoint, "SES endpoint");
}

Result<void> prepare_source(SesOptions& options) {
  if (!options.source) {
    if (options.credentials.access_key_id.empty() ||
        options.credentials.secret_access_key.empty()) {
      return fail(Code::invalid_argument, "SES needs an access key id and a secret access key");
    }
    options.source = std::make_shared<CredentialsSource>(
        [keys = options.credentials]() -> Result<TimedCredentials> {
          return TimedCredentials{keys, std::nullopt};
        });
  }
  const auto first = options.source->get(options.clock());
  if (!first) return tl::unexpected<Error>(first.error());
  return {};
}

}  // namespace calinvite::ses

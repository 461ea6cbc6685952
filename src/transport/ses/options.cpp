#include "calinvite/transport.hpp"
#include "transport/credentials/chain.hpp"

namespace calinvite {
namespace {

using credentials::Setup;

/// The region of the instance that this runs on, asked when nobody has said one.
Result<std::string> region_here(const Setup& setup, const credentials::Ask& ask) {
  constexpr auto no_region = "no region; set AWS_REGION, such as eu-central-1";
  const auto url = credentials::instance_service_url(setup);
  if (!url) return tl::unexpected<Error>(url.error());
  if (url->empty()) return fail(Code::invalid_argument, no_region);
  const auto region = credentials::instance_region(ask, *url);
  if (region && !region->empty()) return region;
  return fail(Code::invalid_argument,
              std::string(no_region) + (region ? "" : " (" + region.error().message + ")"));
}

}  // namespace

Result<SesOptions> find_ses_options(const AwsEnvironment& environment, std::string region) {
  const auto setup = Setup::read(environment);
  if (!setup) return tl::unexpected<Error>(setup.error());
  SesOptions options;
  options.ca_file = setup->variable("AWS_CA_BUNDLE");
  const auto ask = credentials::ask_over_network(options.ca_file);

  options.region = region.empty() ? setup->region() : std::move(region);
  if (options.region.empty()) {
    auto here = region_here(*setup, ask);
    if (!here) return tl::unexpected<Error>(here.error());
    options.region = std::move(*here);
  }
  auto endpoint = setup->endpoint("sesv2");
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  options.endpoint = std::move(*endpoint);
  const auto fips = setup->flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  if (!fips) return tl::unexpected<Error>(fips.error());
  options.fips = *fips;
  const auto dual = setup->flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  if (!dual) return tl::unexpected<Error>(dual.error());
  options.dual_stack = *dual;
  auto chain = credentials::open_chain(environment, options.region, ask);
  if (!chain) return tl::unexpected<Error>(chain.error());
  options.source = std::move(*chain);
  return options;
}

}  // namespace calinvite

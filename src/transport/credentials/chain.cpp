#include "transport/credentials/chain.hpp"

#include "aws/endpoint.hpp"
#include "base/text.hpp"

namespace calinvite::credentials {
namespace {

using Fetch = CredentialsSource::Fetch;
/// Absent: this place is not set up, the next one is looked at.
using Found = Result<std::optional<Fetch>>;

/// A pair of keys that is there, absent or torn apart.
Result<std::optional<AwsCredentials>> whole_pair(AwsCredentials keys, const std::string& where,
                                                 const std::string& id_name,
                                                 const std::string& secret_name) {
  if (keys.access_key_id.empty() && keys.secret_access_key.empty()) {
    return std::optional<AwsCredentials>();
  }
  if (!keys.access_key_id.empty() && !keys.secret_access_key.empty()) return std::optional(keys);
  const bool no_id = keys.access_key_id.empty();
  return fail(Code::invalid_argument, where + " has " + (no_id ? secret_name : id_name) +
                                          " but no " + (no_id ? id_name : secret_name));
}

Result<std::optional<AwsCredentials>> environment_pair(const Setup& setup) {
  return whole_pair({setup.variable("AWS_ACCESS_KEY_ID"), setup.variable("AWS_SECRET_ACCESS_KEY"),
                     setup.variable("AWS_SESSION_TOKEN")},
                    "the environment", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
}

Result<std::optional<AwsCredentials>> profile_pair(const Setup& setup) {
  return whole_pair({setup.profile("aws_access_key_id"), setup.profile("aws_secret_access_key"),
                     setup.profile("aws_session_token")},
                    "profile \"" + setup.profile_name() + "\"", "aws_access_key_id",
                    "aws_secret_access_key");
}

/// Reads both again at each fetch: whoever writes new keys there needs to tell nobody.
Fetch pair_again(const AwsEnvironment& environment,
                 Result<std::optional<AwsCredentials>> (*pair_of)(const Setup&)) {
  return [environment, pair_of]() -> Result<TimedCredentials> {
    const auto setup = Setup::read(environment);
    if (!setup) return tl::unexpected<Error>(setup.error());
    auto pair = pair_of(*setup);
    if (!pair) return tl::unexpected<Error>(pair.error());
    if (!*pair) return fail(Code::not_found, "the keys are gone from where they were");
    return TimedCredentials{std::move(**pair), std::nullopt};
  };
}

/// Kinds of profiles that we leave to others, with the way out.
Result<void> check_supported(const Setup& setup) {
  const std::string profile = "profile \"" + setup.profile_name() + "\" uses ";
  const std::string way_out =
      ", which is unsupported; set keys in the environment, as `aws configure export-credentials "
      "--format env` prints them, or use a web identity";
  for (const char* name : {"source_profile", "credential_source"}) {
    if (!setup.profile("role_arn").empty() && !setup.profile(name).empty()) {
      return fail(Code::unsupported, profile + "role_arn with " + name + way_out);
    }
  }
  for (const char* name : {"credential_process", "sso_session", "sso_start_url"}) {
    if (!setup.profile(name).empty()) return fail(Code::unsupported, profile + name + way_out);
  }
  return {};
}

Result<std::string> sts_endpoint(const Setup& setup, const std::string& region) {
  const auto fips = setup.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  if (!fips) return tl::unexpected<Error>(fips.error());
  const auto dual = setup.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  if (!dual) return tl::unexpected<Error>(dual.error());
  const auto set = setup.endpoint("sts");
  if (!set) return tl::unexpected<Error>(set.error());
  if (!set->empty()) {
    if (*fips || *dual) {
      return fail(Code::invalid_argument,
                  "an endpoint of STS is set together with FIPS or dual stack; leave one out");
    }
    const auto endpoint = aws::parse_endpoint(*set, "STS endpoint");
    if (!endpoint) return tl::unexpected<Error>(endpoint.error());
    return endpoint->origin() + endpoint->base_path;
  }
  const std::string used = region.empty() ? setup.region() : region;
  if (used.empty()) {
    return fail(Code::invalid_argument, "no region for STS; set AWS_REGION, such as eu-central-1");
  }
  return aws::service_endpoint("sts", used, {*fips, *dual});
}

Found web_identity(const Setup& setup, const std::string& region, const Ask& ask,
                   WebIdentity identity) {
  auto endpoint = sts_endpoint(setup, region);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  identity.endpoint = std::move(*endpoint);
  if (identity.session_name.empty()) identity.session_name = "calinvite";
  return std::optional(web_identity_keys(ask, std::move(identity)));
}

Found find_in_profile(const AwsEnvironment& environment, const Setup& setup,
                      const std::string& region, const Ask& ask) {
  const std::string role = setup.profile("role_arn");
  const std::string token_file = setup.profile("web_identity_token_file");
  if (!token_file.empty()) {
    if (role.empty()) {
      return fail(Code::invalid_argument, "profile \"" + setup.profile_name() +
                                              "\" has web_identity_token_file but no role_arn");
    }
    return web_identity(setup, region, ask,
                        {"", role, setup.profile("role_session_name"), token_file});
  }
  if (!role.empty()) {
    if (auto supported = check_supported(setup); !supported) {
      return tl::unexpected<Error>(supported.error());
    }
    return fail(Code::invalid_argument, "profile \"" + setup.profile_name() +
                                            "\" has role_arn but no web_identity_token_file");
  }
  const auto pair = profile_pair(setup);
  if (!pair) return tl::unexpected<Error>(pair.error());
  if (*pair) return std::optional(pair_again(environment, profile_pair));
  if (auto supported = check_supported(setup); !supported) {
    return tl::unexpected<Error>(supported.error());
  }
  return std::optional<Fetch>();
}

Found find_web_identity(const Setup& setup, const std::string& region, const Ask& ask) {
  const std::string token_file = setup.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (token_file.empty()) return std::optional<Fetch>();
  const std::string role = setup.variable("AWS_ROLE_ARN");
  if (role.empty()) {
    return fail(Code::invalid_argument, "AWS_WEB_IDENTITY_TOKEN_FILE is set but not AWS_ROLE_ARN");
  }
  return web_identity(setup, region, ask,
                      {"", role, setup.variable("AWS_ROLE_SESSION_NAME"), token_file});
}

Found find_container(const Setup& setup, const Ask& ask) {
  ContainerService service;
  const std::string path = setup.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  service.url = path.empty() ? setup.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                             : "http://169.254.170.2" + path;
  if (service.url.empty()) return std::optional<Fetch>();
  if (!path.empty() && path[0] != '/') {
    return fail(Code::invalid_argument,
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash");
  }
  if (auto checked = check_container_url(service.url); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  service.token_file = setup.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  service.token = setup.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  return std::optional(container_keys(ask, std::move(service)));
}

Found find_before_instance(const AwsEnvironment& environment, const Setup& setup,
                           const std::string& region, const Ask& ask) {
  const auto pair = environment_pair(setup);
  if (!pair) return tl::unexpected<Error>(pair.error());
  if (*pair) return std::optional(pair_again(environment, environment_pair));
  auto found = find_in_profile(environment, setup, region, ask);
  if (!found || *found) return found;
  found = find_web_identity(setup, region, ask);
  if (!found || *found) return found;
  return find_container(setup, ask);
}

/// The last place: what is told when it fails is that all the others are not set up.
Fetch explained(Fetch fetch) {
  return [fetch = std::move(fetch)]() -> Result<TimedCredentials> {
    auto keys = fetch();
    if (keys) return keys;
    return fail(keys.error().code,
                "no AWS keys in environment, profile, web identity or container, and " +
                    keys.error().message);
  };
}

}  // namespace

Result<std::string> instance_service_url(const Setup& setup) {
  if (text::iequals(setup.variable("AWS_EC2_METADATA_DISABLED"), "true")) return std::string();
  const std::string set =
      setup.either("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
  if (!set.empty()) {
    const auto endpoint = aws::parse_endpoint(set, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (!endpoint) return tl::unexpected<Error>(endpoint.error());
    return endpoint->origin() + endpoint->base_path;
  }
  const bool ipv6 = text::iequals(
      setup.either("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode"),
      "ipv6");
  return std::string(ipv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
}

Result<std::shared_ptr<CredentialsSource>> open_chain(const AwsEnvironment& environment,
                                                      const std::string& region, const Ask& ask) {
  const auto setup = Setup::read(environment);
  if (!setup) return tl::unexpected<Error>(setup.error());
  auto found = find_before_instance(environment, *setup, region, ask);
  if (!found) return tl::unexpected<Error>(found.error());
  if (*found) return std::make_shared<CredentialsSource>(std::move(**found));

  auto instance = instance_service_url(*setup);
  if (!instance) return tl::unexpected<Error>(instance.error());
  if (instance->empty()) {
    return fail(Code::invalid_argument,
                "no AWS keys in environment, profile, web identity or container, and the "
                "instance's metadata service is switched off; set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, or see docs/credentials.md");
  }
  return std::make_shared<CredentialsSource>(explained(instance_keys(ask, std::move(*instance))),
                                             ExpiredKeys::extend);
}

}  // namespace calinvite::credentials

namespace calinvite {

Result<std::shared_ptr<CredentialsSource>> open_credentials_chain(const AwsEnvironment& environment,
                                                                  const std::string& region) {
  const auto setup = credentials::Setup::read(environment);
  if (!setup) return tl::unexpected<Error>(setup.error());
  return credentials::open_chain(environment, region,
                                 credentials::ask_over_network(setup->variable("AWS_CA_BUNDLE")));
}

}  // namespace calinvite

#include "aws/endpoint.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace calinvite::aws {
namespace {

/// A partition of AWS: its regions' prefix and what host names end in.
struct Partition {
  std::string_view region_prefix;
  std::string_view plain;
  std::string_view dual_stack;  ///< empty: not known
};
constexpr Partition partitions[] = {
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"eusc-", "amazonaws.eu", ""},
    {"", "amazonaws.com", "api.aws"},
};

bool is_region(std::string_view region) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !region.empty() && region.size() <= 63 && region.front() != '-' && region.back() != '-' &&
         std::all_of(region.begin(), region.end(), allowed);
}

}  // namespace

std::string Endpoint::host_name() const {
  const auto bracket = host.find(']');
  const auto from = bracket == std::string::npos ? 0 : bracket;
  return text::lower(host.substr(0, host.find(':', from)));
}

Result<Endpoint> parse_endpoint(std::string_view url, std::string_view what) {
  const auto colon = url.find("://");
  const auto scheme = url.substr(0, colon);
  const bool web = text::iequals(scheme, "https") || text::iequals(scheme, "http");
  const auto rest = url.substr(std::min(url.size(), colon + 3));
  const auto slash = std::min(rest.find('/'), rest.size());
  const bool sound = colon != std::string_view::npos && web && slash > 0 &&
                     url.find_first_of(" ?#@\r\n\t\"\\") == std::string_view::npos;
  if (!sound) {
    // With an '@' it may hold a password.
    const bool shown = url.find('@') == std::string_view::npos;
    return fail(Code::invalid_argument, std::string(what) +
                                            (shown ? " \"" + text::one_line(url, 200) + '"' : "") +
                                            " is no http or https address");
  }
  Endpoint endpoint;
  endpoint.scheme = text::lower(scheme);
  endpoint.host = rest.substr(0, slash);
  endpoint.base_path = rest.substr(slash);
  while (endpoint.base_path.ends_with('/')) endpoint.base_path.pop_back();
  return endpoint;
}

Result<std::string> service_endpoint(std::string_view prefix, std::string_view region,
                                     EndpointChoice choice) {
  if (!is_region(region)) {
    return fail(Code::invalid_argument, "\"" + text::one_line(region, 100) +
                                            "\" is no region; expected one such as eu-central-1");
  }
  const auto& partition =
      *std::find_if(std::begin(partitions), std::end(partitions),
                    [&](const Partition& each) { return region.starts_with(each.region_prefix); });
  if (choice.dual_stack && partition.dual_stack.empty()) {
    return fail(Code::unsupported, "no dual-stack address is known for region " +
                                       std::string(region) + "; give an endpoint");
  }
  std::string url = "https://" + std::string(prefix);
  if (choice.fips) url += "-fips";
  url.append(".").append(region).append(".");
  return url.append(choice.dual_stack ? partition.dual_stack : partition.plain);
}

}  // namespace calinvite::aws

#include "transport/ses/endpoint.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace calinvite::ses {

Result<Endpoint> parse_endpoint(std::string_view url, std::string_view region) {
  if (url.empty()) {
    const std::string host = "email." + std::string(region) + ".amazonaws.com";
    return Endpoint{"https://" + host, host, {}};
  }
  const auto colon = url.find("://");
  const auto scheme = url.substr(0, colon);
  const bool web = text::iequals(scheme, "https") || text::iequals(scheme, "http");
  const auto rest = url.substr(std::min(url.size(), colon + 3));
  const auto slash = std::min(rest.find('/'), rest.size());
  const bool sound = colon != std::string_view::npos && web && slash > 0 &&
                     url.find_first_of(" ?#@\r\n\t\"\\") == std::string_view::npos;
  if (!sound) {
    return fail(Code::invalid_argument,
                "SES endpoint \"" + std::string(url) + "\" is no http or https address");
  }
  Endpoint endpoint;
  endpoint.host = rest.substr(0, slash);
  endpoint.origin = std::string(scheme) + "://" + endpoint.host;
  endpoint.base_path = rest.substr(slash);
  while (endpoint.base_path.ends_with('/')) endpoint.base_path.pop_back();
  return endpoint;
}

}  // namespace calinvite::ses

#include "transport/credentials/services.hpp"

#include <algorithm>

#include "aws/credentials_answer.hpp"
#include "aws/endpoint.hpp"
#include "base/text.hpp"
#include "transport/credentials/setup.hpp"

namespace calinvite::credentials {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds sts_time{10};
constexpr seconds container_time{2};
constexpr seconds instance_time{1};
constexpr int sts_tries = 2;
constexpr int container_tries = 3;
constexpr int instance_tries = 2;
constexpr auto token_seconds = "21600";  ///< the longest that the metadata service gives

bool has_line_end(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Result<TimedCredentials> timed(Result<aws::IssuedKeys> issued) {
  if (!issued) return tl::unexpected<Error>(issued.error());
  return TimedCredentials{std::move(issued->credentials), issued->expires};
}

/// Asks until the service neither fails by itself (5xx) nor, when `patient`, stays silent.
Result<http::Exchange> ask_often(const Ask& ask, const http::Request& request, milliseconds time,
                                 int tries, bool patient) {
  auto answer = ask(request, time);
  for (int i = 1; i < tries; ++i) {
    const bool failed = answer ? answer->status >= 500 : patient;
    if (!failed) break;
    answer = ask(request, time);
  }
  return answer;
}

/// A status other than 200 is a failure, a redirect too: keys come from the place that was asked.
Result<std::string> body_of(Result<http::Exchange> answer, std::string_view who) {
  if (!answer) {
    return fail(answer.error().code, std::string(who) + ": " + answer.error().message);
  }
  if (answer->status == 200) return std::move(answer->answer);
  const Code code = answer->status >= 500 ? Code::unavailable : Code::forbidden;
  return fail(code, std::string(who) + " answered " + std::to_string(answer->status));
}

constexpr std::string_view instance_service = "the instance's metadata service";

/// Version 2: a token that only a PUT gives, which a confused proxy on the way would not make.
Result<std::string> instance_token(const Ask& ask, const std::string& base_url) {
  const http::Request request{"PUT",
                              base_url + "/latest/api/token",
                              {{"X-aws-ec2-metadata-token-ttl-seconds", token_seconds}},
                              ""};
  auto token =
      body_of(ask_often(ask, request, instance_time, instance_tries, false), instance_service);
  if (token && (token->empty() || has_line_end(*token))) {
    return fail(Code::invalid_input, std::string(instance_service) + ": a token of several lines");
  }
  return token;
}

Result<http::Exchange> ask_instance(const Ask& ask, const std::string& url,
                                    const std::string& token) {
  const http::Request request{"GET", url, {{"X-aws-ec2-metadata-token", token}}, ""};
  return ask_often(ask, request, instance_time, instance_tries, false);
}

/// A role's name becomes part of an address (IAM: word characters and +=,.@-).
bool is_role_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

Result<TimedCredentials> fetch_from_instance(const Ask& ask, const std::string& base_url) {
  const auto token = instance_token(ask, base_url);
  if (!token) return tl::unexpected<Error>(token.error());
  const std::string folder = base_url + "/latest/meta-data/iam/security-credentials/";
  auto listed = ask_instance(ask, folder, *token);
  if (listed && listed->status == 404) {
    return fail(Code::not_found, "the instance has no role; attach one that may send by SES");
  }
  const auto roles = body_of(std::move(listed), instance_service);
  if (!roles) return tl::unexpected<Error>(roles.error());
  const auto role = text::trim(std::string_view(*roles).substr(0, roles->find('\n')));
  if (!is_role_name(role)) {
    return fail(Code::invalid_input, std::string(instance_service) + ": no name of a role");
  }
  const auto keys =
      body_of(ask_instance(ask, folder + std::string(role), *token), instance_service);
  if (!keys) return tl::unexpected<Error>(keys.error());
  return timed(aws::read_json_keys(*keys));
}

Result<std::string> authorization_of(const ContainerService& service) {
  if (service.token_file.empty()) return service.token;
  return read_file(service.token_file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
}

Result<TimedCredentials> fetch_from_container(const Ask& ask, const ContainerService& service) {
  auto authorization = authorization_of(service);
  if (!authorization) return tl::unexpected<Error>(authorization.error());
  if (has_line_end(*authorization)) {
    return fail(Code::invalid_argument,
                "the container's authorization token has a line end; it must be one line without");
  }
  http::Request request{"GET", service.url, {{"Accept", "application/json"}}, ""};
  if (!authorization->empty()) {
    request.headers.emplace_back("Authorization", std::move(*authorization));
  }
  const auto body = body_of(ask_often(ask, request, container_time, container_tries, true),
                            "the container's credentials service");
  if (!body) return tl::unexpected<Error>(body.error());
  return timed(aws::read_json_keys(*body));
}

Result<TimedCredentials> fetch_by_web_identity(const Ask& ask, const WebIdentity& identity) {
  const auto token = read_file(identity.token_file, "the web identity token");
  if (!token) return tl::unexpected<Error>(token.error());
  const http::Request request{
      "POST",
      identity.endpoint + "/",
      {{"Content-Type", "application/x-www-form-urlencoded"}},
      aws::web_identity_form(identity.role_arn, identity.session_name, text::trim(*token))};
  Result<TimedCredentials> keys = fail(Code::internal, "");
  for (int i = 0; i < sts_tries; ++i) {
    const auto answer = ask(request, sts_time);
    if (!answer) return fail(answer.error().code, "STS: " + answer.error().message);
    keys = timed(aws::read_web_identity_answer(answer->status, answer->answer));
    if (keys || !keys.error().retryable()) break;
  }
  return keys;
}

}  // namespace

Ask ask_over_network(const std::string& ca_file) {
  return [ca_file](const http::Request& request, milliseconds time) -> Result<http::Exchange> {
    http::ClientOptions options;
    options.ca_file = ca_file;
    options.max_connections = 1;
    options.answer_timeout = time;
    auto client = http::Client::open(options);
    if (!client) return tl::unexpected<Error>(client.error());
    if (auto begun = client->submit(0, request); !begun)
      return tl::unexpected<Error>(begun.error());
    // Ends, because every exchange does within its time.
    std::vector<http::Exchange> ended;
    while (ended.empty()) ended = client->poll(time);
    if (!ended[0].failure.empty()) return fail(Code::unavailable, ended[0].failure);
    return std::move(ended[0]);
  };
}

CredentialsSource::Fetch web_identity_keys(Ask ask, WebIdentity identity) {
  return [ask = std::move(ask), identity = std::move(identity)] {
    return fetch_by_web_identity(ask, identity);
  };
}

Result<void> check_container_url(std::string_view url) {
  const auto endpoint =
      aws::parse_endpoint(url.substr(0, url.find('?')), "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  const std::string host = endpoint->host_name();
  constexpr std::string_view allowed[] = {"localhost",     "127.0.0.1",      "[::1]",
                                          "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  const bool near = std::find(std::begin(allowed), std::end(allowed), host) != std::end(allowed);
  if (endpoint->scheme == "https" || near) return {};
  return fail(Code::invalid_argument, "AWS_CONTAINER_CREDENTIALS_FULL_URI names " +
                                          text::one_line(host, 100) +
                                          " over plain http; expected https, or a loopback or "
                                          "container service address");
}

CredentialsSource::Fetch container_keys(Ask ask, ContainerService service) {
  return [ask = std::move(ask), service = std::move(service)] {
    return fetch_from_container(ask, service);
  };
}

CredentialsSource::Fetch instance_keys(Ask ask, std::string base_url) {
  return [ask = std::move(ask), base_url = std::move(base_url)] {
    return fetch_from_instance(ask, base_url);
  };
}

Result<std::string> instance_region(const Ask& ask, const std::string& base_url) {
  const auto token = instance_token(ask, base_url);
  if (!token) return tl::unexpected<Error>(token.error());
  const auto zone = body_of(
      ask_instance(ask, base_url + "/latest/meta-data/placement/availability-zone/", *token),
      instance_service);
  if (!zone) return tl::unexpected<Error>(zone.error());
  // us-east-1a, and us-west-2-lax-1a: a region ends with its first number.
  constexpr std::string_view digits = "0123456789";
  const auto number = std::min(zone->find_first_of(digits), zone->size());
  return zone->substr(0, zone->find_first_not_of(digits, number));
}

}  // namespace calinvite::credentials

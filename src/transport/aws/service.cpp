#include "transport/aws/service.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "transport/credentials/chain.hpp"

namespace calinvite::transport {
namespace {

using std::chrono::seconds;

/// AWS lets signatures be five minutes off; a smaller error is not why one was refused.
constexpr std::chrono::minutes harmless_skew{4};

Error refusal(const std::string& service, const SendAnswer& words, int status) {
  Code code = status == 401 || status == 403 ? Code::forbidden : Code::invalid_argument;
  if (words.verdict == SendVerdict::throttled || words.verdict == SendVerdict::quota) {
    code = Code::throttled;
  } else if (status >= 500 || status == 408) {
    code = Code::unavailable;
  } else if (words.verdict == SendVerdict::credentials || words.verdict == SendVerdict::skew) {
    code = Code::unauthenticated;
  } else if (status == 404 || words.code.find("DoesNotExist") != std::string::npos ||
             words.code.find("NonExistentQueue") != std::string::npos) {
    code = Code::not_found;
  }
  std::string message = service + ": ";
  if (!words.code.empty()) message += words.code + ": ";
  return {code, message + words.message, {}};
}

}  // namespace

Result<AwsService> AwsService::open(AwsServiceOptions options, const std::string& name,
                                    const http::ClientOptions& client_options) {
  if (options.region.empty()) return fail(Code::invalid_argument, name + " needs a region");
  if (!options.clock) return fail(Code::invalid_argument, name + " needs a clock");
  if (!options.endpoint.empty() && (options.fips || options.dual_stack)) {
    return fail(Code::invalid_argument, "an endpoint of " + name +
                                            " is set together with FIPS or dual stack; leave one "
                                            "out");
  }
  if (!options.source) {
    if (options.credentials.access_key_id.empty() ||
        options.credentials.secret_access_key.empty()) {
      return fail(Code::invalid_argument, name + " needs an access key id and a secret access key");
    }
    options.source = std::make_shared<CredentialsSource>(
        [keys = options.credentials]() -> Result<TimedCredentials> {
          return TimedCredentials{keys, std::nullopt};
        });
  }
  if (const auto first = options.source->get(options.clock()); !first) {
    return tl::unexpected<Error>(first.error());
  }
  std::string url = options.endpoint;
  if (url.empty()) {
    auto own = aws::service_endpoint(name, options.region, {options.fips, options.dual_stack});
    if (!own) return tl::unexpected<Error>(own.error());
    url = std::move(*own);
  }
  auto endpoint = aws::parse_endpoint(url, name + " endpoint");
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  http::ClientOptions with = client_options;
  with.ca_file = options.ca_file;
  auto client = http::Client::open(with);
  if (!client) return tl::unexpected<Error>(client.error());
  return AwsService(std::move(options), name, with, std::move(*endpoint), std::move(*client));
}

std::vector<Result<std::string>> AwsService::ask(const std::vector<AwsRequest>& requests,
                                                 const std::function<bool()>& stopped) {
  std::vector<std::optional<Result<std::string>>> answers(requests.size());
  for (const bool again : {true, false}) {
    if (!ask_once(requests, answers, again, stopped)) break;
  }
  std::vector<Result<std::string>> all;
  for (auto& answer : answers) {
    all.push_back(answer ? std::move(*answer)
                         : Result<std::string>(fail(Code::stopped, name_ + ": stopped")));
  }
  return all;
}

bool AwsService::ask_once(const std::vector<AwsRequest>& requests,
                          std::vector<std::optional<Result<std::string>>>& answers, bool again,
                          const std::function<bool()>& stopped) {
  constexpr std::chrono::milliseconds between_looks(200);
  std::vector<CredentialsSource::Keys> signed_with(requests.size());
  std::size_t open = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (answers[i]) continue;
    auto keys = submit(i, requests[i]);
    if (keys) {
      signed_with[i] = std::move(*keys);
      ++open;
    } else {
      answers[i] = Result<std::string>(tl::unexpected<Error>(keys.error()));
    }
  }
  while (open > 0) {
    if (stopped && stopped()) {
      // The rest is of no use any more, and its answers must not be taken for others'.
      if (auto fresh = http::Client::open(client_options_)) client_ = std::move(*fresh);
      return false;
    }
    for (const http::Exchange& exchange : client_.poll(between_looks)) {
      bool retry = false;
      auto answer = read(exchange, signed_with[exchange.id], again, retry);
      if (!retry) answers[exchange.id] = std::move(answer);
      --open;
    }
  }
  return true;
}

Result<CredentialsSource::Keys> AwsService::submit(std::uint64_t id, AwsRequest request) {
  request.path = endpoint_.base_path + request.path;
  const auto now = options_.clock() + skew_;
  auto keys = options_.source->get(now);
  if (!keys) return keys;
  const AwsSigner signer((*keys)->credentials);
  const SigningScope scope{options_.region, name_, now, true, true, false};
  if (auto done = signer.sign(request, scope); !done) return tl::unexpected<Error>(done.error());
  auto begun = client_.submit(id, {request.method, endpoint_.origin() + request.path,
                                   std::move(request.headers), std::move(request.body)});
  if (!begun) return tl::unexpected<Error>(begun.error());
  return keys;
}

Result<std::string> AwsService::read(const http::Exchange& exchange,
                                     const CredentialsSource::Keys& keys, bool again, bool& retry) {
  if (!exchange.failure.empty()) {
    return fail(Code::unavailable, name_ + ": " + exchange.failure);
  }
  const seconds skew_before = skew_;
  learn_skew(exchange);
  if (exchange.status == 200) return exchange.answer;
  const SendAnswer words = read_send_answer(
      exchange.status, http::find_header(exchange.headers, "x-amzn-errortype"), exchange.answer);
  Error error = refusal(name_, words, exchange.status);
  if (again && error.code == Code::unauthenticated) {
    const bool wrong_time = std::chrono::abs(skew_ - skew_before) > harmless_skew;
    retry = wrong_time || options_.source->replace(keys, options_.clock() + skew_).has_value();
  }
  return tl::unexpected<Error>(std::move(error));
}

void AwsService::learn_skew(const http::Exchange& exchange) {
  // A long poll's answer is dated when it began or when it ended: an error of half a minute that a
  // signature survives.
  if (const auto date = http::parse_date(http::find_header(exchange.headers, "date"))) {
    skew_ = *date - options_.clock();
  }
}

}  // namespace calinvite::transport

#include "calinvite/sns.hpp"

#include <utility>

#include "aws/endpoint.hpp"
#include "base/text.hpp"
#include "calinvite/queue.hpp"
#include "transport/aws/service.hpp"

namespace calinvite {
namespace {

constexpr std::chrono::seconds answer_timeout{10};
constexpr std::size_t max_answer = 64 * 1024;
constexpr std::size_t most_kept = 64;  ///< SNS has one or two a region at a time

}  // namespace

Result<std::string> SnsCertificates::get(const std::string& url) {
  if (auto checked = check_sns_certificate_url(url); !checked) {
    return tl::unexpected(checked.error());
  }
  // Held while fetching, so that the first messages of many threads cost one request.
  const std::lock_guard lock(mutex_);
  if (const auto known = kept_.find(url); known != kept_.end()) return known->second;
  std::string place = url;
  if (!options_.endpoint.empty()) {
    const auto endpoint = aws::parse_endpoint(options_.endpoint, "SNS endpoint");
    if (!endpoint) return tl::unexpected(endpoint.error());
    place = endpoint->origin() + endpoint->base_path + url.substr(url.find('/', 8));
  }
  http::ClientOptions options;
  options.ca_file = options_.ca_file;
  options.max_connections = 1;
  options.answer_timeout = answer_timeout;
  options.max_answer_bytes = max_answer;
  auto client = http::Client::open(options);
  if (!client) return tl::unexpected(client.error());
  if (auto begun = client->submit(1, {.method = "GET", .url = place, .headers = {}, .body = {}});
      !begun) {
    return tl::unexpected(begun.error());
  }
  std::vector<http::Exchange> ended;
  // Ends, because every exchange does within the answer timeout.
  while (ended.empty()) ended = client->poll(std::chrono::seconds(1));
  const http::Exchange& exchange = ended.front();
  if (!exchange.failure.empty() || exchange.status != 200) {
    // What SNS does not have is the message's fault; that nobody answers is not.
    const bool away = !exchange.failure.empty() || exchange.status >= 500;
    return fail(away ? Code::unavailable : Code::unauthenticated,
                "certificate of SNS: " + (exchange.failure.empty()
                                              ? "HTTP " + std::to_string(exchange.status)
                                              : exchange.failure));
  }
  if (exchange.answer.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    return fail(Code::unavailable, "certificate of SNS: what came is none");
  }
  if (kept_.size() >= most_kept) kept_.clear();
  return kept_.emplace(url, std::move(ended.front().answer)).first->second;
}

Result<void> confirm_sns_subscription(AwsServiceOptions options, const std::string& topic_arn,
                                      const std::string& token) {
  options.region = arn_region(topic_arn);
  if (options.region.empty()) {
    return fail(Code::invalid_argument,
                "\"" + text::one_line(topic_arn, 300) + "\" is no ARN of a topic");
  }
  http::ClientOptions client;
  client.max_connections = 1;
  client.answer_timeout = answer_timeout;
  auto service = transport::AwsService::open(std::move(options), "sns", client);
  if (!service) return tl::unexpected(service.error());
  AwsRequest request;
  request.headers = {{"Host", service->host()},
                     {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body =
      "Action=ConfirmSubscription&Version=2010-03-31&TopicArn=" + text::percent_encode(topic_arn) +
      "&Token=" + text::percent_encode(token);
  const auto answers = service->ask({request}, {});
  if (!answers.front()) return tl::unexpected(answers.front().error());
  return {};
}

}  // namespace calinvite

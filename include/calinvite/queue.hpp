/// Queues that notifications wait in until they are durable here, and what SNS is asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/aws.hpp"
#include "calinvite/credentials.hpp"
#include "calinvite/model.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// One message as a queue hands it out; it comes again unless it is removed in time.
struct QueueMessage {
  std::string id;
  std::string handle;  ///< names this very handing-out
  std::string body;
  std::uint32_t receives = 1;  ///< how often it was handed out, this time included
};

/// Whatever hands out messages that are removed once they are taken in. One thread at a time.
class NotificationQueue {
 public:
  virtual ~NotificationQueue() = default;
  /// Shown as the source of its messages.
  virtual std::string name() const = 0;
  /// For how long a message that was handed out is not handed out again, if nobody extends it.
  virtual std::chrono::seconds visibility() const = 0;
  /// At most `most` messages; waits up to `wait` while there are none, or until `stopped`.
  /// @error unavailable, throttled        no answer, or none now; calling again may help
  /// @error not_found, forbidden, unauthenticated  no such queue, or not with these keys
  virtual Result<std::vector<QueueMessage>> receive(std::size_t most, std::chrono::seconds wait,
                                                    const std::function<bool()>& stopped) = 0;
  /// @return how many are gone for good; the others come again
  /// @error as receive
  virtual Result<std::size_t> remove(std::span<const QueueMessage> messages) = 0;
  /// Keeps them from others for another `visibility`, counted from now.
  /// @error as receive
  virtual Result<void> extend(std::span<const QueueMessage> messages) = 0;
};

/// How an AWS service is reached, and with whose keys.
struct AwsServiceOptions {
  std::string region;          ///< such as eu-central-1
  AwsCredentials credentials;  ///< keys that stay, when there is no `source`
  std::shared_ptr<CredentialsSource> source =
      {};                   ///< keys that change; used by one thread at a time
  std::string endpoint;     ///< empty: the service's own address in the region
  bool fips = false;        ///< the address with validated cryptography, without `endpoint` only
  bool dual_stack = false;  ///< the address with IPv6, without `endpoint` only
  std::string ca_file;      ///< PEM bundle; empty: the system's
  Clock clock;              ///< signs by it, corrected by the server's Date
};

/// Options as every AWS program finds them, as find_ses_options does for SES; the clock is left
/// open.
/// @param service  in lower case: sqs, sns
/// @error as find_ses_options
Result<AwsServiceOptions> find_aws_service(const AwsEnvironment& environment,
                                           const std::string& service, std::string region = {});

struct SqsOptions {
  std::string url;  ///< https://sqs.REGION.amazonaws.com/ACCOUNT/NAME
  AwsServiceOptions service;
  std::chrono::seconds visibility{60};      ///< 1 to 43,200
  std::chrono::seconds answer_timeout{30};  ///< to any request, on top of what it waits
};
/// Amazon SQS over TLS. More than 10 messages are fetched and removed by requests at the same time.
/// @error invalid_argument  a queue URL or an endpoint that is no http(s) address, no region or
/// keys
/// @error of the keys' source, which is asked at once
Result<std::unique_ptr<NotificationQueue>> open_sqs_queue(SqsOptions options);
/// The region in the address of a queue or of SNS; empty when it is another host's.
std::string_view aws_host_region(std::string_view url) noexcept;

/// Certificates that SNS signs with, fetched over TLS and kept. No redirect is followed.
/// Any thread may call; while one fetches, the others wait.
class SnsCertificates {
 public:
  struct Options {
    std::string endpoint;  ///< in place of the host of each address; empty: that host
    std::string ca_file;   ///< PEM bundle; empty: the system's
  };
  explicit SnsCertificates(Options options) : options_(std::move(options)) {}
  /// @error forbidden        as check_sns_certificate_url
  /// @error unauthenticated  SNS has no such certificate
  /// @error unavailable      no answer, or one that is not SNS's
  Result<std::string> get(const std::string& url);

 private:
  Options options_;
  std::mutex mutex_;  ///< of kept_
  std::map<std::string, std::string> kept_;
};

/// Confirms a subscription through SNS's API, with our keys; the region is the topic's.
/// @param token  of its SubscriptionConfirmation
/// @error invalid_argument  no ARN of a topic
/// @error as NotificationQueue::receive
Result<void> confirm_sns_subscription(AwsServiceOptions options, const std::string& topic_arn,
                                      const std::string& token);

}  // namespace calinvite

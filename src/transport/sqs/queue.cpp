#include "calinvite/queue.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "aws/endpoint.hpp"
#include "base/text.hpp"
#include "transport/aws/service.hpp"
#include "transport/sqs/protocol.hpp"

namespace calinvite {
namespace {

using std::chrono::seconds;

constexpr std::size_t most_at_once = 20;  ///< requests; AWS answers many more
constexpr std::size_t max_answer_bytes = 24 << 20;

/// What answers 200 with something else than SQS's words is not SQS, or not well.
template <class T>
Result<T> trusted(Result<T> read) {
  if (!read) read.error().code = Code::unavailable;
  return read;
}

class SqsQueue final : public NotificationQueue {
 public:
  SqsQueue(SqsOptions options, transport::AwsService service)
      : options_(std::move(options)), service_(std::move(service)) {}

  std::string name() const override { return options_.url; }
  seconds visibility() const override { return options_.visibility; }

  Result<std::vector<QueueMessage>> receive(std::size_t most, seconds wait,
                                            const std::function<bool()>& stopped) override {
    std::vector<QueueMessage> messages;
    // One request waits; when it comes back full there is more, which others fetch at once.
    if (auto got = fetch(1, most, wait, stopped, messages); !got)
      return tl::unexpected(got.error());
    if (messages.size() < sqs::batch || messages.size() >= most) return messages;
    const std::size_t left = most - messages.size();
    const auto requests = std::min(most_at_once, (left + sqs::batch - 1) / sqs::batch);
    // What was handed out already must not be lost for what fails now.
    (void)fetch(requests, left, seconds(0), stopped, messages);
    return messages;
  }

  Result<std::size_t> remove(std::span<const QueueMessage> messages) override {
    return in_batches(messages, [&](std::span<const QueueMessage> part) {
      return sqs::delete_request(service_.host(), options_.url, part);
    });
  }

  Result<void> extend(std::span<const QueueMessage> messages) override {
    const auto done = in_batches(messages, [&](std::span<const QueueMessage> part) {
      return sqs::extend_request(service_.host(), options_.url, part, options_.visibility);
    });
    return done ? Result<void>() : Result<void>(tl::unexpected(done.error()));
  }

 private:
  /// @error the first one, after what the other requests got
  Result<void> fetch(std::size_t requests, std::size_t most, seconds wait,
                     const std::function<bool()>& stopped, std::vector<QueueMessage>& messages) {
    std::vector<AwsRequest> all;
    for (; all.size() < requests; most -= std::min(most, sqs::batch)) {
      all.push_back(sqs::receive_request(service_.host(), options_.url, std::min(most, sqs::batch),
                                         wait, options_.visibility));
    }
    Result<void> done;
    for (const auto& answer : service_.ask(all, stopped)) {
      auto read = answer ? trusted(sqs::read_messages(*answer))
                         : Result<std::vector<QueueMessage>>(tl::unexpected(answer.error()));
      if (read) {
        std::move(read->begin(), read->end(), std::back_inserter(messages));
      } else if (done && read.error().code != Code::stopped) {
        done = tl::unexpected(read.error());
      }
    }
    return done;
  }

  /// @return how many entries were done
  template <class MakeRequest>
  Result<std::size_t> in_batches(std::span<const QueueMessage> messages,
                                 const MakeRequest& make_request) {
    std::vector<AwsRequest> requests;
    for (; !messages.empty(); messages = messages.subspan(std::min(messages.size(), sqs::batch))) {
      requests.push_back(make_request(messages.first(std::min(messages.size(), sqs::batch))));
    }
    std::size_t done = 0;
    std::optional<Error> failed;
    for (const auto& answer : service_.ask(requests, {})) {
      const auto count = answer ? trusted(sqs::read_batch(*answer))
                                : Result<std::size_t>(tl::unexpected(answer.error()));
      if (count) {
        done += *count;
      } else {
        failed = count.error();
      }
    }
    if (failed && done == 0) return tl::unexpected(*failed);
    return done;
  }

  SqsOptions options_;
  transport::AwsService service_;
};

}  // namespace

std::string_view aws_host_region(std::string_view url) noexcept {
  for (const std::string_view before : {"https://sqs.", "https://sns."}) {
    if (!url.starts_with(before)) continue;
    const auto host = url.substr(before.size(), url.find('/', before.size()) - before.size());
    const auto dot = host.find('.');
    if (dot != std::string_view::npos && host.substr(dot).starts_with(".amazonaws.")) {
      return host.substr(0, dot);
    }
  }
  return {};
}

Result<std::unique_ptr<NotificationQueue>> open_sqs_queue(SqsOptions options) {
  constexpr seconds longest_wait{20};
  auto url = aws::parse_endpoint(options.url, "queue");
  if (!url) return tl::unexpected(url.error());
  if (url->base_path.empty()) {
    return fail(Code::invalid_argument, "queue \"" + text::one_line(options.url, 200) +
                                            "\" has no name; expected "
                                            "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME");
  }
  if (options.visibility < seconds(1) || options.visibility > std::chrono::hours(12)) {
    return fail(Code::invalid_argument, "a visibility timeout of 1 to 43,200 seconds is possible");
  }
  if (options.service.endpoint.empty() && !options.service.fips && !options.service.dual_stack) {
    options.service.endpoint = url->origin();
  }
  http::ClientOptions client;
  client.max_connections = most_at_once;
  client.answer_timeout = longest_wait + options.answer_timeout;
  client.max_answer_bytes = max_answer_bytes;
  auto service = transport::AwsService::open(options.service, "sqs", client);
  if (!service) return tl::unexpected(service.error());
  return std::unique_ptr<NotificationQueue>(
      std::make_unique<SqsQueue>(std::move(options), std::move(*service)));
}

}  // namespace calinvite

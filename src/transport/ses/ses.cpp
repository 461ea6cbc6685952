#include <algorithm>
#include <deque>
#include <unordered_map>

#include "aws/endpoint.hpp"
#include "aws/ses_request.hpp"
#include "calinvite/transport.hpp"
#include "transport/http/client.hpp"
#include "transport/ses/setup.hpp"

namespace calinvite {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

/// SES lets signatures be five minutes off; a smaller error is not why one was refused.
constexpr std::chrono::minutes harmless_skew{4};
/// A slower answer says too little about the server's clock.
constexpr std::chrono::minutes slow_answer{15};

/// A request that waits for its answer.
struct Waiting {
  std::string attempt_id;  ///< empty: GetAccount
  AwsRequest request;      ///< unsigned; its body travels and comes back with the answer
  sys_seconds sent{};
  seconds skew{0};               ///< that it was signed with
  CredentialsSource::Keys keys;  ///< that it was signed with
  bool repeated_for_time = false;
  bool repeated_for_keys = false;
};

class SesTransport final : public Transport {
 public:
  SesTransport(SesOptions options, aws::Endpoint endpoint, http::Client client)
      : options_(std::move(options)),
        endpoint_(std::move(endpoint)),
        client_(std::move(client)),
        signer_(AwsCredentials()) {}

  /// As many again wait for a connection, so that none is idle while the next intents are made
  /// durable.
  std::size_t max_in_flight() const override { return 2 * options_.max_connections; }

  std::string message_id_host() const override {
    // SES's first region writes another name than its own.
    return (options_.region == "us-east-1" ? "email" : options_.region) + ".amazonses.com";
  }

  Result<void> submit(OutgoingMessage message) override {
    if (waiting_.size() + queue_.size() >= max_in_flight()) {
      return fail(Code::invalid_argument, "more messages submitted than may be in flight");
    }
    SesSend send{message.from, message.to, message.bytes, message.configuration_set,
                 std::move(message.tags)};
    send.tags.push_back({"attempt_id", message.attempt_id});
    std::string buffer;
    if (!buffers_.empty()) {
      buffer = std::move(buffers_.back());
      buffers_.pop_back();
    }
    auto request = aws::ses_send_request(send, endpoint_.host, std::move(buffer));
    if (!request) return tl::unexpected<Error>(request.error());
    Waiting waiting;
    waiting.attempt_id = std::move(message.attempt_id);
    waiting.request = std::move(*request);
    queue_.push_back(std::move(waiting));
    start_queued();
    return {};
  }

  std::vector<SendOutcome> poll(std::chrono::milliseconds wait) override {
    if (outcomes_.empty()) advance(wait);
    // Whoever polls has more to do than this, and connections would be idle meanwhile.
    const std::size_t enough = std::max<std::size_t>(1, options_.max_connections / 2);
    for (std::size_t before = 0; before < outcomes_.size() && outcomes_.size() < enough;) {
      before = outcomes_.size();
      advance(std::chrono::milliseconds(0));
    }
    return std::exchange(outcomes_, {});
  }

  void withdraw() override {
    for (Waiting& waiting : std::exchange(queue_, {})) {
      outcomes_.push_back({std::move(waiting.attempt_id),
                           SendVerdict::unavailable,
                           {},
                           "dispatch ended before it left"});
    }
  }

  std::string account_key() const override { return "ses:" + options_.region; }

  Result<std::optional<SesAccount>> account() override {
    Waiting waiting;
    waiting.request = ses_account_request(endpoint_.host);
    account_answer_.reset();
    auto keys = keys_now();
    if (!keys) return tl::unexpected<Error>(keys.error());
    if (auto started = start(std::move(waiting), std::move(*keys)); !started) {
      return tl::unexpected<Error>(started.error());
    }
    // Ends, because every exchange does within the answer timeout.
    while (!account_answer_) advance(seconds(1));
    const http::Exchange& answer = *account_answer_;
    if (!answer.failure.empty()) return fail(Code::unavailable, "GetAccount: " + answer.failure);
    if (answer.status != 200) {
      const auto words = read_answer(answer);
      return fail(answer.status >= 500 ? Code::unavailable : Code::forbidden,
                  "GetAccount: " + words.code + " " + words.message);
    }
    const auto account = read_account_answer(answer.answer);
    if (!account) return tl::unexpected<Error>(account.error());
    return std::optional(*account);
  }

 private:
  /// libcurl has a queue of its own, but looks through all of it each time a connection is free.
  void start_queued() {
    while (!queue_.empty() && waiting_.size() < options_.max_connections) {
      Waiting next = std::move(queue_.front());
      queue_.pop_front();
      const std::string attempt_id = next.attempt_id;
      auto keys = keys_now();
      const auto started = keys ? start(std::move(next), std::move(*keys))
                                : Result<void>(tl::unexpected<Error>(keys.error()));
      if (!started) outcomes_.push_back(without_keys(attempt_id, started.error()));
    }
  }

  Result<CredentialsSource::Keys> keys_now() { return options_.source->get(now()); }
  sys_seconds now() const { return options_.clock() + skew_; }

  Result<void> start(Waiting waiting, CredentialsSource::Keys keys) {
    if (keys != signers_keys_) {
      signer_ = AwsSigner(keys->credentials);
      signers_keys_ = keys;
    }
    waiting.keys = std::move(keys);
    waiting.sent = options_.clock();
    waiting.skew = skew_;
    std::string body = std::move(waiting.request.body);
    AwsRequest signed_request = waiting.request;
    signed_request.body = std::move(body);
    signed_request.path = endpoint_.base_path + signed_request.path;
    const SigningScope scope{options_.region, "ses", waiting.sent + skew_, true, true, false};
    if (auto done = signer_.sign(signed_request, scope); !done) return done;
    http::Request request{signed_request.method, endpoint_.origin() + signed_request.path,
                          std::move(signed_request.headers), std::move(signed_request.body)};
    const std::uint64_t id = next_id_++;
    if (auto begun = client_.submit(id, std::move(request)); !begun) return begun;
    waiting_.emplace(id, std::move(waiting));
    return {};
  }

  void advance(std::chrono::milliseconds wait) {
    for (http::Exchange& exchange : client_.poll(wait)) {
      auto node = waiting_.extract(exchange.id);
      Waiting& waiting = node.mapped();
      learn_skew(exchange, waiting.sent);
      if (repeat(exchange, waiting)) continue;
      if (waiting.attempt_id.empty()) {
        account_answer_ = std::move(exchange);
      } else {
        outcomes_.push_back(outcome_of(exchange, waiting.attempt_id));
        buffers_.push_back(std::move(exchange.body));
      }
    }
    start_queued();
  }

  /// The server's clock less ours at the middle of the exchange.
  void learn_skew(const http::Exchange& exchange, sys_seconds sent) {
    const auto received = options_.clock();
    // Thousands of answers have the same.
    const auto written = http::find_header(exchange.headers, "date");
    if (written != written_date_) {
      written_date_ = written;
      date_ = http::parse_date(written);
    }
    const bool cached = !http::find_header(exchange.headers, "age").empty();
    if (!date_ || cached || received - sent > slow_answer) return;
    skew_ = *date_ - (sent + (received - sent) / 2);
  }

  /// What was signed with the wrong time or keys is refused unread, so it may go once more.
  bool repeat(http::Exchange& exchange, Waiting& waiting) {
    if (!exchange.failure.empty() || exchange.status == 200) return false;
    const SendVerdict verdict = read_answer(exchange).verdict;
    if (verdict != SendVerdict::skew && verdict != SendVerdict::credentials) return false;
    Waiting again = waiting;
    CredentialsSource::Keys keys = waiting.keys;
    if (!waiting.repeated_for_time && std::chrono::abs(skew_ - waiting.skew) > harmless_skew) {
      again.repeated_for_time = true;
    } else if (verdict == SendVerdict::credentials && !waiting.repeated_for_keys) {
      auto others = options_.source->replace(waiting.keys, now());
      if (!others) return settle_without_keys(waiting.attempt_id, others.error());
      again.repeated_for_keys = true;
      keys = std::move(*others);
    } else {
      return false;
    }
    again.request.body = std::move(exchange.body);
    return start(std::move(again), std::move(keys)).has_value();
  }

  /// New keys that are only late are no reason to stop: the message waits for them.
  /// @return false when the refusal of the old keys is what counts
  bool settle_without_keys(const std::string& attempt_id, const Error& error) {
    if (attempt_id.empty() || !error.retryable()) return false;
    outcomes_.push_back(without_keys(attempt_id, error));
    return true;
  }

  /// Nothing was sent: for now, or until somebody sets the keys right.
  static SendOutcome without_keys(const std::string& attempt_id, const Error& error) {
    const auto verdict = error.retryable() ? SendVerdict::unavailable : SendVerdict::credentials;
    return {attempt_id, verdict, {}, error.message};
  }

  static SendAnswer read_answer(const http::Exchange& exchange) {
    return read_send_answer(
        exchange.status, http::find_header(exchange.headers, "x-amzn-errortype"), exchange.answer);
  }

  static SendOutcome outcome_of(const http::Exchange& exchange, const std::string& attempt_id) {
    if (!exchange.failure.empty()) {
      const auto verdict = exchange.body_begun ? SendVerdict::in_doubt : SendVerdict::unavailable;
      return {attempt_id, verdict, {}, exchange.failure};
    }
    SendAnswer answer = read_answer(exchange);
    std::string detail = std::move(answer.code);
    if (!detail.empty() && !answer.message.empty()) detail += ": ";
    detail += answer.message;
    return {attempt_id, answer.verdict, std::move(answer.message_id), std::move(detail)};
  }

  SesOptions options_;
  aws::Endpoint endpoint_;
  http::Client client_;
  AwsSigner signer_;
  CredentialsSource::Keys signers_keys_;
  seconds skew_{0};
  std::string written_date_;  ///< of the last answer
  std::optional<sys_seconds> date_;
  std::uint64_t next_id_ = 1;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::deque<Waiting> queue_;         ///< unsigned, for nobody knows when they leave
  std::vector<std::string> buffers_;  ///< of bodies that were sent: memory for the next
  std::vector<SendOutcome> outcomes_;
  std::optional<http::Exchange> account_answer_;
};

}  // namespace

Result<std::unique_ptr<Transport>> open_ses_transport(SesOptions options) {
  if (options.region.empty()) return fail(Code::invalid_argument, "SES needs a region");
  if (options.max_connections == 0 || options.answer_timeout <= seconds(0) || !options.clock) {
    return fail(Code::invalid_argument, "SES needs a connection, a timeout and a clock");
  }
  if (auto sourced = ses::prepare_source(options); !sourced) {
    return tl::unexpected<Error>(sourced.error());
  }
  auto endpoint = ses::endpoint_of(options);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  http::ClientOptions http;
  http.ca_file = options.ca_file;
  http.max_connections = options.max_connections;
  http.answer_timeout = options.answer_timeout;
  auto client = http::Client::open(http);
  if (!client) return tl::unexpected<Error>(client.error());
  return std::unique_ptr<Transport>(
      std::make_unique<SesTransport>(std::move(options), std::move(*endpoint), std::move(*client)));
}

}  // namespace calinvite

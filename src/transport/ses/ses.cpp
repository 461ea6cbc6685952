#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "calinvite/transport.hpp"
#include "transport/http/client.hpp"

namespace calinvite {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

/// SES lets signatures be five minutes off; a smaller error is not why one was refused.
constexpr std::chrono::minutes harmless_skew{4};
/// A slower answer says too little about the server's clock.
constexpr std::chrono::minutes slow_answer{15};

/// An endpoint taken apart.
struct Endpoint {
  std::string origin;     ///< scheme://host[:port]
  std::string host;       ///< host[:port], as the Host header has it
  std::string base_path;  ///< without a trailing slash
};

Result<Endpoint> parse_endpoint(std::string_view url) {
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

/// A request that waits for its answer.
struct Waiting {
  std::string attempt_id;  ///< empty: GetAccount
  AwsRequest request;      ///< unsigned; its body travels and comes back with the answer
  sys_seconds sent{};
  seconds skew{0};  ///< that it was signed with
  bool repeated = false;
};

class SesTransport final : public Transport {
 public:
  SesTransport(SesOptions options, Endpoint endpoint, http::Client client)
      : options_(std::move(options)),
        endpoint_(std::move(endpoint)),
        client_(std::move(client)),
        signer_(options_.credentials) {}

  std::size_t max_in_flight() const override { return options_.max_connections; }

  std::string message_id_host() const override {
    // SES's first region writes another name than its own.
    return (options_.region == "us-east-1" ? "email" : options_.region) + ".amazonses.com";
  }

  Result<void> submit(OutgoingMessage message) override {
    if (waiting_.size() >= max_in_flight()) {
      return fail(Code::invalid_argument, "more messages submitted than may be in flight");
    }
    SesSend send{message.from, message.to, message.bytes, message.configuration_set,
                 std::move(message.tags)};
    send.tags.push_back({"attempt_id", message.attempt_id});
    auto request = ses_send_request(send, endpoint_.host);
    if (!request) return tl::unexpected<Error>(request.error());
    Waiting waiting;
    waiting.attempt_id = std::move(message.attempt_id);
    waiting.request = std::move(*request);
    return start(std::move(waiting));
  }

  std::vector<SendOutcome> poll(std::chrono::milliseconds wait) override {
    if (outcomes_.empty()) advance(wait);
    return std::exchange(outcomes_, {});
  }

  std::string account_key() const override { return "ses:" + options_.region; }

  Result<std::optional<SesAccount>> account() override {
    Waiting waiting;
    waiting.request = ses_account_request(endpoint_.host);
    account_answer_.reset();
    if (auto started = start(std::move(waiting)); !started) {
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
  Result<void> start(Waiting waiting) {
    waiting.sent = options_.clock();
    waiting.skew = skew_;
    AwsRequest signed_request = waiting.request;
    signed_request.body = std::move(waiting.request.body);
    signed_request.path = endpoint_.base_path + signed_request.path;
    const SigningScope scope{options_.region, "ses", waiting.sent + skew_, true, true, false};
    if (auto done = signer_.sign(signed_request, scope); !done) return done;
    http::Request request{signed_request.method, endpoint_.origin + signed_request.path,
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
      if (repeat_with_right_time(exchange, waiting)) continue;
      if (waiting.attempt_id.empty()) {
        account_answer_ = std::move(exchange);
      } else {
        outcomes_.push_back(outcome_of(exchange, waiting.attempt_id));
      }
    }
  }

  /// The server's clock less ours at the middle of the exchange.
  void learn_skew(const http::Exchange& exchange, sys_seconds sent) {
    const auto received = options_.clock();
    const auto date = http::parse_date(http::find_header(exchange.headers, "date"));
    const bool cached = !http::find_header(exchange.headers, "age").empty();
    if (!date || cached || received - sent > slow_answer) return;
    skew_ = *date - (sent + (received - sent) / 2);
  }

  /// A signature of the wrong time is refused unread, so the message may go once more.
  bool repeat_with_right_time(http::Exchange& exchange, Waiting& waiting) {
    const bool answered = exchange.failure.empty();
    if (!answered || waiting.repeated || std::chrono::abs(skew_ - waiting.skew) <= harmless_skew) {
      return false;
    }
    const SendVerdict verdict = read_answer(exchange).verdict;
    if (verdict != SendVerdict::skew && verdict != SendVerdict::credentials) return false;
    Waiting again = waiting;
    again.request.body = std::move(exchange.body);
    again.repeated = true;
    return start(std::move(again)).has_value();
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
  Endpoint endpoint_;
  http::Client client_;
  AwsSigner signer_;
  seconds skew_{0};
  std::uint64_t next_id_ = 1;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::vector<SendOutcome> outcomes_;
  std::optional<http::Exchange> account_answer_;
};

}  // namespace

Result<std::unique_ptr<Transport>> open_ses_transport(SesOptions options) {
  if (options.region.empty()) return fail(Code::invalid_argument, "SES needs a region");
  if (options.credentials.access_key_id.empty() || options.credentials.secret_access_key.empty()) {
    return fail(Code::invalid_argument, "SES needs an access key id and a secret access key");
  }
  if (options.max_connections == 0 || options.answer_timeout <= seconds(0) || !options.clock) {
    return fail(Code::invalid_argument, "SES needs a connection, a timeout and a clock");
  }
  if (options.endpoint.empty()) {
    options.endpoint = "https://email." + options.region + ".amazonaws.com";
  }
  auto endpoint = parse_endpoint(options.endpoint);
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

#include <thread>

#include "base/text.hpp"
#include "calinvite/transport.hpp"
#include "transport/http/client.hpp"
#include "transport/ses/setup.hpp"

namespace calinvite {
namespace {

using std::chrono::seconds;

/// SES lets signatures be five minutes off; a smaller error is not why one was refused.
constexpr std::chrono::minutes harmless_skew{4};
constexpr int most_tries = 3;
/// SES answers one request a second of each kind that sends nothing.
constexpr std::chrono::milliseconds between_tries{1'100};

/// What SES's refusal means to somebody who only asks.
Error refusal(const std::string& call, const http::Exchange& exchange) {
  const SendAnswer words = read_send_answer(
      exchange.status, http::find_header(exchange.headers, "x-amzn-errortype"), exchange.answer);
  Code code = Code::forbidden;
  if (exchange.status == 404) {
    code = Code::not_found;
  } else if (words.verdict == SendVerdict::throttled || words.verdict == SendVerdict::quota) {
    code = Code::throttled;
  } else if (words.verdict == SendVerdict::unavailable || words.verdict == SendVerdict::in_doubt) {
    code = Code::unavailable;
  } else if (words.verdict == SendVerdict::credentials || words.verdict == SendVerdict::skew) {
    code = Code::unauthenticated;
  }
  std::string message = call + ": ";
  if (!words.code.empty()) message += words.code + ": ";
  return Error{code, message + words.message, {}};
}

class HttpAccountReader final : public SesAccountReader {
 public:
  HttpAccountReader(SesOptions options, aws::Endpoint endpoint, http::Client client)
      : options_(std::move(options)), endpoint_(std::move(endpoint)), client_(std::move(client)) {}

  Result<SesAccount> account() override {
    const auto answer = ask("GetAccount", ses_account_request(endpoint_.host));
    if (!answer) return tl::unexpected(answer.error());
    return trusted(read_account_answer(*answer));
  }

  Result<SesIdentity> identity(std::string_view name) override {
    const auto answer = ask("GetEmailIdentity", ses_identity_request(name, endpoint_.host));
    if (!answer) return tl::unexpected(answer.error());
    return trusted(read_identity_answer(*answer));
  }

  Result<SesConfigurationSet> configuration_set(std::string_view name) override {
    const auto answer =
        ask("GetConfigurationSet", ses_configuration_set_request(name, endpoint_.host));
    if (!answer) return tl::unexpected(answer.error());
    auto set = trusted(read_configuration_set_answer(*answer));
    if (!set) return set;
    const auto listed = ask("GetConfigurationSetEventDestinations",
                            ses_event_destinations_request(name, endpoint_.host));
    if (!listed) return tl::unexpected(listed.error());
    auto destinations = trusted(read_event_destinations_answer(*listed));
    if (!destinations) return tl::unexpected(destinations.error());
    set->destinations = std::move(*destinations);
    return set;
  }

  std::optional<seconds> clock_skew() const override { return skew_; }
  std::string_view region() const override { return options_.region; }

 private:
  /// What answers 200 with something else than SES's words is not SES, or not well.
  template <class T>
  static Result<T> trusted(Result<T> read) {
    if (!read) read.error().code = Code::unavailable;
    return read;
  }

  /// The body of a 200. Nothing is changed by asking again, so that is what happens.
  Result<std::string> ask(const std::string& call, const AwsRequest& request) {
    for (int tries = 1;; ++tries) {
      const seconds signed_with = skew_.value_or(seconds(0));
      const auto exchange = exchange_of(request);
      if (!exchange) return tl::unexpected(exchange.error());
      if (!exchange->failure.empty()) {
        return fail(Code::unavailable, call + ": " + exchange->failure);
      }
      if (exchange->status == 200) return exchange->answer;
      Error error = refusal(call, *exchange);
      const bool wrong_time =
          error.code == Code::unauthenticated &&
          std::chrono::abs(skew_.value_or(seconds(0)) - signed_with) > harmless_skew;
      const bool again = wrong_time || error.code == Code::throttled;
      if (!again || tries == most_tries) return tl::unexpected(std::move(error));
      if (!wrong_time) std::this_thread::sleep_for(between_tries);
    }
  }

  Result<http::Exchange> exchange_of(AwsRequest request) {
    request.path = endpoint_.base_path + request.path;
    const auto sent = options_.clock();
    const auto now = sent + skew_.value_or(seconds(0));
    const auto keys = options_.source->get(now);
    if (!keys) return tl::unexpected(keys.error());
    const SigningScope scope{options_.region, "ses", now, true, true, false};
    const AwsSigner signer((*keys)->credentials);
    if (auto done = signer.sign(request, scope); !done) return tl::unexpected(done.error());
    http::Request http{
        request.method, endpoint_.origin() + request.path, std::move(request.headers), {}};
    if (auto begun = client_.submit(1, std::move(http)); !begun) {
      return tl::unexpected(begun.error());
    }
    std::vector<http::Exchange> ended;
    // Ends, because every exchange does within the answer timeout.
    while (ended.empty()) ended = client_.poll(seconds(1));
    learn_skew(ended.front(), sent);
    return std::move(ended.front());
  }

  /// The server's clock less ours at the middle of the exchange.
  void learn_skew(const http::Exchange& exchange, std::chrono::sys_seconds sent) {
    const auto date = http::parse_date(http::find_header(exchange.headers, "date"));
    if (date) skew_ = *date - (sent + (options_.clock() - sent) / 2);
  }

  SesOptions options_;
  aws::Endpoint endpoint_;
  http::Client client_;
  std::optional<seconds> skew_;
};

}  // namespace

Result<std::unique_ptr<SesAccountReader>> open_ses_account_reader(SesOptions options) {
  if (options.region.empty()) return fail(Code::invalid_argument, "SES needs a region");
  if (options.answer_timeout <= seconds(0) || !options.clock) {
    return fail(Code::invalid_argument, "SES needs a timeout and a clock");
  }
  if (auto sourced = ses::prepare_source(options); !sourced) {
    return tl::unexpected(sourced.error());
  }
  auto endpoint = ses::endpoint_of(options);
  if (!endpoint) return tl::unexpected(endpoint.error());
  http::ClientOptions http;
  http.ca_file = options.ca_file;
  http.max_connections = 1;
  http.answer_timeout = options.answer_timeout;
  auto client = http::Client::open(http);
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<SesAccountReader>(std::make_unique<HttpAccountReader>(
      std::move(options), std::move(*endpoint), std::move(*client)));
}

}  // namespace calinvite

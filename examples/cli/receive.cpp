#include <algorithm>
#include <calinvite/queue.hpp>
#include <csignal>
#include <memory>
#include <vector>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Code;
using calinvite::fail;
using calinvite::Result;

volatile std::sig_atomic_t stop_asked = 0;

struct Wanted {
  std::string queue;
  std::vector<std::string> topics;
  bool trust_queue = false;
  int visibility = 60;
  int wait = 20;
  bool once = false;
  calinvite::ReceiveOptions options;  ///< what is set as it is
};

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool is_account(const std::string& text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whoever is believed can suppress addresses: that is said, and not what happens by itself.
Result<void> check_trust(const Wanted& wanted) {
  if (wanted.topics.empty() == wanted.trust_queue) return {};
  return fail(Code::invalid_argument,
              wanted.trust_queue
                  ? "--topic and --trust-queue exclude each other"
                  : "expected --topic ARN, whose messages are verified, or --trust-queue, which "
                    "believes whoever may write to the queue");
}

Result<void> receive(Session& session, const Wanted& wanted, calinvite::Engine& engine) {
  if (auto sound = check_trust(wanted); !sound) return sound;
  const std::string region(calinvite::aws_host_region(wanted.queue));
  auto service = calinvite::find_aws_service(aws_environment(), "sqs", region);
  if (!service) return tl::unexpected(service.error());
  service->clock = now;
  const auto queue =
      calinvite::open_sqs_queue({.url = wanted.queue,
                                 .service = std::move(*service),
                                 .visibility = std::chrono::seconds(wanted.visibility)});
  if (!queue) return tl::unexpected(queue.error());
  calinvite::ReceiveOptions options = wanted.options;
  if (!wanted.topics.empty()) {
    auto sns = sns_options(wanted.topics);
    if (!sns) return tl::unexpected(sns.error());
    sns->trust.max_age = {};  // a queue may have kept them for days
    options.sns = std::move(*sns);
  }
  options.wait = std::chrono::seconds(wanted.wait);
  options.until_empty = wanted.once;
  options.domain = session.domain;
  std::signal(SIGINT, [](int) { stop_asked = 1; });
  std::signal(SIGTERM, [](int) { stop_asked = 1; });
  options.stop = [] { return stop_asked != 0; };
  const auto result = engine.receive(
      **queue, options, [&](const calinvite::IngestItem& item) { print_item(session, item); });
  if (!result) return tl::unexpected(result.error());
  print(session,
        Line{{"received", result->received},
             {"removed", result->removed},
             {"quarantined", result->quarantined},
             {"left", result->left}},
        std::to_string(result->received) + " received, " + std::to_string(result->removed) +
            " removed, " + std::to_string(result->quarantined) + " of them quarantined, " +
            std::to_string(result->left) + " left in the queue");
  if (result->quarantined + result->left > 0) session.exit_code = partly;
  return {};
}

}  // namespace

Result<calinvite::SnsOptions> sns_options(const std::vector<std::string>& topics) {
  calinvite::SnsOptions options;
  for (const std::string& topic : topics) {
    if (is_account(topic)) {
      options.trust.accounts.push_back(topic);
    } else if (!calinvite::arn_region(topic).empty()) {
      options.trust.topics.push_back(topic);
    } else {
      return fail(Code::invalid_argument, "--topic " + topic +
                                              ": expected arn:aws:sns:REGION:ACCOUNT:NAME, or an "
                                              "account of 12 digits");
    }
  }
  const calinvite::AwsEnvironment environment = aws_environment();
  calinvite::SnsCertificates::Options at{environment.variable("AWS_ENDPOINT_URL_SNS"),
                                         environment.variable("AWS_CA_BUNDLE")};
  const auto certificates = std::make_shared<calinvite::SnsCertificates>(std::move(at));
  options.certificate = [certificates](const std::string& url) { return certificates->get(url); };
  options.confirm = [environment](const calinvite::SnsMessage& message) -> Result<void> {
    auto service = calinvite::find_aws_service(
        environment, "sns", std::string(calinvite::arn_region(message.topic_arn)));
    if (!service) return tl::unexpected(service.error());
    service->clock = now;
    return calinvite::confirm_sns_subscription(std::move(*service), message.topic_arn,
                                               message.token);
  };
  return options;
}

void add_receive_command(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand(
      "receive", "Takes in what SES reports through an SQS queue, until it is stopped");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--queue", wanted->queue, "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME")
      ->required();
  command->add_option("--topic", wanted->topics,
                      "Verify signatures of SNS and take only messages of this topic (ARN) or "
                      "account; may be repeated");
  command->add_flag("--trust-queue", wanted->trust_queue,
                    "In place of --topic: believe whoever may write to the queue");
  command->add_flag("--once", wanted->once, "End when the queue has nothing more to hand out");
  command->add_option("--max", wanted->options.max_messages, "End after so many messages");
  command->add_option("--wait", wanted->wait, "Seconds to wait for the next message")
      ->check(CLI::Range(0, 20))
      ->capture_default_str();
  command
      ->add_option("--visibility", wanted->visibility,
                   "Seconds until a message that was not taken in is handed out again")
      ->check(CLI::Range(1, 43200))
      ->capture_default_str();
  command
      ->add_option("--most-receives", wanted->options.most_receives,
                   "Quarantine what can't be taken in when it was handed out so often")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->callback([&session, wanted] {
    run(session, [&](auto& engine) { return receive(session, *wanted, engine); });
  });
}

}  // namespace cli

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "calinvite/queue.hpp"
#include "calinvite/sns.hpp"
#include "transport/server_process.hpp"

using namespace calinvite;
using namespace calinvite::test;
using namespace std::chrono_literals;

namespace {

class SqsServer {
 public:
  explicit SqsServer(const Json& spec) : process_("sqs_server.py", arguments(spec)) {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(process_.port()); }
  std::vector<Json> log(std::string_view kind) const { return process_.log(kind); }
  std::size_t count(std::string_view action) const {
    std::size_t number = 0;
    for (const Json& line : log("action")) number += line["action"].string() == action ? 1 : 0;
    return number;
  }

  AwsServiceOptions service() const {
    AwsServiceOptions options;
    options.region = "eu-central-1";
    options.credentials = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
    options.clock = [] {
      return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    return options;
  }
  std::unique_ptr<NotificationQueue> open(std::chrono::seconds visibility = 60s,
                                          const std::string& name = "ses-events") const {
    auto queue = open_sqs_queue(
        {.url = url() + "/111122223333/" + name, .service = service(), .visibility = visibility});
    if (!queue) FAIL(queue.error().message);
    return std::move(*queue);
  }

 private:
  static std::vector<std::string> arguments(const Json& spec) {
    std::vector<std::string> all = {spec.write()};
    const std::string verifier = CALINVITE_AWS_DIR "/golden/sigv4_verify.py";
    if (std::filesystem::exists(verifier)) all.push_back(verifier);
    return all;
  }
  ServerProcess process_;
};

Json many(int count) { return Json::Object{{"body", "{\"n\":{n}}"}, {"count", count}}; }

std::vector<QueueMessage> receive(NotificationQueue& queue, std::size_t most,
                                  std::chrono::seconds wait = 0s) {
  auto messages = queue.receive(most, wait, {});
  if (!messages) FAIL(messages.error().message);
  return *messages;
}

template <class T>
Code code_of(const Result<T>& result) {
  REQUIRE_FALSE(result);
  INFO(result.error().message);
  return result.error().code;
}

}  // namespace

TEST_CASE("messages are fetched by tens at the same time, and gone once removed", "[transport]") {
  const SqsServer server(many(47));
  const auto queue = server.open();

  const auto messages = receive(*queue, 200);

  REQUIRE(messages.size() == 47);
  std::set<std::string> bodies;
  for (const QueueMessage& message : messages) {
    bodies.insert(message.body);
    CHECK(message.receives == 1);
    CHECK(message.id.starts_with("message-"));
  }
  CHECK(bodies.size() == 47);
  CHECK(receive(*queue, 200).empty());
  const auto removed = queue->remove(messages);
  REQUIRE(removed);
  CHECK(*removed == 47);
  CHECK(server.count("DeleteMessageBatch") == 5);
  CHECK(server.log("action").back()["left"].integer() == 0);
  CHECK(server.log("unsigned").empty());
}

TEST_CASE("no more messages are asked for than wanted", "[transport]") {
  const SqsServer server(many(47));
  const auto queue = server.open();
  CHECK(receive(*queue, 3).size() == 3);
  CHECK(receive(*queue, 13).size() == 13);
  CHECK(server.log("action").size() == 3);
}

TEST_CASE("what is not removed in time comes again, and says how often", "[transport]") {
  const SqsServer server(many(2));
  const auto queue = server.open(1s);
  const auto first = receive(*queue, 10);
  REQUIRE(first.size() == 2);
  REQUIRE(queue->remove({&first[0], 1}));

  const auto again = receive(*queue, 10, 5s);

  REQUIRE(again.size() == 1);
  CHECK(again[0].id == first[1].id);
  CHECK(again[0].receives == 2);
}

TEST_CASE("an extended message stays away from others", "[transport]") {
  const SqsServer server(many(1));
  const auto holder = server.open(30s);
  const auto other = server.open(1s);
  const auto messages = receive(*other, 10);
  REQUIRE(messages.size() == 1);
  REQUIRE(holder->extend(messages));
  CHECK(receive(*other, 10, 2s).empty());
}

TEST_CASE("a batch that was done in part says how much", "[transport]") {
  const SqsServer server(many(2));
  const auto queue = server.open();
  auto messages = receive(*queue, 10);
  REQUIRE(messages.size() == 2);
  messages[1].handle = "99/1";
  const auto removed = queue->remove(messages);
  REQUIRE(removed);
  CHECK(*removed == 1);
}

TEST_CASE("a queue that throttles, is missing or away says so", "[transport]") {
  Json spec = many(1);
  spec.set("throttle", 1);
  const SqsServer server(spec);
  const auto queue = server.open();
  CHECK(code_of(queue->receive(10, 0s, {})) == Code::throttled);
  CHECK(receive(*queue, 10).size() == 1);
  CHECK(code_of(server.open(60s, "nobody")->receive(10, 0s, {})) == Code::not_found);
  const auto nobody = open_sqs_queue(
      {.url = "http://127.0.0.1:1/111122223333/ses-events", .service = server.service()});
  REQUIRE(nobody);
  CHECK(code_of((*nobody)->receive(10, 0s, {})) == Code::unavailable);
}

TEST_CASE("keys that have expired are fetched anew, once", "[transport]") {
  Json spec = many(1);
  spec.set("expire_keys", 1);
  const SqsServer server(spec);
  int fetched = 0;
  AwsServiceOptions service = server.service();
  service.source = std::make_shared<CredentialsSource>(
      [&, keys = service.credentials]() mutable -> Result<TimedCredentials> {
        keys.session_token = "token" + std::to_string(++fetched);
        return TimedCredentials{keys, std::nullopt};
      });
  const auto queue =
      open_sqs_queue({.url = server.url() + "/111122223333/ses-events", .service = service});
  REQUIRE(queue);
  CHECK(receive(**queue, 10).size() == 1);
  CHECK(fetched == 2);
}

TEST_CASE("a long wait ends when it is stopped", "[transport]") {
  const SqsServer server(Json(Json::Object{}));
  const auto queue = server.open();
  int asked = 0;
  const auto began = std::chrono::steady_clock::now();
  const auto messages = queue->receive(10, 20s, [&] { return ++asked > 2; });
  REQUIRE(messages);
  CHECK(messages->empty());
  CHECK(std::chrono::steady_clock::now() - began < 20s);  // or it would not have been stopped
}

TEST_CASE("options of a queue that can't be are refused", "[transport]") {
  const auto code = [](SqsOptions options) { return code_of(open_sqs_queue(std::move(options))); };
  AwsServiceOptions good;
  good.region = "eu-central-1";
  good.credentials = {"AKIDEXAMPLE", "secret", ""};
  good.clock = [] { return std::chrono::sys_seconds(); };
  const std::string url = "https://sqs.eu-central-1.amazonaws.com/111122223333/ses-events";
  REQUIRE(open_sqs_queue({.url = url, .service = good}));
  CHECK(code({.url = "ses-events", .service = good}) == Code::invalid_argument);
  CHECK(code({.url = "https://sqs.eu-central-1.amazonaws.com", .service = good}) ==
        Code::invalid_argument);
  CHECK(code({.url = url, .service = good, .visibility = 0s}) == Code::invalid_argument);
  AwsServiceOptions no_keys = good;
  no_keys.credentials = {};
  CHECK(code({.url = url, .service = no_keys}) == Code::invalid_argument);
  CHECK(aws_host_region(url) == "eu-central-1");
  CHECK(aws_host_region("https://sqs.cn-north-1.amazonaws.com.cn/1/q") == "cn-north-1");
  CHECK(aws_host_region("https://sqs.eu-central-1.evil.example/1/q").empty());
  CHECK(aws_host_region("http://127.0.0.1:9/1/q").empty());
}

TEST_CASE("a certificate of SNS is fetched once, and only from SNS", "[transport]") {
  const SqsServer server(Json(Json::Object{{"certificate", "-----BEGIN CERTIFICATE-----\nx\n"}}));
  SnsCertificates certificates({server.url(), {}});
  const std::string url = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem";
  for (int i = 0; i < 2; ++i) {
    const auto got = certificates.get(url);
    REQUIRE(got);
    CHECK(got->starts_with("-----BEGIN"));
  }
  CHECK(code_of(certificates.get("https://evil.example/x.pem")) == Code::forbidden);
  const auto fetched = server.log("fetched");
  REQUIRE(fetched.size() == 1);
  CHECK(fetched[0]["fetched"].string() == "/SimpleNotificationService-1.pem");
  const SqsServer without(Json(Json::Object{}));
  SnsCertificates none({without.url(), {}});
  CHECK(code_of(none.get(url)) == Code::unauthenticated);
  SnsCertificates away({"http://127.0.0.1:1", {}});
  CHECK(code_of(away.get(url)) == Code::unavailable);
}

TEST_CASE("threads that ask for a certificate at once get it from one fetch",
          "[transport][threads]") {
  const SqsServer server(Json(Json::Object{{"certificate", "-----BEGIN CERTIFICATE-----\nx\n"}}));
  SnsCertificates certificates({server.url(), {}});
  std::atomic<int> got = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const auto certificate = certificates.get(
          "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem");
      if (certificate && certificate->starts_with("-----BEGIN")) ++got;
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(got == 4);
  CHECK(server.log("fetched").size() == 1);
}

TEST_CASE("a subscription is confirmed by a signed call with its token", "[transport]") {
  const SqsServer server(Json(Json::Object{}));
  AwsServiceOptions service = server.service();
  service.region = "us-east-1";  // the topic's counts
  service.endpoint = server.url();
  const std::string topic = "arn:aws:sns:eu-central-1:111122223333:ses-events";
  REQUIRE(confirm_sns_subscription(service, topic, "23364+/=&"));
  const auto confirmed = server.log("confirmed");
  REQUIRE(confirmed.size() == 1);
  CHECK(confirmed[0]["confirmed"]["Action"].string() == "ConfirmSubscription");
  CHECK(confirmed[0]["confirmed"]["TopicArn"].string() == topic);
  CHECK(confirmed[0]["confirmed"]["Token"].string() == "23364+/=&");
  CHECK(server.log("unsigned").empty());
  CHECK(code_of(confirm_sns_subscription(service, "ses-events", "t")) == Code::invalid_argument);
}

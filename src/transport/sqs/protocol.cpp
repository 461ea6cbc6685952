#include "transport/sqs/protocol.hpp"

#include <charconv>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"

namespace calinvite::sqs {
namespace {

// Ten messages of at most 1 MiB, escaped; the depth is the answer's, not that of the bodies.
constexpr std::size_t max_answer = 24 << 20;
constexpr int max_depth = 8;

AwsRequest request(std::string_view host, std::string_view action, const Json& body) {
  AwsRequest made;
  made.headers = {{"Host", std::string(host)},
                  {"Content-Type", "application/x-amz-json-1.0"},
                  {"X-Amz-Target", "AmazonSQS." + std::string(action)}};
  made.body = body.write();
  return made;
}

Json::Array entries(std::span<const QueueMessage> messages) {
  Json::Array made;
  for (const QueueMessage& message : messages) {
    made.push_back(
        Json::Object{{"Id", std::to_string(made.size())}, {"ReceiptHandle", message.handle}});
  }
  return made;
}

std::uint32_t receives_of(const Json& message) {
  const std::string_view count = message["Attributes"]["ApproximateReceiveCount"].string();
  std::uint32_t number = 1;
  std::from_chars(count.data(), count.data() + count.size(), number);
  return number;
}

}  // namespace

AwsRequest receive_request(std::string_view host, std::string_view queue_url, std::size_t most,
                           std::chrono::seconds wait, std::chrono::seconds visibility) {
  return request(
      host, "ReceiveMessage",
      Json::Object{{"QueueUrl", queue_url},
                   {"MaxNumberOfMessages", std::uint64_t{most}},
                   {"WaitTimeSeconds", std::int64_t{wait.count()}},
                   {"VisibilityTimeout", std::int64_t{visibility.count()}},
                   // Two names of one parameter: servers of before 2024 know the second.
                   {"MessageSystemAttributeNames", Json::Array{"ApproximateReceiveCount"}},
                   {"AttributeNames", Json::Array{"ApproximateReceiveCount"}}});
}

AwsRequest delete_request(std::string_view host, std::string_view queue_url,
                          std::span<const QueueMessage> messages) {
  return request(host, "DeleteMessageBatch",
                 Json::Object{{"QueueUrl", queue_url}, {"Entries", entries(messages)}});
}

AwsRequest extend_request(std::string_view host, std::string_view queue_url,
                          std::span<const QueueMessage> messages, std::chrono::seconds visibility) {
  Json::Array all = entries(messages);
  for (Json& entry : all) entry.set("VisibilityTimeout", std::int64_t{visibility.count()});
  return request(host, "ChangeMessageVisibilityBatch",
                 Json::Object{{"QueueUrl", queue_url}, {"Entries", std::move(all)}});
}

Result<std::vector<QueueMessage>> read_messages(std::string_view body) {
  const auto json = Json::parse(body, max_answer, max_depth);
  if (!json) return tl::unexpected(json.error());
  if (!json->is_object()) return fail(Code::invalid_input, "not the answer of ReceiveMessage");
  std::vector<QueueMessage> messages;
  for (const Json& each : (*json)["Messages"].array()) {
    if (!each["ReceiptHandle"].is_string() || !each["Body"].is_string()) {
      return fail(Code::invalid_input, "a message of SQS without handle or body");
    }
    messages.push_back({text::one_line(each["MessageId"].string(), 100),
                        std::string(each["ReceiptHandle"].string()),
                        std::string(each["Body"].string()), receives_of(each)});
  }
  return messages;
}

Result<std::size_t> read_batch(std::string_view body) {
  const auto json = Json::parse(body, max_answer, max_depth);
  if (!json) return tl::unexpected(json.error());
  if (!json->is_object()) return fail(Code::invalid_input, "not the answer to a batch of SQS");
  return (*json)["Successful"].array().size();
}

}  // namespace calinvite::sqs

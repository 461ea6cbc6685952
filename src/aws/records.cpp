#include "aws/records.hpp"

#include "base/json.hpp"

namespace calinvite::aws {

std::vector<std::string> split_records(std::string_view json) {
  constexpr std::size_t max_bytes = 6 << 20;  // what Lambda hands over at most
  std::vector<std::string> texts;
  if (json.find("\"Records\"") == std::string_view::npos) return texts;
  const auto parsed = Json::parse(json, max_bytes);
  if (!parsed) return texts;
  for (const Json& record : (*parsed)["Records"].array()) {
    if (record["body"].is_string()) {
      texts.emplace_back(record["body"].string());
    } else if (record["Sns"].is_object()) {
      texts.push_back(record["Sns"].write());
    } else {
      texts.push_back(Json(Json::Object{{"Records", Json::Array{record}}}).write());
    }
  }
  return texts;
}

std::string write_signed(const SnsMessage& message) {
  Json::Object members{{"Type", to_string(message.type)},
                       {"MessageId", message.message_id},
                       {"TopicArn", message.topic_arn},
                       {"Message", message.message},
                       {"Timestamp", message.timestamp}};
  if (message.subject) members.emplace_back("Subject", *message.subject);
  return Json(std::move(members)).write();
}

}  // namespace calinvite::aws

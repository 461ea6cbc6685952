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

}  // namespace calinvite::aws

/// A signed request with every intermediate text, and how the signer is held against it.
#pragma once

#include <catch2/catch.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite::testing {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file.is_open());
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

inline Json read_json(const std::filesystem::path& path) {
  auto json = Json::parse(read_file(path), 1 << 20);
  INFO(path);
  REQUIRE(json);
  return std::move(*json);
}

struct SigV4Case {
  std::string name;
  AwsCredentials credentials;
  SigningScope scope;
  AwsRequest request;  ///< without the headers that signing adds
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
  std::string authorization;
};

inline std::chrono::sys_seconds time_of(std::string_view digits) {  // 20150830T123600Z
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(digits.data() + at, digits.data() + at + size, value);
    return value;
  };
  return std::chrono::sys_days(
             std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(6, 2))))) +
         std::chrono::hours(number(9, 2)) + std::chrono::minutes(number(11, 2)) +
         std::chrono::seconds(number(13, 2));
}

inline void set_target(AwsRequest& request, std::string_view target) {
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  request.query = target.substr(std::min(question + 1, target.size()));
}

/// A golden request as an AWS client sent it: what it signed goes in again, the rest stays out.
inline SigV4Case golden_case(const Json& json) {
  SigV4Case result;
  result.name = json["name"].string();
  result.credentials = {std::string(json["credentials"]["access_key_id"].string()),
                        std::string(json["credentials"]["secret_access_key"].string()),
                        std::string(json["credentials"]["session_token"].string())};
  result.scope.region = json["region"].string();
  result.scope.service = json["service"].string();
  result.scope.time = time_of(json["timestamp"].string());
  if (result.scope.service == "s3") {
    result.scope.normalize_path = false;
    result.scope.double_encode_path = false;
  }
  result.canonical_request = json["canonical_request"].string();
  result.string_to_sign = json["string_to_sign"].string();
  result.signature = json["signature"].string();

  const Json& request = json["request"];
  result.request.method = request["method"].string();
  set_target(result.request, request["target"].string());
  result.request.body = request["body"].string();
  const auto add = [&](std::string_view name, std::string_view value) {
    const std::string lower = text::lower(name);
    if (lower == "authorization") result.authorization = value;
    if (lower == "x-amz-content-sha256" && value.size() == 64) {
      result.scope.sign_body_header = true;
    } else if (lower != "x-amz-date" && lower != "x-amz-security-token" &&
               lower != "authorization" && !lower.starts_with("amz-sdk-") &&
               lower != "content-length" && lower != "accept-encoding") {
      result.request.headers.emplace_back(name, value);
    }
  };
  for (const auto& [name, value] : request["headers"].object()) add(name, value.string());
  for (const Json& pair : request["headers"].array()) {
    add(pair.array()[0].string(), pair.array()[1].string());
  }
  return result;
}

inline void check_case(const SigV4Case& expected) {
  INFO(expected.name);
  const AwsSigner signer(expected.credentials);
  const auto texts = signer.explain(expected.request, expected.scope);
  REQUIRE(texts);
  CHECK(texts->canonical_request == expected.canonical_request);
  CHECK(texts->string_to_sign == expected.string_to_sign);
  CHECK(texts->signature == expected.signature);
  CHECK(texts->authorization == expected.authorization);

  AwsRequest request = expected.request;
  REQUIRE(signer.sign(request, expected.scope));
  REQUIRE(request.headers.back().first == "Authorization");
  CHECK(request.headers.back().second == texts->authorization);
}

}  // namespace calinvite::testing

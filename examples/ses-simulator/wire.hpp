/// What goes over the wire, free of the HTTP library: a request as received, an answer to give.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace ses_simulator {

struct Header {
  std::string name;
  std::string value;
};

/// One HTTP request exactly as it arrived.
struct ApiRequest {
  std::string method;
  std::string target;           ///< raw, still percent-encoded
  std::vector<Header> headers;  ///< repeated names stay in the order received
  std::string body;
};

/// Why SES would not do it.
struct Refusal {
  int status = 400;
  std::string error_type;  ///< of x-amzn-ErrorType
  std::string message;
};

/// How much of an answer leaves before the connection is closed.
enum class Sent { all, half, nothing };

/// One HTTP answer; the body is JSON unless `content_type` says otherwise.
struct Answer {
  int status = 200;
  std::string error_type;  ///< empty on success
  std::string body;
  Sent sent = Sent::all;
  std::chrono::microseconds delay{0};  ///< before its first byte
  std::string content_type = "application/json";
};

/// ASCII only, which is what header names, addresses and iCalendar names need.
inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

inline std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace ses_simulator

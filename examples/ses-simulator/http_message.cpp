#include "http_message.hpp"

#include <charconv>

namespace ses_simulator {
namespace {

const char* reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Answer";
  }
}

}  // namespace

RequestReader::State RequestReader::state() {
  if (head_ == 0) {
    const std::size_t end = buffer_.find("\r\n\r\n", searched_);
    if (end == std::string::npos) {
      if (buffer_.size() > max_head) return State::malformed;
      searched_ = buffer_.size() < 3 ? 0 : buffer_.size() - 3;
      return State::more;
    }
    if (const State state = read_head(end); state != State::whole) return state;
  }
  if (buffer_.size() - head_ >= body_) return State::whole;
  if (!expects_) return State::more;
  expects_ = false;
  return State::go_ahead;
}

/// @param end  where the empty line begins
RequestReader::State RequestReader::read_head(std::size_t end) {
  std::string_view rest = std::string_view(buffer_).substr(0, end);
  const auto take_line = [&rest] {
    const std::size_t at = rest.find("\r\n");
    const std::string_view line = rest.substr(0, at);
    rest.remove_prefix(at == rest.npos ? rest.size() : at + 2);
    return line;
  };
  const std::string_view first = take_line();
  const std::size_t space = first.find(' ');
  const std::size_t last = first.rfind(' ');
  if (space == first.npos || last == space || first.substr(last + 1, 5) != "HTTP/") {
    return State::malformed;
  }
  request_ = {std::string(first.substr(0, space)),
              std::string(first.substr(space + 1, last - space - 1)),
              {},
              {}};
  closes_ = first.substr(last + 1) == "HTTP/1.0";
  expects_ = false;
  body_ = 0;
  while (!rest.empty()) {
    const std::string_view line = take_line();
    const std::size_t colon = line.find(':');
    if (colon == line.npos || colon == 0) return State::malformed;
    const std::string_view value = trim(line.substr(colon + 1));
    const std::string name = lower(line.substr(0, colon));
    request_.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    if (name == "transfer-encoding") return State::malformed;  // SDKs send SES a length
    if (name == "connection") closes_ = lower(value) == "close";
    if (name == "expect") expects_ = lower(value) == "100-continue";
    if (name != "content-length") continue;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), body_);
    if (error != std::errc() || stop != value.data() + value.size()) return State::malformed;
  }
  if (body_ > max_body) return State::too_large;
  head_ = end + 4;
  return State::whole;
}

ApiRequest RequestReader::take() {
  ApiRequest result = std::move(request_);
  result.body = buffer_.substr(head_, body_);
  buffer_.erase(0, head_ + body_);
  head_ = body_ = searched_ = 0;
  return result;
}

std::string answer_text(const Answer& answer, const std::string& request_id,
                        const std::string& date, bool close) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " " + reason(answer.status) +
                     "\r\nDate: " + date + "\r\nContent-Type: " + answer.content_type +
                     "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n";
  if (!request_id.empty()) text += "x-amzn-RequestId: " + request_id + "\r\n";
  if (!answer.error_type.empty()) text += "x-amzn-ErrorType: " + answer.error_type + "\r\n";
  if (close) text += "Connection: close\r\n";
  text += "\r\n";
  const bool half = answer.sent == Sent::half;
  return text.append(answer.body, 0, half ? answer.body.size() / 2 : answer.body.npos);
}

}  // namespace ses_simulator

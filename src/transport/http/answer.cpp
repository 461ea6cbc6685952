#include "transport/http/answer.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace calinvite::http {
namespace {

tl::unexpected<Error> no_answer() {
  return fail(Code::invalid_input, "what came is no HTTP answer");
}

tl::unexpected<Error> too_long() {
  return fail(Code::too_large, "answer is longer than any that is expected");
}

/// All of `digits` as a number.
template <class Number>
bool read_number(std::string_view digits, Number& number, int base = 10) {
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, number, base);
  return read.ec == std::errc() && read.ptr == end;
}

/// Whether a comma-separated list has an option, in whatever case.
bool lists(std::string_view list, std::string_view option) {
  const auto parts = text::split(list, ',');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return text::iequals(text::trim(part), option);
  });
}

}  // namespace

std::string_view find_header(const Headers& headers, std::string_view lower_case_name) noexcept {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
    return header.first == lower_case_name;
  });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Result<void> AnswerReader::add(std::string_view bytes) {
  rest_.append(bytes);
  while (phase_ != Phase::done) {
    std::string_view line;
    const bool in_body =
        phase_ == Phase::body || phase_ == Phase::endless_body || phase_ == Phase::chunk;
    if (in_body ? at_ == rest_.size() : !take_line(line)) break;
    const auto taken = in_body ? take_body() : take(line);
    if (!taken) return taken;
    if (head_ > max_bytes_ || body.size() > max_bytes_) return too_long();
  }
  rest_.erase(0, at_);
  at_ = 0;
  return rest_.size() > max_bytes_ ? too_long() : Result<void>();
}

bool AnswerReader::end() {
  if (phase_ == Phase::endless_body) phase_ = Phase::done;
  keeps_alive_ = false;
  return is_done();
}

/// @param line  without its end, and valid until `add` returns
/// @return false while it is not there as a whole
bool AnswerReader::take_line(std::string_view& line) {
  const std::size_t end = rest_.find('\n', at_);
  if (end == std::string::npos) return false;
  line = std::string_view(rest_).substr(at_, end - at_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  head_ += end + 1 - at_;
  at_ = end + 1;
  return true;
}

Result<void> AnswerReader::take(std::string_view line) {
  switch (phase_) {
    case Phase::status:
      return take_status(line);
    case Phase::headers:
      return line.empty() ? end_head() : take_header(line);
    case Phase::chunk_size:
      return take_chunk_size(line);
    case Phase::chunk_end:
      phase_ = Phase::chunk_size;
      return line.empty() ? Result<void>() : no_answer();
    default:
      if (line.empty()) phase_ = Phase::done;  // trailers
      return {};
  }
}

Result<void> AnswerReader::take_status(std::string_view line) {
  constexpr std::size_t code_at = std::string_view("HTTP/1.1 ").size();
  constexpr std::size_t code_end = code_at + 3;
  const bool sound = line.starts_with("HTTP/1.") && line.size() >= code_end && line[7] >= '0' &&
                     line[7] <= '9' && line[8] == ' ' &&
                     (line.size() == code_end || line[code_end] == ' ') &&
                     read_number(line.substr(code_at, 3), status) && status >= 100;
  if (!sound) return no_answer();
  keeps_alive_ = !line.starts_with("HTTP/1.0");
  headers.clear();  // of an interim answer that came before
  phase_ = Phase::headers;
  return {};
}

Result<void> AnswerReader::take_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  // Nor does a name have a blank (RFC 9112 5.1); folded lines are long obsolete (5.2).
  if (colon == std::string_view::npos || colon == 0 || line.find_first_of(" \t") < colon) {
    return no_answer();
  }
  headers.emplace_back(text::lower(line.substr(0, colon)), text::trim(line.substr(colon + 1)));
  return {};
}

/// Where the body ends (RFC 9112 6.3).
Result<void> AnswerReader::end_head() {
  if (status == 101) return no_answer();  // nobody asks to leave HTTP
  if (status < 200) {
    phase_ = Phase::status;
    return {};
  }
  std::size_t codings = 0;
  bool has_length = false;
  for (const auto& [name, value] : headers) {
    if (name == "connection" && lists(value, "close")) keeps_alive_ = false;
    if (name == "transfer-encoding") ++codings;
    if (name == "content-length") has_length = true;
  }
  if (status == 204 || status == 304) {
    phase_ = Phase::done;
    return {};
  }
  if (codings > 0) {
    const bool chunked = text::iequals(find_header(headers, "transfer-encoding"), "chunked");
    if (codings > 1 || !chunked) return no_answer();
    if (has_length) keeps_alive_ = false;  // whoever sees another end would misread what follows
    phase_ = Phase::chunk_size;
    return {};
  }
  phase_ = Phase::endless_body;
  return has_length ? take_length() : Result<void>();
}

Result<void> AnswerReader::take_length() {
  for (const auto& [name, value] : headers) {
    if (name != "content-length") continue;
    std::size_t length = 0;
    if (!read_number(value, length)) return no_answer();
    if (phase_ == Phase::body && length != left_) return no_answer();
    if (length > max_bytes_) return too_long();
    left_ = length;
    phase_ = Phase::body;
  }
  if (left_ == 0) phase_ = Phase::done;
  return {};
}

Result<void> AnswerReader::take_chunk_size(std::string_view line) {
  if (!read_number(text::trim(line.substr(0, line.find(';'))), left_, 16)) return no_answer();
  phase_ = left_ == 0 ? Phase::trailers : Phase::chunk;
  return {};
}

Result<void> AnswerReader::take_body() {
  std::size_t taken = rest_.size() - at_;
  if (phase_ != Phase::endless_body) taken = std::min(taken, left_);
  if (taken > max_bytes_ - body.size()) return too_long();
  body.append(rest_, at_, taken);
  at_ += taken;
  if (phase_ == Phase::endless_body) return {};
  left_ -= taken;
  if (left_ == 0) phase_ = phase_ == Phase::body ? Phase::done : Phase::chunk_end;
  return {};
}

}  // namespace calinvite::http

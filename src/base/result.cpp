#include "calinvite/result.hpp"

#include <algorithm>

namespace calinvite {

std::string_view code_name(Code code) noexcept {
  switch (code) {
    case Code::invalid_argument:
      return "invalid_argument";
    case Code::invalid_input:
      return "invalid_input";
    case Code::too_large:
      return "too_large";
    case Code::unsupported:
      return "unsupported";
    case Code::not_found:
      return "not_found";
    case Code::conflict:
      return "conflict";
    case Code::forbidden:
      return "forbidden";
    case Code::unauthenticated:
      return "unauthenticated";
    case Code::unavailable:
      return "unavailable";
    case Code::busy:
      return "busy";
    case Code::store_full:
      return "store_full";
    case Code::store_corrupt:
      return "store_corrupt";
    case Code::in_doubt:
      return "in_doubt";
    case Code::throttled:
      return "throttled";
    case Code::stopped:
      return "stopped";
    case Code::internal:
      return "internal";
  }
  return "unknown";
}

std::string to_string(const Error& error) {
  const Place& place = error.place;
  std::string text = place.source;
  if (place.line != 0) {
    text += text.empty() ? "line " : ":";
    text += std::to_string(place.line);
  }
  if (!text.empty()) text += ": ";
  text += error.message;
  // A file name may hold a line feed; a log line must not.
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace calinvite

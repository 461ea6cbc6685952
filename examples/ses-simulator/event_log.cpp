#include "event_log.hpp"

#include <algorithm>

namespace ses_simulator {

bool EventLog::add(const std::string& message_id, const std::string& lines) {
  const std::lock_guard lock(mutex_);
  std::size_t start = 0;
  for (std::size_t end = lines.find('\n'); end != lines.npos; end = lines.find('\n', start)) {
    const std::string line = lines.substr(start, end + 1 - start);
    const std::string record = message_id + " " + std::to_string(start);
    const bool twice = seed_.percent({"twice", record}) < duplicates_;
    for (const char* copy : {"first", "second"}) {
      block_.emplace_back(shuffle_ > 1 ? seed_.number({copy, record}) : 0, line);
      if (!twice) break;
    }
    start = end + 1;
  }
  return ++messages_ < shuffle_ || write_block();
}

bool EventLog::flush() {
  const std::lock_guard lock(mutex_);
  return write_block();
}

bool EventLog::write_block() {
  std::stable_sort(block_.begin(), block_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string bytes;
  for (const auto& [place, line] : block_) bytes += line;
  block_.clear();
  messages_ = 0;
  return bytes.empty() || log_.append(bytes);
}

}  // namespace ses_simulator

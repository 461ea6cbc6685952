/// Files that are either whole or absent, and logs that survive a kill between two lines.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ses_simulator {

/// The last bytes of a file, all of it when it is no longer than `max_bytes`; absent when it cannot
/// be read.
std::optional<std::string> read_tail(const std::string& path, std::size_t max_bytes);

inline std::optional<std::string> read_file(const std::string& path) {
  return read_tail(path, static_cast<std::size_t>(-1));
}

/// Writes beside the final name, then renames. A kill leaves the old file or the new one; there is
/// no fsync, because what is simulated is a peer that does not lose power.
bool write_atomically(const std::string& path, std::string_view bytes, mode_t mode = 0644);

/// Lines appended by single writes; safe to share between threads.
class LineLog {
 public:
  LineLog() = default;
  LineLog(const LineLog&) = delete;
  LineLog& operator=(const LineLog&) = delete;
  ~LineLog();

  /// Cuts off a last line that has no end: whoever wrote it was killed before answering.
  bool open(const std::string& path);

  /// @param lines  one or more, each with its line break
  bool append(std::string_view lines);

 private:
  int file_ = -1;
  std::mutex mutex_;
};

}  // namespace ses_simulator

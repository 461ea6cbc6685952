#include "disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace ses_simulator {
namespace {

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<std::string> read_tail(const std::string& path, std::size_t max_bytes) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  const off_t size = ::lseek(file, 0, SEEK_END);
  std::string bytes(std::min(static_cast<std::size_t>(std::max<off_t>(size, 0)), max_bytes), '\0');
  off_t at = size - static_cast<off_t>(bytes.size());
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::pread(file, bytes.data() + have, bytes.size() - have, at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
    at += got;
  }
  bytes.resize(have);
  ::close(file);
  return bytes;
}

bool write_atomically(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string temporary = path + ".tmp";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0) return false;
  const bool written = write_all(file, bytes);
  const bool closed = ::close(file) == 0;
  return written && closed && std::rename(temporary.c_str(), path.c_str()) == 0;
}

LineLog::~LineLog() {
  if (file_ >= 0) ::close(file_);
}

bool LineLog::open(const std::string& path) {
  constexpr std::size_t longest_line = std::size_t{1} << 20;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const auto tail = read_tail(path, longest_line);
  if (file_ < 0 || !tail) return false;
  const std::size_t whole = tail->rfind('\n') == std::string::npos ? 0 : tail->rfind('\n') + 1;
  const off_t torn = static_cast<off_t>(tail->size() - whole);
  return torn == 0 || ::ftruncate(file_, ::lseek(file_, 0, SEEK_END) - torn) == 0;
}

bool LineLog::append(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  const off_t before = ::lseek(file_, 0, SEEK_END);
  if (write_all(file_, lines)) return true;
  if (::ftruncate(file_, before) != 0) return false;  // half a line would spoil the next one
  return false;
}

}  // namespace ses_simulator

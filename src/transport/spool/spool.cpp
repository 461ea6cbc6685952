#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/fault.hpp"
#include "calinvite/transport.hpp"

namespace calinvite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t batch = 64;

/// Closes what it holds, once.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool is_open() const noexcept { return fd_ >= 0; }
  bool write(std::string_view bytes) const noexcept {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool sync() const noexcept { return ::fsync(fd_) == 0; }
  bool close() noexcept {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

// It becomes a file name.
bool is_attempt_id(std::string_view id) noexcept {
  constexpr std::size_t longest = 128;
  return !id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool write_synced(const fs::path& path, std::string_view bytes) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.is_open() || !file.write(bytes)) return false;
  fault::reach("spool", "written");
  return file.sync() && file.close();
}

class SpoolTransport final : public Transport {
 public:
  explicit SpoolTransport(const fs::path& folder) : tmp_(folder / "tmp"), new_(folder / "new") {}

  std::size_t max_in_flight() const override { return batch; }

  Result<void> submit(OutgoingMessage message) override {
    if (unsynced_.size() >= batch) {
      return fail(Code::invalid_argument, "more messages submitted than may be in flight");
    }
    if (!is_attempt_id(message.attempt_id)) {
      return fail(Code::invalid_argument, "an attempt id that is no file name");
    }
    const std::string name = message.attempt_id + ".eml";
    const bool written = write_synced(tmp_ / name, message.bytes);
    fault::reach("spool", "before rename");
    if (!written || ::rename((tmp_ / name).c_str(), (new_ / name).c_str()) != 0) {
      const int error = errno;
      std::error_code ignored;
      fs::remove(tmp_ / name, ignored);
      const bool full = error == ENOSPC || error == EDQUOT;
      return fail(full ? Code::store_full : Code::unavailable,
                  new_.string() + ": " + std::strerror(error));
    }
    fault::reach("spool", "renamed");
    unsynced_.push_back(std::move(message.attempt_id));
    return {};
  }

  std::vector<SendOutcome> poll(std::chrono::milliseconds) override {
    if (unsynced_.empty()) return {};
    // One sync makes the names of all of them durable.
    Descriptor folder(new_, O_RDONLY | O_DIRECTORY);
    const bool durable = folder.is_open() && folder.sync();
    fault::reach("spool", "folder synced");
    std::vector<SendOutcome> outcomes;
    for (std::string& id : std::exchange(unsynced_, {})) {
      SendOutcome outcome{id, SendVerdict::accepted, id, {}};
      if (!durable) outcome = {id, SendVerdict::in_doubt, {}, "the spool folder can't be synced"};
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }

 private:
  fs::path tmp_;
  fs::path new_;
  std::vector<std::string> unsynced_;
};

}  // namespace

Result<std::unique_ptr<Transport>> open_spool_transport(const fs::path& folder) {
  for (const char* part : {"tmp", "new"}) {
    std::error_code error;
    fs::create_directories(folder / part, error);
    if (error) {
      return fail(Code::unavailable, (folder / part).string() + ": " + error.message());
    }
  }
  return std::unique_ptr<Transport>(std::make_unique<SpoolTransport>(folder));
}

}  // namespace calinvite

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <mutex>

#include "base/text.hpp"
#include "time/zone_data.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_name_size = 64;
constexpr std::size_t max_file_bytes = 256 * 1024;

/// Every name of the database begins with a capital; what does not (localtime, posixrules, right/)
/// is a file beside it. Without dots nothing leads out of the directory.
bool is_zone_name(std::string_view name) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  return !name.empty() && name.size() <= max_name_size && name.front() >= 'A' &&
         name.front() <= 'Z' && name.find_first_not_of(allowed) == std::string_view::npos;
}

/// What tells one version of a file from the next.
struct Stamp {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  std::uint64_t file = 0;
  std::int64_t size = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

Stamp stamp_of(const struct stat& status) {
  return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ino, status.st_size};
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Loaded {
  Stamp stamp;
  std::shared_ptr<const Zone::Data> data;
};

tl::unexpected<Error> no_zone(std::string_view name) {
  return fail(Code::not_found, "no time zone \"" + text::one_line(name, max_name_size) +
                                   "\"; expected an IANA name such as Europe/Berlin");
}

Result<std::string> read_all(int descriptor, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t read = 0;
  while (read < size) {
    const ssize_t count = ::read(descriptor, bytes.data() + read, size - read);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Code::invalid_input, "the file cannot be read");
    if (count == 0) break;
    read += static_cast<std::size_t>(count);
  }
  bytes.resize(read);
  return bytes;
}

Result<Loaded> load(const std::filesystem::path& path, std::string_view name) {
  // Not blocking: a FIFO in the directory must not hang us before we see that it is one.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return no_zone(name);
  }
  const auto refuse = [&](const std::string& reason) {
    return fail(Code::invalid_input, "time zone " + std::string(name) + ": " + reason,
                {path.string(), 0, 0, {}});
  };
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_file_bytes) return refuse("the file is too large for TZif");
  const auto bytes = read_all(file.get(), size);
  if (!bytes) return refuse(bytes.error().message);
  auto data = read_tzif(*bytes);
  if (!data) return refuse(data.error().message);
  data->name = name;
  return Loaded{stamp_of(status), std::make_shared<const Zone::Data>(std::move(*data))};
}

}  // namespace

struct ZoneTable::Impl {
  std::filesystem::path directory;
  std::shared_ptr<const Zone::Data> utc;
  std::mutex mutex;
  std::map<std::string, Loaded, std::less<>> loaded;  ///< holds names of files only: bounded
};

ZoneTable::ZoneTable(std::filesystem::path directory) : impl_(std::make_unique<Impl>()) {
  impl_->directory = std::move(directory);
  Zone::Data utc;
  utc.name = "UTC";
  utc.types.push_back({std::chrono::seconds(0), "UTC"});
  impl_->utc = std::make_shared<const Zone::Data>(std::move(utc));
}

ZoneTable::~ZoneTable() = default;
ZoneTable::ZoneTable(ZoneTable&&) noexcept = default;
ZoneTable& ZoneTable::operator=(ZoneTable&&) noexcept = default;

Result<Zone> ZoneTable::find(std::string_view name) const {
  if (name == "UTC" || name == "Etc/UTC") return Zone(impl_->utc);
  if (!is_zone_name(name)) return no_zone(name);
  const std::filesystem::path path = impl_->directory / name;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return no_zone(name);

  const std::lock_guard lock(impl_->mutex);
  const auto known = impl_->loaded.find(name);
  if (known != impl_->loaded.end() && known->second.stamp == stamp_of(status)) {
    return Zone(known->second.data);
  }
  auto fresh = load(path, name);
  if (!fresh) return tl::unexpected(fresh.error());
  Zone zone(fresh->data);
  impl_->loaded.insert_or_assign(std::string(name), std::move(*fresh));
  return zone;
}

std::vector<std::string> ZoneTable::names() const {
  std::vector<std::string> names;
  std::ifstream table(impl_->directory / "zone1970.tab");
  for (std::string line; std::getline(table, line);) {
    const auto columns = text::split(line, '\t');  // countries, coordinates, name, remarks
    if (columns.size() >= 3 && is_zone_name(columns[2])) names.emplace_back(columns[2]);
  }
  return names;
}

}  // namespace calinvite

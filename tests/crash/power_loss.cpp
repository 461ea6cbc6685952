#include "power_loss.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace power_loss {
namespace {

/// One change that no sync has confirmed.
struct Change {
  std::int64_t offset = 0;
  std::string bytes;  ///< empty: the file now ends at `offset`
};

/// A file as its process sees it, beside the real one, which is as the last sync left it.
struct Disk {
  std::string contents;
  std::vector<Change> unsynced;
  sqlite3_file* real = nullptr;  ///< of whoever opened it last
};

std::map<std::string, std::shared_ptr<Disk>>& disks() {
  static std::map<std::string, std::shared_ptr<Disk>> all;
  return all;
}

sqlite3_vfs* system_vfs = nullptr;

struct File {
  sqlite3_file base;
  std::shared_ptr<Disk>* disk;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* file_of(sqlite3_file* handle) { return reinterpret_cast<File*>(handle); }
sqlite3_file* real_of(sqlite3_file* handle) { return file_of(handle)->real(); }
Disk& disk_of(sqlite3_file* handle) { return **file_of(handle)->disk; }

int apply(sqlite3_file* real, const Change& change, std::size_t bytes) {
  if (change.bytes.empty()) return real->pMethods->xTruncate(real, change.offset);
  return real->pMethods->xWrite(real, change.bytes.data(), static_cast<int>(bytes), change.offset);
}

int apply_all(Disk& disk) {
  for (const Change& change : disk.unsynced) {
    if (const int failed = apply(disk.real, change, change.bytes.size()); failed != SQLITE_OK) {
      return failed;
    }
  }
  disk.unsynced.clear();
  return SQLITE_OK;
}

// ---- a file -----------------------------------------------------------------------------------

int close_file(sqlite3_file* handle) {
  File* const file = file_of(handle);
  int result = SQLITE_OK;
  if (file->disk != nullptr) {
    // Without a handle nothing could be written later, and the system would have.
    if ((*file->disk)->real == file->real()) result = apply_all(**file->disk);
    delete file->disk;
  }
  file->real()->pMethods->xClose(file->real());
  return result;
}

int read_file(sqlite3_file* handle, void* to, int amount, sqlite3_int64 offset) {
  const std::string& contents = disk_of(handle).contents;
  const auto size = static_cast<sqlite3_int64>(contents.size());
  const auto there = static_cast<std::size_t>(std::clamp<sqlite3_int64>(size - offset, 0, amount));
  if (there > 0) std::memcpy(to, contents.data() + offset, there);
  if (there == static_cast<std::size_t>(amount)) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + there, 0, static_cast<std::size_t>(amount) - there);
  return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* handle, const void* from, int amount, sqlite3_int64 offset) {
  Disk& disk = disk_of(handle);
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(amount));
  const auto at = static_cast<std::size_t>(offset);
  disk.contents.resize(std::max(disk.contents.size(), at + bytes.size()));
  disk.contents.replace(at, bytes.size(), bytes);
  disk.unsynced.push_back({offset, std::string(bytes)});
  return SQLITE_OK;
}

int truncate_file(sqlite3_file* handle, sqlite3_int64 size) {
  Disk& disk = disk_of(handle);
  disk.contents.resize(static_cast<std::size_t>(size));
  disk.unsynced.push_back({size, {}});
  return SQLITE_OK;
}

int sync_file(sqlite3_file* handle, int /*flags*/) {
  Disk& disk = disk_of(handle);
  disk.real = real_of(handle);
  return apply_all(disk);
}

int file_size(sqlite3_file* handle, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(disk_of(handle).contents.size());
  return SQLITE_OK;
}

int control_file(sqlite3_file* handle, int operation, void* argument) {
  // A hint would grow the real file behind our back.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) {
    return SQLITE_OK;
  }
  return real_of(handle)->pMethods->xFileControl(real_of(handle), operation, argument);
}

const sqlite3_io_methods methods = {
    2,
    close_file,
    read_file,
    write_file,
    truncate_file,
    sync_file,
    file_size,
    [](sqlite3_file* f, int lock) { return real_of(f)->pMethods->xLock(real_of(f), lock); },
    [](sqlite3_file* f, int lock) { return real_of(f)->pMethods->xUnlock(real_of(f), lock); },
    [](sqlite3_file* f, int* out) {
      return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
    },
    control_file,
    [](sqlite3_file* f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); },
    // No promise of the device's: neither atomic writes nor a safe end of file.
    [](sqlite3_file*) { return 0; },
    [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
    },
    [](sqlite3_file* f, int offset, int count, int flags) {
      return real_of(f)->pMethods->xShmLock(real_of(f), offset, count, flags);
    },
    [](sqlite3_file* f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); },
    [](sqlite3_file* f, int remove) { return real_of(f)->pMethods->xShmUnmap(real_of(f), remove); },
    nullptr,
    nullptr,
};

// ---- the system -------------------------------------------------------------------------------

std::shared_ptr<Disk> load(sqlite3_file* real) {
  auto disk = std::make_shared<Disk>();
  sqlite3_int64 size = 0;
  real->pMethods->xFileSize(real, &size);
  disk->contents.resize(static_cast<std::size_t>(size));
  real->pMethods->xRead(real, disk->contents.data(), static_cast<int>(size), 0);
  return disk;
}

int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* handle, int flags, int* out) {
  constexpr int durable = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  if ((flags & durable) == 0) return system_vfs->xOpen(system_vfs, name, handle, flags, out);
  File* const file = file_of(handle);
  file->base.pMethods = nullptr;
  file->disk = nullptr;
  const int result = system_vfs->xOpen(system_vfs, name, file->real(), flags, out);
  if (result != SQLITE_OK) return result;
  auto& disk = disks()[name];
  if (!disk) disk = load(file->real());
  disk->real = file->real();
  file->disk = new std::shared_ptr<Disk>(disk);
  file->base.pMethods = &methods;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* /*vfs*/, const char* name, int sync) {
  disks().erase(name);
  return system_vfs->xDelete(system_vfs, name, sync);
}

}  // namespace

void install() {
  system_vfs = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs ours = *system_vfs;
  ours.zName = "power_loss";
  ours.szOsFile = static_cast<int>(sizeof(File)) + system_vfs->szOsFile;
  ours.xOpen = open_file;
  ours.xDelete = delete_file;
  sqlite3_vfs_register(&ours, 1);
}

void fail(std::uint32_t seed) {
  std::mt19937 dice(seed);
  for (auto& [name, disk] : disks()) {
    for (const Change& change : disk->unsynced) {
      switch (dice() % 3) {
        case 0:
          apply(disk->real, change, change.bytes.size());
          break;
        case 1:
          if (change.bytes.size() > 1) apply(disk->real, change, change.bytes.size() / 2);
          break;
        default:
          break;
      }
    }
  }
}

void flush() {
  for (auto& [name, disk] : disks()) apply_all(*disk);
}

}  // namespace power_loss

#include "store/sqlite/migrations.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace calinvite::sqlite {
namespace {

std::int64_t newest_row(Connection& connection) {
  std::int64_t version = 0;
  auto latest = connection.query("SELECT coalesce(max(version), 0) FROM migration");
  if (latest.step()) latest.read(version);
  return version;
}

/// 0 for a new store.
Result<std::int64_t> stored_version(Connection& connection, const std::filesystem::path& file) {
  return connection.read([&]() -> Result<std::int64_t> {
    std::int64_t tables = 0;
    std::int64_t ours = 0;
    auto schema = connection.query("SELECT count(*), sum(name = 'migration') FROM sqlite_schema");
    if (schema.step()) schema.read(tables, ours);
    if (tables == 0) return 0;
    if (ours == 0) {
      return fail(Code::store_corrupt,
                  file.string() + " is a database of another program; name a new file");
    }
    return newest_row(connection);
  });
}

bool same_bytes(const std::string& one, const std::string& other) {
  using Bytes = std::istreambuf_iterator<char>;
  std::ifstream first(one, std::ios::binary);
  std::ifstream second(other, std::ios::binary);
  return std::equal(Bytes(first), Bytes(), Bytes(second), Bytes());
}

/// Gives a complete copy its name, and leaves what is there: somebody who opens the store at the
/// same time made the same copy, and what an earlier upgrade left is another one.
Result<void> publish(const std::string& begun, const std::string& copy) {
  std::string name = copy;
  for (int next = 2; ::link(begun.c_str(), name.c_str()) != 0; ++next) {
    // Not every file system has hard links.
    if (errno != EEXIST && ::rename(begun.c_str(), name.c_str()) == 0) return {};
    if (errno != EEXIST) {
      return fail(Code::unavailable,
                  "store " + name + " can't be made: " + std::generic_category().message(errno));
    }
    if (same_bytes(begun, name)) return {};
    name = copy + '.' + std::to_string(next);
  }
  return {};
}

/// Outside of a transaction, as VACUUM must be. Under its name when it is complete: others may be
/// opening the same store, and a run may have died half-way.
Result<void> back_up(Connection& connection, const std::filesystem::path& file,
                     std::int64_t version) {
  const std::string copy = file.string() + ".v" + std::to_string(version);
  std::string begun = copy + ".XXXXXX";
  const int made = ::mkstemp(begun.data());
  if (made < 0) {
    return fail(Code::unavailable,
                "store " + copy + " can't be made: " + std::generic_category().message(errno));
  }
  ::close(made);
  Result<void> done;
  try {
    connection.run("VACUUM INTO ?1", begun);
    Connection copied(begun, std::chrono::milliseconds(0));
    // Whoever has upgraded it since has kept a copy of before.
    if (newest_row(copied) == version) done = publish(begun, copy);
  } catch (...) {
    done = tl::unexpected<Error>(error_of_exception(copy));
  }
  ::unlink(begun.c_str());
  return done;
}

}  // namespace

Result<void> create_private_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return {};
  // Made under another name: closing a descriptor of the database itself would drop the locks that
  // other connections of this process hold on it.
  std::string other = file.string() + ".XXXXXX";
  int made = ::mkstemp(other.data());
  bool there = made >= 0 && (::link(other.c_str(), file.c_str()) == 0 || errno == EEXIST);
  if (made >= 0) {
    ::close(made);
    ::unlink(other.c_str());
  }
  if (there) return {};
  // Not every file system has hard links.
  made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  there = made >= 0 || errno == EEXIST;
  const int reason = errno;
  if (made >= 0) ::close(made);
  if (there) return {};
  return fail(Code::unavailable, "store " + file.string() +
                                     " can't be made: " + std::generic_category().message(reason));
}

Result<void> migrate(Connection& connection, const std::filesystem::path& file,
                     std::span<const EmbeddedFile> migrations) {
  const auto newest = static_cast<std::int64_t>(migrations.size());
  const auto before = stored_version(connection, file);
  if (!before) return tl::unexpected<Error>(before.error());
  if (*before > newest) {
    return fail(Code::store_corrupt, "store " + file.string() + " is of version " +
                                         std::to_string(*before) + ", this calinvite knows " +
                                         std::to_string(newest) + "; run the newer one");
  }
  connection.switch_to_wal();  // now that it is known to be ours
  if (*before > 0 && *before < newest) {
    if (auto copy = back_up(connection, file, *before); !copy) return copy;
  }
  for (std::int64_t version = *before + 1; version <= newest; ++version) {
    const EmbeddedFile& migration = migrations[static_cast<std::size_t>(version - 1)];
    auto step = connection.write([&]() -> Result<void> {
      connection.run(
          "CREATE TABLE IF NOT EXISTS migration"
          " (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
      // Another process may have been here since.
      if (newest_row(connection) >= version) return {};
      connection.execute(std::string(migration.contents));
      connection.run("INSERT INTO migration (version, name) VALUES (?1, ?2)", version,
                     migration.name);
      return {};
    });
    if (!step) return step;
  }
  return {};
}

}  // namespace calinvite::sqlite

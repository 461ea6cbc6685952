#include "store/sqlite/sqlite_store.hpp"

#include "embedded/sqlite_migrations.hpp"
#include "store/sqlite/migrations.hpp"

namespace calinvite::sqlite {

SqliteStore::SqliteStore(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

Result<void> SqliteStore::atomically(const std::function<Result<void>()>& work) {
  return connection_->write([&]() -> Result<void> {
    auto done = work();
    // Who called may overlook it, but a part that failed takes the whole with it.
    if (!done && connection_->is_nested()) connection_->spoil(done.error());
    return done;
  });
}

Result<std::unique_ptr<SqliteStore>> open_sqlite_store(const std::filesystem::path& file,
                                                       std::chrono::milliseconds busy_wait,
                                                       const std::filesystem::path& zoneinfo) {
  if (auto made = create_private_file(file); !made) return tl::unexpected<Error>(made.error());
  try {
    auto connection = std::make_unique<Connection>(file, busy_wait, zoneinfo);
    if (auto ready = migrate(*connection, file, sqlite_migrations); !ready) {
      return tl::unexpected<Error>(ready.error());
    }
    return std::make_unique<SqliteStore>(std::move(connection));
  } catch (...) {
    return tl::unexpected<Error>(error_of_exception(file.string()));
  }
}

}  // namespace calinvite::sqlite

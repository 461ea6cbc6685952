// What an erasure leaves in the files while others look at them.
#include <catch2/catch.hpp>
#include <fstream>

#include "contract/store_kinds.hpp"
#include "store/sqlite/sqlite_store.hpp"

using namespace calinvite;
using namespace calinvite::sqlite;

namespace {

const std::string person = "ana.lind@example.com";

std::unique_ptr<SqliteStore> open(const std::filesystem::path& file) {
  auto store = open_sqlite_store(file, std::chrono::milliseconds(20));
  if (!store) FAIL(to_string(store.error()));
  (*store)->set_erasure_key({42});
  return std::move(*store);
}

bool any_file_holds(const std::filesystem::path& file, const std::string& text) {
  for (const std::string suffix : {"", "-wal", "-shm"}) {
    std::ifstream in(file.string() + suffix, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a reader keeps old pages; called again when it is gone, the files are clean",
          "[store]") {
  const contract::TemporaryFolder folder;
  const auto file = folder.file("store.db");
  const auto store = open(file);
  const auto reader = open(file);
  const std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
  REQUIRE(store->add_domain(
      {"league", "cal@league.example", "league.example", "https://league.example", "", ""}));
  REQUIRE(store->suppress(Scope::domain("league"), person, "manual", now));
  REQUIRE(any_file_holds(file, person));

  const auto held = reader->connection().read([&]() -> Result<void> {
    std::int64_t rows = 0;
    auto seen = reader->connection().query("SELECT count(*) FROM suppression");
    if (seen.step()) seen.read(rows);
    REQUIRE(rows == 1);
    REQUIRE(store->erase(Scope::system(), person, "erased-1@erased.invalid", now));
    const auto blocked = store->compact();
    REQUIRE_FALSE(blocked);
    CHECK(blocked.error().code == Code::busy);
    CHECK(blocked.error().retryable());
    return {};
  });
  REQUIRE(held);
  REQUIRE(store->compact());

  CHECK_FALSE(any_file_holds(file, person));
  CHECK(store->list_suppressions(Scope::system(), person, {})->items.size() == 1);
}

TEST_CASE("a store is not compacted inside a step", "[store]") {
  const contract::TemporaryFolder folder;
  const auto store = open(folder.file("store.db"));
  Code code{};
  const auto done = store->atomically([&]() -> Result<void> {
    code = store->compact().error().code;
    return {};
  });
  REQUIRE(done);
  CHECK(code == Code::invalid_argument);
}

// What is particular to the store in a SQLite file; the rest is tests/contract.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "contract/world.hpp"
#include "embedded/sqlite_migrations.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/sqlite_store.hpp"

using namespace contract;
using calinvite::sqlite::Connection;
using calinvite::sqlite::open_sqlite_store;
using calinvite::sqlite::SqliteStore;

namespace {

std::int64_t number(Connection& connection, const std::string& sql) {
  std::int64_t value = -1;
  auto query = connection.query(sql);
  if (query.step()) query.read(value);
  return value;
}

std::string word(Connection& connection, const std::string& sql) {
  std::string value;
  auto query = connection.query(sql);
  if (query.step()) query.read(value);
  return value;
}

void write_file(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string url(const std::filesystem::path& file) { return "sqlite:" + file.string(); }

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

/// A league with one event and invited fans.
void fill(Store& store, int fans) {
  must(store.add_domain(domain_named("league")));
  must(store.add_organizer({"league", World::organizer, "", "fixtures"}));
  Event event;
  event.uid = "cup";
  event.organizer = World::organizer;
  event.summary = "Cup final";
  event.end = event.start + 2h;
  event.timezone = "UTC";
  must(store.add_event(Scope::domain("league"), event));
  Draws draws;
  std::vector<NewAttendee> people;
  for (int i = 0; i < fans; ++i) people.push_back(draws.attendee(fan(i)));
  must(store.add_invites(Scope::domain("league"), "cup", people, {World::series()}, start_of_time));
}

}  // namespace

TEST_CASE("a store's file is its owner's alone", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  const auto store = must(open_store(url(file)));
  must(store->add_domain(domain_named("league")));

  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(file.string() + "-wal") == 0600);
}

TEST_CASE("a commit is synced, foreign keys hold and misspelt columns are no strings", "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  Connection& connection = store->connection();

  CHECK(word(connection, "PRAGMA journal_mode") == "wal");
  CHECK(number(connection, "PRAGMA synchronous") == 2);
  CHECK(number(connection, "PRAGMA foreign_keys") == 1);
  const auto misspelt = connection.read([&]() -> Result<void> {
    connection.query("SELECT \"no such column\"");
    return {};
  });
  CHECK(code_of(misspelt) == Code::internal);
}

TEST_CASE("a store that can't be had is said to be so", "[store]") {
  const TemporaryFolder folder;
  CHECK(code_of(open_store("postgresql://localhost/x")) == Code::unsupported);
  CHECK(code_of(open_store("store.db")) == Code::unsupported);
  CHECK(code_of(open_store("sqlite:")) == Code::invalid_argument);
  CHECK(code_of(open_store("sqlite::memory:")) == Code::invalid_argument);
  CHECK(code_of(open_store(url(folder.file("no/such/folder.db")))) == Code::unavailable);
}

TEST_CASE("a damaged or foreign file is refused as it is", "[store]") {
  const TemporaryFolder folder;
  const auto junk = folder.file("junk.db");
  write_file(junk, std::string(5000, 'x'));
  const auto foreign = folder.file("foreign.db");
  write_file(foreign, "");
  Connection(foreign, 1s).execute("CREATE TABLE songs (title TEXT)");

  CHECK(code_of(open_store(url(junk))) == Code::store_corrupt);
  CHECK(code_of(open_store(url(foreign))) == Code::store_corrupt);
  Connection untouched(foreign, 1s);
  CHECK(number(untouched, "SELECT count(*) FROM sqlite_schema") == 1);
  CHECK(word(untouched, "PRAGMA journal_mode") == "delete");
}

TEST_CASE("a page that went bad is damage, not another answer", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  fill(*must(open_store(url(file))), 500);
  const auto size = std::filesystem::file_size(file);
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4096 * 8);
    bytes << std::string(size - 4096 * 8, '\x5a');
  }

  auto store = open_store(url(file));
  const auto read = store ? (*store)->list_attendees(Scope::domain("league"), "cup", {1000, {}})
                          : Result<Paged<Attendee>>(tl::unexpected(store.error()));
  CHECK(code_of(read) == Code::store_corrupt);
}

TEST_CASE("a store of a newer version is refused and left alone", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  must(open_sqlite_store(file))
      ->connection()
      .run("INSERT INTO migration (version, name) VALUES (999, 'from the future')");

  const auto refused = open_store(url(file));

  CHECK(code_of(refused) == Code::store_corrupt);
  CHECK(refused.error().message.find("999") != std::string::npos);
}

TEST_CASE("migrations run once each, in order, and keep a copy of what they change", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  must(sqlite::create_private_file(file));
  Connection connection(file, 1s);
  const std::vector<EmbeddedFile> first{{"0001_one.sql", "CREATE TABLE one (a INTEGER)"}};
  std::vector<EmbeddedFile> both = first;
  both.push_back({"0002_two.sql",
                  "ALTER TABLE one ADD COLUMN b INTEGER; INSERT INTO one VALUES "
                  "(1, 2)"});
  must(sqlite::migrate(connection, file, first));
  CHECK_FALSE(std::filesystem::exists(folder.file("store.db.v0")));

  must(sqlite::migrate(connection, file, both));
  must(sqlite::migrate(connection, file, both));

  CHECK(number(connection, "SELECT sum(b) FROM one") == 2);
  CHECK(number(connection, "SELECT max(version) FROM migration") == 2);
  const auto copy = folder.file("store.db.v1");
  CHECK(mode_of(copy) == 0600);
  Connection old(copy, 1s);
  CHECK(number(old, "SELECT max(version) FROM migration") == 1);
  CHECK(number(old, "SELECT count(*) FROM one") == 0);
}

TEST_CASE("the copy of what migrations change is of before, however many upgrade at once",
          "[store][threads]") {
  const std::vector<EmbeddedFile> both{
      {"0001_one.sql", "CREATE TABLE one (a INTEGER); INSERT INTO one VALUES (1)"},
      {"0002_two.sql", "UPDATE one SET a = 2"}};
  for (int run = 0; run < 40; ++run) {
    const TemporaryFolder folder;
    const auto file = folder.file("store.db");
    must(sqlite::create_private_file(file));
    {
      Connection connection(file, 5s);
      must(sqlite::migrate(connection, file, std::span(both).first(1)));
    }
    std::vector<std::string> failures(4);
    std::vector<std::thread> threads;
    std::atomic<std::size_t> ready = 0;
    for (std::string& failure : failures) {
      threads.emplace_back([&] {
        Connection connection(file, 5s);
        ++ready;
        while (ready < failures.size()) std::this_thread::yield();
        const auto done = sqlite::migrate(connection, file, both);
        if (!done) failure = to_string(done.error());
      });
    }
    for (auto& thread : threads) thread.join();

    for (const std::string& failure : failures) CHECK(failure == "");
    Connection copy(folder.file("store.db.v1"), 1s);
    CHECK(number(copy, "SELECT max(version) FROM migration") == 1);
    CHECK(number(copy, "SELECT a FROM one") == 1);
    std::size_t copies = 0;
    for (const auto& one : std::filesystem::directory_iterator(file.parent_path())) {
      if (one.path().filename().string().starts_with("store.db.")) ++copies;
    }
    CHECK(copies == 1);
  }
}

TEST_CASE("a copy that an earlier upgrade kept stays beside a later one's", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  must(sqlite::create_private_file(file));
  Connection connection(file, 1s);
  const std::vector<EmbeddedFile> broken{{"0001_one.sql", "CREATE TABLE one (a INTEGER)"},
                                         {"0002_two.sql", "INSERT INTO nowhere VALUES (1)"}};
  CHECK_FALSE(sqlite::migrate(connection, file, broken).has_value());
  CHECK_FALSE(sqlite::migrate(connection, file, broken).has_value());
  CHECK_FALSE(std::filesystem::exists(folder.file("store.db.v1.2")));  // it would be the same

  connection.execute("INSERT INTO one VALUES (7)");
  CHECK_FALSE(sqlite::migrate(connection, file, broken).has_value());

  Connection first(folder.file("store.db.v1"), 1s);
  CHECK(number(first, "SELECT count(*) FROM one") == 0);
  Connection second(folder.file("store.db.v1.2"), 1s);
  CHECK(number(second, "SELECT a FROM one") == 7);
  CHECK(mode_of(folder.file("store.db.v1.2")) == 0600);
}

TEST_CASE("a migration that fails leaves the version before it", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  must(sqlite::create_private_file(file));
  Connection connection(file, 1s);
  const std::vector<EmbeddedFile> broken{
      {"0001_one.sql", "CREATE TABLE one (a INTEGER)"},
      {"0002_two.sql", "CREATE TABLE two (a INTEGER); INSERT INTO nowhere VALUES (1)"}};

  CHECK_FALSE(sqlite::migrate(connection, file, broken).has_value());

  CHECK(number(connection, "SELECT max(version) FROM migration") == 1);
  CHECK(number(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'") == 0);
  must(sqlite::migrate(connection, file, std::span(broken).first(1)));
}

TEST_CASE("migrations are numbered without a gap", "[store]") {
  std::size_t expected = 0;
  for (const EmbeddedFile& migration : sqlite_migrations) {
    const std::string number = std::to_string(++expected);
    CHECK(migration.name.substr(0, 5) == std::string(4 - number.size(), '0') + number + "_");
  }
  CHECK(expected > 0);
}

TEST_CASE("many may open a new store at once", "[store][threads]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  std::vector<std::string> failures(6);
  std::vector<std::thread> threads;
  for (std::string& failure : failures) {
    threads.emplace_back([&] {
      const auto store = open_store(url(file));
      if (!store) failure = to_string(store.error());
    });
  }
  for (auto& thread : threads) thread.join();

  for (const std::string& failure : failures) CHECK(failure == "");
  const auto store = must(open_sqlite_store(file));
  CHECK(number(store->connection(), "SELECT count(*) FROM migration") ==
        static_cast<std::int64_t>(sqlite_migrations.size()));
}

TEST_CASE("a writer waits for another a while, then says busy; readers do not wait", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  const auto store = must(open_sqlite_store(file, 50ms));
  const auto other = must(open_sqlite_store(file, 50ms));
  must(store->add_domain(domain_named("league")));

  must(other->atomically([&]() -> Result<void> {
    must(other->add_domain(domain_named("cup")));
    const auto busy = store->add_domain(domain_named("rival"));
    CHECK(code_of(busy) == Code::busy);
    CHECK(busy.error().retryable());
    CHECK(must(store->list_domains()).size() == 1);
    return {};
  }));
  must(store->add_domain(domain_named("rival")));
}

TEST_CASE("writers that wait for each other all come through", "[store][threads]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  fill(*must(open_store(url(file))), 1);
  std::vector<std::string> failures(4);
  std::vector<std::thread> threads;
  for (std::size_t me = 0; me < failures.size(); ++me) {
    threads.emplace_back([&, me] {
      const auto store = open_store(url(file));
      if (!store) failures[me] = to_string(store.error());
      for (int i = 0; i < 25 && failures[me].empty(); ++i) {
        const auto added = (*store)->suppress(Scope::domain("league"), std::to_string(me) + fan(i),
                                              "", start_of_time);
        if (!added) failures[me] = to_string(added.error());
      }
    });
  }
  const auto reader = must(open_sqlite_store(file));
  const auto reading = reader->connection().read([&]() -> Result<void> {
    for (auto& thread : threads) thread.join();
    return {};
  });

  must(reading);
  for (const std::string& failure : failures) CHECK(failure == "");
  CHECK(number(reader->connection(), "SELECT count(*) FROM suppression") == 100);
}

TEST_CASE("a full disk refuses the step and keeps what was there", "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 10);
  Connection& connection = store->connection();
  const auto pages = number(connection, "PRAGMA page_count");
  const Quarantined big{0, "", "", "", std::string(1 << 20, 'x'), start_of_time};
  const Scope scope = Scope::domain("league");
  CHECK(number(connection, "PRAGMA max_page_count = " + std::to_string(pages + 2)) == pages + 2);

  const auto refused = store->add_quarantine(scope, big);
  CHECK(code_of(refused) == Code::store_full);
  CHECK(refused.error().retryable());
  // Whoever overlooks it inside a step does not get half of the step.
  const auto overlooked = store->atomically([&]() -> Result<void> {
    must(store->suppress(scope, fan(1), "", start_of_time));
    CHECK(code_of(store->add_quarantine(scope, big)) == Code::store_full);
    CHECK(code_of(store->suppress(scope, fan(2), "", start_of_time)) == Code::store_full);
    return {};
  });
  CHECK(code_of(overlooked) == Code::store_full);
  CHECK(number(connection, "SELECT count(*) FROM suppression") == 0);

  number(connection, "PRAGMA max_page_count = 1000000");
  CHECK(must(store->add_quarantine(scope, big)));
  const auto totals = must(store->totals(scope));
  CHECK(totals.pending == 10);
  check_conservation(totals);
}

TEST_CASE("no intent commits while the disk is full, and the send goes on when it is not",
          "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 3);
  const auto claimed = must(store->claim(1, 10, start_of_time, start_of_time + 60s));
  Connection& connection = store->connection();
  const std::vector<Intent> intents{{claimed[0].entry, std::string(20'000, 'a')}};
  number(connection,
         "PRAGMA max_page_count = " + std::to_string(number(connection, "PRAGMA page_count")));

  CHECK(code_of(store->commit_intents(intents, 1, start_of_time)) == Code::store_full);
  CHECK(number(connection, "SELECT count(*) FROM outbox WHERE attempt_id <> ''") == 0);
  number(connection, "PRAGMA max_page_count = 1000000");
  CHECK(must(store->commit_intents(intents, 1, start_of_time)).at(0) == IntentVerdict::go);
}

TEST_CASE("errors name the file and hold nothing that was stored", "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 2);
  const auto claimed = must(store->claim(1, 10, start_of_time, start_of_time + 60s));
  const std::vector<Intent> twice{{claimed[0].entry, "canary"}, {claimed[1].entry, "canary"}};

  const auto refused = store->commit_intents(twice, 1, start_of_time);

  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("store.db") != std::string::npos);
  CHECK(refused.error().message.find("canary") == std::string::npos);
}

TEST_CASE("kill -9 loses nothing and hides no send", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  constexpr int fans = 400;
  constexpr std::size_t batch = 5;
  fill(*must(open_store(url(file))), fans);
  constexpr int kills = 12;
  for (int kill = 0; kill < kills; ++kill) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      const auto store = open_store(url(file));
      const auto fence = (*store)->new_fence();
      const sys_seconds now = start_of_time + kill * 100s;
      for (int round = 0;; ++round) {
        const auto claimed = (*store)->claim(*fence, batch, now, now + 60s);
        if (!claimed || claimed->empty()) ::_exit(0);
        std::vector<Intent> intents;
        std::vector<Settlement> settlements;
        for (const ClaimedInvite& invite : *claimed) {
          const auto attempt = std::to_string(*fence) + "-" + std::to_string(invite.entry);
          intents.push_back({invite.entry, attempt});
          settlements.push_back({invite.entry, attempt, OutboxState::accepted, attempt, "", {}});
        }
        (void)(*store)->commit_intents(intents, *fence, now);
        (void)(*store)->settle(settlements, *fence, now);
      }
    }
    ::usleep(static_cast<useconds_t>(3000 + 1700 * kill));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto store = must(open_store(url(file)));
    must(store->recover(start_of_time + kill * 100s + 60s));
    const auto totals = must(store->totals(Scope::system()));
    check_conservation(totals);
    CHECK(totals.planned == fans);
    CHECK(totals.claimed == 0);
    CHECK(totals.in_doubt <= static_cast<std::uint64_t>(kill + 1) * batch);
    CHECK(must(store->list_outbox(Scope::system(), OutboxState::in_doubt, "", {1000, {}}))
              .items.size() == totals.in_doubt);
  }
}

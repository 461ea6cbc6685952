// What triggers keep for reports in a SQLite file; what reports say is tests/contract.
#include "contract/rebuilt.hpp"
#include "embedded/sqlite_migrations.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

using namespace contract;
using calinvite::sqlite::Connection;
using calinvite::sqlite::open_sqlite_store;
using calinvite::sqlite::SqliteStore;

namespace {

const Scope league = Scope::domain("league");

Event event_of(const std::string& uid, const std::string& organizer) {
  Event event;
  event.uid = uid;
  event.organizer = organizer;
  event.summary = "Cup final";
  event.end = event.start + 2h;
  event.timezone = "UTC";
  return event;
}

/// Two organizers with an event each, and fans who are invited to both.
void fill(Store& store, int fans) {
  must(store.add_domain(domain_named("league")));
  Draws draws;
  for (const std::string name : {"one", "two"}) {
    const std::string organizer = name + "@league.example";
    must(store.add_organizer({"league", organizer, "", name}));
    must(store.add_event(league, event_of(name, organizer)));
    for (int i = 0; i < fans; ++i) {
      must(store.add_invites(league, name, std::vector{draws.attendee(fan(i))}, {World::series()},
                             start_of_time));
    }
  }
}

/// The rows of a statement, as lines.
std::vector<std::string> rows(Connection& connection, const std::string& sql, int columns) {
  std::vector<std::string> lines;
  auto query = connection.query(sql);
  while (query.step()) {
    std::string line;
    for (int i = 0; i < columns; ++i) {
      std::string value;
      query.read(value);
      line += (i == 0 ? "" : "|") + value;
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> all_counts(Connection& connection) {
  std::vector<std::string> all;
  for (const std::string sql :
       {"SELECT 'e', event, subject, word, number FROM event_count WHERE number <> 0 ORDER BY 2, "
        "3, 4",
        "SELECT 'o', organizer, subject, word, number FROM organizer_count WHERE number <> 0"
        " ORDER BY 2, 3, 4",
        "SELECT 'b', event, start, kind, number FROM event_receipts ORDER BY 2, 3, 4",
        "SELECT unit, organizer, start, kind, number FROM organizer_receipts ORDER BY 1, 2, 3, "
        "4"}) {
    const auto some = rows(connection, sql, 5);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

void send_one(Store& store) {
  const auto fence = must(store.new_fence());
  const auto claimed = must(store.claim(fence, 1, start_of_time, start_of_time + 60s));
  const Intent intent{claimed.at(0).entry, "attempt-" + std::to_string(fence), start_of_time};
  must(store.commit_intents(std::vector{intent}, fence, start_of_time));
  const Settlement settlement{
      intent.entry, intent.attempt_id, OutboxState::accepted, "message-" + std::to_string(fence),
      "",           start_of_time};
  REQUIRE(must(store.settle(std::vector{settlement}, fence, start_of_time)) == 1);
}

std::vector<std::string> found(Store& store, const std::string& text) {
  std::vector<std::string> hits;
  for (const SearchHit& hit : must(store.search(league, text, {100, {}})).items) {
    hits.push_back(hit.event + ' ' + hit.address);
  }
  std::sort(hits.begin(), hits.end());
  return hits;
}

}  // namespace

TEST_CASE("regression D13: no count is touched by the sends of every organizer",
          "[store][regression]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 3);
  const auto before = all_counts(store->connection());

  for (int i = 0; i < 3; ++i) send_one(*store);  // oldest first: those of the first organizer

  CHECK(must(store->statistics(Scope::organizer("league", "one@league.example"), {})).delivery ==
        Counts{{"accepted", 3}});
  const auto after = all_counts(store->connection());
  std::size_t touched = 0;
  for (const std::string& row : after) {
    if (std::find(before.begin(), before.end(), row) != before.end()) continue;
    ++touched;
    CHECK(row.find("|one") != std::string::npos);
  }
  CHECK(touched >= 4);
}

TEST_CASE("a step of many invites stores each count once", "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 0);
  std::vector<NewAttendee> attendees;
  Draws draws;
  for (int i = 0; i < 200; ++i) attendees.push_back(draws.attendee(fan(i)));
  must(store->add_invites(league, "one", attendees, {World::series()}, start_of_time));

  // One row of the feed tells of the event, another one of all its receipts.
  CHECK(rows(store->connection(), "SELECT first, last FROM feed WHERE event = 'one'", 2) ==
        std::vector<std::string>{"0|-1", "1|200"});
}

TEST_CASE("every set of receipt kinds is counted under its word of delivery", "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 1);
  Connection& connection = store->connection();
  for (int one = 0; one < 16; ++one) {
    for (int other = one; other < 16; ++other) {
      const std::int64_t kinds = std::int64_t{1} << one | std::int64_t{1} << other;
      must(connection.write([&]() -> Result<void> {
        connection.run("UPDATE attendee SET kinds = ?1 WHERE event = 'one'", kinds);
        return {};
      }));
      const std::string word(sqlite::delivery_word_of(kinds));
      CHECK(must(store->statistics(league, "one")).delivery == Counts{{word, 1}});
      CHECK(must(store->statistics(league, {})).delivery.at(word) == (word == "queued" ? 2 : 1));
    }
  }
}

TEST_CASE("an older store gets its counts, its feed and its index when it is opened", "[store]") {
  const TemporaryFolder folder;
  const auto file = folder.file("store.db");
  const auto store = must(open_sqlite_store(file));
  fill(*store, 4);
  for (int i = 0; i < 3; ++i) send_one(*store);
  must(store->uninvite(league, "one", fan(3), start_of_time));
  must(store->suppress(league, fan(2), "asked", start_of_time));
  must(store->suppress(Scope::organizer("league", "two@league.example"), fan(1), "asked",
                       start_of_time));
  Connection& connection = store->connection();
  const auto kept = all_counts(connection);
  const auto hits = found(*store, "fans");
  const auto flags =
      rows(connection, "SELECT event, address, suppressed FROM attendee ORDER BY 1, 2", 3);

  // As if it had not been there, then as for a store that had not.
  must(connection.write([&]() -> Result<void> {
    for (const auto& trigger :
         rows(connection, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", 1)) {
      connection.execute("DROP TRIGGER " + trigger);
    }
    for (const std::string table :
         {"event_count", "organizer_count", "event_receipts", "organizer_receipts", "feed",
          "event_number", "person", "event_search", "person_search"}) {
      connection.execute("DROP TABLE " + table);
    }
    for (const std::string index : {"event_created", "event_changed", "event_organizer"}) {
      connection.execute("DROP INDEX " + index);
    }
    connection.execute("ALTER TABLE attendee DROP COLUMN suppressed");
    for (const EmbeddedFile& migration : sqlite_migrations) {
      if (migration.name == "0014_reports.sql") connection.execute(std::string(migration.contents));
    }
    return {};
  }));

  CHECK(all_counts(connection) == kept);
  CHECK(found(*store, "fans") == hits);
  CHECK(hits.size() == 8);
  CHECK(found(*store, "final") == std::vector<std::string>{"one ", "two "});
  CHECK(rows(connection, "SELECT event, address, suppressed FROM attendee ORDER BY 1, 2", 3) ==
        flags);
  const auto feed = must(store->list_changes(league, {}, 100));
  CHECK(feed.items.size() == 2 + 8 + 3 + 1);  // events, invites, sends and a CANCEL
  send_one(*store);
  CHECK(must(store->list_changes(league, feed.next, 100)).items.size() == 1);
}

TEST_CASE("who is erased is not found, and stays counted under delivery alone", "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 2);
  Connection& connection = store->connection();
  CHECK(found(*store, "fan1").size() == 2);

  must(connection.write([&]() -> Result<void> {
    connection.execute("PRAGMA defer_foreign_keys = ON");
    connection.run(
        "UPDATE attendee SET address = 'nobody@erased.invalid', name = '' WHERE address = ?1",
        fan(1));
    return {};
  }));

  CHECK(found(*store, "fan1").empty());
  CHECK(found(*store, "fan0").size() == 2);
  const auto statistics = must(store->statistics(league, "one"));
  CHECK(statistics.attendees == 1);
  CHECK(statistics.delivery == Counts{{"queued", 2}});
  must(connection.write([&]() -> Result<void> {
    connection.run("DELETE FROM attendee WHERE event = 'one' AND address = ?1", fan(0));
    return {};
  }));
  CHECK(found(*store, "fan0") == std::vector<std::string>{"two " + fan(0)});
  CHECK(must(store->statistics(league, "one")).attendees == 0);
}

TEST_CASE("an organizer who is erased keeps figures, feed and index under another name",
          "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 2);
  Connection& connection = store->connection();
  const Scope before = Scope::organizer("league", "one@league.example");
  const Scope after = Scope::organizer("league", "nobody@erased.invalid");
  const auto told = must(store->list_changes(before, {}, 100)).items.size();

  must(connection.write([&]() -> Result<void> {
    connection.execute("PRAGMA defer_foreign_keys = ON");
    for (const std::string of :
         {"organizer SET address", "event SET organizer", "correspondent SET organizer"}) {
      const std::string column = of.substr(of.rfind(' ') + 1);
      connection.run("UPDATE " + of + " = 'nobody@erased.invalid' WHERE " + column +
                     " = 'one@league.example'");
    }
    return {};
  }));

  CHECK(must(store->statistics(before, {})).attendees == 0);
  CHECK(must(store->statistics(after, {})).attendees == 2);
  CHECK(must(store->list_changes(after, {}, 100)).items.size() == told);
  CHECK(must(store->search(before, "fans", {10, {}})).items.empty());
  CHECK(must(store->search(after, "fans", {10, {}})).items.size() == 2);
  CHECK(must(store->search(after, "final", {10, {}})).items.size() == 1);
}

TEST_CASE("lifting a suppression counts again whom no other one holds", "[store]") {
  const TemporaryFolder folder;
  const auto store = must(open_sqlite_store(folder.file("store.db")));
  fill(*store, 1);
  const auto attendees = [&] { return must(store->statistics(league, {})).attendees; };
  const auto lift = [&](const std::string& condition) {
    must(store->connection().write([&]() -> Result<void> {
      store->connection().run("DELETE FROM suppression WHERE " + condition);
      return {};
    }));
  };
  must(store->suppress(Scope::system(), fan(0), "asked", start_of_time));
  must(store->suppress(Scope::organizer("league", "one@league.example"), fan(0), "asked",
                       start_of_time));
  CHECK(attendees() == 0);

  lift("domain = ''");
  CHECK(attendees() == 1);
  CHECK(must(store->statistics(league, "two")).attendees == 1);
  lift("organizer <> ''");
  CHECK(attendees() == 2);
}

// How SQLite goes about an organizer's figures and lists: along an index that begins with them,
// never through the domain's rows, and in the order that was asked for.
#include <sqlite3.h>

#include "contract/world.hpp"
#include "store/sqlite/sqlite_store.hpp"

using namespace contract;
using calinvite::sqlite::open_sqlite_store;
using calinvite::sqlite::SqliteStore;

namespace {

const std::string office = "office@league.example";
const Scope whole = Scope::domain("league");
const Scope own = Scope::organizer("league", office);

sqlite3* opened_last = nullptr;

int remember(sqlite3* database, char**, const sqlite3_api_routines*) {
  opened_last = database;
  return SQLITE_OK;
}

/// A store, and what it asks of SQLite.
class Watched {
 public:
  Watched() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(remember));
    store_ = must(open_sqlite_store(folder_.file("store.db")));
    sqlite3_reset_auto_extension();
    database_ = opened_last;
    must(store_->add_domain(domain_named("league")));
    must(store_->add_organizer({"league", office, "Office", "office"}));
  }
  SqliteStore& operator*() { return *store_; }

  /// The statements that a call runs, each with its plan.
  std::vector<std::string> plans_of(const std::function<void(SqliteStore&)>& call) {
    std::vector<std::string> statements;
    const auto note = [](unsigned, void* list, void* statement, void*) {
      static_cast<std::vector<std::string>*>(list)->emplace_back(
          sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
      return 0;
    };
    sqlite3_trace_v2(database_, SQLITE_TRACE_STMT, note, &statements);
    call(*store_);
    sqlite3_trace_v2(database_, 0, nullptr, nullptr);
    std::vector<std::string> plans;
    for (const std::string& sql : statements) {
      if (sql.starts_with("SELECT")) plans.push_back(sql + '\n' + explain(sql));
    }
    REQUIRE_FALSE(plans.empty());
    return plans;
  }

 private:
  std::string explain(const std::string& sql) {
    std::string plan;
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(database_, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &statement,
                               nullptr) == SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      plan += reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
      plan += '\n';
    }
    sqlite3_finalize(statement);
    return plan;
  }

  TemporaryFolder folder_;
  std::unique_ptr<SqliteStore> store_;
  sqlite3* database_ = nullptr;
};

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an organizer's lists of events walk along their own events in order", "[store]") {
  Watched watched;
  for (const auto sort :
       {EventSort::start, EventSort::organizer, EventSort::created, EventSort::changed}) {
    for (const auto when : {EventFilter::When::all, EventFilter::When::future}) {
      for (const std::string after : {"", "1 event league"}) {
        for (const bool of_super_user : {false, true}) {
          EventFilter filter{.when = when, .now = start_of_time, .sort = sort};
          if (of_super_user) filter.organizer = office;
          const auto plans = watched.plans_of([&](SqliteStore& store) {
            must(store.list_events(of_super_user ? whole : own, filter, {10, after}));
          });
          REQUIRE(plans.size() == 1);
          INFO(plans[0]);
          CHECK_FALSE(has(plans[0], "SCAN"));
          CHECK_FALSE(has(plans[0], "TEMP B-TREE"));
          CHECK(has(plans[0], "domain=? AND organizer=?"));
        }
      }
    }
  }
}

TEST_CASE("a domain's lists of events are walked in order, too", "[store]") {
  Watched watched;
  for (const auto sort :
       {EventSort::start, EventSort::organizer, EventSort::created, EventSort::changed}) {
    const EventFilter filter{.now = start_of_time, .sort = sort};
    const auto plans = watched.plans_of([&](SqliteStore& store) {
      must(store.list_events(whole, filter, {10, {}}));
    });
    INFO(plans.at(0));
    CHECK_FALSE(has(plans[0], "SCAN"));
    CHECK_FALSE(has(plans[0], "TEMP B-TREE"));
  }
}

TEST_CASE("an organizer's figures are read without those of others", "[store]") {
  Watched watched;
  const std::vector<std::pair<std::string, std::function<void(SqliteStore&)>>> calls{
      {"statistics", [](SqliteStore& store) { must(store.statistics(own, {})); }},
      {"hours",
       [](SqliteStore& store) {
         must(store.list_receipt_buckets(own, {}, BucketSize::hour, {48, {}}));
       }},
      {"days",
       [](SqliteStore& store) {
         must(store.list_receipt_buckets(own, {}, BucketSize::day, {30, {}}));
       }},
      {"feed", [](SqliteStore& store) { must(store.list_changes(own, {}, 100)); }},
      {"live",
       [](SqliteStore& store) { must(store.count_live_events(whole, office, start_of_time)); }}};
  for (const auto& [name, call] : calls) {
    const auto plans = watched.plans_of(call);
    const std::string& plan = plans.back();
    INFO(name << ": " << plan);
    CHECK_FALSE(has(plan, "SCAN"));
    CHECK_FALSE(has(plan, "TEMP B-TREE"));
    CHECK(has(plan, "domain=? AND organizer=?"));
  }
  // Counts by state come in no order, and are few.
  const auto totals = watched.plans_of([](SqliteStore& store) { must(store.totals(own)); });
  INFO(totals.front());
  CHECK_FALSE(has(totals.front(), "SCAN"));
  CHECK(has(totals.front(), "organizer=?"));
}

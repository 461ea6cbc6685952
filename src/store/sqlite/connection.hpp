/// One SQLite connection behind few verbs: cached statements, atomic steps, errors as Results.
/// SQLiteCpp's exceptions end here. Statements are SQLite's own: SQLiteCpp's copy every text twice.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"
#include "calinvite/store.hpp"
#include "store/sqlite/counts.hpp"
#include "store/sqlite/functions.hpp"

struct sqlite3_stmt;
namespace SQLite {
class Database;
}  // namespace SQLite

namespace calinvite::sqlite {

class Connection;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept;
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// Bytes that are no text; borrowed.
struct Blob {
  std::string_view bytes;
};

/// Occurrences are a part of keys, so the whole series has a number too.
constexpr std::int64_t whole_series = INT64_MIN;
/// An instant that does not come.
constexpr std::chrono::sys_seconds never{std::chrono::seconds(INT64_MAX)};

std::int64_t occurrence_key(const std::optional<OccurrenceId>& occurrence) noexcept;
std::optional<OccurrenceId> occurrence_of(std::int64_t key) noexcept;

/// A statement in use. Parameters are bound from ?1 on; each row's columns are read in order.
class Query {
 public:
  Query(Connection& connection, std::string_view sql);
  ~Query();
  Query(Query&&) noexcept;
  Query& operator=(Query&&) = delete;

  void bind(int index, std::string_view text);
  void bind(int index, double number);
  void bind(int index, Blob blob);
  void bind(int index, const RowId& id);
  template <std::integral T>
  void bind(int index, T number) {
    bind_integer(index, static_cast<std::int64_t>(number));
  }
  template <class TimeClock, class Unit>
  void bind(int index, std::chrono::time_point<TimeClock, Unit> time) {
    bind_integer(index, time.time_since_epoch().count());
  }
  void bind(int index, const std::optional<std::chrono::sys_seconds>& time);
  template <class Word>
  requires std::is_enum_v<Word>
  void bind(int index, Word word) { bind(index, to_string(word)); }
  /// As bind, but texts are not copied: they must stay until the statement has run.
  void lend(int index, std::string_view text);
  void lend(int index, const std::string& text) { lend(index, std::string_view(text)); }
  template <class Value>
  void lend(int index, const Value& value) {
    bind(index, value);
  }

  /// True when there is a row to read.
  bool step();
  /// Reads the next columns of the row.
  template <class... Columns>
  void read(Columns&... columns) {
    (column(next_column_++, columns), ...);
  }
  /// Runs a statement that gives no rows. @return rows changed
  std::int64_t run();

 private:
  void bind_integer(int index, std::int64_t number);
  void check(int result) const;
  std::int64_t integer(int index) const;
  std::string_view text(int index) const;
  std::string_view bytes(int index) const;

  void column(int index, std::string& text) const;
  void column(int index, std::vector<std::uint8_t>& blob) const;
  void column(int index, RowId& id) const;
  void column(int index, double& number) const;
  template <std::integral T>
  void column(int index, T& number) const {
    number = static_cast<T>(integer(index));
  }
  template <class TimeClock, class Unit>
  void column(int index, std::chrono::time_point<TimeClock, Unit>& time) const {
    time = std::chrono::time_point<TimeClock, Unit>(Unit(integer(index)));
  }
  void column(int index, std::optional<std::chrono::sys_seconds>& time) const;
  void column(int index, std::optional<OccurrenceId>& occurrence) const;
  void column(int index, Method& method) const;
  void column(int index, Partstat& partstat) const;
  void column(int index, EventStatus& status) const;
  void column(int index, OutboxState& state) const;
  void column(int index, ReceiptKind& kind) const;
  void column(int index, NoticeKind& kind) const;
  void column(int index, AccountHold& hold) const;

  std::vector<Statement>* idle_;  ///< where the statement goes back to
  Statement statement_;
  int next_column_ = 0;
};

class Connection {
 public:
  /// Opens for reading and writing; the file must exist. Throws what SQLiteCpp throws.
  Connection(const std::filesystem::path& file, std::chrono::milliseconds busy_wait,
             const std::filesystem::path& zoneinfo = "/usr/share/zoneinfo");
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Makes one durable, atomic step of `work`, a Result-returning callable; inside a step it joins
  /// that. An error leaves nothing of `work` behind. When the database itself fails inside a step,
  /// the whole step is lost, whatever the callers between make of it.
  /// @param caller  names the step's fault points: the function that this is called in
  template <class Work>
  std::invoke_result_t<Work> write(Work&& work, const char* caller = __builtin_FUNCTION()) {
    return run_step(Mode::write, caller, std::forward<Work>(work));
  }
  /// As write, but for what is not worth waiting for: busy while another one writes.
  template <class Work>
  std::invoke_result_t<Work> write_unless_busy(Work&& work,
                                               const char* caller = __builtin_FUNCTION()) {
    wait_for_writers(std::chrono::milliseconds(0));
    auto result = run_step(Mode::write, caller, std::forward<Work>(work));
    wait_for_writers(busy_wait_);
    return result;
  }
  /// Runs `work` on one snapshot.
  template <class Work>
  std::invoke_result_t<Work> read(Work&& work) {
    return run_step(Mode::read, nullptr, std::forward<Work>(work));
  }
  bool in_step() const noexcept { return depth_ > 0; }
  bool is_nested() const noexcept { return depth_ > 1; }
  /// Makes the step that is under way end in this error.
  void spoil(const Error& error) { spoiled_ = error; }

  template <class... Values>
  Query query(std::string_view sql, const Values&... values) {
    Query result(*this, sql);
    int index = 0;
    (result.bind(++index, values), ...);
    return result;
  }
  /// Runs one statement that gives no rows. @return rows changed
  template <class... Values>
  std::int64_t run(std::string_view sql, const Values&... values) {
    Query result(*this, sql);
    int index = 0;
    (result.lend(++index, values), ...);
    return result.run();
  }
  /// Runs statements as they stand, uncached.
  void execute(const std::string& sql);
  /// Journals ahead of the file (WAL), as the file keeps doing for every later connection.
  void switch_to_wal();
  /// Of the functions that statements call.
  void set_erasure_key(const std::array<std::uint8_t, 32>& key) { erasure_key_ = key; }
  std::optional<std::string> erased_as(std::string_view address) const {
    return sqlite::erased_as(erasure_key_, address);
  }
  bool has_erasure_key() const noexcept { return erasure_key_.has_value(); }
  const std::string& file() const noexcept { return file_; }

 private:
  friend class Query;
  enum class Mode { read, write };

  /// A transaction, or a writer's savepoint inside one; rolled back unless kept.
  class Step {
   public:
    Step(Connection& connection, Mode mode, const char* caller);
    ~Step();
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    void keep();

   private:
    void reach(const char* moment) const;

    Connection& connection_;
    const char* const caller_;  ///< of a writer
    const bool joins_;          ///< reads inside a step need nothing of their own
    bool open_ = false;
  };

  template <class Work>
  std::invoke_result_t<Work> run_step(Mode mode, const char* caller, Work&& work) {
    if (spoiled_) return tl::unexpected<Error>(*spoiled_);
    try {
      Step step(*this, mode, caller);
      auto result = work();
      if (result && spoiled_) return tl::unexpected<Error>(*spoiled_);
      if (result) step.keep();
      return result;
    } catch (...) {
      Error error = current_error();
      if (in_step()) spoil(error);
      return tl::unexpected<Error>(std::move(error));
    }
  }
  /// The exception being handled, as an Error; std::bad_alloc passes.
  Error current_error() const;
  void wait_for_writers(std::chrono::milliseconds longest);

  std::string file_;
  std::chrono::milliseconds busy_wait_;
  ErasureKey erasure_key_;
  ZoneTable zones_;
  Counts counts_;
  std::unique_ptr<SQLite::Database> database_;
  std::map<std::string, std::vector<Statement>, std::less<>> idle_;
  int depth_ = 0;
  std::optional<Error> spoiled_;
};

/// What went wrong with `file`, from the exception being handled; std::bad_alloc passes.
Error error_of_exception(const std::string& file);

}  // namespace calinvite::sqlite

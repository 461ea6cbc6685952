#include "store/sqlite/connection.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstring>
#include <new>
#include <thread>

#include "base/fault.hpp"

namespace calinvite::sqlite {
namespace {

Code code_of(int extended) noexcept {
  switch (extended) {
    case SQLITE_IOERR_WRITE:  // a refused write is not always SQLITE_FULL (M15)
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMMAP:
      return Code::store_full;
    case SQLITE_IOERR_CORRUPTFS:
      return Code::store_corrupt;
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return Code::busy;
    case SQLITE_FULL:
    case SQLITE_READONLY:
      return Code::store_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return Code::store_corrupt;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return Code::unavailable;
    case SQLITE_CONSTRAINT:
      return Code::conflict;
    case SQLITE_TOOBIG:
      return Code::too_large;
    default:
      return Code::internal;
  }
}

/// A word that no version up to this one writes.
template <class Word>
Word known(std::optional<Word> word) {
  if (!word) throw SQLite::Exception("a word in the store is not known", SQLITE_CORRUPT);
  return *word;
}

}  // namespace

std::int64_t occurrence_key(const std::optional<OccurrenceId>& occurrence) noexcept {
  return occurrence ? occurrence->original_start.time_since_epoch().count() : whole_series;
}

std::optional<OccurrenceId> occurrence_of(std::int64_t key) noexcept {
  if (key == whole_series) return std::nullopt;
  return OccurrenceId{std::chrono::local_seconds(std::chrono::seconds(key))};
}

Error error_of_exception(const std::string& file) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const SQLite::Exception& failure) {
    int code = failure.getExtendedErrorCode();
    if (code <= 0) code = failure.getErrorCode();
    return Error{code_of(code), "store " + file + ": " + failure.what(), {}};
  } catch (const std::exception& failure) {
    return Error{Code::internal, "store " + file + ": " + failure.what(), {}};
  }
}

// ---- statements ------------------------------------------------------------------------------

void FinalizeStatement::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Query::Query(Connection& connection, std::string_view sql) {
  auto known_sql = connection.idle_.find(sql);
  if (known_sql == connection.idle_.end()) {
    known_sql = connection.idle_.try_emplace(std::string(sql)).first;
    known_sql->second.reserve(2);  // so that giving back does not allocate
  }
  idle_ = &known_sql->second;
  if (!idle_->empty()) {
    statement_ = std::move(idle_->back());
    idle_->pop_back();
    return;
  }
  sqlite3* handle = connection.database_->getHandle();
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (result != SQLITE_OK) throw SQLite::Exception(handle, result);
}

Query::Query(Query&&) noexcept = default;

Query::~Query() {
  if (!statement_) return;
  sqlite3_reset(statement_.get());  // repeats what step has told
  idle_->push_back(std::move(statement_));
}

void Query::check(int result) const {
  if (result != SQLITE_OK) throw SQLite::Exception(sqlite3_db_handle(statement_.get()), result);
}

void Query::bind(int index, std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), index, text.empty() ? "" : text.data(), text.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Query::lend(int index, std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), index, text.empty() ? "" : text.data(), text.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
}

void Query::bind(int index, double number) {
  check(sqlite3_bind_double(statement_.get(), index, number));
}

void Query::bind(int index, Blob blob) {
  check(sqlite3_bind_blob64(statement_.get(), index, blob.bytes.data(), blob.bytes.size(),
                            SQLITE_TRANSIENT));
}

void Query::bind(int index, const RowId& id) {
  check(sqlite3_bind_blob64(statement_.get(), index, id.data(), id.size(), SQLITE_TRANSIENT));
}

void Query::bind(int index, const std::optional<std::chrono::sys_seconds>& time) {
  if (time) return bind(index, *time);
  check(sqlite3_bind_null(statement_.get(), index));
}

void Query::bind_integer(int index, std::int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), index, number));
}

bool Query::step() {
  next_column_ = 0;
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  check(result == SQLITE_DONE ? SQLITE_OK : result);
  return false;
}

std::int64_t Query::run() {
  if (step()) throw SQLite::Exception("a statement gave rows that nobody reads", SQLITE_MISUSE);
  return sqlite3_changes64(sqlite3_db_handle(statement_.get()));
}

std::int64_t Query::integer(int index) const {
  return sqlite3_column_int64(statement_.get(), index);
}

std::string_view Query::text(int index) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), index));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), index));
  return {text, text == nullptr ? 0 : size};
}

std::string_view Query::bytes(int index) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), index);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), index));
  return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
}

void Query::column(int index, std::string& text) const { text = this->text(index); }

void Query::column(int index, std::vector<std::uint8_t>& blob) const {
  const std::string_view bytes = this->bytes(index);
  blob.assign(bytes.begin(), bytes.end());
}

void Query::column(int index, RowId& id) const {
  const std::string_view bytes = this->bytes(index);
  if (bytes.size() != id.size()) {
    throw SQLite::Exception("an id in the store is not of 16 bytes", SQLITE_CORRUPT);
  }
  std::memcpy(id.data(), bytes.data(), id.size());
}

void Query::column(int index, double& number) const {
  number = sqlite3_column_double(statement_.get(), index);
}

void Query::column(int index, std::optional<std::chrono::sys_seconds>& time) const {
  time.reset();
  const bool there = sqlite3_column_type(statement_.get(), index) != SQLITE_NULL;
  if (there) column(index, time.emplace());
}

void Query::column(int index, std::optional<OccurrenceId>& occurrence) const {
  occurrence = occurrence_of(integer(index));
}

void Query::column(int index, Method& method) const { method = known(parse_method(text(index))); }

void Query::column(int index, Partstat& partstat) const {
  partstat = known(parse_partstat(text(index)));
}

void Query::column(int index, EventStatus& status) const {
  status = known(parse_event_status(text(index)));
}

void Query::column(int index, OutboxState& state) const {
  state = known(parse_outbox_state(text(index)));
}

void Query::column(int index, ReceiptKind& kind) const {
  kind = known(parse_receipt_kind(text(index)));
}

void Query::column(int index, NoticeKind& kind) const {
  kind = known(parse_notice_kind(text(index)));
}

void Query::column(int index, AccountHold& hold) const {
  hold = known(parse_account_hold(text(index)));
}

// ---- the connection --------------------------------------------------------------------------

Connection::Connection(const std::filesystem::path& file, std::chrono::milliseconds busy_wait,
                       const std::filesystem::path& zoneinfo)
    : file_(file.string()),
      busy_wait_(busy_wait),
      zones_(zoneinfo),
      database_(std::make_unique<SQLite::Database>(file_,
                                                   SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX)) {
  sqlite3* handle = database_->getHandle();
  wait_for_writers(busy_wait);
  // Otherwise a misspelt column in double quotes is silently a string.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  add_functions(*database_, erasure_key_, zones_);
  counts_.add_functions(*database_);
  // FULL: an intent that was committed survives a power cut, or the send behind it would be hidden.
  execute(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864; "
      "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; "
      // In 16 MB of journal the same pages stand many times, and reach the file once.
      "PRAGMA wal_autocheckpoint = 4000");
}

Connection::~Connection() = default;

void Connection::execute(const std::string& sql) { database_->exec(sql); }

void Connection::wait_for_writers(std::chrono::milliseconds longest) {
  // SQLite's handler waits in growing pauses, without dice, until the time is up; then SQLITE_BUSY.
  database_->setBusyTimeout(static_cast<int>(longest.count()));
}

void Connection::switch_to_wal() {
  // The change to WAL reads before it asks for the file alone, and SQLite doesn't wait then (two
  // that did would wait for each other), so others that open a new file now are waited for here.
  constexpr std::chrono::milliseconds pause(5);
  for (std::chrono::milliseconds waited(0);; waited += pause) {
    const int result = database_->tryExec("PRAGMA journal_mode = WAL");
    if (result == SQLITE_OK) return;
    if (result != SQLITE_BUSY || waited >= busy_wait_)
      throw SQLite::Exception(database_->getHandle(), result);
    std::this_thread::sleep_for(pause);
  }
}

Error Connection::current_error() const { return error_of_exception(file_); }

Connection::Step::Step(Connection& connection, Mode mode, const char* caller)
    : connection_(connection), caller_(caller), joins_(connection.in_step() && mode == Mode::read) {
  if (!joins_) {
    // A transaction that reads first and writes then fails at once when another wrote between
    // (M14), so writers say so from the start.
    const char* begin = mode == Mode::read ? "BEGIN" : "BEGIN IMMEDIATE";
    connection.run(connection.in_step() ? "SAVEPOINT step" : begin);
    connection.counts_.begin();
  }
  ++connection_.depth_;
  open_ = !joins_;
  reach(connection_.depth_ == 1 ? "begun" : "joined");
}

void Connection::Step::reach(const char* moment) const {
  if (caller_ != nullptr) fault::reach(caller_, moment);
}

void Connection::Step::keep() {
  const bool outermost = connection_.depth_ == 1;
  if (outermost) connection_.counts_.store(connection_);
  reach(outermost ? "before commit" : "done");
  if (!joins_) {
    connection_.run(outermost ? "COMMIT" : "RELEASE step");
    connection_.counts_.keep();
  }
  open_ = false;
  if (outermost) reach("committed");
}

Connection::Step::~Step() {
  SQLite::Database& database = *connection_.database_;
  --connection_.depth_;
  if (open_) connection_.counts_.drop();
  // After some errors SQLite has rolled back by itself.
  if (open_ && sqlite3_get_autocommit(database.getHandle()) == 0) {
    database.tryExec(connection_.in_step() ? "ROLLBACK TO step; RELEASE step" : "ROLLBACK");
  }
  if (!connection_.in_step()) connection_.spoiled_.reset();
}

}  // namespace calinvite::sqlite

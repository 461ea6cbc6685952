#include "store/sqlite/functions.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/itip.hpp"
#include "calinvite/suppression.hpp"
#include "store/mentions.hpp"
#include "store/sqlite/rows.hpp"

namespace calinvite::sqlite {
namespace {

using Arguments = sqlite3_value**;

std::string_view bytes_of(sqlite3_value* value) {
  // The bytes first: asking for them is what makes a text of the value, if it is none.
  const void* bytes = sqlite3_value_blob(value);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
}

void give(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// 128 bits of the HMAC, which is what an id has; what it is of keeps the uses apart.
std::optional<std::array<std::uint8_t, 16>> keyed(const ErasureKey& key, std::string_view use,
                                                  std::string_view value) {
  if (!key) return std::nullopt;
  std::string input(use);
  input += ' ';
  input += value;
  const auto digest = crypto::hmac_sha256(*key, input);
  std::array<std::uint8_t, 16> half{};
  std::copy_n(digest.begin(), half.size(), half.begin());
  return half;
}

const ErasureKey& key_of(sqlite3_context* context) {
  return *static_cast<const ErasureKey*>(sqlite3_user_data(context));
}

void erased_as_function(sqlite3_context* context, int, Arguments values) {
  if (const auto stand_in = erased_as(key_of(context), bytes_of(values[0]))) {
    give(context, *stand_in);
  }
}

void erased_row(sqlite3_context* context, int, Arguments values) {
  const auto hash = keyed(key_of(context), "row", bytes_of(values[0]));
  if (hash) sqlite3_result_blob(context, hash->data(), hash->size(), SQLITE_TRANSIENT);
}

void erased_uid(sqlite3_context* context, int, Arguments values) {
  // UIDs are compared without case.
  const auto hash = keyed(key_of(context), "uid", text::lower(bytes_of(values[0])));
  if (hash) give(context, "erased-" + text::hex(*hash));
}

void erased_fact(sqlite3_context* context, int, Arguments values) {
  const auto fact = bytes_of(values[0]);
  const auto hash = fact.empty() ? std::nullopt : keyed(key_of(context), "fact", fact);
  give(context, hash ? "erased " + text::hex(*hash) : std::string(fact));
}

void mentions(sqlite3_context* context, int, Arguments values) {
  sqlite3_result_int(context, calinvite::mentions(bytes_of(values[0]), bytes_of(values[1])));
}

void without_mentions(sqlite3_context* context, int, Arguments values) {
  give(context,
       calinvite::without_mentions(bytes_of(values[0]), bytes_of(values[1]), bytes_of(values[2])));
}

void event_over(sqlite3_context* context, int, Arguments values) {
  const auto wall = [&](int index) {
    return std::chrono::local_seconds(std::chrono::seconds(sqlite3_value_int64(values[index])));
  };
  Event event;
  event.start = wall(0);
  event.end = wall(1);
  event.timezone = bytes_of(values[2]);
  event.all_day = sqlite3_value_int64(values[3]) != 0;
  event.rrule = bytes_of(values[4]);
  read_dates(event, bytes_of(values[5]), bytes_of(values[6]));
  const auto over = over_at(event, *static_cast<const ZoneTable*>(sqlite3_user_data(context)));
  if (over) sqlite3_result_int64(context, over->time_since_epoch().count());
}

/// No exception may pass through SQLite.
template <void (*function)(sqlite3_context*, int, Arguments)>
void guarded(sqlite3_context* context, int count, Arguments values) {
  try {
    function(context, count, values);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

}  // namespace

std::optional<std::string> erased_as(const ErasureKey& key, std::string_view address) {
  const auto hash = keyed(key, "address", address);
  if (!hash) return std::nullopt;
  return text::hex(*hash) + std::string(erased_host);
}

void add_functions(SQLite::Database& database, const ErasureKey& key, const ZoneTable& zones) {
  auto* data = const_cast<ErasureKey*>(&key);  // handed back as const, as the zones are
  const auto add = [&](const char* name, int arguments, auto function) {
    database.createFunction(name, arguments, true, data, function);
  };
  add("erased_as", 1, guarded<erased_as_function>);
  add("erased_row", 1, guarded<erased_row>);
  add("erased_fact", 1, guarded<erased_fact>);
  add("erased_uid", 1, guarded<erased_uid>);
  database.createFunction("event_over", 7, true, const_cast<ZoneTable*>(&zones),
                          guarded<event_over>);
  add("mentions", 2, guarded<mentions>);
  add("without_mentions", 3, guarded<without_mentions>);
}

}  // namespace calinvite::sqlite

#include "store/sqlite/counts.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <utility>

#include "store/sqlite/rows.hpp"

namespace calinvite::sqlite {
namespace {

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 86400;

std::int64_t floor_to(std::int64_t unit, std::int64_t time) {
  const std::int64_t rest = time % unit;
  return time - (rest < 0 ? rest + unit : rest);
}

std::string_view status_of(std::string_view partstat) {
  return status_word(parse_partstat(partstat).value_or(Partstat::needs_action));
}

// ---- functions of statements -----------------------------------------------------------------

using Arguments = sqlite3_value**;

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return {text, text == nullptr ? 0 : size};
}

void give(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

Counts& counts_of(sqlite3_context* context) {
  return *static_cast<Counts*>(sqlite3_user_data(context));
}

void status_word_function(sqlite3_context* context, Arguments values) {
  give(context, status_of(text_of(values[0])));
}

void delivery_word_function(sqlite3_context* context, Arguments values) {
  give(context, delivery_word_of(sqlite3_value_int64(values[0])));
}

void count_attendee_function(sqlite3_context* context, Arguments values) {
  CountedAttendee attendee;
  attendee.origin = text_of(values[3]);
  attendee.prodid = text_of(values[4]);
  attendee.partstat = text_of(values[5]);
  attendee.kinds = sqlite3_value_int64(values[6]);
  attendee.uninvited = sqlite3_value_int64(values[7]) != 0;
  attendee.suppressed = sqlite3_value_int64(values[8]) != 0;
  counts_of(context).count_attendee(sqlite3_value_int64(values[0]), text_of(values[1]),
                                    text_of(values[2]), attendee);
}

void count_receipt_function(sqlite3_context* context, Arguments values) {
  counts_of(context).count_receipt(text_of(values[0]), text_of(values[1]),
                                   sqlite3_value_int64(values[2]), text_of(values[3]),
                                   sqlite3_value_int64(values[4]));
}

void note_event_function(sqlite3_context* context, Arguments values) {
  counts_of(context).note_event(text_of(values[0]), text_of(values[1]));
}

void note_words_function(sqlite3_context* context, Arguments) { counts_of(context).note_words(); }

/// No exception may pass through SQLite.
template <void (*function)(sqlite3_context*, Arguments)>
void guarded(sqlite3_context* context, int, Arguments values) {
  try {
    function(context, values);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

// ---- rows ------------------------------------------------------------------------------------

void add_receipts(Connection& connection, std::string_view domain, std::string_view organizer,
                  std::string_view unit, std::int64_t start, std::string_view kind,
                  std::int64_t number) {
  connection.run(
      "INSERT INTO organizer_receipts (domain, unit, start, kind, organizer, number)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT DO UPDATE SET number = number + excluded.number",
      domain, unit, start, kind, organizer, number);
}

void store_event(Connection& connection, const std::string& domain, const std::string& event,
                 const EventDelta& delta) {
  std::string organizer;
  auto owner =
      connection.query("SELECT organizer FROM event WHERE domain = ?1 AND uid = ?2", domain, event);
  if (owner.step()) owner.read(organizer);
  for (const auto& [name, number] : delta.words) {
    if (number == 0) continue;
    connection.run(
        "INSERT INTO event_count (domain, event, subject, word, number) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT DO UPDATE SET number = number + excluded.number",
        domain, event, name.first, name.second, number);
    connection.run(
        "INSERT INTO organizer_count (domain, subject, word, organizer, number)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET number = number + excluded.number",
        domain, name.first, name.second, organizer, number);
  }
  for (const auto& [bucket, number] : delta.receipts) {
    connection.run(
        "INSERT INTO event_receipts (domain, event, start, kind, number)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET number = number + excluded.number",
        domain, event, bucket.first, bucket.second, number);
    add_receipts(connection, domain, organizer, "hour", bucket.first, bucket.second, number);
    add_receipts(connection, domain, organizer, "day", floor_to(day, bucket.first), bucket.second,
                 number);
  }
  if (!delta.changed && delta.first == 0) return;
  connection.run(
      "INSERT INTO feed (domain, number, organizer, event, changed, first, last) VALUES (?1,"
      " 1 + coalesce((SELECT max(f.number) FROM feed AS f WHERE f.domain = ?1), 0),"
      " ?2, ?3, ?4, ?5, ?6)",
      domain, organizer, event, delta.changed, delta.first, delta.first == 0 ? -1 : delta.last);
}

void add(EventDelta& sum, const EventDelta& more) {
  for (const auto& [name, number] : more.words) sum.words[name] += number;
  for (const auto& [bucket, number] : more.receipts) sum.receipts[bucket] += number;
  if (more.first != 0) {
    if (sum.first == 0) sum.first = more.first;
    sum.last = more.last;  // later receipts have higher numbers
  }
  sum.changed = sum.changed || more.changed;
}

}  // namespace

void Counts::add_functions(SQLite::Database& database) {
  const auto add = [&](const char* name, int arguments, bool pure, auto function) {
    database.createFunction(name, arguments, pure, this, function);
  };
  add("status_word", 1, true, guarded<status_word_function>);
  add("delivery_word", 1, true, guarded<delivery_word_function>);
  add("count_attendee", 9, false, guarded<count_attendee_function>);
  add("count_receipt", 5, false, guarded<count_receipt_function>);
  add("note_event", 2, false, guarded<note_event_function>);
  add("note_words", 0, false, guarded<note_words_function>);
}

void Counts::store(Connection& connection) {
  for (const auto& [key, delta] : steps_.back()) {
    store_event(connection, key.first, key.second, delta);
  }
  if (std::exchange(has_words_, false)) index_words(connection);
}

void Counts::keep() {
  if (steps_.size() > 1) {
    Events& around = steps_[steps_.size() - 2];
    if (around.empty()) {
      around.swap(steps_.back());
    } else {
      for (const auto& [key, delta] : steps_.back()) add(around[key], delta);
    }
  }
  steps_.pop_back();
}

EventDelta& Counts::of(std::string_view domain, std::string_view event) {
  return steps_.back()[{std::string(domain), std::string(event)}];
}

void Counts::count_attendee(std::int64_t by, std::string_view domain, std::string_view event,
                            const CountedAttendee& attendee) {
  if (attendee.uninvited) return;
  auto& words = of(domain, event).words;
  const auto count = [&](const char* subject, std::string_view word) {
    words[{subject, std::string(word)}] += by;
  };
  count("delivery", delivery_word_of(attendee.kinds));
  if (attendee.suppressed) return;
  count("rsvp", status_of(attendee.partstat));
  count("origin", attendee.origin);
  if (!attendee.prodid.empty()) count("prodid", attendee.prodid);
}

void Counts::count_receipt(std::string_view domain, std::string_view event, std::int64_t seq,
                           std::string_view kind, std::int64_t time) {
  EventDelta& delta = of(domain, event);
  ++delta.receipts[{floor_to(hour, time), std::string(kind)}];
  if (delta.first == 0) delta.first = seq;
  delta.last = seq;
}

void Counts::note_event(std::string_view domain, std::string_view event) {
  of(domain, event).changed = true;
}

}  // namespace calinvite::sqlite

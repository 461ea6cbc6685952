/// What several parts of the SQLite store share: scopes as conditions, and rows as values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calinvite/store.hpp"
#include "store/sqlite/connection.hpp"

namespace calinvite::sqlite {

// All functions here run inside a step and throw what a Query throws.

/// The condition that a row with these columns lies in the scope, whose parts are ?1 and ?2.
std::string in_scope(const Scope& scope, const std::string& domain, const std::string& organizer);
/// The same of event `e`.
inline std::string event_in_scope(const Scope& scope) {
  return in_scope(scope, "e.domain", "e.organizer");
}
/// @error invalid_argument  the scope is the whole store, and the call needs one domain
/// @error not_found         no such domain
Result<void> require_domain(Connection& connection, const Scope& scope);

/// The condition that an address is the stand-in for an erased one.
std::string names_nobody(const std::string& address);
/// The condition that an address must not be mailed. Three plain lookups: IN lists in their place
/// would build temporary tables each time.
std::string suppressed(const std::string& domain, const std::string& organizer,
                       const std::string& address);
/// The same of attendee `a` of event `e`.
inline std::string is_suppressed() { return suppressed("e.domain", "e.organizer", "a.address"); }
bool is_suppressed(Connection& connection, std::string_view domain, std::string_view organizer,
                   std::string_view address);
/// Whether the hash of that address is kept, by the domain or for everything; or by any domain.
bool is_erased(Connection& connection, std::string_view domain, std::string_view address);
bool is_erased_anywhere(Connection& connection, std::string_view address);
/// Whether outbox entry `o` may still be withdrawn, or may have left.
inline const std::string is_unsent =
    "(o.state IN ('pending', 'held') OR (o.state = 'claimed' AND o.attempt_id = ''))";
inline const std::string may_have_left =
    "(o.state IN ('accepted', 'in_doubt') OR (o.state = 'claimed' AND o.attempt_id <> ''))";
/// FROM and WHERE of the messages `n` of the copy that may have left after outbox entry `entry`, an
/// alias, and said what it says: about the same date, or about the whole series.
std::string told_since(const std::string& entry);

/// An event as far as deciding about its invites needs it.
struct EventHead {
  std::string domain;
  std::string uid;
  std::string organizer;
  std::int32_t sequence = 0;
  std::int32_t key_sequence = 0;
  std::uint64_t invite_limit = 0;
};
/// @error not_found  no such event in scope
Result<EventHead> get_event_head(Connection& connection, const Scope& scope, std::string_view uid);

/// Columns of event or revision `e`, as read_event reads them.
inline const std::string event_columns =
    "e.uid, e.source_uid, e.organizer, e.source_organizer, e.summary, e.description, e.location,"
    " e.url, e.landing, e.language, e.start, e.\"end\", e.timezone, e.all_day, e.rrule, e.exdates,"
    " e.overrides, e.status, e.sequence, e.key_sequence, e.source_sequence, e.source_dtstamp,"
    " e.listed, e.invite_limit, e.created, e.changed, e.conference, e.reminder, e.transparent,"
    " e.wants_answers, e.counters_allowed";
Event read_event(Query& query);
/// Into `event`, or a table that has its columns too. @return 0 when a key of it is taken
std::int64_t insert_event(Connection& connection, const std::string& table, std::string_view domain,
                          const Event& event);
/// The columns exdates and overrides.
void read_dates(Event& event, std::string_view exdates, std::string_view overrides);
/// Minutes; -1: none.
std::int64_t write_reminder(const Event& event);
std::string write_exdates(const Event& event);
std::string write_overrides(const Event& event);

/// Columns of attendee `a`, as read_attendee reads them.
inline const std::string attendee_columns =
    "a.event, a.address, a.name, a.language, a.origin, a.id, a.uid, a.partstat, a.answer_sequence,"
    " a.answer_dtstamp, a.channel, a.prodid, a.comment, a.proposal, a.held_sequence, a.uninvited,"
    " a.kinds";
Attendee read_attendee(Query& query);

/// The bit of a kind in attendee.kinds.
constexpr std::int64_t kind_bit(ReceiptKind kind) noexcept {
  return std::int64_t{1} << static_cast<int>(kind);
}
static_assert(kind_bit(ReceiptKind::unsubscribed) == 1 << 15, "stored: kinds are only appended");
std::string_view delivery_word_of(std::int64_t kinds);

/// Appends a receipt and keeps the attendee's cache of kinds.
/// @param fact  names a fact from outside; one that is there already is not appended again
/// @return false when it was there
bool append_receipt(Connection& connection, std::string_view domain, const Receipt& receipt,
                    std::string_view fact = {});
/// Its two halves, for those that change the attendee anyway.
bool insert_receipt(Connection& connection, std::string_view domain, const Receipt& receipt,
                    std::string_view fact = {});
void mark_kinds(Connection& connection, std::string_view domain, std::string_view event,
                std::string_view address, std::int64_t kinds);

/// Columns of receipt, as read_receipt reads them.
inline const std::string receipt_columns =
    "seq, kind, time, event, address, sequence, method, attempt_id, message_id, detail, channel,"
    " prodid, comment, proposal";
/// @param more  of further columns
template <class... More>
Receipt read_receipt(Query& query, std::int64_t& seq, More&... more) {
  Receipt r;
  query.read(seq, r.kind, r.time, r.event, r.address, r.sequence, r.method, r.attempt_id,
             r.message_id, r.detail, r.channel, r.prodid, r.comment, r.proposal, more...);
  return r;
}

/// What MATCH takes to find a text within a scope; empty when there is no word in it.
std::string match_events(Connection& connection, const Scope& scope, std::string_view text);
std::string match_people(Connection& connection, const Scope& scope, std::string_view text);
/// Lets events and people be found whose words are new.
void index_words(Connection& connection);

/// What became of messages of a domain, to be added to the counts of the day.
struct SendingCounts {
  std::uint64_t accepted = 0;
  std::uint64_t bounced = 0;
  std::uint64_t complained = 0;
};
void count_sending(Connection& connection, std::string_view domain, const SendingCounts& counts,
                   std::chrono::sys_seconds now);

/// How many rows to ask for, to know whether a page is the last.
/// @error invalid_argument  a page of no rows
Result<std::size_t> rows_of(const Page& page);
/// The number that a cursor holds; absent when empty.
/// @error invalid_argument  not one of our cursors
Result<std::int64_t> number_of(const Page& page);

/// Cuts the row that shows that there are more, and sets the cursor to the last one kept.
template <class T, class Cursor>
Paged<T> paged(std::vector<T> rows, const Page& page, Cursor cursor_of) {
  Paged<T> part{std::move(rows), {}};
  if (part.items.size() > page.limit) {
    part.items.pop_back();
    part.next = cursor_of(part.items.back());
  }
  return part;
}

}  // namespace calinvite::sqlite

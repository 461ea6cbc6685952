// What attendees answer: for the series, for one date of it, or in somebody else's place.
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Whether the attendee holds this copy, or any.
bool has_copy(Connection& connection, const EventHead& event, const Attendee& attendee, bool any) {
  return connection
      .query(
          "SELECT 1 FROM attendee"
          " WHERE domain = ?1 AND event = ?2 AND address = ?3 AND (?4 OR uid = ?5)",
          event.domain, event.uid, attendee.address, any, attendee.uid)
      .step();
}

void answer_series(Connection& connection, const EventHead& event, const Attendee& attendee) {
  connection.run(
      "UPDATE attendee SET partstat = ?4, answer_sequence = ?5, answer_dtstamp = ?6, channel = ?7,"
      " prodid = ?8, comment = ?9, proposal = ?10"
      " WHERE domain = ?1 AND event = ?2 AND address = ?3",
      event.domain, event.uid, attendee.address, attendee.partstat, attendee.answer_sequence,
      attendee.answer_dtstamp, attendee.channel, attendee.prodid, attendee.comment,
      attendee.proposal);
  connection.run(
      "DELETE FROM occurrence_answer WHERE domain = ?1 AND event = ?2 AND address = ?3"
      " AND answer_dtstamp <= ?4",
      event.domain, event.uid, attendee.address, attendee.answer_dtstamp);
}

void answer_occurrence(Connection& connection, const EventHead& event, const Attendee& attendee,
                       const std::optional<OccurrenceId>& occurrence) {
  connection.run(
      "INSERT OR REPLACE INTO occurrence_answer (domain, event, address, occurrence, partstat,"
      " answer_sequence, answer_dtstamp, channel, prodid, comment, proposal)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      event.domain, event.uid, attendee.address, occurrence_key(occurrence), attendee.partstat,
      attendee.answer_sequence, attendee.answer_dtstamp, attendee.channel, attendee.prodid,
      attendee.comment, attendee.proposal);
}

const std::string select_answers =
    "SELECT o.address, o.occurrence, o.partstat, o.answer_sequence, o.answer_dtstamp, o.channel,"
    " o.prodid, o.comment, o.proposal FROM occurrence_answer AS o"
    " WHERE o.domain = ?1 AND o.event = ?2";

OccurrenceAnswer read_answer(Query& query) {
  OccurrenceAnswer answer;
  std::optional<OccurrenceId> occurrence;
  query.read(answer.address, occurrence, answer.partstat, answer.answer_sequence,
             answer.answer_dtstamp, answer.channel, answer.prodid, answer.comment, answer.proposal);
  answer.occurrence = occurrence.value_or(OccurrenceId{});
  return answer;
}

/// A page of what hangs on one event. `read` reads a row; `cursor` names it in ?3, as text.
template <class Read, class Cursor>
auto list_of_event(Connection& connection, const Scope& scope, std::string_view event,
                   const Page& page, const std::string& sql, Read read, Cursor cursor)
    -> Result<Paged<std::invoke_result_t<Read, Query&>>> {
  const auto limit = rows_of(page);
  if (!limit) return tl::unexpected<Error>(limit.error());
  const auto head = get_event_head(connection, scope, event);
  if (!head) return tl::unexpected<Error>(head.error());
  auto rows = connection.query(sql + " LIMIT ?4", head->domain, head->uid, page.after, *limit);
  std::vector<std::invoke_result_t<Read, Query&>> items;
  while (rows.step()) items.push_back(read(rows));
  return paged(std::move(items), page, cursor);
}

}  // namespace

Result<bool> SqliteStore::record_reply(const Scope& scope, const AnswerRecord& answer) {
  return connection_->write([&]() -> Result<bool> {
    if (answer.dedupe_key.empty()) {
      return fail(Code::invalid_argument, "an answer needs a key that tells it from others",
                  Place{{}, 0, 0, "dedupe_key"});
    }
    const auto head = get_event_head(*connection_, scope, answer.attendee.event);
    if (!head) return tl::unexpected<Error>(head.error());
    // Of a past copy only history can be kept.
    if (!has_copy(*connection_, *head, answer.attendee, answer.history_only)) {
      return fail(Code::not_found, answer.attendee.address + " is not invited to " + head->uid);
    }
    Receipt kept = answer.receipt;
    kept.event = head->uid;
    kept.address = answer.attendee.address;
    const std::string key = "reply " + kept.address + ' ' + answer.dedupe_key;
    if (!append_receipt(*connection_, head->domain, kept, key)) return false;
    if (answer.history_only) return true;
    if (answer.occurrence) {
      answer_occurrence(*connection_, *head, answer.attendee, answer.occurrence);
    } else {
      answer_series(*connection_, *head, answer.attendee);
    }
    return true;
  });
}

Result<OccurrenceStanding> SqliteStore::get_occurrence(const Scope& scope, std::string_view event,
                                                       std::string_view address,
                                                       const OccurrenceId& occurrence) {
  return connection_->read([&]() -> Result<OccurrenceStanding> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    OccurrenceStanding standing;
    const auto key = occurrence_key(occurrence);
    auto answers = connection_->query(select_answers + " AND o.address = ?3 AND o.occurrence = ?4",
                                      head->domain, head->uid, address, key);
    if (answers.step()) standing.answer = read_answer(answers);
    auto changes = connection_->query(
        "SELECT sequence FROM occurrence_change"
        " WHERE domain = ?1 AND event = ?2 AND occurrence = ?3",
        head->domain, head->uid, key);
    if (changes.step()) changes.read(standing.key_sequence);
    return standing;
  });
}

Result<Paged<OccurrenceAnswer>> SqliteStore::list_occurrence_answers(const Scope& scope,
                                                                     std::string_view event,
                                                                     const Page& page) {
  return connection_->read([&]() -> Result<Paged<OccurrenceAnswer>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto space = std::min(page.after.size(), page.after.find(' '));  // no address holds one
    const auto occurrence =
        number_of({page.limit, page.after.substr(std::min(page.after.size(), space + 1))});
    if (!occurrence) return tl::unexpected<Error>(occurrence.error());
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    auto rows = connection_->query(
        select_answers +
            " AND (o.address, o.occurrence) > (?3, ?4) ORDER BY o.address, o.occurrence LIMIT ?5",
        head->domain, head->uid, page.after.substr(0, space), *occurrence, *limit);
    std::vector<OccurrenceAnswer> answers;
    while (rows.step()) answers.push_back(read_answer(rows));
    return paged(std::move(answers), page, [](const OccurrenceAnswer& last) {
      return last.address + ' ' + std::to_string(occurrence_key(last.occurrence));
    });
  });
}

Result<Paged<Attendee>> SqliteStore::list_proposals(const Scope& scope, std::string_view event,
                                                    const Page& page) {
  return connection_->read([&] {
    return list_of_event(
        *connection_, scope, event, page,
        "SELECT " + attendee_columns +
            " FROM attendee AS a WHERE a.domain = ?1 AND a.event = ?2 AND a.proposal <> ''"
            " AND a.address > ?3 ORDER BY a.address",
        read_attendee, [](const Attendee& last) { return last.address; });
  });
}

Result<bool> SqliteStore::record_shared_attendee(const Scope& scope, const SharedAttendee& person) {
  return connection_->write([&]() -> Result<bool> {
    const auto head = get_event_head(*connection_, scope, person.event);
    if (!head) return tl::unexpected<Error>(head.error());
    const auto stored = connection_->run(
        "INSERT INTO shared_attendee AS s (domain, event, address, name, partstat, via, time)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (domain, event, address) DO UPDATE"
        " SET name = excluded.name, partstat = excluded.partstat, via = excluded.via,"
        " time = excluded.time WHERE excluded.time > s.time",
        head->domain, head->uid, person.address, person.name, person.partstat, person.via,
        person.time);
    return stored > 0;
  });
}

Result<Paged<SharedAttendee>> SqliteStore::list_shared_attendees(const Scope& scope,
                                                                 std::string_view event,
                                                                 const Page& page) {
  return connection_->read([&] {
    return list_of_event(
        *connection_, scope, event, page,
        "SELECT event, address, name, partstat, via, time FROM shared_attendee"
        " WHERE domain = ?1 AND event = ?2 AND address > ?3 ORDER BY address",
        [](Query& row) {
          SharedAttendee person;
          row.read(person.event, person.address, person.name, person.partstat, person.via,
                   person.time);
          return person;
        },
        [](const SharedAttendee& last) { return last.address; });
  });
}

}  // namespace calinvite::sqlite

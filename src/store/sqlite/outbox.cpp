#include "store/sqlite/entries.hpp"
#include "store/sqlite/fan_out.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

constexpr OutboxState all_states[] = {
    OutboxState::pending,    OutboxState::claimed,    OutboxState::held,
    OutboxState::accepted,   OutboxState::refused,    OutboxState::in_doubt,
    OutboxState::superseded, OutboxState::suppressed, OutboxState::expired};

// The condition of the index outbox_due, word for word, or the index is not used.
const std::string waits = "c.state IN ('pending', 'held')";

/// A notice is a row without an event.
ClaimedInvite read_claimed_notice(Connection& connection, std::int64_t entry, Notice notice) {
  ClaimedInvite claimed;
  auto row = connection.query("SELECT domain FROM outbox WHERE entry = ?1", entry);
  row.step();
  row.read(claimed.domain);
  claimed.entry = entry;
  claimed.method = Method::publish;
  claimed.attendee.address = notice.address;
  claimed.notice = std::move(notice);
  return claimed;
}

/// Messages of one copy leave one at a time and in the order they were enqueued (R80).
const std::string has_its_turn =
    "NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.domain = c.domain AND o.event = c.event"
    " AND o.address = c.address AND o.uid = c.uid AND (o.state = 'claimed'"
    " OR (o.state IN ('pending', 'held') AND o.entry < c.entry)))";

/// What the copy was last told, or may have been, about the same occurrence. Only a CANCEL is
/// written from a revision that has been overtaken. The attempts are few, and SQLite would make a
/// temporary table to put them in order.
void read_last_attempt(Connection& connection, ClaimedInvite& invite) {
  auto attempts = connection.query(
      "SELECT m.dtstamp, m.entry, m.state = 'in_doubt' AND m.method = ?6 AND m.sequence = ?7"
      " AND m.dtstamp >= coalesce((SELECT r.changed FROM revision AS r WHERE r.domain = ?1"
      "  AND r.uid = ?2 AND r.sequence = ?9 AND ?6 = 'CANCEL'),"
      "  (SELECT e.changed FROM event AS e WHERE e.domain = ?1 AND e.uid = ?2))"
      " FROM outbox AS m WHERE m.domain = ?1 AND m.event = ?2 AND m.address = ?3 AND m.uid = ?4"
      " AND m.occurrence = ?5 AND m.entry <> ?8 AND m.state IN ('accepted', 'in_doubt', 'claimed')",
      invite.domain, invite.event, invite.attendee.address, invite.attendee.uid,
      occurrence_key(invite.occurrence), invite.method, invite.sequence, invite.entry,
      invite.known_sequence);
  std::pair<std::chrono::sys_seconds, std::int64_t> last{};
  while (attempts.step()) {
    std::pair<std::chrono::sys_seconds, std::int64_t> attempt;
    bool doubt = false;
    attempts.read(attempt.first, attempt.second, doubt);
    if (attempt < last) continue;
    last = attempt;
    invite.last_dtstamp = attempt.first;
    invite.repeats_doubt = doubt;
  }
}

/// The newest revision before the invite's of which the copy got a message that ended so.
std::int32_t read_newest(Connection& connection, const ClaimedInvite& invite, OutboxState state) {
  std::int32_t newest = -1;
  auto earlier = connection.query(
      "SELECT coalesce(max(m.sequence), -1) FROM outbox AS m WHERE m.domain = ?1 AND m.event = ?2"
      " AND m.address = ?3 AND m.uid = ?4 AND m.state = ?6 AND m.sequence < ?5",
      invite.domain, invite.event, invite.attendee.address, invite.attendee.uid, invite.sequence,
      state);
  if (earlier.step()) earlier.read(newest);
  return newest;
}

/// A copy may hold a part of the revision already: of a series and its changed dates, each has a
/// message.
std::int32_t read_known_sequence(Connection& connection, const ClaimedInvite& invite) {
  std::int32_t known = invite.attendee.held_sequence;
  if (known >= invite.sequence) known = read_newest(connection, invite, OutboxState::accepted);
  const bool may_hold = known < 0 && invite.method == Method::cancel;
  return may_hold ? read_newest(connection, invite, OutboxState::in_doubt) : known;
}

/// An answer to the date itself, else one to the series that knew the date as it is now (R72,
/// R113).
void read_answer_to_date(Connection& connection, ClaimedInvite& invite) {
  auto answer = connection.query(
      "SELECT coalesce((SELECT w.partstat FROM occurrence_answer AS w WHERE w.domain = ?1"
      "  AND w.event = ?2 AND w.address = ?3 AND w.occurrence = ?4),"
      " iif(?6 >= coalesce((SELECT h.sequence FROM occurrence_change AS h WHERE h.domain = ?1"
      "  AND h.event = ?2 AND h.occurrence = ?4), 0), ?5, 'NEEDS-ACTION'))",
      invite.domain, invite.event, invite.attendee.address, occurrence_key(invite.occurrence),
      invite.attendee.partstat, invite.attendee.answer_sequence);
  if (answer.step()) answer.read(invite.attendee.partstat);
}

ClaimedInvite read_claimed(Connection& connection, std::int64_t entry) {
  static const std::string sql =
      "SELECT o.entry, o.domain, o.event, e.organizer, o.method, o.sequence, o.occurrence,"
      " coalesce(c.token, ''), iif(p.uid IS NULL, a.first_message_id, p.first_message_id),"
      " o.uid, p.uid IS NOT NULL, coalesce(p.held_sequence, a.held_sequence), " +
      attendee_columns +
      " FROM outbox AS o JOIN event AS e ON e.domain = o.domain AND e.uid = o.event"
      " JOIN attendee AS a"
      " ON a.domain = o.domain AND a.event = o.event AND a.address = o.address"
      " LEFT JOIN correspondent AS c ON c.domain = o.domain AND c.organizer = e.organizer"
      " AND c.address = o.address"
      " LEFT JOIN past_copy AS p ON p.domain = o.domain AND p.uid = o.uid"
      " WHERE o.entry = ?1";
  auto row = connection.query(sql, entry);
  ClaimedInvite invite;
  std::string uid;
  bool past = false;
  std::int32_t held_sequence = -1;
  if (!row.step())
    return read_claimed_notice(connection, entry, find_notice(connection, entry).value());
  row.read(invite.entry, invite.domain, invite.event, invite.organizer, invite.method,
           invite.sequence, invite.occurrence, invite.address_token, invite.first_message_id, uid,
           past, held_sequence);
  invite.attendee = read_attendee(row);
  // The CANCEL of a copy whose attendee has been invited anew is still about the old one.
  invite.attendee.uid = uid;
  invite.attendee.held_sequence = held_sequence;
  if (past) invite.attendee.uninvited = true;
  invite.known_sequence = read_known_sequence(connection, invite);
  read_last_attempt(connection, invite);
  if (invite.occurrence) read_answer_to_date(connection, invite);
  return invite;
}

std::vector<std::int64_t> read_numbers(Query query) {
  std::vector<std::int64_t> numbers;
  while (query.step()) query.read(numbers.emplace_back());
  return numbers;
}

/// When the next entry in that state, pending or held, may be claimed, if that is before `limit`.
std::optional<std::chrono::sys_seconds> find_due(Connection& connection, OutboxState state,
                                                 std::chrono::sys_seconds limit) {
  std::optional<std::chrono::sys_seconds> due;
  auto found = connection.query("SELECT c.not_before FROM outbox AS c WHERE " + waits +
                                    " AND c.state = ?1 AND c.not_before < ?2 AND " + has_its_turn +
                                    " ORDER BY c.not_before, c.entry LIMIT 1",
                                state, limit);
  if (found.step()) found.read(due);
  return due;
}

std::vector<std::int64_t> list_due(Connection& connection, std::size_t limit,
                                   std::chrono::sys_seconds now) {
  return read_numbers(connection.query("SELECT c.entry FROM outbox AS c WHERE " + waits +
                                           " AND c.not_before <= ?1 AND " + has_its_turn +
                                           " ORDER BY c.not_before, c.entry LIMIT ?2",
                                       now, std::min<std::size_t>(limit, INT32_MAX)));
}

}  // namespace

std::uint64_t& count_of(OutboxTotals& totals, OutboxState state) {
  switch (state) {
    case OutboxState::pending:
      return totals.pending;
    case OutboxState::claimed:
      return totals.claimed;
    case OutboxState::held:
      return totals.held;
    case OutboxState::accepted:
      return totals.accepted;
    case OutboxState::refused:
      return totals.refused;
    case OutboxState::in_doubt:
      return totals.in_doubt;
    case OutboxState::superseded:
      return totals.superseded;
    case OutboxState::suppressed:
      return totals.suppressed;
    case OutboxState::expired:
      break;
  }
  return totals.expired;
}

Result<std::uint64_t> SqliteStore::new_fence() {
  return connection_->write([&]() -> Result<std::uint64_t> {
    std::uint64_t fence = 0;
    connection_->run("UPDATE fence SET last = last + 1");
    auto last = connection_->query("SELECT last FROM fence");
    if (last.step()) last.read(fence);
    return fence;
  });
}

Result<std::vector<ClaimedInvite>> SqliteStore::claim(std::uint64_t fence, std::size_t limit,
                                                      std::chrono::sys_seconds now,
                                                      std::chrono::sys_seconds lease_until) {
  return connection_->write([&]() -> Result<std::vector<ClaimedInvite>> {
    // A change whose process has ended goes on here, part by part: the same call resumes all that
    // was begun.
    reach_next_of_any(*connection_, {});
    const auto entries = list_due(*connection_, limit, now);
    std::vector<ClaimedInvite> claimed;
    claimed.reserve(entries.size());
    for (const std::int64_t entry : entries) {
      connection_->run(
          "UPDATE outbox SET state = 'claimed', fence = ?2, lease_until = ?3, changed = ?4,"
          " attempt_id = '', message_id = '', evidence = 0, reason = '' WHERE entry = ?1",
          entry, fence, lease_until, now);
      claimed.push_back(read_claimed(*connection_, entry));
    }
    return claimed;
  });
}

Result<std::optional<ClaimedInvite>> SqliteStore::draft_invite(const Scope& scope,
                                                               std::string_view event,
                                                               std::string_view address) {
  return connection_->read([&]() -> Result<std::optional<ClaimedInvite>> {
    auto row = connection_->query(
        "SELECT e.domain, e.uid, e.organizer, e.sequence, e.status, coalesce(c.token, ''),"
        " a.first_message_id, EXISTS (SELECT 1 FROM outbox AS o WHERE o.domain = a.domain"
        " AND o.event = a.event AND o.address = a.address AND o.uid = a.uid"
        " AND o.method = 'REQUEST' AND " +
            may_have_left + "), " + attendee_columns +
            " FROM attendee AS a JOIN event AS e ON e.domain = a.domain AND e.uid = a.event"
            " LEFT JOIN correspondent AS c ON c.domain = a.domain AND c.organizer = e.organizer"
            " AND c.address = a.address"
            " WHERE " +
            event_in_scope(scope) + " AND a.event = ?3 AND a.address = ?4 AND a.uninvited = 0",
        scope.domain_name(), scope.organizer_address(), event, address);
    if (!row.step()) return std::optional<ClaimedInvite>();
    ClaimedInvite invite;
    EventStatus status{};
    bool sent = false;
    row.read(invite.domain, invite.event, invite.organizer, invite.sequence, status,
             invite.address_token, invite.first_message_id, sent);
    invite.attendee = read_attendee(row);
    if (status == EventStatus::cancelled) invite.method = Method::cancel;
    if (invite.method == Method::cancel && !sent) {  // R87
      return fail(Code::conflict, "event " + invite.event + " is cancelled and " +
                                      invite.attendee.address +
                                      " was never sent an invitation to it; nothing would be sent");
    }
    invite.known_sequence = read_known_sequence(*connection_, invite);
    read_last_attempt(*connection_, invite);
    return invite;
  });
}

Result<void> SqliteStore::renew(std::uint64_t fence, std::chrono::sys_seconds lease_until) {
  return connection_->write([&]() -> Result<void> {
    connection_->run("UPDATE outbox SET lease_until = ?2 WHERE state = 'claimed' AND fence = ?1",
                     fence, lease_until);
    return {};
  });
}

Result<void> SqliteStore::release(std::uint64_t fence) {
  return connection_->write([&]() -> Result<void> {
    connection_->run(
        "UPDATE outbox SET state = 'pending'"
        " WHERE state = 'claimed' AND fence = ?1 AND attempt_id = ''",
        fence);
    return {};
  });
}

Result<void> SqliteStore::recover(std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<void> {
    connection_->run(
        "UPDATE outbox SET state = 'pending', changed = ?1"
        " WHERE state = 'claimed' AND lease_until <= ?1 AND attempt_id = ''",
        now);
    const auto entries = read_numbers(connection_->query(
        "SELECT entry FROM outbox WHERE state = 'claimed' AND lease_until <= ?1", now));
    for (const std::int64_t entry : entries) {
      const auto row = find_entry(*connection_, entry);
      settle_in_doubt(*connection_, *row, "its dispatcher ended without an answer", now);
    }
    return {};
  });
}

Result<std::optional<std::chrono::sys_seconds>> SqliteStore::next_due() {
  return connection_->read([&]() -> Result<std::optional<std::chrono::sys_seconds>> {
    auto due = find_due(*connection_, OutboxState::pending, never);
    auto lease = connection_->query(
        "SELECT lease_until FROM outbox WHERE state = 'claimed'"
        " AND lease_until < ?1 ORDER BY lease_until LIMIT 1",
        due.value_or(never));
    if (lease.step()) lease.read(due);
    // What a change under way owes is not there yet.
    auto change = connection_->query(
        "SELECT time FROM fan_out WHERE time < ?1 ORDER BY time LIMIT 1", due.value_or(never));
    if (change.step()) change.read(due);
    return due;
  });
}

Result<std::optional<std::chrono::sys_seconds>> SqliteStore::next_held() {
  return connection_->read([&]() -> Result<std::optional<std::chrono::sys_seconds>> {
    return find_due(*connection_, OutboxState::held, until_lifted);
  });
}

/// Notices are few beside invites: taking them off is cheaper than telling each row apart.
Result<OutboxTotals> SqliteStore::without_notices(const Scope& scope, OutboxTotals totals) {
  const auto notices = notice_totals(scope);
  if (!notices) return tl::unexpected<Error>(notices.error());
  OutboxTotals of_notices = *notices;
  totals.notices = of_notices.planned;
  // An organizer's totals are found by way of events, which no notice has.
  if (!scope.organizer_address().empty()) return totals;
  totals.planned -= of_notices.planned;
  for (const OutboxState state : all_states) {
    count_of(totals, state) -= count_of(of_notices, state);
  }
  return totals;
}

Result<OutboxTotals> SqliteStore::totals(const Scope& scope) {
  return connection_->read([&]() -> Result<OutboxTotals> {
    // A domain's in the order of the index outbox_state, which alone is read; an organizer's event
    // by event.
    const std::string from =
        scope.organizer_address().empty()
            ? "outbox AS o WHERE " + in_scope(scope, "o.domain", {}) + " GROUP BY o.domain, o.state"
            : "event AS e CROSS JOIN outbox AS o ON o.domain = e.domain AND o.event = e.uid "
              "WHERE " +
                  event_in_scope(scope) + " GROUP BY o.state";
    auto rows = connection_->query("SELECT o.state, count(*) FROM " + from, scope.domain_name(),
                                   scope.organizer_address());
    OutboxTotals totals;
    while (rows.step()) {
      OutboxState state{};
      std::uint64_t number = 0;
      rows.read(state, number);
      count_of(totals, state) += number;
      totals.planned += number;
    }
    return without_notices(scope, totals);
  });
}

Result<Paged<OutboxEntry>> SqliteStore::list_outbox(const Scope& scope, OutboxState state,
                                                    std::string_view event, const Page& page) {
  return connection_->read([&]() -> Result<Paged<OutboxEntry>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = number_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    auto rows = connection_->query(
        "SELECT o.entry, o.event, o.address, o.method, o.sequence, o.state, o.attempt_id,"
        " o.reason, o.changed FROM outbox AS o"
        " JOIN event AS e ON e.domain = o.domain AND e.uid = o.event WHERE " +
            in_scope(scope, "o.domain", "e.organizer") +
            " AND o.state = ?3 AND ?4 IN ('', o.event) AND o.entry > ?5 ORDER BY o.entry LIMIT ?6",
        scope.domain_name(), scope.organizer_address(), state, event, *after, *limit);
    std::vector<OutboxEntry> entries;
    std::vector<std::int64_t> numbers;
    while (rows.step()) {
      OutboxEntry& entry = entries.emplace_back();
      rows.read(numbers.emplace_back(), entry.event, entry.address, entry.method, entry.sequence,
                entry.state, entry.attempt_id, entry.reason, entry.changed);
    }
    return paged(std::move(entries), page,
                 [&](const OutboxEntry&) { return std::to_string(numbers[page.limit - 1]); });
  });
}

Result<Paged<Doubt>> SqliteStore::list_doubts(const Scope& scope, std::string_view event,
                                              const Page& page) {
  return connection_->read([&]() -> Result<Paged<Doubt>> {
    const auto limit = rows_of(page);
    if (!limit) return tl::unexpected<Error>(limit.error());
    const auto after = number_of(page);
    if (!after) return tl::unexpected<Error>(after.error());
    auto rows = connection_->query(
        "SELECT o.entry, o.address, o.method, o.sequence, o.expires,"
        " a.uid <> o.uid OR a.uninvited, (SELECT coalesce(max(n.sequence), -1)" +
            told_since("o") +
            "), EXISTS (SELECT 1 FROM outbox AS u WHERE u.domain = o.domain AND u.event = o.event"
            "  AND u.address = o.address AND u.uid = o.uid AND u.state IN ('refused', 'suppressed')"
            "  AND NOT EXISTS (SELECT 1" +
            told_since("u") +
            "))"
            " FROM outbox AS o JOIN event AS e ON e.domain = o.domain AND e.uid = o.event"
            " JOIN attendee AS a ON a.domain = o.domain AND a.event = o.event"
            " AND a.address = o.address WHERE " +
            in_scope(scope, "o.domain", "e.organizer") +
            " AND o.state = 'in_doubt' AND o.event = ?3 AND o.entry > ?4"
            " ORDER BY o.entry LIMIT ?5",
        scope.domain_name(), scope.organizer_address(), event, *after, *limit);
    std::vector<Doubt> doubts;
    while (rows.step()) {
      Doubt& doubt = doubts.emplace_back();
      rows.read(doubt.entry, doubt.address, doubt.method, doubt.sequence, doubt.expires,
                doubt.withdrawn, doubt.told_since, doubt.lacks_more);
    }
    return paged(std::move(doubts), page,
                 [](const Doubt& last) { return std::to_string(last.entry); });
  });
}

}  // namespace calinvite::sqlite

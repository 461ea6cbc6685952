#include <set>

#include "store/sqlite/entries.hpp"
#include "store/sqlite/fan_out.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace calinvite::sqlite {
namespace {

/// Where an address stands with an event.
struct Standing {
  bool known = false;
  bool uninvited = false;
  bool suppressed = false;
};

/// Decides about the requests of one list in turn.
class Judge {
 public:
  Judge(Connection& connection, const EventHead& event, std::uint64_t planned_before)
      : connection_(connection), event_(event), taken_(planned_before) {
    auto domain =
        connection_.query("SELECT reply_domain FROM domain WHERE domain = ?1", event_.domain);
    if (domain.step()) domain.read(reply_domain_);
    if (event.invite_limit > 0) taken_ += count_attendees();
  }

  InviteVerdict judge(std::string_view address, std::string_view origin) {
    // Copies come from there; the person who organizes is invited like anybody else (R29).
    if (address_domain(address) == reply_domain_) return InviteVerdict::organizer_itself;
    standing_ = look_up(address);
    const bool invited = standing_.known && !standing_.uninvited;
    const bool twice = !seen_.insert(std::string(address)).second;
    if (twice || (invited && origin != "test")) return InviteVerdict::already_invited;
    if (standing_.suppressed) return InviteVerdict::suppressed;
    if (invited) return InviteVerdict::invite;
    if (event_.invite_limit > 0 && taken_ >= event_.invite_limit) {
      return InviteVerdict::limit_reached;
    }
    ++taken_;
    return InviteVerdict::invite;
  }
  /// Of the address last judged.
  const Standing& standing() const noexcept { return standing_; }

 private:
  /// Counts no further than the limit. A copy that was taken back after it had arrived counts on:
  /// uninviting people must make no room for others.
  std::uint64_t count_attendees() {
    std::uint64_t attendees = 0;
    auto count = connection_.query(
        "SELECT count(*) FROM (SELECT 1 FROM attendee WHERE domain = ?1 AND event = ?2"
        " AND (uninvited = 0 OR held_sequence >= 0) UNION ALL SELECT 1 FROM past_copy"
        " WHERE domain = ?1 AND event = ?2 AND held_sequence >= 0 LIMIT ?3)",
        event_.domain, event_.uid, event_.invite_limit);
    if (count.step()) count.read(attendees);
    return attendees;
  }

  Standing look_up(std::string_view address) {
    Standing standing;
    auto known = connection_.query(
        "SELECT uninvited FROM attendee WHERE domain = ?1 AND event = ?2 AND address = ?3",
        event_.domain, event_.uid, address);
    standing.known = known.step();
    if (standing.known) known.read(standing.uninvited);
    standing.suppressed = is_suppressed(connection_, event_.domain, event_.organizer, address);
    return standing;
  }

  Connection& connection_;
  const EventHead& event_;
  std::string reply_domain_;
  std::uint64_t taken_ = 0;
  std::set<std::string, std::less<>> seen_;
  Standing standing_;
};

/// @param kinds  of the receipts that the caller is about to append: counted once, and not changed
///               then
void add_attendee(Connection& connection, const EventHead& event, const NewAttendee& attendee,
                  std::int64_t kinds) {
  connection.run(
      "INSERT INTO attendee (domain, event, address, name, language, origin, id, uid, kinds)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      event.domain, event.uid, attendee.request.address, attendee.request.name,
      attendee.request.language, attendee.origin, attendee.id, attendee.uid, kinds);
}

/// A UID that was cancelled is dead (R88): the person starts anew under another one.
void revive_attendee(Connection& connection, const EventHead& event, const NewAttendee& attendee) {
  connection.run(
      "INSERT INTO past_copy (domain, uid, id, event, address, first_message_id, held_sequence)"
      " SELECT domain, uid, id, event, address, first_message_id, held_sequence FROM attendee"
      " WHERE domain = ?1 AND event = ?2 AND address = ?3",
      event.domain, event.uid, attendee.request.address);
  connection.run("DELETE FROM occurrence_answer WHERE domain = ?1 AND event = ?2 AND address = ?3",
                 event.domain, event.uid, attendee.request.address);
  connection.run(
      "UPDATE attendee SET name = ?4, language = ?5, origin = ?6, id = ?7, uid = ?8,"
      " copy = copy + 1, first_message_id = '', partstat = 'NEEDS-ACTION', answer_sequence = -1,"
      " answer_dtstamp = 0, channel = '', prodid = '', comment = '', proposal = '',"
      " held_sequence = -1, uninvited = 0 WHERE domain = ?1 AND event = ?2 AND address = ?3",
      event.domain, event.uid, attendee.request.address, attendee.request.name,
      attendee.request.language, attendee.origin, attendee.id, attendee.uid);
}

/// Entries of a person differ in the number of their copy.
void count_copy(Connection& connection, const EventHead& event, const std::string& address) {
  connection.run(
      "UPDATE attendee SET copy = copy + 1 WHERE domain = ?1 AND event = ?2 AND address = ?3",
      event.domain, event.uid, address);
}

/// Makes the person ready for one more copy.
/// @param owed  whether a message is about to be enqueued for it
void take_in(Connection& connection, const EventHead& event, const Standing& standing,
             const NewAttendee& attendee, bool owed) {
  if (!standing.known) {
    add_attendee(connection, event, attendee, owed ? kind_bit(ReceiptKind::queued) : 0);
  } else if (standing.uninvited) {
    revive_attendee(connection, event, attendee);
  } else {
    count_copy(connection, event, attendee.request.address);
  }
  connection.run(
      "INSERT INTO correspondent (domain, organizer, address, token) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (domain, organizer, address) DO NOTHING",
      event.domain, event.organizer, attendee.request.address, attendee.address_token);
}

/// What a suppressed person agreed to is not asked of a list: what they said last stands.
void keep_consent(Connection& connection, const EventHead& event, const InviteRequest& request,
                  bool suppressed, std::chrono::sys_seconds now) {
  if (!request.consent || suppressed) return;
  const ConsentGiven& given = *request.consent;
  const bool timed = given.time != std::chrono::sys_seconds{};
  put_consent(connection, {event.domain, event.organizer, request.address, given.source,
                           timed ? given.time : now, given.text});
}

void append_queued(Connection& connection, const EventHead& event, const std::string& address,
                   Method method, std::int32_t sequence, std::chrono::sys_seconds now) {
  Receipt receipt;
  receipt.time = now;
  receipt.event = event.uid;
  receipt.address = address;
  receipt.sequence = sequence;
  receipt.method = method;
  append_receipt(connection, event.domain, receipt);
}

/// One more message for an attendee, with its receipt.
void enqueue(Connection& connection, const EventHead& event, const std::string& address,
             const Mailing& mailing, std::int32_t sequence, std::chrono::sys_seconds now) {
  connection.run(
      "INSERT INTO outbox (domain, event, address, method, occurrence, sequence, copy, uid,"
      " expires, not_before, changed)"
      " SELECT domain, event, address, ?4, ?5, ?6, copy, uid, ?7, ?8, ?8 FROM attendee"
      " WHERE domain = ?1 AND event = ?2 AND address = ?3",
      event.domain, event.uid, address, mailing.method, occurrence_key(mailing.occurrence),
      sequence, mailing.expires, now);
  append_queued(connection, event, address, mailing.method, sequence, now);
}

/// The copy that an address holds of an event.
struct HeldCopy {
  std::string uid;
  bool sent = false;       ///< a REQUEST may have left
  bool cancelled = false;  ///< so may a CANCEL of the series
};

std::optional<HeldCopy> find_copy(Connection& connection, const EventHead& event,
                                  std::string_view address) {
  auto found = connection.query(
      "SELECT a.uid, max(o.method = 'REQUEST'), max(o.method = 'CANCEL' AND o.occurrence = ?4)"
      " FROM attendee AS a LEFT JOIN outbox AS o ON o.domain = a.domain AND o.event = a.event"
      " AND o.address = a.address AND o.uid = a.uid AND " +
          may_have_left +
          " WHERE a.domain = ?1 AND a.event = ?2 AND a.address = ?3 AND a.uninvited = 0"
          " GROUP BY a.uid",
      event.domain, event.uid, address, whole_series);
  if (!found.step()) return std::nullopt;
  HeldCopy copy;
  found.read(copy.uid, copy.sent, copy.cancelled);
  return copy;
}

/// @return entries superseded
std::uint64_t withdraw_unsent(Connection& connection, const EventHead& event,
                              const std::string& address, const std::string& uid,
                              std::chrono::sys_seconds now) {
  std::vector<std::int64_t> entries;
  auto unsent = connection.query(
      "SELECT o.entry, o.sequence, o.method FROM outbox AS o WHERE o.domain = ?1 AND o.event = ?2"
      " AND o.address = ?3 AND o.uid = ?4 AND " +
          is_unsent,
      event.domain, event.uid, address, uid);
  while (unsent.step()) {
    Receipt receipt;
    unsent.read(entries.emplace_back(), receipt.sequence, receipt.method);
    receipt.kind = ReceiptKind::superseded;
    receipt.time = now;
    receipt.event = event.uid;
    receipt.address = address;
    receipt.detail = "uninvited";
    append_receipt(connection, event.domain, receipt);
  }
  for (const std::int64_t entry : entries) {
    connection.run(
        "UPDATE outbox SET state = 'superseded', reason = 'uninvited', changed = ?2"
        " WHERE entry = ?1",
        entry, now);
  }
  return entries.size();
}

/// Why a copy is not sent once more; empty when it may be.
std::string why_not_again(Connection& connection, const EventHead& event,
                          const std::string& address, const std::string& uid, Method method,
                          std::chrono::sys_seconds not_since) {
  if (is_suppressed(connection, event.domain, event.organizer, address)) return "suppressed";
  auto entries = connection.query(
      "SELECT o.state IN ('pending', 'held', 'claimed') FROM outbox AS o WHERE o.domain = ?1"
      " AND o.event = ?2 AND o.address = ?3 AND o.uid = ?4 AND o.method = ?6"
      " AND (o.state IN ('pending', 'held', 'claimed') OR o.changed > ?5) ORDER BY 1 DESC",
      event.domain, event.uid, address, uid, not_since, method);
  if (!entries.step()) return {};
  bool on_its_way = false;
  entries.read(on_its_way);
  return on_its_way ? "on_its_way" : "too_soon";
}

}  // namespace

Result<std::vector<InviteVerdict>> SqliteStore::plan_invites(
    const Scope& scope, std::string_view event, std::span<const InviteRequest> requests,
    std::string_view origin, std::uint64_t planned_before) {
  return connection_->read([&]() -> Result<std::vector<InviteVerdict>> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    Judge judge(*connection_, *head, planned_before);
    std::vector<InviteVerdict> verdicts;
    for (const InviteRequest& request : requests) {
      verdicts.push_back(judge.judge(request.address, origin));
    }
    return verdicts;
  });
}

Result<std::vector<InviteVerdict>> SqliteStore::add_invites(const Scope& scope,
                                                            std::string_view event,
                                                            std::span<const NewAttendee> attendees,
                                                            const std::vector<Mailing>& mailings,
                                                            std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<std::vector<InviteVerdict>> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    Judge judge(*connection_, *head, 0);
    std::vector<InviteVerdict> verdicts;
    for (const NewAttendee& attendee : attendees) {
      verdicts.push_back(judge.judge(attendee.request.address, attendee.origin));
      const bool known = verdicts.back() == InviteVerdict::already_invited;
      if (known || verdicts.back() == InviteVerdict::invite) {
        keep_consent(*connection_, *head, attendee.request, judge.standing().suppressed, now);
      }
      if (verdicts.back() != InviteVerdict::invite) continue;
      // Told of a change by this invite, they must not be passed over by it: it resets answers.
      if (judge.standing().known) {
        reach_ahead(*connection_, head->domain, head->uid, attendee.request.address);
      }
      take_in(*connection_, *head, judge.standing(), attendee, !mailings.empty());
      for (const Mailing& mailing : mailings) {
        enqueue(*connection_, *head, attendee.request.address, mailing, head->sequence, now);
      }
    }
    return verdicts;
  });
}

Result<ChangeCounts> SqliteStore::uninvite(const Scope& scope, std::string_view event,
                                           std::string_view address, std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<ChangeCounts> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    const auto copy = find_copy(*connection_, *head, address);
    if (!copy) {
      return fail(Code::not_found, std::string(address) + " is not invited to " + head->uid);
    }
    ChangeCounts counts;
    counts.superseded = withdraw_unsent(*connection_, *head, std::string(address), copy->uid, now);
    connection_->run(
        "UPDATE attendee SET uninvited = 1 WHERE domain = ?1 AND event = ?2 AND address = ?3",
        head->domain, head->uid, address);
    if (!copy->sent) {
      counts.skip["never_sent"] = 1;
    } else if (!copy->cancelled) {
      counts.cancel = 1;
      enqueue(*connection_, *head, std::string(address),
              Mailing{Method::cancel, std::nullopt, std::nullopt}, head->sequence + 1, now);
    }
    return counts;
  });
}

Result<ChangeCounts> SqliteStore::resend(const Scope& scope, std::string_view event,
                                         std::string_view address,
                                         const std::vector<Mailing>& mailings,
                                         std::chrono::sys_seconds not_since,
                                         std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<ChangeCounts> {
    const auto head = get_event_head(*connection_, scope, event);
    if (!head) return tl::unexpected<Error>(head.error());
    const std::string person(address);
    const auto copy = find_copy(*connection_, *head, person);
    if (!copy) return fail(Code::not_found, person + " is not invited to " + head->uid);
    reach_ahead(*connection_, head->domain, head->uid, person);
    ChangeCounts counts;
    const Method method = mailings.empty() ? Method::request : mailings.front().method;
    const auto why = why_not_again(*connection_, *head, person, copy->uid, method, not_since);
    if (!why.empty() || mailings.empty()) {
      counts.skip[why.empty() ? "over" : why] = 1;
      return counts;
    }
    count_copy(*connection_, *head, person);
    for (const Mailing& mailing : mailings) {
      enqueue(*connection_, *head, person, mailing, head->sequence, now);
    }
    (method == Method::cancel ? counts.cancel : counts.update) = 1;
    return counts;
  });
}

Result<ChangeCounts> SqliteStore::repeat(const Scope& scope, std::int64_t entry,
                                         std::chrono::sys_seconds not_since,
                                         std::chrono::sys_seconds now) {
  return connection_->write([&]() -> Result<ChangeCounts> {
    // Whoever guesses a number is told nothing of what it names elsewhere.
    const auto none = fail(Code::not_found, "no entry " + std::to_string(entry) + " in doubt");
    const auto row = find_entry(*connection_, entry);
    if (!row || row->state != OutboxState::in_doubt) return none;
    const auto head = get_event_head(*connection_, scope, row->event);
    if (!head || head->domain != row->domain) return none;
    ChangeCounts counts;
    const auto why =
        why_not_again(*connection_, *head, row->address, row->uid, row->method, not_since);
    if (!why.empty()) {
      counts.skip[why] = 1;
      return counts;
    }
    count_copy(*connection_, *head, row->address);
    connection_->run(
        "INSERT INTO outbox (domain, event, address, method, occurrence, sequence, copy, uid,"
        " expires, not_before, changed)"
        " SELECT o.domain, o.event, o.address, o.method, o.occurrence, o.sequence, a.copy, o.uid,"
        " o.expires, ?2, ?2 FROM outbox AS o JOIN attendee AS a ON a.domain = o.domain"
        " AND a.event = o.event AND a.address = o.address WHERE o.entry = ?1",
        entry, now);
    append_queued(*connection_, *head, row->address, row->method, row->sequence, now);
    (row->method == Method::cancel ? counts.cancel : counts.update) = 1;
    return counts;
  });
}

}  // namespace calinvite::sqlite

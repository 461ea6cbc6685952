/// The store in domain words: what must survive a crash, and the steps that must be atomic.
/// One engine uses it under one lock; several processes may open the same store.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"
#include "calinvite/suppression.hpp"

namespace calinvite {

/// A part of a long list. Empty `after`: from the start.
struct Page {
  std::size_t limit = 100;
  std::string after;  ///< `next` of the part before; opaque
};
template <class T>
struct Paged {
  std::vector<T> items;
  std::string next;  ///< empty: that was all
};

/// By start, owner, or the newest first.
enum class EventSort { start, organizer, created, changed };

/// Which events to list, on top of the scope, and in which order.
struct EventFilter {
  enum class When { all, future, past };
  When when = When::all;  ///< by over_at (itip.hpp) against `now`
  std::chrono::sys_seconds now{};
  std::optional<std::chrono::seconds> changed_within;
  std::string search;     ///< words of summary, description, location or uid: see Store::search
  std::string organizer;  ///< empty: all in scope
  EventSort sort = EventSort::start;
};

/// Which attendees of an event to list; what is empty lets all pass.
struct AttendeeFilter {
  std::string status;     ///< accepted, declined, tentative or noaction
  std::string origin;     ///< as in Attendee
  std::string delivery;   ///< as in Attendee
  bool outdated = false;  ///< not uninvited, and they hold an older revision than the event's
};

/// A row of an event list.
struct EventSummary {
  Event event;
  std::uint64_t attendees = 0;  ///< not uninvited, not suppressed
};

/// What becomes of one request to invite someone. `organizer_itself` is an address on the domain's
/// reply domain: copies are sent from there, never to it (R29).
enum class InviteVerdict { invite, already_invited, suppressed, limit_reached, organizer_itself };
std::string_view to_string(InviteVerdict verdict) noexcept;

/// An attendee about to be added; random parts are made by the caller.
struct NewAttendee {
  InviteRequest request;
  std::string origin;
  RowId id{};
  std::string uid;            ///< of the copy
  std::string address_token;  ///< used unless the person has one for this organizer
};

/// What a change of an event costs, or did.
struct ChangeCounts {
  std::uint64_t update = 0;                   ///< REQUESTs enqueued
  std::uint64_t cancel = 0;                   ///< CANCELs enqueued
  std::uint64_t superseded = 0;               ///< unsent ones replaced
  std::map<std::string, std::uint64_t> skip;  ///< declined, suppressed, never_sent

  ChangeCounts& operator+=(const ChangeCounts& more);
};

/// A mail to an organizer. It waits in the outbox like an invite, and is counted
/// apart from them.
struct Notice {
  NoticeKind kind = NoticeKind::created;
  std::string address;   ///< of the organizer, or of their delegate who sent the mail
  std::string event;     ///< our uid; empty: none
  std::string language;  ///< that it is written in
  std::string subject;
  std::string text;         ///< empty in lists
  std::string html;         ///< empty in lists
  std::string csv;          ///< a table that goes with it, report.csv; empty: none, or in lists
  std::string in_reply_to;  ///< Message-ID of the mail it answers, without brackets; empty: none
  std::string cause;        ///< one notice for each address, kind and cause; empty when read
  std::chrono::sys_seconds time{};
  OutboxState state = OutboxState::pending;  ///< in lists
  std::string reason;                        ///< of the state, in lists
};

/// An outbox entry leased to a dispatcher, with what is needed to compose it.
struct ClaimedInvite {
  std::int64_t entry = 0;  ///< names the row until it is settled
  std::string domain;
  std::string event;
  std::string organizer;
  Method method = Method::request;
  std::int32_t sequence = 0;
  std::optional<OccurrenceId> occurrence;
  Attendee attendee;  ///< with the answer to `occurrence`, when that is what it is about
  std::string address_token;
  std::string first_message_id;             ///< of this copy; empty: none yet
  std::chrono::sys_seconds last_dtstamp{};  ///< of the last attempt of this copy and occurrence;
                                            ///< the epoch: none
  bool repeats_doubt = false;  ///< that attempt is in doubt and said the same: what it was written
                               ///< from has not been stored anew since (R70, R79)
  std::int32_t known_sequence =
      -1;  ///< of the newest earlier revision that the copy holds; of a CANCEL, when it holds none,
           ///< of the newest it may hold; -1: none
  std::optional<Notice> notice;  ///< then it is no invite: only entry and domain are set beside it
};

struct Intent {
  std::int64_t entry = 0;
  std::string attempt_id;
  std::chrono::sys_seconds dtstamp{};  ///< that the message carries (R70)
};
/// What the store says when a send is about to begin; only `go` may reach the transport.
enum class IntentVerdict { go, superseded, suppressed, expired, lost };

/// How an entry ended, or went back to wait.
struct Settlement {
  std::int64_t entry = 0;
  std::string attempt_id;
  OutboxState state = OutboxState::accepted;  ///< accepted, refused, in_doubt, pending or held
  std::string message_id;                     ///< of accepted
  std::string detail;                         ///< one line, for the receipt
  std::chrono::sys_seconds not_before{};      ///< of pending and held: when to try again
};

/// The conservation line (I1): planned is the sum of the rest, but for notices.
struct OutboxTotals {
  std::uint64_t planned = 0, accepted = 0, refused = 0, suppressed = 0, superseded = 0, expired = 0,
                in_doubt = 0, pending = 0, claimed = 0, held = 0;
  std::uint64_t notices = 0;  ///< mails to organizers, which the other counts leave out
};

/// Why nothing of an account is sent.
enum class AccountHold { none, quota, suspended };
std::string_view to_string(AccountHold hold) noexcept;
std::optional<AccountHold> parse_account_hold(std::string_view word);

/// An account that takes our messages, as all workers of a store share it: what it allows, how fast
/// it is used, and why it is left alone. Limits count recipients.
struct SendingAccount {
  std::string key;                   ///< Transport::account_key
  double max_rate = 0;               ///< a second, as the account says; 0: not known
  double max_24_hours = -1;          ///< as the account says; -1: no limit known
  double used_24_hours = 0;          ///< as the account says, and what was leased since
  std::chrono::sys_seconds asked{};  ///< when a worker last began to ask it
  std::chrono::sys_seconds told{};   ///< when it last answered, or would not
  Instant next_send{};               ///< every slot before it is leased to a worker
  double level = 0;                  ///< a second, that it is known to take; 0: it never throttled
  Instant slowed{};                  ///< when `level` was learnt
  Instant counted_since{};           ///< of the next two
  std::uint64_t answered = 0;        ///< messages, throttled ones too
  std::uint64_t throttled = 0;
  AccountHold hold = AccountHold::none;
  std::string reason;                ///< of `hold`, one line
  std::chrono::sys_seconds until{};  ///< of `hold`: when one worker tries again
  friend bool operator==(const SendingAccount&, const SendingAccount&) = default;
};

/// What became of a domain's messages of late; bounced: permanently, as those who receive our mail
/// count it.
struct Reputation {
  std::uint64_t accepted = 0;
  std::uint64_t bounced = 0;
  std::uint64_t complained = 0;
  std::string hold;                 ///< why nothing of the domain is sent; empty: it is
  std::chrono::sys_seconds held{};  ///< since when
};

/// `Settlement::not_before` of what waits for lift_hold.
inline constexpr std::chrono::sys_seconds until_lifted{std::chrono::seconds(253'402'300'799)};

/// An outbox entry as reports show it.
struct OutboxEntry {
  std::string event;
  std::string address;
  Method method = Method::request;
  std::int32_t sequence = 0;
  OutboxState state = OutboxState::pending;
  std::string attempt_id;
  std::string reason;
  std::chrono::sys_seconds changed{};
};

/// A message in doubt, with what its copy was told since.
struct Doubt {
  std::int64_t entry = 0;  ///< names it in the outbox
  std::string address;
  Method method = Method::request;
  std::int32_t sequence = 0;
  std::optional<std::chrono::sys_seconds>
      expires;             ///< when what it is about is over; absent: never
  bool withdrawn = false;  ///< nobody holds its copy any more: uninvited, and perhaps invited anew
  std::int32_t told_since = -1;  ///< highest SEQUENCE of the later messages that may have left and
                                 ///< are about the same date or the series; -1: none
  bool lacks_more = false;       ///< a message of the copy was given up, and not told since
};

/// Counts of a scope.
struct Statistics {
  std::uint64_t attendees = 0;  ///< without uninvited and suppressed ones, as the next three
  std::map<std::string, std::uint64_t> origin, prodid, rsvp;
  std::map<std::string, std::uint64_t> delivery;  ///< of all but the uninvited: shows the bounced
};

enum class BucketSize { hour, day };
std::string_view to_string(BucketSize size) noexcept;

/// A receipt in the history of an attendee.
struct HistoryItem {
  Receipt receipt;
  Evidence evidence = Evidence::verified;
};

/// Receipts that happened in one hour or day, UTC.
struct ReceiptBucket {
  std::chrono::sys_seconds start{};
  std::map<std::string, std::uint64_t> counts;  ///< by the word of their kind
};

/// An event, or somebody invited to it, that a search found.
struct SearchHit {
  std::string event;                   ///< Event::uid
  std::string summary;                 ///< of the event
  std::chrono::local_seconds start{};  ///< of the event
  std::string organizer;               ///< of the event
  std::string address;                 ///< of the attendee; empty: the event itself was found
  std::string name;                    ///< of the attendee
};

/// What the change feed tells.
struct FeedItem {
  std::string event;
  std::string organizer;           ///< of the event
  std::optional<Receipt> receipt;  ///< absent: the event itself was made or changed
};
/// A part of the change feed.
struct Feed {
  std::vector<FeedItem> items;  ///< in the order of the steps that did it
  std::string next;             ///< where to go on, now or when more has happened; opaque
  bool more = false;            ///< whether there is more already
};

/// Raw input that was not acted on.
struct Quarantined {
  std::int64_t id = 0;
  std::string source;  ///< file or channel name
  std::string sender;  ///< who was vouched for; empty when nobody was
  std::string reason;
  std::string raw;  ///< empty in lists
  std::chrono::sys_seconds time{};
  std::vector<std::string> envelope_recipients;  ///< of a mail, as far as known
};

/// A cancellation that came before the event it cancels (R100).
struct EarlyCancel {
  std::string organizer;
  std::string source_uid;
  std::int32_t sequence = 0;           ///< SEQUENCE of the CANCEL
  std::chrono::sys_seconds dtstamp{};  ///< DTSTAMP of the CANCEL
  std::chrono::sys_seconds time{};     ///< when it came
};

/// A signing key sealed by the host's master key.
struct SealedKey {
  std::uint16_t id = 0;
  std::vector<std::uint8_t> sealed;
  std::chrono::sys_seconds created{};
};

/// A key by which a program acts in a scope. The key itself is kept nowhere.
struct ApiKey {
  std::string id;     ///< names it, and begins it: no secret
  std::string label;  ///< what people call it
  Scope scope = Scope::system();
  std::chrono::sys_seconds created{};
  std::optional<std::chrono::sys_seconds> last_used;  ///< within a minute
  std::optional<std::chrono::sys_seconds> revoked;
};
/// What tells whether a key is genuine.
struct ApiKeyProof {
  ApiKey entry;
  std::array<std::uint8_t, 32> digest{};  ///< SHA-256 of the key
};

/// Somebody vouched for who becomes an organizer once they say so themselves.
struct PendingRegistration {
  RowId id{};  ///< named by the token of the link that they are mailed
  std::string address;
  std::string name;
  std::chrono::sys_seconds expires{};
};

/// A change of an event that waits for a go-ahead: nobody is told before.
struct HeldChange {
  RowId id{};   ///< another for each change; named by the token of a link
  Event event;  ///< as it would become; its sequence is that of the event it changes
  std::chrono::sys_seconds time{};  ///< when it came
};

/// An RSVP button: what its token names.
struct Button {
  RowId id{};
  std::string event;
  std::string origin;
  std::string landing;
};

/// An answer of an attendee to be recorded.
struct AnswerRecord {
  Attendee attendee;  ///< with the answer: partstat, answer_*, channel, prodid, comment, proposal
  Receipt receipt;
  std::optional<OccurrenceId> occurrence;  ///< what the answer is to; absent: the series
  bool history_only = false;               ///< append the receipt, put nothing in force
  std::string dedupe_key;                  ///< the same answer again has the same key (I7)
};

/// A fact from outside about a send, as ingest hands it over.
struct DeliveryFact {
  Receipt receipt;         ///< kind, time, attempt_id or message_id, address, detail
  std::string domain;      ///< with receipt.event: the copy, should no send be found by its ids
  std::string dedupe_key;  ///< the same fact again has the same key
  bool suppress = false;   ///< hard bounce or complaint: never mail this address again
  bool harmful = false;    ///< counts against the domain's reputation
};
enum class FactVerdict { recorded, repeated, orphan };

/// At most so many uses a day by whatever `subject` names.
struct DailyCap {
  std::string subject;  ///< opaque; holds nothing that must be kept secret
  std::uint32_t most = 0;
};

/// What is done for one scope: all that the flows over one domain's input are given, so that they
/// can't reach for another's. All calls may fail with busy, store_full, store_corrupt or
/// unavailable; those are not repeated below. A scope that does not cover a row makes it not_found.
class ScopedStore {
 public:
  virtual ~ScopedStore() = default;

  /// Runs `work` as one atomic, durable step: everything it stored, or on error nothing. Calls
  /// inside join it; every call outside is a step of its own.
  virtual Result<void> atomically(const std::function<Result<void>()>& work) = 0;

  // -- organizers
  /// @error conflict   already there
  /// @error not_found  no such domain, or the scope is not all of it
  virtual Result<void> add_organizer(const Scope& scope, const Organizer& organizer) = 0;
  /// Stores name, language, rights and approval of the organizer of that address; the rest stays.
  /// @error not_found  no such organizer
  virtual Result<void> save_organizer(const Scope& scope, const Organizer& organizer) = 0;
  virtual Result<std::optional<Organizer>> find_organizer(const Scope& scope,
                                                          std::string_view address) = 0;
  virtual Result<std::vector<Organizer>> list_organizers(const Scope& scope) = 0;
  /// Registered again, they get back what dispatchers held `until_lifted` for it.
  /// @error not_found  no such organizer
  virtual Result<void> set_organizer_state(const Scope& scope, std::string_view address,
                                           OrganizerState state) = 0;
  /// Lets `address` mail invitations for an organizer (R99), or no longer.
  /// @error not_found  no such organizer
  virtual Result<void> set_delegate(const Scope& scope, std::string_view organizer,
                                    std::string_view address, bool allowed) = 0;
  /// The registered organizers whose delegate `address` is.
  virtual Result<std::vector<Organizer>> list_principals(const Scope& scope,
                                                         std::string_view address) = 0;
  /// Whoever waits to become an organizer under that address, or from now on `wanted`.
  virtual Result<PendingRegistration> keep_registration(const Scope& scope,
                                                        const PendingRegistration& wanted,
                                                        std::chrono::sys_seconds now) = 0;
  virtual Result<std::optional<PendingRegistration>> find_registration(const Scope& scope,
                                                                       const RowId& id) = 0;
  /// Oldest first: the last one signs.
  virtual Result<std::vector<SealedKey>> list_keys(const Scope& scope) = 0;
  /// @error conflict  the domain has one of that id
  virtual Result<void> add_key(const Scope& scope, const SealedKey& key) = 0;
  /// @error not_found  no such key
  virtual Result<void> remove_key(const Scope& scope, std::uint16_t id) = 0;
  /// @param digest  SHA-256 of the key
  /// @error not_found  `scope` does not cover the key's, or there is no such domain or organizer
  virtual Result<void> add_api_key(const Scope& scope, const ApiKey& key,
                                   const std::array<std::uint8_t, 32>& digest) = 0;
  /// Those whose scope lies in this one, oldest first; revoked ones too.
  virtual Result<std::vector<ApiKey>> list_api_keys(const Scope& scope) = 0;
  /// A key that is revoked stays so, as of then.
  /// @error not_found  no such key
  virtual Result<void> revoke_api_key(const Scope& scope, std::string_view id,
                                      std::chrono::sys_seconds now) = 0;

  // -- events
  virtual Result<std::optional<Event>> find_event(const Scope& scope, std::string_view uid) = 0;
  /// @error not_found  no such event in scope
  Result<Event> get_event(const Scope& scope, std::string_view uid);
  /// A revision that a change has overtaken; kept while an attendee holds it or may, and while the
  /// CANCEL of a withdrawn copy that holds it waits or is in doubt.
  virtual Result<std::optional<Event>> find_revision(const Scope& scope, std::string_view uid,
                                                     std::int32_t sequence) = 0;
  virtual Result<std::optional<Event>> find_event_by_source(const Scope& scope,
                                                            std::string_view organizer,
                                                            std::string_view source_uid) = 0;
  /// The organizers who own an event of this source UID.
  virtual Result<std::vector<std::string>> list_source_owners(const Scope& scope,
                                                              std::string_view source_uid) = 0;
  /// Keeps a cancellation whose event is not here, the newest of each event; forgets those that
  /// came before `since`.
  virtual Result<void> keep_cancel(const Scope& scope, const EarlyCancel& cancel,
                                   std::chrono::sys_seconds since) = 0;
  /// One that came at `since` or later.
  virtual Result<std::optional<EarlyCancel>> find_cancel(const Scope& scope,
                                                         std::string_view organizer,
                                                         std::string_view source_uid,
                                                         std::chrono::sys_seconds since) = 0;
  /// Events of an organizer that are neither over at `now` (over_at) nor cancelled.
  virtual Result<std::uint64_t> count_live_events(const Scope& scope, std::string_view organizer,
                                                  std::chrono::sys_seconds now) = 0;
  virtual Result<Paged<EventSummary>> list_events(const Scope& scope, const EventFilter& filter,
                                                  const Page& page) = 0;
  /// @error conflict  uid or (organizer, source_uid) is taken
  virtual Result<void> add_event(const Scope& scope, const Event& event) = 0;
  /// Stores fields that may change without a mail: what sources count, landing, language, listed,
  /// limit, reminder, free time, counter-proposals, a link to join by; of changed dates what their
  /// sources count, and a link where none was known. When invites then say something else,
  /// `changed` too: later than any of them that may have left (R70).
  virtual Result<void> save_event(const Scope& scope, const Event& event) = 0;
  /// One step: the event becomes `after`, unsent older revisions are superseded (I10), and each
  /// mailing is enqueued for every holder by set. Holders: not uninvited, not suppressed, sent to
  /// or still owed the first REQUEST; decliners only with `include_declined`. Those who were never
  /// sent anything get a REQUEST instead of an update, and no CANCEL (R87). A key change of the
  /// series resets the answers of those it asks again (R72). What a superseded message announced
  /// and `mailings` do not say again is enqueued anew with them.
  /// Of very many holders it reaches the first ones, and continue_change the others; until then
  /// nothing of an older revision leaves to them either.
  /// @return what was done for those it reached
  /// @error conflict  the stored sequence is not `before_sequence`
  virtual Result<ChangeCounts> apply_change(const Scope& scope, const Event& after,
                                            std::int32_t before_sequence, const Change& change,
                                            const std::vector<Mailing>& mailings,
                                            bool include_declined,
                                            std::chrono::sys_seconds now) = 0;
  /// Reaches the next holders of the change of an event that is under way, in a step of its own:
  /// inside of another one it does nothing. What nobody continues, claim does.
  /// @return absent: nothing was done
  virtual Result<std::optional<ChangeCounts>> continue_change(const Scope& scope,
                                                              std::string_view event) = 0;
  /// What apply_change would do to all holders; stores nothing.
  virtual Result<ChangeCounts> preview_change(const Scope& scope, std::string_view event,
                                              const Change& change,
                                              const std::vector<Mailing>& mailings,
                                              bool include_declined) = 0;
  /// Keeps a change that waits; one that waited already for the same event gives way to it.
  /// @error not_found  no such event
  virtual Result<void> hold_change(const Scope& scope, const HeldChange& change) = 0;
  virtual Result<std::optional<HeldChange>> find_held_change(const Scope& scope,
                                                             std::string_view event) = 0;
  virtual Result<std::optional<HeldChange>> find_held_change_by_id(const Scope& scope,
                                                                   const RowId& id) = 0;
  /// By event.
  virtual Result<Paged<HeldChange>> list_held_changes(const Scope& scope, const Page& page) = 0;
  /// @return false when none waits
  virtual Result<bool> drop_held_change(const Scope& scope, std::string_view event) = 0;

  // -- attendees
  /// Event::invite_limit counts who is invited, and every copy that was withdrawn after a message
  /// of it was accepted: taking people back makes no room for others.
  /// @param planned_before  `invite` verdicts of earlier parts of the same list, for the limit
  virtual Result<std::vector<InviteVerdict>> plan_invites(const Scope& scope,
                                                          std::string_view event,
                                                          std::span<const InviteRequest> requests,
                                                          std::string_view origin,
                                                          std::uint64_t planned_before) = 0;
  /// Adds those that may be invited and enqueues `mailings` for each; verdicts as plan_invites.
  virtual Result<std::vector<InviteVerdict>> add_invites(const Scope& scope, std::string_view event,
                                                         std::span<const NewAttendee> attendees,
                                                         const std::vector<Mailing>& mailings,
                                                         std::chrono::sys_seconds now) = 0;
  /// Withdraws one invite: unsent ones are superseded, and a CANCEL with the copy's next SEQUENCE
  /// is enqueued when a REQUEST was sent or is in doubt. The copy's UID is dead (R88).
  /// @error not_found  not invited, or already uninvited
  virtual Result<ChangeCounts> uninvite(const Scope& scope, std::string_view event,
                                        std::string_view address, std::chrono::sys_seconds now) = 0;
  /// Enqueues `mailings` again for one attendee, unless the address is suppressed or a REQUEST of
  /// their copy still waits, or has left or ended after `not_since`.
  /// @return `update`/`cancel` is 1, or `skip` says why not: suppressed, on_its_way, too_soon, over
  /// @error not_found  not invited, or uninvited
  virtual Result<ChangeCounts> resend(const Scope& scope, std::string_view event,
                                      std::string_view address,
                                      const std::vector<Mailing>& mailings,
                                      std::chrono::sys_seconds not_since,
                                      std::chrono::sys_seconds now) = 0;
  /// Enqueues a message in doubt once more as it was, to the copy that it was of; unless as resend.
  /// @return `update` or `cancel` is 1, or `skip` says why not
  /// @error not_found  no such entry in doubt
  virtual Result<ChangeCounts> repeat(const Scope& scope, std::int64_t entry,
                                      std::chrono::sys_seconds not_since,
                                      std::chrono::sys_seconds now) = 0;
  /// What an attendee would be owed of the event as it is now, as claim gives it, in no entry: a
  /// REQUEST, or a CANCEL when the event is cancelled; absent: not invited, or uninvited.
  /// @error conflict  the event is cancelled and no REQUEST may have left: nothing is owed (R87)
  virtual Result<std::optional<ClaimedInvite>> draft_invite(const Scope& scope,
                                                            std::string_view event,
                                                            std::string_view address) = 0;
  virtual Result<std::optional<Attendee>> find_attendee(const Scope& scope, std::string_view event,
                                                        std::string_view address) = 0;
  /// By the UID of a copy, letter case ignored (R102).
  virtual Result<std::optional<Attendee>> find_attendee_by_uid(const Scope& scope,
                                                               std::string_view uid) = 0;
  virtual Result<std::optional<Attendee>> find_attendee_by_id(const Scope& scope,
                                                              const RowId& id) = 0;
  /// By address.
  virtual Result<Paged<Attendee>> list_attendees(const Scope& scope, std::string_view event,
                                                 const AttendeeFilter& filter,
                                                 const Page& page) = 0;
  /// All of them.
  Result<Paged<Attendee>> list_attendees(const Scope& scope, std::string_view event,
                                         const Page& page) {
    return list_attendees(scope, event, {}, page);
  }
  /// Whom an address token names: the organizer and the attendee's address.
  struct Correspondent {
    std::string organizer;
    std::string address;
  };
  virtual Result<std::optional<Correspondent>> find_correspondent(const Scope& scope,
                                                                  std::string_view token) = 0;
  /// Copies of a person that are not uninvited, of events of that organizer not cancelled; of all
  /// organizers in scope when `organizer` is empty.
  virtual Result<std::vector<Attendee>> list_live_copies(const Scope& scope,
                                                         std::string_view organizer,
                                                         std::string_view address) = 0;
  /// By the message id that SES gave a send of theirs, or by its attempt.
  virtual Result<std::optional<Attendee>> find_attendee_by_message(const Scope& scope,
                                                                   std::string_view id) = 0;
  /// Puts an answer in force and appends its receipt. An answer to the series ends those to single
  /// dates that are not newer (R113).
  /// @return false when that answer is there already: then nothing is stored
  /// @error not_found         no such attendee, or another copy of theirs
  /// @error invalid_argument  no dedupe_key
  virtual Result<bool> record_reply(const Scope& scope, const AnswerRecord& answer) = 0;
  /// @error not_found  no such event
  virtual Result<OccurrenceStanding> get_occurrence(const Scope& scope, std::string_view event,
                                                    std::string_view address,
                                                    const OccurrenceId& occurrence) = 0;
  /// By address, then date.
  virtual Result<Paged<OccurrenceAnswer>> list_occurrence_answers(const Scope& scope,
                                                                  std::string_view event,
                                                                  const Page& page) = 0;
  /// Those whose answer in force proposes another time (R114).
  virtual Result<Paged<Attendee>> list_proposals(const Scope& scope, std::string_view event,
                                                 const Page& page) = 0;
  /// Somebody's later answer replaces their earlier one.
  /// @return false when an answer of theirs that is as new is there: then nothing is stored
  /// @error not_found  no such event
  virtual Result<bool> record_shared_attendee(const Scope& scope, const SharedAttendee& person) = 0;
  virtual Result<Paged<SharedAttendee>> list_shared_attendees(const Scope& scope,
                                                              std::string_view event,
                                                              const Page& page) = 0;
  /// The button of (event, origin, landing); added with `id` when there is none.
  virtual Result<Button> get_button(const Scope& scope, const Button& wanted) = 0;
  virtual Result<std::optional<Button>> find_button(const Scope& scope, const RowId& id) = 0;

  // -- outbox
  virtual Result<OutboxTotals> totals(const Scope& scope) = 0;
  /// Entries in a state, such as those in doubt.
  virtual Result<Paged<OutboxEntry>> list_outbox(const Scope& scope, OutboxState state,
                                                 std::string_view event, const Page& page) = 0;
  /// Oldest first.
  virtual Result<Paged<Doubt>> list_doubts(const Scope& scope, std::string_view event,
                                           const Page& page) = 0;

  // -- accounts and reputation
  /// Has `edit` change the account, a new one when it is not known, and stores it, in one step.
  /// @error invalid_argument  a scope that is not the whole store, no key
  virtual Result<void> edit_account(const Scope& scope, std::string_view key,
                                    const std::function<void(SendingAccount&)>& edit) = 0;
  /// By key; none in a scope that is not the whole store.
  virtual Result<std::vector<SendingAccount>> list_accounts(const Scope& scope) = 0;
  /// Counts of the days since `since`; settle and record_facts keep them.
  /// @error not_found  no such domain
  virtual Result<Reputation> reputation(const Scope& scope, std::chrono::sys_seconds since) = 0;
  /// Nothing of the domain is to be sent; whoever claims its invites holds them `until_lifted`.
  /// A hold that is there stays.
  virtual Result<void> hold_domain(const Scope& scope, std::string_view reason,
                                   std::chrono::sys_seconds now) = 0;
  /// Ends the hold: what it held is due again, and counting begins anew.
  /// @error not_found  no such domain, or it is not held
  virtual Result<void> lift_hold(const Scope& scope, std::chrono::sys_seconds now) = 0;

  // -- notices
  /// Enqueues a notice unless its address was told the same before, or has had `most_a_day` in the
  /// last 24 hours. @return whether it was enqueued
  virtual Result<bool> add_notice(const Scope& scope, const Notice& notice, std::size_t most_a_day,
                                  std::chrono::sys_seconds now) = 0;
  virtual Result<Paged<Notice>> list_notices(const Scope& scope, const Page& page) = 0;
  /// As totals, of notices alone.
  virtual Result<OutboxTotals> notice_totals(const Scope& scope) = 0;
  /// A domain's own text of a template; empty: ours again.
  virtual Result<void> set_template(const Scope& scope, std::string_view name,
                                    std::string_view contents) = 0;
  virtual Result<std::map<std::string, std::string>> list_templates(const Scope& scope) = 0;

  // -- what comes back
  /// As Store::record_fact for what a domain's own mail tells: it names a copy, and a send of the
  /// domain or none.
  /// @error not_found  no such attendee
  virtual Result<FactVerdict> record_reported(const Scope& scope, const DeliveryFact& fact,
                                              std::chrono::sys_seconds now) = 0;
  virtual Result<Paged<Receipt>> list_receipts(const Scope& scope, std::string_view event,
                                               const Page& page) = 0;
  /// All receipts of one attendee, by the time at which they happened.
  /// @error not_found  no such event in scope; somebody who is not invited has no receipts
  virtual Result<Paged<HistoryItem>> list_history(const Scope& scope, std::string_view event,
                                                  std::string_view address, const Page& page) = 0;
  /// Receipts of what came from outside, of an event, whose keys (DeliveryFact::dedupe_key) begin
  /// with `prefix`, by key. @param prefix  not empty
  virtual Result<std::vector<Receipt>> list_facts(const Scope& scope, std::string_view event,
                                                  std::string_view prefix) = 0;
  /// Counts one use for each subject, unless one of them has had its most: then none. Days are
  /// those of UTC; what was counted before `now`'s is forgotten.
  /// @return whether it was counted
  virtual Result<bool> count_use(const Scope& scope, std::span<const DailyCap> caps,
                                 std::chrono::sys_seconds now) = 0;
  /// The same bytes again take the newer reason.
  /// @return false when they are there already for the same reason
  virtual Result<bool> add_quarantine(const Scope& scope, const Quarantined& item) = 0;
  virtual Result<Paged<Quarantined>> list_quarantine(const Scope& scope, const Page& page) = 0;
  /// @error not_found  no such item in scope
  virtual Result<Quarantined> get_quarantined(const Scope& scope, std::int64_t id) = 0;
  virtual Result<void> drop_quarantined(const Scope& scope, std::int64_t id) = 0;
  /// Drops the item whose bytes have this SHA-256. @return false when there is none
  virtual Result<bool> drop_quarantined_bytes(const Scope& scope,
                                              const std::array<std::uint8_t, 32>& digest) = 0;

  // -- suppression and consent. The scope says who asks, the row where it reaches: an organizer's
  // own, any within a domain for its super user, all for the operator. Empty names of a row mean as
  // far as the scope goes.
  /// Takes effect at once: no intent commits after it (I11).
  /// @return false when it is there for a reason that weighs as much, or the person is erased there
  /// @error not_found  no such domain or organizer in scope
  virtual Result<bool> add_suppression(const Scope& scope, const Suppression& row) = 0;
  /// One that reaches as far as the scope itself.
  Result<void> suppress(const Scope& scope, std::string_view address, std::string_view reason,
                        std::chrono::sys_seconds now);
  /// Lifts exactly the one of that domain, organizer and address; of an erased person, too.
  /// @error not_found  no such row in scope
  /// @error forbidden  an organizer asks, and its reason is binding
  virtual Result<void> remove_suppression(const Scope& scope, const Suppression& row) = 0;
  /// By domain, organizer and address; those of one address, and of its hash, when it is not empty.
  virtual Result<Paged<Suppression>> list_suppressions(const Scope& scope, std::string_view address,
                                                       const Page& page) = 0;
  /// Keeps what was said last: one that is not newer changes nothing, nor does the same said again.
  /// @return whether it was recorded
  /// @error not_found  no such domain or organizer in scope
  virtual Result<bool> record_consent(const Scope& scope, const Consent& consent) = 0;
  /// Ends the consent given to an organizer, or when that is empty to the domain and all its
  /// organizers; where none is known, the withdrawal itself is kept.
  virtual Result<void> withdraw_consent(const Scope& scope, std::string_view organizer,
                                        std::string_view address, std::chrono::sys_seconds now) = 0;
  /// By domain, address and organizer; of one address when it is not empty.
  virtual Result<Paged<Consent>> list_consents(const Scope& scope, std::string_view address,
                                               const Page& page) = 0;

  // -- erasure
  /// Puts `stand_in` wherever the store holds the address, and nothing in place of what else was
  /// known of the person; unsent messages are suppressed. Raw inputs in quarantine are not looked
  /// into. Counts stay.
  /// @param stand_in  an address below `erased_host` that was never used before
  /// @error forbidden  the scope is an organizer's
  /// @error conflict   a registered organizer or the super user of a domain in scope
  virtual Result<Erasure> erase(const Scope& scope, std::string_view address,
                                std::string_view stand_in, std::chrono::sys_seconds now) = 0;

  // -- reports: as of the last step that ended, and without going through what is counted
  /// Of one event, or of the whole scope when `event` is empty.
  virtual Result<Statistics> statistics(const Scope& scope, std::string_view event) = 0;
  /// By time, without empty ones; of one event, or of the whole scope when `event` is empty.
  virtual Result<Paged<ReceiptBucket>> list_receipt_buckets(const Scope& scope,
                                                            std::string_view event, BucketSize size,
                                                            const Page& page) = 0;
  /// Events with all words of `text` in summary, description, location and uid, then attendees with
  /// them in address and name. Letters count without case and accents; the last word may be the
  /// beginning of a longer one, and nothing in it is an operator.
  virtual Result<Paged<SearchHit>> search(const Scope& scope, std::string_view text,
                                          const Page& page) = 0;
  /// Receipts, and events made or changed, of one domain or organizer, behind `after`, which is
  /// empty or Feed::next.
  /// @error invalid_argument  no such cursor, no domain, or a limit of 0
  virtual Result<Feed> list_changes(const Scope& scope, std::string_view after,
                                    std::size_t limit) = 0;
};

/// The whole store. The calls that it adds reach across domains and take no scope: they are for the
/// engine, dispatch and what comes back for any domain. Whoever acts for one domain is handed a
/// ScopedStore, where they are out of reach.
class Store : public ScopedStore {
 public:
  // -- domains
  /// @error conflict  the name or the reply domain is taken
  virtual Result<void> add_domain(const Domain& domain) = 0;
  /// Stores the settings of the domain of that name; reply domain and separator stay.
  /// @error not_found  no such domain
  virtual Result<void> save_domain(const Domain& domain) = 0;
  virtual Result<std::optional<Domain>> find_domain(std::string_view name) = 0;
  virtual Result<std::vector<Domain>> list_domains() = 0;
  using ScopedStore::add_organizer;
  Result<void> add_organizer(const Organizer& organizer) {
    return add_organizer(Scope::system(), organizer);
  }
  /// The domains that have a signing key of this id: most often one, since new ids are above all.
  virtual Result<std::vector<Domain>> list_domains_with_key(std::uint16_t id) = 0;
  /// The highest id of a signing key of any domain; 0: none.
  virtual Result<std::uint16_t> highest_key_id() = 0;
  /// The key that says so of itself, whether revoked or not.
  virtual Result<std::optional<ApiKeyProof>> find_api_key(std::string_view id) = 0;
  /// Notes that a key was used. @error busy  somebody else writes: it waits for nobody
  virtual Result<void> note_api_key(std::string_view id, std::chrono::sys_seconds now) = 0;

  // -- outbox
  /// A number no other dispatcher has or will get (I14).
  virtual Result<std::uint64_t> new_fence() = 0;
  /// Leases due entries, oldest first, at most one at a time per copy (R80); also held ones whose
  /// time has come, so that an account that works again needs no hand (I15).
  virtual Result<std::vector<ClaimedInvite>> claim(std::uint64_t fence, std::size_t limit,
                                                   std::chrono::sys_seconds now,
                                                   std::chrono::sys_seconds lease_until) = 0;
  /// Makes intents durable before any byte leaves (I5), re-checking fence, revision, suppression
  /// and expiry in the same step (I10, I11). Verdicts in the order of `intents`.
  virtual Result<std::vector<IntentVerdict>> commit_intents(std::span<const Intent> intents,
                                                            std::uint64_t fence,
                                                            std::chrono::sys_seconds now) = 0;
  /// Records outcomes with their receipts. A late `accepted` also settles a row in doubt; other
  /// outcomes need the fence. @return how many applied
  virtual Result<std::size_t> settle(std::span<const Settlement> settlements, std::uint64_t fence,
                                     std::chrono::sys_seconds now) = 0;
  /// Heartbeat: prolongs all leases of a fence.
  virtual Result<void> renew(std::uint64_t fence, std::chrono::sys_seconds lease_until) = 0;
  /// Gives back what a fence holds without an intent.
  virtual Result<void> release(std::uint64_t fence) = 0;
  /// Ended leases: without an intent back to pending, with one to in_doubt (and a receipt).
  virtual Result<void> recover(std::chrono::sys_seconds now) = 0;
  /// When the next pending entry becomes due or a foreign lease ends; absent when neither is there
  /// (held entries are not waited for).
  virtual Result<std::optional<std::chrono::sys_seconds>> next_due() = 0;
  /// When the next held entry may be claimed; absent when none is, unless a person lifts a hold.
  virtual Result<std::optional<std::chrono::sys_seconds>> next_held() = 0;

  // -- what comes back
  /// Finds each send by attempt_id, else by message_id, in any domain; appends the receipt once,
  /// settles a row in doubt (I6), suppresses when asked to. A fact that names a copy instead gets
  /// its receipt and settles nothing. Unknown sends go to the orphans. One step for all of them,
  /// written event by event; hundreds at a time cost a fraction of as many calls.
  /// @return verdicts in the order of `facts`
  /// @error invalid_argument  a fact without dedupe_key
  /// @error not_found         the copy that a fact names is not there
  virtual Result<std::vector<FactVerdict>> record_facts(std::span<const DeliveryFact> facts,
                                                        std::chrono::sys_seconds now) = 0;
  /// record_facts of one.
  Result<FactVerdict> record_fact(const DeliveryFact& fact, std::chrono::sys_seconds now) {
    auto verdicts = record_facts({&fact, 1}, now);
    if (!verdicts) return tl::unexpected<Error>(std::move(verdicts.error()));
    return verdicts->front();
  }

  // -- erasure
  /// Of the hashes that keep erased people suppressed; set before anything else is called. Without
  /// it nobody can be erased, and those who were are not known again.
  virtual void set_erasure_key(const std::array<std::uint8_t, 32>& key) = 0;
  /// Rewrites the store's files without what was deleted, and drops copies that upgrades left
  /// beside them. Not inside a step.
  /// @error busy  somebody else reads what was there before: call again
  virtual Result<void> compact() = 0;
};

/// Opens `sqlite:FILE` (made when absent, migrated when older).
/// @param zoneinfo  the zones by which it tells when events are over
/// @error unsupported    a kind of store that is not built in
/// @error store_corrupt  damaged, or written by a newer calinvite
Result<std::unique_ptr<Store>> open_store(
    std::string_view url, const std::filesystem::path& zoneinfo = "/usr/share/zoneinfo");

}  // namespace calinvite

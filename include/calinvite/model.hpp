/// The nouns of calinvite and what is always true of them: domains, organizers, events,
/// attendees, invites, receipts. Plain values; nothing here does I/O.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite {

// ---- small words -----------------------------------------------------------------------------

/// iTIP methods (RFC 5546 1.4).
enum class Method { publish, request, reply, add, cancel, refresh, counter, decline_counter };
/// Upper case, as METHOD writes it: "REQUEST".
std::string_view to_string(Method method) noexcept;
/// Any case; absent for unknown words.
std::optional<Method> parse_method(std::string_view word);

/// An attendee's answer (PARTSTAT, RFC 5545 3.2.12). Unknown words are kept raw where they came
/// in and mean needs_action.
enum class Partstat { needs_action, accepted, declined, tentative, delegated };
/// As PARTSTAT writes it: "NEEDS-ACTION".
std::string_view to_string(Partstat partstat) noexcept;
std::optional<Partstat> parse_partstat(std::string_view word);
/// The words of reports, CSV and the program: accepted, declined, tentative, noaction.
std::string_view status_word(Partstat partstat) noexcept;
std::optional<Partstat> parse_status_word(std::string_view word);

/// STATUS of an event (RFC 5545 3.8.1.11).
enum class EventStatus { confirmed, tentative, cancelled };
/// Lower case: "confirmed".
std::string_view to_string(EventStatus status) noexcept;
std::optional<EventStatus> parse_event_status(std::string_view word);

/// Names a row in links: 32 bits of the time when it was made, and 96 random ones; opaque.
using RowId = std::array<std::uint8_t, 16>;

// ---- addresses -------------------------------------------------------------------------------

/// A mail address with an optional display name.
struct Mailbox {
  std::string name;     ///< UTF-8, may be empty
  std::string address;  ///< as normalize_address gives it
  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

/// The one form in which addresses are stored and compared: bare addr-spec, lower case, domain as
/// A-labels; a leading "mailto:" is dropped. Plus-tags and dots are kept apart.
/// @error invalid_input  not local@domain with a full DNS name, over 254 octets (local part over
///                       64), or control characters inside
/// @error unsupported    a non-ASCII local part, which would need SMTPUTF8 (R17), or a quoted one
Result<std::string> normalize_address(std::string_view address);
/// Equal for normalised addresses that reach one mailbox as far as anybody can tell (R105): without
/// a +tag, and at Gmail, also called googlemail.com, without dots. For comparing, never for
/// mailing.
std::string mailbox_key(std::string_view address);
/// Reads `addr`, `<addr>`, `Name <addr>` and `"Name, quoted" <addr>`; exactly one mailbox.
/// @error as normalize_address
Result<Mailbox> parse_mailbox(std::string_view text);
/// Whether mailboxes on that DNS name, or below it, are a public mail provider's: nobody else
/// receives mail there, and many of them are accounts with a calendar (R24).
bool is_consumer_domain(std::string_view dns_name);
/// Whether an address has the form that normalize_address gives. Asks for no memory, but where a
/// host name is an encoded international one.
bool is_normal_address(std::string_view address);
/// An address for those who need not know it: its first character, three stars and the host.
std::string mask_address(std::string_view address);
/// The part behind the last '@'.
std::string_view address_domain(std::string_view address) noexcept;

// ---- tenants ---------------------------------------------------------------------------------

/// What becomes of a mailed invitation whose sender is vouched for, but is no organizer (F1).
enum class Registration {
  closed,   ///< it is set aside: the operator alone registers organizers
  confirm,  ///< it waits until its sender presses the button behind a link that is mailed to them
  open,     ///< its sender becomes an organizer
};
std::string_view to_string(Registration registration) noexcept;
std::optional<Registration> parse_registration(std::string_view word);

/// What becomes of somebody who was not invited and answers what an attendee passed on to them
/// (R105). The attendee's own answer stays in any case.
enum class SharedPolicy {
  hold,    ///< kept beside the event: counted nowhere, mailed nothing
  accept,  ///< becomes an attendee of origin "shared" when somebody vouches for them as the sender,
           ///< and may be invited like anybody; else as hold
  refuse,  ///< noted in the history of the attendee alone
};
std::string_view to_string(SharedPolicy policy) noexcept;
std::optional<SharedPolicy> parse_shared_policy(std::string_view word);

/// How many people may be invited to one event where nobody says otherwise.
inline constexpr std::uint32_t usual_invite_limit = 2500;

/// A tenant.
struct Domain {
  std::string name;               ///< as the operator calls it, unique in a store
  std::string from;               ///< sender address that new organizers get; on reply_domain
  std::string reply_domain;       ///< DNS name whose mail comes back to us, lower case, unique
  std::string base_url;           ///< https origin of links, without a trailing slash
  std::string super_user;         ///< address that sees all of the domain; may be empty
  std::string configuration_set;  ///< SES configuration set of its sends; may be empty
  /// '+' or '-', in front of the token of the organizer addresses it sends from (R26); what comes
  /// in may have either
  char separator = '+';
  std::uint32_t description_limit = 4000;  ///< characters of a description that are mailed (R60)
  /// Whether STATUS:CANCELLED tells one person who is uninvited; RFC 5546 3.2.5 keeps it for events
  /// that are cancelled for everybody, but clients look for it (R83).
  bool cancelled_status_on_uninvite = true;
  Registration registration = Registration::confirm;
  std::uint32_t event_limit = 0;  ///< most events of one organizer, not counting those that are
                                  ///< over or cancelled; 0: any number
  std::uint32_t invite_limit = usual_invite_limit;  ///< Event::invite_limit of new events
  bool approval = false;  ///< what organizers mail or list of known events waits for a go-ahead
  SharedPolicy shared_attendees = SharedPolicy::hold;
  /// Web pages that readers may be sent on to from a page of ours, whole addresses (http or https);
  /// beside them the landing pages of the event and the button
  std::vector<std::string> landings;
};

enum class OrganizerState { registered, suspended };

/// A person or system that owns events, known by mail address within a domain.
struct Organizer {
  std::string domain;
  std::string address;     ///< what authenticates inbound mail
  std::string name;        ///< display name of the sender identity; may be empty
  std::string local_part;  ///< of the sender identity on the reply subdomain, for good
  OrganizerState state = OrganizerState::registered;
  bool bulk = false;             ///< may mail event lists
  std::string language;          ///< BCP 47, of notices; empty: the event's
  std::optional<bool> approval;  ///< as Domain::approval, which holds when it is absent
};

/// On whose behalf a store call reads or writes (I12). Every call that touches a domain's data
/// takes one, and sees nothing outside it.
class Scope {
 public:
  /// All of one domain: its super user, or a flow of the library itself.
  static Scope domain(std::string name) { return Scope(std::move(name), {}); }
  /// One organizer's events within a domain.
  static Scope organizer(std::string domain, std::string address) {
    return Scope(std::move(domain), std::move(address));
  }
  /// Every domain of the store: the operator, and dispatch.
  static Scope system() { return Scope({}, {}); }
  /// Empty when the scope is the whole store.
  const std::string& domain_name() const noexcept { return domain_; }
  /// Empty when the scope is the whole domain.
  const std::string& organizer_address() const noexcept { return organizer_; }
  bool covers(std::string_view organizer) const noexcept {
    return organizer_.empty() || organizer_ == organizer;
  }
  /// Whether nothing lies in `other` that does not lie in this one.
  bool covers(const Scope& other) const noexcept {
    return (domain_.empty() || domain_ == other.domain_) && covers(other.organizer_);
  }
  friend bool operator==(const Scope&, const Scope&) = default;

 private:
  Scope(std::string domain, std::string organizer)
      : domain_(std::move(domain)), organizer_(std::move(organizer)) {}
  std::string domain_;
  std::string organizer_;
};

// ---- events ----------------------------------------------------------------------------------

/// Which instance of a series: its original start as wall time in the event's zone (R74).
struct OccurrenceId {
  std::chrono::local_seconds original_start{};
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 reads the generated code
  friend auto operator<=>(const OccurrenceId&, const OccurrenceId&) = default;
};

/// One changed or cancelled instance of a series (RFC 5545 3.8.4.4).
struct Override {
  OccurrenceId occurrence;
  bool cancelled = false;  ///< then the rest says nothing
  std::chrono::local_seconds start{};
  std::chrono::local_seconds end{};
  std::string summary;
  std::string description;
  std::string location;
  /// https link to join by (R56); empty: none, absent: the series', as where nothing was said of it
  std::optional<std::string> conference{};
  std::int32_t source_sequence = 0;  ///< of the source last applied to this date (R98); with no
  std::chrono::sys_seconds source_dtstamp{};  ///< DTSTAMP either: those of the series
  friend bool operator==(const Override&, const Override&) = default;
};

/// One VEVENT series as calinvite keeps it.
struct Event {
  std::string uid;               ///< ours, opaque, assigned at create; empty in a parsed event
  std::string source_uid;        ///< the client's UID or row key, owned by `organizer`
  std::string organizer;         ///< the owner: authenticated address, registered in the domain
  std::string source_organizer;  ///< ORGANIZER first seen in the source; must not change
  std::string summary;
  std::string description;  ///< plain text
  std::string location;
  std::string conference;  ///< https link to join by (R56); empty: none
  std::string url;
  std::string landing;                 ///< landing page after an RSVP button; empty: none
  std::string language;                ///< BCP 47; empty: not known
  std::chrono::local_seconds start{};  ///< wall time in `timezone`; midnight when all_day
  std::chrono::local_seconds end{};    ///< exclusive, as DTEND; the day after the last when all_day
  std::string timezone;                ///< IANA name, or "UTC"; empty when all_day
  bool all_day = false;
  std::string rrule;                                ///< value of RRULE; empty: one instance
  std::vector<std::chrono::local_seconds> exdates;  ///< ascending
  std::vector<Override> overrides;                  ///< ascending by occurrence
  EventStatus status = EventStatus::confirmed;
  std::optional<std::chrono::minutes> reminder;  ///< before the start (R54); absent: none of ours
  bool transparent = false;                      ///< shows as free (TRANSP, R53)
  bool wants_answers = true;                     ///< false: nobody is asked (R36)
  bool counters_allowed = true;      ///< false: clients offer no other time to propose (R53)
  std::int32_t sequence = 0;         ///< of our revision, 0 on the first, +1 each mailed change
  std::int32_t key_sequence = 0;     ///< sequence of the last key change (R71)
  std::int32_t source_sequence = 0;  ///< SEQUENCE of the source last applied (R98)
  std::chrono::sys_seconds source_dtstamp{};  ///< DTSTAMP of the source last applied (R98)
  bool listed = false;                        ///< shown on upcoming-events pages
  /// Most attendees; 0: any number. As it stands here, a new event gets the domain's.
  std::uint32_t invite_limit = usual_invite_limit;
  std::chrono::sys_seconds created{};
  std::chrono::sys_seconds changed{};
};

/// The link by which people join on a changed date of the series; empty: none.
const std::string& conference_of(const Event& series, const Override& changed) noexcept;

/// The longest time before the start at which an event reminds.
inline constexpr std::chrono::minutes longest_reminder = std::chrono::weeks(4);

/// Checks what every stored event fulfils: a summary, end after start, a zone unless all-day,
/// single-line fields without control characters, http(s) URLs, https conferences, a reminder of 0
/// to `longest_reminder`, exdates and overrides in order.
/// @error invalid_input  names the field
Result<void> check_event(const Event& event);

/// Checks a web address as a browser may be sent to it.
/// @error invalid_input  names `field`: not http or https, no host, a control character, or one
/// that
///                       must be percent-encoded
Result<void> check_web_address(std::string_view field, std::string_view address);

/// Whether a location only says how people meet, such as "Online" or "Zoom", or nothing: where a
/// map would look for a place there is none (R57).
bool is_no_place(std::string_view location);

/// What an edit of an event means for the people invited (RFC 5546); made by plan_change.
struct Change {
  Method method = Method::request;  ///< request or cancel (RFC 5546 3.2.2, 3.2.5)
  std::int32_t sequence = 0;        ///< of the new revision, 0 on the first (RFC 5545 3.8.7.4)
  bool key_change = false;          ///< time, recurrence or status differs: answers reset
  std::vector<OccurrenceId> occurrences;  ///< empty: the whole series (RFC 5545 3.8.4.4)
};

// ---- attendees and invites -------------------------------------------------------------------

/// One person invited to one event. `uid` is the UID of their copy, a new one after a cancel.
struct Attendee {
  std::string event;  ///< Event::uid
  std::string address;
  std::string name;
  std::string language;  ///< BCP 47; empty: the event's
  std::string origin;    ///< where they came from
  RowId id{};            ///< named by RSVP and unsubscribe tokens
  std::string uid;       ///< of their copy (R30)
  Partstat partstat = Partstat::needs_action;
  std::int32_t answer_sequence = -1;          ///< SEQUENCE of the answer in force; -1: no answer
  std::chrono::sys_seconds answer_dtstamp{};  ///< DTSTAMP of the answer in force
  std::string channel;                        ///< mail or web, of the answer in force; empty: none
  std::string prodid;               ///< raw PRODID of the client that answered; empty: none
  std::string comment;              ///< of the answer in force
  std::string proposal;             ///< of the answer in force: see Receipt::proposal
  std::int32_t held_sequence = -1;  ///< revision last accepted by the transport; -1: none
  bool uninvited = false;
  std::string delivery;  ///< word of the receipts' fold: see delivery_word
};

/// What somebody agreed to, as the organizer says.
struct ConsentGiven {
  std::string source;               ///< where, such as a form's name or URL; one line
  std::chrono::sys_seconds time{};  ///< when; the epoch: not known, the time of recording
  std::string text;                 ///< what they read and agreed to; may be empty
};
/// Consent that can be kept: a source of one line and at most 500 bytes, a text of at most 4,000
/// without control characters but line ends and tabs.
/// @error invalid_input  names the field: consent_source or consent_text
Result<void> check_consent(const ConsentGiven& consent);

/// Someone to be invited, before anything is decided.
struct InviteRequest {
  std::string address;  ///< as normalize_address gives it
  std::string name;
  std::string language;
  std::optional<ConsentGiven> consent = {};
};

/// What one attendee is owed, from planning to its outcome (reliability.md section 2).
enum class OutboxState {
  pending,     ///< waits for dispatch
  claimed,     ///< leased by a dispatcher; with an attempt, its intent is durable
  held,        ///< waits for a person or an account
  accepted,    ///< the transport took it
  refused,     ///< the transport will never take it
  in_doubt,    ///< bytes left, no answer came
  superseded,  ///< a newer revision replaced it unsent
  suppressed,  ///< the address must not be mailed
  expired,     ///< the occurrence ended before it was sent
};
std::string_view to_string(OutboxState state) noexcept;
std::optional<OutboxState> parse_outbox_state(std::string_view word);

/// The kinds of receipt.
enum class ReceiptKind {
  queued,
  accepted,
  refused,
  in_doubt,
  expired,
  delivered,
  delayed,
  bounced,
  complained,
  rejected,
  opened,
  clicked,
  replied,
  superseded,
  suppressed,
  unsubscribed,
};
std::string_view to_string(ReceiptKind kind) noexcept;
std::optional<ReceiptKind> parse_receipt_kind(std::string_view word);

/// One appended fact about an attendee's copy.
struct Receipt {
  ReceiptKind kind = ReceiptKind::queued;
  std::chrono::sys_seconds time{};  ///< when it happened, by the reporter's clock
  std::string event;                ///< Event::uid
  std::string address;
  std::int32_t sequence = -1;  ///< revision concerned; -1: not known
  Method method = Method::request;
  std::string attempt_id;  ///< empty when no send is concerned
  std::string message_id;  ///< SES MessageId; empty when none
  std::string detail;      ///< kind-specific, one line: diagnostic, bounce type, reason; replied:
                           ///< begins with the status word
  std::string channel;  ///< by which it came: mail, web (a page of ours) or ses (a notification);
                        ///< empty: our own doing
  std::string prodid;   ///< replied: the client, see client_name
  std::string comment;  ///< replied: the attendee's words
  /// replied: start/end that the attendee proposes (R114), as an ISO 8601 interval in the event's
  /// zone; empty when none
  std::string proposal;
};

/// How far a receipt is to be believed.
enum class Evidence {
  verified,    ///< our own doing, SES's word, what a link or token address vouches for
  unverified,  ///< an open or a click; an answer whose sender nobody vouches for; a report by mail
               ///< that does not return the id of our message
  automated,   ///< an open or a click that no person made, as far as can be told (R126)
};
std::string_view to_string(Evidence evidence) noexcept;
/// @param soon  whether it came within seconds of a delivery, as scanners do
Evidence evidence_of(const Receipt& receipt, bool soon) noexcept;
/// The status word that a receipt of kind replied begins with; empty for other kinds.
std::string_view answer_word(const Receipt& receipt) noexcept;

/// What people call the maker or program that writes this PRODID: Google, Outlook, Apple, Yahoo,
/// Thunderbird, … A PRODID that is not known is its own name; borrows it.
std::string_view client_name(std::string_view prodid);

/// An attendee's answer to one date of a series, which differs from that to the series (R113).
struct OccurrenceAnswer {
  std::string address;
  OccurrenceId occurrence;
  Partstat partstat = Partstat::needs_action;
  std::int32_t answer_sequence = -1;
  std::chrono::sys_seconds answer_dtstamp{};
  std::string channel;
  std::string prodid;
  std::string comment;
  std::string proposal;
};

/// What is known of one attendee and one date of a series.
struct OccurrenceStanding {
  std::optional<OccurrenceAnswer> answer;  ///< absent: the answer to the series holds
  std::int32_t key_sequence = 0;           ///< SEQUENCE of the last key change of that date (R110)
};

/// Somebody who was not invited, and answered what an attendee passed on to them (R105), as
/// SharedPolicy::hold keeps them. Counted nowhere and mailed nothing.
struct SharedAttendee {
  std::string event;
  std::string address;
  std::string name;
  Partstat partstat = Partstat::needs_action;
  std::string via;                  ///< address of the attendee whose copy they answered
  std::chrono::sys_seconds time{};  ///< of their answer
};

/// The delivery status that a set of receipt kinds means; the order they came in does not matter
/// (I8): complained, bounced, rejected, delivered, accepted, in_doubt, refused, suppressed,
/// expired, delayed, queued: the first of these that is there; empty when none is.
std::string_view delivery_word(const std::vector<ReceiptKind>& kinds) noexcept;

/// What a notice to an organizer is about.
enum class NoticeKind {
  created,       ///< their mail became an event
  changed,       ///< … changed one
  cancelled,     ///< … cancelled one
  failed,        ///< their mail was not acted on
  imported,      ///< their event list was read
  limit,         ///< an event has as many attendees as it may
  approval,      ///< a change waits for them
  registration,  ///< to somebody who is no organizer yet: whether they want to be
  report,        ///< the figures of an event, which they asked for
};
std::string_view to_string(NoticeKind kind) noexcept;
std::optional<NoticeKind> parse_notice_kind(std::string_view word);

/// One message that each holder is owed for a change (R73, R85): the series or one instance.
struct Mailing {
  Method method = Method::request;
  std::optional<OccurrenceId> occurrence;           ///< absent: the series
  std::optional<std::chrono::sys_seconds> expires;  ///< not sent after this instant; absent: ever
};

// ---- injected surroundings -------------------------------------------------------------------

/// The present; outside tests the system clock. Called from the thread that called calinvite.
using Clock = std::function<std::chrono::sys_seconds()>;
/// An instant fine enough to space messages by.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
/// The present as finely as the machine tells it.
using FineClock = std::function<Instant()>;
/// Lets this much time go by; tests move their clock instead.
using Sleep = std::function<void(std::chrono::microseconds)>;
/// Fills the span with random bytes; outside tests `system_random`.
using Random = std::function<void(std::span<std::uint8_t>)>;

/// Origins that are known everywhere; a domain may add others. "test" may be sent again.
bool is_known_origin(std::string_view origin) noexcept;

}  // namespace calinvite

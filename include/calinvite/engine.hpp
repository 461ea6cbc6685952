/// The engine: one store, and every flow over it. Start here.
///
///     auto engine = calinvite::Engine::open({.store = "sqlite:calinvite.db", .master_key = key});
///     engine->ingest({.bytes = ics, .source = "fixture.ics", …}, on_item);
///     engine->invite(scope, event_uid, requests, "api");
///     engine->dispatch(*transport, {});
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

#include "calinvite/ingest.hpp"
#include "calinvite/model.hpp"
#include "calinvite/outbox.hpp"
#include "calinvite/preflight.hpp"
#include "calinvite/queue.hpp"
#include "calinvite/report.hpp"
#include "calinvite/result.hpp"
#include "calinvite/sns.hpp"
#include "calinvite/store.hpp"
#include "calinvite/suppression.hpp"
#include "calinvite/token.hpp"
#include "calinvite/transport.hpp"

namespace calinvite {

struct EngineOptions {
  std::string store;                          ///< sqlite:FILE
  std::array<std::uint8_t, 32> master_key{};  ///< seals the domains' signing keys in the store
  Clock clock;                                ///< empty: the system clock
  Random random;                              ///< empty: the system's generator
  std::filesystem::path zoneinfo = "/usr/share/zoneinfo";
  Verifier verifier;  ///< of mails nobody vouched for; empty: none
};

/// The machine's clock: what an empty `EngineOptions::clock` means.
std::chrono::sys_seconds system_time();

/// What inviting or changing costs, or cost: copies by what happens to them.
struct Plan {
  std::string event;
  std::uint64_t invite = 0;
  std::uint64_t update = 0;
  std::uint64_t cancel = 0;
  std::map<std::string, std::uint64_t> skip;  ///< reason -> count
};

/// Which merge tags a button carries.
enum class ButtonPreset { mailchimp, klaviyo, sendgrid, hubspot, convertkit, zoho, wix, generic };
std::string_view to_string(ButtonPreset preset) noexcept;
std::optional<ButtonPreset> parse_button_preset(std::string_view word);

/// The operator's word on input that is taken out of quarantine.
struct ReleaseOptions {
  std::string sender;    ///< who sent it; empty: the sender who was vouched for when it came
  std::string timezone;  ///< as IngestInput::timezone
  DateOrder date_order = DateOrder::usual;
};

/// A key that was just made.
struct NewApiKey {
  ApiKey entry;
  std::string key;  ///< shown this once: only its hash is kept
};

/// A key that signs a domain's links, or did.
struct SigningKey {
  std::uint16_t id = 0;
  std::chrono::sys_seconds created{};
  bool signs = false;  ///< new links; older keys only verify those that they signed
};

/// What the page behind a link of a registration mail shows.
struct RegistrationPage {
  std::string domain;         ///< its name
  std::string address;        ///< of whoever would become an organizer
  std::uint64_t waiting = 0;  ///< their mails that wait for it; 1,000 also stands for more
};

/// A change that waits for a go-ahead, and what it costs.
struct Approval {
  std::string domain;  ///< its name
  Event before;
  Event after;
  Plan plan;  ///< what a go-ahead enqueues
};

/// Whether the page behind a link still takes something.
enum class PageState {
  open,
  over,       ///< the event has ended
  cancelled,  ///< the event was
  withdrawn,  ///< this invitation was
};

/// What the page behind a link shows (docs/links.md).
struct EventPage {
  std::string domain;  ///< its name
  /// As it is now, merge fields filled in. `organizer` and `source_organizer` are private.
  Event event;
  std::string organizer;          ///< display name of the sender identity; may be empty
  std::string organizer_address;  ///< that answers to the event go to; not the organizer's own
  PageState state = PageState::open;
  std::optional<Attendee> attendee;   ///< whose link it is; of an RSVP link
  std::string landing;                ///< where a reader is sent on to; empty: nowhere
  std::vector<std::string> landings;  ///< where else a request may have them sent on to
};

/// What a form says that was issued with a page of a link (R124).
struct FormCheck {
  std::chrono::seconds age{};  ///< since the page was shown
  std::int32_t sequence = 0;   ///< SEQUENCE of the event that it showed; 0 where it showed none
};

/// Somebody, or something, opened a link of a mail.
struct LinkVisit {
  std::string link;     ///< which one: accepted, tentative, declined or unsubscribe
  bool head = false;    ///< by HEAD, as no person does
  std::string agent{};  ///< User-Agent; empty: not known
};

/// How often a day (UTC) RSVP buttons may be pressed; what is beyond sends nothing.
struct ButtonCaps {
  std::uint32_t address = 3;       ///< for one address
  std::uint32_t network = 60;      ///< from one network
  std::uint32_t event = 10'000;    ///< for one event
  std::uint32_t domain = 100'000;  ///< in all
};

/// How messages of SNS are believed, and what is done with its confirmations.
struct SnsOptions {
  SnsTrust trust;
  FetchCertificate certificate;  ///< such as SnsCertificates::get
  /// Confirms a subscription to a topic of `trust`, such as by confirm_sns_subscription; empty: an
  /// item says that it waits.
  std::function<Result<void>(const SnsMessage& confirmation)> confirm;
};

/// How a queue is worked off.
struct ReceiveOptions {
  std::uint64_t max_messages = 0;  ///< 0: no limit
  bool until_empty = false;        ///< end when the queue has nothing more to hand out
  std::chrono::seconds wait{20};   ///< for the next message, 0 to 20
  std::size_t together = 200;      ///< messages of one durable step at most
  /// What can't be taken in is quarantined and removed when it was handed out this often.
  std::uint32_t most_receives = 5;
  /// Signatures are verified and topics pinned; empty: whoever may write to the queue is believed.
  std::optional<SnsOptions> sns;
  std::string domain;          ///< whose quarantine takes what can't be read; empty: the only one
  std::function<bool()> stop;  ///< asked several times a second; empty: never
};
struct ReceiveResult {
  std::uint64_t received = 0;     ///< messages handed out
  std::uint64_t removed = 0;      ///< taken in or quarantined, and gone from the queue
  std::uint64_t quarantined = 0;  ///< of these
  std::uint64_t left = 0;         ///< could not be taken in and will be handed out again
};

/// Any thread may call; one call runs at a time (a lock inside). Callbacks run on the calling
/// thread and must not call the same engine. A second engine, in this or another process, may
/// open the same store. A scope that does not cover an event makes it not_found.
class Engine {
 public:
  /// @error invalid_argument  a store name that is not KIND:PLACE
  /// @error unsupported       a kind of store that is not built in
  /// @error as open_store
  static Result<Engine> open(EngineOptions options);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  // -- domains and organizers
  /// Also makes the domain's first signing key.
  /// @error invalid_argument  `from` not on reply_domain, base_url not https (R121), R25
  /// @error conflict          name or reply domain taken
  Result<Domain> add_domain(Domain domain);
  /// Changes the settings of the domain of that name, for what is sent from now on. Organizers keep
  /// the `local_part` they have, whatever `from` becomes: calendars know them by it (R78).
  /// @error as add_domain
  /// @error conflict   another reply domain or separator: calendars know organizers by them (R26)
  /// @error not_found  no such domain
  Result<Domain> update_domain(Domain domain);
  Result<std::vector<Domain>> list_domains();
  /// `domain` may be empty while there is one; `local_part` defaults to that of the domain's from
  /// and stays as it is, since calendars take updates from no other address (R78).
  /// A suspended organizer is registered again, as they were.
  /// @error conflict  already registered
  Result<Organizer> add_organizer(Organizer organizer);
  Result<std::vector<Organizer>> list_organizers(const Scope& scope);
  Result<void> suspend_organizer(const Scope& scope, std::string_view address);
  /// Changes name, bulk right, language and approval of a known organizer.
  /// @error not_found  no such organizer, or the scope is not all of its domain
  Result<Organizer> update_organizer(const Scope& scope, Organizer organizer);
  /// Lets a delegate's mail create, change and cancel an organizer's events (R99), or no longer.
  /// @error not_found  no such organizer
  Result<void> set_delegate(const Scope& scope, std::string_view organizer,
                            std::string_view address, bool allowed = true);

  // -- registration: links that are mailed where Domain::registration is confirm
  /// @error unauthenticated  not a valid token, or it waits no more
  Result<RegistrationPage> find_registration(std::string_view token);
  /// A person pressed the button: they are an organizer now, and the oldest 20 of their mails that
  /// waited are taken in. Pressing again takes in the next ones, if find_registration says that
  /// more wait, and else changes nothing.
  /// @error as find_registration
  /// @error forbidden  they are suspended, or the domain registers nobody this way any more
  Result<Organizer> confirm_registration(std::string_view token, const IngestHandler& on_item);

  // -- signing keys of links; other processes follow within some seconds
  /// A new key signs from now on. Links that older ones signed stay good until they run out.
  /// @error not_found  no such domain, or the scope is not all of it
  Result<SigningKey> rotate_key(const Scope& scope);
  /// Oldest first. @error as rotate_key
  Result<std::vector<SigningKey>> list_keys(const Scope& scope);
  /// Ends every link that a key signed, such as after it became known. Answers by mail still count.
  /// @error not_found  as rotate_key, or no such key
  /// @error conflict   it is the one that signs: rotate first
  Result<void> withdraw_key(const Scope& scope, std::uint16_t id);

  // -- API keys: what a program shows to act in a scope
  /// @param of  what the key opens; lies in `scope`
  /// @error invalid_input  no label, or one of several lines or over 100 bytes
  /// @error not_found      `of` lies outside `scope`, or there is no such domain or organizer
  Result<NewApiKey> add_api_key(const Scope& scope, std::string_view label, const Scope& of);
  /// Those whose scope lies in this one, oldest first; revoked ones too.
  Result<std::vector<ApiKey>> list_api_keys(const Scope& scope);
  /// From now on. @error not_found  no such key
  Result<void> revoke_api_key(const Scope& scope, std::string_view id);
  /// What a key opens. Compares in constant time.
  /// @error unauthenticated  unknown, revoked, or of a suspended organizer: all read the same
  Result<Scope> authenticate_key(std::string_view key);

  // -- events
  /// Owned by `event.organizer`, who must be registered; uid is assigned.
  /// @error invalid_input, unsupported  the event can't be invited to (check_event, R46, R61)
  /// @error conflict  source_uid exists
  /// @error forbidden  the organizer has as many events as Domain::event_limit allows, or the scope
  ///                   is an organizer's and `invite_limit` above the domain's
  Result<Event> create_event(const Scope& scope, Event event);
  /// @error not_found
  Result<Event> get_event(const Scope& scope, std::string_view uid);
  /// @error too_large  filter.search is over 256 bytes
  Result<Paged<EventSummary>> list_events(const Scope& scope, EventFilter filter, const Page& page);
  /// Stores what the caller shows of an event and enqueues what its holders are owed; nothing when
  /// nothing shown differs. `event.uid` names it; `event.sequence` as read, against lost updates.
  /// @error conflict  changed meanwhile: read again
  Result<Plan> update_event(const Scope& scope, const Event& event, bool include_declined = false);
  /// What update_event would enqueue.
  Result<Plan> preview_update(const Scope& scope, const Event& event,
                              bool include_declined = false);
  Result<Plan> cancel_event(const Scope& scope, std::string_view uid,
                            bool include_declined = false);

  // -- approval: changes that organizers mail or list wait where Domain::approval says so. What a
  // caller changes by update_event or cancel_event is their go-ahead; it ends a wait.
  Result<std::optional<Approval>> find_held_change(const Scope& scope, std::string_view event);
  Result<Paged<HeldChange>> list_held_changes(const Scope& scope, const Page& page);
  /// The go-ahead: the event becomes as the change has it, and its holders are owed what they are.
  /// @error conflict  nothing waits
  Result<Plan> approve_change(const Scope& scope, std::string_view event);
  /// The change is forgotten; a newer one of the source brings what is in it again.
  /// @error conflict  nothing waits
  Result<void> drop_held_change(const Scope& scope, std::string_view event);
  /// By the token of the link that the organizer is mailed.
  /// @error unauthenticated  not a valid token
  /// @error conflict         it waits no more: approved, dropped, or replaced by a newer one
  Result<Approval> find_approval(std::string_view token);
  /// A person pressed the button. @error as find_approval
  Result<Plan> approve(std::string_view token);

  // -- ingest
  /// Reads one input and acts on each item by itself: what is at fault is refused or quarantined
  /// with its reason, the rest lands. Feeding the same again changes nothing (I7).
  /// @error only from the store, or not_found when no domain can be told
  Result<void> ingest(const IngestInput& input, const IngestHandler& on_item);

  /// Notifications of SES from a channel whose sender is verified, all in one durable step (but a
  /// mail that one holds is a step of its own): 64 to 1,000 in a call are many times as fast as one
  /// by one.
  /// @return for each why it was refused; absent: it was taken in
  /// @error only from the store; nothing was taken in then, mails aside
  Result<std::vector<std::optional<Error>>> ingest_notifications(
      std::span<const std::string_view> texts, const IngestHandler& on_item);
  /// The body of a request that SNS posted to an endpoint of the host, whom it answers 200 on
  /// success, 403 to forbidden and unauthenticated, 503 to what is retryable, 400 to the rest. A
  /// message that was taken in before is "already seen". SubscribeURL is never fetched.
  /// @error as authenticate_sns; nothing was changed
  /// @error of what the notification says, or of `confirm`
  Result<void> ingest_sns(std::string_view body, const SnsOptions& options,
                          const IngestHandler& on_item);
  /// Works off a queue on the calling thread; other calls run while it waits. A message is removed
  /// after what it says is durable, so that each is taken in at least once, and twice changes
  /// nothing (I7, I8). One that can't be taken in never holds up the others. What fails for now is
  /// tried again with growing pauses, ten times in a row.
  /// @error of the queue, or from the store
  Result<ReceiveResult> receive(NotificationQueue& queue, const ReceiveOptions& options,
                                const IngestHandler& on_item);

  // -- invites
  /// Counts what invite would do; stores nothing.
  Result<Plan> plan_invites(const Scope& scope, std::string_view event,
                            std::span<const InviteRequest> requests, std::string_view origin);
  /// Adds attendees and enqueues their first copies, in one step.
  Result<Plan> invite(const Scope& scope, std::string_view event,
                      std::span<const InviteRequest> requests, std::string_view origin);
  Result<Plan> uninvite(const Scope& scope, std::string_view event, std::string_view address);
  /// Enqueues one attendee's copy again as the event is now (R79): `update` is 1, or `skip` says
  /// why not. For somebody uninvited it is their CANCEL, if it is in doubt, and `cancel` counts it.
  /// @error not_found  not invited, or uninvited and nothing is in doubt
  /// @error conflict   the event is cancelled
  Result<Plan> resend(const Scope& scope, std::string_view event, std::string_view address);
  /// Enqueues the event as it is now for those who have a message of it in doubt; what has not
  /// changed keeps DTSTAMP and SEQUENCE (R79), so that a second one is the same to a calendar. A
  /// CANCEL of somebody uninvited goes out as it was. What was said again since, or is about to be,
  /// is left out, as is a date that is over; `skip` says why.
  /// @error not_found  no such event
  Result<Plan> resend_in_doubt(const Scope& scope, std::string_view event);
  /// Enqueues the event as it is now for those who hold an older revision of it, such as after a
  /// refusal. Decliners and those in doubt are left out; `skip` counts them.
  /// @error not_found  no such event
  /// @error conflict   the event is cancelled
  Result<Plan> resend_outdated(const Scope& scope, std::string_view event);

  /// The message that an attendee would be sent now, tokens and all: whoever reads it can answer
  /// for them. For somebody not invited, or uninvited, the first copy they would get; its UID and
  /// tokens are made up and kept nowhere, so its links lead nowhere. Stores nothing.
  /// @error not_found        no such event
  /// @error invalid_input    not an address
  /// @error conflict         nothing would be sent: the event is cancelled and they were never sent
  ///                         an invitation, or they are not invited and it is over
  /// @error forbidden        the organizer is suspended
  /// @error as Composer      the event can't be written
  Result<OutgoingMessage> preview(const Scope& scope, std::string_view event,
                                  std::string_view address);

  // -- answers and buttons
  /// A web answer by the token of an RSVP link (R112).
  /// @error unauthenticated  not a valid token
  /// @param comment   the attendee's words, for the organizer; kept to 4,000 bytes
  /// @param sequence  SEQUENCE of the event that they were shown; absent: as it is now
  /// @error conflict         the event is over or cancelled, the invite withdrawn, or the time has
  ///                         changed since that SEQUENCE; nothing is recorded
  Result<IngestItem> rsvp(std::string_view token, Partstat answer, std::string_view comment = {},
                          std::optional<std::int32_t> sequence = std::nullopt);
  /// The token that an attendee's RSVP links carry.
  Result<std::string> rsvp_token(const Scope& scope, std::string_view event,
                                 std::string_view address);
  /// HTML of an RSVP button with the vendor's merge tags.
  /// @param landing  web page shown afterwards; empty: the event's
  /// @error invalid_input  `landing` is no web address
  Result<std::string> button(const Scope& scope, std::string_view event, ButtonPreset preset,
                             std::string_view landing = {});

  // -- suppression and consent
  /// Whoever is suppressed is sent nothing more, from this moment on (I11). The row reaches as far
  /// as its own fields and the scope allow: an organizer's for themselves, a domain's for any
  /// organizer of it or all, the operator's everywhere. An empty reason is "manual".
  /// @return false when it was there already
  /// @error invalid_input  not an address, or a reason that is no single line
  /// @error not_found      no such domain or organizer in scope
  Result<bool> add_suppression(const Scope& scope, Suppression row);
  /// Lifts the one of that domain, organizer and address.
  /// @error not_found  no such suppression in scope
  /// @error forbidden  an organizer asks, and the person or their mailbox is why (is_binding)
  Result<void> remove_suppression(const Scope& scope, Suppression row);
  /// Those in scope; of one address when it is not empty, to see why and where it is suppressed.
  Result<Paged<Suppression>> list_suppressions(const Scope& scope, std::string_view address,
                                               const Page& page);
  /// Reads a list, text or CSV with the columns email and optionally domain, organizer, reason,
  /// time, as export_suppressions writes it; bad rows are reported and left out. Rows without a
  /// domain or organizer reach as far as the scope does. Again it changes nothing.
  /// @param read  gives the list piece by piece
  /// @error invalid_input  a header without email: nothing was read
  /// @error as `read`; what was read before stays
  Result<SuppressionImport> import_suppressions(const Scope& scope, const std::string& source,
                                                const ReadBytes& read,
                                                const RowErrorHandler& on_error);
  /// CSV: email,domain,organizer,reason,time.
  Result<void> export_suppressions(const Scope& scope, const ReportSink& sink);
  Result<Paged<Consent>> list_consents(const Scope& scope, std::string_view address,
                                       const Page& page);
  /// What the token of a mail's unsubscribe link is about.
  /// @error unauthenticated  not a valid token
  Result<UnsubscribeView> find_unsubscribe(std::string_view token);
  /// Ends mail to whom the token names, with a receipt, and withdraws their consent. Again it
  /// changes nothing.
  /// @error unauthenticated  not a valid token
  Result<void> unsubscribe(std::string_view token, SuppressionScope scope);
  /// Takes the person's own unsubscribe back; nothing when there is none.
  /// @error unauthenticated  not a valid token
  /// @error conflict         they are suppressed for another reason
  Result<void> resubscribe(std::string_view token, SuppressionScope scope);
  /// Forgets a person in a domain, or in all and for good in the system's scope: rows that count
  /// stay and name nobody, raw mails that mention them go, and a keyed hash keeps the address
  /// suppressed (docs/privacy.md).
  /// @param compact   whether compact() follows; else it is to be called once for several people
  /// @error forbidden  the scope is an organizer's
  /// @error conflict   a registered organizer, or a super user: suspend or replace them first
  /// @error busy       all is erased, but another reader keeps old pages: call compact()
  Result<Erasure> erase(const Scope& scope, std::string_view address, bool compact = true);
  /// Rewrites the store's files, so that nothing is left of what was deleted, and drops the copies
  /// of earlier upgrades. Takes as much room again; nobody else can write to the store meanwhile.
  /// @error busy  another reader keeps old pages: call again
  Result<void> compact();

  // -- pages of links; none of the find calls stores anything
  /// @error unauthenticated  not a valid token of an RSVP link
  Result<EventPage> find_rsvp(std::string_view token);
  /// @error unauthenticated  not a valid token of a button of that event
  Result<EventPage> find_button(std::string_view event, std::string_view token);
  /// What everybody may see who knows the event's uid.
  /// @error not_found  no such event
  Result<EventPage> find_event_page(std::string_view event);
  /// The page's event as a file to add to a calendar, METHOD:PUBLISH: of an RSVP link with the UID
  /// of the copy, so that it does not come twice (R130).
  /// @error invalid_input  the event can't be written
  Result<std::string> calendar_file(const EventPage& page);
  /// What a form on the page of a link must bring back (R124); good for 12 hours.
  /// @param sequence  SEQUENCE of the event that the page shows
  /// @error unauthenticated  not a valid token of that purpose
  Result<std::string> issue_nonce(std::string_view token, TokenPurpose purpose,
                                  std::int32_t sequence = 0);
  /// Whether a form comes from a page that was opened by this link.
  /// @error unauthenticated  the nonce is not of this link, or too old
  Result<FormCheck> check_nonce(std::string_view token, std::string_view nonce);
  /// Notes that a link of a mail was opened: a receipt `clicked`, which proves nothing about a
  /// person. At most one per link and minute, 100 per copy and day. Labelled automated (R126) when
  /// it was a HEAD request, by an agent that is no browser, or different links were opened within
  /// 10 s.
  /// @param purpose  of the token: rsvp or unsubscribe
  /// @error unauthenticated   not a valid token of that purpose
  /// @error invalid_argument  no such link
  Result<void> record_visit(std::string_view token, TokenPurpose purpose, const LinkVisit& visit);
  /// A person asks for an invitation by an RSVP button.
  /// @param network  where they ask from, opaque; empty: not known, and not capped
  /// @return whether one was enqueued; a page must not tell, since it depends on the address
  /// @error unauthenticated  not a valid token of a button of that event
  /// @error conflict         the event is over or cancelled
  Result<bool> press_button(std::string_view event, std::string_view token,
                            const InviteRequest& request, std::string_view network,
                            const ButtonCaps& caps = {});

  // -- sending
  /// Checks what a domain's mails depend on outside: DNS, the SES account, addresses. In the order
  /// of preflight_checks, those that were made; an answer that does not come is a finding, too.
  /// @error not_found  no such domain
  /// @error forbidden  the scope is an organizer's
  Result<std::vector<PreflightFinding>> preflight(const Scope& scope,
                                                  const PreflightSources& sources);
  /// Hands due invites to the transport on the calling thread, for as long as it takes. All that
  /// time it holds the engine, and other calls of it wait: a second engine on the same store serves
  /// pages and takes in answers meanwhile. A pace goes on from the last dispatch to the transport.
  /// @error store errors; calling again resumes, and what was sent before on_receipt and totals
  /// tell
  Result<DispatchResult> dispatch(Transport& transport, const DispatchOptions& options);
  Result<OutboxTotals> totals(const Scope& scope);
  /// Accounts that messages went through, with their limits and why one is held.
  Result<std::vector<SendingAccount>> list_accounts();
  /// Ends an account's hold before its time; it is asked anew what it allows.
  /// @error not_found  no such account, or it is not held
  Result<void> resume_account(std::string_view key);
  /// A domain's counts of the last 7 days, and whether it is held (ReputationLimits).
  /// @error not_found  no such domain
  Result<Reputation> reputation(const Scope& scope);
  /// Ends the hold of a domain; counting begins anew.
  /// @error not_found  no such domain, or it is not held
  Result<void> lift_hold(const Scope& scope);
  /// As totals, of notices to organizers alone.
  Result<OutboxTotals> notice_totals(const Scope& scope);
  Result<Paged<Notice>> list_notices(const Scope& scope, const Page& page);
  /// Replaces a template of the domain's mails, such as invitation.html or notice_created.html;
  /// empty: ours again.
  /// @error not_found      no such template
  /// @error invalid_input  it does not parse, writes what people say unescaped or into markup, or
  ///                       lacks what an invitation needs; `place` has the line
  /// @error too_large      more than 80,000 bytes
  Result<void> set_template(const Scope& scope, std::string_view name, std::string_view contents);

  // -- reports
  Result<Statistics> statistics(const Scope& scope, std::string_view event = {});
  Result<Paged<Attendee>> list_attendees(const Scope& scope, std::string_view event,
                                         const Page& page);
  /// Those that a filter lets pass, by address.
  Result<Paged<Attendee>> list_attendees(const Scope& scope, std::string_view event,
                                         const AttendeeFilter& filter, const Page& page);
  Result<Paged<Receipt>> list_receipts(const Scope& scope, std::string_view event,
                                       const Page& page);
  /// All receipts of one attendee, by the time at which they happened.
  /// @error not_found  no such event, or they are not invited to it
  Result<Paged<HistoryItem>> list_history(const Scope& scope, std::string_view event,
                                          std::string_view address, const Page& page);
  /// Receipts over time: of an event, or of all in scope when `event` is empty.
  Result<Paged<ReceiptBucket>> list_receipt_buckets(const Scope& scope, std::string_view event,
                                                    BucketSize size, const Page& page);
  /// Events and attendees in whom all words of `text` are: see Store::search.
  /// @error too_large  a text of more than 256 bytes
  Result<Paged<SearchHit>> search(const Scope& scope, std::string_view text, const Page& page);
  /// What happened in a domain, or to an organizer's events, behind `after`, which is empty or
  /// Feed::next: receipts, and events made or changed. What a cursor has gone past does not come
  /// again, and nothing comes in before it.
  /// @error invalid_argument  not such a cursor, the system's scope, or a limit of 0
  Result<Feed> list_changes(const Scope& scope, std::string_view after, std::size_t limit = 100);
  /// Enqueues a notice with the event's figures to its organizer, in their language, and attaches
  /// what report() writes of it as CSV; of a table over 5 MB the first rows, which the notice says.
  /// @error not_found  no such event
  Result<void> mail_report(const Scope& scope, std::string_view event);
  /// People who answered what an attendee passed on to them (R105).
  Result<Paged<SharedAttendee>> list_shared_attendees(const Scope& scope, std::string_view event,
                                                      const Page& page);
  Result<Paged<OutboxEntry>> list_outbox(const Scope& scope, OutboxState state,
                                         std::string_view event, const Page& page);
  /// Attendees of an event, or of all events in scope when `event` is empty. CSV: first columns
  /// email,name,status,origin,prodid. JSON: one line of statistics; when `event` is empty one of
  /// totals and one for each hold of an account or the domain, else one for each proposal, answer
  /// to a single date and shared attendee of it; then one for each entry in doubt.
  Result<void> report(const Scope& scope, std::string_view event, ReportFormat format,
                      const ReportSink& sink);

  // -- quarantine
  Result<Paged<Quarantined>> list_quarantine(const Scope& scope, const Page& page);
  Result<Quarantined> get_quarantined(const Scope& scope, std::int64_t id);
  /// Takes the raw input in again on the operator's word who sent it. The item is gone when
  /// everything in it landed, else it stays with the newer reason.
  /// @return whether it landed
  /// @error not_found        no such item in the scope
  /// @error forbidden        `options.sender` is not the organizer whose scope this is
  /// @error unauthenticated  nobody was vouched for, and `options` names no sender
  Result<bool> release_quarantined(const Scope& scope, std::int64_t id,
                                   const ReleaseOptions& options, const IngestHandler& on_item);
  Result<void> drop_quarantined(const Scope& scope, std::int64_t id);

 private:
  struct Impl;
  class Receiver;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace calinvite

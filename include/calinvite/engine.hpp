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
#include "calinvite/report.hpp"
#include "calinvite/result.hpp"
#include "calinvite/store.hpp"
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
  std::string as;        ///< who sent it; empty: the sender who was vouched for when it came
  std::string timezone;  ///< as IngestInput::timezone
  DateOrder date_order = DateOrder::usual;
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
  /// Changes the settings of the domain of that name, for what is sent from now on.
  /// @error as add_domain
  /// @error conflict   another reply domain or separator: calendars know organizers by them (R26)
  /// @error not_found  no such domain
  Result<Domain> update_domain(Domain domain);
  Result<std::vector<Domain>> list_domains();
  /// `domain` may be empty while there is one; `local_part` defaults to that of the domain's from.
  /// A suspended organizer is registered again, as they were.
  /// @error conflict  already registered
  Result<Organizer> add_organizer(Organizer organizer);
  Result<std::vector<Organizer>> list_organizers(const Scope& scope);
  Result<void> suspend_organizer(const Scope& scope, std::string_view address);
  /// Lets a delegate's mail create, change and cancel an organizer's events (R99), or no longer.
  /// @error not_found  no such organizer
  Result<void> set_delegate(const Scope& scope, std::string_view organizer,
                            std::string_view address, bool allowed = true);

  // -- events
  /// Owned by `event.organizer`, who must be registered; uid is assigned.
  /// @error invalid_input, unsupported  the event can't be invited to (check_event, R46, R61)
  /// @error conflict  source_uid exists
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

  // -- ingest
  /// Reads one input and acts on each item by itself: what is at fault is refused or quarantined
  /// with its reason, the rest lands. Feeding the same again changes nothing (I7).
  /// @error only from the store, or not_found when no domain can be told
  Result<void> ingest(const IngestInput& input, const IngestHandler& on_item);

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
  /// @error conflict         the event is cancelled, or the invite withdrawn
  Result<IngestItem> rsvp(std::string_view token, Partstat answer);
  /// The token that an attendee's RSVP links carry.
  Result<std::string> rsvp_token(const Scope& scope, std::string_view event,
                                 std::string_view address);
  /// HTML of an RSVP button with the vendor's merge tags.
  Result<std::string> button(const Scope& scope, std::string_view event, ButtonPreset preset,
                             std::string_view landing = {});

  // -- sending
  /// Checks what a domain's mails depend on outside: DNS, the SES account, addresses. In the order
  /// of preflight_checks, those that were made; an answer that does not come is a finding, too.
  /// @error not_found  no such domain
  /// @error forbidden  the scope is an organizer's
  Result<std::vector<PreflightFinding>> preflight(const Scope& scope,
                                                  const PreflightSources& sources);
  /// Hands due invites to the transport on the calling thread, for as long as it takes.
  /// @error store errors; calling again resumes
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
  /// Enqueues a notice with the event's figures to its organizer, in their language.
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
  /// @error forbidden        `options.as` is not the organizer whose scope this is
  /// @error unauthenticated  nobody was vouched for, and `options` names no sender
  Result<bool> release_quarantined(const Scope& scope, std::int64_t id,
                                   const ReleaseOptions& options, const IngestHandler& on_item);
  Result<void> drop_quarantined(const Scope& scope, std::int64_t id);

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace calinvite

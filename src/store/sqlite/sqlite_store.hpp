/// The store in one SQLite file.
#pragma once

#include <filesystem>
#include <memory>

#include "calinvite/store.hpp"
#include "store/sqlite/connection.hpp"

namespace calinvite::sqlite {

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::unique_ptr<Connection> connection);
  Connection& connection() noexcept { return *connection_; }

  Result<void> atomically(const std::function<Result<void>()>& work) override;

  Result<void> add_domain(const Domain& domain) override;
  Result<void> save_domain(const Domain& domain) override;
  Result<std::optional<Domain>> find_domain(std::string_view name) override;
  Result<std::vector<Domain>> list_domains() override;
  using Store::add_organizer;
  Result<void> add_organizer(const Scope& scope, const Organizer& organizer) override;
  Result<void> save_organizer(const Scope& scope, const Organizer& organizer) override;
  Result<std::optional<Organizer>> find_organizer(const Scope& scope,
                                                  std::string_view address) override;
  Result<std::vector<Organizer>> list_organizers(const Scope& scope) override;
  Result<void> set_organizer_state(const Scope& scope, std::string_view address,
                                   OrganizerState state) override;
  Result<void> set_delegate(const Scope& scope, std::string_view organizer,
                            std::string_view address, bool allowed) override;
  Result<std::vector<Organizer>> list_principals(const Scope& scope,
                                                 std::string_view address) override;
  Result<std::vector<SealedKey>> list_keys(const Scope& scope) override;
  Result<void> add_key(const Scope& scope, const SealedKey& key) override;
  Result<void> remove_key(const Scope& scope, std::uint16_t id) override;
  Result<std::vector<Domain>> list_domains_with_key(std::uint16_t id) override;
  Result<std::uint16_t> highest_key_id() override;

  Result<void> add_api_key(const Scope& scope, const ApiKey& key,
                           const std::array<std::uint8_t, 32>& digest) override;
  Result<std::vector<ApiKey>> list_api_keys(const Scope& scope) override;
  Result<void> revoke_api_key(const Scope& scope, std::string_view id,
                              std::chrono::sys_seconds now) override;
  Result<std::optional<ApiKeyProof>> find_api_key(std::string_view id) override;
  Result<void> note_api_key(std::string_view id, std::chrono::sys_seconds now) override;
  Result<PendingRegistration> keep_registration(const Scope& scope,
                                                const PendingRegistration& wanted,
                                                std::chrono::sys_seconds now) override;
  Result<std::optional<PendingRegistration>> find_registration(const Scope& scope,
                                                               const RowId& id) override;

  Result<std::optional<Event>> find_event(const Scope& scope, std::string_view uid) override;
  Result<std::optional<Event>> find_revision(const Scope& scope, std::string_view uid,
                                             std::int32_t sequence) override;
  Result<std::optional<Event>> find_event_by_source(const Scope& scope, std::string_view organizer,
                                                    std::string_view source_uid) override;
  Result<std::vector<std::string>> list_source_owners(const Scope& scope,
                                                      std::string_view source_uid) override;
  Result<void> keep_cancel(const Scope& scope, const EarlyCancel& cancel,
                           std::chrono::sys_seconds since) override;
  Result<std::optional<EarlyCancel>> find_cancel(const Scope& scope, std::string_view organizer,
                                                 std::string_view source_uid,
                                                 std::chrono::sys_seconds since) override;
  Result<std::uint64_t> count_live_events(const Scope& scope, std::string_view organizer,
                                          std::chrono::sys_seconds now) override;
  Result<Paged<EventSummary>> list_events(const Scope& scope, const EventFilter& filter,
                                          const Page& page) override;
  Result<void> add_event(const Scope& scope, const Event& event) override;
  Result<void> save_event(const Scope& scope, const Event& event) override;
  Result<ChangeCounts> apply_change(const Scope& scope, const Event& after,
                                    std::int32_t before_sequence, const Change& change,
                                    const std::vector<Mailing>& mailings, bool include_declined,
                                    std::chrono::sys_seconds now) override;
  Result<std::optional<ChangeCounts>> continue_change(const Scope& scope,
                                                      std::string_view event) override;
  Result<ChangeCounts> preview_change(const Scope& scope, std::string_view event,
                                      const Change& change, const std::vector<Mailing>& mailings,
                                      bool include_declined) override;
  Result<void> hold_change(const Scope& scope, const HeldChange& change) override;
  Result<std::optional<HeldChange>> find_held_change(const Scope& scope,
                                                     std::string_view event) override;
  Result<std::optional<HeldChange>> find_held_change_by_id(const Scope& scope,
                                                           const RowId& id) override;
  Result<Paged<HeldChange>> list_held_changes(const Scope& scope, const Page& page) override;
  Result<bool> drop_held_change(const Scope& scope, std::string_view event) override;

  Result<std::vector<InviteVerdict>> plan_invites(const Scope& scope, std::string_view event,
                                                  std::span<const InviteRequest> requests,
                                                  std::string_view origin,
                                                  std::uint64_t planned_before) override;
  Result<std::vector<InviteVerdict>> add_invites(const Scope& scope, std::string_view event,
                                                 std::span<const NewAttendee> attendees,
                                                 const std::vector<Mailing>& mailings,
                                                 std::chrono::sys_seconds now) override;
  Result<ChangeCounts> uninvite(const Scope& scope, std::string_view event,
                                std::string_view address, std::chrono::sys_seconds now) override;
  Result<ChangeCounts> resend(const Scope& scope, std::string_view event, std::string_view address,
                              const std::vector<Mailing>& mailings,
                              std::chrono::sys_seconds not_since,
                              std::chrono::sys_seconds now) override;
  Result<ChangeCounts> repeat(const Scope& scope, std::int64_t entry,
                              std::chrono::sys_seconds not_since,
                              std::chrono::sys_seconds now) override;
  Result<std::optional<ClaimedInvite>> draft_invite(const Scope& scope, std::string_view event,
                                                    std::string_view address) override;
  Result<std::optional<Attendee>> find_attendee(const Scope& scope, std::string_view event,
                                                std::string_view address) override;
  Result<std::optional<Attendee>> find_attendee_by_uid(const Scope& scope,
                                                       std::string_view uid) override;
  Result<std::optional<Attendee>> find_attendee_by_id(const Scope& scope, const RowId& id) override;
  Result<Paged<Attendee>> list_attendees(const Scope& scope, std::string_view event,
                                         const AttendeeFilter& filter, const Page& page) override;
  Result<std::optional<Correspondent>> find_correspondent(const Scope& scope,
                                                          std::string_view token) override;
  Result<std::vector<Attendee>> list_live_copies(const Scope& scope, std::string_view organizer,
                                                 std::string_view address) override;
  Result<std::optional<Attendee>> find_attendee_by_message(const Scope& scope,
                                                           std::string_view id) override;
  Result<bool> record_reply(const Scope& scope, const AnswerRecord& answer) override;
  Result<OccurrenceStanding> get_occurrence(const Scope& scope, std::string_view event,
                                            std::string_view address,
                                            const OccurrenceId& occurrence) override;
  Result<Paged<OccurrenceAnswer>> list_occurrence_answers(const Scope& scope,
                                                          std::string_view event,
                                                          const Page& page) override;
  Result<Paged<Attendee>> list_proposals(const Scope& scope, std::string_view event,
                                         const Page& page) override;
  Result<bool> record_shared_attendee(const Scope& scope, const SharedAttendee& person) override;
  Result<Paged<SharedAttendee>> list_shared_attendees(const Scope& scope, std::string_view event,
                                                      const Page& page) override;
  Result<Button> get_button(const Scope& scope, const Button& wanted) override;
  Result<std::optional<Button>> find_button(const Scope& scope, const RowId& id) override;

  Result<std::uint64_t> new_fence() override;
  Result<std::vector<ClaimedInvite>> claim(std::uint64_t fence, std::size_t limit,
                                           std::chrono::sys_seconds now,
                                           std::chrono::sys_seconds lease_until) override;
  Result<std::vector<IntentVerdict>> commit_intents(std::span<const Intent> intents,
                                                    std::uint64_t fence,
                                                    std::chrono::sys_seconds now) override;
  Result<std::size_t> settle(std::span<const Settlement> settlements, std::uint64_t fence,
                             std::chrono::sys_seconds now) override;
  Result<void> renew(std::uint64_t fence, std::chrono::sys_seconds lease_until) override;
  Result<void> release(std::uint64_t fence) override;
  Result<void> recover(std::chrono::sys_seconds now) override;
  Result<std::optional<std::chrono::sys_seconds>> next_due() override;
  Result<std::optional<std::chrono::sys_seconds>> next_held() override;
  Result<OutboxTotals> totals(const Scope& scope) override;
  Result<Paged<OutboxEntry>> list_outbox(const Scope& scope, OutboxState state,
                                         std::string_view event, const Page& page) override;
  Result<Paged<Doubt>> list_doubts(const Scope& scope, std::string_view event,
                                   const Page& page) override;

  Result<void> edit_account(const Scope& scope, std::string_view key,
                            const std::function<void(SendingAccount&)>& edit) override;
  Result<std::vector<SendingAccount>> list_accounts(const Scope& scope) override;
  Result<Reputation> reputation(const Scope& scope, std::chrono::sys_seconds since) override;
  Result<void> hold_domain(const Scope& scope, std::string_view reason,
                           std::chrono::sys_seconds now) override;
  Result<void> lift_hold(const Scope& scope, std::chrono::sys_seconds now) override;

  Result<bool> add_notice(const Scope& scope, const Notice& notice, std::size_t most_a_day,
                          std::chrono::sys_seconds now) override;
  Result<Paged<Notice>> list_notices(const Scope& scope, const Page& page) override;
  Result<OutboxTotals> notice_totals(const Scope& scope) override;
  Result<void> set_template(const Scope& scope, std::string_view name,
                            std::string_view contents) override;
  Result<std::map<std::string, std::string>> list_templates(const Scope& scope) override;

  Result<std::vector<FactVerdict>> record_facts(std::span<const DeliveryFact> facts,
                                                std::chrono::sys_seconds now) override;
  Result<FactVerdict> record_reported(const Scope& scope, const DeliveryFact& fact,
                                      std::chrono::sys_seconds now) override;
  Result<Paged<HistoryItem>> list_history(const Scope& scope, std::string_view event,
                                          std::string_view address, const Page& page) override;
  Result<Paged<Receipt>> list_receipts(const Scope& scope, std::string_view event,
                                       const Page& page) override;
  Result<std::vector<Receipt>> list_facts(const Scope& scope, std::string_view event,
                                          std::string_view prefix) override;
  Result<bool> count_use(const Scope& scope, std::span<const DailyCap> caps,
                         std::chrono::sys_seconds now) override;
  Result<bool> add_quarantine(const Scope& scope, const Quarantined& item) override;
  Result<Paged<Quarantined>> list_quarantine(const Scope& scope, const Page& page) override;
  Result<Quarantined> get_quarantined(const Scope& scope, std::int64_t id) override;
  Result<void> drop_quarantined(const Scope& scope, std::int64_t id) override;
  Result<bool> drop_quarantined_bytes(const Scope& scope,
                                      const std::array<std::uint8_t, 32>& digest) override;
  Result<bool> add_suppression(const Scope& scope, const Suppression& row) override;
  Result<void> remove_suppression(const Scope& scope, const Suppression& row) override;
  Result<Paged<Suppression>> list_suppressions(const Scope& scope, std::string_view address,
                                               const Page& page) override;
  Result<bool> record_consent(const Scope& scope, const Consent& consent) override;
  Result<void> withdraw_consent(const Scope& scope, std::string_view organizer,
                                std::string_view address, std::chrono::sys_seconds now) override;
  Result<Paged<Consent>> list_consents(const Scope& scope, std::string_view address,
                                       const Page& page) override;
  void set_erasure_key(const std::array<std::uint8_t, 32>& key) override;
  Result<Erasure> erase(const Scope& scope, std::string_view address, std::string_view stand_in,
                        std::chrono::sys_seconds now) override;
  Result<void> compact() override;
  Result<Statistics> statistics(const Scope& scope, std::string_view event) override;
  Result<Paged<ReceiptBucket>> list_receipt_buckets(const Scope& scope, std::string_view event,
                                                    BucketSize size, const Page& page) override;
  Result<Paged<SearchHit>> search(const Scope& scope, std::string_view text,
                                  const Page& page) override;
  Result<Feed> list_changes(const Scope& scope, std::string_view after, std::size_t limit) override;

 private:
  Result<OutboxTotals> without_notices(const Scope& scope, OutboxTotals totals);

  std::unique_ptr<Connection> connection_;
};

/// @param busy_wait  how long a writer waits for another one before Code::busy
/// @error unavailable, store_full, store_corrupt, busy
Result<std::unique_ptr<SqliteStore>> open_sqlite_store(
    const std::filesystem::path& file,
    std::chrono::milliseconds busy_wait = std::chrono::seconds(5),
    const std::filesystem::path& zoneinfo = "/usr/share/zoneinfo");

}  // namespace calinvite::sqlite

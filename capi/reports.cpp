#include "calinvite/c/reports.h"

#include "engine.hpp"

namespace calinvite::capi {

static void fill(calinvite_statistics_counts& to, const Statistics& from, Arena& arena) {
  LEND_LIST(origin, origin);
  LEND_LIST(prodid, prodid);
  LEND_LIST(rsvp, rsvp);
  LEND_LIST(delivery, delivery);
  LEND(attendees);
}

CALINVITE_FILL_LIST(calinvite_attendee, Attendee)
CALINVITE_FILL_LIST(calinvite_receipt, Receipt)

static void fill(calinvite_history_item& to, const HistoryItem& from, Arena& arena) {
  LEND(receipt);
  LEND(evidence);
}
CALINVITE_FILL_LIST(calinvite_history_item, HistoryItem)

static void fill(calinvite_receipt_bucket& to, const ReceiptBucket& from, Arena& arena) {
  LEND(start);
  LEND_LIST(counts, count);
}
CALINVITE_FILL_LIST(calinvite_receipt_bucket, ReceiptBucket)

static void fill(calinvite_search_hit& to, const SearchHit& from, Arena& arena) {
  LEND(event);
  LEND(summary);
  LEND(start);
  LEND(organizer);
  LEND(address);
  LEND(name);
}
CALINVITE_FILL_LIST(calinvite_search_hit, SearchHit)

static void fill(calinvite_feed_item& to, const FeedItem& from, Arena& arena) {
  LEND(event);
  LEND(organizer);
  LEND(receipt);
}

static void fill(calinvite_feed& to, const Feed& from, Arena& arena) {
  LEND_LIST(items, item);
  LEND(next);
  LEND(more);
}

static void fill(calinvite_shared_attendee& to, const SharedAttendee& from, Arena& arena) {
  LEND(event);
  LEND(address);
  LEND(name);
  LEND(partstat);
  LEND(via);
  LEND(time);
}
CALINVITE_FILL_LIST(calinvite_shared_attendee, SharedAttendee)

static void fill(calinvite_outbox_entry& to, const OutboxEntry& from, Arena& arena) {
  LEND(event);
  LEND(address);
  LEND(method);
  LEND(state);
  LEND(attempt_id);
  LEND(reason);
  LEND(changed);
  LEND(sequence);
}
CALINVITE_FILL_LIST(calinvite_outbox_entry, OutboxEntry)

static void fill(calinvite_notice& to, const Notice& from, Arena& arena) {
  LEND(kind);
  LEND(address);
  LEND(event);
  LEND(language);
  LEND(subject);
  LEND(state);
  LEND(reason);
  LEND(time);
}
CALINVITE_FILL_LIST(calinvite_notice, Notice)

static void fill(calinvite_quarantined& to, const Quarantined& from, Arena& arena) {
  LEND(source);
  LEND(sender);
  LEND(reason);
  LEND(raw);
  to.raw_size = from.raw.size();
  LEND_LIST(envelope_recipients, envelope_recipient);
  LEND(id);
  LEND(time);
}
CALINVITE_FILL_LIST(calinvite_quarantined, Quarantined)

namespace {

ReportFormat format_of(std::int32_t format) {
  static_assert(CALINVITE_REPORT_TABLE == static_cast<int>(ReportFormat::table));
  static_assert(CALINVITE_REPORT_CSV == static_cast<int>(ReportFormat::csv));
  static_assert(CALINVITE_REPORT_JSON == static_cast<int>(ReportFormat::json));
  if (format < CALINVITE_REPORT_TABLE || format > CALINVITE_REPORT_JSON) {
    refuse("no report format " + std::to_string(format) + "; expected CALINVITE_REPORT_*",
           "format");
  }
  return static_cast<ReportFormat>(format);
}

AttendeeFilter filter_of(const calinvite_attendee_filter* pointed) {
  const auto given = read(pointed, "filter");
  return {std::string(text_or(given.status)), std::string(text_or(given.origin)),
          std::string(text_or(given.delivery)), given.outdated != 0};
}

ReleaseOptions release_options_of(const calinvite_release_options* pointed) {
  const auto given = read(pointed, "options");
  return {std::string(text_or(given.sender)), std::string(text_or(given.timezone)),
          choice_of(given.date_order, "options.date_order", DateOrder::usual)};
}

}  // namespace

}  // namespace calinvite::capi

namespace capi = calinvite::capi;

calinvite_status calinvite_report(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* event, int32_t format, calinvite_write_fn on_piece,
                                  void* user_data, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.report(capi::scope_of(scope), capi::text_or(event), capi::format_of(format),
                           capi::pieces_to(on_piece, user_data)));
  });
}

calinvite_status calinvite_statistics(calinvite_engine* engine, const calinvite_scope* scope,
                                      const char* event,
                                      const calinvite_statistics_counts** counts_out,
                                      calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, counts_out, error_out, [&](calinvite::Engine& own) {
    return own.statistics(capi::scope_of(scope), capi::text_or(event));
  });
}

calinvite_status calinvite_mail_report(calinvite_engine* engine, const calinvite_scope* scope,
                                       const char* event, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.mail_report(capi::scope_of(scope), capi::needed_text(event, "event")));
  });
}

calinvite_status calinvite_list_attendees(calinvite_engine* engine, const calinvite_scope* scope,
                                          const char* event,
                                          const calinvite_attendee_filter* filter,
                                          const calinvite_page* page,
                                          const calinvite_attendee_list** attendees_out,
                                          calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, attendees_out, error_out, [&](calinvite::Engine& own) {
    return own.list_attendees(capi::scope_of(scope), capi::needed_text(event, "event"),
                              capi::filter_of(filter), capi::page_of(page));
  });
}

calinvite_status calinvite_list_receipts(calinvite_engine* engine, const calinvite_scope* scope,
                                         const char* event, const calinvite_page* page,
                                         const calinvite_receipt_list** receipts_out,
                                         calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, receipts_out, error_out, [&](calinvite::Engine& own) {
    return own.list_receipts(capi::scope_of(scope), capi::needed_text(event, "event"),
                             capi::page_of(page));
  });
}

calinvite_status calinvite_list_history(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* event, const char* address,
                                        const calinvite_page* page,
                                        const calinvite_history_item_list** items_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, items_out, error_out, [&](calinvite::Engine& own) {
    return own.list_history(capi::scope_of(scope), capi::needed_text(event, "event"),
                            capi::needed_text(address, "address"), capi::page_of(page));
  });
}

calinvite_status calinvite_client_name(const char* prodid, const calinvite_text** name_out,
                                       calinvite_error** error_out) noexcept {
  return capi::giving(name_out, error_out, [&] {
    return std::string(calinvite::client_name(capi::needed_text(prodid, "prodid")));
  });
}

calinvite_status calinvite_list_receipt_buckets(calinvite_engine* engine,
                                                const calinvite_scope* scope, const char* event,
                                                const char* size, const calinvite_page* page,
                                                const calinvite_receipt_bucket_list** buckets_out,
                                                calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, buckets_out, error_out, [&](calinvite::Engine& own) {
    return own.list_receipt_buckets(capi::scope_of(scope), capi::text_or(event),
                                    capi::needed_choice<calinvite::BucketSize>(size, "size"),
                                    capi::page_of(page));
  });
}

calinvite_status calinvite_search(calinvite_engine* engine, const calinvite_scope* scope,
                                  const char* text, const calinvite_page* page,
                                  const calinvite_search_hit_list** hits_out,
                                  calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, hits_out, error_out, [&](calinvite::Engine& own) {
    return own.search(capi::scope_of(scope), capi::needed_text(text, "text"), capi::page_of(page));
  });
}

calinvite_status calinvite_list_changes(calinvite_engine* engine, const calinvite_scope* scope,
                                        const char* after, size_t limit,
                                        const calinvite_feed** feed_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, feed_out, error_out, [&](calinvite::Engine& own) {
    constexpr std::size_t usual_limit = 100;
    return own.list_changes(capi::scope_of(scope), capi::text_or(after),
                            limit != 0 ? limit : usual_limit);
  });
}

calinvite_status calinvite_list_shared_attendees(calinvite_engine* engine,
                                                 const calinvite_scope* scope, const char* event,
                                                 const calinvite_page* page,
                                                 const calinvite_shared_attendee_list** people_out,
                                                 calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, people_out, error_out, [&](calinvite::Engine& own) {
    return own.list_shared_attendees(capi::scope_of(scope), capi::needed_text(event, "event"),
                                     capi::page_of(page));
  });
}

calinvite_status calinvite_list_outbox(calinvite_engine* engine, const calinvite_scope* scope,
                                       const char* state, const char* event,
                                       const calinvite_page* page,
                                       const calinvite_outbox_entry_list** entries_out,
                                       calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, entries_out, error_out, [&](calinvite::Engine& own) {
    return own.list_outbox(capi::scope_of(scope),
                           capi::needed_choice<calinvite::OutboxState>(state, "state"),
                           capi::text_or(event), capi::page_of(page));
  });
}

calinvite_status calinvite_list_notices(calinvite_engine* engine, const calinvite_scope* scope,
                                        const calinvite_page* page,
                                        const calinvite_notice_list** notices_out,
                                        calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, notices_out, error_out, [&](calinvite::Engine& own) {
    return own.list_notices(capi::scope_of(scope), capi::page_of(page));
  });
}

calinvite_status calinvite_list_quarantine(calinvite_engine* engine, const calinvite_scope* scope,
                                           const calinvite_page* page,
                                           const calinvite_quarantined_list** items_out,
                                           calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, items_out, error_out, [&](calinvite::Engine& own) {
    return own.list_quarantine(capi::scope_of(scope), capi::page_of(page));
  });
}

calinvite_status calinvite_get_quarantined(calinvite_engine* engine, const calinvite_scope* scope,
                                           int64_t id, const calinvite_quarantined** item_out,
                                           calinvite_error** error_out) noexcept {
  return capi::from_engine(engine, __func__, item_out, error_out, [&](calinvite::Engine& own) {
    return own.get_quarantined(capi::scope_of(scope), id);
  });
}

calinvite_status calinvite_release_quarantined(calinvite_engine* engine,
                                               const calinvite_scope* scope, int64_t id,
                                               const calinvite_release_options* options,
                                               calinvite_ingest_item_fn on_item, void* user_data,
                                               uint32_t* landed_out,
                                               calinvite_error** error_out) noexcept {
  capi::clear(landed_out);
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    const bool landed = capi::value(own.release_quarantined(
        capi::scope_of(scope), id, capi::release_options_of(options),
        capi::items_to(engine, "calinvite_release_quarantined", on_item, user_data)));
    if (landed_out != nullptr) *landed_out = landed ? 1 : 0;
  });
}

calinvite_status calinvite_drop_quarantined(calinvite_engine* engine, const calinvite_scope* scope,
                                            int64_t id, calinvite_error** error_out) noexcept {
  return capi::on_engine(engine, __func__, error_out, [&](calinvite::Engine& own) {
    capi::value(own.drop_quarantined(capi::scope_of(scope), id));
  });
}

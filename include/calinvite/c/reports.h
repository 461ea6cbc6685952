/* What is known: reports, lists, search, suppression and consent, quarantine. */
#ifndef CALINVITE_C_REPORTS_H
#define CALINVITE_C_REPORTS_H

#include "calinvite/c/events.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reports --------------------------------------------------------------------------------- */

enum {
  CALINVITE_REPORT_TABLE = 0,
  CALINVITE_REPORT_CSV = 1, /* first columns email,name,status,origin,prodid */
  CALINVITE_REPORT_JSON = 2 /* a line of statistics, then one for each send in doubt */
};

/* Reports the attendees of an event, or of all events in scope (event NULL). */
CALINVITE_API calinvite_status calinvite_report(calinvite_engine* engine,
                                                const calinvite_scope* scope, const char* event,
                                                int32_t format, calinvite_write_fn on_piece,
                                                void* user_data,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Counts of a scope. */
typedef struct calinvite_statistics_counts {
  size_t struct_size;
  const calinvite_count* origin;
  size_t origin_count;
  const calinvite_count* prodid;
  size_t prodid_count;
  const calinvite_count* rsvp; /* accepted, declined, tentative, noaction */
  size_t rsvp_count;
  const calinvite_count* delivery; /* of all but the uninvited: shows the bounced */
  size_t delivery_count;
  uint64_t attendees; /* without uninvited and suppressed ones, as the first three */
} calinvite_statistics_counts;
/* Of an event, or of all in scope (event NULL). */
CALINVITE_API calinvite_status calinvite_statistics(calinvite_engine* engine,
                                                    const calinvite_scope* scope, const char* event,
                                                    const calinvite_statistics_counts** counts_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Enqueues a notice with the event's figures to its organizer, in their language, with a report of
   it as CSV. */
CALINVITE_API calinvite_status
calinvite_mail_report(calinvite_engine* engine, const calinvite_scope* scope, const char* event,
                      calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Which attendees to list; what is empty lets all pass. */
typedef struct calinvite_attendee_filter {
  size_t struct_size;
  const char* status; /* accepted, declined, tentative or noaction */
  const char* origin;
  const char* delivery; /* such as bounced */
  uint32_t outdated;    /* 1: only those who hold an older revision than the event's */
  uint32_t reserved;    /* 0 */
} calinvite_attendee_filter;
#define CALINVITE_ATTENDEE_FILTER_INIT \
  { sizeof(calinvite_attendee_filter), NULL, NULL, NULL, 0, 0 }
/* By address. filter may be NULL. */
CALINVITE_API calinvite_status calinvite_list_attendees(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event,
    const calinvite_attendee_filter* filter, const calinvite_page* page,
    const calinvite_attendee_list** attendees_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status
calinvite_list_receipts(calinvite_engine* engine, const calinvite_scope* scope, const char* event,
                        const calinvite_page* page, const calinvite_receipt_list** receipts_out,
                        calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* A receipt in the history of an attendee. */
typedef struct calinvite_history_item {
  size_t struct_size;
  const calinvite_receipt* receipt;
  const char* evidence; /* how far it is to be believed: verified, unverified or automated */
} calinvite_history_item;
CALINVITE_LIST_OF(calinvite_history_item);
/* All receipts of one attendee, by the time at which they happened. CALINVITE_NOT_FOUND: no such
   event, or they are not invited to it. */
CALINVITE_API calinvite_status calinvite_list_history(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event, const char* address,
    const calinvite_page* page, const calinvite_history_item_list** items_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* What people call the program that writes this PRODID: Google, Outlook, Apple, …; one that is not
   known is its own name. */
CALINVITE_API calinvite_status
calinvite_client_name(const char* prodid, const calinvite_text** name_out,
                      calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Receipts that happened in one hour or day, UTC. */
typedef struct calinvite_receipt_bucket {
  size_t struct_size;
  int64_t start;
  const calinvite_count* counts; /* by kind */
  size_t count_count;
} calinvite_receipt_bucket;
CALINVITE_LIST_OF(calinvite_receipt_bucket);
/* Receipts over time, of an event or of all in scope (event NULL). size is hour or day. */
CALINVITE_API calinvite_status calinvite_list_receipt_buckets(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event, const char* size,
    const calinvite_page* page, const calinvite_receipt_bucket_list** buckets_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* An event, or somebody invited to it, that a search found. */
typedef struct calinvite_search_hit {
  size_t struct_size;
  const char* event; /* its uid */
  const char* summary;
  const char* start; /* wall clock of the event's zone */
  const char* organizer;
  const char* address; /* of the attendee; empty: the event itself was found */
  const char* name;
} calinvite_search_hit;
CALINVITE_LIST_OF(calinvite_search_hit);
/* Events and attendees in whom all words of text are. CALINVITE_TOO_LARGE: over 256 bytes. */
CALINVITE_API calinvite_status calinvite_search(calinvite_engine* engine,
                                                const calinvite_scope* scope, const char* text,
                                                const calinvite_page* page,
                                                const calinvite_search_hit_list** hits_out,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* What the change feed tells. */
typedef struct calinvite_feed_item {
  size_t struct_size;
  const char* event;
  const char* organizer;
  const calinvite_receipt* receipt; /* NULL: the event itself was made or changed */
} calinvite_feed_item;

/* A part of the change feed. */
typedef struct calinvite_feed {
  size_t struct_size;
  const calinvite_feed_item* const* items; /* in the order of the steps that did it */
  size_t item_count;
  const char* next; /* where to go on, now or when more has happened */
  uint32_t more;    /* there is more already */
  uint32_t reserved;
} calinvite_feed;
/* What happened behind `after`, which is NULL or calinvite_feed.next; at most limit items (0: 100).
   CALINVITE_INVALID_ARGUMENT: no such cursor, or the scope is of all domains. */
CALINVITE_API calinvite_status calinvite_list_changes(
    calinvite_engine* engine, const calinvite_scope* scope, const char* after, size_t limit,
    const calinvite_feed** feed_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Somebody who was not invited, and answered what an attendee passed on to them. */
typedef struct calinvite_shared_attendee {
  size_t struct_size;
  const char* event;
  const char* address;
  const char* name;
  const char* partstat;
  const char* via; /* address of that attendee */
  int64_t time;
} calinvite_shared_attendee;
CALINVITE_LIST_OF(calinvite_shared_attendee);
CALINVITE_API calinvite_status calinvite_list_shared_attendees(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event,
    const calinvite_page* page, const calinvite_shared_attendee_list** people_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* An entry of the outbox. */
typedef struct calinvite_outbox_entry {
  size_t struct_size;
  const char* event;
  const char* address;
  const char* method; /* REQUEST or CANCEL */
  const char* state;  /* pending, claimed, held, accepted, refused, in_doubt, superseded, suppressed
                         or expired */
  const char* attempt_id;
  const char* reason;
  int64_t changed;
  int32_t sequence;
  uint32_t reserved;
} calinvite_outbox_entry;
CALINVITE_LIST_OF(calinvite_outbox_entry);
/* Entries in a state, of an event or of all in scope (event NULL). */
CALINVITE_API calinvite_status calinvite_list_outbox(
    calinvite_engine* engine, const calinvite_scope* scope, const char* state, const char* event,
    const calinvite_page* page, const calinvite_outbox_entry_list** entries_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* A mail to an organizer. */
typedef struct calinvite_notice {
  size_t struct_size;
  const char* kind; /* created, changed, cancelled, failed, imported, limit, approval, registration
                       or report */
  const char* address;
  const char* event; /* empty: none */
  const char* language;
  const char* subject;
  const char* state; /* as of an outbox entry */
  const char* reason;
  int64_t time;
} calinvite_notice;
CALINVITE_LIST_OF(calinvite_notice);
CALINVITE_API calinvite_status calinvite_list_notices(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_page* page,
    const calinvite_notice_list** notices_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- suppression and consent ----------------------------------------------------------------- */

/* An address that must not be mailed: by one organizer, by a domain, or at all. */
typedef struct calinvite_suppression {
  size_t struct_size;
  const char* domain;    /* NULL: as far as the scope goes */
  const char* organizer; /* NULL: all of the domain */
  const char* address;
  const char* reason; /* one line, such as bounced; NULL: manual */
  int64_t time;
} calinvite_suppression;
#define CALINVITE_SUPPRESSION_INIT \
  { sizeof(calinvite_suppression), NULL, NULL, NULL, NULL, 0 }
CALINVITE_LIST_OF(calinvite_suppression);
/* Whoever is suppressed is sent nothing more, from this moment on. *added_out (NULL allowed) is 0
   when it was there already. CALINVITE_INVALID_INPUT: no address, or a reason that is no single
   line. */
CALINVITE_API calinvite_status calinvite_add_suppression(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_suppression* row,
    uint32_t* added_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Lifts the one of that domain, organizer and address. CALINVITE_FORBIDDEN: an organizer asks, and
   the person or their mailbox is why. */
CALINVITE_API calinvite_status calinvite_remove_suppression(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_suppression* row,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Those in scope, of one address when it is not NULL. */
CALINVITE_API calinvite_status calinvite_list_suppressions(
    calinvite_engine* engine, const calinvite_scope* scope, const char* address,
    const calinvite_page* page, const calinvite_suppression_list** rows_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* What an import did. */
typedef struct calinvite_suppression_import {
  size_t struct_size;
  uint64_t added;
  uint64_t known; /* were there already */
  uint64_t bad;   /* rows that were reported */
} calinvite_suppression_import;
/* Reads a list, text or CSV with the columns email and optionally domain, organizer, reason, time;
   rows without a domain or organizer reach as far as the scope does. on_error may be NULL;
   user_data is of both. CALINVITE_INVALID_INPUT: a header without email. */
CALINVITE_API calinvite_status calinvite_import_suppressions(
    calinvite_engine* engine, const calinvite_scope* scope, const char* source,
    calinvite_read_fn read, calinvite_row_error_fn on_error, void* user_data,
    const calinvite_suppression_import** import_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* CSV: email,domain,organizer,reason,time. */
CALINVITE_API calinvite_status calinvite_export_suppressions(
    calinvite_engine* engine, const calinvite_scope* scope, calinvite_write_fn on_piece,
    void* user_data, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* What somebody agreed to, and whether it still holds. */
typedef struct calinvite_consent {
  size_t struct_size;
  const char* domain;
  const char* organizer; /* empty: all of the domain */
  const char* address;
  const char* source;
  const char* text;
  int64_t time;
  int64_t withdrawn; /* 0: it holds */
} calinvite_consent;
CALINVITE_LIST_OF(calinvite_consent);
CALINVITE_API calinvite_status
calinvite_list_consents(calinvite_engine* engine, const calinvite_scope* scope, const char* address,
                        const calinvite_page* page, const calinvite_consent_list** consents_out,
                        calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* What an unsubscribe link is about; it shows no address. */
typedef struct calinvite_unsubscribe_view {
  size_t struct_size;
  const char* domain;
  const char* event;
  const char* summary;
  const char* organizer_name;
  const char* language;
  uint32_t organizer_unsubscribed;
  uint32_t domain_unsubscribed;
} calinvite_unsubscribe_view;
/* CALINVITE_UNAUTHENTICATED: no valid token. */
CALINVITE_API calinvite_status calinvite_find_unsubscribe(
    calinvite_engine* engine, const char* token, const calinvite_unsubscribe_view** view_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Ends mail to whom the token names. from is organizer or domain. CALINVITE_UNAUTHENTICATED: no
   valid token. */
CALINVITE_API calinvite_status calinvite_unsubscribe(calinvite_engine* engine, const char* token,
                                                     const char* from, calinvite_error** error_out)
    CALINVITE_NOEXCEPT;
/* Takes the person's own unsubscribe back. As calinvite_unsubscribe. CALINVITE_CONFLICT: they are
   suppressed for another reason. */
CALINVITE_API calinvite_status calinvite_resubscribe(calinvite_engine* engine, const char* token,
                                                     const char* from, calinvite_error** error_out)
    CALINVITE_NOEXCEPT;

/* What was replaced or removed of a person. */
typedef struct calinvite_erasure {
  size_t struct_size;
  uint64_t attendees;
  uint64_t receipts;
  uint64_t suppressed;
  uint64_t consents;
  uint64_t quarantined;
  uint64_t notices;
  const char* const* named; /* uids of events whose own texts name the address, and stay */
  size_t named_count;
} calinvite_erasure;
/* Forgets a person in a domain, or in all (docs/privacy.md). compact is 1 where calinvite_compact
   shall follow; 0: it is to be called once for several people. CALINVITE_FORBIDDEN: the scope is an
   organizer's. CALINVITE_CONFLICT: a registered organizer, or a super user. CALINVITE_BUSY: all is
   erased, but another reader keeps old pages: call calinvite_compact. */
CALINVITE_API calinvite_status calinvite_erase(calinvite_engine* engine,
                                               const calinvite_scope* scope, const char* address,
                                               uint32_t compact,
                                               const calinvite_erasure** erasure_out,
                                               calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Rewrites the store's files, so that nothing is left of what was deleted. Takes as much room
   again; nobody else can write to the store meanwhile. CALINVITE_BUSY: another reader keeps old
   pages: call again. */
CALINVITE_API calinvite_status calinvite_compact(calinvite_engine* engine,
                                                 calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- quarantine ------------------------------------------------------------------------------ */

/* Raw input that was not acted on. */
typedef struct calinvite_quarantined {
  size_t struct_size;
  const char* source;
  const char* sender; /* who was vouched for; empty when nobody was */
  const char* reason;
  const char* raw; /* empty in lists */
  size_t raw_size;
  const char* const* envelope_recipients;
  size_t envelope_recipient_count;
  int64_t id;
  int64_t time;
} calinvite_quarantined;
CALINVITE_LIST_OF(calinvite_quarantined);
CALINVITE_API calinvite_status calinvite_list_quarantine(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_page* page,
    const calinvite_quarantined_list** items_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status calinvite_get_quarantined(
    calinvite_engine* engine, const calinvite_scope* scope, int64_t id,
    const calinvite_quarantined** item_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* The operator's word on what is taken out of quarantine. */
typedef struct calinvite_release_options {
  size_t struct_size;
  const char* sender;     /* who sent it; NULL: the sender who was vouched for */
  const char* timezone;   /* as of calinvite_ingest_input */
  const char* date_order; /* likewise */
} calinvite_release_options;
#define CALINVITE_RELEASE_OPTIONS_INIT \
  { sizeof(calinvite_release_options), NULL, NULL, NULL }
/* Takes the raw input in again; *landed_out (NULL allowed) is 1 when all of it landed and the item
   is gone. options and on_item may be NULL. CALINVITE_UNAUTHENTICATED: nobody was vouched for, and
   options names no sender. */
CALINVITE_API calinvite_status calinvite_release_quarantined(
    calinvite_engine* engine, const calinvite_scope* scope, int64_t id,
    const calinvite_release_options* options, calinvite_ingest_item_fn on_item, void* user_data,
    uint32_t* landed_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status
calinvite_drop_quarantined(calinvite_engine* engine, const calinvite_scope* scope, int64_t id,
                           calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

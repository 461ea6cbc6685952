/* The C API of calinvite: calendar invitations that are mailed, tracked and answered.

   borrows: for this call only.  copies: we keep our own.  gives: you free it.
   lends: valid until the named handle is changed or freed.

   Texts are UTF-8 and end in NUL. A text that may be left out may be NULL. Times are seconds since
   1970-01-01T00:00:00Z. Structs begin with struct_size, the sizeof that the caller was compiled
   with; fields are only appended, and those beyond struct_size count as 0. Arrays of structs never
   grow. A handle is for one thread at a time, but for calinvite_engine. */
#ifndef CALINVITE_H
#define CALINVITE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CALINVITE_API __attribute__((visibility("default")))
#else
#define CALINVITE_API
#endif
#ifdef __cplusplus
#define CALINVITE_NOEXCEPT noexcept
extern "C" {
#else
#define CALINVITE_NOEXCEPT
#endif

/* ---- version, status and errors ------------------------------------------------------------- */

/* Such as "0.1.0". Since 0.1. lends for ever. */
CALINVITE_API const char* calinvite_version(void) CALINVITE_NOEXCEPT;

/* Why a call failed; what to do then stands in docs/errors.md. Codes get added, never renumbered.
 */
typedef int32_t calinvite_status;
enum {
  CALINVITE_OK = 0,
  CALINVITE_INVALID_ARGUMENT = 1, /* the caller broke a stated rule of the call */
  CALINVITE_INVALID_INPUT = 2,    /* bytes from outside are not what they claim to be */
  CALINVITE_TOO_LARGE = 3,        /* beyond a documented limit */
  CALINVITE_UNSUPPORTED = 4,      /* well formed, but outside what calinvite does */
  CALINVITE_NOT_FOUND = 5,        /* nothing of that name in this scope */
  CALINVITE_CONFLICT = 6,         /* contradicts what is stored */
  CALINVITE_FORBIDDEN = 7,        /* known, and not allowed */
  CALINVITE_UNAUTHENTICATED = 8,  /* nobody vouches for it, or a token does not verify */
  CALINVITE_UNAVAILABLE = 9,      /* store or network away, nothing was done: call again later */
  CALINVITE_BUSY = 10,            /* another writer holds the store: call again */
  CALINVITE_STORE_FULL = 11,      /* the disk is full; nothing was done */
  CALINVITE_STORE_CORRUPT = 12,   /* damaged, or written by a newer version */
  CALINVITE_IN_DOUBT = 13,        /* nobody knows whether it was sent */
  CALINVITE_THROTTLED = 14,       /* the sending rate or quota is used up for now */
  CALINVITE_STOPPED = 15,         /* a callback of the caller ended the work */
  CALINVITE_INTERNAL = 16         /* a defect of calinvite, or memory ran out */
};

/* The name of a status in docs/errors.md, such as "invalid_input"; "ok" for CALINVITE_OK. Since
   0.1. lends for ever. */
CALINVITE_API const char* calinvite_status_name(calinvite_status status) CALINVITE_NOEXCEPT;

/* What went wrong and where. Calls give one through error_out, on failure only; on success they set
   it to NULL. error_out may be NULL. */
typedef struct calinvite_error calinvite_error;

/* Since 0.1. borrows error. */
CALINVITE_API calinvite_status calinvite_error_status(const calinvite_error* error)
    CALINVITE_NOEXCEPT;
/* One line for a person; never a credential, a token or a body. Since 0.1. lends (error). */
CALINVITE_API const char* calinvite_error_message(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* The name that the caller gave the input; empty when not known. Since 0.1. lends (error). */
CALINVITE_API const char* calinvite_error_source(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* The property, column or argument concerned; empty when not known. Since 0.1. lends (error). */
CALINVITE_API const char* calinvite_error_field(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* From 1; 0 when not known. Since 0.1. borrows error. */
CALINVITE_API uint32_t calinvite_error_line(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* Byte of the line, in CSV the cell, from 1; 0 when not known. Since 0.1. borrows error. */
CALINVITE_API uint32_t calinvite_error_column(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* 1 when the same call may succeed later without any change, else 0. Since 0.1. borrows error. */
CALINVITE_API int calinvite_error_retryable(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* Since 0.1. error may be NULL. */
CALINVITE_API void calinvite_error_free(calinvite_error* error) CALINVITE_NOEXCEPT;

/* ---- events, calendars and lists ------------------------------------------------------------ */

/* One event, as read or as stored. What is not known is empty or 0. */
typedef struct calinvite_event {
  size_t struct_size;
  const char* uid;              /* calinvite's own; empty in what was read */
  const char* source_uid;       /* the client's UID, or the key of a list's row */
  const char* organizer;        /* the owner's address; empty in what was read */
  const char* source_organizer; /* ORGANIZER of the source */
  const char* summary;
  const char* description; /* plain text, may have several lines */
  const char* location;
  const char* url;
  const char* landing;       /* page after an RSVP button */
  const char* language;      /* BCP 47 */
  const char* start;         /* wall clock of timezone: 2027-03-28T01:30:00; all_day: 2027-03-28 */
  const char* end;           /* exclusive, in the same form */
  const char* timezone;      /* IANA name or UTC; empty when all_day */
  const char* rrule;         /* value of RRULE; empty: one instance */
  const char* status;        /* confirmed, tentative or cancelled */
  int32_t sequence;          /* SEQUENCE of the source in what was read, else of our revision */
  uint32_t all_day;          /* 1 or 0 */
  const char* conference;    /* https link to join by */
  int32_t reminder_minutes;  /* before the start; -1: none */
  uint32_t transparent;      /* 1: shows as free */
  uint32_t wants_answers;    /* 0: nobody is asked */
  uint32_t counters_allowed; /* 0: calendars offer no other time to propose */
} calinvite_event;

/* A calendar object as read, with its events. */
typedef struct calinvite_calendar calinvite_calendar;

/* Reads iCalendar text (RFC 5545). Events that could not be read are refused one by one, see
   calinvite_calendar_refused. Since 0.1. borrows bytes; copies source (NULL: none), the input's
   name for errors; gives *calendar_out. CALINVITE_INVALID_INPUT: not iCalendar at all.
   CALINVITE_TOO_LARGE: beyond a limit of size, depth or count. */
CALINVITE_API calinvite_status calinvite_parse_calendar(
    const char* bytes, size_t size, const char* source, calinvite_calendar** calendar_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* METHOD in upper case, such as "REQUEST"; empty when there is none. Since 0.1. lends (calendar).
 */
CALINVITE_API const char* calinvite_calendar_method(const calinvite_calendar* calendar)
    CALINVITE_NOEXCEPT;
/* Since 0.1. lends (calendar). */
CALINVITE_API const char* calinvite_calendar_prodid(const calinvite_calendar* calendar)
    CALINVITE_NOEXCEPT;
/* Overrides of a series count as events of their own. Since 0.1. borrows calendar. */
CALINVITE_API size_t calinvite_calendar_event_count(const calinvite_calendar* calendar)
    CALINVITE_NOEXCEPT;
/* NULL from event_count on. Since 0.1. lends (calendar). */
CALINVITE_API const calinvite_event* calinvite_calendar_event(const calinvite_calendar* calendar,
                                                              size_t index) CALINVITE_NOEXCEPT;
/* Since 0.1. borrows calendar. */
CALINVITE_API size_t calinvite_calendar_refused_count(const calinvite_calendar* calendar)
    CALINVITE_NOEXCEPT;
/* Why an event was not read, and where it stands; NULL from refused_count on. Since 0.1.
   lends (calendar): do not free it. */
CALINVITE_API const calinvite_error* calinvite_calendar_refused(const calinvite_calendar* calendar,
                                                                size_t index) CALINVITE_NOEXCEPT;
/* Since 0.1. calendar may be NULL. */
CALINVITE_API void calinvite_calendar_free(calinvite_calendar* calendar) CALINVITE_NOEXCEPT;

typedef struct calinvite_event_row {
  size_t struct_size;
  const calinvite_event* event;
  const char* command; /* create, update or cancel */
  uint32_t line;       /* from 1 */
  uint32_t reserved;   /* 0 */
} calinvite_event_row;

/* Lends `row`. Return 0 to go on; anything else ends the reading with CALINVITE_STOPPED. */
typedef int (*calinvite_event_row_fn)(const calinvite_event_row* row, void* user_data);
/* Lends `error`, of a row that was left out. */
typedef void (*calinvite_row_error_fn)(const calinvite_error* error, void* user_data);

/* Reads a CSV of events: our column labels, Google Calendar's or Outlook's. Good rows go to on_row,
   bad ones with line, column and reason to on_error (NULL: passed over); both run on the calling
   thread. Since 0.1. borrows bytes, user_data; copies source (NULL: none) and timezone, the IANA
   zone of rows that name none (NULL: such rows are bad).
   CALINVITE_INVALID_INPUT: the header lacks a column that is needed. */
CALINVITE_API calinvite_status
calinvite_read_event_list(const char* bytes, size_t size, const char* source, const char* timezone,
                          calinvite_event_row_fn on_row, calinvite_row_error_fn on_error,
                          void* user_data, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- link tokens (docs/token-format.md) ----------------------------------------------------- */

/* Signing keys of a domain, oldest first; the newest signs, all verify. */
typedef struct calinvite_key_ring calinvite_key_ring;

/* An empty ring. Since 0.1. gives *ring_out. */
CALINVITE_API calinvite_status calinvite_key_ring_new(
    calinvite_key_ring** ring_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Adds the newest key. Since 0.1. copies secret, 32 bytes. */
CALINVITE_API calinvite_status
calinvite_key_ring_add(calinvite_key_ring* ring, uint16_t id, const uint8_t* secret,
                       calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Since 0.1. ring may be NULL. */
CALINVITE_API void calinvite_key_ring_free(calinvite_key_ring* ring) CALINVITE_NOEXCEPT;

enum {
  CALINVITE_PURPOSE_RSVP = 1,
  CALINVITE_PURPOSE_UNSUBSCRIBE = 2,
  CALINVITE_PURPOSE_BUTTON = 3,
  CALINVITE_PURPOSE_APPROVAL = 4,
  CALINVITE_PURPOSE_FORM = 5,         /* nonce of a page's form */
  CALINVITE_PURPOSE_REGISTRATION = 6, /* a stranger's, who may become an organizer */
  CALINVITE_LINK_TOKEN_SIZE = 65      /* the longest token of any version, and its NUL */
};

typedef struct calinvite_link_token {
  size_t struct_size;
  int64_t expires; /* the first second at which it is no longer valid; before 2106 */
  uint32_t purpose;
  uint32_t reserved; /* 0 */
  uint8_t row[16];   /* what it names: an attendee's id, or a button's */
} calinvite_link_token;
#define CALINVITE_LINK_TOKEN_INIT                \
  {                                              \
    sizeof(calinvite_link_token), 0, 0, 0, { 0 } \
  }

/* Writes a token and its NUL to text_out, an array of CALINVITE_LINK_TOKEN_SIZE. Since 0.1. borrows
   ring, token. CALINVITE_INVALID_ARGUMENT: the ring is empty, or no such purpose. */
CALINVITE_API calinvite_status
calinvite_mint_link_token(const calinvite_key_ring* ring, const calinvite_link_token* token,
                          char* text_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Reads a token that was made for `purpose` and has not expired at `now`. Since 0.1. borrows ring,
   text. CALINVITE_UNAUTHENTICATED: not ours, of another purpose, or expired; all look the same. */
CALINVITE_API calinvite_status calinvite_verify_link_token(
    const calinvite_key_ring* ring, const char* text, uint32_t purpose, int64_t now,
    calinvite_link_token* token_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- signing requests to AWS ---------------------------------------------------------------- */

/* One credential's signer (Signature Version 4); it keeps the day's key. */
typedef struct calinvite_aws_signer calinvite_aws_signer;

/* Since 0.1. copies access_key_id, secret_access_key, session_token (NULL: none). gives
 *signer_out. */
CALINVITE_API calinvite_status calinvite_aws_signer_new(
    const char* access_key_id, const char* secret_access_key, const char* session_token,
    calinvite_aws_signer** signer_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Since 0.1. signer may be NULL. */
CALINVITE_API void calinvite_aws_signer_free(calinvite_aws_signer* signer) CALINVITE_NOEXCEPT;

typedef struct calinvite_header {
  const char* name;
  const char* value;
} calinvite_header;

/* A request as it will go on the wire. */
typedef struct calinvite_aws_request {
  size_t struct_size;
  const char* method;              /* NULL: POST */
  const char* path;                /* percent-encoded; NULL: / */
  const char* query;               /* without '?'; NULL: none */
  const calinvite_header* headers; /* Host among them */
  size_t header_count;
  const void* body; /* NULL: none */
  size_t body_size;
} calinvite_aws_request;
#define CALINVITE_AWS_REQUEST_INIT \
  { sizeof(calinvite_aws_request), NULL, NULL, NULL, NULL, 0, NULL, 0 }

typedef struct calinvite_signing_scope {
  size_t struct_size;
  const char* region;        /* such as eu-central-1 */
  const char* service;       /* NULL: ses */
  int64_t time;              /* corrected for clock skew */
  uint32_t raw_path;         /* 1 for S3: the path is signed as it stands */
  uint32_t sign_body_header; /* 1 for S3: adds X-Amz-Content-Sha256 */
} calinvite_signing_scope;
#define CALINVITE_SIGNING_SCOPE_INIT \
  { sizeof(calinvite_signing_scope), NULL, NULL, 0, 0, 0 }

/* Signs a request. headers_out is set to the headers that must go with it, in any order:
   X-Amz-Date, Authorization and, where they apply, X-Amz-Security-Token and X-Amz-Content-Sha256.
   Since 0.1. borrows request, scope; lends *headers_out (signer).
   CALINVITE_INVALID_ARGUMENT: no Host header, or one that signing adds. */
CALINVITE_API calinvite_status calinvite_sign(calinvite_aws_signer* signer,
                                              const calinvite_aws_request* request,
                                              const calinvite_signing_scope* scope,
                                              const calinvite_header** headers_out,
                                              size_t* header_count_out,
                                              calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- the engine: a store, a transport, and every flow over them ----------------------------- */

/* Any thread may call; one call runs at a time (it locks). Callbacks run on the calling thread and
   must not call the same engine. A second engine, in this or another process, may open the same
   store. Any call of an engine may fail with CALINVITE_BUSY, CALINVITE_STORE_FULL,
   CALINVITE_STORE_CORRUPT or CALINVITE_UNAVAILABLE. */
typedef struct calinvite_engine calinvite_engine;

/* Seconds since 1970-01-01T00:00:00Z. */
typedef int64_t (*calinvite_clock_fn)(void* user_data);
/* Fills `bytes` with random ones that nobody can guess. */
typedef void (*calinvite_random_fn)(uint8_t* bytes, size_t size, void* user_data);

typedef struct calinvite_engine_options {
  size_t struct_size;
  const char* store;             /* sqlite:FILE */
  const uint8_t* master_key;     /* 32 bytes; seals the domains' signing keys in the store */
  const char* transport;         /* ses or spool:DIR; NULL: none, then nothing is dispatched */
  const char* ses_region;        /* such as eu-central-1 */
  const char* ses_access_key_id; /* needed for ses, like the next */
  const char* ses_secret_access_key;
  const char* ses_session_token; /* NULL: none */
  const char* ses_endpoint;      /* NULL: https://email.REGION.amazonaws.com */
  const char* ca_file;           /* PEM bundle; NULL: the system's */
  calinvite_clock_fn clock;      /* NULL: the system's */
  calinvite_random_fn random;    /* NULL: the system's */
  void* user_data;               /* of clock and random; must outlive the engine */
} calinvite_engine_options;
#define CALINVITE_ENGINE_OPTIONS_INIT                                                             \
  {                                                                                               \
    sizeof(calinvite_engine_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        NULL, NULL                                                                                \
  }

/* Since 0.1. copies all that options points to, but for user_data; gives *engine_out.
   CALINVITE_INVALID_ARGUMENT: a store that is not KIND:PLACE, no master key, wrong settings of the
   transport. CALINVITE_UNSUPPORTED: a kind of store or transport that is not built in. */
CALINVITE_API calinvite_status calinvite_open(const calinvite_engine_options* options,
                                              calinvite_engine** engine_out,
                                              calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Since 0.1. engine may be NULL; no call of it may be running. */
CALINVITE_API void calinvite_close(calinvite_engine* engine) CALINVITE_NOEXCEPT;

/* A tenant: whose mail comes back to reply_domain and whose links lie under base_url. */
typedef struct calinvite_domain {
  size_t struct_size;
  const char* name;
  const char* from;              /* default sender address, on reply_domain */
  const char* reply_domain;      /* DNS name */
  const char* base_url;          /* without a trailing slash */
  const char* super_user;        /* address that sees all of the domain; NULL: none */
  const char* configuration_set; /* of SES; NULL: none */
  const char* separator;         /* "+" or "-", between local part and token; NULL: "+" */
  uint32_t description_limit;    /* characters of a description that are mailed; 0: 4000 */
  uint32_t no_uninvite_status;   /* 1: no STATUS:CANCELLED for one person who is uninvited */
} calinvite_domain;
#define CALINVITE_DOMAIN_INIT \
  { sizeof(calinvite_domain), NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 }

/* Since 0.1. copies domain. CALINVITE_CONFLICT: its name or reply domain is taken. */
CALINVITE_API calinvite_status calinvite_add_domain(calinvite_engine* engine,
                                                    const calinvite_domain* domain,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* A person or system that owns events, known by mail address. */
typedef struct calinvite_organizer {
  size_t struct_size;
  const char* domain; /* NULL while there is one */
  const char* address;
  const char* name;       /* display name; NULL: none */
  const char* local_part; /* of its sender address; NULL: that of the domain's `from` */
  uint32_t bulk;          /* 1: may mail lists of events */
  uint32_t reserved;      /* 0 */
} calinvite_organizer;
#define CALINVITE_ORGANIZER_INIT \
  { sizeof(calinvite_organizer), NULL, NULL, NULL, NULL, 0, 0 }

/* Since 0.1. copies organizer. CALINVITE_CONFLICT: it is registered. */
CALINVITE_API calinvite_status
calinvite_add_organizer(calinvite_engine* engine, const calinvite_organizer* organizer,
                        calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* One input: a mail, a calendar, a CSV of events, or a notification of SES. */
typedef struct calinvite_ingest_input {
  size_t struct_size;
  const void* bytes;
  size_t size;
  const char* source;   /* file or channel name; NULL: none */
  const char* sender;   /* address that the host vouches for; NULL: nobody is vouched for */
  const char* domain;   /* NULL: by recipient, by organizer, or the only one */
  const char* timezone; /* IANA zone of CSV rows that name none; NULL: such rows are refused */
} calinvite_ingest_input;
#define CALINVITE_INGEST_INPUT_INIT \
  { sizeof(calinvite_ingest_input), NULL, 0, NULL, NULL, NULL, NULL }

/* What was made of one item of an input. */
typedef struct calinvite_ingest_item {
  size_t struct_size;
  const char* source;
  const char* item;    /* part, row or UID within the source */
  const char* outcome; /* created, updated, cancelled, replied, recorded, already seen,
                          quarantined or refused */
  const char* event;   /* our uid; empty when none is concerned */
  const char* reason;  /* why, for quarantined and refused; else a remark */
  uint32_t line;       /* from 1; 0: not known */
  uint32_t column;
} calinvite_ingest_item;

/* Lends `item`, which is durable. */
typedef void (*calinvite_ingest_item_fn)(const calinvite_ingest_item* item, void* user_data);

/* Acts on each item of an input by itself: what is at fault is refused or quarantined, the rest
   lands. The same input again changes nothing. Since 0.1. borrows input, user_data; on_item may be
   NULL. CALINVITE_NOT_FOUND: no domain can be told. */
CALINVITE_API calinvite_status calinvite_ingest(calinvite_engine* engine,
                                                const calinvite_ingest_input* input,
                                                calinvite_ingest_item_fn on_item, void* user_data,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;

typedef struct calinvite_invite_request {
  const char* address;
  const char* name;     /* NULL: none */
  const char* language; /* BCP 47; NULL: the event's */
} calinvite_invite_request;

/* What was enqueued. */
typedef struct calinvite_plan {
  size_t struct_size;
  uint64_t invite;
  uint64_t update;
  uint64_t cancel;
  uint64_t skip; /* already invited, suppressed, over the limit */
} calinvite_plan;
#define CALINVITE_PLAN_INIT \
  { sizeof(calinvite_plan), 0, 0, 0, 0 }

/* Adds attendees to an event and enqueues their invitations, in one step. `organizer` narrows what
   is seen of the domain to one organizer's events (NULL: all). origin says where the attendees came
   from, such as api. Since 0.1. borrows domain, organizer, event, requests, origin; plan_out may be
   NULL. CALINVITE_NOT_FOUND: no such event in that scope. CALINVITE_INVALID_INPUT: a request's
   address is none. */
CALINVITE_API calinvite_status calinvite_invite(calinvite_engine* engine, const char* domain,
                                                const char* organizer, const char* event,
                                                const calinvite_invite_request* requests,
                                                size_t request_count, const char* origin,
                                                calinvite_plan* plan_out,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* One appended fact about an attendee's copy. */
typedef struct calinvite_receipt {
  size_t struct_size;
  const char* kind;  /* queued, accepted, refused, in_doubt … as in docs/glossary.md */
  const char* event; /* our uid */
  const char* address;
  const char* method; /* REQUEST or CANCEL */
  const char* attempt_id;
  const char* message_id; /* of SES; empty when none */
  const char* detail;     /* one line */
  int64_t time;
  int32_t sequence;  /* revision concerned; -1: not known */
  uint32_t reserved; /* 0 */
} calinvite_receipt;

typedef struct calinvite_dispatch_options {
  size_t struct_size;
  uint32_t max_messages;  /* 0: everything due */
  uint32_t lease_seconds; /* 0: 60, kept alive by heartbeat */
} calinvite_dispatch_options;
#define CALINVITE_DISPATCH_OPTIONS_INIT \
  { sizeof(calinvite_dispatch_options), 0, 0 }

/* Runs on the calling thread, lends `receipt`, must not call this engine.
   Return 0 to go on; anything else ends the dispatch with CALINVITE_STOPPED. */
typedef int (*calinvite_receipt_fn)(const calinvite_receipt* receipt, void* user_data);

/* Hands due invites to the transport. Since 0.1. borrows options (NULL: defaults), user_data;
   on_receipt may be NULL; sent_out (NULL allowed) counts what the transport accepted, also when
   the dispatch was stopped. CALINVITE_UNAVAILABLE: store or network away, call again. */
CALINVITE_API calinvite_status calinvite_dispatch(calinvite_engine* engine,
                                                  const calinvite_dispatch_options* options,
                                                  calinvite_receipt_fn on_receipt, void* user_data,
                                                  uint32_t* sent_out,
                                                  calinvite_error** error_out) CALINVITE_NOEXCEPT;

enum {
  CALINVITE_REPORT_TABLE = 0,
  CALINVITE_REPORT_CSV = 1, /* first columns email,name,status,origin,prodid */
  CALINVITE_REPORT_JSON = 2 /* a line of statistics, then one for each send in doubt */
};

/* Lends `piece`. Return 0 to go on; anything else ends the report with CALINVITE_STOPPED. */
typedef int (*calinvite_report_fn)(const char* piece, size_t size, void* user_data);

/* Reports the attendees of an event, or of all events in scope (event NULL). Since 0.1. borrows
   domain, organizer (NULL: the whole domain), event, user_data. */
CALINVITE_API calinvite_status calinvite_report(calinvite_engine* engine, const char* domain,
                                                const char* organizer, const char* event,
                                                int32_t format, calinvite_report_fn on_piece,
                                                void* user_data,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

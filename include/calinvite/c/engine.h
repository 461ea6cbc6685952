/* The engine: one store, and every flow over it. */
#ifndef CALINVITE_C_ENGINE_H
#define CALINVITE_C_ENGINE_H

#include "calinvite/c/aws.h"
#include "calinvite/c/calendar.h"
#include "calinvite/c/transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- open and close ------------------------------------------------------------------------- */

/* Any thread may call; one call runs at a time (it locks). A second engine, in this or another
   process, may open the same store. Any call of an engine may fail with CALINVITE_BUSY,
   CALINVITE_STORE_FULL, CALINVITE_STORE_CORRUPT or CALINVITE_UNAVAILABLE. */
typedef struct calinvite_engine calinvite_engine;

struct calinvite_ingest_input;
/* Says who sent a mail for which nobody vouched: hand the address to calinvite_answer_add; nobody
   when it gets none. */
typedef void (*calinvite_verifier_fn)(const struct calinvite_ingest_input* input,
                                      calinvite_answer* sender, void* user_data);

typedef struct calinvite_engine_options {
  size_t struct_size;
  const char* store;              /* sqlite:FILE */
  const uint8_t* master_key;      /* 32 bytes; seals the domains' signing keys in the store */
  calinvite_transport* transport; /* that dispatch uses; freed with the engine, also when it can't
                                     be opened; NULL: none */
  const char* zoneinfo;           /* NULL: /usr/share/zoneinfo */
  calinvite_clock_fn clock;       /* NULL: the system's */
  calinvite_random_fn random;     /* NULL: the system's */
  calinvite_verifier_fn verifier; /* NULL: none */
  calinvite_log_fn log;           /* NULL: silent */
  void* user_data;                /* of these; must outlive the engine */
} calinvite_engine_options;
#define CALINVITE_ENGINE_OPTIONS_INIT \
  { sizeof(calinvite_engine_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/* copies all that options points to, but for transport and user_data; gives *engine_out.
   CALINVITE_INVALID_ARGUMENT: a store that is not KIND:PLACE, no master key.
   CALINVITE_UNSUPPORTED: a kind of store that is not built in. */
CALINVITE_API calinvite_status calinvite_open(const calinvite_engine_options* options,
                                              calinvite_engine** engine_out,
                                              calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* engine may be NULL; no call of it may be running. */
CALINVITE_API void calinvite_close(calinvite_engine* engine) CALINVITE_NOEXCEPT;

/* On whose behalf a call reads or writes: it sees nothing outside, and what lies there is
   CALINVITE_NOT_FOUND. A call that is given none is refused. */
typedef struct calinvite_scope {
  size_t struct_size;
  const char* domain;    /* its name; NULL with all_domains only */
  const char* organizer; /* narrows to one organizer's events; NULL: all of the domain */
  uint32_t all_domains;  /* 1: the whole store, which is the operator's */
  uint32_t reserved;     /* 0 */
} calinvite_scope;
#define CALINVITE_SCOPE_INIT \
  { sizeof(calinvite_scope), NULL, NULL, 0, 0 }

/* ---- ingest --------------------------------------------------------------------------------- */

/* One input: a mail, a calendar, a CSV of events, or a notification of SES. */
typedef struct calinvite_ingest_input {
  size_t struct_size;
  const char* bytes;
  size_t size;
  const char* source;     /* file or channel name; NULL: none */
  const char* kind;       /* mail, calendar, event_list or notification; NULL: by content. A
                             notification that is named so is believed */
  const char* sender;     /* address that the host vouches for; NULL: nobody is vouched for */
  const char* domain;     /* NULL: by recipient, by organizer, or the only one */
  const char* timezone;   /* IANA zone of rows that name none; NULL: such rows are refused */
  const char* date_order; /* of an event list: usual, mdy or dmy; NULL: usual */
  const char* receipt;    /* SES's notification of this mail, by a verified channel; NULL: none */
  size_t receipt_size;
  const char* const* envelope_recipients; /* of a mail; none: as the receipt or headers say */
  size_t envelope_recipient_count;
  calinvite_read_fn read;     /* hands over what follows `bytes`; NULL: nothing does */
  void* user_data;            /* of read */
  const calinvite_stop* stop; /* asked between the pieces of `read` */
  int64_t written;            /* when an event list was last written; 0: not known */
} calinvite_ingest_input;
#define CALINVITE_INGEST_INPUT_INIT                                                                \
  {                                                                                                \
    sizeof(calinvite_ingest_input), NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0, \
        NULL, NULL, NULL, 0                                                                        \
  }

/* What was made of one item of an input. */
typedef struct calinvite_ingest_item {
  size_t struct_size;
  const char* source;
  const char* item;    /* part, row or UID within the source */
  const char* outcome; /* created, updated, cancelled, replied, recorded, already seen, held,
                          quarantined or refused */
  const char* event;   /* our uid; empty when none is concerned */
  const char* reason;  /* why, for quarantined and refused; else a remark */
  const char* field;   /* concerned, as far as known */
  uint32_t line;       /* from 1; 0: not known */
  uint32_t column;
  calinvite_status status; /* of what was quarantined or refused; else CALINVITE_OK */
  uint32_t reserved;
  uint64_t told; /* attendees who are owed a message for it */
} calinvite_ingest_item;

/* Lends `item`, which is durable. */
typedef void (*calinvite_ingest_item_fn)(const calinvite_ingest_item* item, void* user_data);

/* Acts on each item of an input by itself: what is at fault is refused or quarantined, the rest
   lands. The same input again changes nothing. on_item may be NULL. CALINVITE_NOT_FOUND: no domain
   can be told. CALINVITE_STOPPED: by input->read or input->stop. */
CALINVITE_API calinvite_status calinvite_ingest(calinvite_engine* engine,
                                                const calinvite_ingest_input* input,
                                                calinvite_ingest_item_fn on_item, void* user_data,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Lends why the notification of that index was refused. */
typedef void (*calinvite_refused_fn)(size_t index, const calinvite_error* error, void* user_data);
/* Notifications of SES from a channel whose sender is verified, all in one durable step: 64 to
   1,000 in a call are many times as fast as one by one. on_item and on_refused may be NULL. */
CALINVITE_API calinvite_status
calinvite_ingest_notifications(calinvite_engine* engine, const char* const* texts, size_t count,
                               calinvite_ingest_item_fn on_item, calinvite_refused_fn on_refused,
                               void* user_data, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Called for the confirmation of a subscription to a topic that is trusted. Return CALINVITE_OK
   when it was confirmed, as by calinvite_confirm_sns_subscription. */
typedef struct calinvite_sns_options {
  size_t struct_size;
  const calinvite_sns_trust* trust;
  calinvite_status (*confirm)(const char* topic_arn, const char* token, void* user_data);
  void* user_data; /* of confirm */
} calinvite_sns_options;
#define CALINVITE_SNS_OPTIONS_INIT \
  { sizeof(calinvite_sns_options), NULL, NULL, NULL }
/* The body of a request that SNS posted to an endpoint of the host, whom it answers 200 on success,
   403 to CALINVITE_FORBIDDEN and CALINVITE_UNAUTHENTICATED, 503 to what is retryable, 400 else. */
CALINVITE_API calinvite_status calinvite_ingest_sns(calinvite_engine* engine, const char* body,
                                                    size_t size,
                                                    const calinvite_sns_options* options,
                                                    calinvite_ingest_item_fn on_item,
                                                    void* user_data,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* How a queue is worked off. */
typedef struct calinvite_receive_options {
  size_t struct_size;
  uint64_t max_messages;            /* 0: no limit */
  const calinvite_sns_options* sns; /* signatures are verified; NULL: whoever may write to the queue
                                       is believed */
  const char* domain;         /* whose quarantine takes what can't be read; NULL: the only one */
  const calinvite_stop* stop; /* asked several times a second */
  int64_t deadline;           /* by the engine's clock; 0: none */
  uint32_t until_empty;       /* 1: end when nothing more is handed out */
  uint32_t wait_seconds;      /* for the next message, 1 to 20; 0: 20 */
  uint32_t together;          /* most messages of one durable step; 0: 200 */
  uint32_t most_receives;     /* then what can't be taken in is quarantined; 0: 5 */
} calinvite_receive_options;
#define CALINVITE_RECEIVE_OPTIONS_INIT \
  { sizeof(calinvite_receive_options), 0, NULL, NULL, NULL, 0, 0, 0, 0, 0 }

typedef struct calinvite_receive_result {
  size_t struct_size;
  uint64_t received;    /* messages handed out */
  uint64_t removed;     /* taken in or quarantined, and gone from the queue */
  uint64_t quarantined; /* of these */
  uint64_t left;        /* will be handed out again */
} calinvite_receive_result;

/* Works off a queue on the calling thread; other calls run while it waits. A stop or deadline ends
   it with CALINVITE_OK. options may be NULL. */
CALINVITE_API calinvite_status calinvite_receive(calinvite_engine* engine, calinvite_queue* queue,
                                                 const calinvite_receive_options* options,
                                                 calinvite_ingest_item_fn on_item, void* user_data,
                                                 const calinvite_receive_result** result_out,
                                                 calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- sending -------------------------------------------------------------------------------- */

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
  const char* channel;    /* of replied: mail or web */
  const char* prodid;     /* of replied: the client */
  const char* comment;    /* of replied: the attendee's words */
  const char* proposal;   /* of replied: another time, an ISO 8601 interval */
  int64_t time;
  int32_t sequence; /* revision concerned; of use with has_sequence */
  uint32_t has_sequence;
} calinvite_receipt;
CALINVITE_LIST_OF(calinvite_receipt);

/* The state of an outbox: planned is the sum of the rest, but for notices. */
typedef struct calinvite_outbox_totals {
  size_t struct_size;
  uint64_t planned;
  uint64_t accepted;
  uint64_t refused;
  uint64_t suppressed;
  uint64_t superseded;
  uint64_t expired;
  uint64_t in_doubt;
  uint64_t pending;
  uint64_t claimed;
  uint64_t held;
  uint64_t notices; /* mails to organizers, which the other counts leave out */
} calinvite_outbox_totals;

/* How far a dispatch has come. */
typedef struct calinvite_dispatch_progress {
  size_t struct_size;
  const calinvite_outbox_totals* totals; /* of the whole outbox */
  const char* reason;                    /* of waiting: what failed or is held */
  uint64_t settled;                      /* by this run */
  int64_t until;                         /* of waiting */
  uint32_t waiting;                      /* nothing is due now */
  uint32_t reserved;
} calinvite_dispatch_progress;

/* Lends `receipt`, which is durable. Return 0 to go on; anything else ends the dispatch with
   CALINVITE_STOPPED after what is in flight. */
typedef int (*calinvite_receipt_fn)(const calinvite_receipt* receipt, void* user_data);
/* Lends `progress`; as calinvite_receipt_fn. */
typedef int (*calinvite_progress_fn)(const calinvite_dispatch_progress* progress, void* user_data);

typedef struct calinvite_dispatch_options {
  size_t struct_size;
  uint32_t max_messages;          /* 0: everything due */
  uint32_t lease_seconds;         /* 0: 60, kept alive by heartbeat */
  calinvite_transport* transport; /* NULL: that of the engine */
  const calinvite_stop* stop;
  int64_t deadline;                  /* by the engine's clock; 0: none */
  uint64_t batch;                    /* messages that leave together; 0: evenly */
  calinvite_progress_fn on_progress; /* now and then; NULL: nobody */
  uint32_t pause_milliseconds;       /* after a batch */
  uint32_t wait_while_held;          /* 1: an account that is held does not end the dispatch */
  double max_rate;                   /* messages a second, of all workers; 0: as the account says */
  double most_bounces;    /* share of the accepted that holds a domain; 0: 0.04; 1: never */
  double most_complaints; /* 0: 0.0008; 1: never */
  uint64_t min_messages;  /* accepted within 7 days, before these say enough; 0: 1000 */
} calinvite_dispatch_options;
#define CALINVITE_DISPATCH_OPTIONS_INIT \
  { sizeof(calinvite_dispatch_options), 0, 0, NULL, NULL, 0, 0, NULL, 0, 0, 0, 0, 0, 0 }

/* Hands due invites to the transport, on the calling thread and for as long as it takes. All that
   time it holds the engine, and other calls of it wait: serve pages and take in answers by a second
   engine on the same store meanwhile. options may be NULL, on_receipt too; user_data is also
   options->on_progress's. sent_out counts the invites that the transport accepted and the store
   knows of, also when the dispatch was stopped or failed. CALINVITE_STOPPED: by a callback, stop or
   deadline; calling again goes on. CALINVITE_UNAVAILABLE: store or network away, call again; what
   was on its way meanwhile is in doubt, or will be (calinvite_totals). */
CALINVITE_API calinvite_status calinvite_dispatch(calinvite_engine* engine,
                                                  const calinvite_dispatch_options* options,
                                                  calinvite_receipt_fn on_receipt, void* user_data,
                                                  uint32_t* sent_out,
                                                  calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* How one step of a dispatch ended. */
typedef struct calinvite_dispatch_result {
  size_t struct_size;
  const calinvite_outbox_totals* totals; /* of the whole outbox */
  const char* reason;                    /* why it waits, or entries were held; empty: neither */
  const char* hold;                      /* why the account takes nothing; empty: it does */
  uint64_t accepted;                     /* in this step, as the next */
  uint64_t refused;
  uint64_t in_doubt;
  uint64_t held;
  uint64_t notices;
  int64_t next;  /* when to call again: 0: at once while `more`, else when something was enqueued or
                    a person has lifted a hold */
  uint32_t more; /* 1: more is or will be due, held messages that are tried again too */
  uint32_t reserved;
} calinvite_dispatch_result;

/* For a host's own loop: sends at most options->max_messages (0: 100) of what is due and returns
   as soon as nothing more is, instead of waiting for it; only answers to what it sent are waited
   for, and what its pace wants between two messages or batches. A pace is kept across steps through
   the same transport. *result_out is given with CALINVITE_STOPPED, too; of a step that failed
   otherwise on_receipt and calinvite_totals tell what it did. */
CALINVITE_API calinvite_status calinvite_dispatch_step(
    calinvite_engine* engine, const calinvite_dispatch_options* options,
    calinvite_receipt_fn on_receipt, void* user_data, const calinvite_dispatch_result** result_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* The outbox of a scope. */
CALINVITE_API calinvite_status calinvite_totals(calinvite_engine* engine,
                                                const calinvite_scope* scope,
                                                const calinvite_outbox_totals** totals_out,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Of notices to organizers alone. */
CALINVITE_API calinvite_status calinvite_notice_totals(
    calinvite_engine* engine, const calinvite_scope* scope,
    const calinvite_outbox_totals** totals_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* An account that takes messages, as all workers of a store share it. Limits count recipients. */
typedef struct calinvite_sending_account {
  size_t struct_size;
  const char* key;
  const char* hold;     /* none, quota or suspended */
  const char* reason;   /* of hold */
  int64_t until;        /* of hold: when one worker tries again */
  double max_rate;      /* a second, as the account says; 0: not known */
  double max_24_hours;  /* as the account says; below 0: no limit known */
  double used_24_hours; /* as the account says, and what was leased since */
  uint64_t answered;    /* messages, throttled ones too */
  uint64_t throttled;
} calinvite_sending_account;
CALINVITE_LIST_OF(calinvite_sending_account);

CALINVITE_API calinvite_status calinvite_list_accounts(
    calinvite_engine* engine, const calinvite_sending_account_list** accounts_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Ends an account's hold before its time. CALINVITE_NOT_FOUND: no such account, or not held. */
CALINVITE_API calinvite_status calinvite_resume_account(
    calinvite_engine* engine, const char* key, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* What became of a domain's messages in the last 7 days. */
typedef struct calinvite_reputation_counts {
  size_t struct_size;
  const char* hold; /* why nothing of the domain is sent; empty: it is */
  int64_t held;     /* since when */
  uint64_t accepted;
  uint64_t bounced; /* permanently */
  uint64_t complained;
} calinvite_reputation_counts;

CALINVITE_API calinvite_status calinvite_reputation(calinvite_engine* engine,
                                                    const calinvite_scope* scope,
                                                    const calinvite_reputation_counts** counts_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Ends the hold of a domain; counting begins anew. CALINVITE_NOT_FOUND: it is not held. */
CALINVITE_API calinvite_status calinvite_lift_hold(calinvite_engine* engine,
                                                   const calinvite_scope* scope,
                                                   calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- preflight ------------------------------------------------------------------------------ */

/* Whom to ask. */
typedef struct calinvite_preflight_sources {
  size_t struct_size;
  calinvite_resolve_fn resolve;     /* NULL: the system's DNS servers, or those of dns_servers */
  void* user_data;                  /* of resolve */
  const char* dns_servers;          /* 192.0.2.1,[2001:db8::1]:5353; NULL: the system's */
  const calinvite_aws_options* ses; /* NULL: mails leave by other ways, or nobody may ask it */
} calinvite_preflight_sources;
#define CALINVITE_PREFLIGHT_SOURCES_INIT \
  { sizeof(calinvite_preflight_sources), NULL, NULL, NULL, NULL }

/* What a check found; docs/preflight.md. */
typedef struct calinvite_preflight_finding {
  size_t struct_size;
  const char* check;
  const char* severity; /* ok, hint, warning, error or unknown */
  const char* what;
  const char* why; /* empty when ok */
  const char* fix; /* empty when ok */
} calinvite_preflight_finding;
CALINVITE_LIST_OF(calinvite_preflight_finding);

/* Checks what a domain's mails depend on outside; mails nobody. sources may be NULL.
   CALINVITE_FORBIDDEN: the scope is an organizer's. */
CALINVITE_API calinvite_status
calinvite_preflight(calinvite_engine* engine, const calinvite_scope* scope,
                    const calinvite_preflight_sources* sources,
                    const calinvite_preflight_finding_list** findings_out,
                    calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

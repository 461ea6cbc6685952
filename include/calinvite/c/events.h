/* Events of a store, who is invited to them, and the pages behind the links of mails. */
#ifndef CALINVITE_C_EVENTS_H
#define CALINVITE_C_EVENTS_H

#include "calinvite/c/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- events ---------------------------------------------------------------------------------- */

/* What inviting or changing costs, or cost: copies by what happens to them. */
typedef struct calinvite_plan {
  size_t struct_size;
  const char* event; /* its uid */
  uint64_t invite;
  uint64_t update;
  uint64_t cancel;
  uint64_t skip;                       /* the sum of: */
  const calinvite_count* skip_reasons; /* already_invited, suppressed, declined, … */
  size_t skip_reason_count;
} calinvite_plan;

/* Owned by event->organizer, who must be registered. *event_out is the event as stored, with its
   uid. CALINVITE_INVALID_INPUT, CALINVITE_UNSUPPORTED: it can't be invited to.
   CALINVITE_CONFLICT: source_uid exists. CALINVITE_FORBIDDEN: a limit of the domain. */
CALINVITE_API calinvite_status calinvite_create_event(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_event* event,
    const calinvite_event** event_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status calinvite_get_event(calinvite_engine* engine,
                                                   const calinvite_scope* scope, const char* uid,
                                                   const calinvite_event** event_out,
                                                   calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Which events to list, on top of the scope. */
typedef struct calinvite_event_filter {
  size_t struct_size;
  const char* when;        /* all, future or past; NULL: all */
  const char* search;      /* words of summary, description, location or uid */
  const char* organizer;   /* NULL: all in scope */
  const char* sort;        /* start, organizer, created or changed; NULL: start */
  uint64_t changed_within; /* seconds; 0: any time */
} calinvite_event_filter;
#define CALINVITE_EVENT_FILTER_INIT \
  { sizeof(calinvite_event_filter), NULL, NULL, NULL, NULL, 0 }

/* A row of a list of events. */
typedef struct calinvite_event_summary {
  size_t struct_size;
  const calinvite_event* event;
  uint64_t attendees; /* neither uninvited nor suppressed */
} calinvite_event_summary;
CALINVITE_LIST_OF(calinvite_event_summary);
/* filter may be NULL. CALINVITE_TOO_LARGE: filter->search is over 256 bytes. */
CALINVITE_API calinvite_status calinvite_list_events(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_event_filter* filter,
    const calinvite_page* page, const calinvite_event_summary_list** events_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Stores what is shown of an event and enqueues what its holders are owed. event->uid names it,
   event->sequence is as it was read, against lost updates; what lies beyond struct_size stays.
   Beginning with what calinvite_get_event gave: copy the struct, then set struct_size to the sizeof
   of yours. include_declined: 1 for decliners, too. CALINVITE_CONFLICT: changed meanwhile. */
CALINVITE_API calinvite_status calinvite_update_event(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_event* event,
    uint32_t include_declined, const calinvite_plan** plan_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* What calinvite_update_event would enqueue. */
CALINVITE_API calinvite_status calinvite_preview_update(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_event* event,
    uint32_t include_declined, const calinvite_plan** plan_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status
calinvite_cancel_event(calinvite_engine* engine, const calinvite_scope* scope, const char* uid,
                       uint32_t include_declined, const calinvite_plan** plan_out,
                       calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- changes that wait for a go-ahead -------------------------------------------------------- */

/* A change that waits, and what it costs. */
typedef struct calinvite_approval {
  size_t struct_size;
  const char* domain;
  const calinvite_event* before;
  const calinvite_event* after;
  const calinvite_plan* plan; /* what a go-ahead enqueues */
} calinvite_approval;

/* A change that waits. */
typedef struct calinvite_held_change {
  size_t struct_size;
  const calinvite_event* event; /* as it would become */
  int64_t time;                 /* when it came */
} calinvite_held_change;
CALINVITE_LIST_OF(calinvite_held_change);
/* *approval_out is NULL when nothing waits. */
CALINVITE_API calinvite_status calinvite_find_held_change(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event,
    const calinvite_approval** approval_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
CALINVITE_API calinvite_status calinvite_list_held_changes(
    calinvite_engine* engine, const calinvite_scope* scope, const calinvite_page* page,
    const calinvite_held_change_list** changes_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* The go-ahead. CALINVITE_CONFLICT: nothing waits. */
CALINVITE_API calinvite_status calinvite_approve_change(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event,
    const calinvite_plan** plan_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* The change is forgotten. CALINVITE_CONFLICT: nothing waits. */
CALINVITE_API calinvite_status
calinvite_drop_held_change(calinvite_engine* engine, const calinvite_scope* scope,
                           const char* event, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* By the token of the link that the organizer is mailed. CALINVITE_UNAUTHENTICATED: no valid token.
   CALINVITE_CONFLICT: it waits no more. */
CALINVITE_API calinvite_status calinvite_find_approval(
    calinvite_engine* engine, const char* token, const calinvite_approval** approval_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* A person pressed the button. As calinvite_find_approval. */
CALINVITE_API calinvite_status calinvite_approve(calinvite_engine* engine, const char* token,
                                                 const calinvite_plan** plan_out,
                                                 calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- invites --------------------------------------------------------------------------------- */

/* Counts what calinvite_invite would do; stores nothing. */
CALINVITE_API calinvite_status calinvite_plan_invites(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event,
    const calinvite_invite_request* requests, size_t request_count, const char* origin,
    const calinvite_plan** plan_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Adds attendees to an event and enqueues their invitations, in one step. origin says where they
   came from, such as api. CALINVITE_INVALID_INPUT: an address of a request is none. */
CALINVITE_API calinvite_status calinvite_invite(calinvite_engine* engine,
                                                const calinvite_scope* scope, const char* event,
                                                const calinvite_invite_request* requests,
                                                size_t request_count, const char* origin,
                                                const calinvite_plan** plan_out,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Withdraws one invitation. CALINVITE_NOT_FOUND: not invited. */
CALINVITE_API calinvite_status calinvite_uninvite(calinvite_engine* engine,
                                                  const calinvite_scope* scope, const char* event,
                                                  const char* address,
                                                  const calinvite_plan** plan_out,
                                                  calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Enqueues one attendee's copy again as the event is now. CALINVITE_NOT_FOUND: not invited.
   CALINVITE_CONFLICT: the event is cancelled. */
CALINVITE_API calinvite_status calinvite_resend(calinvite_engine* engine,
                                                const calinvite_scope* scope, const char* event,
                                                const char* address,
                                                const calinvite_plan** plan_out,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Enqueues the event as it is now for those who have a message of it in doubt. */
CALINVITE_API calinvite_status calinvite_resend_in_doubt(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event,
    const calinvite_plan** plan_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Enqueues the event as it is now for those who hold an older revision of it.
   CALINVITE_CONFLICT: the event is cancelled. */
CALINVITE_API calinvite_status calinvite_resend_outdated(
    calinvite_engine* engine, const calinvite_scope* scope, const char* event,
    const calinvite_plan** plan_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* The message that an attendee would be sent now, tokens and all: whoever reads it can answer for
   them. Stores nothing. CALINVITE_CONFLICT: nothing would be sent. */
CALINVITE_API calinvite_status calinvite_preview(calinvite_engine* engine,
                                                 const calinvite_scope* scope, const char* event,
                                                 const char* address,
                                                 const calinvite_outgoing_message** message_out,
                                                 calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- answers and buttons --------------------------------------------------------------------- */

/* A web answer by the token of an RSVP link: accepted, tentative or declined. comment may be NULL;
   sequence is that of the event that they were shown, -1: as it is now. CALINVITE_UNAUTHENTICATED:
   no valid token. CALINVITE_CONFLICT: the event is over or cancelled, the invite withdrawn, or the
   time has changed since that sequence; nothing is recorded. */
CALINVITE_API calinvite_status calinvite_rsvp(calinvite_engine* engine, const char* token,
                                              const char* answer, const char* comment,
                                              int32_t sequence,
                                              const calinvite_ingest_item** item_out,
                                              calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* The token that an attendee's RSVP links carry. */
CALINVITE_API calinvite_status calinvite_rsvp_token(calinvite_engine* engine,
                                                    const calinvite_scope* scope, const char* event,
                                                    const char* address,
                                                    const calinvite_text** token_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* HTML of an RSVP button. preset is mailchimp, klaviyo, sendgrid, hubspot, convertkit, zoho, wix or
   generic; landing a web page shown afterwards (NULL: the event's).
   CALINVITE_INVALID_INPUT: landing is no web address. */
CALINVITE_API calinvite_status calinvite_button(calinvite_engine* engine,
                                                const calinvite_scope* scope, const char* event,
                                                const char* preset, const char* landing,
                                                const calinvite_text** html_out,
                                                calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- pages of links -------------------------------------------------------------------------- */

/* A request as the server got it, nothing decoded yet; which paths there are stands in
   docs/links.md. */
typedef struct calinvite_web_request {
  size_t struct_size;
  const char* method;              /* such as GET */
  const char* path;                /* below the domain's base URL, without the query */
  const char* query;               /* behind the question mark; NULL: none */
  const calinvite_header* headers; /* used: Accept-Language, Content-Type, User-Agent */
  size_t header_count;
  const char* body;
  size_t body_size;
  const char* remote_address; /* of who asks, as a trusted proxy tells it; NULL: not known */
} calinvite_web_request;
#define CALINVITE_WEB_REQUEST_INIT \
  { sizeof(calinvite_web_request), NULL, NULL, NULL, NULL, 0, NULL, 0, NULL }

/* Caps of RSVP buttons a day, and of forms. 0 is the default of each. */
typedef struct calinvite_web_options {
  size_t struct_size;
  uint32_t address_cap;        /* 3: for one address */
  uint32_t network_cap;        /* 60: from one network */
  uint32_t event_cap;          /* 10,000: for one event */
  uint32_t domain_cap;         /* 100,000: in all */
  uint32_t max_body_bytes;     /* 65,536: of a form */
  uint32_t least_form_seconds; /* 2: a form that comes back sooner was filled in by no person */
} calinvite_web_options;
#define CALINVITE_WEB_OPTIONS_INIT \
  { sizeof(calinvite_web_options), 0, 0, 0, 0, 0, 0 }

/* The answer to send. */
typedef struct calinvite_web_response {
  size_t struct_size;
  const calinvite_header* headers; /* without Content-Length, Date and Connection */
  size_t header_count;
  const char* body;
  size_t body_size;
  int32_t status; /* of HTTP */
  uint32_t reserved;
} calinvite_web_response;
/* Answers one request; options may be NULL. Failures of the store are answers, too: 503 or 500. */
CALINVITE_API calinvite_status calinvite_respond(calinvite_engine* engine,
                                                 const calinvite_web_request* request,
                                                 const calinvite_web_options* options,
                                                 const calinvite_web_response** response_out,
                                                 calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* The same piece by piece, for pages of the host's own. None of the find calls stores anything. */
/* What the page behind a link shows. */
typedef struct calinvite_event_page {
  size_t struct_size;
  const char* domain;
  const calinvite_event* event;       /* as it is now; organizer and source_organizer are private */
  const char* organizer;              /* display name; may be empty */
  const char* organizer_address;      /* that answers go to */
  const char* state;                  /* open, over, cancelled or withdrawn */
  const calinvite_attendee* attendee; /* whose link it is; NULL but for an RSVP link */
  const char* landing;                /* where a reader is sent on to; empty: nowhere */
  const char* const* landings;        /* where else a request may have them sent on to */
  size_t landing_count;
} calinvite_event_page;
/* CALINVITE_UNAUTHENTICATED: no valid token of an RSVP link. */
CALINVITE_API calinvite_status calinvite_find_rsvp(calinvite_engine* engine, const char* token,
                                                   const calinvite_event_page** page_out,
                                                   calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* CALINVITE_UNAUTHENTICATED: no valid token of a button of that event. */
CALINVITE_API calinvite_status calinvite_find_button(
    calinvite_engine* engine, const char* event, const char* token,
    const calinvite_event_page** page_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* What everybody may see who knows the event's uid. */
CALINVITE_API calinvite_status calinvite_find_event_page(
    calinvite_engine* engine, const char* event, const calinvite_event_page** page_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* The page's event as a file to add to a calendar. page is one that a find call gave. */
CALINVITE_API calinvite_status calinvite_calendar_file(
    calinvite_engine* engine, const calinvite_event_page* page, const calinvite_text** calendar_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* What a form on the page of a link must bring back; good for 12 hours. purpose is one of
   CALINVITE_PURPOSE_*, sequence that of the event that the page shows, 0 where it shows none.
   CALINVITE_UNAUTHENTICATED: no valid token of that purpose. */
CALINVITE_API calinvite_status calinvite_issue_nonce(
    calinvite_engine* engine, const char* token, uint32_t purpose, int32_t sequence,
    const calinvite_text** nonce_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* What a form says that was issued with a page of a link. */
typedef struct calinvite_form_check {
  size_t struct_size;
  int64_t age_seconds; /* since the page was shown */
  int32_t sequence;    /* of the event that it showed; 0 where it showed none */
  uint32_t reserved;
} calinvite_form_check;
/* Whether a form comes from a page that was opened by this link. CALINVITE_UNAUTHENTICATED: it does
   not, or is too old. */
CALINVITE_API calinvite_status calinvite_check_nonce(
    calinvite_engine* engine, const char* token, const char* nonce,
    const calinvite_form_check** check_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Somebody, or something, opened a link of a mail. */
typedef struct calinvite_link_visit {
  size_t struct_size;
  const char* link;  /* which one: accepted, tentative, declined or unsubscribe */
  const char* agent; /* User-Agent; NULL: not known */
  uint32_t head;     /* 1: by HEAD, as no person does */
  uint32_t reserved; /* 0 */
} calinvite_link_visit;
#define CALINVITE_LINK_VISIT_INIT \
  { sizeof(calinvite_link_visit), NULL, NULL, 0, 0 }
/* Notes that a link was opened, which proves nothing about a person. purpose is that of the token,
   CALINVITE_PURPOSE_RSVP or _UNSUBSCRIBE. CALINVITE_UNAUTHENTICATED: no valid token of it.
   CALINVITE_INVALID_ARGUMENT: no such link. */
CALINVITE_API calinvite_status calinvite_record_visit(
    calinvite_engine* engine, const char* token, uint32_t purpose,
    const calinvite_link_visit* visit, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* A person asks for an invitation by an RSVP button. network is where they ask from (NULL: not
   known); *invited_out whether one was enqueued, which a page must not tell. options may be NULL.
   CALINVITE_UNAUTHENTICATED: no valid token of a button of that event. CALINVITE_CONFLICT: it is
   over. */
CALINVITE_API calinvite_status
calinvite_press_button(calinvite_engine* engine, const char* event, const char* token,
                       const calinvite_invite_request* request, const char* network,
                       const calinvite_web_options* options, uint32_t* invited_out,
                       calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

/* Mails: composing invitations, checking them, reading what comes in, and writing other mails. */
#ifndef CALINVITE_C_MAIL_H
#define CALINVITE_C_MAIL_H

#include "calinvite/c/calendar.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- composing ------------------------------------------------------------------------------ */

/* Judges a composed message, such as by calinvite_lint_message: each that is composed whole, and
   the first of a kind whose copies differ in their fields of calinvite_copy alone. Anything but
   CALINVITE_OK refuses it with that status, and its kind when the message is a sample of it. */
typedef calinvite_status (*calinvite_check_fn)(const char* message, size_t size, void* user_data);

/* What all copies of one revision of an event share. */
typedef struct calinvite_revision {
  size_t struct_size;
  const calinvite_event* event;  /* as of this revision; its sequence counts */
  const calinvite_event* before; /* as its holders know it; NULL: they know none */
  const char* method;            /* REQUEST or CANCEL; NULL: REQUEST */
  const char* occurrence;        /* one date, wall clock of the event's zone; NULL: the series */
  const char* organizer_name;    /* display name of the sender */
  const char* base_url;          /* of links, without a trailing slash */
  const calinvite_header* templates; /* a domain's own, by name */
  size_t template_count;
  uint32_t description_limit;  /* characters that are mailed; 0: 4000 */
  uint32_t no_uninvite_status; /* 1: no STATUS:CANCELLED for one person who is uninvited */
  calinvite_check_fn check;    /* NULL: none */
  void* user_data;             /* of check; must outlive the composer */
} calinvite_revision;
#define CALINVITE_REVISION_INIT \
  { sizeof(calinvite_revision), NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL, NULL }

/* What one attendee's message differs in. */
typedef struct calinvite_copy {
  size_t struct_size;
  const char* uid;               /* of the copy: calinvite_mint_uid */
  const char* organizer_address; /* that answers go to */
  const char* address;
  const char* name;
  const char* language;          /* NULL: the event's */
  const char* partstat;          /* NULL: NEEDS-ACTION */
  const char* rsvp_token;        /* needed in a REQUEST that asks for answers */
  const char* unsubscribe_token; /* NULL: no List-Unsubscribe */
  const char* first_message_id;  /* of the first copy; NULL: none */
  const char* attempt_id;        /* makes Message-ID and boundaries */
  int64_t dtstamp;
  uint32_t update;   /* 1: the subject says "Updated" */
  uint32_t reserved; /* 0 */
} calinvite_copy;
#define CALINVITE_COPY_INIT \
  { sizeof(calinvite_copy), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0 }

/* A revision made ready to be written for any number of attendees. */
typedef struct calinvite_composer calinvite_composer;

/* copies revision, but for user_data; gives *composer_out, for calinvite_composer_free.
   CALINVITE_INVALID_INPUT: the event can't be written, or a template does not parse. */
CALINVITE_API calinvite_status
calinvite_composer_new(const calinvite_revision* revision, calinvite_composer** composer_out,
                       calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Writes one attendee's message (RFC 5322). lends *message_out (composer, until it composes the
   next). CALINVITE_INVALID_INPUT: a field would break the message. CALINVITE_TOO_LARGE: its HTML is
   over 90 KB. Any other: of the revision's check. */
CALINVITE_API calinvite_status calinvite_compose(calinvite_composer* composer,
                                                 const calinvite_copy* copy,
                                                 const char** message_out, size_t* size_out,
                                                 calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* composer may be NULL. */
CALINVITE_API void calinvite_composer_free(calinvite_composer* composer) CALINVITE_NOEXCEPT;

/* The links that mails carry. what is rsvp, calendar_file, unsubscribe or button; event_uid is of
   use for a button only. */
CALINVITE_API calinvite_status calinvite_link(const char* what, const char* base_url,
                                              const char* event_uid, const char* token,
                                              const calinvite_text** link_out,
                                              calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Links that add an event by hand to a calendar on the web: google, outlook, office365, yahoo. */
typedef struct calinvite_calendar_links {
  size_t struct_size;
  const char* google;
  const char* outlook;
  const char* office365;
  const char* yahoo;
} calinvite_calendar_links;
/* details is what the entry says besides (NULL: nothing). As calendar_links of C++, a name that the
   struct has here. CALINVITE_NOT_FOUND: no such zone. */
CALINVITE_API calinvite_status calinvite_list_calendar_links(
    const calinvite_event* event, const char* details, const calinvite_calendar_links** links_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- lint ----------------------------------------------------------------------------------- */

/* One thing that lint looks for; docs/lint.md. */
typedef struct calinvite_lint_rule {
  size_t struct_size;
  const char* rule;     /* such as R3 */
  const char* severity; /* error, warning or hint */
  const char* wants;    /* what a clean message looks like */
  const char* why;
  const char* clients; /* which of them suffer */
} calinvite_lint_rule;
CALINVITE_LIST_OF(calinvite_lint_rule);

/* All of them, by number. */
CALINVITE_API calinvite_status calinvite_lint_rules(const calinvite_lint_rule_list** rules_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* One breach of a rule. */
typedef struct calinvite_finding {
  size_t struct_size;
  const char* rule;
  const char* severity;
  const char* what; /* was found */
  const char* why;
  const char* clients;
  const char* source; /* the input, or a part of it */
  const char* field;  /* header or property */
  uint32_t line;      /* from 1; 0: not known */
  uint32_t column;
} calinvite_finding;
CALINVITE_LIST_OF(calinvite_finding);

/* Checks a mail or a calendar text, whichever it is. An empty list: it is clean.
   CALINVITE_INVALID_INPUT: neither of the two. CALINVITE_TOO_LARGE: beyond a limit. */
CALINVITE_API calinvite_status calinvite_lint_message(
    const char* bytes, size_t size, const char* source, const calinvite_finding_list** findings_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- reading mails -------------------------------------------------------------------------- */

/* One leaf of a mail. */
typedef struct calinvite_mail_part {
  size_t struct_size;
  const char* content_type; /* lower case, such as text/calendar */
  const char* method;       /* of Content-Type; empty when absent */
  const char* filename;
  const char* content; /* transfer encoding undone, texts as UTF-8 */
  size_t content_size;
  uint32_t depth;    /* 0: the message itself */
  uint32_t embedded; /* inside a message/rfc822 part */
} calinvite_mail_part;

/* What became of one recipient (RFC 3464), or of the mail that a complaint is about (RFC 5965). */
typedef struct calinvite_recipient_status {
  size_t struct_size;
  const char* recipient;
  const char* original_recipient;
  const char* action; /* failed, delayed, delivered, relayed, expanded */
  const char* status; /* such as 5.1.1 */
  const char* diagnostic;
} calinvite_recipient_status;

/* What calinvite makes of an inbound mail. */
typedef struct calinvite_mail {
  size_t struct_size;
  const calinvite_header* headers; /* raw, unfolded, in order */
  size_t header_count;
  const calinvite_header* from; /* name and address of each; more than one: nobody's */
  size_t from_count;
  const char* const* recipients; /* To, Cc, Delivered-To, X-Original-To */
  size_t recipient_count;
  const char* subject;
  const char* message_id; /* without brackets */
  const char* const* references;
  size_t reference_count;
  const calinvite_mail_part* const* parts;
  size_t part_count;
  const calinvite_mail_part* const* calendars; /* of these, what holds a calendar to act on */
  size_t calendar_count;
  const char* reply_text;  /* what a person wrote above what they answer */
  const char* report;      /* delivery, feedback, other; empty: no report */
  const char* feedback;    /* of a complaint its type, such as abuse */
  const char* original_id; /* Message-ID of the mail that a report is about */
  const calinvite_recipient_status* const* statuses; /* of a delivery report */
  size_t status_count;
  uint32_t auto_submitted;
  uint32_t looping;
} calinvite_mail;

/* Reads a mail. CALINVITE_TOO_LARGE: beyond a limit. CALINVITE_INVALID_INPUT: no header block, or a
   NUL. */
CALINVITE_API calinvite_status calinvite_parse_mail(const char* bytes, size_t size,
                                                    const calinvite_mail** mail_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- writing mails -------------------------------------------------------------------------- */

/* A mail with a text, HTML and perhaps a calendar. */
typedef struct calinvite_outgoing_mail {
  size_t struct_size;
  const char* from; /* Name <address> */
  const char* to;   /* Name <address> */
  const char* subject;
  const char* message_id; /* without brackets */
  const char* const* references;
  size_t reference_count;
  const char* language;            /* Content-Language; NULL: none */
  const calinvite_header* headers; /* further ones */
  size_t header_count;
  const char* text_plain;
  const char* text_html;
  const char* calendar; /* NULL: none */
  const char* method;   /* of the calendar; NULL: REQUEST */
  int64_t date;
} calinvite_outgoing_mail;
#define CALINVITE_OUTGOING_MAIL_INIT                                                             \
  {                                                                                              \
    sizeof(calinvite_outgoing_mail), NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, 0, NULL, NULL, \
        NULL, NULL, 0                                                                            \
  }

/* CALINVITE_INVALID_INPUT: a control character in a line, or a bad address. CALINVITE_TOO_LARGE:
   over 40 MB. */
CALINVITE_API calinvite_status calinvite_write_mail(const calinvite_outgoing_mail* mail,
                                                    const calinvite_text** message_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

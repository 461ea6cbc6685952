/* Events, and the texts that say them: iCalendar, CSV, lists of people, mail addresses, zones. */
#ifndef CALINVITE_C_CALENDAR_H
#define CALINVITE_C_CALENDAR_H

#include "calinvite/c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- events --------------------------------------------------------------------------------- */

/* One changed or cancelled date of a series. */
typedef struct calinvite_override {
  size_t struct_size;
  const char* occurrence; /* original start, wall clock of the event's zone */
  const char* start;      /* where it is now */
  const char* end;
  const char* summary;
  const char* description;
  const char* location;
  const char* conference;  /* https link to join by; of use with has_conference */
  uint32_t has_conference; /* 0: the series' link */
  uint32_t cancelled;      /* 1: then the rest says nothing */
  int64_t source_dtstamp;  /* of the source last applied to this date */
  int32_t source_sequence; /* likewise */
  uint32_t reserved;       /* 0 */
} calinvite_override;
#define CALINVITE_OVERRIDE_INIT \
  { sizeof(calinvite_override), NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0 }

/* One event or series, as read or as stored. What is marked "ours" calinvite assigns; it counts for
   nothing in what is passed in. */
typedef struct calinvite_event {
  size_t struct_size;
  const char* uid;              /* ours, opaque; empty in what was read; names it in an update */
  const char* source_uid;       /* the client's UID, or the key of a list's row */
  const char* organizer;        /* the owner's address; empty in what was read */
  const char* source_organizer; /* ORGANIZER of the source; ours */
  const char* summary;
  const char* description; /* plain text, may have several lines */
  const char* location;
  const char* conference; /* https link to join by */
  const char* url;
  const char* landing;        /* page after an RSVP button */
  const char* language;       /* BCP 47 */
  const char* start;          /* wall clock of timezone: 2027-03-28T01:30:00; all_day: 2027-03-28 */
  const char* end;            /* exclusive, in the same form */
  const char* timezone;       /* IANA name or UTC; empty when all_day */
  const char* rrule;          /* value of RRULE; empty: one instance */
  const char* status;         /* confirmed, tentative or cancelled; NULL: confirmed */
  const char* const* exdates; /* wall clocks, ascending */
  size_t exdate_count;
  const calinvite_override* const* overrides; /* ascending */
  size_t override_count;
  uint32_t all_day;
  uint32_t has_reminder;
  int32_t reminder_minutes;  /* before the start; with has_reminder */
  uint32_t transparent;      /* 1: shows as free */
  uint32_t asks_nobody;      /* 1: nobody is asked for an answer */
  uint32_t refuses_counters; /* 1: calendars offer no other time to propose */
  uint32_t listed;           /* 1: shown on upcoming-events pages */
  uint32_t invite_limit;   /* most attendees; UINT32_MAX: any number (0 in C++ and Python); 0: of a
                              new event the domain's, in an update what is stored */
  int32_t sequence;        /* SEQUENCE of the source in what was read, else of our revision */
  int32_t key_sequence;    /* of the last change of time, recurrence or status; ours */
  int64_t source_dtstamp;  /* DTSTAMP of the source; ours */
  int64_t created;         /* ours */
  int64_t changed;         /* ours */
  int32_t source_sequence; /* SEQUENCE of the source; ours */
  uint32_t reserved;       /* 0 */
} calinvite_event;
#define CALINVITE_EVENT_INIT                                                                      \
  {                                                                                               \
    sizeof(calinvite_event), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,    \
        NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
        0                                                                                         \
  }

/* Whether an event fulfils what every stored one does: a summary, an end behind its start, a zone
   unless all_day, sound links and lines, and a recurrence that calendars understand.
   CALINVITE_INVALID_INPUT names the field. CALINVITE_UNSUPPORTED: the rule or its zone. */
CALINVITE_API calinvite_status
calinvite_check_event(const calinvite_event* event, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- reading calendars ---------------------------------------------------------------------- */

/* ATTENDEE as read. */
typedef struct calinvite_parsed_attendee {
  size_t struct_size;
  const char* address; /* normalised; empty when the value is no mail address */
  const char* name;
  const char* partstat;     /* NEEDS-ACTION, ACCEPTED, DECLINED, TENTATIVE or DELEGATED */
  const char* partstat_raw; /* as written; empty when absent */
  const char* sent_by;
  const char* role;
  const char* type;                /* CUTYPE */
  const char* const* delegated_to; /* addresses */
  size_t delegated_to_count;
  const char* const* delegated_from;
  size_t delegated_from_count;
} calinvite_parsed_attendee;

/* RDATE as read, wall clocks of the event's zone. */
typedef struct calinvite_parsed_date {
  size_t struct_size;
  const char* start;
  const char* end; /* of a period; else empty */
} calinvite_parsed_date;

/* CONFERENCE as read (RFC 7986). */
typedef struct calinvite_parsed_conference {
  size_t struct_size;
  const char* uri;
  const char* label;
  const char* const* features; /* in upper case, such as VIDEO */
  size_t feature_count;
} calinvite_parsed_conference;

/* One VEVENT as read. */
typedef struct calinvite_parsed_event {
  size_t struct_size;
  const calinvite_event* event;
  const char* occurrence; /* RECURRENCE-ID as wall clock of the event's zone; empty: none */
  const char* organizer_name;
  const calinvite_parsed_attendee* const* attendees;
  size_t attendee_count;
  const char* comment;
  const char* description_html; /* as it came: not to be trusted */
  const char* const* categories;
  size_t category_count;
  const char* timezone_raw; /* TZID as written */
  const char* remark;       /* why people may see another time than they think; empty: they don't */
  uint32_t line;            /* of its BEGIN:VEVENT */
  uint32_t has_sequence;
  uint32_t has_start; /* replies may lack one */
  uint32_t floating;  /* a wall clock of no zone */
  uint32_t this_and_future;
  uint32_t reserved;
  const calinvite_parsed_date* const* rdates; /* dates that the rule lacks, ascending; of no event
                                                 that is sent on */
  size_t rdate_count;
  int64_t recurrence_instant;                            /* of occurrence; 0: none */
  const calinvite_parsed_conference* const* conferences; /* event->conference is one to join by */
  size_t conference_count;
  const char* const* images; /* http and https URIs */
  size_t image_count;
  const char* color; /* a CSS name; empty: none */
} calinvite_parsed_event;

/* A flaw that was tolerated. */
typedef struct calinvite_diagnostic {
  size_t struct_size;
  const char* message;
  const char* source;
  const char* field;
  uint32_t line;
  uint32_t column;
} calinvite_diagnostic;

/* A calendar object, or several read as one list. */
typedef struct calinvite_calendar {
  size_t struct_size;
  const char* method; /* in upper case, such as REQUEST; empty when there is none */
  const char* prodid;
  const calinvite_parsed_event* const* events; /* overrides of a series are events of their own */
  size_t event_count;
  const calinvite_error* const* refused; /* why events were not read; do not free them */
  size_t refused_count;
  const calinvite_diagnostic* const* diagnostics;
  size_t diagnostic_count;
} calinvite_calendar;

/* Reads iCalendar text (RFC 5545). source is the input's name in errors (NULL: none).
   CALINVITE_INVALID_INPUT: not iCalendar at all. CALINVITE_TOO_LARGE: beyond a limit of size,
   depth or count. CALINVITE_UNSUPPORTED: a METHOD that iTIP does not know. */
CALINVITE_API calinvite_status calinvite_parse_calendar(
    const char* bytes, size_t size, const char* source, const calinvite_calendar** calendar_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* One date of what a calendar says. */
typedef struct calinvite_occurrence {
  size_t struct_size;
  const char* id; /* original start, wall clock of the series' zone */
  const char* summary;
  const char* location;
  int64_t start; /* dates and floating times as if in UTC */
  int64_t end;   /* exclusive */
} calinvite_occurrence;
CALINVITE_LIST_OF(calinvite_occurrence);

/* The dates of one UID of a calendar text that end after `from` and start before `to`, by start;
   at most `limit` (0: 1000). uid may be NULL while the text has one.
   CALINVITE_NOT_FOUND: the text has no such UID. As calinvite_parse_calendar. */
CALINVITE_API calinvite_status calinvite_list_occurrences(
    const char* bytes, size_t size, const char* uid, int64_t from, int64_t to, size_t limit,
    const calinvite_occurrence_list** occurrences_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- writing calendars ---------------------------------------------------------------------- */

/* What one attendee's calendar object says besides the event. */
typedef struct calinvite_calendar_copy {
  size_t struct_size;
  const calinvite_event* event; /* as of the revision sent */
  const char* method;           /* REQUEST, CANCEL, or PUBLISH: for nobody; NULL: REQUEST */
  const char* occurrence;       /* an override: its own object; NULL: the series */
  const char* uid;              /* of the copy */
  const char* organizer_address;
  const char* organizer_name;
  const char* attendee_address; /* NULL in a PUBLISH */
  const char* attendee_name;
  const char* partstat;    /* NULL: NEEDS-ACTION */
  const char* description; /* in place of the event's; NULL: the event's */
  const char* language;
  int64_t dtstamp; /* the moment it is made */
  int32_t sequence;
  uint32_t no_uninvite_status;  /* 1: no STATUS:CANCELLED in a CANCEL for one person alone */
  const char* conference_label; /* of the link to join by; NULL: none */
} calinvite_calendar_copy;
#define CALINVITE_CALENDAR_COPY_INIT                                                             \
  {                                                                                              \
    sizeof(calinvite_calendar_copy), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        NULL, 0, 0, 0, NULL                                                                      \
  }

/* Writes one VCALENDAR. CALINVITE_INVALID_INPUT: a field would break the syntax.
   CALINVITE_UNSUPPORTED: a recurring event in a zone that calendars can't be told. */
CALINVITE_API calinvite_status
calinvite_write_calendar(const calinvite_calendar_copy* copy, const calinvite_text** calendar_out,
                         calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- the rules of iTIP ---------------------------------------------------------------------- */

/* What an edit means for the people invited. */
typedef struct calinvite_change {
  size_t struct_size;
  const char* method;             /* REQUEST or CANCEL */
  const char* const* occurrences; /* none: the whole series */
  size_t occurrence_count;
  int32_t sequence;    /* of the new revision */
  uint32_t key_change; /* time, recurrence or status differs: answers are reset */
} calinvite_change;

/* Compares two revisions; *change_out is NULL when nothing that a calendar shows differs. before is
   the event as last sent, NULL when it is new.
   CALINVITE_CONFLICT: after->sequence is below before->sequence, or the organizer differs.
   CALINVITE_INVALID_ARGUMENT: the UIDs differ, or `after` has no organizer. */
CALINVITE_API calinvite_status calinvite_plan_change(
    const calinvite_event* before, const calinvite_event* after,
    const calinvite_change** change_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* One person invited to one event. */
typedef struct calinvite_attendee {
  size_t struct_size;
  const char* event; /* its uid */
  const char* address;
  const char* name;
  const char* language; /* BCP 47; empty: the event's */
  const char* origin;   /* where they came from */
  const char* uid;      /* of their copy */
  const char* partstat; /* NEEDS-ACTION, ACCEPTED, DECLINED, TENTATIVE or DELEGATED */
  const char* channel;  /* mail or web, of the answer in force; empty: none */
  const char* prodid;   /* of the client that answered */
  const char* comment;
  const char* proposal;    /* another time, an ISO 8601 interval; empty: none */
  const char* delivery;    /* word of the receipts, such as delivered */
  int64_t answer_dtstamp;  /* of the answer in force */
  int32_t answer_sequence; /* likewise; of use with has_answer */
  uint32_t has_answer;
  int32_t held_sequence; /* revision last accepted by the transport; of use with holds_copy */
  uint32_t holds_copy;
  uint32_t uninvited;
  uint32_t reserved; /* 0 */
  uint8_t id[16];    /* that their link tokens name: calinvite_link_token.row */
} calinvite_attendee;
CALINVITE_LIST_OF(calinvite_attendee);
#define CALINVITE_ATTENDEE_INIT                                                                   \
  {                                                                                               \
    sizeof(calinvite_attendee), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        NULL, 0, 0, 0, 0, 0, 0, 0, {                                                              \
      0                                                                                           \
    }                                                                                             \
  }

/* An attendee's answer as it came in. */
typedef struct calinvite_reply {
  size_t struct_size;
  const char* partstat;
  const char* occurrence; /* wall clock of the event's zone; NULL: the series */
  const char* channel;    /* mail or web */
  const char* prodid;
  const char* comment;
  const char* proposal;
  int64_t dtstamp;
  int32_t sequence; /* SEQUENCE echoed; of use with has_sequence */
  uint32_t has_sequence;
} calinvite_reply;
#define CALINVITE_REPLY_INIT \
  { sizeof(calinvite_reply), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0 }

/* What it does to the copy that it answers. */
typedef struct calinvite_reply_effect {
  size_t struct_size;
  const char* verdict;  /* applied, repeated or history */
  const char* partstat; /* in force afterwards */
  const char* reason;   /* of history */
  uint32_t flagged;     /* SEQUENCE missing, or above any that was sent */
  uint32_t reserved;
} calinvite_reply_effect;

/* Decides what an answer does; changes nothing. */
CALINVITE_API calinvite_status calinvite_apply_reply(
    const calinvite_event* event, const calinvite_attendee* attendee, const calinvite_reply* reply,
    const calinvite_reply_effect** effect_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- lists as CSV or text ------------------------------------------------------------------- */

typedef struct calinvite_event_row {
  size_t struct_size;
  const calinvite_event* event;
  const char* command;       /* create, update or cancel */
  const char* const* absent; /* fields that the list has no column for */
  size_t absent_count;
  uint32_t line;     /* from 1 */
  uint32_t reserved; /* 0 */
} calinvite_event_row;

/* Lends `row`. Return 0 to go on; anything else ends the reading with CALINVITE_STOPPED. */
typedef int (*calinvite_event_row_fn)(const calinvite_event_row* row, void* user_data);

/* Reads a CSV of events: our column labels, Google Calendar's or Outlook's. Good rows go to on_row,
   bad ones with line, column and reason to on_error (NULL: passed over). timezone is the IANA zone
   of rows that name none (NULL: such rows are bad). date_order is usual, mdy or dmy (NULL: usual).
   CALINVITE_INVALID_INPUT: the header lacks a column that is needed. */
CALINVITE_API calinvite_status calinvite_read_event_list(
    const char* bytes, size_t size, const char* source, const char* timezone,
    const char* date_order, calinvite_event_row_fn on_row, calinvite_row_error_fn on_error,
    void* user_data, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Someone to be invited. */
typedef struct calinvite_invite_request {
  size_t struct_size;
  const char* address;
  const char* name;
  const char* language;       /* BCP 47; NULL: the event's */
  const char* consent_source; /* where they agreed to be mailed; NULL: nothing is recorded */
  const char* consent_text;   /* what they agreed to */
  int64_t consent_time;       /* 0: not known, the time of recording */
} calinvite_invite_request;
#define CALINVITE_INVITE_REQUEST_INIT \
  { sizeof(calinvite_invite_request), NULL, NULL, NULL, NULL, NULL, 0 }

typedef struct calinvite_address_row {
  size_t struct_size;
  const calinvite_invite_request* request;
  const char* event; /* column uid; empty when absent */
  uint32_t line;     /* from 1 */
  uint32_t reserved; /* 0 */
} calinvite_address_row;

/* Lends `row`. Return 0 to go on; anything else ends the reading with CALINVITE_STOPPED. */
typedef int (*calinvite_address_row_fn)(const calinvite_address_row* row, void* user_data);

/* Reads a list of people: a text with an address a line, or a CSV with a column email. As
   calinvite_read_event_list. */
CALINVITE_API calinvite_status
calinvite_read_address_list(const char* bytes, size_t size, const char* source,
                            calinvite_address_row_fn on_row, calinvite_row_error_fn on_error,
                            void* user_data, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- addresses and zones -------------------------------------------------------------------- */

/* The form in which addresses are stored and compared. CALINVITE_INVALID_INPUT: no mail address.
   CALINVITE_UNSUPPORTED: a local part that is quoted or beyond ASCII. */
CALINVITE_API calinvite_status
calinvite_normalize_address(const char* address, const calinvite_text** address_out,
                            calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* The instant of a wall clock. In a gap the offset before it applies, in an overlap the first one.
   CALINVITE_NOT_FOUND: no such zone. CALINVITE_INVALID_INPUT: no wall clock. */
CALINVITE_API calinvite_status calinvite_to_instant(const char* timezone, const char* wall,
                                                    int64_t* instant_out,
                                                    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* The wall clock of an instant, such as 2027-03-28T01:30:00. CALINVITE_NOT_FOUND: no such zone. */
CALINVITE_API calinvite_status calinvite_to_local(const char* timezone, int64_t instant,
                                                  const calinvite_text** wall_out,
                                                  calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* Whether a rule is one that every calendar understands. start is its first instance.
   CALINVITE_UNSUPPORTED names the part. CALINVITE_INVALID_INPUT: no rule. */
CALINVITE_API calinvite_status calinvite_check_rrule(
    const char* rule, const char* start, calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

/* What all parts of the C API share: conventions, version, errors, stopping.

   Every function, struct and field is there since 0.1 where nothing else is said.

   borrows: for this call only; so is every pointer that is passed in, where nothing else is said.
   copies: we keep our own.  gives: you free it.  lends: valid until the named handle is changed or
   freed, and what a callback is handed: until it returns.

   Structs begin with struct_size. In one that you fill it is the sizeof that you were compiled
   with: begin with its _INIT value. Fields are only appended, those beyond struct_size count as 0,
   and 0 or NULL is the default of every field. An array of such structs is walked in steps of the
   struct_size of its first one. In a struct that calinvite fills struct_size tells how far.

   Results come through *_out: a pointer to a struct that calinvite has filled, with all that it
   points to, is given: calinvite_free() frees it. So is a list, whose struct is named after its
   items. On failure *_out is NULL, a number 0, and memory of your own as it was, where nothing else
   is said. Where NULL is passed for the *_out of a result, none is made.

   Texts are UTF-8 and end in NUL; one that may be left out may be NULL, and is empty in results.
   Choices are words, such as "accepted": docs/glossary.md. Times are seconds since
   1970-01-01T00:00:00Z, 0 when there is none. Wall clocks are texts, 2027-03-28T01:30:00, or
   2027-03-28 where an event lasts all day. Yes and no are 1 and 0.

   A handle is for one thread at a time, but for calinvite_engine and calinvite_stop. */
#ifndef CALINVITE_C_BASE_H
#define CALINVITE_C_BASE_H

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

/* ---- status and errors ---------------------------------------------------------------------- */

/* Such as "0.1.0". lends for ever. */
CALINVITE_API const char* calinvite_version(void) CALINVITE_NOEXCEPT;

/* Why a call failed; what to do then stands in docs/errors.md. Codes get added, never renumbered.
   Each durable step of a call is done whole or not at all. Most calls are one step; ingest,
   receive, dispatch and what reaches many people take several, and what they had done before they
   failed stays done. */
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
  CALINVITE_UNAVAILABLE = 9,      /* store or network away: call again later */
  CALINVITE_BUSY = 10,            /* another writer holds the store: call again */
  CALINVITE_STORE_FULL = 11,      /* the disk is full: make room, call again */
  CALINVITE_STORE_CORRUPT = 12,   /* damaged, or written by a newer version */
  CALINVITE_IN_DOUBT = 13,        /* nobody knows whether it was sent */
  CALINVITE_THROTTLED = 14,       /* the sending rate or quota is used up for now */
  CALINVITE_STOPPED = 15,         /* a callback of the caller ended the work */
  CALINVITE_INTERNAL = 16         /* a defect of calinvite, or memory ran out */
};

/* The name of a status in docs/errors.md, such as "invalid_input"; "ok" for CALINVITE_OK.
   lends for ever. */
CALINVITE_API const char* calinvite_status_name(calinvite_status status) CALINVITE_NOEXCEPT;

/* What went wrong and where. Calls give one through error_out, on failure only; on success they set
   it to NULL. error_out may be NULL. When memory runs out there is a status alone; of an error that
   is NULL all texts are empty. */
typedef struct calinvite_error calinvite_error;

/* What the call that gave it has answered; CALINVITE_OK of NULL. */
CALINVITE_API calinvite_status calinvite_error_status(const calinvite_error* error)
    CALINVITE_NOEXCEPT;
/* One line for a person; never a credential, a token or a body. lends (error). */
CALINVITE_API const char* calinvite_error_message(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* The name that the caller gave the input; empty when not known. lends (error). */
CALINVITE_API const char* calinvite_error_source(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* The property, column or argument concerned; empty when not known. lends (error). */
CALINVITE_API const char* calinvite_error_field(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* From 1; 0 when not known. */
CALINVITE_API uint32_t calinvite_error_line(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* Byte of the line, in CSV the cell, from 1; 0 when not known. */
CALINVITE_API uint32_t calinvite_error_column(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* 1 when the same call may succeed later without any change, else 0. */
CALINVITE_API int calinvite_error_retryable(const calinvite_error* error) CALINVITE_NOEXCEPT;
/* error may be NULL. */
CALINVITE_API void calinvite_error_free(calinvite_error* error) CALINVITE_NOEXCEPT;

/* ---- results -------------------------------------------------------------------------------- */

/* Frees a result and all that it points to. given may be NULL; nothing else than a result that was
   given. */
CALINVITE_API void calinvite_free(const void* given) CALINVITE_NOEXCEPT;

/* A part of a long list: `next` goes into calinvite_page.after for the part behind it. Short lists
   come whole. */
#define CALINVITE_LIST_OF(type)                         \
  typedef struct type##_list {                          \
    size_t struct_size;                                 \
    const type* const* items;                           \
    size_t count;                                       \
    const char* next; /* opaque; empty: that was all */ \
  } type##_list

/* Which part of a long list is wanted. NULL for a page: the first 100. */
typedef struct calinvite_page {
  size_t struct_size;
  const char* after; /* `next` of the part before; NULL: from the start */
  size_t limit;      /* 0: 100 */
} calinvite_page;
#define CALINVITE_PAGE_INIT \
  { sizeof(calinvite_page), NULL, 0 }

/* Bytes, or a text; a NUL stands behind them. */
typedef struct calinvite_text {
  size_t struct_size;
  const char* bytes;
  size_t size; /* without that NUL */
} calinvite_text;

/* How often, by word. Never grows. */
typedef struct calinvite_count {
  const char* word;
  uint64_t count;
} calinvite_count;

/* A name and what stands behind it: a header of HTTP or mail, a version. Never grows. */
typedef struct calinvite_header {
  const char* name;
  const char* value;
} calinvite_header;

/* What this library is made of. */
typedef struct calinvite_library {
  size_t struct_size;
  const char* version;
  const char* const* features; /* stores, transports and the like that are built in */
  size_t feature_count;
  const calinvite_header* dependencies; /* and the versions that it was built against */
  size_t dependency_count;
} calinvite_library;
/* lends for ever. */
CALINVITE_API const calinvite_library* calinvite_about(void) CALINVITE_NOEXCEPT;
/* Whether a feature is built in: store:sqlite, transport:ses and the like. */
CALINVITE_API uint32_t calinvite_has_feature(const char* name) CALINVITE_NOEXCEPT;

/* ---- callbacks ------------------------------------------------------------------------------ */

/* All of them run on the thread that called calinvite, get the user_data that was passed with them,
   and must not call the engine that calls them. */

/* Seconds since 1970-01-01T00:00:00Z. */
typedef int64_t (*calinvite_clock_fn)(void* user_data);
/* Fills `bytes` with random ones that nobody can guess. */
typedef void (*calinvite_random_fn)(uint8_t* bytes, size_t size, void* user_data);
/* Hands over the next bytes of an input, which are borrowed until the next call; *size_out of 0
   ends it. Return 0 to go on; anything else ends the work with CALINVITE_STOPPED. */
typedef int (*calinvite_read_fn)(const char** bytes_out, size_t* size_out, void* user_data);
/* Lends the next piece of an output. Return 0 to go on; anything else ends the work with
   CALINVITE_STOPPED. */
typedef int (*calinvite_write_fn)(const char* piece, size_t size, void* user_data);
/* Lends why a part of an input was left out; reading goes on. */
typedef void (*calinvite_row_error_fn)(const calinvite_error* error, void* user_data);

/* What a callback answers, while it runs. */
typedef struct calinvite_answer calinvite_answer;
/* copies text. CALINVITE_INTERNAL: memory ran out. */
CALINVITE_API calinvite_status calinvite_answer_add(calinvite_answer* answer,
                                                    const char* text) CALINVITE_NOEXCEPT;
/* Takes a line of the log: level is error, warning or info, component the function concerned.
   Nothing in it is a credential, a token or a body. */
typedef void (*calinvite_log_fn)(const char* level, const char* component, const char* message,
                                 void* user_data);

/* ---- stopping ------------------------------------------------------------------------------- */

/* Ends long work from another thread or a signal handler. */
typedef struct calinvite_stop calinvite_stop;

/* gives *stop_out, for calinvite_stop_free. */
CALINVITE_API calinvite_status calinvite_stop_new(calinvite_stop** stop_out,
                                                  calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* From now on work that was given this stop ends with CALINVITE_STOPPED, as soon as what is under
   way allows it. Any thread may call, and a signal handler. stop may be NULL. */
CALINVITE_API void calinvite_stop_request(calinvite_stop* stop) CALINVITE_NOEXCEPT;
/* Whether it was requested. stop may be NULL. */
CALINVITE_API uint32_t calinvite_stop_requested(const calinvite_stop* stop) CALINVITE_NOEXCEPT;
/* stop may be NULL; no work may have it. */
CALINVITE_API void calinvite_stop_free(calinvite_stop* stop) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

/* Tokens: signed ones for links (docs/token-format.md), random ones for mail addresses. */
#ifndef CALINVITE_C_TOKEN_H
#define CALINVITE_C_TOKEN_H

#include "calinvite/c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Signing keys of a domain, oldest first; the newest signs, all verify. */
typedef struct calinvite_key_ring calinvite_key_ring;

/* An empty ring. gives *ring_out. */
CALINVITE_API calinvite_status calinvite_key_ring_new(
    calinvite_key_ring** ring_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Adds the newest key. copies secret, 32 bytes. */
CALINVITE_API calinvite_status
calinvite_key_ring_add(calinvite_key_ring* ring, uint16_t id, const uint8_t* secret,
                       calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* ring may be NULL. */
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

/* Writes a token and its NUL to text_out, an array of CALINVITE_LINK_TOKEN_SIZE. borrows
   ring, token. CALINVITE_INVALID_ARGUMENT: the ring is empty, or no such purpose. */
CALINVITE_API calinvite_status
calinvite_mint_link_token(const calinvite_key_ring* ring, const calinvite_link_token* token,
                          char* text_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* Reads a token that was made for `purpose` and has not expired at `now` into *token_out, which
   begins with CALINVITE_LINK_TOKEN_INIT: its struct_size tells how far it goes. borrows ring, text.
   CALINVITE_UNAUTHENTICATED: not ours, of another purpose, or expired; all look the same.
   CALINVITE_INVALID_ARGUMENT: no struct_size, or no such purpose. */
CALINVITE_API calinvite_status calinvite_verify_link_token(
    const calinvite_key_ring* ring, const char* text, uint32_t purpose, int64_t now,
    calinvite_link_token* token_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;

/* ---- tokens of mail addresses --------------------------------------------------------------- */

/* The address local+token@reply_domain, which tells by whom an answer comes. separator is "+" or
   "-" (NULL: "+"). CALINVITE_INVALID_ARGUMENT: another separator, or parts that are too long. */
CALINVITE_API calinvite_status calinvite_token_address(
    const char* local_part, const char* token, const char* reply_domain, const char* separator,
    const calinvite_text** address_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* The token of an address on reply_domain; empty when it holds none. */
CALINVITE_API calinvite_status calinvite_address_token(
    const char* address, const char* reply_domain, const calinvite_text** token_out,
    calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* A fresh token for such an address: 16 characters, 80 random bits of the system's generator. */
CALINVITE_API calinvite_status calinvite_mint_address_token(
    const calinvite_text** token_out, calinvite_error** error_out) CALINVITE_NOEXCEPT;
/* A fresh UID for a copy: "ci-" and 32 hex digits, the seconds of the time in 8 of them and 96
   random bits of the system's generator in the rest (R30). */
CALINVITE_API calinvite_status calinvite_mint_uid(const calinvite_text** uid_out,
                                                  calinvite_error** error_out) CALINVITE_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

/* Minting and verifying link tokens from C, by the test vectors of docs/token-format.md. */
#include "calinvite.h"
#include "check.h"

static calinvite_key_ring* ring_with_vector_key(void) {
  calinvite_key_ring* ring = NULL;
  uint8_t secret[32];
  for (int i = 0; i < 32; ++i) secret[i] = (uint8_t)i;
  CHECK(calinvite_key_ring_new(&ring, NULL) == CALINVITE_OK);
  CHECK(calinvite_key_ring_add(ring, 1, secret, NULL) == CALINVITE_OK);
  memset(secret, 0, sizeof secret); /* copied: what happens to it here no longer matters */
  return ring;
}

static calinvite_link_token vector_token(void) {
  calinvite_link_token token = CALINVITE_LINK_TOKEN_INIT;
  token.purpose = CALINVITE_PURPOSE_RSVP;
  token.expires = 1798761600;
  for (int i = 0; i < 16; ++i) token.row[i] = (uint8_t)(0x10 + i);
  return token;
}

static void mints_and_verifies(void) {
  calinvite_key_ring* ring = ring_with_vector_key();
  const calinvite_link_token token = vector_token();
  char text[CALINVITE_LINK_TOKEN_SIZE];
  CHECK(calinvite_mint_link_token(ring, &token, text, NULL) == CALINVITE_OK);
  CHECK_TEXT(text, "AQEAAWs27IAQERITFBUWFxgZGhscHR4fdRyfUFjTBRJuPe9y3LiQgQ");

  calinvite_link_token read = CALINVITE_LINK_TOKEN_INIT;
  calinvite_error* error = NULL;
  CHECK(calinvite_verify_link_token(ring, text, CALINVITE_PURPOSE_RSVP, 1798761599, &read,
                                    &error) == CALINVITE_OK);
  CHECK(error == NULL);
  CHECK(read.struct_size == sizeof read);
  CHECK(read.purpose == CALINVITE_PURPOSE_RSVP);
  CHECK(read.expires == 1798761600);
  CHECK(memcmp(read.row, token.row, sizeof read.row) == 0);
  calinvite_key_ring_free(ring);
}

static void refuses(void) {
  calinvite_key_ring* ring = ring_with_vector_key();
  calinvite_link_token token = vector_token();
  char text[CALINVITE_LINK_TOKEN_SIZE];
  CHECK(calinvite_mint_link_token(ring, &token, text, NULL) == CALINVITE_OK);

  calinvite_link_token untouched = CALINVITE_LINK_TOKEN_INIT;
  calinvite_error* error = NULL;
  CHECK(calinvite_verify_link_token(ring, text, CALINVITE_PURPOSE_RSVP, 1798761600, &untouched,
                                    &error) == CALINVITE_UNAUTHENTICATED);
  CHECK(calinvite_error_status(error) == CALINVITE_UNAUTHENTICATED);
  CHECK(calinvite_error_retryable(error) == 0);
  CHECK(untouched.expires == 0);
  calinvite_error_free(error);
  CHECK(calinvite_verify_link_token(ring, text, CALINVITE_PURPOSE_UNSUBSCRIBE, 0, &untouched,
                                    NULL) == CALINVITE_UNAUTHENTICATED);
  calinvite_key_ring_free(ring);
}

static void names_the_argument_at_fault(void) {
  calinvite_key_ring* ring = NULL;
  calinvite_link_token token = vector_token();
  char text[CALINVITE_LINK_TOKEN_SIZE];
  calinvite_error* error = NULL;
  CHECK(calinvite_key_ring_new(&ring, NULL) == CALINVITE_OK);
  CHECK(calinvite_mint_link_token(ring, &token, text, &error) == CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_message(error), "the key ring is empty");
  CHECK_TEXT(calinvite_error_field(error), "ring");
  calinvite_error_free(error);

  CHECK(calinvite_key_ring_add(ring, 1, NULL, &error) == CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_field(error), "secret");
  calinvite_error_free(error);
  calinvite_key_ring_free(ring);

  ring = ring_with_vector_key();
  token.purpose = CALINVITE_PURPOSE_REGISTRATION + 1;
  CHECK(calinvite_mint_link_token(ring, &token, text, NULL) == CALINVITE_INVALID_ARGUMENT);
  token = vector_token();
  token.struct_size = 0;
  CHECK(calinvite_mint_link_token(ring, &token, text, NULL) == CALINVITE_INVALID_ARGUMENT);
  CHECK(calinvite_key_ring_new(NULL, NULL) == CALINVITE_INVALID_ARGUMENT);
  calinvite_key_ring_free(ring);
  calinvite_key_ring_free(NULL);
}

/* A program compiled when the struct ended with `purpose`. */
static void serves_older_structs(void) {
  calinvite_key_ring* ring = ring_with_vector_key();
  calinvite_link_token old = CALINVITE_LINK_TOKEN_INIT;
  old.struct_size = offsetof(calinvite_link_token, reserved);
  memset(old.row, 0x77, sizeof old.row);
  const char* const text = "AQEAAWs27IAQERITFBUWFxgZGhscHR4fdRyfUFjTBRJuPe9y3LiQgQ";
  CHECK(calinvite_verify_link_token(ring, text, CALINVITE_PURPOSE_RSVP, 0, &old, NULL) ==
        CALINVITE_OK);
  CHECK(old.expires == 1798761600);
  CHECK(old.row[0] == 0x77); /* beyond what the caller has */
  CHECK(old.struct_size == offsetof(calinvite_link_token, reserved));
  calinvite_key_ring_free(ring);
}

int main(void) {
  mints_and_verifies();
  refuses();
  names_the_argument_at_fault();
  serves_older_structs();
  return failures;
}

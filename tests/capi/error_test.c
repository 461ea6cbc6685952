/* Version, statuses and errors as C sees them. */
#include "calinvite.h"
#include "check.h"

int main(void) {
  CHECK(strlen(calinvite_version()) >= strlen("0.1.0"));
  CHECK_TEXT(calinvite_status_name(CALINVITE_OK), "ok");
  CHECK_TEXT(calinvite_status_name(CALINVITE_INVALID_ARGUMENT), "invalid_argument");
  CHECK_TEXT(calinvite_status_name(CALINVITE_INVALID_INPUT), "invalid_input");
  CHECK_TEXT(calinvite_status_name(CALINVITE_TOO_LARGE), "too_large");
  CHECK_TEXT(calinvite_status_name(CALINVITE_UNSUPPORTED), "unsupported");
  CHECK_TEXT(calinvite_status_name(CALINVITE_NOT_FOUND), "not_found");
  CHECK_TEXT(calinvite_status_name(CALINVITE_CONFLICT), "conflict");
  CHECK_TEXT(calinvite_status_name(CALINVITE_FORBIDDEN), "forbidden");
  CHECK_TEXT(calinvite_status_name(CALINVITE_UNAUTHENTICATED), "unauthenticated");
  CHECK_TEXT(calinvite_status_name(CALINVITE_UNAVAILABLE), "unavailable");
  CHECK_TEXT(calinvite_status_name(CALINVITE_BUSY), "busy");
  CHECK_TEXT(calinvite_status_name(CALINVITE_STORE_FULL), "store_full");
  CHECK_TEXT(calinvite_status_name(CALINVITE_STORE_CORRUPT), "store_corrupt");
  CHECK_TEXT(calinvite_status_name(CALINVITE_IN_DOUBT), "in_doubt");
  CHECK_TEXT(calinvite_status_name(CALINVITE_THROTTLED), "throttled");
  CHECK_TEXT(calinvite_status_name(CALINVITE_STOPPED), "stopped");
  CHECK_TEXT(calinvite_status_name(CALINVITE_INTERNAL), "internal");
  CHECK_TEXT(calinvite_status_name(12345), "unknown");
  calinvite_error_free(NULL);
  return failures;
}

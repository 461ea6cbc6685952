/* How the examples in C treat a failed call: they say why, and end. */
#ifndef CALINVITE_EXAMPLES_CHECK_H
#define CALINVITE_EXAMPLES_CHECK_H

#include <calinvite.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pointer to the error: what is passed as it is may be read before the call. */
static inline void check(calinvite_status status, calinvite_error** error) {
  if (status == CALINVITE_OK) return;
  fprintf(stderr, "%s: %s\n", calinvite_status_name(status), calinvite_error_message(*error));
  calinvite_error_free(*error);
  exit(1);
}

#endif

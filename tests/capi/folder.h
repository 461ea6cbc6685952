/* A folder of a test program's own in the build. _POSIX_C_SOURCE or more is for the program to
 * define. */
#ifndef CALINVITE_TESTS_CAPI_FOLDER_H
#define CALINVITE_TESTS_CAPI_FOLDER_H

#include <stdlib.h>

#include "check.h"

static char folder[512];

static void make_folder(const char* program) {
  snprintf(folder, sizeof folder, "%s/tests/capi_%s_XXXXXX", CALINVITE_BUILD_DIR, program);
  CHECK(mkdtemp(folder) != NULL);
}

/* It is kept for a look when something failed. */
static void remove_folder(void) {
  char remove[600];
  snprintf(remove, sizeof remove, "rm -rf '%s'", folder);
  CHECK(failures != 0 || system(remove) == 0);
}

#endif

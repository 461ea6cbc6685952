/* CHECK counts what is not true; a test program ends with `return failures`. */
#ifndef CALINVITE_TESTS_CAPI_CHECK_H
#define CALINVITE_TESTS_CAPI_CHECK_H

#include <stdio.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                               \
    }                                                                           \
  } while (0)

#define CHECK_TEXT(actual, expected)                                                         \
  do {                                                                                       \
    const char* text_ = (actual);                                                            \
    if (text_ == NULL || strcmp(text_, (expected)) != 0) {                                   \
      fprintf(stderr, "%s:%d: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #actual, \
              text_ == NULL ? "NULL" : text_, (expected));                                   \
      ++failures;                                                                            \
    }                                                                                        \
  } while (0)

#endif

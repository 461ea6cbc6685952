/* Reading a CSV of events from C. */
#include "calinvite.h"
#include "check.h"

static const char list[] =
    "uid,summary,start,end,timezone,command\n"
    "f-1,\"Rovers, away\",2027-03-28T15:30,2027-03-28T17:15,Europe/Berlin,\n"
    "f-2,United,not a date,2027-03-29T17:15,Europe/Berlin,create\n"
    "f-3,Final,2027-06-05,2027-06-05,,cancel\n";

struct seen {
  int rows;
  int errors;
  int stop_after;
};

static int take_row(const calinvite_event_row* row, void* user_data) {
  struct seen* seen = user_data;
  ++seen->rows;
  CHECK(row->struct_size == sizeof *row);
  if (row->line == 2) {
    CHECK_TEXT(row->event->source_uid, "f-1");
    CHECK_TEXT(row->event->summary, "Rovers, away");
    CHECK_TEXT(row->event->start, "2027-03-28T15:30:00");
    CHECK_TEXT(row->event->timezone, "Europe/Berlin");
    CHECK_TEXT(row->command, "create");
  } else {
    CHECK(row->line == 4);
    CHECK_TEXT(row->event->source_uid, "f-3");
    CHECK_TEXT(row->command, "cancel");
  }
  return seen->rows == seen->stop_after;
}

static void take_error(const calinvite_error* error, void* user_data) {
  struct seen* seen = user_data;
  ++seen->errors;
  CHECK(calinvite_error_status(error) == CALINVITE_INVALID_INPUT);
  CHECK_TEXT(calinvite_error_source(error), "fixtures.csv");
  CHECK(calinvite_error_line(error) == 3);
  CHECK(calinvite_error_column(error) == 3);
}

int main(void) {
  struct seen seen = {0, 0, 0};
  calinvite_error* error = NULL;
  CHECK(calinvite_read_event_list(list, sizeof list - 1, "fixtures.csv", "Europe/Berlin", NULL,
                                  take_row, take_error, &seen, &error) == CALINVITE_OK);
  CHECK(error == NULL);
  CHECK(seen.rows == 2);
  CHECK(seen.errors == 1);

  struct seen stopped = {0, 0, 1};
  CHECK(calinvite_read_event_list(list, sizeof list - 1, NULL, "Europe/Berlin", NULL, take_row,
                                  NULL, &stopped, &error) == CALINVITE_STOPPED);
  CHECK(stopped.rows == 1);
  CHECK(calinvite_error_line(error) == 2);
  calinvite_error_free(error);

  CHECK(calinvite_read_event_list("a,b\n1,2\n", 8, "x.csv", NULL, NULL, take_row, NULL, &seen,
                                  NULL) == CALINVITE_INVALID_INPUT);
  CHECK(calinvite_read_event_list(list, sizeof list - 1, NULL, NULL, NULL, NULL, NULL, NULL,
                                  &error) == CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_field(error), "on_row");
  calinvite_error_free(error);
  return failures;
}

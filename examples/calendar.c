/* Reads a calendar file with a series, lists its dates, and writes the copy of one attendee. */
#include "check.h"

static const char training[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Club//EN\r\nMETHOD:PUBLISH\r\n"
    "BEGIN:VEVENT\r\nUID:training@club.example\r\nDTSTAMP:20370101T120000Z\r\n"
    "DTSTART;TZID=Europe/Berlin:20370319T183000\r\nDTEND;TZID=Europe/Berlin:20370319T200000\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE;TZID=Europe/Berlin:20370402T183000\r\n"
    "SUMMARY:Training\r\nLOCATION:Hall 2\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:training@club.example\r\nDTSTAMP:20370101T120000Z\r\n"
    "RECURRENCE-ID;TZID=Europe/Berlin:20370409T183000\r\n"
    "DTSTART;TZID=Europe/Berlin:20370410T190000\r\nDTEND;TZID=Europe/Berlin:20370410T203000\r\n"
    "SUMMARY:Training\\, a day later\r\nLOCATION:Hall 1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

int main(void) {
  calinvite_error* error;
  const calinvite_calendar* calendar;
  check(calinvite_parse_calendar(training, strlen(training), "training.ics", &calendar, &error),
        &error);
  const calinvite_event* series = calendar->events[0]->event;
  printf("%s: %s, %s %s, %s\n", calendar->method, series->summary, series->start, series->timezone,
         series->rrule);

  int64_t from, to; /* the dates that end after the one and start before the other */
  check(calinvite_to_instant("UTC", "2037-03-20", &from, &error), &error);
  check(calinvite_to_instant("UTC", "2037-12-31", &to, &error), &error);
  const calinvite_occurrence_list* dates;
  check(calinvite_list_occurrences(training, strlen(training), NULL, from, to, 0, &dates, &error),
        &error);
  for (size_t i = 0; i < dates->count; ++i) {
    const calinvite_text* start;
    check(calinvite_to_local("UTC", dates->items[i]->start, &start, &error), &error);
    printf("%sZ %s, %s\n", start->bytes, dates->items[i]->summary, dates->items[i]->location);
    calinvite_free(start);
  }

  calinvite_event invited = *series; /* borrows the texts of the calendar */
  invited.struct_size = sizeof invited;
  calinvite_calendar_copy copy = CALINVITE_CALENDAR_COPY_INIT;
  copy.event = &invited;
  copy.uid = "ci-0123456789abcdef0123456789abcdef";
  copy.organizer_address = "cal+mfrggzdfmztwq2lk@reply.club.example";
  copy.attendee_address = "ana@example.net";
  copy.attendee_name = "Ana";
  copy.dtstamp = from;
  const calinvite_text* written;
  check(calinvite_write_calendar(&copy, &written, &error), &error);
  const calinvite_calendar* read;
  check(calinvite_parse_calendar(written->bytes, written->size, NULL, &read, &error), &error);
  const calinvite_parsed_attendee* attendee = read->events[0]->attendees[0];
  printf("%s for %s <%s>, %s\n", read->method, attendee->name, attendee->address,
         attendee->partstat);
  calinvite_free(read);
  calinvite_free(written);
  calinvite_free(dates);
  calinvite_free(calendar);

  /* What is no calendar is an error that says where. */
  const calinvite_status status =
      calinvite_parse_calendar("BEGIN:VCARD\r\n", 13, "card.ics", &calendar, &error);
  printf("%s: %s\n", calinvite_status_name(status), calinvite_error_message(error));
  calinvite_error_free(error);
  return status == CALINVITE_INVALID_INPUT ? 0 : 1;
}

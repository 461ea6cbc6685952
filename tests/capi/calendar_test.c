/* Reading a calendar from C. */
#include "calinvite.h"
#include "check.h"

static const char invitation[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//league.example//fixtures//EN\r\n"
    "METHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nUID:fixture-17@league.example\r\nDTSTAMP:20270301T120000Z\r\nSEQUENCE:3\r\n"
    "ORGANIZER;CN=Fixtures:mailto:Fixtures@League.example\r\n"
    "ATTENDEE:mailto:create@reply.league.example\r\n"
    "SUMMARY:Rovers \xe2\x80\x93 United\\, matchday 17\r\n"
    "DTSTART;TZID=Europe/Berlin:20270328T153000\r\nDTEND;TZID=Europe/Berlin:20270328T171500\r\n"
    "LOCATION:Ground 4\r\nCONFERENCE:https://meet.example/17\r\nTRANSP:TRANSPARENT\r\n"
    "X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT30M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:open-day@league.example\r\nDTSTAMP:20270301T120000Z\r\n"
    "SUMMARY:Open day\r\n"
    "DTSTART;VALUE=DATE:20270501\r\nDTEND;VALUE=DATE:20270503\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n";

static void reads_events(void) {
  const calinvite_calendar* calendar = NULL;
  calinvite_error* error = NULL;
  CHECK(calinvite_parse_calendar(invitation, sizeof invitation - 1, "fixtures.ics", &calendar,
                                 &error) == CALINVITE_OK);
  CHECK(error == NULL);
  CHECK_TEXT(calendar->method, "REQUEST");
  CHECK_TEXT(calendar->prodid, "-//league.example//fixtures//EN");
  CHECK(calendar->refused_count == 0);
  CHECK(calendar->event_count == 2);

  const calinvite_event* match = calendar->events[0]->event;
  CHECK(match->struct_size == sizeof *match);
  CHECK_TEXT(match->uid, "");
  CHECK_TEXT(match->source_uid, "fixture-17@league.example");
  CHECK_TEXT(match->source_organizer, "fixtures@league.example");
  CHECK_TEXT(match->summary, "Rovers \xe2\x80\x93 United, matchday 17");
  CHECK_TEXT(match->location, "Ground 4");
  CHECK_TEXT(match->start, "2027-03-28T15:30:00");
  CHECK_TEXT(match->end, "2027-03-28T17:15:00");
  CHECK_TEXT(match->timezone, "Europe/Berlin");
  CHECK_TEXT(match->status, "confirmed");
  CHECK_TEXT(match->rrule, "");
  CHECK(match->sequence == 3);
  CHECK(match->all_day == 0);
  CHECK_TEXT(match->conference, "https://meet.example/17");
  CHECK(match->has_reminder == 1);
  CHECK(match->reminder_minutes == 30);
  CHECK(match->transparent == 1);
  CHECK(match->asks_nobody == 0);
  CHECK(match->refuses_counters == 1);

  const calinvite_event* open_day = calendar->events[1]->event;
  CHECK_TEXT(open_day->start, "2027-05-01");
  CHECK_TEXT(open_day->end, "2027-05-03");
  CHECK_TEXT(open_day->timezone, "");
  CHECK(open_day->all_day == 1);
  CHECK_TEXT(open_day->conference, "");
  CHECK(open_day->has_reminder == 0);
  CHECK(open_day->transparent == 0);
  CHECK(open_day->refuses_counters == 0);
  calinvite_free(calendar);
}

static void says_which_event_it_refused(void) {
  static const char list[] =
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
      "BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20270301T120000Z\r\nSUMMARY:No such day\r\n"
      "DTSTART:20270230T150000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  const calinvite_calendar* calendar = NULL;
  CHECK(calinvite_parse_calendar(list, sizeof list - 1, "list.ics", &calendar, NULL) ==
        CALINVITE_OK);
  CHECK_TEXT(calendar->method, "");
  CHECK(calendar->event_count == 0);
  CHECK(calendar->refused_count == 1);
  const calinvite_error* refused = calendar->refused[0];
  CHECK(calinvite_error_status(refused) == CALINVITE_INVALID_INPUT);
  CHECK_TEXT(calinvite_error_source(refused), "list.ics");
  CHECK(calinvite_error_line(refused) > 3);
  calinvite_free(calendar);
}

static void refuses_what_is_no_calendar(void) {
  const calinvite_calendar* calendar = (void*)&failures; /* stale */
  calinvite_error* error = NULL;
  CHECK(calinvite_parse_calendar("hello", 5, NULL, &calendar, &error) == CALINVITE_INVALID_INPUT);
  CHECK(calendar == NULL);
  CHECK(strlen(calinvite_error_message(error)) > 0);
  calinvite_error_free(error);
  CHECK(calinvite_parse_calendar(NULL, 5, NULL, &calendar, &error) == CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_field(error), "bytes");
  calinvite_error_free(error);
  CHECK(calinvite_parse_calendar(NULL, 0, NULL, &calendar, NULL) == CALINVITE_INVALID_INPUT);
  calinvite_free(NULL);
}

int main(void) {
  reads_events();
  says_which_event_it_refused();
  refuses_what_is_no_calendar();
  return failures;
}

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

static void reads_what_is_not_sent_on(void) {
  static const char series[] =
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\n"
      "BEGIN:VEVENT\r\nUID:fixture-17@league.example\r\nDTSTAMP:20270301T120000Z\r\n"
      "ORGANIZER:mailto:fixtures@league.example\r\nSUMMARY:Rovers v United\r\n"
      "DTSTART;TZID=Europe/Berlin:20270328T153000\r\nDTEND;TZID=Europe/Berlin:20270328T171500\r\n"
      "RDATE;TZID=Europe/Berlin:20270330T180000\r\n"
      "RDATE;VALUE=PERIOD:20270401T160000Z/PT1H\r\n"
      "ATTENDEE;DELEGATED-TO=\"mailto:ben@example.org\",\"mailto:cem@example.net\":"
      "mailto:ana@example.net\r\n"
      "ATTENDEE;DELEGATED-FROM=\"mailto:ana@example.net\":mailto:ben@example.org\r\n"
      "CONFERENCE;VALUE=URI;FEATURE=VIDEO,AUDIO;LABEL=Join:https://meet.example/17\r\n"
      "CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+49-30-1234567\r\n"
      "IMAGE;VALUE=URI:https://league.example/17.png\r\nCOLOR:turquoise\r\nEND:VEVENT\r\n"
      "BEGIN:VEVENT\r\nUID:fixture-17@league.example\r\nDTSTAMP:20270301T120000Z\r\n"
      "RECURRENCE-ID:20270330T160000Z\r\nSUMMARY:Rovers v United\r\n"
      "DTSTART;TZID=Europe/Berlin:20270330T190000\r\nDTEND;TZID=Europe/Berlin:20270330T200000\r\n"
      "END:VEVENT\r\nEND:VCALENDAR\r\n";
  const calinvite_calendar* calendar = NULL;
  CHECK(calinvite_parse_calendar(series, sizeof series - 1, NULL, &calendar, NULL) == CALINVITE_OK);
  CHECK(calendar->event_count == 2);
  const calinvite_parsed_event* event = calendar->events[0];
  CHECK(event->rdate_count == 2);
  CHECK_TEXT(event->rdates[0]->start, "2027-03-30T18:00:00");
  CHECK_TEXT(event->rdates[0]->end, "");
  CHECK_TEXT(event->rdates[1]->start, "2027-04-01T18:00:00");
  CHECK_TEXT(event->rdates[1]->end, "2027-04-01T19:00:00");
  CHECK(event->recurrence_instant == 0);
  CHECK(event->attendee_count == 2);
  CHECK(event->attendees[0]->delegated_to_count == 2);
  CHECK_TEXT(event->attendees[0]->delegated_to[1], "cem@example.net");
  CHECK(event->attendees[0]->delegated_from_count == 0);
  CHECK(event->attendees[1]->delegated_from_count == 1);
  CHECK_TEXT(event->attendees[1]->delegated_from[0], "ana@example.net");
  CHECK(event->conference_count == 2);
  CHECK_TEXT(event->conferences[0]->uri, "https://meet.example/17");
  CHECK_TEXT(event->conferences[0]->label, "Join");
  CHECK(event->conferences[0]->feature_count == 2);
  CHECK_TEXT(event->conferences[0]->features[1], "AUDIO");
  CHECK_TEXT(event->conferences[1]->uri, "tel:+49-30-1234567");
  CHECK(event->image_count == 1);
  CHECK_TEXT(event->images[0], "https://league.example/17.png");
  CHECK_TEXT(event->color, "turquoise");
  CHECK(calendar->events[1]->recurrence_instant == 1806422400); /* 2027-03-30T16:00:00Z */
  CHECK(calendar->events[1]->rdate_count == 0);
  CHECK_TEXT(calendar->events[1]->color, "");
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
  reads_what_is_not_sent_on();
  says_which_event_it_refused();
  refuses_what_is_no_calendar();
  return failures;
}

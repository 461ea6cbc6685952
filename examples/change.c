/* Moves an event, then cancels it: what it costs, and what those get who hold an invitation to it.
   Whoever declined is left alone. */
#include "league.h"

/* What fan1, fan2 and fan3 got last, as their calendar sees it. */
static char got[3][200];

/* A transport of your own gets the finished message. */
static const char* keep(const calinvite_outgoing_message* message, calinvite_send_outcome* outcome,
                        void* user_data) {
  (void)user_data;
  calinvite_error* error;
  const calinvite_mail* mail;
  const calinvite_calendar* calendar;
  check(calinvite_parse_mail(message->bytes, message->size, &mail, &error), &error);
  check(calinvite_parse_calendar(mail->calendars[0]->content, mail->calendars[0]->content_size, "",
                                 &calendar, &error),
        &error);
  snprintf(got[message->to[3] - '1'], sizeof got[0], "%s %s %d, \"%s\"", message->to,
           calendar->method, calendar->events[0]->event->sequence, mail->subject);
  calinvite_free(calendar);
  calinvite_free(mail);
  outcome->message_id = "1@mta.league.example"; /* under which it goes on */
  return "accepted";
}

static void send(calinvite_engine* engine, const char* when) {
  calinvite_error* error;
  memset(got, 0, sizeof got);
  check(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, &error), &error);
  printf("%s:\n", when);
  for (int i = 0; i < 3; ++i) {
    if (got[i][0] != '\0') printf("  %s\n", got[i]);
  }
}

int main(void) {
  calinvite_error* error;
  calinvite_transport* transport;
  check(calinvite_make_callback_transport(keep, NULL, &transport, &error), &error);
  calinvite_engine* engine = open_league("change.db", transport);
  const calinvite_event* match = invite_fans(engine);
  send(engine, "invited");
  const calinvite_text* token;
  check(calinvite_rsvp_token(engine, league(), match->uid, "fan3@example.com", &token, &error),
        &error);
  check(calinvite_rsvp(engine, token->bytes, "declined", NULL, -1, NULL, &error), &error);
  calinvite_free(token);

  calinvite_event later = *match; /* borrows the texts of the match */
  later.struct_size = sizeof later;
  later.start = "2037-05-09T15:00";
  later.end = "2037-05-09T17:00";
  const calinvite_plan* cost;
  check(calinvite_preview_update(engine, league(), &later, 0, &cost, &error), &error);
  printf("moving it would update %u, and skip %u who %s\n", (unsigned)cost->update,
         (unsigned)cost->skip_reasons[0].count, cost->skip_reasons[0].word);
  calinvite_free(cost);
  check(calinvite_update_event(engine, league(), &later, 0, NULL, &error), &error);
  send(engine, "moved");
  /* `later` is as it was before: who has not seen the newest can't change it. */
  const calinvite_status status = calinvite_update_event(engine, league(), &later, 0, NULL, NULL);
  printf("%s\n", calinvite_status_name(status));

  check(calinvite_cancel_event(engine, league(), match->uid, 0, NULL, &error), &error);
  send(engine, "cancelled");
  calinvite_free(match);
  calinvite_close(engine);
  return 0;
}

/* Reports an event: its figures, its receipts day by day, and what organizers get as CSV. */
#include <time.h>

#include "league.h"

static int64_t now = 2119521600; /* 2037-03-01T12:00:00Z; in earnest the system's */

static int64_t clock_of(void* user_data) {
  (void)user_data;
  return now;
}

/* A transport of your own; this one knows no Ben. */
static const char* send(const calinvite_outgoing_message* message, calinvite_send_outcome* outcome,
                        void* user_data) {
  (void)user_data;
  outcome->message_id = "1@mta.league.example";
  return strcmp(message->to, "ben@example.net") != 0 ? "accepted" : "refused";
}

static void answer(calinvite_engine* engine, const char* event, const char* address,
                   const char* partstat) {
  calinvite_error* error;
  const calinvite_text* token;
  check(calinvite_rsvp_token(engine, league(), event, address, &token, &error), &error);
  check(calinvite_rsvp(engine, token->bytes, partstat, NULL, -1, NULL, &error), &error);
  calinvite_free(token);
}

static void print(const char* title, const calinvite_count* counts, size_t count) {
  printf("%s:", title);
  for (size_t i = 0; i < count; ++i) printf(" %u %s", (unsigned)counts[i].count, counts[i].word);
  printf("\n");
}

/* Of its columns these are the first four. */
static int print_piece(const char* piece, size_t size, void* user_data) {
  int* column = user_data;
  for (size_t i = 0; i < size; ++i) {
    if (piece[i] == ',') ++*column;
    if (piece[i] == '\n') *column = 0;
    if (*column < 4) putchar(piece[i]);
  }
  return 0;
}

int main(void) {
  calinvite_error* error;
  calinvite_transport* transport;
  check(calinvite_make_callback_transport(send, NULL, &transport, &error), &error);
  calinvite_engine* engine = open_league_by(clock_of, "report.db", transport);
  const calinvite_event* match = invite_fans(engine);
  calinvite_invite_request buyers[] = {CALINVITE_INVITE_REQUEST_INIT,
                                       CALINVITE_INVITE_REQUEST_INIT};
  buyers[0].address = "ana@example.net";
  buyers[1].address = "ben@example.net";
  check(calinvite_invite(engine, league(), match->uid, buyers, 2, "shop", NULL, &error), &error);
  check(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, &error), &error);
  now += 24 * 60 * 60;
  answer(engine, match->uid, "fan1@example.com", "accepted");
  answer(engine, match->uid, "ana@example.net", "accepted");
  now += 24 * 60 * 60;
  answer(engine, match->uid, "fan2@example.com", "declined");

  /* Of an event; with NULL instead, of all that the scope covers. */
  const calinvite_statistics_counts* figures;
  check(calinvite_statistics(engine, league(), match->uid, &figures, &error), &error);
  printf("%u attendees\n", (unsigned)figures->attendees);
  print("origin", figures->origin, figures->origin_count);
  print("rsvp", figures->rsvp, figures->rsvp_count);
  print("delivery", figures->delivery, figures->delivery_count);
  calinvite_free(figures);

  /* Long lists come in parts: as long as `next` is not empty there is more. */
  const calinvite_receipt_bucket_list* days = NULL;
  do {
    calinvite_page page = CALINVITE_PAGE_INIT;
    if (days != NULL) page.after = days->next;
    const calinvite_receipt_bucket_list* part;
    check(calinvite_list_receipt_buckets(engine, league(), match->uid, "day", &page, &part, &error),
          &error);
    for (size_t i = 0; i < part->count; ++i) {
      const time_t start = (time_t)part->items[i]->start;
      char day[20];
      strftime(day, sizeof day, "%Y-%m-%d", gmtime(&start));
      print(day, part->items[i]->counts, part->items[i]->count_count);
    }
    calinvite_free(days);
    days = part;
  } while (days->next[0] != '\0');
  calinvite_free(days);

  int column = 0;
  check(calinvite_report(engine, league(), match->uid, CALINVITE_REPORT_CSV, print_piece, &column,
                         &error),
        &error);
  calinvite_free(match);
  calinvite_close(engine);
  return 0;
}

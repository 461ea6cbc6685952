/* Takes in answers, by mail and by link, and tells what they came to. */
#include "league.h"

/* What the calendar program of somebody who declines mails to the address that their invitation
   came from. That address is theirs alone: it says whose answer this is. */
static const char reply_mail[] =
    "From: %s\r\nTo: %s\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nMETHOD:REPLY\r\n"
    "BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20370301T120000Z\r\nSEQUENCE:0\r\n"
    "ORGANIZER:mailto:%s\r\nATTENDEE;PARTSTAT=DECLINED:mailto:%s\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";

static void tell(const calinvite_ingest_item* item, void* user_data) {
  (void)user_data;
  printf("mail: %s %s\n", item->outcome, item->reason);
}

int main(void) {
  calinvite_error* error;
  calinvite_transport* spool;
  check(calinvite_open_spool_transport("mails", &spool, &error), &error);
  calinvite_engine* engine = open_league("answers.db", spool);
  const calinvite_event* match = invite_fans(engine);
  check(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, &error), &error);

  /* By mail: what comes in for the reply domain goes to ingest, whatever it is. */
  const calinvite_text* link;
  const calinvite_event_page* page;
  check(calinvite_rsvp_token(engine, league(), match->uid, "fan1@example.com", &link, &error),
        &error);
  check(calinvite_find_rsvp(engine, link->bytes, &page, &error), &error);
  char mail[2000];
  snprintf(mail, sizeof mail, reply_mail, page->attendee->address, page->organizer_address,
           page->attendee->uid, page->organizer_address, page->attendee->address);
  calinvite_free(page);
  calinvite_free(link);
  calinvite_ingest_input input = CALINVITE_INGEST_INPUT_INIT;
  input.bytes = mail;
  input.size = strlen(mail);
  for (int i = 0; i < 2; ++i) check(calinvite_ingest(engine, &input, tell, NULL, &error), &error);

  /* By link: whoever serves the page behind it records what a person pressed (link_pages.c). */
  check(calinvite_rsvp_token(engine, league(), match->uid, "fan2@example.com", &link, &error),
        &error);
  check(calinvite_rsvp(engine, link->bytes, "accepted", "Two of us!", -1, NULL, &error), &error);
  calinvite_free(link);
  printf("forged link: %s\n", calinvite_status_name(calinvite_rsvp(engine, "AQEforged", "accepted",
                                                                   NULL, -1, NULL, NULL)));

  const calinvite_attendee_list* fans;
  check(calinvite_list_attendees(engine, league(), match->uid, NULL, NULL, &fans, &error), &error);
  for (size_t i = 0; i < fans->count; ++i) {
    const calinvite_attendee* fan = fans->items[i];
    printf("%s %s, by %s: %s\n", fan->address, fan->partstat,
           fan->channel[0] != '\0' ? fan->channel : "nothing", fan->comment);
  }
  calinvite_free(fans);
  const calinvite_history_item_list* history;
  check(calinvite_list_history(engine, league(), match->uid, "fan1@example.com", NULL, &history,
                               &error),
        &error);
  for (size_t i = 0; i < history->count; ++i) {
    printf("fan1: %s, %s\n", history->items[i]->receipt->kind, history->items[i]->evidence);
  }
  calinvite_free(history);
  const calinvite_statistics_counts* counts;
  check(calinvite_statistics(engine, league(), match->uid, &counts, &error), &error);
  for (size_t i = 0; i < counts->rsvp_count; ++i) {
    printf("%u %s\n", (unsigned)counts->rsvp[i].count, counts->rsvp[i].word);
  }
  calinvite_free(counts);
  calinvite_free(match);
  calinvite_close(engine);
  return 0;
}

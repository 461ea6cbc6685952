/* Sends nothing more to whoever unsubscribes or is suppressed, and forgets a person for good. */
#include "league.h"

static void list_suppressed(calinvite_engine* engine) {
  calinvite_error* error;
  const calinvite_suppression_list* rows;
  check(calinvite_list_suppressions(engine, league(), NULL, NULL, &rows, &error), &error);
  for (size_t i = 0; i < rows->count; ++i) {
    const calinvite_suppression* row = rows->items[i];
    const int erased = strstr(row->address, "@erased.invalid") != NULL;
    printf("  %s: %s, by %s\n", row->reason, erased ? "somebody, by hash" : row->address,
           row->organizer[0] == '\0' ? "all of the domain" : row->organizer);
  }
  calinvite_free(rows);
}

/* Presses the link in a mail by which its reader unsubscribes. */
static void unsubscribe(calinvite_engine* engine, const calinvite_outgoing_message* message) {
  calinvite_error* error;
  const calinvite_mail* mail;
  check(calinvite_parse_mail(message->bytes, message->size, &mail, &error), &error);
  char token[CALINVITE_LINK_TOKEN_SIZE] = "";
  for (size_t i = 0; i < mail->header_count; ++i) {
    if (strcmp(mail->headers[i].name, "List-Unsubscribe") != 0) continue;
    sscanf(strstr(mail->headers[i].value, "/u/"), "/u/%64[A-Za-z0-9_-]", token);
  }
  check(calinvite_unsubscribe(engine, token, "organizer", &error), &error);
  calinvite_free(mail);
}

int main(void) {
  calinvite_error* error;
  calinvite_transport* spool;
  check(calinvite_open_spool_transport("mails", &spool, &error), &error);
  calinvite_engine* engine = open_league("suppress.db", spool);
  const calinvite_event* match = invite_fans(engine);
  const calinvite_outgoing_message* mail;
  check(calinvite_preview(engine, league(), match->uid, "fan1@example.com", &mail, &error), &error);
  unsubscribe(engine, mail);
  calinvite_free(mail);
  calinvite_suppression row = CALINVITE_SUPPRESSION_INIT;
  row.address = "fan2@example.com";
  row.reason = "asked by phone";
  check(calinvite_add_suppression(engine, league(), &row, NULL, &error), &error);
  printf("suppressed:\n");
  list_suppressed(engine);

  /* Both were invited already; nothing leaves all the same. */
  const calinvite_outbox_totals* totals;
  check(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, &error), &error);
  check(calinvite_totals(engine, league(), &totals, &error), &error);
  printf("%u of %u sent, %u suppressed\n", (unsigned)totals->accepted, (unsigned)totals->planned,
         (unsigned)totals->suppressed);
  calinvite_free(totals);
  calinvite_event next = *match; /* borrows the texts of the match */
  next.struct_size = sizeof next;
  next.source_uid = NULL; /* else it would be the same event of its organizer */
  const calinvite_event* created;
  check(calinvite_create_event(engine, league(), &next, &created, &error), &error);
  calinvite_invite_request fans[] = {CALINVITE_INVITE_REQUEST_INIT, CALINVITE_INVITE_REQUEST_INIT};
  fans[0].address = "fan1@example.com";
  fans[1].address = "fan3@example.com";
  const calinvite_plan* plan;
  check(calinvite_plan_invites(engine, league(), created->uid, fans, 2, "api", &plan, &error),
        &error);
  printf("of the next match: %u to invite, %u %s\n", (unsigned)plan->invite,
         (unsigned)plan->skip_reasons[0].count, plan->skip_reasons[0].word);
  calinvite_free(plan);
  calinvite_free(created);
  calinvite_free(match);

  /* Forgotten: what counts stays and names nobody, and who was erased is not mailed again. */
  const calinvite_erasure* erased;
  check(calinvite_erase(engine, league(), "fan3@example.com", 1, &erased, &error), &error);
  printf("erased: %u attendee, %u receipts\n", (unsigned)erased->attendees,
         (unsigned)erased->receipts);
  calinvite_free(erased);
  list_suppressed(engine);
  calinvite_close(engine);
  return 0;
}

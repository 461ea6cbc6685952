/* Invites two people to an event and writes their invitation mails into the folder "mails". */
#include <calinvite.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char fixtures[] =
    "summary,start,end,timezone\n"
    "Harbour v Hill,2037-05-08T15:00,2037-05-08T17:00,Europe/London\n";

/* A pointer to the error: what is passed as it is may be read before the call. */
static void check(calinvite_status status, calinvite_error** error) {
  if (status == CALINVITE_OK) return;
  fprintf(stderr, "%s\n", calinvite_error_message(*error));
  exit(1);
}
static void take_uid(const calinvite_ingest_item* item, void* uid) {
  snprintf(uid, 64, "%s", item->event);
}
static int print(const char* piece, size_t size, void* file) {
  return fwrite(piece, 1, size, file) != size;
}

int main(void) {
  static const uint8_t master_key[32] = {1, 2, 3};
  remove("quickstart.db");
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = "sqlite:quickstart.db";
  options.master_key = master_key;
  calinvite_engine* engine;
  calinvite_error* error;
  check(calinvite_open_spool_transport("mails", &options.transport, &error), &error);
  check(calinvite_open(&options, &engine, &error), &error);
  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  check(calinvite_add_domain(engine, &domain, NULL, &error), &error);
  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  organizer.bulk = 1;
  check(calinvite_add_organizer(engine, &organizer, NULL, &error), &error);

  calinvite_ingest_input input = CALINVITE_INGEST_INPUT_INIT;
  input.bytes = fixtures;
  input.size = strlen(fixtures);
  input.sender = organizer.address;
  char uid[64] = "";
  check(calinvite_ingest(engine, &input, take_uid, uid, &error), &error);
  calinvite_scope league = CALINVITE_SCOPE_INIT;
  league.domain = "league";
  calinvite_invite_request fans[] = {CALINVITE_INVITE_REQUEST_INIT, CALINVITE_INVITE_REQUEST_INIT};
  fans[0].address = "fan1@example.com";
  fans[0].name = "Fan 1";
  fans[1].address = "fan2@example.net";
  fans[1].language = "de";
  check(calinvite_invite(engine, &league, uid, fans, 2, "api", NULL, &error), &error);

  uint32_t sent;
  check(calinvite_dispatch(engine, NULL, NULL, NULL, &sent, &error), &error);
  printf("%u of 2 accepted\n", sent);
  check(calinvite_report(engine, &league, uid, CALINVITE_REPORT_JSON, print, stdout, &error),
        &error);
  calinvite_close(engine);
  return sent == 2 ? 0 : 1;
}

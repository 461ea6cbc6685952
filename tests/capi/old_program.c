/* A program of the baseline: compiled with capi/abi/baseline.h alone, run with the library of today
   and with one whose options have grown (grown_test.py). Prints what it sent. */
#include "../../capi/abi/baseline.h"

#include <stdio.h>
#include <string.h>

static const uint8_t master_key[32] = {1, 2, 3};
/* What stands behind the struct in the program's memory is none of the library's business. */
static struct {
  calinvite_dispatch_options options;
  uint8_t behind[64];
} dispatch = {CALINVITE_DISPATCH_OPTIONS_INIT, {0}};

static const char* take(const calinvite_outgoing_message* message, calinvite_send_outcome* outcome,
                        void* user_data) {
  (void)user_data;
  outcome->message_id = "1@mta.example";
  printf("%s %u\n", message->to, (unsigned)(message->size > 1000));
  return "accepted";
}

static int failed(calinvite_status status, calinvite_error** error) {
  if (status == CALINVITE_OK) return 0;
  fprintf(stderr, "%s: %s\n", calinvite_status_name(status), calinvite_error_message(*error));
  calinvite_error_free(*error);
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  calinvite_error* error = NULL;
  calinvite_engine* engine = NULL;
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = argv[1];
  options.master_key = master_key;
  if (failed(calinvite_make_callback_transport(take, NULL, &options.transport, &error), &error) ||
      failed(calinvite_open(&options, &engine, &error), &error)) {
    return 1;
  }

  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = organizer.address;
  event.summary = "Rovers v United";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  calinvite_scope league = CALINVITE_SCOPE_INIT;
  league.domain = "league";
  const calinvite_event* created = NULL;
  if (failed(calinvite_add_domain(engine, &domain, NULL, &error), &error) ||
      failed(calinvite_add_organizer(engine, &organizer, NULL, &error), &error) ||
      failed(calinvite_create_event(engine, &league, &event, &created, &error), &error)) {
    return 1;
  }
  calinvite_invite_request fans[2] = {CALINVITE_INVITE_REQUEST_INIT, CALINVITE_INVITE_REQUEST_INIT};
  fans[0].address = "fan1@example.com";
  fans[1].address = "fan2@example.net";
  memset(dispatch.behind, 0xff, sizeof dispatch.behind);
  uint32_t sent = 0;
  if (failed(calinvite_invite(engine, &league, created->uid, fans, 2, "api", NULL, &error),
             &error) ||
      failed(calinvite_dispatch(engine, &dispatch.options, NULL, NULL, &sent, &error), &error)) {
    return 1;
  }
  calinvite_free(created);
  calinvite_close(engine);
  printf("sent %u\n", (unsigned)sent);
  return sent == 2 ? 0 : 1;
}

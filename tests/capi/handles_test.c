/* In which order handles may go: what is given needs nothing of what made it, and what copies its
   arguments outlives them. A sanitizer (preset asan) sees what is used after it is freed. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>

#include "calinvite.h"
#include "check.h"
#include "folder.h"
#include "league.h"

static const char* take(const calinvite_outgoing_message* message, calinvite_send_outcome* outcome,
                        void* user_data) {
  (void)message;
  (void)outcome;
  ++*(int*)user_data;
  return "accepted";
}

/* On the heap, so that it can go before what was made of it. */
static char* text_on_heap(const char* text) {
  char* copy = malloc(strlen(text) + 1);
  strcpy(copy, text);
  return copy;
}

static calinvite_engine* open_league(void) {
  char place[600];
  snprintf(place, sizeof place, "sqlite:%s/league.db", folder);
  char* store = text_on_heap(place);
  uint8_t* master_key = calloc(1, 32);
  calinvite_engine_options* options = malloc(sizeof *options);
  *options = (calinvite_engine_options)CALINVITE_ENGINE_OPTIONS_INIT;
  options->store = store;
  options->master_key = master_key;
  calinvite_engine* engine = NULL;
  CHECK(calinvite_open(options, &engine, NULL) == CALINVITE_OK);
  free(options);
  free(master_key);
  free(store);
  return engine;
}

static const calinvite_event* create(calinvite_engine* engine) {
  add_league(engine);
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.summary = "Rovers v United";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  const calinvite_event* created = NULL;
  CHECK(calinvite_create_event(engine, &scope, &event, &created, NULL) == CALINVITE_OK);
  return created;
}

static void dispatches_to_transports_that_come_and_go(calinvite_engine* engine, const char* uid) {
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  int taken = 0;
  for (int i = 0; i < 3; ++i) {
    char address[32];
    snprintf(address, sizeof address, "fan%d@example.com", i);
    calinvite_invite_request fan = CALINVITE_INVITE_REQUEST_INIT;
    fan.address = address;
    CHECK(calinvite_invite(engine, &scope, uid, &fan, 1, "test", NULL, NULL) == CALINVITE_OK);
    calinvite_dispatch_options options = CALINVITE_DISPATCH_OPTIONS_INIT;
    options.max_rate = 1000;
    CHECK(calinvite_make_callback_transport(take, &taken, &options.transport, NULL) ==
          CALINVITE_OK);
    CHECK(calinvite_dispatch(engine, &options, NULL, NULL, NULL, NULL) == CALINVITE_OK);
    calinvite_transport_free(options.transport);
    CHECK(taken == i + 1);
  }
  calinvite_error* error = NULL; /* and the engine has none of its own */
  CHECK(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, &error) == CALINVITE_INVALID_ARGUMENT);
  calinvite_error_free(error);
}

static void keeps_what_the_engine_gave(void) {
  calinvite_engine* engine = open_league();
  const calinvite_event* event = create(engine);
  dispatches_to_transports_that_come_and_go(engine, event->uid);
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  const calinvite_attendee_list* fans = NULL;
  CHECK(calinvite_list_attendees(engine, &scope, event->uid, NULL, NULL, &fans, NULL) ==
        CALINVITE_OK);
  const calinvite_event* none = NULL;
  calinvite_error* error = NULL;
  CHECK(calinvite_get_event(engine, &scope, "no such", &none, &error) == CALINVITE_NOT_FOUND);
  calinvite_close(engine);

  CHECK_TEXT(event->summary, "Rovers v United");
  CHECK(fans->count == 3);
  CHECK_TEXT(fans->items[2]->address, "fan2@example.com");
  CHECK(strlen(calinvite_error_message(error)) > 5);
  calinvite_free(event); /* in the order they came in, which is nobody's */
  calinvite_free(fans);
  calinvite_error_free(error);
}

static void composes_when_all_that_it_was_made_of_is_gone(void) {
  char* summary = text_on_heap("Rovers v United");
  char* base_url = text_on_heap("https://cal.league.example");
  calinvite_event* event = malloc(sizeof *event);
  *event = (calinvite_event)CALINVITE_EVENT_INIT;
  event->organizer = "fixtures@league.example";
  event->summary = summary;
  event->start = "2037-03-28T15:30";
  event->end = "2037-03-28T17:15";
  event->timezone = "Europe/Berlin";
  event->asks_nobody = 1;
  calinvite_revision revision = CALINVITE_REVISION_INIT;
  revision.event = event;
  revision.base_url = base_url;
  calinvite_composer* composer = NULL;
  CHECK(calinvite_composer_new(&revision, &composer, NULL) == CALINVITE_OK);
  free(event);
  free(base_url);
  free(summary);

  calinvite_copy copy = CALINVITE_COPY_INIT;
  copy.uid = "ci-0";
  copy.organizer_address = "cal+abcdefghijklmnop@reply.league.example";
  copy.address = "ana@example.net";
  copy.attempt_id = "1";
  const char* message = NULL;
  size_t size = 0;
  CHECK(calinvite_compose(composer, &copy, &message, &size, NULL) == CALINVITE_OK);
  CHECK(strstr(message, "Rovers v United") != NULL);
  calinvite_composer_free(composer);
}

static void reads_tokens_of_a_ring_that_is_gone(void) {
  const uint8_t secret[32] = {7};
  char text[CALINVITE_LINK_TOKEN_SIZE];
  for (int i = 0; i < 2; ++i) { /* the second ring is another with the same key */
    calinvite_key_ring* ring = NULL;
    CHECK(calinvite_key_ring_new(&ring, NULL) == CALINVITE_OK);
    CHECK(calinvite_key_ring_add(ring, 1, secret, NULL) == CALINVITE_OK);
    calinvite_link_token token = CALINVITE_LINK_TOKEN_INIT;
    token.purpose = CALINVITE_PURPOSE_RSVP;
    token.expires = 2000000000;
    if (i == 0) CHECK(calinvite_mint_link_token(ring, &token, text, NULL) == CALINVITE_OK);
    CHECK(calinvite_verify_link_token(ring, text, CALINVITE_PURPOSE_RSVP, 1, &token, NULL) ==
          CALINVITE_OK);
    calinvite_key_ring_free(ring);
  }
}

static void takes_the_transport_of_an_engine_that_does_not_open(void) {
  int taken = 0;
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = "nothing:here";
  options.master_key = (const uint8_t[32]){0};
  CHECK(calinvite_make_callback_transport(take, &taken, &options.transport, NULL) == CALINVITE_OK);
  calinvite_engine* engine = (calinvite_engine*)folder; /* stale */
  CHECK(calinvite_open(&options, &engine, NULL) == CALINVITE_UNSUPPORTED);
  CHECK(engine == NULL);
  calinvite_close(engine);
}

int main(void) {
  make_folder("handles");
  keeps_what_the_engine_gave();
  composes_when_all_that_it_was_made_of_is_gone();
  reads_tokens_of_a_ring_that_is_gone();
  takes_the_transport_of_an_engine_that_does_not_open();

  remove_folder();
  return failures != 0;
}

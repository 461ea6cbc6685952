/* People from C: the links they are sent, what is known of them, and how it is forgotten. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>

#include "calinvite.h"
#include "check.h"
#include "folder.h"

static const uint8_t master_key[32] = {1, 2, 3};
static int64_t now = 2119521600; /* 2037-03-01T12:00:00Z */

static int64_t tell_time(void* user_data) {
  (void)user_data;
  return now;
}

static calinvite_engine* open_league(void) {
  static char store[600];
  snprintf(store, sizeof store, "sqlite:%s/league.db", folder);
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = store;
  options.master_key = master_key;
  options.clock = tell_time;
  calinvite_engine* engine = NULL;
  CHECK(calinvite_open(&options, &engine, NULL) == CALINVITE_OK);
  return engine;
}

static calinvite_scope league(void) {
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  return scope;
}

static void keeps_what_a_domain_does_with_shared_invitations(calinvite_engine* engine) {
  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  const calinvite_domain* stored = NULL;
  CHECK(calinvite_add_domain(engine, &domain, &stored, NULL) == CALINVITE_OK);
  CHECK_TEXT(stored->shared_attendees, "hold");
  calinvite_free(stored);
  domain.shared_attendees = "accept";
  CHECK(calinvite_update_domain(engine, &domain, &stored, NULL) == CALINVITE_OK);
  CHECK_TEXT(stored->shared_attendees, "accept");
  calinvite_free(stored);
  domain.shared_attendees = "perhaps";
  CHECK(calinvite_update_domain(engine, &domain, NULL, NULL) == CALINVITE_INVALID_ARGUMENT);
}

static const calinvite_event* invite_ana(calinvite_engine* engine) {
  const calinvite_scope scope = league();
  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  CHECK(calinvite_add_organizer(engine, &organizer, NULL, NULL) == CALINVITE_OK);
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = organizer.address;
  event.summary = "Rovers v United";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  const calinvite_event* created = NULL;
  CHECK(calinvite_create_event(engine, &scope, &event, &created, NULL) == CALINVITE_OK);
  calinvite_invite_request request = CALINVITE_INVITE_REQUEST_INIT;
  request.address = "ana@example.net";
  CHECK(calinvite_invite(engine, &scope, created->uid, &request, 1, "api", NULL, NULL) ==
        CALINVITE_OK);
  return created;
}

static void tells_from_which_page_a_form_comes(calinvite_engine* engine, const char* token) {
  const calinvite_text* nonce = NULL;
  CHECK(calinvite_issue_nonce(engine, token, CALINVITE_PURPOSE_UNSUBSCRIBE, 3, &nonce, NULL) ==
        CALINVITE_UNAUTHENTICATED);
  CHECK(calinvite_issue_nonce(engine, token, CALINVITE_PURPOSE_RSVP, 3, &nonce, NULL) ==
        CALINVITE_OK);
  now += 40;
  const calinvite_form_check* check = NULL;
  CHECK(calinvite_check_nonce(engine, token, nonce->bytes, &check, NULL) == CALINVITE_OK);
  CHECK(check->age_seconds == 40);
  CHECK(check->sequence == 3);
  calinvite_free(check);
  CHECK(calinvite_check_nonce(engine, token, token, &check, NULL) == CALINVITE_UNAUTHENTICATED);
  CHECK(check == NULL);
  calinvite_free(nonce);
}

static void notes_visits_and_tells_what_they_prove(calinvite_engine* engine, const char* event,
                                                   const char* token) {
  calinvite_link_visit visit = CALINVITE_LINK_VISIT_INIT;
  visit.link = "declined";
  visit.head = 1;
  CHECK(calinvite_record_visit(engine, token, CALINVITE_PURPOSE_RSVP, &visit, NULL) ==
        CALINVITE_OK);
  now += 300;
  visit.link = "accepted";
  visit.head = 0;
  visit.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  CHECK(calinvite_record_visit(engine, token, CALINVITE_PURPOSE_RSVP, &visit, NULL) ==
        CALINVITE_OK);
  visit.link = "perhaps";
  CHECK(calinvite_record_visit(engine, token, CALINVITE_PURPOSE_RSVP, &visit, NULL) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK(calinvite_record_visit(engine, token, CALINVITE_PURPOSE_UNSUBSCRIBE, &visit, NULL) ==
        CALINVITE_UNAUTHENTICATED);

  const calinvite_scope scope = league();
  const calinvite_history_item_list* items = NULL;
  CHECK(calinvite_list_history(engine, &scope, event, "ana@example.net", NULL, &items, NULL) ==
        CALINVITE_OK);
  CHECK(items->count == 3);
  CHECK_TEXT(items->items[0]->receipt->kind, "queued");
  CHECK_TEXT(items->items[0]->evidence, "verified");
  CHECK_TEXT(items->items[1]->receipt->kind, "clicked");
  CHECK_TEXT(items->items[1]->evidence, "automated");
  CHECK_TEXT(items->items[2]->receipt->kind, "clicked");
  CHECK_TEXT(items->items[2]->evidence, "unverified");
  calinvite_free(items);
  CHECK(calinvite_list_history(engine, &scope, event, "ben@example.org", NULL, &items, NULL) ==
        CALINVITE_NOT_FOUND);
}

static void takes_no_answer_to_a_time_that_has_changed(calinvite_engine* engine,
                                                       const calinvite_event* event,
                                                       const char* token) {
  const calinvite_scope scope = league();
  calinvite_event moved = *event;
  moved.struct_size = sizeof moved;
  moved.start = "2037-03-28T16:30";
  moved.end = "2037-03-28T18:15";
  CHECK(calinvite_update_event(engine, &scope, &moved, 0, NULL, NULL) == CALINVITE_OK);
  CHECK(calinvite_rsvp(engine, token, "accepted", NULL, 0, NULL, NULL) == CALINVITE_CONFLICT);
  CHECK(calinvite_rsvp(engine, token, "accepted", NULL, 1, NULL, NULL) == CALINVITE_OK);
  CHECK(calinvite_rsvp(engine, token, "tentative", NULL, -1, NULL, NULL) == CALINVITE_OK);
}

static void calls_clients_as_people_do(void) {
  const calinvite_text* name = NULL;
  CHECK(calinvite_client_name("-//Google Inc//Google Calendar 70.9054//EN", &name, NULL) ==
        CALINVITE_OK);
  CHECK_TEXT(name->bytes, "Google");
  calinvite_free(name);
  CHECK(calinvite_client_name("-//Nobody//Knows//EN", &name, NULL) == CALINVITE_OK);
  CHECK_TEXT(name->bytes, "-//Nobody//Knows//EN");
  calinvite_free(name);
}

static int read_list(const char** bytes_out, size_t* size_out, void* user_data) {
  int* calls = user_data;
  static const char list[] =
      "email,domain,reason\ndora@example.net,league,asked by phone\n"
      "emil@example.net,elsewhere,asked by phone\n";
  *bytes_out = list;
  *size_out = (*calls)++ == 0 ? sizeof list - 1 : 0;
  return 0;
}

static void imports_suppressions_of_its_own_domain_alone(calinvite_engine* engine) {
  const calinvite_scope scope = league();
  int calls = 0;
  const calinvite_suppression_import* import = NULL;
  CHECK(calinvite_import_suppressions(engine, &scope, "list.csv", read_list, NULL, &calls, &import,
                                      NULL) == CALINVITE_OK);
  CHECK(import->added == 1);
  CHECK(import->bad == 1);
  calinvite_free(import);
  const calinvite_suppression_list* rows = NULL;
  CHECK(calinvite_list_suppressions(engine, &scope, NULL, NULL, &rows, NULL) == CALINVITE_OK);
  CHECK(rows->count == 1);
  CHECK_TEXT(rows->items[0]->address, "dora@example.net");
  CHECK_TEXT(rows->items[0]->domain, "league");
  calinvite_free(rows);
}

/* Whether the file of the store has these bytes. */
static int store_holds(const char* text) {
  char path[600];
  snprintf(path, sizeof path, "%s/league.db", folder);
  FILE* file = fopen(path, "rb");
  CHECK(file != NULL);
  if (file == NULL) return -1;
  static char bytes[4 << 20];
  const size_t size = fread(bytes, 1, sizeof bytes, file);
  CHECK(feof(file));
  fclose(file);
  const size_t length = strlen(text);
  for (size_t i = 0; i + length <= size; ++i) {
    if (memcmp(bytes + i, text, length) == 0) return 1;
  }
  return 0;
}

static void forgets_people_and_then_rewrites_the_store_once(calinvite_engine* engine,
                                                            const char* event) {
  const calinvite_scope scope = league();
  const calinvite_erasure* erasure = NULL;
  CHECK(calinvite_erase(engine, &scope, "ana@example.net", 0, &erasure, NULL) == CALINVITE_OK);
  CHECK(erasure->attendees == 1);
  CHECK(erasure->receipts > 0);
  CHECK(erasure->suppressed == 1); /* the invitation that waited to be sent */
  calinvite_free(erasure);
  CHECK(calinvite_compact(engine, NULL) == CALINVITE_OK);
  const calinvite_history_item_list* items = NULL;
  CHECK(calinvite_list_history(engine, &scope, event, "ana@example.net", NULL, &items, NULL) ==
        CALINVITE_NOT_FOUND);
  CHECK(store_holds("ana@example.net") == 0);
  CHECK(store_holds("dora@example.net") == 1);
  CHECK(calinvite_erase(engine, &scope, "dora@example.net", 1, NULL, NULL) == CALINVITE_OK);
  CHECK(store_holds("dora@example.net") == 0);
}

static void ends_links_with_the_key_that_signed_them(calinvite_engine* engine, const char* token) {
  const calinvite_scope scope = league();
  const calinvite_signing_key_list* keys = NULL;
  CHECK(calinvite_list_keys(engine, &scope, &keys, NULL) == CALINVITE_OK);
  CHECK(keys->count == 1);
  CHECK(keys->items[0]->signs == 1);
  const uint32_t first = keys->items[0]->id;
  calinvite_free(keys);
  CHECK(calinvite_withdraw_key(engine, &scope, first, NULL) == CALINVITE_CONFLICT);
  CHECK(calinvite_withdraw_key(engine, &scope, 65536 + first, NULL) == CALINVITE_INVALID_ARGUMENT);

  const calinvite_signing_key* key = NULL;
  CHECK(calinvite_rotate_key(engine, &scope, &key, NULL) == CALINVITE_OK);
  CHECK(key->id != first);
  CHECK(key->signs == 1);
  CHECK(key->created == now);
  calinvite_free(key);
  CHECK(calinvite_list_keys(engine, &scope, &keys, NULL) == CALINVITE_OK);
  CHECK(keys->count == 2);
  CHECK(keys->items[0]->signs == 0);
  calinvite_free(keys);

  const calinvite_event_page* page = NULL;
  CHECK(calinvite_find_rsvp(engine, token, &page, NULL) == CALINVITE_OK);
  calinvite_free(page);
  CHECK(calinvite_withdraw_key(engine, &scope, first, NULL) == CALINVITE_OK);
  CHECK(calinvite_find_rsvp(engine, token, &page, NULL) == CALINVITE_UNAUTHENTICATED);
}

int main(void) {
  make_folder("people");
  calinvite_engine* engine = open_league();
  if (engine == NULL) return 1;
  keeps_what_a_domain_does_with_shared_invitations(engine);
  const calinvite_event* event = invite_ana(engine);
  const calinvite_scope scope = league();
  const calinvite_text* token = NULL;
  CHECK(calinvite_rsvp_token(engine, &scope, event->uid, "ana@example.net", &token, NULL) ==
        CALINVITE_OK);
  tells_from_which_page_a_form_comes(engine, token->bytes);
  notes_visits_and_tells_what_they_prove(engine, event->uid, token->bytes);
  takes_no_answer_to_a_time_that_has_changed(engine, event, token->bytes);
  ends_links_with_the_key_that_signed_them(engine, token->bytes);
  calls_clients_as_people_do();
  imports_suppressions_of_its_own_domain_alone(engine);
  forgets_people_and_then_rewrites_the_store_once(engine, event->uid);
  calinvite_free(token);
  calinvite_free(event);
  calinvite_close(engine);

  remove_folder();
  return failures != 0;
}

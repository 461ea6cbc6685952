/* The engine from C: what its calls give, and what callbacks of the host do to it. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>

#include "calinvite.h"
#include "check.h"
#include "folder.h"

static const uint8_t master_key[32] = {1, 2, 3};
static int64_t now = 2119521600; /* 2037-03-01T12:00:00Z */
static char log_text[8192];      /* what the engine logged */
static const char* verdict = "accepted";

static int64_t tell_time(void* user_data) {
  (void)user_data;
  return now;
}

static void take_log(const char* level, const char* component, const char* message,
                     void* user_data) {
  (void)user_data;
  const size_t used = strlen(log_text);
  snprintf(log_text + used, sizeof log_text - used, "%s %s %s\n", level, component, message);
}

static const char* take(const calinvite_outgoing_message* message, calinvite_send_outcome* outcome,
                        void* user_data) {
  (void)user_data;
  CHECK(message->size == strlen(message->bytes));
  CHECK(strstr(message->bytes, "BEGIN:VCALENDAR") != NULL || message->size > 1000);
  outcome->message_id = "1@mta.example";
  outcome->detail = "250 queued";
  return verdict;
}

static void vouch(const calinvite_ingest_input* input, calinvite_answer* sender, void* user_data) {
  (void)user_data;
  CHECK(input->size > 0);
  if (strcmp(input->source, "vouched.eml") == 0) {
    calinvite_answer_add(sender, "Fixtures@league.example");
  }
}

static calinvite_engine* open_league(void) {
  static char store[600];
  snprintf(store, sizeof store, "sqlite:%s/league.db", folder);
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = store;
  options.master_key = master_key;
  options.clock = tell_time;
  options.log = take_log;
  options.verifier = vouch;
  CHECK(calinvite_make_callback_transport(take, NULL, &options.transport, NULL) == CALINVITE_OK);
  calinvite_engine* engine = NULL;
  CHECK(calinvite_open(&options, &engine, NULL) == CALINVITE_OK);
  return engine;
}

static calinvite_scope league(void) {
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  return scope;
}

static void keeps_settings_that_an_older_program_does_not_know(calinvite_engine* engine) {
  static const char* const landings[] = {"https://league.example/thanks"};
  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  domain.landings = landings;
  domain.landing_count = 1;
  domain.event_limit = 7;
  const calinvite_domain* stored = NULL;
  CHECK(calinvite_add_domain(engine, &domain, &stored, NULL) == CALINVITE_OK);
  CHECK_TEXT(stored->registration, "confirm");
  CHECK_TEXT(stored->separator, "+");
  CHECK(stored->description_limit == 4000);
  CHECK(stored->invite_limit == 2500);
  calinvite_free(stored);

  calinvite_domain older = domain;
  older.struct_size = offsetof(calinvite_domain, registration);
  older.super_user = "boss@league.example";
  CHECK(calinvite_update_domain(engine, &older, &stored, NULL) == CALINVITE_OK);
  CHECK_TEXT(stored->super_user, "boss@league.example");
  CHECK(stored->landing_count == 1);
  CHECK_TEXT(stored->landings[0], landings[0]);
  CHECK(stored->event_limit == 7);
  calinvite_free(stored);
  older.name = "nobody";
  CHECK(calinvite_update_domain(engine, &older, &stored, NULL) == CALINVITE_NOT_FOUND);
  CHECK(stored == NULL);

  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  organizer.approval = 1;
  const calinvite_organizer* registered = NULL;
  CHECK(calinvite_add_organizer(engine, &organizer, &registered, NULL) == CALINVITE_OK);
  CHECK_TEXT(registered->state, "registered");
  CHECK_TEXT(registered->domain, "league");
  calinvite_free(registered);
  const calinvite_scope scope = league();
  organizer.struct_size = offsetof(calinvite_organizer, state);
  organizer.domain = "league";
  organizer.name = "Fixtures";
  CHECK(calinvite_update_organizer(engine, &scope, &organizer, &registered, NULL) == CALINVITE_OK);
  CHECK_TEXT(registered->name, "Fixtures");
  CHECK(registered->approval == 1);
  calinvite_free(registered);
}

static const calinvite_event* create(calinvite_engine* engine, const char* summary) {
  const calinvite_scope scope = league();
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.summary = summary;
  event.description = "Bring a scarf";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  event.has_reminder = 1;
  event.reminder_minutes = 30;
  const calinvite_event* created = NULL;
  CHECK(calinvite_create_event(engine, &scope, &event, &created, NULL) == CALINVITE_OK);
  CHECK(strlen(created->uid) > 10);
  CHECK(created->created == now);
  return created;
}

static void updates_what_is_shown_and_nothing_else(calinvite_engine* engine) {
  const calinvite_scope scope = league();
  const calinvite_event* created = create(engine, "Rovers v United");
  calinvite_event changed = *created;
  changed.struct_size = offsetof(calinvite_event, asks_nobody); /* an older program's */
  changed.location = "Ground 4";
  const calinvite_plan* plan = NULL;
  CHECK(calinvite_preview_update(engine, &scope, &changed, 0, &plan, NULL) == CALINVITE_OK);
  CHECK(plan->update == 0);
  calinvite_free(plan);
  CHECK(calinvite_update_event(engine, &scope, &changed, 0, NULL, NULL) == CALINVITE_OK);
  const calinvite_event* stored = NULL;
  CHECK(calinvite_get_event(engine, &scope, created->uid, &stored, NULL) == CALINVITE_OK);
  CHECK_TEXT(stored->location, "Ground 4");
  CHECK_TEXT(stored->description, "Bring a scarf");
  CHECK(stored->reminder_minutes == 30);
  CHECK(stored->sequence == 1);
  calinvite_free(stored);
  /* What was read before is too old by now. */
  changed = *created;
  changed.struct_size = sizeof changed;
  changed.location = "Ground 5";
  CHECK(calinvite_update_event(engine, &scope, &changed, 0, NULL, NULL) == CALINVITE_CONFLICT);
  calinvite_free(created);
}

static void lists_part_by_part(calinvite_engine* engine) {
  const calinvite_scope scope = league();
  calinvite_free(create(engine, "Second"));
  calinvite_free(create(engine, "Third"));
  size_t seen = 0;
  int parts = 0;
  char after[256] = "";
  do {
    calinvite_page page = CALINVITE_PAGE_INIT;
    page.limit = 2;
    page.after = after;
    const calinvite_event_summary_list* events = NULL;
    CHECK(calinvite_list_events(engine, &scope, NULL, &page, &events, NULL) == CALINVITE_OK);
    CHECK(events->count <= 2);
    for (size_t i = 0; i < events->count; ++i) {
      CHECK_TEXT(events->items[i]->event->organizer, "fixtures@league.example");
    }
    seen += events->count;
    snprintf(after, sizeof after, "%s", events->next);
    calinvite_free(events);
    ++parts;
  } while (after[0] != '\0');
  CHECK(seen == 3);
  CHECK(parts == 2);
  calinvite_event_filter filter = CALINVITE_EVENT_FILTER_INIT;
  filter.search = "third";
  const calinvite_event_summary_list* found = NULL;
  CHECK(calinvite_list_events(engine, &scope, &filter, NULL, &found, NULL) == CALINVITE_OK);
  CHECK(found->count == 1);
  calinvite_free(found);
  calinvite_error* error = NULL;
  filter.sort = "colour";
  CHECK(calinvite_list_events(engine, &scope, &filter, NULL, &found, &error) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_field(error), "filter.sort");
  calinvite_error_free(error);
  CHECK(strstr(log_text, "error calinvite_list_events") != NULL);
}

static void keeps_a_limit_that_an_update_does_not_tell(calinvite_engine* engine) {
  const calinvite_scope scope = league();
  const calinvite_event* created = NULL;
  const calinvite_event* stored = NULL;
  calinvite_event small = CALINVITE_EVENT_INIT;
  small.organizer = "fixtures@league.example";
  small.summary = "Cup";
  small.start = "2037-04-28T15:30";
  small.end = "2037-04-28T17:15";
  small.timezone = "Europe/Berlin";
  small.invite_limit = 7;
  CHECK(calinvite_create_event(engine, &scope, &small, &created, NULL) == CALINVITE_OK);
  small.uid = created->uid;
  small.invite_limit = 0; /* no word of it: it stays */
  small.location = "Ground 4";
  CHECK(calinvite_update_event(engine, &scope, &small, 0, NULL, NULL) == CALINVITE_OK);
  CHECK(calinvite_get_event(engine, &scope, created->uid, &stored, NULL) == CALINVITE_OK);
  CHECK(stored->invite_limit == 7);
  calinvite_free(stored);
  calinvite_free(created);
}

static void invite(calinvite_engine* engine, const char* event, const char* address) {
  const calinvite_scope scope = league();
  calinvite_invite_request request = CALINVITE_INVITE_REQUEST_INIT;
  request.address = address;
  request.consent_source = "spring form";
  request.consent_time = now;
  CHECK(calinvite_invite(engine, &scope, event, &request, 1, "api", NULL, NULL) == CALINVITE_OK);
}

static void sends_step_by_step(calinvite_engine* engine, const char* event) {
  invite(engine, event, "ana@example.net");
  invite(engine, event, "ben@example.org");
  calinvite_dispatch_options options = CALINVITE_DISPATCH_OPTIONS_INIT;
  options.max_messages = 1;
  const calinvite_dispatch_result* result = NULL;
  CHECK(calinvite_dispatch_step(engine, &options, NULL, NULL, &result, NULL) == CALINVITE_OK);
  CHECK(result->accepted == 1);
  CHECK(result->more == 1);
  CHECK(result->next == 0);
  CHECK(result->totals->pending == 1);
  calinvite_free(result);
  verdict = "unavailable";
  CHECK(calinvite_dispatch_step(engine, &options, NULL, NULL, &result, NULL) == CALINVITE_OK);
  CHECK(result->accepted == 0);
  CHECK(result->more == 1);
  calinvite_free(result);
  CHECK(calinvite_dispatch_step(engine, &options, NULL, NULL, &result, NULL) == CALINVITE_OK);
  CHECK(result->more == 1);
  CHECK(result->next > now); /* waits for its next try instead of trying at once */
  calinvite_free(result);
  verdict = "accepted";
  now += 3600;
  CHECK(calinvite_dispatch_step(engine, &options, NULL, NULL, &result, NULL) == CALINVITE_OK);
  CHECK(result->accepted == 1);
  calinvite_free(result);
  CHECK(calinvite_dispatch_step(engine, &options, NULL, NULL, &result, NULL) == CALINVITE_OK);
  CHECK(result->more == 0);
  calinvite_free(result);
}

static void stops_when_told(calinvite_engine* engine, const char* event) {
  invite(engine, event, "cem@example.net");
  calinvite_stop* stop = NULL;
  CHECK(calinvite_stop_new(&stop, NULL) == CALINVITE_OK);
  CHECK(calinvite_stop_requested(stop) == 0);
  calinvite_dispatch_options options = CALINVITE_DISPATCH_OPTIONS_INIT;
  options.deadline = now - 1;
  CHECK(calinvite_dispatch(engine, &options, NULL, NULL, NULL, NULL) == CALINVITE_STOPPED);
  options.deadline = 0;
  options.stop = stop;
  calinvite_stop_request(stop);
  CHECK(calinvite_stop_requested(stop) == 1);
  CHECK(calinvite_dispatch(engine, &options, NULL, NULL, NULL, NULL) == CALINVITE_STOPPED);
  calinvite_stop_free(stop);
  CHECK(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, NULL) == CALINVITE_OK);
}

static void answers_by_links(calinvite_engine* engine, const char* event) {
  const calinvite_scope scope = league();
  const calinvite_text* token = NULL;
  CHECK(calinvite_rsvp_token(engine, &scope, event, "ana@example.net", &token, NULL) ==
        CALINVITE_OK);
  const calinvite_event_page* page = NULL;
  CHECK(calinvite_find_rsvp(engine, token->bytes, &page, NULL) == CALINVITE_OK);
  CHECK_TEXT(page->state, "open");
  CHECK_TEXT(page->attendee->address, "ana@example.net");
  const calinvite_text* file = NULL;
  CHECK(calinvite_calendar_file(engine, page, &file, NULL) == CALINVITE_OK);
  CHECK(strstr(file->bytes, "METHOD:PUBLISH") != NULL);
  CHECK(strstr(file->bytes, page->attendee->uid) != NULL);
  calinvite_free(file);
  calinvite_free(page);

  char path[128];
  snprintf(path, sizeof path, "/r/%s", token->bytes);
  const calinvite_header language = {"Accept-Language", "de"};
  calinvite_web_request request = CALINVITE_WEB_REQUEST_INIT;
  request.method = "GET";
  request.path = path;
  request.headers = &language;
  request.header_count = 1;
  const calinvite_web_response* response = NULL;
  CHECK(calinvite_respond(engine, &request, NULL, &response, NULL) == CALINVITE_OK);
  CHECK(response->status == 200);
  CHECK(strstr(response->body, "Rovers v United") != NULL);
  calinvite_free(response);

  const calinvite_ingest_item* item = NULL;
  CHECK(calinvite_rsvp(engine, token->bytes, "accepted", "Gladly", -1, &item, NULL) ==
        CALINVITE_OK);
  CHECK_TEXT(item->outcome, "replied");
  calinvite_free(item);
  CHECK(calinvite_rsvp(engine, token->bytes, "perhaps", NULL, -1, &item, NULL) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK(calinvite_rsvp(engine, "forged", "accepted", NULL, -1, &item, NULL) ==
        CALINVITE_UNAUTHENTICATED);
  calinvite_attendee_filter filter = CALINVITE_ATTENDEE_FILTER_INIT;
  filter.status = "accepted";
  const calinvite_attendee_list* attendees = NULL;
  CHECK(calinvite_list_attendees(engine, &scope, event, &filter, NULL, &attendees, NULL) ==
        CALINVITE_OK);
  CHECK(attendees->count == 1);
  CHECK_TEXT(attendees->items[0]->partstat, "ACCEPTED");
  CHECK_TEXT(attendees->items[0]->comment, "Gladly");
  CHECK(attendees->items[0]->has_answer == 1);
  static const uint8_t none[sizeof attendees->items[0]->id];
  CHECK(memcmp(attendees->items[0]->id, none, sizeof none) != 0);
  CHECK(calinvite_find_rsvp(engine, token->bytes, &page, NULL) == CALINVITE_OK);
  CHECK(memcmp(attendees->items[0]->id, page->attendee->id, sizeof none) == 0);
  calinvite_free(page);
  CHECK(attendees->items[0]->holds_copy == 1);
  calinvite_free(attendees);
  calinvite_free(token);
}

static int read_list(const char** bytes_out, size_t* size_out, void* user_data) {
  int* calls = user_data;
  static const char list[] = "email,reason\ndora@example.net,asked by phone\nnobody\n";
  *bytes_out = list;
  *size_out = (*calls)++ == 0 ? sizeof list - 1 : 0;
  return 0;
}
static int take_csv(const char* piece, size_t size, void* user_data) {
  char* text = user_data;
  strncat(text, piece, size);
  return 0;
}

static void suppresses_and_reports(calinvite_engine* engine, const char* event) {
  const calinvite_scope scope = league();
  int calls = 0;
  const calinvite_suppression_import* import = NULL;
  CHECK(calinvite_import_suppressions(engine, &scope, "list.csv", read_list, NULL, &calls, &import,
                                      NULL) == CALINVITE_OK);
  CHECK(import->added == 1);
  CHECK(import->bad == 1);
  calinvite_free(import);
  char csv[2000] = "";
  CHECK(calinvite_export_suppressions(engine, &scope, take_csv, csv, NULL) == CALINVITE_OK);
  CHECK(strstr(csv, "dora@example.net") != NULL);
  calinvite_suppression row = CALINVITE_SUPPRESSION_INIT;
  row.address = "dora@example.net";
  uint32_t added = 7;
  CHECK(calinvite_add_suppression(engine, &scope, &row, &added, NULL) == CALINVITE_OK);
  CHECK(added == 0);
  const calinvite_consent_list* consents = NULL;
  CHECK(calinvite_list_consents(engine, &scope, "ana@example.net", NULL, &consents, NULL) ==
        CALINVITE_OK);
  CHECK(consents->count == 1);
  CHECK_TEXT(consents->items[0]->source, "spring form");
  calinvite_free(consents);

  const calinvite_statistics_counts* counts = NULL;
  CHECK(calinvite_statistics(engine, &scope, event, &counts, NULL) == CALINVITE_OK);
  CHECK(counts->attendees == 3);
  CHECK(counts->origin_count == 1);
  CHECK_TEXT(counts->origin[0].word, "api");
  CHECK(counts->origin[0].count == 3);
  calinvite_free(counts);
  const calinvite_feed* feed = NULL;
  CHECK(calinvite_list_changes(engine, &scope, NULL, 2, &feed, NULL) == CALINVITE_OK);
  CHECK(feed->item_count == 2);
  CHECK(feed->more == 1);
  const calinvite_feed* rest = NULL;
  CHECK(calinvite_list_changes(engine, &scope, feed->next, 0, &rest, NULL) == CALINVITE_OK);
  CHECK(rest->item_count > 2);
  CHECK(rest->more == 0);
  calinvite_free(rest);
  calinvite_free(feed);
  const calinvite_receipt_bucket_list* buckets = NULL;
  CHECK(calinvite_list_receipt_buckets(engine, &scope, event, "day", NULL, &buckets, NULL) ==
        CALINVITE_OK);
  CHECK(buckets->count == 1);
  calinvite_free(buckets);
  const calinvite_search_hit_list* hits = NULL;
  CHECK(calinvite_search(engine, &scope, "ana", NULL, &hits, NULL) == CALINVITE_OK);
  CHECK(hits->count == 1);
  CHECK_TEXT(hits->items[0]->address, "ana@example.net");
  calinvite_free(hits);
}

static void lets_keys_act_in_their_scope(calinvite_engine* engine) {
  const calinvite_scope scope = league();
  calinvite_scope own = scope;
  own.organizer = "fixtures@league.example";
  const calinvite_api_key* key = NULL;
  CHECK(calinvite_add_api_key(engine, &scope, "script", &own, &key, NULL) == CALINVITE_OK);
  const calinvite_scope* opened = NULL;
  CHECK(calinvite_authenticate_key(engine, key->key, &opened, NULL) == CALINVITE_OK);
  CHECK_TEXT(opened->domain, "league");
  CHECK_TEXT(opened->organizer, "fixtures@league.example");
  const calinvite_event_summary_list* events = NULL;
  CHECK(calinvite_list_events(engine, opened, NULL, NULL, &events, NULL) == CALINVITE_OK);
  CHECK(events->count > 0);
  calinvite_free(events);
  calinvite_free(opened);
  CHECK(calinvite_revoke_api_key(engine, &scope, key->id, NULL) == CALINVITE_OK);
  CHECK(calinvite_authenticate_key(engine, key->key, &opened, NULL) == CALINVITE_UNAUTHENTICATED);
  calinvite_free(key);
}

static void take_outcome(const calinvite_ingest_item* item, void* user_data) {
  snprintf(user_data, 32, "%s", item->outcome);
}

static void believes_the_hosts_verifier(calinvite_engine* engine) {
  static const char invitation[] =
      "From: fixtures@league.example\r\nTo: create@reply.league.example\r\nSubject: Final\r\n"
      "Message-ID: <1@league.example>\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
      "UID:fixture-17@league.example\r\nDTSTAMP:20370301T120000Z\r\n"
      "ORGANIZER:mailto:fixtures@league.example\r\nSUMMARY:Final\r\n"
      "DTSTART;TZID=Europe/Berlin:20370628T153000\r\nDTEND;TZID=Europe/Berlin:20370628T171500\r\n"
      "END:VEVENT\r\nEND:VCALENDAR\r\n";
  calinvite_ingest_input input = CALINVITE_INGEST_INPUT_INIT;
  input.bytes = invitation;
  input.size = sizeof invitation - 1;
  char outcome[32] = "";
  input.source = "stranger.eml";
  CHECK(calinvite_ingest(engine, &input, take_outcome, outcome, NULL) == CALINVITE_OK);
  CHECK_TEXT(outcome, "quarantined");
  CHECK(strstr(log_text, "warning calinvite_ingest stranger.eml") != NULL);
  const calinvite_scope scope = league();
  const calinvite_quarantined_list* items = NULL;
  CHECK(calinvite_list_quarantine(engine, &scope, NULL, &items, NULL) == CALINVITE_OK);
  CHECK(items->count == 1);
  const calinvite_quarantined* item = NULL;
  CHECK(calinvite_get_quarantined(engine, &scope, items->items[0]->id, &item, NULL) ==
        CALINVITE_OK);
  CHECK(item->raw_size == input.size);
  CHECK(memcmp(item->raw, invitation, input.size) == 0);
  CHECK(calinvite_drop_quarantined(engine, &scope, item->id, NULL) == CALINVITE_OK);
  calinvite_free(item);
  calinvite_free(items);
  input.source = "vouched.eml";
  CHECK(calinvite_ingest(engine, &input, take_outcome, outcome, NULL) == CALINVITE_OK);
  CHECK_TEXT(outcome, "created");
}

static calinvite_status resolve(const char* type, const char* name, calinvite_answer* answer,
                                void* user_data) {
  ++*(int*)user_data;
  if (strcmp(type, "MX") == 0) return calinvite_answer_add(answer, "10 mx.league.example");
  if (strcmp(type, "TXT") == 0 && strncmp(name, "_dmarc.", 7) == 0) {
    return calinvite_answer_add(answer, "v=DMARC1; p=reject; rua=mailto:dmarc@league.example");
  }
  return CALINVITE_OK;
}

static void asks_the_hosts_resolver(calinvite_engine* engine) {
  const calinvite_scope scope = league();
  int asked = 0;
  calinvite_preflight_sources sources = CALINVITE_PREFLIGHT_SOURCES_INIT;
  sources.resolve = resolve;
  sources.user_data = &asked;
  const calinvite_preflight_finding_list* findings = NULL;
  CHECK(calinvite_preflight(engine, &scope, &sources, &findings, NULL) == CALINVITE_OK);
  CHECK(asked > 0);
  int dmarc = 0;
  for (size_t i = 0; i < findings->count; ++i) {
    if (strcmp(findings->items[i]->check, "dmarc") != 0) continue;
    dmarc = 1;
    CHECK_TEXT(findings->items[i]->severity, "ok");
  }
  CHECK(dmarc == 1);
  calinvite_free(findings);
}

int main(void) {
  make_folder("flows");
  calinvite_engine* engine = open_league();
  if (engine == NULL) return 1;
  keeps_settings_that_an_older_program_does_not_know(engine);
  updates_what_is_shown_and_nothing_else(engine);
  lists_part_by_part(engine);
  keeps_a_limit_that_an_update_does_not_tell(engine);
  const calinvite_event* event = create(engine, "Rovers v United, again");
  sends_step_by_step(engine, event->uid);
  stops_when_told(engine, event->uid);
  answers_by_links(engine, event->uid);
  suppresses_and_reports(engine, event->uid);
  lets_keys_act_in_their_scope(engine);
  believes_the_hosts_verifier(engine);
  asks_the_hosts_resolver(engine);
  calinvite_close(engine);
  CHECK(strlen(event->uid) > 10); /* results outlive their engine */
  calinvite_free(event);
  if (failures != 0) fprintf(stderr, "%s", log_text);

  remove_folder();
  return failures != 0;
}

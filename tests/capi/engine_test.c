/* The main job from C: open, ingest, invite, dispatch, report. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "calinvite.h"
#include "check.h"
#include "folder.h"

static const uint8_t master_key[32] = {1, 2, 3};

static const char invitation[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//league.example//fixtures//EN\r\n"
    "METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:fixture-17@league.example\r\n"
    "DTSTAMP:20270301T120000Z\r\nORGANIZER:mailto:fixtures@league.example\r\n"
    "SUMMARY:Rovers v United\r\nDTSTART;TZID=Europe/Berlin:20270328T153000\r\n"
    "DTEND;TZID=Europe/Berlin:20270328T171500\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

static int64_t first_of_march(void* user_data) {
  (void)user_data;
  return 1803902400; /* 2027-03-01T12:00:00Z */
}

static calinvite_engine_options options_for(const char* store) {
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = store;
  options.master_key = master_key;
  options.clock = first_of_march;
  return options;
}

static calinvite_engine* open_league(void) {
  char store[600];
  char transport[600];
  snprintf(store, sizeof store, "sqlite:%s/league.db", folder);
  snprintf(transport, sizeof transport, "%s/mails", folder);
  calinvite_engine_options options = options_for(store);
  CHECK(calinvite_open_spool_transport(transport, &options.transport, NULL) == CALINVITE_OK);
  calinvite_engine* engine = NULL;
  calinvite_error* error = NULL;
  CHECK(calinvite_open(&options, &engine, &error) == CALINVITE_OK);
  if (error != NULL) fprintf(stderr, "%s\n", calinvite_error_message(error));
  return engine;
}

static void add_league(calinvite_engine* engine) {
  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  CHECK(calinvite_add_domain(engine, &domain, NULL, NULL) == CALINVITE_OK);
  CHECK(calinvite_add_domain(engine, &domain, NULL, NULL) == CALINVITE_CONFLICT);
  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  organizer.name = "Fixtures";
  CHECK(calinvite_add_organizer(engine, &organizer, NULL, NULL) == CALINVITE_OK);
}

static calinvite_scope scope_of(const char* organizer) {
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  scope.organizer = organizer;
  return scope;
}

static calinvite_invite_request fan(const char* address) {
  calinvite_invite_request request = CALINVITE_INVITE_REQUEST_INIT;
  request.address = address;
  return request;
}

struct item_seen {
  int count;
  char outcome[32];
  char event[128];
};

static void take_item(const calinvite_ingest_item* item, void* user_data) {
  struct item_seen* seen = user_data;
  ++seen->count;
  CHECK(item->struct_size == sizeof *item);
  CHECK_TEXT(item->source, "fixture.ics");
  snprintf(seen->outcome, sizeof seen->outcome, "%s", item->outcome);
  snprintf(seen->event, sizeof seen->event, "%s", item->event);
}

static struct item_seen ingest(calinvite_engine* engine, const char* sender) {
  struct item_seen seen = {0, "", ""};
  calinvite_ingest_input input = CALINVITE_INGEST_INPUT_INIT;
  input.bytes = invitation;
  input.size = sizeof invitation - 1;
  input.source = "fixture.ics";
  input.sender = sender;
  CHECK(calinvite_ingest(engine, &input, take_item, &seen, NULL) == CALINVITE_OK);
  CHECK(seen.count == 1);
  return seen;
}

struct receipts_seen {
  int count;
  int stop_after;
};

static int take_receipt(const calinvite_receipt* receipt, void* user_data) {
  struct receipts_seen* seen = user_data;
  ++seen->count;
  CHECK(receipt->struct_size == sizeof *receipt);
  CHECK_TEXT(receipt->kind, "accepted");
  CHECK_TEXT(receipt->method, "REQUEST");
  CHECK(strstr(receipt->address, "@example.net") != NULL);
  CHECK(strlen(receipt->attempt_id) > 0);
  CHECK(receipt->time == first_of_march(NULL));
  CHECK(receipt->sequence == 0);
  return seen->count == seen->stop_after;
}

struct text {
  char bytes[8192];
  size_t size;
  int stop;
};

static int take_piece(const char* piece, size_t size, void* user_data) {
  struct text* text = user_data;
  if (text->stop) return 1;
  CHECK(text->size + size < sizeof text->bytes);
  memcpy(text->bytes + text->size, piece, size);
  text->size += size;
  return 0;
}

static int files_in(const char* path) {
  int count = 0;
  DIR* dir = opendir(path);
  CHECK(dir != NULL);
  if (dir == NULL) return 0;
  for (const struct dirent* entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
    count += entry->d_name[0] != '.';
  }
  closedir(dir);
  return count;
}

static void invites_and_dispatches(calinvite_engine* engine, const char* event) {
  const calinvite_scope league = scope_of(NULL);
  const calinvite_invite_request fans[] = {fan("Fan0001@Example.net"), fan("fan0002@example.net"),
                                           fan("fan0001@example.net")};
  const calinvite_plan* plan = NULL;
  CHECK(calinvite_invite(engine, &league, event, fans, 3, "api", &plan, NULL) == CALINVITE_OK);
  CHECK(plan->invite == 2);
  CHECK(plan->skip == 1);
  CHECK(plan->skip_reason_count == 1);
  CHECK_TEXT(plan->skip_reasons[0].word, "already_invited");
  CHECK_TEXT(plan->event, event);
  calinvite_free(plan);

  struct receipts_seen seen = {0, 0};
  uint32_t sent = 77;
  calinvite_error* error = NULL;
  CHECK(calinvite_dispatch(engine, NULL, take_receipt, &seen, &sent, &error) == CALINVITE_OK);
  CHECK(error == NULL);
  CHECK(sent == 2);
  CHECK(seen.count == 2);
  char mails[600];
  snprintf(mails, sizeof mails, "%s/mails/new", folder);
  CHECK(files_in(mails) == 2);
}

static void stops_where_the_caller_stops(calinvite_engine* engine, const char* event) {
  const calinvite_scope own = scope_of("fixtures@league.example");
  const calinvite_invite_request third = fan("fan0003@example.net");
  CHECK(calinvite_invite(engine, &own, event, &third, 1, "api", NULL, NULL) == CALINVITE_OK);
  struct receipts_seen seen = {0, 1};
  uint32_t sent = 0;
  calinvite_error* error = NULL;
  CHECK(calinvite_dispatch(engine, NULL, take_receipt, &seen, &sent, &error) == CALINVITE_STOPPED);
  CHECK(calinvite_error_status(error) == CALINVITE_STOPPED);
  calinvite_error_free(error);
  CHECK(sent == 1);
  CHECK(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, NULL) == CALINVITE_OK);
}

static void reports(calinvite_engine* engine, const char* event) {
  const calinvite_scope league = scope_of(NULL);
  const calinvite_scope own = scope_of("fixtures@league.example");
  const calinvite_scope strangers = scope_of("someone@else.example");
  struct text csv = {{0}, 0, 0};
  CHECK(calinvite_report(engine, &league, event, CALINVITE_REPORT_CSV, take_piece, &csv, NULL) ==
        CALINVITE_OK);
  CHECK(strstr(csv.bytes, "email") != NULL);
  CHECK(strstr(csv.bytes, "fan0001@example.net") != NULL);
  CHECK(strstr(csv.bytes, "noaction") != NULL);
  struct text json = {{0}, 0, 0};
  CHECK(calinvite_report(engine, &own, NULL, CALINVITE_REPORT_JSON, take_piece, &json, NULL) ==
        CALINVITE_OK);
  CHECK(strstr(json.bytes, "\"attendees\":3") != NULL);

  struct text stopped = {{0}, 0, 1};
  CHECK(calinvite_report(engine, &league, event, CALINVITE_REPORT_TABLE, take_piece, &stopped,
                         NULL) == CALINVITE_STOPPED);
  CHECK(calinvite_report(engine, &league, event, 9, take_piece, &csv, NULL) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK(calinvite_report(engine, &strangers, event, CALINVITE_REPORT_CSV, take_piece, &csv, NULL) ==
        CALINVITE_NOT_FOUND);
}

static void refuses_wrong_options(void) {
  calinvite_engine* engine = NULL;
  calinvite_error* error = NULL;
  calinvite_engine_options options = options_for("postgresql://127.0.0.1/x");
  CHECK(calinvite_open(&options, &engine, &error) == CALINVITE_UNSUPPORTED);
  calinvite_error_free(error);
  CHECK(engine == NULL);

  char store[600];
  snprintf(store, sizeof store, "sqlite:%s/never.db", folder);
  options = options_for(store);
  options.master_key = NULL;
  CHECK(calinvite_open(&options, &engine, NULL) == CALINVITE_INVALID_ARGUMENT);
  CHECK(access(store + strlen("sqlite:"), F_OK) != 0);

  options = options_for(store);
  CHECK(calinvite_open(&options, &engine, NULL) == CALINVITE_OK);
  CHECK(calinvite_dispatch(engine, NULL, NULL, NULL, NULL, &error) == CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_message(error), "the engine was opened without a transport");
  calinvite_error_free(error);
  calinvite_close(engine);
  calinvite_close(NULL);
}

/* A name that somebody forgot must open nothing. */
static void refuses_scopes_that_name_nothing(calinvite_engine* engine) {
  const calinvite_event_summary_list* events = NULL;
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  CHECK(calinvite_list_events(engine, NULL, NULL, NULL, &events, NULL) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK(calinvite_list_events(engine, &scope, NULL, NULL, &events, NULL) ==
        CALINVITE_INVALID_ARGUMENT);
  scope = scope_of("");
  CHECK(calinvite_list_events(engine, &scope, NULL, NULL, &events, NULL) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK(events == NULL);
  scope = scope_of(NULL);
  scope.all_domains = 1;
  CHECK(calinvite_list_events(engine, &scope, NULL, NULL, &events, NULL) ==
        CALINVITE_INVALID_ARGUMENT);
  scope.domain = NULL;
  CHECK(calinvite_list_events(engine, &scope, NULL, NULL, &events, NULL) == CALINVITE_OK);
  CHECK(events->count == 1);
  calinvite_free(events);
}

int main(void) {
  make_folder("engine");
  calinvite_engine* engine = open_league();
  if (engine == NULL) return 1;
  add_league(engine);
  CHECK_TEXT(ingest(engine, NULL).outcome, "quarantined");
  const struct item_seen created = ingest(engine, "fixtures@league.example");
  CHECK_TEXT(created.outcome, "created");
  CHECK_TEXT(ingest(engine, "fixtures@league.example").outcome, "already seen");
  invites_and_dispatches(engine, created.event);
  stops_where_the_caller_stops(engine, created.event);
  reports(engine, created.event);
  refuses_scopes_that_name_nothing(engine);
  calinvite_close(engine);
  refuses_wrong_options();

  remove_folder();
  return failures;
}

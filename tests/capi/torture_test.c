/* Runs what a program does, and lets each allocation of the library's C++ fail in turn: every call
   then says CALINVITE_INTERNAL or does its work, and nothing is left behind. malloc is interposed;
   those allocations fail that operator new makes, for of the others C libraries know their own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include "calinvite.h"
#include "check.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

#ifndef HAS_SANITIZER
#include "folder.h"
#include "league.h"
extern void* __libc_malloc(size_t);
extern void __libc_free(void*);

static const char* new_at;      /* operator new; calls from there are C++ allocations */
static long until_failure = -1; /* how many succeed before one fails; below 0: all do */
static long allocations;        /* of C++ */
static int counting;            /* new_at is known */
static void* live[1 << 18];     /* what C++ allocated and has not freed; open addressing */
static void* const gone = (void*)1;

static size_t slot_of(const void* block) { return ((size_t)block >> 4) * 2654435761u; }

static void remember(void* block) {
  size_t at = slot_of(block);
  for (;; ++at) {
    void** slot = &live[at % (sizeof live / sizeof *live)];
    if (*slot == NULL || *slot == gone) {
      *slot = block;
      return;
    }
  }
}

static void forget(void* block) {
  for (size_t at = slot_of(block);; ++at) {
    void** slot = &live[at % (sizeof live / sizeof *live)];
    if (*slot == NULL) return; /* of C, or from before */
    if (*slot == block) {
      *slot = gone;
      return;
    }
  }
}

static long count_live(void) {
  long count = 0;
  for (size_t i = 0; i < sizeof live / sizeof *live; ++i)
    count += live[i] != NULL && live[i] != gone;
  return count;
}

__attribute__((visibility("default"))) void* malloc(size_t size) {
  const char* caller = __builtin_return_address(0);
  enum { size_of_operator_new = 256 };
  if (!counting || caller < new_at || caller >= new_at + size_of_operator_new) {
    return __libc_malloc(size);
  }
  ++allocations;
  if (until_failure == 0) {
    until_failure = -1; /* once: what comes behind may say so in peace */
    return NULL;
  }
  if (until_failure > 0) --until_failure;
  void* block = __libc_malloc(size);
  if (block != NULL) remember(block);
  return block;
}

__attribute__((visibility("default"))) void free(void* block) {
  if (counting && block != NULL) forget(block);
  __libc_free(block);
}

static const uint8_t master_key[32] = {1, 2, 3};
static const char invitation[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//league.example//fixtures//EN\r\n"
    "METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:fixture-17@league.example\r\n"
    "DTSTAMP:20370301T120000Z\r\nORGANIZER:mailto:fixtures@league.example\r\n"
    "ATTENDEE;CN=Ana;PARTSTAT=ACCEPTED:mailto:ana@example.net\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\n"
    "SUMMARY:Rovers v United, a summary that is too long to lie in a string itself\r\n"
    "DTSTART;TZID=Europe/Berlin:20370328T153000\r\n"
    "DTEND;TZID=Europe/Berlin:20370328T171500\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/* Whether the call did its work. Anything but running out of memory is a fault here, which SQLite
   says in words of its own where our functions of SQL run out of it. */
static int worked(calinvite_status status, const char* what) {
  if (status == CALINVITE_OK) return 1;
  if (status != CALINVITE_INTERNAL && status != CALINVITE_UNAVAILABLE) {
    fprintf(stderr, "%s: %s\n", what, calinvite_status_name(status));
    ++failures;
  }
  return 0;
}
#define WORKED(call) worked((call), #call)

/* A call that gives a result, through &out. */
#define GIVES(type, call)                 \
  do {                                    \
    const type* out = NULL;               \
    if (WORKED(call)) CHECK(out != NULL); \
    calinvite_free(out);                  \
  } while (0)

static int ignore_row(const calinvite_event_row* row, void* user_data) {
  (void)row;
  (void)user_data;
  return 0;
}

static void read_things(void) {
  const calinvite_calendar* calendar = NULL;
  calinvite_error* error = NULL;
  if (WORKED(calinvite_parse_calendar(invitation, sizeof invitation - 1, "fixture.ics", &calendar,
                                      &error))) {
    CHECK(calendar->event_count == 1);
  }
  calinvite_error_free(error);
  const calinvite_change* change = NULL;
  if (calendar != NULL) {
    calinvite_event event = *calendar->events[0]->event;
    event.organizer = "fixtures@league.example";
    if (WORKED(calinvite_plan_change(NULL, &event, &change, NULL))) CHECK(change != NULL);
    calinvite_calendar_copy copy = CALINVITE_CALENDAR_COPY_INIT;
    copy.event = &event;
    copy.uid = "ci-1";
    copy.organizer_address = "cal+abc@reply.league.example";
    copy.attendee_address = "ana@example.net";
    const calinvite_text* text = NULL;
    if (WORKED(calinvite_write_calendar(&copy, &text, NULL))) CHECK(text->size > 500);
    calinvite_free(text);
  }
  calinvite_free(change);
  calinvite_free(calendar);
  const calinvite_occurrence_list* dates = NULL;
  if (WORKED(calinvite_list_occurrences(invitation, sizeof invitation - 1, NULL, 0,
                                        INT64_C(1) << 32, 0, &dates, NULL))) {
    CHECK(dates->count == 5);
  }
  calinvite_free(dates);
  const char list[] =
      "summary,start,end,timezone\nOne,2037-05-08T15:00,2037-05-08T17:00,UTC\nbad\n";
  WORKED(calinvite_read_event_list(list, sizeof list - 1, "list.csv", NULL, NULL, ignore_row, NULL,
                                   NULL, NULL));
}

static void write_things(void) {
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.summary = "Rovers v United, a summary that is too long to lie in a string itself";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  calinvite_revision revision = CALINVITE_REVISION_INIT;
  revision.event = &event;
  revision.base_url = "https://cal.league.example";
  calinvite_composer* composer = NULL;
  if (WORKED(calinvite_composer_new(&revision, &composer, NULL))) {
    calinvite_copy copy = CALINVITE_COPY_INIT;
    copy.uid = "ci-1";
    copy.organizer_address = "cal+abc@reply.league.example";
    copy.address = "ana@example.net";
    copy.attempt_id = "1";
    copy.rsvp_token = "AQEAAWs27IAQERITFBUWFxgZGhscHR4fdRyfUFjTBRJuPe9y3LiQgQ";
    const char* message = NULL;
    size_t size = 0;
    const calinvite_finding_list* findings = NULL;
    if (WORKED(calinvite_compose(composer, &copy, &message, &size, NULL)) &&
        WORKED(calinvite_lint_message(message, size, NULL, &findings, NULL))) {
      CHECK(findings->next != NULL);
    }
    const calinvite_mail* mail = NULL;
    if (message != NULL && WORKED(calinvite_parse_mail(message, size, &mail, NULL))) {
      CHECK(mail->calendar_count == 1);
    }
    calinvite_free(mail);
    calinvite_free(findings);
  }
  calinvite_composer_free(composer);

  calinvite_aws_signer* signer = NULL;
  if (WORKED(calinvite_aws_signer_new("AKIDEXAMPLE", "secret", NULL, &signer, NULL))) {
    const calinvite_header host = {"Host", "email.eu-central-1.amazonaws.com"};
    calinvite_aws_request request = CALINVITE_AWS_REQUEST_INIT;
    request.headers = &host;
    request.header_count = 1;
    calinvite_signing_scope scope = CALINVITE_SIGNING_SCOPE_INIT;
    scope.region = "eu-central-1";
    const calinvite_header* headers = NULL;
    size_t count = 0;
    if (WORKED(calinvite_sign(signer, &request, &scope, &headers, &count, NULL))) CHECK(count > 1);
  }
  calinvite_aws_signer_free(signer);
  calinvite_key_ring* ring = NULL;
  if (WORKED(calinvite_key_ring_new(&ring, NULL)) &&
      WORKED(calinvite_key_ring_add(ring, 1, master_key, NULL))) {
    calinvite_link_token token = CALINVITE_LINK_TOKEN_INIT;
    token.purpose = CALINVITE_PURPOSE_RSVP;
    token.expires = 2000000000;
    char text[CALINVITE_LINK_TOKEN_SIZE];
    if (WORKED(calinvite_mint_link_token(ring, &token, text, NULL))) {
      WORKED(calinvite_verify_link_token(ring, text, CALINVITE_PURPOSE_RSVP, 1, &token, NULL));
    }
  }
  calinvite_key_ring_free(ring);
}

static int ignore_address(const calinvite_address_row* row, void* user_data) {
  (void)row;
  (void)user_data;
  return 0;
}

static void look_up_things(void) {
  static const char sent[] =
      "{\"eventType\":\"Send\",\"mail\":{\"timestamp\":\"2037-03-28T15:30:00.000Z\",\"messageId\":"
      "\"0102-1\",\"destination\":[\"ana@example.net\"],\"tags\":{\"attempt_id\":[\"17\"]}},"
      "\"send\":{}}";
  static const char came_in[] =
      "{\"notificationType\":\"Received\",\"mail\":{\"timestamp\":\"2037-03-28T15:30:00.000Z\","
      "\"source\":\"ana@example.net\",\"messageId\":\"0102-2\",\"destination\":[\"cal@reply."
      "example\"]},"
      "\"receipt\":{\"recipients\":[\"cal@reply.example\"],\"spamVerdict\":{\"status\":\"PASS\"},"
      "\"action\":{\"type\":\"S3\",\"bucketName\":\"in\",\"objectKey\":\"0102-2\"}}}";
  GIVES(calinvite_ses_fact_list, calinvite_parse_notification(sent, sizeof sent - 1, &out, NULL));
  GIVES(calinvite_inbound_notification,
        calinvite_parse_inbound_notification(came_in, sizeof came_in - 1, &out, NULL));
  GIVES(calinvite_text, calinvite_normalize_address("Ana.Of.The.Rovers@Example.NET", &out, NULL));
  GIVES(calinvite_text, calinvite_to_local("Europe/Berlin", 2000000000, &out, NULL));
  int64_t instant = 0;
  WORKED(calinvite_to_instant("Europe/Berlin", "2037-03-28T15:30", &instant, NULL));
  WORKED(calinvite_check_rrule("FREQ=WEEKLY;BYDAY=SA;COUNT=5", "2037-03-28T15:30", NULL));
  GIVES(calinvite_text, calinvite_token_address("cal", "abcdefghijklmnop", "reply.league.example",
                                                NULL, &out, NULL));
  GIVES(calinvite_text, calinvite_address_token("cal+abcdefghijklmnop@reply.league.example",
                                                "reply.league.example", &out, NULL));
  GIVES(calinvite_text, calinvite_mint_address_token(&out, NULL));
  GIVES(calinvite_text, calinvite_mint_uid(&out, NULL));
  GIVES(calinvite_text,
        calinvite_link("rsvp", "https://cal.league.example", NULL, "token", &out, NULL));
  GIVES(calinvite_text, calinvite_client_name("-//Google Inc//Google Calendar//EN", &out, NULL));
  GIVES(calinvite_lint_rule_list, calinvite_lint_rules(&out, NULL));

  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.summary = "Rovers v United, a summary that is too long to lie in a string itself";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  WORKED(calinvite_check_event(&event, NULL));
  GIVES(calinvite_calendar_links,
        calinvite_list_calendar_links(&event, "Bring a scarf", &out, NULL));
  calinvite_attendee attendee = CALINVITE_ATTENDEE_INIT;
  attendee.address = "ana@example.net";
  calinvite_reply reply = CALINVITE_REPLY_INIT;
  reply.partstat = "ACCEPTED";
  GIVES(calinvite_reply_effect, calinvite_apply_reply(&event, &attendee, &reply, &out, NULL));
  calinvite_outgoing_mail mail = CALINVITE_OUTGOING_MAIL_INIT;
  mail.from = "Fixtures <cal@reply.league.example>";
  mail.to = "ana@example.net";
  mail.subject = "A subject that is too long to lie in a string itself";
  mail.message_id = "1@league.example";
  mail.text_plain = "Hello";
  GIVES(calinvite_text, calinvite_write_mail(&mail, &out, NULL));
  static const char people[] = "email,name\nana@example.net,Ana\nnobody\n";
  WORKED(calinvite_read_address_list(people, sizeof people - 1, "fans.csv", ignore_address, NULL,
                                     NULL, NULL));
}

static int round_number; /* of the engine's run: things that must be new each time */

static void use_engine(calinvite_engine* engine) {
  calinvite_scope league = CALINVITE_SCOPE_INIT;
  league.domain = "league";
  char key[64];
  snprintf(key, sizeof key, "row-%d@league.example", round_number++);
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.source_uid = key;
  event.summary = "Rovers v United, a summary that is too long to lie in a string itself";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  const calinvite_event* created = NULL;
  if (!WORKED(calinvite_create_event(engine, &league, &event, &created, NULL))) return;
  calinvite_invite_request fan = CALINVITE_INVITE_REQUEST_INIT;
  fan.address = "ana@example.net";
  const calinvite_plan* plan = NULL;
  if (WORKED(calinvite_invite(engine, &league, created->uid, &fan, 1, "test", &plan, NULL))) {
    CHECK(plan->invite + plan->skip == 1);
  }
  calinvite_free(plan);
  const calinvite_attendee_list* attendees = NULL;
  if (WORKED(
          calinvite_list_attendees(engine, &league, created->uid, NULL, NULL, &attendees, NULL))) {
    CHECK(attendees->count <= 1);
  }
  calinvite_free(attendees);
  const calinvite_dispatch_result* result = NULL;
  if (WORKED(calinvite_dispatch_step(engine, NULL, NULL, NULL, &result, NULL))) {
    CHECK(result->totals->planned > 0);
  }
  calinvite_free(result);
  const calinvite_statistics_counts* counts = NULL;
  WORKED(calinvite_statistics(engine, &league, created->uid, &counts, NULL));
  calinvite_free(counts);
  const calinvite_plan* cancelled = NULL;
  WORKED(calinvite_cancel_event(engine, &league, created->uid, 0, &cancelled, NULL));
  calinvite_free(cancelled);
  calinvite_free(created);
}

static char match_uid[128]; /* of what the next two are about */
static char match_token[128];

static int ignore_piece(const char* piece, size_t size, void* user_data) {
  (void)piece;
  (void)size;
  (void)user_data;
  return 0;
}

static calinvite_status find_nothing(const char* type, const char* name, calinvite_answer* answer,
                                     void* user_data) {
  (void)type;
  (void)name;
  (void)answer;
  (void)user_data;
  return CALINVITE_OK;
}

static void ask_engine(calinvite_engine* engine) {
  calinvite_scope league = CALINVITE_SCOPE_INIT;
  league.domain = "league";
  const calinvite_scope* of = &league;
  const char* uid = match_uid;
  const char* ana = "ana@example.net";
  GIVES(calinvite_event, calinvite_get_event(engine, of, uid, &out, NULL));
  GIVES(calinvite_event_summary_list, calinvite_list_events(engine, of, NULL, NULL, &out, NULL));
  calinvite_invite_request fan = CALINVITE_INVITE_REQUEST_INIT;
  fan.address = "ben@example.org";
  GIVES(calinvite_plan, calinvite_plan_invites(engine, of, uid, &fan, 1, "test", &out, NULL));
  GIVES(calinvite_outgoing_message, calinvite_preview(engine, of, uid, ana, &out, NULL));
  GIVES(calinvite_held_change_list, calinvite_list_held_changes(engine, of, NULL, &out, NULL));
  GIVES(calinvite_receipt_list, calinvite_list_receipts(engine, of, uid, NULL, &out, NULL));
  GIVES(calinvite_history_item_list,
        calinvite_list_history(engine, of, uid, ana, NULL, &out, NULL));
  GIVES(calinvite_receipt_bucket_list,
        calinvite_list_receipt_buckets(engine, of, uid, "day", NULL, &out, NULL));
  GIVES(calinvite_search_hit_list, calinvite_search(engine, of, "ana", NULL, &out, NULL));
  GIVES(calinvite_feed, calinvite_list_changes(engine, of, NULL, 5, &out, NULL));
  GIVES(calinvite_shared_attendee_list,
        calinvite_list_shared_attendees(engine, of, uid, NULL, &out, NULL));
  GIVES(calinvite_outbox_entry_list,
        calinvite_list_outbox(engine, of, "accepted", uid, NULL, &out, NULL));
  GIVES(calinvite_notice_list, calinvite_list_notices(engine, of, NULL, &out, NULL));
  GIVES(calinvite_quarantined_list, calinvite_list_quarantine(engine, of, NULL, &out, NULL));
  GIVES(calinvite_suppression_list,
        calinvite_list_suppressions(engine, of, NULL, NULL, &out, NULL));
  GIVES(calinvite_consent_list, calinvite_list_consents(engine, of, ana, NULL, &out, NULL));
  GIVES(calinvite_outbox_totals, calinvite_totals(engine, of, &out, NULL));
  GIVES(calinvite_outbox_totals, calinvite_notice_totals(engine, of, &out, NULL));
  GIVES(calinvite_reputation_counts, calinvite_reputation(engine, of, &out, NULL));
  GIVES(calinvite_sending_account_list, calinvite_list_accounts(engine, &out, NULL));
  GIVES(calinvite_domain_list, calinvite_list_domains(engine, &out, NULL));
  GIVES(calinvite_organizer_list, calinvite_list_organizers(engine, of, &out, NULL));
  GIVES(calinvite_signing_key_list, calinvite_list_keys(engine, of, &out, NULL));
  GIVES(calinvite_api_key_list, calinvite_list_api_keys(engine, of, &out, NULL));
  GIVES(calinvite_text, calinvite_button(engine, of, uid, "generic", NULL, &out, NULL));
  GIVES(calinvite_event_page, calinvite_find_rsvp(engine, match_token, &out, NULL));
  GIVES(calinvite_event_page, calinvite_find_event_page(engine, uid, &out, NULL));
  GIVES(calinvite_text,
        calinvite_issue_nonce(engine, match_token, CALINVITE_PURPOSE_RSVP, 0, &out, NULL));
  char path[160];
  snprintf(path, sizeof path, "/r/%s", match_token);
  calinvite_web_request request = CALINVITE_WEB_REQUEST_INIT;
  request.method = "GET";
  request.path = path;
  GIVES(calinvite_web_response, calinvite_respond(engine, &request, NULL, &out, NULL));
  WORKED(calinvite_report(engine, of, uid, CALINVITE_REPORT_CSV, ignore_piece, NULL, NULL));
  WORKED(calinvite_export_suppressions(engine, of, ignore_piece, NULL, NULL));
  calinvite_preflight_sources sources = CALINVITE_PREFLIGHT_SOURCES_INIT;
  sources.resolve = find_nothing;
  GIVES(calinvite_preflight_finding_list, calinvite_preflight(engine, of, &sources, &out, NULL));
}

static void change_engine(calinvite_engine* engine) {
  calinvite_scope league = CALINVITE_SCOPE_INIT;
  league.domain = "league";
  GIVES(calinvite_ingest_item,
        calinvite_rsvp(engine, match_token, "accepted", "Gladly", -1, &out, NULL));
  calinvite_ingest_input input = CALINVITE_INGEST_INPUT_INIT;
  input.bytes = invitation;
  input.size = sizeof invitation - 1;
  input.source = "fixture.ics";
  input.sender = "fixtures@league.example";
  WORKED(calinvite_ingest(engine, &input, NULL, NULL, NULL));
  calinvite_suppression row = CALINVITE_SUPPRESSION_INIT;
  row.address = "dora@example.net";
  if (WORKED(calinvite_add_suppression(engine, &league, &row, NULL, NULL)))
    WORKED(calinvite_remove_suppression(engine, &league, &row, NULL));
  const calinvite_api_key* key = NULL;
  if (WORKED(calinvite_add_api_key(engine, &league, "script", &league, &key, NULL))) {
    GIVES(calinvite_scope, calinvite_authenticate_key(engine, key->key, &out, NULL));
    WORKED(calinvite_revoke_api_key(engine, &league, key->id, NULL));
  }
  calinvite_free(key);
  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.struct_size = offsetof(calinvite_domain, super_user); /* the rest stays */
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  GIVES(calinvite_domain, calinvite_update_domain(engine, &domain, &out, NULL));
  const calinvite_event* stored = NULL;
  if (WORKED(calinvite_get_event(engine, &league, match_uid, &stored, NULL))) {
    calinvite_event changed = *stored;
    changed.location = stored->location[0] == '1' ? "2, Stadium Road" : "1, Stadium Road";
    GIVES(calinvite_plan, calinvite_update_event(engine, &league, &changed, 0, &out, NULL));
  }
  calinvite_free(stored);
  calinvite_dispatch_options options = CALINVITE_DISPATCH_OPTIONS_INIT;
  uint32_t sent = 0;
  WORKED(calinvite_dispatch(engine, &options, NULL, NULL, &sent, NULL));
}

static const char* take(const calinvite_outgoing_message* message, calinvite_send_outcome* outcome,
                        void* user_data) {
  (void)message;
  (void)outcome;
  (void)user_data;
  return "accepted";
}

static calinvite_engine* open_league(void) {
  static char store[600];
  snprintf(store, sizeof store, "sqlite:%s/league.db", folder);
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = store;
  options.master_key = master_key;
  calinvite_engine* engine = NULL;
  if (!WORKED(calinvite_make_callback_transport(take, NULL, &options.transport, NULL))) return NULL;
  WORKED(calinvite_open(&options, &engine, NULL));
  return engine;
}

static void open_and_close(void) { calinvite_close(open_league()); }

/* How many blocks are left of a run in which that allocation fails. */
static long left_when_fails(void (*work)(void), long allocation) {
  const long before = count_live();
  until_failure = allocation;
  work();
  until_failure = -1;
  work(); /* takes up what a dispatch that broke off has left with its transport */
  return count_live() - before;
}

/* Lets the allocations fail, one in each run, every `step`th of them. */
static void torture(const char* name, void (*work)(void), long step) {
  for (int i = 0; i < 3; ++i) work(); /* what is made once and kept */
  allocations = 0;
  const long before = count_live();
  work();
  const long all = allocations;
  CHECK(count_live() == before);
  CHECK(all > 10);
  for (long at = 0; at < all; at += step) {
    /* What is left once may be kept for later; what is left each time is lost. */
    if (left_when_fails(work, at) > 0 && left_when_fails(work, at) > 0 &&
        left_when_fails(work, at) > 0) {
      fprintf(stderr, "%s: blocks are lost when allocation %ld fails\n", name, at);
      ++failures;
      break;
    }
  }
  printf("%s: %ld allocations\n", name, all);
}

static calinvite_engine* shared;
static void use_shared_engine(void) { use_engine(shared); }
static void ask_shared_engine(void) { ask_engine(shared); }
static void change_shared_engine(void) { change_engine(shared); }

/* Invites Ana to a match and sends her the mail. */
static void invite_to_match(void) {
  calinvite_scope league = CALINVITE_SCOPE_INIT;
  league.domain = "league";
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.summary = "Rovers v United";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  const calinvite_event* created = NULL;
  CHECK(calinvite_create_event(shared, &league, &event, &created, NULL) == CALINVITE_OK);
  snprintf(match_uid, sizeof match_uid, "%s", created->uid);
  calinvite_free(created);
  calinvite_invite_request fan = CALINVITE_INVITE_REQUEST_INIT;
  fan.address = "ana@example.net";
  CHECK(calinvite_invite(shared, &league, match_uid, &fan, 1, "test", NULL, NULL) == CALINVITE_OK);
  CHECK(calinvite_dispatch(shared, NULL, NULL, NULL, NULL, NULL) == CALINVITE_OK);
  const calinvite_text* token = NULL;
  CHECK(calinvite_rsvp_token(shared, &league, match_uid, "ana@example.net", &token, NULL) ==
        CALINVITE_OK);
  snprintf(match_token, sizeof match_token, "%s", token->bytes);
  calinvite_free(token);
}

int main(void) {
  new_at = dlsym(RTLD_DEFAULT, "_Znwm");
  CHECK(new_at != NULL);
  counting = 1;
  make_folder("torture");
  torture("reading", read_things, 1);
  torture("writing", write_things, 13);
  torture("looking up", look_up_things, 3);
  torture("opening", open_and_close, 1);

  shared = open_league();
  add_league(shared);
  torture("the engine", use_shared_engine, 31);
  invite_to_match();
  torture("asking the engine", ask_shared_engine, 61);
  torture("changing what it has", change_shared_engine, 101);
  calinvite_close(shared);

  remove_folder();
  return failures != 0;
}
#else
int main(void) {
  puts("a sanitizer has its own malloc");
  return 77;
}
#endif

/* A loop of the host's own around calinvite_dispatch_step: when it is told to call again, and what
   it learns of steps and dispatches that end early. */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calinvite.h"
#include "check.h"
#include "folder.h"
#include "league.h"

static const uint8_t master_key[32] = {1, 2, 3};
static int64_t now = 2119521600; /* 2037-03-01T12:00:00Z */
static int taken;                /* messages that the host's own transport took */
static int breaks_store_at;      /* with that one the disk takes nothing more; 0: never */

static int64_t tell_time(void* user_data) {
  (void)user_data;
  return now;
}

static void let_files_grow(rlim_t to) {
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = to;
  CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static const char* take(const calinvite_outgoing_message* message, calinvite_send_outcome* outcome,
                        void* user_data) {
  (void)message;
  (void)outcome;
  (void)user_data;
  if (++taken == breaks_store_at) let_files_grow(0);
  return "accepted";
}

static calinvite_engine* open_league(const char* name) {
  char store[600];
  snprintf(store, sizeof store, "sqlite:%s/%s.db", folder, name);
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = store;
  options.master_key = master_key;
  options.clock = tell_time;
  CHECK(calinvite_make_callback_transport(take, NULL, &options.transport, NULL) == CALINVITE_OK);
  calinvite_engine* engine = NULL;
  CHECK(calinvite_open(&options, &engine, NULL) == CALINVITE_OK);
  add_league(engine);
  return engine;
}

static calinvite_scope league(void) {
  calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  return scope;
}

/* A match to which so many fans are invited, fan0@example.com and so on. */
static void invite_fans(calinvite_engine* engine, int count) {
  const calinvite_scope scope = league();
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.summary = "Rovers v United";
  event.start = "2037-03-28T15:30";
  event.end = "2037-03-28T17:15";
  event.timezone = "Europe/Berlin";
  const calinvite_event* created = NULL;
  CHECK(calinvite_create_event(engine, &scope, &event, &created, NULL) == CALINVITE_OK);
  for (int i = 0; i < count; ++i) {
    char address[64];
    snprintf(address, sizeof address, "fan%d@example.com", i);
    calinvite_invite_request fan = CALINVITE_INVITE_REQUEST_INIT;
    fan.address = address;
    CHECK(calinvite_invite(engine, &scope, created->uid, &fan, 1, "test", NULL, NULL) ==
          CALINVITE_OK);
  }
  calinvite_free(created);
}

static const calinvite_dispatch_result* step(calinvite_engine* engine,
                                             const calinvite_dispatch_options* options) {
  const calinvite_dispatch_result* result = NULL;
  CHECK(calinvite_dispatch_step(engine, options, NULL, NULL, &result, NULL) == CALINVITE_OK);
  return result;
}

/* An SMTP server in a process of its own, which answers so to commands that hold `what`. */
static pid_t serve_smtp(const char* what, const char* answer, unsigned* port_out) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof place;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(bind(listener, (struct sockaddr*)&place, sizeof place) == 0);
  CHECK(listen(listener, 8) == 0);
  CHECK(getsockname(listener, (struct sockaddr*)&place, &size) == 0);
  *port_out = ntohs(place.sin_port);
  const pid_t child = fork();
  if (child != 0) {
    close(listener);
    return child;
  }
  alarm(60); /* whatever becomes of the test */
  for (;;) {
    const int connection = accept(listener, NULL, NULL);
    FILE* in = fdopen(connection, "r");
    dprintf(connection, "220 mx.example\r\n");
    char line[2000];
    int in_message = 0;
    while (fgets(line, sizeof line, in) != NULL) {
      if (in_message) {
        in_message = strcmp(line, ".\r\n") != 0;
        if (!in_message) dprintf(connection, "250 2.0.0 queued\r\n");
      } else if (strncmp(line, "EHLO", 4) == 0) {
        dprintf(connection, "250-mx.example\r\n250 8BITMIME\r\n");
      } else if (strncmp(line, "DATA", 4) == 0) {
        in_message = 1;
        dprintf(connection, "354 go on\r\n");
      } else if (strstr(line, what) != NULL) {
        dprintf(connection, "%s\r\n", answer);
      } else {
        dprintf(connection, "250 2.0.0 fine\r\n");
      }
    }
    fclose(in);
  }
}

/* Options of a dispatch to such a server. */
static calinvite_dispatch_options through_smtp(unsigned port) {
  char url[64];
  snprintf(url, sizeof url, "smtp://127.0.0.1:%u", port);
  calinvite_smtp_options smtp = CALINVITE_SMTP_OPTIONS_INIT;
  smtp.url = url;
  smtp.max_connections = 1;
  calinvite_dispatch_options options = CALINVITE_DISPATCH_OPTIONS_INIT;
  CHECK(calinvite_open_smtp_transport(&smtp, &options.transport, NULL) == CALINVITE_OK);
  return options;
}

static void end_server(pid_t server) {
  kill(server, SIGKILL);
  waitpid(server, NULL, 0);
}

static void waits_for_what_is_deferred(void) {
  unsigned port = 0;
  const pid_t server = serve_smtp("TO:<fan1@", "450 4.2.0 greylisted", &port);
  calinvite_engine* engine = open_league("deferred");
  invite_fans(engine, 3);
  const calinvite_dispatch_options options = through_smtp(port);

  int64_t next = 0;
  for (int i = 0; i < 2; ++i) { /* the second meets what the first has left */
    const calinvite_dispatch_result* result = step(engine, &options);
    CHECK(result->accepted == (i == 0 ? 2 : 0));
    CHECK(result->totals->pending == 1);
    CHECK(result->more == 1);
    CHECK(result->next >= now + 300);
    CHECK(result->next <= now + 330);
    next = result->next;
    calinvite_free(result);
  }
  now = next; /* then there is something to do: another try, which is deferred again */
  const calinvite_dispatch_result* result = step(engine, &options);
  CHECK(result->next >= now + 300);
  calinvite_free(result);

  end_server(server);
  calinvite_close(engine);
  calinvite_transport_free(options.transport);
}

static void waits_for_what_is_held(void) {
  unsigned port = 0;
  const pid_t server = serve_smtp("MAIL FROM:", "550 5.7.1 sender not allowed", &port);
  calinvite_engine* engine = open_league("held");
  invite_fans(engine, 3);
  const calinvite_dispatch_options options = through_smtp(port);
  const calinvite_dispatch_result* result = step(engine, &options);
  CHECK(result->held == 3);
  CHECK(result->totals->held == 3);
  CHECK(result->more == 1);
  CHECK(result->next == now + 300);
  now = result->next - 1;
  calinvite_free(result);
  end_server(server);
  calinvite_transport_free(options.transport);

  result = step(engine, NULL); /* too early, by another way out: nothing is done */
  CHECK(result->accepted == 0);
  CHECK(result->more == 1);
  CHECK(result->next == now + 1);
  calinvite_free(result);

  now += 1;
  result = step(engine, NULL);
  CHECK(result->accepted == 3);
  CHECK(result->more == 0);
  CHECK(result->next == 0);
  calinvite_free(result);
  calinvite_close(engine);
}

static void waits_for_no_suspended_organizer(void) {
  calinvite_engine* engine = open_league("suspended");
  const calinvite_scope scope = league();
  invite_fans(engine, 3);
  CHECK(calinvite_suspend_organizer(engine, &scope, "fixtures@league.example", NULL) ==
        CALINVITE_OK);
  const calinvite_dispatch_result* result = step(engine, NULL);
  CHECK(result->held == 3);
  CHECK(result->more == 0);
  CHECK(result->next == 0);
  calinvite_free(result);

  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  CHECK(calinvite_add_organizer(engine, &organizer, NULL, NULL) == CALINVITE_OK);
  result = step(engine, NULL);
  CHECK(result->accepted == 3);
  calinvite_free(result);
  calinvite_close(engine);
}

static int stop_at_second(const calinvite_receipt* receipt, void* user_data) {
  CHECK_TEXT(receipt->kind, "accepted");
  return ++*(int*)user_data == 2;
}

static void tells_what_a_stopped_step_did(void) {
  calinvite_engine* engine = open_league("stopped");
  invite_fans(engine, 40);
  int receipts = 0;
  const calinvite_dispatch_result* result = NULL;
  CHECK(calinvite_dispatch_step(engine, NULL, stop_at_second, &receipts, &result, NULL) ==
        CALINVITE_STOPPED);
  CHECK(result != NULL);
  CHECK(result->accepted >= 2);
  CHECK(result->accepted < 40);
  CHECK(result->accepted == result->totals->accepted);
  CHECK(result->more == 1);
  CHECK(result->next == 0);
  calinvite_free(result);
  calinvite_close(engine);
}

static void keeps_its_pace_from_step_to_step(void) {
  calinvite_engine* engine = open_league("paced");
  invite_fans(engine, 6);
  calinvite_dispatch_options options = CALINVITE_DISPATCH_OPTIONS_INIT;
  options.max_messages = 1;
  options.batch = 3;
  options.pause_milliseconds = 400;
  struct timespec began;
  struct timespec ended;
  clock_gettime(CLOCK_MONOTONIC, &began);
  for (int i = 0; i < 6; ++i) {
    const calinvite_dispatch_result* result = step(engine, &options);
    CHECK(result->accepted == 1);
    calinvite_free(result);
  }
  clock_gettime(CLOCK_MONOTONIC, &ended);
  const double took =
      (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9;
  CHECK(took >= 0.4);
  calinvite_close(engine);
}

static void counts_what_a_failed_dispatch_sent(void) {
  calinvite_engine* engine = open_league("full");
  invite_fans(engine, 60);
  signal(SIGXFSZ, SIG_IGN);
  taken = 0;
  breaks_store_at = 40;
  uint32_t sent = 0;
  CHECK(calinvite_dispatch(engine, NULL, NULL, NULL, &sent, NULL) == CALINVITE_STORE_FULL);
  breaks_store_at = 0;
  let_files_grow(RLIM_INFINITY);
  CHECK(sent > 0);
  CHECK(sent <= 40);
  const calinvite_scope scope = league();
  const calinvite_outbox_totals* totals = NULL;
  CHECK(calinvite_totals(engine, &scope, &totals, NULL) == CALINVITE_OK);
  CHECK(totals->accepted == sent);
  calinvite_free(totals);
  calinvite_close(engine);
}

int main(void) {
  make_folder("steps");
  waits_for_what_is_deferred();
  waits_for_what_is_held();
  waits_for_no_suspended_organizer();
  tells_what_a_stopped_step_did();
  keeps_its_pace_from_step_to_step();
  counts_what_a_failed_dispatch_sent();

  remove_folder();
  return failures != 0;
}

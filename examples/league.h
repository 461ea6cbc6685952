/* What examples of the engine begin with: a store with a domain, an organizer, and a match that
   three fans are invited to. quickstart.c says the same without leaving anything out. */
#ifndef CALINVITE_EXAMPLES_LEAGUE_H
#define CALINVITE_EXAMPLES_LEAGUE_H

#include "check.h"

/* The engine owns the transport from now on. NULL as clock: the system's. */
static inline calinvite_engine* open_league_by(calinvite_clock_fn clock, const char* file,
                                               calinvite_transport* transport) {
  static const uint8_t master_key[32] = {1, 2, 3}; /* in earnest 32 random bytes, kept secret */
  char store[200];
  snprintf(store, sizeof store, "sqlite:%s", file);
  remove(file);
  calinvite_error* error;
  calinvite_engine* engine;
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = store;
  options.master_key = master_key;
  options.transport = transport;
  options.clock = clock;
  check(calinvite_open(&options, &engine, &error), &error);
  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  check(calinvite_add_domain(engine, &domain, NULL, &error), &error);
  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  organizer.name = "League Office";
  check(calinvite_add_organizer(engine, &organizer, NULL, &error), &error);
  return engine;
}

static inline calinvite_engine* open_league(const char* file, calinvite_transport* transport) {
  return open_league_by(NULL, file, transport);
}

static inline const calinvite_scope* league(void) {
  static calinvite_scope scope = CALINVITE_SCOPE_INIT;
  scope.domain = "league";
  return &scope;
}

/* fan1, fan2 and fan3. The event is for calinvite_free. */
static inline const calinvite_event* invite_fans(calinvite_engine* engine) {
  calinvite_event match = CALINVITE_EVENT_INIT;
  match.organizer = "fixtures@league.example";
  match.summary = "Harbour v Hill";
  match.location = "Harbour Ground";
  match.start = "2037-05-08T15:00";
  match.end = "2037-05-08T17:00";
  match.timezone = "Europe/London";
  calinvite_error* error;
  const calinvite_event* event;
  check(calinvite_create_event(engine, league(), &match, &event, &error), &error);
  calinvite_invite_request fans[] = {CALINVITE_INVITE_REQUEST_INIT, CALINVITE_INVITE_REQUEST_INIT,
                                     CALINVITE_INVITE_REQUEST_INIT};
  fans[0].address = "fan1@example.com";
  fans[1].address = "fan2@example.com";
  fans[2].address = "fan3@example.com";
  check(calinvite_invite(engine, league(), event->uid, fans, 3, "api", NULL, &error), &error);
  return event;
}

#endif

/* The domain and the organizer that test programs make their events in. */
#ifndef CALINVITE_TESTS_CAPI_LEAGUE_H
#define CALINVITE_TESTS_CAPI_LEAGUE_H

#include "calinvite.h"
#include "check.h"

static void add_league(calinvite_engine* engine) {
  calinvite_domain domain = CALINVITE_DOMAIN_INIT;
  domain.name = "league";
  domain.from = "cal@reply.league.example";
  domain.reply_domain = "reply.league.example";
  domain.base_url = "https://cal.league.example";
  CHECK(calinvite_add_domain(engine, &domain, NULL, NULL) == CALINVITE_OK);
  calinvite_organizer organizer = CALINVITE_ORGANIZER_INIT;
  organizer.address = "fixtures@league.example";
  CHECK(calinvite_add_organizer(engine, &organizer, NULL, NULL) == CALINVITE_OK);
}

#endif

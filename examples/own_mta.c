/* Composes 10,000 invitations for an MTA of your own, which takes each as finished bytes: no store,
   no network, no thread. An answer leads back to the row of the person in your own database. */
#include <time.h>

#include "check.h"

static int delivered;
static char last[32768];
/* Where your MTA takes over. Bounces come back to `from`, which names the person, too. */
static void deliver(const char* from, const char* to, const char* message, size_t size) {
  (void)from, (void)to;
  ++delivered;
  if (size < sizeof last) memcpy(last, message, size + 1);
}

static void invite(uint32_t fan, calinvite_composer* composer, const calinvite_key_ring* keys) {
  calinvite_error* error;
  char address[64], attempt[32], token[CALINVITE_LINK_TOKEN_SIZE];
  snprintf(address, sizeof address, "fan%u@example.com", fan);
  snprintf(attempt, sizeof attempt, "match1-%u", fan);
  calinvite_link_token link = CALINVITE_LINK_TOKEN_INIT;
  link.purpose = CALINVITE_PURPOSE_RSVP;
  link.expires = 2125411200; /* 2037-05-08T16:00:00Z, when the match ends */
  memcpy(link.row, &fan, sizeof fan);
  check(calinvite_mint_link_token(keys, &link, token, &error), &error);
  /* Keep UID and organizer address with the person: every update of the event repeats them. */
  const calinvite_text *uid, *own, *from;
  check(calinvite_mint_uid(&uid, &error), &error);
  check(calinvite_mint_address_token(&own, &error), &error);
  check(calinvite_token_address("cal", own->bytes, "re.league.example", "+", &from, &error),
        &error);
  calinvite_copy copy = CALINVITE_COPY_INIT;
  copy.uid = uid->bytes;
  copy.organizer_address = from->bytes;
  copy.address = address;
  copy.rsvp_token = token;
  copy.attempt_id = attempt;
  copy.dtstamp = time(NULL);
  const char* message; /* the composer's, until it composes the next */
  size_t size;
  check(calinvite_compose(composer, &copy, &message, &size, &error), &error);
  deliver(copy.organizer_address, copy.address, message, size);
  calinvite_free(uid);
  calinvite_free(own);
  calinvite_free(from);
}

int main(void) {
  static const uint8_t secret[32] = {1, 2, 3}; /* in earnest random, and kept secret */
  calinvite_error* error;
  calinvite_key_ring* keys;
  check(calinvite_key_ring_new(&keys, &error), &error);
  check(calinvite_key_ring_add(keys, 1, secret, &error), &error);
  calinvite_event match = CALINVITE_EVENT_INIT;
  match.uid = "match1";
  match.summary = "Harbour v Hill";
  match.start = "2037-05-08T15:00";
  match.end = "2037-05-08T17:00";
  match.timezone = "Europe/London";
  calinvite_revision revision = CALINVITE_REVISION_INIT;
  revision.event = &match;
  revision.organizer_name = "League Office";
  revision.base_url = "https://cal.league.example";
  calinvite_composer* composer;
  check(calinvite_composer_new(&revision, &composer, &error), &error);
  for (uint32_t fan = 1; fan <= 10000; ++fan) invite(fan, composer, keys);
  calinvite_composer_free(composer);

  const calinvite_mail* mail;
  check(calinvite_parse_mail(last, strlen(last), &mail, &error), &error);
  printf("%d delivered, the last is to %s: %s\n", delivered, mail->recipients[0], mail->subject);
  /* Somebody opens the link to answer: whoever serves that page asks whose it is. */
  char token[CALINVITE_LINK_TOKEN_SIZE] = "";
  sscanf(strstr(mail->reply_text, "/r/"), "/r/%64[A-Za-z0-9_-]", token);
  calinvite_link_token link = CALINVITE_LINK_TOKEN_INIT;
  check(calinvite_verify_link_token(keys, token, CALINVITE_PURPOSE_RSVP, time(NULL), &link, &error),
        &error);
  uint32_t row;
  memcpy(&row, link.row, sizeof row);
  printf("its link names row %u\n", row);
  calinvite_free(mail);
  calinvite_key_ring_free(keys);
  return 0;
}

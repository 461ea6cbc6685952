/* As bench/faces.cpp, through the C face. */
#include <calinvite.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { people = 1000, rounds = 100 };

struct person {
  char uid[40], organizer_address[64], address[32], name[16], rsvp[64], unsubscribe[64],
      attempt[40];
};

static void name(struct person* person, int number) {
  snprintf(person->uid, sizeof person->uid, "ci-00000000000000000000000000%04d", number);
  snprintf(person->organizer_address, sizeof person->organizer_address,
           "cal+abcdefghijkl%04d@reply.league.example", number);
  snprintf(person->address, sizeof person->address, "fan%04d@example.net", number);
  snprintf(person->name, sizeof person->name, "Fan %04d", number);
  memset(person->rsvp, 'A', 50);
  snprintf(person->rsvp + 50, sizeof person->rsvp - 50, "%04d", number);
  memset(person->unsubscribe, 'B', 50);
  snprintf(person->unsubscribe + 50, sizeof person->unsubscribe - 50, "%04d", number);
  snprintf(person->attempt, sizeof person->attempt, "0000000000000000000000000000%04d", number);
}

int main(void) {
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.organizer = "fixtures@league.example";
  event.summary = "Harbour v Hill";
  event.description = "The derby. Gates open two hours before.";
  event.location = "Harbour Ground, Quay Road";
  event.start = "2037-05-08T15:00";
  event.end = "2037-05-08T17:00";
  event.timezone = "Europe/London";
  calinvite_revision revision = CALINVITE_REVISION_INIT;
  revision.event = &event;
  revision.base_url = "https://cal.league.example";
  revision.organizer_name = "League Office";
  calinvite_composer* composer = NULL;
  if (calinvite_composer_new(&revision, &composer, NULL) != CALINVITE_OK) return 1;

  struct person* persons = calloc(people, sizeof *persons);
  calinvite_copy* copies = calloc(people, sizeof *copies);
  if (persons == NULL || copies == NULL) return 1;
  for (int i = 0; i < people; ++i) {
    name(&persons[i], i);
    copies[i] = (calinvite_copy)CALINVITE_COPY_INIT;
    copies[i].uid = persons[i].uid;
    copies[i].organizer_address = persons[i].organizer_address;
    copies[i].address = persons[i].address;
    copies[i].name = persons[i].name;
    copies[i].language = "en";
    copies[i].rsvp_token = persons[i].rsvp;
    copies[i].unsubscribe_token = persons[i].unsubscribe;
    copies[i].dtstamp = 2119521600;
    copies[i].attempt_id = persons[i].attempt;
  }

  unsigned long bytes = 0;
  const clock_t begin = clock();
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < people; ++i) {
      const char* message = NULL;
      size_t size = 0;
      if (calinvite_compose(composer, &copies[i], &message, &size, NULL) != CALINVITE_OK) return 1;
      bytes += size;
    }
  }
  printf("{\"job\": \"faces\", \"peer\": \"C\", \"n\": %d, \"cpu_s\": %.4f, \"bytes\": %lu}\n",
         people * rounds, (double)(clock() - begin) / CLOCKS_PER_SEC, bytes);
  calinvite_composer_free(composer);
  free(copies);
  free(persons);
  return 0;
}

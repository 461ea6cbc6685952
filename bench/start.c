/* What a C program waits for once: started without an argument it only loads the library, with one
   it prints the nanoseconds of the first and of the fastest later call of each of three. For
   bench/start.py. */
#define _POSIX_C_SOURCE 200809L
#include <calinvite.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char match[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:match-"
    "1\r\n"
    "DTSTAMP:20370301T120000Z\r\nSUMMARY:Harbour v Hill\r\n"
    "DTSTART;TZID=Europe/London:20370508T150000\r\nDTEND;TZID=Europe/London:20370508T170000\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";

static int parse(void) {
  const calinvite_calendar* calendar;
  const calinvite_status status =
      calinvite_parse_calendar(match, strlen(match), NULL, &calendar, NULL);
  calinvite_free(calendar);
  return status;
}

static int compose(void) {
  calinvite_event event = CALINVITE_EVENT_INIT;
  event.uid = "match-1";
  event.summary = "Harbour v Hill";
  event.start = "2037-05-08T15:00";
  event.end = "2037-05-08T17:00";
  event.timezone = "Europe/London";
  calinvite_revision revision = CALINVITE_REVISION_INIT;
  revision.event = &event;
  revision.base_url = "https://cal.league.example";
  calinvite_copy copy = CALINVITE_COPY_INIT;
  copy.uid = "ci-1";
  copy.organizer_address = "cal+mfrggzdfmztwq2lk@reply.league.example";
  copy.address = "fan1@example.com";
  copy.rsvp_token = "AQEAAWs27IAQERITFBUWFxgZGhscHR4fdRyfUFjTBRJuPe9y3LiQgQ";
  copy.attempt_id = "a-1";
  copy.dtstamp = 2119521600;
  calinvite_composer* composer;
  const char* message;
  size_t size;
  calinvite_status status = calinvite_composer_new(&revision, &composer, NULL);
  if (status == CALINVITE_OK) status = calinvite_compose(composer, &copy, &message, &size, NULL);
  calinvite_composer_free(composer);
  return status;
}

static int open_store(void) {
  static const uint8_t master_key[32] = {1};
  calinvite_engine_options options = CALINVITE_ENGINE_OPTIONS_INIT;
  options.store = "sqlite:start.db";
  options.master_key = master_key;
  calinvite_engine* engine;
  const calinvite_status status = calinvite_open(&options, &engine, NULL);
  calinvite_close(engine);
  return status;
}

static long nanoseconds_of(int (*call)(void)) {
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  const int status = call();
  clock_gettime(CLOCK_MONOTONIC, &end);
  if (status != CALINVITE_OK) return -1;
  return (end.tv_sec - begin.tv_sec) * 1000000000L + end.tv_nsec - begin.tv_nsec;
}

int main(int argc, char** argv) {
  (void)argv;
  if (argc == 1) return calinvite_version()[0] == '\0';
  int (*const calls[])(void) = {parse, compose, open_store};
  for (size_t i = 0; i < 3; ++i) {
    const long first = nanoseconds_of(calls[i]);
    long later = first;
    for (int again = 0; again < 20; ++again) {
      const long took = nanoseconds_of(calls[i]);
      if (took < later) later = took;
    }
    if (first < 0 || later < 0) return 1;
    printf("%ld %ld\n", first, later);
  }
  return 0;
}

// Composes 100,000 messages of one event through the C++ face, as bench/faces.c and bench/faces.py
// do through theirs: the same event, people and tokens; each message is looked at and dropped.
#include <calinvite/compose.hpp>
#include <calinvite/time.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

int main() {
  using namespace calinvite;
  constexpr int people = 1000, rounds = 100;
  Event event{.organizer = "fixtures@league.example", .summary = "Harbour v Hill"};
  event.description = "The derby. Gates open two hours before.";
  event.location = "Harbour Ground, Quay Road";
  event.start = parse_iso("2037-05-08T15:00")->wall;
  event.end = event.start + std::chrono::hours(2);
  event.timezone = "Europe/London";
  std::vector<CopyFields> copies;
  for (int i = 0; i < people; ++i) {
    char number[8];
    std::snprintf(number, sizeof number, "%04d", i);
    copies.push_back(
        {.uid = std::string("ci-00000000000000000000000000") + number,
         .organizer_address = std::string("cal+abcdefghijkl") + number + "@reply.league.example",
         .address = std::string("fan") + number + "@example.net",
         .name = std::string("Fan ") + number,
         .language = "en",
         .rsvp_token = std::string(50, 'A') + number,
         .unsubscribe_token = std::string(50, 'B') + number,
         .dtstamp = std::chrono::sys_seconds(std::chrono::seconds(2'119'521'600)),
         .attempt_id = std::string("0000000000000000000000000000") + number});
  }
  const ZoneTable zones;
  auto composer = Composer::prepare(
      {event, Method::request, 0, {}, "League Office", "https://cal.league.example"}, zones);
  if (!composer) return 1;

  std::string message;
  unsigned long bytes = 0;
  const std::clock_t begin = std::clock();
  for (int round = 0; round < rounds; ++round) {
    for (const CopyFields& copy : copies) {
      if (!composer->compose(copy, message)) return 1;
      bytes += message.size();
    }
  }
  std::printf(R"({"job": "faces", "peer": "C++", "n": %d, "cpu_s": %.4f, "bytes": %lu})"
              "\n",
              people * rounds, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, bytes);
}

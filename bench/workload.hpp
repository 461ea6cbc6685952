/// What the benchmarks share: the event and people that other libraries are measured with, and how
/// time is taken.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <calinvite/compose.hpp>
#include <calinvite/time.hpp>
#include <calinvite/token.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace bench {

using namespace calinvite;
using Steady = std::chrono::steady_clock;

constexpr int rounds = 7;
inline const auto now = std::chrono::sys_seconds(std::chrono::seconds(1'767'614'400));

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Another workload than the one asked for would be measured in silence: what can't be read ends
/// us.
inline Json read_json(const std::string& path) {
  constexpr std::size_t longest = 16 * 1024 * 1024;
  auto json = Json::parse(read_file(path), longest);
  if (!json) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), to_string(json.error()).c_str());
    std::exit(1);
  }
  return std::move(*json);
}

/// The workload that other libraries are measured with, or one like it.
struct Workload {
  Event event;
  std::string organizer_name = "Ana Almeida";
  std::vector<CopyFields> copies;
};

inline CopyFields copy_for(std::string name, std::string address) {
  CopyFields copy;
  copy.uid = mint_uid(system_random, std::chrono::sys_seconds());
  copy.organizer_address = "events+" + mint_address_token(system_random) + "@reply.example.com";
  copy.address = std::move(address);
  copy.name = std::move(name);
  copy.language = "en";
  copy.dtstamp = now;
  return copy;
}

inline Workload make_workload(const std::string& folder) {
  Workload made;
  Event& event = made.event;
  event.uid = "ci-bench";
  event.organizer = "organizer@example.com";
  event.language = "en";
  event.timezone = "Europe/Paris";
  event.created = event.changed = now - std::chrono::days(2);
  if (!folder.empty()) {
    const auto json = read_json(folder + "/event.json");
    const auto people = read_json(folder + "/recipients.json");
    event.summary = json["summary"].string();
    event.description = json["description"].string();
    event.location = json["location"].string();
    event.start = parse_iso(json["start"].string())->wall;
    event.end = parse_iso(json["end"].string())->wall;
    event.timezone = json["tzid"].string();
    made.organizer_name = json["organizer_name"].string();
    for (const auto& person : people.array()) {
      made.copies.push_back(
          copy_for(std::string(person["name"].string()), std::string(person["email"].string())));
    }
    return made;
  }
  event.summary = "Quarterly review of all that has been built";
  for (int i = 0; i < 4; ++i) {
    event.description +=
        "What was planned, what came of it, and what the next three months are for, in short. ";
  }
  event.location = "Room 12, Building B";
  event.start = parse_iso("2026-03-12T09:00")->wall;
  event.end = event.start + std::chrono::hours(1);
  for (int i = 0; i < 1000; ++i) {
    made.copies.push_back(copy_for("Guest " + std::to_string(i),
                                   "guest" + std::to_string(10000 + i) + "@example.com"));
  }
  return made;
}

/// What dispatch makes anew for each copy: its links, and an attempt id as long as it makes them;
/// with a third token, as other systems sign one too.
inline void fill_in(CopyFields& copy, const KeyRing& ring) {
  const auto mint = [&](TokenPurpose purpose) {
    return mint_link_token({purpose, {}, now + std::chrono::hours(1)}, ring);
  };
  copy.rsvp_token = mint(TokenPurpose::rsvp);
  copy.unsubscribe_token = mint(TokenPurpose::unsubscribe);
  copy.attempt_id = mint(TokenPurpose::button);
  copy.attempt_id.resize(32);
  std::transform(copy.attempt_id.begin(), copy.attempt_id.end(), copy.attempt_id.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

/// Seconds that one pass takes at best.
template <class Work>
double best_of(const Work& work) {
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = Steady::now();
    work();
    best = std::min(best, std::chrono::duration<double>(Steady::now() - begin).count());
  }
  return best;
}

/// Prints a measurement as the peers' programs do: `seconds` for `count` pieces of work.
inline void emit(const char* job, const char* what, double seconds, double count, double bytes) {
  std::printf(
      "{\"job\":\"%s\",\"peer\":\"calinvite\",\"case\":\"%s\",\"s\":%.9f,\"n\":%.0f,\"bytes\":%.0f}"
      "\n",
      job, what, seconds, count, bytes);
}

}  // namespace bench

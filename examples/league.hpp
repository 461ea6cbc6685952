// What examples of the engine begin with: a store with a domain, an organizer, and a match that
// three fans are invited to. quickstart.cpp says the same without leaving anything out.
#pragma once

#include <calinvite/engine.hpp>
#include <calinvite/time.hpp>
#include <cstdio>
#include <string>

#include "check.hpp"

using namespace calinvite;
inline const auto league = Scope::domain("league");

inline Engine open_league(const std::string& file, Clock clock = {}) {
  std::remove(file.c_str());
  auto engine = check(Engine::open({
      .store = "sqlite:" + file,
      .master_key = {1, 2, 3},  // in earnest 32 random bytes, kept secret
      .clock = std::move(clock),
  }));
  check(engine.add_domain({.name = "league",
                           .from = "cal@reply.league.example",
                           .reply_domain = "reply.league.example",
                           .base_url = "https://cal.league.example"}));
  check(engine.add_organizer({.address = "fixtures@league.example", .name = "League Office"}));
  return engine;
}

// fan1, fan2 and fan3.
inline Event invite_fans(Engine& engine) {
  Event match{.organizer = "fixtures@league.example", .summary = "Harbour v Hill"};
  match.location = "Harbour Ground";
  match.start = parse_iso("2037-05-08T15:00")->wall;
  match.end = match.start + std::chrono::hours(2);
  match.timezone = "Europe/London";
  match = check(engine.create_event(league, match));
  const InviteRequest fans[] = {{.address = "fan1@example.com"},
                                {.address = "fan2@example.com"},
                                {.address = "fan3@example.com"}};
  check(engine.invite(league, match.uid, fans, "api"));
  return match;
}

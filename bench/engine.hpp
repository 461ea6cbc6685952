/// What the programs that send have in common: a store, a sender, and an end when something fails.
#pragma once

#include <calinvite/engine.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace bench {

using namespace calinvite;
inline const Scope scope = Scope::domain("bench");

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", to_string(result.error()).c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline Engine open_engine(const std::string& file) {
  return must(Engine::open({.store = "sqlite:" + file, .master_key = {7}}));
}

inline void add_organizer(Engine& engine, const std::string& address, const std::string& name) {
  must(engine.add_domain({.name = "bench",
                          .from = "events@reply.example.com",
                          .reply_domain = "reply.example.com",
                          .base_url = "https://rsvp.example.com"}));
  must(engine.add_organizer({.domain = "bench", .address = address, .name = name, .bulk = true}));
}

inline std::unique_ptr<Transport> open_transport(const std::string& endpoint,
                                                 const std::string& ca_file,
                                                 std::size_t connections) {
  return must(open_ses_transport({.region = "us-east-1",
                                  .credentials = {"AKIDEXAMPLE", "secret", {}},
                                  .endpoint = endpoint,
                                  .ca_file = ca_file,
                                  .max_connections = connections,
                                  .clock = system_time}));
}

}  // namespace bench

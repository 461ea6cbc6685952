/// The HTTP side: TLS, connections, and requests handed to the simulator as they arrived.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "simulator.hpp"

namespace httplib {
class Server;
}

namespace ses_simulator {

struct ServerOptions {
  int port = 0;             ///< 0: any free one
  bool plain_http = false;  ///< for tools that cannot do TLS
  std::chrono::milliseconds latency{0};
  std::uint64_t max_requests = 0;  ///< of the API; the server then says it has had enough
};

/// Listens on 127.0.0.1 only.
class Server {
 public:
  Server(Simulator& simulator, ServerOptions options);
  ~Server();

  /// Listens and serves on threads of its own. Returns the port, or what went wrong.
  std::variant<int, std::string> start();

  /// Waits for the answers on their way.
  void stop();

  bool had_enough() const;

 private:
  void route();

  Simulator& simulator_;
  const ServerOptions options_;
  std::unique_ptr<httplib::Server> http_;
  std::thread thread_;
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace ses_simulator

/// The HTTP side: TLS, connections, and requests handed to the simulator as they arrived.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "simulator.hpp"

namespace ses_simulator {

class Loop;

struct ServerOptions {
  int port = 0;                    ///< 0: any free one
  bool plain_http = false;         ///< for tools that cannot do TLS
  std::uint64_t max_requests = 0;  ///< of the API; the server then says it has had enough
  unsigned threads = 2;            ///< each serves its share of the connections, however many
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
  Answer answer(const ApiRequest& request);

  Simulator& simulator_;
  const ServerOptions options_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_{nullptr, SSL_CTX_free};
  int listening_ = -1;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::thread> threads_;
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace ses_simulator

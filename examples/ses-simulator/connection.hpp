/// One client's connection: bytes in and out without ever waiting, with TLS or without.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

#include "http_message.hpp"

namespace ses_simulator {

/// Belongs to one thread, owns its socket.
class Connection {
 public:
  /// @param tls  nullptr: none
  Connection(int socket, SSL_CTX* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Reads what has arrived into `reader`; false when the client has gone.
  bool receive();

  /// Writes what fits of `out`; false when the client has gone.
  bool send();

  /// The events of epoll that receive() or send() wait for.
  std::uint32_t awaited() const;

  const int socket;
  RequestReader reader;
  std::string out;          ///< to be sent
  bool answering = false;   ///< an answer is due later; the client's next request waits
  bool last = false;        ///< close once `out` has left
  std::uint32_t armed = 0;  ///< what epoll was told

 private:
  /// What a failed call of OpenSSL means: true when it is to be tried again.
  bool again(int result);

  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
  bool send_wants_read_ = false;
  bool receive_wants_write_ = false;
};

}  // namespace ses_simulator

#include "connection.hpp"

#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace ses_simulator {

Connection::Connection(int accepted, SSL_CTX* tls) : socket(accepted) {
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls));
  SSL_set_fd(tls_.get(), socket);
  SSL_set_accept_state(tls_.get());
}

Connection::~Connection() { ::close(socket); }

bool Connection::again(int result) {
  const int error = SSL_get_error(tls_.get(), result);
  ERR_clear_error();
  receive_wants_write_ = error == SSL_ERROR_WANT_WRITE;
  send_wants_read_ = error == SSL_ERROR_WANT_READ;
  return receive_wants_write_ || send_wants_read_;
}

bool Connection::receive() {
  char bytes[16384];
  for (;;) {
    if (tls_) {
      const int got = SSL_read(tls_.get(), bytes, sizeof bytes);
      if (got <= 0) return again(got);
      receive_wants_write_ = false;
      reader.add(bytes, static_cast<std::size_t>(got));
    } else {
      const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
      if (got <= 0) return false;
      reader.add(bytes, static_cast<std::size_t>(got));
    }
  }
}

bool Connection::send() {
  while (!out.empty()) {
    if (tls_) {
      const int sent = SSL_write(tls_.get(), out.data(), static_cast<int>(out.size()));
      if (sent <= 0) return again(sent);
      send_wants_read_ = false;
      out.erase(0, static_cast<std::size_t>(sent));
    } else {
      const ssize_t sent = ::send(socket, out.data(), out.size(), MSG_NOSIGNAL);
      if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return true;
      if (sent <= 0) return false;
      out.erase(0, static_cast<std::size_t>(sent));
    }
  }
  return true;
}

std::uint32_t Connection::awaited() const {
  if (!out.empty()) return send_wants_read_ ? EPOLLIN : EPOLLOUT;
  if (answering) return 0;
  return receive_wants_write_ ? EPOLLOUT : EPOLLIN;
}

}  // namespace ses_simulator

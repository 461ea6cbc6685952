#include "server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "certificate.hpp"
#include "loop.hpp"

namespace ses_simulator {
namespace {

constexpr int backlog = 1024;  // the default makes a burst of connections wait a second

bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// A socket that listens on 127.0.0.1, or -1. Not SO_REUSEPORT: two simulators would share a port.
int listen_on(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(socket, backlog) == 0) {
    return socket;
  }
  ::close(socket);
  return -1;
}

int port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

Server::Server(Simulator& simulator, ServerOptions options)
    : simulator_(simulator), options_(options) {}

Server::~Server() {
  stop();
  if (listening_ >= 0) ::close(listening_);
}

bool Server::had_enough() const {
  return options_.max_requests != 0 && requests_.load() >= options_.max_requests;
}

Answer Server::answer(const ApiRequest& request) {
  if (begins_with(request.target, "/simulator/")) return simulator_.administer(request);
  if (!begins_with(request.target, "/v2/")) return {404, "UnknownOperationException", "{}"};
  const std::uint64_t number = ++requests_;
  if (options_.max_requests != 0 && number > options_.max_requests) {
    return {503, "ServiceUnavailable", "{}"};
  }
  return simulator_.answer(request);
}

std::variant<int, std::string> Server::start() {
  if (!options_.plain_http) {
    const auto own = certificate_in(simulator_.directory());
    if (!own) return "cannot make a certificate in " + simulator_.directory();
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    if (!tls_ || SSL_CTX_use_certificate(tls_.get(), own->certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(tls_.get(), own->key.get()) != 1) {
      return "OpenSSL refuses our certificate";
    }
    SSL_CTX_set_mode(tls_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                     SSL_MODE_RELEASE_BUFFERS);
  }
  listening_ = listen_on(options_.port);
  if (listening_ < 0) return "cannot listen on 127.0.0.1:" + std::to_string(options_.port);
  for (unsigned i = 0; i < options_.threads; ++i) {
    loops_.push_back(std::make_unique<Loop>(
        listening_, tls_.get(), [this](const ApiRequest& request) { return answer(request); },
        [this](const Answer& given, bool close) {
          return answer_text(given, simulator_.request_id(), simulator_.date(), close);
        }));
    if (!loops_.back()->ready()) return "the system has no file descriptors left";
  }
  for (const auto& loop : loops_) threads_.emplace_back([&loop = *loop] { loop.run(); });
  return port_of(listening_);
}

void Server::stop() {
  for (const auto& loop : loops_) loop->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  loops_.clear();
}

}  // namespace ses_simulator

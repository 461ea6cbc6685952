/// One connection to an HTTP server, and the exchange on it.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

#include "transport/curl.hpp"
#include "transport/http/answer.hpp"
#include "transport/http/client.hpp"

namespace calinvite::http {

class Connection;

/// What connections have in common.
struct Loop {
  CURLM* multi = nullptr;  ///< connects, and holds what is connected
  int epoll = -1;          ///< waits for the sockets of both
  std::unordered_map<curl_socket_t, Connection*> sockets;  ///< of what is connected
};

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// @param options, loop  must live on
  Connection(const ClientOptions& options, Loop& loop) : options_(options), loop_(loop) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Its exchange is on its way; else the last one's end is to be taken.
  bool is_busy() const noexcept { return state_ == State::connecting || state_ == State::busy; }
  bool is_open_to(const std::string& origin) const noexcept {
    return state_ == State::idle && origin_ == origin;
  }
  /// Only while nothing is on its way; connects when that is needed.
  /// @param origin  scheme, host and port
  /// @param head    of the request, with the empty line
  /// @error unavailable  nothing was sent
  Result<void> start(Exchange exchange, const std::string& origin, std::string_view head);
  /// libcurl is done with connecting.
  void connected(CURLcode code);
  /// The socket may be read or written.
  void advance();
  /// When it ends at the latest.
  Time deadline() const noexcept { return deadline_; }
  void expire();
  Exchange take();

 private:
  enum class State { closed, connecting, idle, busy };

  bool prepare();
  Result<void> connect();
  bool is_fresh();
  void send();
  void receive();
  void watch(bool to_write);
  void finish();
  void lose(std::string why);
  void lose_answer();
  void close();

  const ClientOptions& options_;
  Loop& loop_;
  State state_ = State::closed;
  transport::CurlEasy easy_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string origin_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  bool waits_to_write_ = false;
  Time used_{};
  bool may_start_over_ = false;
  Time deadline_{};
  Exchange exchange_;
  AnswerReader answer_{0};
  std::string out_;       ///< head and body: one write, one TLS record where it fits
  std::size_t sent_ = 0;  ///< of out_
};

}  // namespace calinvite::http

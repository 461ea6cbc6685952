/// Serves many connections on one thread: epoll tells which can go on, one timer which answers are
/// due, so that a delay costs no thread and is held to the microsecond that the machine allows.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <queue>
#include <unordered_map>
#include <vector>

#include "connection.hpp"

namespace ses_simulator {

class Loop {
 public:
  using Clock = std::chrono::steady_clock;

  /// Makes the text of an answer, without its delay.
  using Write = std::function<std::string(const Answer&, bool close)>;

  /// @param listening  shared with other loops; neither owned nor closed
  /// @param tls  nullptr: none
  Loop(int listening, SSL_CTX* tls, std::function<Answer(const ApiRequest&)> answer, Write write);
  ~Loop();

  /// False when the system has no epoll, timer or event descriptor left.
  bool ready() const { return epoll_ >= 0 && timer_ >= 0 && wake_ >= 0; }

  /// Serves until stop() was called and every answer on its way has left.
  void run();

  /// From any thread.
  void stop();

 private:
  struct Due {
    Clock::time_point when;
    std::uint64_t serial;  ///< equal times keep their order; also tells apart reused sockets
    int socket;
    Answer answer;
    bool operator>(const Due& other) const {
      return when != other.when ? when > other.when : serial > other.serial;
    }
  };

  void accept_all();
  void serve(Connection& connection);
  void give(Connection& connection, const Answer& answer);
  void answer_due();
  void set_timer();
  void settle(Connection& connection, bool alive);
  void close_idle();

  const int listening_;
  SSL_CTX* const tls_;
  const std::function<Answer(const ApiRequest&)> answer_;
  const Write write_;
  int epoll_ = -1, timer_ = -1, wake_ = -1;
  bool stopping_ = false;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::unordered_map<int, std::uint64_t> awaited_;  ///< socket to the serial of its Due
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::uint64_t next_serial_ = 1;
};

}  // namespace ses_simulator

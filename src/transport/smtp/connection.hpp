/// One connection to an SMTP server, and the message on it.
///
/// libcurl connects, speaks TLS and AUTH; the mail transaction is ours, because libcurl's own does
/// not tell whether the final dot left, asks for one reply after the other, drops the connection
/// whenever a recipient is refused, and can't say BODY=8BITMIME.
#pragma once

#include <poll.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transport/curl.hpp"
#include "transport/smtp/delivery.hpp"
#include "transport/smtp/reply.hpp"

namespace calinvite::smtp {

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// @param options  must live on
  explicit Connection(const SmtpOptions& options) : options_(options) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Whether the next message may be handed over; connects by itself when that is needed.
  bool is_free() const noexcept {
    return (state_ == State::closed || state_ == State::idle) && !outcome_;
  }
  bool is_open() const noexcept { return state_ == State::idle && !outcome_; }
  /// @error unavailable  libcurl can't start, and nothing was sent
  Result<void> deliver(Delivery delivery);
  /// What it waits for, appended to `fds`, and until when at the latest.
  Time append_waits(std::vector<pollfd>& fds) const;
  /// Goes on as far as it can without waiting. @param ready  something it waits for happened
  void advance(bool ready);
  /// How the message ended, once.
  std::optional<SendOutcome> take_outcome();

 private:
  enum class State { closed, connecting, idle, busy };
  enum class Phase { envelope, body, answer };
  struct Command {
    Stage stage;
    std::string line;
  };
  struct Refusal {
    Stage stage;
    Reply reply;
  };
  struct MultiDeleter {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };

  static std::size_t read_line(char* bytes, std::size_t size, std::size_t count, void* user);
  static int watch(CURL* easy, curl_socket_t socket, int what, void* user, void*);

  Result<void> connect();
  void set_options(CURL* easy);
  void go_on_connecting(bool ready);
  void connected(CURLcode code);
  void learn(const Reply& reply);
  bool offers(std::string_view keyword) const;
  std::size_t largest() const;
  bool is_fresh();
  void close();

  void begin();
  std::string obstacle() const;
  void send_commands();
  void transact();
  bool flush();
  bool receive();
  void take(Reply reply);
  void take_envelope(Reply reply);
  void take_answer(const Reply& reply);
  void lose(const std::string& why);
  bool start_over();
  void end(Stage stage, const Reply& reply);
  void end(SendVerdict verdict, std::string detail, std::string message_id = {});
  void set_deadline(std::chrono::seconds from_now);

  const SmtpOptions& options_;
  State state_ = State::closed;
  // Each has a multi handle of its own: before a new connection libcurl looks through what the
  // handle holds for dead ones, and may take one for dead that has an answer to be read.
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  transport::CurlEasy easy_;
  std::map<curl_socket_t, short> sockets_;  ///< libcurl's, while connecting
  std::string error_ = std::string(CURL_ERROR_SIZE, '\0');
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  ReplyReader reader_;

  Reply last_;                             ///< while connecting
  std::vector<std::string> capabilities_;  ///< lines of the last EHLO
  bool authenticated_ = false;
  Time opened_{};
  Time used_{};
  Time deadline_{};
  int served_ = 0;      ///< messages that ended on this connection
  bool dirty_ = false;  ///< the last transaction was left half-way: RSET first

  std::optional<Delivery> delivery_;
  std::optional<SendOutcome> outcome_;
  Phase phase_ = Phase::envelope;
  std::vector<Command> commands_;
  std::size_t commands_sent_ = 0;
  std::size_t replies_ = 0;
  std::optional<Refusal> refusal_;
  std::string out_;
  std::size_t sent_ = 0;   ///< of out_
  bool doubtful_ = false;  ///< the final dot may have left
};

}  // namespace calinvite::smtp

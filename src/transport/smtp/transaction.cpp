// One mail transaction after the other over an open connection (RFC 5321 3.3, RFC 2920).
#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "transport/smtp/connection.hpp"

namespace calinvite::smtp {

using std::chrono::steady_clock;

Result<void> Connection::deliver(Delivery delivery) {
  refusal_.reset();
  doubtful_ = false;
  replies_ = 0;
  delivery_ = std::move(delivery);
  if (state_ == State::idle && is_fresh()) {
    begin();
    return {};
  }
  if (auto begun = connect(); !begun) {
    delivery_.reset();
    return begun;
  }
  return {};
}

Connection::Time Connection::append_waits(std::vector<pollfd>& fds) const {
  if (state_ == State::busy) {
    const bool writes = sent_ < out_.size();
    fds.push_back({socket_, static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN), 0});
    return deadline_;
  }
  if (state_ != State::connecting) return Time::max();
  for (const auto& [socket, events] : sockets_) fds.push_back({socket, events, 0});
  long milliseconds = -1;
  curl_multi_timeout(multi_.get(), &milliseconds);
  if (milliseconds < 0) return deadline_;
  return std::min(deadline_, steady_clock::now() + std::chrono::milliseconds(milliseconds));
}

void Connection::advance(bool ready) {
  if (state_ == State::connecting) {
    go_on_connecting(ready);
  } else if (state_ == State::busy && ready) {
    transact();
  }
  if (is_free() || outcome_ || steady_clock::now() < deadline_) return;
  lose(state_ == State::connecting ? "no connection in time" : "no answer in time");
}

std::optional<SendOutcome> Connection::take_outcome() { return std::exchange(outcome_, {}); }

void Connection::set_deadline(std::chrono::seconds from_now) {
  deadline_ = steady_clock::now() + from_now;
}

/// What the server said that it takes at most (RFC 1870); 0: it does not say.
std::size_t Connection::largest() const {
  for (const std::string_view line : capabilities_) {
    if (!text::iequals(line.substr(0, 5), "SIZE ")) continue;
    std::size_t bytes = 0;
    std::from_chars(line.data() + 5, line.data() + line.size(), bytes);
    return bytes;
  }
  return 0;
}

/// Why this server can't take this message; empty: it can.
std::string Connection::obstacle() const {
  if (delivery_->international && !offers("SMTPUTF8")) {
    return "an address or header is not ASCII, and the server does not offer SMTPUTF8";
  }
  if (delivery_->eight_bit && !offers("8BITMIME")) {
    return "the message has 8-bit bytes, and the server does not offer 8BITMIME";
  }
  const std::size_t most = largest();
  if (most == 0 || delivery_->wire.size() <= most) return {};
  return "the message has " + std::to_string(delivery_->wire.size()) +
         " bytes, and the server takes " + std::to_string(most);
}

void Connection::begin() {
  if (std::string why = obstacle(); !why.empty()) {
    state_ = State::idle;
    return end(SendVerdict::refused, std::move(why));
  }
  state_ = State::busy;
  phase_ = Phase::envelope;
  std::string mail = "MAIL FROM:<" + delivery_->from + ">";
  if (offers("SIZE")) mail += " SIZE=" + std::to_string(delivery_->wire.size());
  if (delivery_->eight_bit) mail += " BODY=8BITMIME";
  if (delivery_->international) mail += " SMTPUTF8";
  commands_.clear();
  if (dirty_) commands_.push_back({Stage::reset, "RSET\r\n"});
  commands_.push_back({Stage::mail, mail + "\r\n"});
  commands_.push_back({Stage::recipient, "RCPT TO:<" + delivery_->to + ">\r\n"});
  commands_.push_back({Stage::data, "DATA\r\n"});
  commands_sent_ = replies_ = 0;
  refusal_.reset();
  dirty_ = true;
  out_.clear();
  sent_ = 0;
  set_deadline(options_.command_timeout);
  send_commands();
  transact();
}

void Connection::send_commands() {
  const std::size_t until = offers("PIPELINING") ? commands_.size() : replies_ + 1;
  while (commands_sent_ < until) out_ += commands_[commands_sent_++].line;
}

void Connection::transact() {
  while (flush() && receive()) {
  }
}

/// @return false when the message has ended
bool Connection::flush() {
  constexpr std::size_t piece = 64 * 1024;
  while (sent_ < out_.size()) {
    const std::size_t wanted = std::min(piece, out_.size() - sent_);
    // Also when libcurl answers that it took nothing: TLS may keep a record back and send it yet.
    if (phase_ == Phase::body && sent_ + wanted == out_.size()) doubtful_ = true;
    std::size_t count = 0;
    const CURLcode code = curl_easy_send(easy_.get(), out_.data() + sent_, wanted, &count);
    if (code == CURLE_AGAIN) return true;
    if (code != CURLE_OK) {
      // Perhaps it said why before it went.
      receive();
      if (state_ == State::busy) lose("the connection broke");
      return false;
    }
    sent_ += count;
    set_deadline(options_.command_timeout);
  }
  out_.clear();
  sent_ = 0;
  if (phase_ == Phase::body) {
    phase_ = Phase::answer;
    set_deadline(options_.answer_timeout);
  }
  return true;
}

/// @return true when something came and the message goes on
bool Connection::receive() {
  std::array<char, 4096> bytes;
  bool came = false;
  while (state_ == State::busy) {
    std::size_t count = 0;
    const CURLcode code = curl_easy_recv(easy_.get(), bytes.data(), bytes.size(), &count);
    if (code == CURLE_AGAIN) break;
    if (code != CURLE_OK || count == 0) {
      lose("the server closed the connection");
      return false;
    }
    came = true;
    reader_.add({bytes.data(), count});
    while (state_ == State::busy) {
      auto reply = reader_.next();
      if (!reply) lose(reply.error().message);
      if (!reply || !*reply) break;
      take(std::move(**reply));
    }
  }
  return came && state_ == State::busy;
}

void Connection::take(Reply reply) {
  switch (phase_) {
    case Phase::envelope:
      return take_envelope(std::move(reply));
    case Phase::body:
      // It did not wait for the end of the message.
      close();
      return end(doubtful_ ? Stage::message : Stage::data, reply);
    case Phase::answer:
      return take_answer(reply);
  }
}

void Connection::take_envelope(Reply reply) {
  const Stage stage = commands_[replies_].stage;
  if (reply.code == 421) {  // it closes: perhaps only because we were idle for long
    if (replies_ == 0 && start_over()) return;
    close();
    return end(stage, reply);
  }
  ++replies_;
  set_deadline(options_.command_timeout);
  const bool good = stage == Stage::data ? reply.code == 354 : reply.code / 100 == 2;
  if (!good && !refusal_) refusal_ = {stage, reply};
  if (refusal_ && stage == Stage::data && good) {
    // It waits for a message without a recipient: there is no way back but to go.
    close();
  } else if (refusal_ && replies_ < commands_sent_) {
    return;
  }
  if (refusal_) {
    if (state_ == State::busy) state_ = State::idle;
    return end(refusal_->stage, refusal_->reply);
  }
  if (replies_ < commands_.size()) return send_commands();
  phase_ = Phase::body;
  out_ = std::move(delivery_->wire);
  sent_ = 0;
}

void Connection::take_answer(const Reply& reply) {
  dirty_ = false;
  state_ = State::idle;
  if (reply.code / 100 != 2) return end(Stage::message, reply);
  const bool ses = !options_.ses_region.empty();
  std::string id = ses ? std::string() : std::move(delivery_->message_id);
  if (id.empty()) id = queue_id(reply);
  if (id.empty()) id = delivery_->attempt_id;
  end(SendVerdict::accepted, to_string(reply), std::move(id));
}

/// The connection is of no more use.
void Connection::lose(const std::string& why) {
  if (!doubtful_ && replies_ == 0 && start_over()) return;
  close();
  if (refusal_) return end(refusal_->stage, refusal_->reply);
  end(doubtful_ ? SendVerdict::in_doubt : SendVerdict::unavailable, why);
}

/// A connection that served before may have been closed while it was idle: once more on a new one.
bool Connection::start_over() {
  return served_ > 0 && state_ == State::busy && connect().has_value();
}

void Connection::end(Stage stage, const Reply& reply) {
  end(verdict_of(stage, reply, !options_.ses_region.empty()), to_string(reply));
}

void Connection::end(SendVerdict verdict, std::string detail, std::string message_id) {
  outcome_ = SendOutcome{delivery_->attempt_id, verdict, std::move(message_id), std::move(detail)};
  delivery_.reset();
  out_.clear();
  sent_ = 0;
  ++served_;
  used_ = steady_clock::now();
}

}  // namespace calinvite::smtp

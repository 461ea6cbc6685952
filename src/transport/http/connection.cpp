#include "transport/http/connection.hpp"

#include <sys/epoll.h>

#include <algorithm>

#include "base/text.hpp"
#include "transport/curl.hpp"

namespace calinvite::http {
namespace {

using std::chrono::steady_clock;

constexpr long least_buffer = 1024;

}  // namespace

Connection::~Connection() { close(); }

Result<void> Connection::start(Exchange exchange, const std::string& origin,
                               std::string_view head) {
  exchange_ = std::move(exchange);
  out_.assign(head).append(exchange_.body);
  sent_ = 0;
  answer_ = AnswerReader(options_.max_answer_bytes);
  deadline_ = steady_clock::now() + options_.answer_timeout;
  may_start_over_ = origin == origin_ && is_fresh();
  if (may_start_over_) {
    state_ = State::busy;
    send();
    return {};
  }
  close();
  origin_ = origin;
  return connect();
}

// ---- libcurl's part --------------------------------------------------------------------------

bool Connection::prepare() {
  if (!easy_) easy_.reset(curl_easy_init());
  CURL* easy = easy_.get();
  if (easy == nullptr) return false;
  transport::set_safe_defaults(easy, options_.ca_file);
  curl_easy_setopt(easy, CURLOPT_URL, origin_.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, least_buffer);  // what is read goes to ours
  curl_easy_setopt(
      easy, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::min(options_.connect_timeout, options_.answer_timeout).count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  return true;
}

Result<void> Connection::connect() {
  error_[0] = '\0';
  if (!prepare()) return fail(Code::unavailable, "libcurl has no handle left");
  if (curl_multi_add_handle(loop_.multi, easy_.get()) != CURLM_OK) {
    return fail(Code::unavailable, "libcurl takes no more connections");
  }
  state_ = State::connecting;
  return {};
}

void Connection::connected(CURLcode code) {
  if (code != CURLE_OK) {
    const std::string_view words = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
    return lose(text::to_valid_utf8(text::trim(words)));
  }
  curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket_);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket_;
  if (::epoll_ctl(loop_.epoll, EPOLL_CTL_ADD, socket_, &event) != 0) {
    return lose("a connection can't be waited for");
  }
  loop_.sockets[socket_] = this;
  state_ = State::busy;
  send();
}

/// May serve another request: neither idle for long nor closed by the other side meanwhile.
bool Connection::is_fresh() {
  if (state_ != State::idle || steady_clock::now() - used_ > options_.max_idle) return false;
  char byte = 0;
  std::size_t count = 0;
  return curl_easy_recv(easy_.get(), &byte, 1, &count) == CURLE_AGAIN;
}

void Connection::close() {
  if (state_ == State::closed) return;
  if (socket_ != CURL_SOCKET_BAD) {
    loop_.sockets.erase(socket_);
    ::epoll_ctl(loop_.epoll, EPOLL_CTL_DEL, socket_, nullptr);
  }
  curl_multi_remove_handle(loop_.multi, easy_.get());  // closes the connection too
  socket_ = CURL_SOCKET_BAD;
  waits_to_write_ = false;
  state_ = State::closed;
}

// ---- the exchange ----------------------------------------------------------------------------

void Connection::advance() {
  if (state_ == State::idle && !is_fresh()) return close();
  if (state_ != State::busy) return;
  if (sent_ < out_.size()) send();
  if (state_ == State::busy) receive();
}

void Connection::send() {
  // Whatever comes of the first try, bytes may have left.
  exchange_.body_begun = !exchange_.body.empty();
  while (sent_ < out_.size()) {
    std::size_t count = 0;
    const CURLcode code =
        curl_easy_send(easy_.get(), out_.data() + sent_, out_.size() - sent_, &count);
    if (code == CURLE_AGAIN) return watch(true);
    if (code != CURLE_OK) {
      // Perhaps it answered before it went.
      receive();
      if (state_ == State::busy) lose_answer();
      return;
    }
    sent_ += count;
  }
  watch(false);
}

void Connection::watch(bool to_write) {
  if (to_write == waits_to_write_) return;
  waits_to_write_ = to_write;
  epoll_event event{};
  event.events = to_write ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.fd = socket_;
  ::epoll_ctl(loop_.epoll, EPOLL_CTL_MOD, socket_, &event);
}

void Connection::receive() {
  std::array<char, 16 * 1024> bytes;
  for (;;) {
    std::size_t count = 0;
    const CURLcode code = curl_easy_recv(easy_.get(), bytes.data(), bytes.size(), &count);
    if (code == CURLE_AGAIN) return;
    if (code != CURLE_OK || count == 0) {
      const bool whole = code == CURLE_OK && answer_.end();
      return whole ? finish() : lose_answer();
    }
    if (const auto read = answer_.add({bytes.data(), count}); !read) {
      return lose(read.error().message);
    }
    if (answer_.is_done()) return finish();
  }
}

void Connection::finish() {
  if (!answer_.keeps_alive() || sent_ < out_.size()) close();
  if (state_ != State::closed) state_ = State::idle;
  used_ = steady_clock::now();
}

/// The other side may have closed a kept connection just when a GET went out.
void Connection::lose_answer() {
  const bool start_over = may_start_over_ && out_.starts_with("GET ");
  may_start_over_ = false;
  close();
  if (start_over && connect()) {
    sent_ = 0;
    answer_ = AnswerReader(options_.max_answer_bytes);
    return;
  }
  lose("connection closed without an answer");
}

void Connection::lose(std::string why) {
  exchange_.failure = std::move(why);
  close();
}

void Connection::expire() {
  lose(state_ == State::connecting ? "no connection in time" : "no answer in time");
}

Exchange Connection::take() {
  exchange_.status = answer_.status;
  exchange_.headers = std::move(answer_.headers);
  exchange_.answer = std::move(answer_.body);
  return std::move(exchange_);
}

}  // namespace calinvite::http

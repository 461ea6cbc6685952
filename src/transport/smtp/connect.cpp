// How a connection comes to be and goes: libcurl's part.
#include <sys/socket.h>

#include <algorithm>

#include "base/text.hpp"
#include "transport/curl.hpp"
#include "transport/smtp/connection.hpp"

namespace calinvite::smtp {
namespace {

using std::chrono::steady_clock;

// Servers behind a balancer get replaced; what was idle for long may be forgotten on the way.
constexpr std::chrono::minutes oldest{5};
constexpr std::chrono::seconds longest_idle{20};

std::string url_of(const SmtpOptions& options) {
  std::string url = options.tls == SmtpTls::implicit ? "smtps://" : "smtp://";
  const bool ipv6 = options.host.find(':') != std::string::npos;
  url += ipv6 ? "[" + options.host + "]" : options.host;
  url += ":" + std::to_string(options.port) + "/";
  return url += options.helo;
}

}  // namespace

Connection::~Connection() { close(); }

std::size_t Connection::read_line(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& self = *static_cast<Connection*>(user);
  self.reader_.add({bytes, size * count});
  auto reply = self.reader_.next();
  if (reply && *reply) self.learn(**reply);
  return reply ? size * count : 0;
}

int Connection::watch(CURL*, curl_socket_t socket, int what, void* user, void*) {
  auto& sockets = static_cast<Connection*>(user)->sockets_;
  sockets.erase(socket);
  const int events =
      ((what & CURL_POLL_IN) != 0 ? POLLIN : 0) | ((what & CURL_POLL_OUT) != 0 ? POLLOUT : 0);
  if (what != CURL_POLL_REMOVE) sockets.emplace(socket, static_cast<short>(events));
  return 0;
}

void Connection::set_options(CURL* easy) {
  transport::set_safe_defaults(easy, options_.ca_file);
  curl_easy_setopt(easy, CURLOPT_URL, url_of(options_).c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  const bool starttls = options_.tls == SmtpTls::starttls;
  curl_easy_setopt(easy, CURLOPT_USE_SSL, long{starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE});
  if (!options_.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, options_.password.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, read_line);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
}

Result<void> Connection::connect() {
  close();
  if (transport::start_libcurl()) multi_.reset(curl_multi_init());
  if (multi_) easy_.reset(curl_easy_init());
  if (!easy_) return fail(Code::unavailable, "libcurl does not start");
  set_options(easy_.get());
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, watch);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) {
    return fail(Code::unavailable, "libcurl takes no more connections");
  }
  state_ = State::connecting;
  set_deadline(options_.command_timeout);
  return {};
}

void Connection::go_on_connecting(bool ready) {
  int running = 0;
  if (ready) {
    const auto sockets = sockets_;  // libcurl changes them on the way
    for (const auto& each : sockets) {
      curl_multi_socket_action(multi_.get(), each.first, 0, &running);
    }
  }
  curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  int queued = 0;
  const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued);
  if (message != nullptr && message->msg == CURLMSG_DONE) connected(message->data.result);
}

/// What the server says until it is ready for a message.
void Connection::learn(const Reply& reply) {
  last_ = reply;
  if (reply.code == 220) capabilities_.clear();  // greeting, or STARTTLS: what came before is void
  if (reply.code == 235) authenticated_ = true;
  if (reply.code == 250) capabilities_ = reply.lines;
}

void Connection::connected(CURLcode code) {
  const Reply reply = std::exchange(last_, {});
  const bool login = code == CURLE_LOGIN_DENIED;
  // Without AUTH libcurl goes on unasked; with none of its mechanisms it gives up.
  const bool refused = reply.code >= 400;
  if ((code == CURLE_OK && !options_.user.empty() && !authenticated_) || (login && !refused)) {
    close();
    return end(SendVerdict::credentials, "the server offers no AUTH that takes a password");
  }
  if (code == CURLE_OK) {
    curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket_);
    opened_ = steady_clock::now();
    return begin();
  }
  const std::string_view words =
      error_[0] != '\0' ? std::string_view(error_.c_str()) : curl_easy_strerror(code);
  std::string detail = text::one_line(text::trim(words), 300);
  close();
  if (code == CURLE_USE_SSL_FAILED || !refused) {
    return end(SendVerdict::unavailable, std::move(detail));
  }
  end(login ? Stage::authenticate : Stage::connect, reply);
}

bool Connection::offers(std::string_view keyword) const {
  return std::any_of(capabilities_.begin(), capabilities_.end(), [&](std::string_view line) {
    return text::iequals(line.substr(0, line.find(' ')), keyword);
  });
}

/// May serve another message: neither old nor closed by the other side meanwhile.
bool Connection::is_fresh() {
  const auto now = steady_clock::now();
  if (now - opened_ > oldest || now - used_ > longest_idle || !reader_.empty()) return false;
  char byte = 0;
  std::size_t count = 0;
  return curl_easy_recv(easy_.get(), &byte, 1, &count) == CURLE_AGAIN;
}

void Connection::close() {
  if (state_ == State::idle) {
    std::size_t count = 0;
    curl_easy_send(easy_.get(), "QUIT\r\n", 6, &count);
  }
  // Else libcurl would say QUIT itself, and wait for the reply.
  if (socket_ != CURL_SOCKET_BAD) ::shutdown(socket_, SHUT_RDWR);
  if (easy_) curl_multi_remove_handle(multi_.get(), easy_.get());
  easy_.reset();
  multi_.reset();
  sockets_.clear();
  socket_ = CURL_SOCKET_BAD;
  state_ = State::closed;
  reader_ = {};
  capabilities_.clear();
  last_ = {};
  authenticated_ = dirty_ = false;
  served_ = 0;
  error_[0] = '\0';
}

}  // namespace calinvite::smtp

#include "transport/http/client.hpp"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>

#include "base/text.hpp"
#include "transport/curl.hpp"
#include "transport/http/connection.hpp"

namespace calinvite::http {
namespace {

using Clock = std::chrono::steady_clock;

/// A request as it goes on the wire.
struct Prepared {
  std::string origin;  ///< scheme, host and port
  std::string head;
  Exchange exchange;
};

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<Prepared> prepare(std::uint64_t id, Request request) {
  const std::string_view url = request.url;
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos || !is_printable(url)) {
    return fail(Code::invalid_argument, "a request needs a URL that is encoded");
  }
  const std::size_t host_at = scheme_end + 3;
  const std::size_t path_at = std::min(url.find_first_of("/?", host_at), url.size());
  Prepared prepared;
  prepared.origin = url.substr(0, path_at);
  std::string& head = prepared.head;
  constexpr std::size_t usual = 1024;
  head.reserve(usual);
  head.append(request.method).append(url.substr(path_at).starts_with('/') ? " " : " /");
  head.append(url.substr(path_at)).append(" HTTP/1.1\r\n");
  bool has_host = false;
  for (const auto& [name, value] : request.headers) {
    has_host = has_host || text::iequals(name, "host");
    if (!is_printable(name) || value.find_first_of("\r\n") != std::string::npos) {
      return fail(Code::invalid_argument,
                  "header " + text::one_line(name, 100) + " has a line end");
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!has_host)
    head.append("Host: ").append(url.substr(host_at, path_at - host_at)).append("\r\n");
  if (request.method != "GET") {
    head.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  head.append("\r\n");
  prepared.exchange.id = id;
  prepared.exchange.body = std::move(request.body);
  return prepared;
}

}  // namespace

/// Sockets of connections that come to be are libcurl's, those of others are theirs; epoll tells
/// which of them are ready.
struct Client::Impl {
  ClientOptions options;
  Loop loop;
  std::vector<std::unique_ptr<Connection>> connections;  ///< all that were ever made
  std::vector<Connection*> free;                         ///< the last used one last
  std::deque<Prepared> queue;                            ///< for want of a free connection
  std::vector<Exchange> ended;
  std::optional<Clock::time_point> timer;  ///< when libcurl wants to be called, whatever happens

  ~Impl() {
    connections.clear();
    curl_multi_cleanup(loop.multi);
    if (loop.epoll >= 0) ::close(loop.epoll);
  }

  bool open() {
    loop.epoll = ::epoll_create1(EPOLL_CLOEXEC);
    if (transport::start_libcurl()) loop.multi = curl_multi_init();
    if (loop.multi == nullptr || loop.epoll < 0) return false;
    curl_multi_setopt(loop.multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options.max_connections));
    curl_multi_setopt(loop.multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(loop.multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(loop.multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(loop.multi, CURLMOPT_TIMERDATA, this);
    return true;
  }

  static int watch_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
    const int epoll = static_cast<Impl*>(user)->loop.epoll;
    epoll_event event{};
    event.data.fd = socket;
    if (what == CURL_POLL_REMOVE) return ::epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event), 0;
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    if (::epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0 ? 0 : -1;
  }

  static int set_timer(CURLM*, long milliseconds, void* user) {
    auto& timer = static_cast<Impl*>(user)->timer;
    timer.reset();
    if (milliseconds >= 0) timer = Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  /// One that is open to `origin` before others.
  Connection* take_free(const std::string& origin) {
    const auto open = std::find_if(free.rbegin(), free.rend(), [&](const Connection* each) {
      return each->is_open_to(origin);
    });
    if (open == free.rend() && connections.size() < options.max_connections) {
      connections.push_back(std::make_unique<Connection>(options, loop));
      return connections.back().get();
    }
    if (free.empty()) return nullptr;
    const auto place = open == free.rend() ? free.begin() : std::prev(open.base());
    Connection* taken = *place;
    free.erase(place);
    return taken;
  }

  Result<void> begin(Connection& connection, Prepared prepared) {
    auto begun = connection.start(std::move(prepared.exchange), prepared.origin, prepared.head);
    if (begun) {
      collect(connection);
    } else {
      free.push_back(&connection);
    }
    return begun;
  }

  Result<void> submit(Prepared prepared) {
    Connection* connection = take_free(prepared.origin);
    if (connection != nullptr) return begin(*connection, std::move(prepared));
    queue.push_back(std::move(prepared));
    return {};
  }

  void collect(Connection& connection) {
    if (connection.is_busy()) return;
    ended.push_back(connection.take());
    free.push_back(&connection);
  }

  std::size_t running() const { return connections.size() - free.size() + queue.size(); }

  /// Waits for sockets, timers or an exchange that takes too long, but not beyond `deadline`.
  void advance(Clock::time_point deadline) {
    // Few, so that their connections soon get something to do again.
    constexpr int most = 16;
    std::array<epoll_event, most> events;
    if (timer) deadline = std::min(deadline, *timer);
    for (const auto& each : connections) {
      if (each->is_busy()) deadline = std::min(deadline, each->deadline());
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const int ready = ::epoll_wait(loop.epoll, events.data(), most,
                                   static_cast<int>(std::max<long>(0, wait.count())));
    for (int i = 0; i < ready; ++i) take_event(events[i].data.fd);
    const auto now = Clock::now();
    if (timer && *timer <= now) {
      timer.reset();  // libcurl sets it anew when it still wants one; else this would spin
      int connecting = 0;
      curl_multi_socket_action(loop.multi, CURL_SOCKET_TIMEOUT, 0, &connecting);
      end_connecting();
    }
    for (const auto& each : connections) {
      if (!each->is_busy() || each->deadline() > now) continue;
      each->expire();
      collect(*each);
    }
    begin_queued();
  }

  void take_event(int socket) {
    const auto known = loop.sockets.find(socket);
    if (known == loop.sockets.end()) {
      int connecting = 0;
      curl_multi_socket_action(loop.multi, socket, 0, &connecting);
      return end_connecting();
    }
    Connection& connection = *known->second;
    const bool was_busy = connection.is_busy();
    connection.advance();
    if (was_busy) collect(connection);
  }

  void end_connecting() {
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(loop.multi, &queued)) {
      Connection* connection = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &connection);
      connection->connected(message->data.result);
      collect(*connection);
    }
  }

  void begin_queued() {
    while (!queue.empty() && !free.empty()) {
      Prepared next = std::move(queue.front());
      queue.pop_front();
      const std::uint64_t id = next.exchange.id;
      if (const auto begun = submit(std::move(next)); !begun) {
        Exchange unsent;
        unsent.id = id;
        unsent.failure = begun.error().message;
        ended.push_back(std::move(unsent));
      }
    }
  }
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Client> Client::open(const ClientOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  if (!impl->open()) return fail(Code::unavailable, "libcurl does not start");
  return Client(std::move(impl));
}

Result<void> Client::submit(std::uint64_t id, Request request) {
  auto prepared = prepare(id, std::move(request));
  if (!prepared) return tl::unexpected<Error>(prepared.error());
  return impl_->submit(std::move(*prepared));
}

std::vector<Exchange> Client::poll(std::chrono::milliseconds wait) {
  const bool idle = impl_->running() == 0;
  const auto deadline = Clock::now() + (idle ? std::chrono::milliseconds(0) : wait);
  for (;;) {
    if (impl_->ended.empty() || wait.count() == 0) impl_->advance(deadline);
    if (!impl_->ended.empty() || impl_->running() == 0 || Clock::now() >= deadline) {
      return std::exchange(impl_->ended, {});
    }
  }
}

std::size_t Client::in_flight() const noexcept { return impl_->running() + impl_->ended.size(); }

std::optional<std::chrono::sys_seconds> parse_date(std::string_view value) {
  const time_t time = curl_getdate(std::string(value).c_str(), nullptr);
  if (time < 0) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(time));
}

}  // namespace calinvite::http

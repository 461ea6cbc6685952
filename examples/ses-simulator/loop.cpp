#include "loop.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>

namespace ses_simulator {
namespace {

constexpr int events_at_once = 256;

void watch(int epoll, int file, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = file;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event);
}

void drain(int file) {
  std::uint64_t count = 0;
  while (::read(file, &count, sizeof count) > 0) {
  }
}

}  // namespace

Loop::Loop(int listening, SSL_CTX* tls, std::function<Answer(const ApiRequest&)> answer,
           Write write)
    : listening_(listening),
      tls_(tls),
      answer_(std::move(answer)),
      write_(std::move(write)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  watch(epoll_, listening_, EPOLLIN | EPOLLEXCLUSIVE);  // one loop wakes up for a new connection
  watch(epoll_, timer_, EPOLLIN);
  watch(epoll_, wake_, EPOLLIN);
}

Loop::~Loop() {
  connections_.clear();
  for (const int file : {epoll_, timer_, wake_}) {
    if (file >= 0) ::close(file);
  }
}

void Loop::stop() {
  const std::uint64_t one = 1;
  while (::write(wake_, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void Loop::run() {
  std::array<epoll_event, events_at_once> events;
  while (!stopping_ || !connections_.empty()) {
    const int count = ::epoll_wait(epoll_, events.data(), events_at_once, -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const int file = event.data.fd;
      if (file == listening_) {
        accept_all();
      } else if (file == wake_) {
        drain(wake_);
        stopping_ = true;
        ::epoll_ctl(epoll_, EPOLL_CTL_DEL, listening_, nullptr);
      } else if (file == timer_) {
        drain(timer_);
        answer_due();
      } else if (const auto found = connections_.find(file); found != connections_.end()) {
        Connection& connection = *found->second;
        if (connection.answering && (event.events & (EPOLLHUP | EPOLLERR)) != 0) {
          settle(connection, false);
        } else {
          serve(connection);
        }
      }
    }
    if (stopping_) close_idle();
  }
}

void Loop::accept_all() {
  for (;;) {
    const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) return;
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto& connection = connections_[socket] = std::make_unique<Connection>(socket, tls_);
    connection->armed = EPOLLIN;
    watch(epoll_, socket, EPOLLIN);
  }
}

/// Goes on with a connection until it waits for its client or for the time of an answer.
void Loop::serve(Connection& connection) {
  bool alive = connection.send();
  if (alive && connection.out.empty() && !connection.answering && !connection.last) {
    // A client that has gone may have left a whole request behind, which counts.
    alive = connection.receive();
    using State = RequestReader::State;
    while (connection.out.empty() && !connection.answering && !connection.last) {
      const State state = connection.reader.state();
      if (state == State::more) break;
      if (state == State::go_ahead) {
        connection.out = "HTTP/1.1 100 Continue\r\n\r\n";
      } else if (state == State::whole) {
        Answer answer = answer_(connection.reader.take());
        connection.last = connection.reader.closes();
        if (answer.delay.count() == 0) {
          give(connection, answer);
        } else {
          connection.answering = true;
          awaited_[connection.socket] = next_serial_;
          due_.push(
              {Clock::now() + answer.delay, next_serial_++, connection.socket, std::move(answer)});
          set_timer();
        }
      } else {
        connection.last = true;
        const bool large = state == State::too_large;
        give(connection, large ? Answer{413, "RequestEntityTooLargeException", "{}"}
                               : Answer{400, "MalformedHttpRequestException", "{}"});
      }
      if (!connection.send()) alive = false;
      if (!alive) break;
    }
  }
  settle(connection, alive);
}

void Loop::give(Connection& connection, const Answer& answer) {
  if (answer.sent != Sent::all) connection.last = true;
  if (answer.sent == Sent::nothing) return;
  connection.out += write_(answer, connection.last && answer.sent == Sent::all);
}

void Loop::answer_due() {
  while (!due_.empty() && due_.top().when <= Clock::now()) {
    const Due due = due_.top();
    due_.pop();
    const auto awaited = awaited_.find(due.socket);
    if (awaited == awaited_.end() || awaited->second != due.serial) continue;  // it has gone
    awaited_.erase(awaited);
    Connection& connection = *connections_.at(due.socket);
    connection.answering = false;
    give(connection, due.answer);
    serve(connection);
  }
  set_timer();
}

void Loop::set_timer() {
  itimerspec when{};
  if (!due_.empty()) {
    const auto since = due_.top().when.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    when.it_value.tv_sec = seconds.count();
    when.it_value.tv_nsec = std::chrono::nanoseconds(since - seconds).count();
  }
  ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
}

/// Closes the connection when it has no further use, else tells epoll what it waits for.
void Loop::settle(Connection& connection, bool alive) {
  const int socket = connection.socket;
  if (!alive || (connection.last && connection.out.empty() && !connection.answering)) {
    awaited_.erase(socket);
    connections_.erase(socket);  // closes it, which also takes it from epoll
    return;
  }
  const std::uint32_t wanted = connection.awaited();
  if (wanted == connection.armed) return;
  connection.armed = wanted;
  epoll_event event{};
  event.events = wanted;
  event.data.fd = socket;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event);
}

void Loop::close_idle() {
  for (auto next = connections_.begin(); next != connections_.end();) {
    const Connection& connection = *next->second;
    const bool idle = connection.out.empty() && !connection.answering;
    next = idle ? connections_.erase(next) : std::next(next);
  }
}

}  // namespace ses_simulator

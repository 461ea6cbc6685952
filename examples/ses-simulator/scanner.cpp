#include "scanner.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "wire.hpp"

namespace ses_simulator {
namespace {

using nlohmann::json;

constexpr std::size_t status_line = 64;
constexpr timeval patience = {5, 0};

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

/// The status of the answer to GET, or 0.
int get(int port, const std::string& host, const std::string& target) {
  const int socket = connect_to(port);
  if (socket < 0) return 0;
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + host +
                              "\r\nUser-Agent: LinkScanner/1.0\r\nAccept: */*\r\n"
                              "Connection: close\r\n\r\n";
  std::string answer;
  char bytes[4096];
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) ==
      static_cast<ssize_t>(request.size())) {
    for (ssize_t got = ::recv(socket, bytes, sizeof bytes, 0); got > 0;
         got = ::recv(socket, bytes, sizeof bytes, 0)) {
      if (answer.size() < status_line) answer.append(bytes, static_cast<std::size_t>(got));
    }
  }
  ::close(socket);
  const std::size_t space = answer.find(' ');
  if (answer.compare(0, 5, "HTTP/") != 0 || space == answer.npos) return 0;
  return static_cast<int>(std::strtol(answer.c_str() + space, nullptr, 10));
}

}  // namespace

std::vector<std::string> links_in(const std::string& text) {
  std::vector<std::string> links;
  for (std::size_t at = text.find("http"); at != text.npos; at = text.find("http", at + 4)) {
    const std::size_t scheme = text.compare(at, 7, "http://") == 0    ? 7
                               : text.compare(at, 8, "https://") == 0 ? 8
                                                                      : 0;
    if (scheme == 0) continue;
    std::string link = text.substr(at, text.find_first_of(" \t\r\n\"'<>()[]\\", at) - at);
    for (std::size_t amp = link.find("&amp;"); amp != link.npos;
         amp = link.find("&amp;", amp + 1)) {
      link.erase(amp + 1, 4);
    }
    while (link.find_last_of(".,;:!?") == link.size() - 1) link.pop_back();
    const bool known = std::find(links.begin(), links.end(), link) != links.end();
    if (link.size() > scheme && !known) links.push_back(std::move(link));
  }
  return links;
}

Scanner::~Scanner() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool Scanner::open(const std::string& path) {
  if (!log_.open(path)) return false;
  thread_ = std::thread([this] { run(); });
  return true;
}

void Scanner::visit(std::uint64_t mail, const std::string& to, std::vector<std::string> links) {
  const std::lock_guard lock(mutex_);
  for (std::string& link : links) waiting_.push_back({mail, to, std::move(link)});
  changed_.notify_one();
}

void Scanner::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const Visit visit = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    fetch(visit);
    lock.lock();
  }
}

void Scanner::fetch(const Visit& visit) {
  const std::size_t start = visit.url.find("://") + 3;
  const std::size_t slash = visit.url.find('/', start);
  const std::string authority = visit.url.substr(start, slash - start);
  const std::string target = slash == visit.url.npos ? "/" : visit.url.substr(slash);
  const std::size_t colon = authority.find(':');
  const std::string name = lower(authority.substr(0, colon));
  const bool plain = visit.url.compare(0, 5, "http:") == 0;
  int port = 0;
  if (const auto known = hosts_.find(name); known != hosts_.end()) {
    port = known->second;
  } else if (plain && (name == "127.0.0.1" || name == "localhost")) {
    port = colon == authority.npos ? 80 : std::atoi(authority.c_str() + colon + 1);
  }
  json line = {{"mail", visit.mail}, {"to", visit.to}, {"url", visit.url}};
  if (port <= 0 || port > 65535) {
    line["problem"] = "not served by this machine";
  } else if (const int status = get(port, authority, target); status != 0) {
    line["status"] = status;
  } else {
    line["problem"] = "no answer";
  }
  log_.append(line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace ses_simulator

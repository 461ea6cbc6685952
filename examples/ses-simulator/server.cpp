#include "server.hpp"

#include <httplib.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <variant>

#include "certificate.hpp"

namespace ses_simulator {
namespace {

constexpr std::size_t threads = 288;                     // one per open connection
constexpr std::size_t max_body = std::size_t{56} << 20;  // 40 MB of base64 and the JSON around it
constexpr int backlog = 1024;

Instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// httplib adds the peer's address as headers of its own.
bool is_added_by_httplib(const std::string& name) {
  return name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" ||
         name == "LOCAL_PORT";
}

ApiRequest request_of(const httplib::Request& request) {
  ApiRequest result{request.method, request.target, {}, request.body};
  for (const auto& [name, value] : request.headers) {
    if (!is_added_by_httplib(name)) result.headers.push_back({name, value});
  }
  return result;
}

void fill(httplib::Response& response, const Answer& answer, const std::string& request_id) {
  response.status = answer.status;
  response.set_header("Date", http_date(now()));
  response.set_header("x-amzn-RequestId", request_id);
  if (!answer.error_type.empty()) response.set_header("x-amzn-ErrorType", answer.error_type);
  response.set_content(answer.body, "application/json");
}

/// Calls `on_connection` with every TCP connection of this process and its peer's port: httplib
/// keeps its sockets to itself.
template <typename OnConnection>
void for_each_connection(OnConnection on_connection) {
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const int socket = static_cast<int>(std::strtol(item.path().filename().c_str(), nullptr, 10));
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
        peer.sin_family == AF_INET) {
      on_connection(socket, ntohs(peer.sin_port));
    }
  }
}

/// Closes the connection under the response, so that no byte of it leaves.
void drop(const httplib::Request& request) {
  for_each_connection([&](int socket, int peer_port) {
    if (peer_port == request.remote_port) ::shutdown(socket, SHUT_RDWR);
  });
}

/// What httplib refuses before a handler sees it.
Answer refused_early(int status) {
  if (status == 413) return {413, "RequestEntityTooLargeException", "{}", false};
  if (status == 404) return {404, "UnknownOperationException", "{}", false};
  return {status, "MalformedHttpRequestException", "{}", false};
}

}  // namespace

Server::Server(Simulator& simulator, ServerOptions options)
    : simulator_(simulator), options_(options) {}

Server::~Server() { stop(); }

bool Server::had_enough() const {
  return options_.max_requests != 0 && requests_.load() >= options_.max_requests;
}

void Server::route() {
  const auto api = [this](const httplib::Request& request, httplib::Response& response) {
    const std::uint64_t number = ++requests_;
    if (options_.max_requests != 0 && number > options_.max_requests) {
      fill(response, {503, "ServiceUnavailable", "{}", false}, simulator_.request_id());
      return;
    }
    const Answer answer = simulator_.answer(request_of(request), now());
    std::this_thread::sleep_for(options_.latency);
    fill(response, answer, simulator_.request_id());
    if (answer.drop) drop(request);
  };
  http_->Get("/simulator/ledger", [this](const httplib::Request&, httplib::Response& response) {
    const auto ledger = summarize(simulator_.directory(), true);
    fill(response, {200, "", ledger ? ledger->dump() : "{}", false}, simulator_.request_id());
  });
  http_->Get("/v2/.*", api);
  http_->Post("/v2/.*", api);
  http_->Put("/v2/.*", api);
  http_->Delete("/v2/.*", api);
  http_->set_error_handler([this](const httplib::Request&, httplib::Response& response) {
    if (response.has_header("x-amzn-RequestId")) return;
    fill(response, refused_early(response.status), simulator_.request_id());
  });
}

std::variant<int, std::string> Server::start() {
  if (options_.plain_http) {
    http_ = std::make_unique<httplib::Server>();
  } else {
    const auto own = certificate_in(simulator_.directory());
    if (!own) return "cannot make a certificate in " + simulator_.directory();
    http_ = std::make_unique<httplib::SSLServer>(own->certificate.get(), own->key.get());
  }
  if (!http_->is_valid()) return "OpenSSL refuses our certificate";
  route();
  http_->new_task_queue = [] { return new httplib::ThreadPool(threads); };
  http_->set_tcp_nodelay(true);
  http_->set_keep_alive_max_count(1u << 30);
  http_->set_keep_alive_timeout(120);
  http_->set_read_timeout(std::chrono::seconds(30));
  http_->set_write_timeout(std::chrono::seconds(30));
  http_->set_payload_max_length(max_body);
  int listening = -1;
  http_->set_socket_options([&listening](int socket) {
    const int yes = 1;  // not SO_REUSEPORT, httplib's default: two simulators would share a port
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    listening = socket;
  });
  const bool any = options_.port == 0;
  const int port = any ? http_->bind_to_any_port("127.0.0.1")
                       : (http_->bind_to_port("127.0.0.1", options_.port) ? options_.port : -1);
  if (port <= 0) return "cannot listen on 127.0.0.1:" + std::to_string(options_.port);
  ::listen(listening, backlog);  // httplib's queue of 5 makes a burst of connections wait a second
  thread_ = std::thread([this] { http_->listen_after_bind(); });
  return port;
}

void Server::stop() {
  if (!thread_.joinable()) return;
  for (int i = 0; i < 1000 && !http_->is_running(); ++i) {  // stop() before that is forgotten
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  http_->stop();
  // Idle connections would hold their threads until the keep-alive time is over; an answer that is
  // being written still leaves.
  for_each_connection([](int socket, int) { ::shutdown(socket, SHUT_RD); });
  thread_.join();
}

}  // namespace ses_simulator

/// HTTP/1.1: many requests in flight over kept-alive connections.
///
/// libcurl connects and speaks TLS; requests and answers are ours, because libcurl's own take as
/// much of the processor as composing, signing and storing a message do, and repeat a POST that got
/// no answer on a kept-alive connection (M1). Here only a GET is, once. TLS peers are
/// always verified; redirects, proxies and encodings are not followed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"
#include "transport/http/answer.hpp"

namespace calinvite::http {

struct Request {
  std::string method = "GET";  ///< GET, POST or PUT
  std::string url;             ///< http or https, encoded as it shall stand on the wire
  Headers headers;             ///< likewise; Content-Length is added, Host where it lacks
  std::string body;            ///< of POST or PUT
};

/// How one request ended.
struct Exchange {
  std::uint64_t id = 0;     ///< as given to submit
  std::string body;         ///< the request's, handed back
  bool body_begun = false;  ///< bytes of the request's body may have left
  std::string failure;      ///< one line; empty: an answer came in full
  int status = 0;           ///< 0: no answer began
  Headers headers;          ///< names in lower case
  std::string answer;
};

/// An HTTP date (RFC 9110 5.6.7), absent when it is none.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view value);

struct ClientOptions {
  std::string ca_file;  ///< PEM bundle; empty: the system's
  std::size_t max_connections = 32;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds answer_timeout{60'000};  ///< of the whole exchange
  std::chrono::seconds max_idle{20};                 ///< a connection idle for longer is not reused
  std::size_t max_answer_bytes = 256 * 1024;
};

/// One thread at a time; starts no thread but libcurl's resolver.
class Client {
 public:
  /// @error unavailable  libcurl can't start
  static Result<Client> open(const ClientOptions& options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// @error invalid_argument  a URL, or a line end in a header
  /// @error unavailable       libcurl takes no more connections
  ///        After an error nothing was sent, and no Exchange will come.
  Result<void> submit(std::uint64_t id, Request request);
  /// What has ended; waits up to `wait` while nothing has.
  std::vector<Exchange> poll(std::chrono::milliseconds wait);
  std::size_t in_flight() const noexcept;

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace calinvite::http

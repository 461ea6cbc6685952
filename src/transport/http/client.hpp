/// HTTP/1.1 on libcurl's multi interface: many requests in flight over kept-alive connections.
///
/// A request whose body was begun is never sent a second time: libcurl would repeat a POST that
/// got no answer on a kept-alive connection (M1), so bodies go through a callback that refuses to
/// start over. TLS peers are always verified; redirects, proxies and encodings are not followed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";  ///< GET, POST, or PUT without a body
  std::string url;
  Headers headers;   ///< as they shall stand on the wire
  std::string body;  ///< of POST
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

/// The first value of a header, empty when there is none.
std::string_view find_header(const Headers& headers, std::string_view lower_case_name) noexcept;

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

  /// @error any  nothing was sent, and no Exchange will come
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

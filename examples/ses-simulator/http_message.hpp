/// HTTP/1.1 as far as a signed JSON API needs it (RFC 9112): requests out of bytes, answers to
/// bytes.
#pragma once

#include <cstddef>
#include <string>

#include "wire.hpp"

namespace ses_simulator {

/// Cuts the bytes of one connection into requests.
class RequestReader {
 public:
  enum class State {
    more,       ///< not whole yet
    go_ahead,   ///< not whole yet, and the client waits for 100 Continue; said once per request
    whole,      ///< take() it
    malformed,  ///< no request that we can read; the connection has no further use
    too_large,  ///< its body is beyond max_body
  };

  static constexpr std::size_t max_head = std::size_t{64} << 10;
  static constexpr std::size_t max_body = std::size_t{56} << 20;  ///< 40 MB of base64, and its JSON

  void add(const char* bytes, std::size_t size) { buffer_.append(bytes, size); }
  State state();

  /// The request that is whole; those behind it stay.
  ApiRequest take();

  /// Whether the client wants the connection closed after the request that take() gave.
  bool closes() const { return closes_; }

 private:
  State read_head(std::size_t end);

  std::string buffer_;
  ApiRequest request_;
  std::size_t head_ = 0;  ///< its length with the empty line; 0: not read yet
  std::size_t body_ = 0;
  std::size_t searched_ = 0;
  bool closes_ = false;
  bool expects_ = false;
};

/// The whole answer; `half` of it when that is all that leaves.
/// @param date  of the Date header
/// @param close  tell the client that the connection ends
std::string answer_text(const Answer& answer, const std::string& request_id,
                        const std::string& date, bool close);

}  // namespace ses_simulator

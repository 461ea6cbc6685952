/// An HTTP/1.1 answer, read from bytes as they come (RFC 9112).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of a header, empty when there is none.
std::string_view find_header(const Headers& headers, std::string_view lower_case_name) noexcept;

class AnswerReader {
 public:
  /// @param max_bytes  of the head, and of the body
  explicit AnswerReader(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// @error invalid_input  what came is no answer
  /// @error too_large      it has more than `max_bytes`
  Result<void> add(std::string_view bytes);
  /// The peer says no more. @return whether the answer is whole: some end in no other way
  bool end();
  bool is_done() const noexcept { return phase_ == Phase::done; }
  /// The connection may serve another request, and no byte of another answer has come.
  bool keeps_alive() const noexcept { return is_done() && keeps_alive_ && rest_.empty(); }

  int status = 0;   ///< 0: none yet
  Headers headers;  ///< names in lower case
  std::string body;

 private:
  enum class Phase {
    status,
    headers,
    body,
    endless_body,
    chunk_size,
    chunk,
    chunk_end,
    trailers,
    done
  };

  bool take_line(std::string_view& line);
  Result<void> take(std::string_view line);
  Result<void> take_status(std::string_view line);
  Result<void> take_header(std::string_view line);
  Result<void> end_head();
  Result<void> take_length();
  Result<void> take_chunk_size(std::string_view line);
  Result<void> take_body();

  std::size_t max_bytes_;
  Phase phase_ = Phase::status;
  std::string rest_;  ///< that came, and from `at_` on is not read yet
  std::size_t at_ = 0;
  std::size_t head_ = 0;  ///< bytes that are no body
  std::size_t left_ = 0;  ///< bytes of the body or the chunk to come
  bool keeps_alive_ = false;
};

}  // namespace calinvite::http

/// What an SMTP server says, and what that means for a message (RFC 5321 4.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/aws.hpp"
#include "calinvite/result.hpp"

namespace calinvite::smtp {

struct Reply {
  int code = 0;                    ///< 200 to 599
  std::vector<std::string> lines;  ///< without the code
};

/// "550 5.1.1 no such user": one line, at most 500 bytes.
std::string to_string(const Reply& reply);

/// Puts replies together from the bytes of a connection.
class ReplyReader {
 public:
  void add(std::string_view bytes) { bytes_.append(bytes); }
  /// The next reply, absent until all of it is there.
  /// @error invalid_input  not SMTP, or longer than any reply
  Result<std::optional<Reply>> next();
  bool empty() const noexcept { return bytes_.empty() && reply_.lines.empty(); }

 private:
  std::string bytes_;
  Reply reply_;  ///< the lines so far
};

/// What a reply answers.
enum class Stage { connect, authenticate, reset, mail, recipient, data, message };

/// The verdict of a reply that is not the one wished for; only the one to the whole message can
/// leave it in doubt.
/// @param is_ses  the server is SES's, and so are its words
SendVerdict verdict_of(Stage stage, const Reply& reply, bool is_ses);

/// The name that a server gave to what it accepted: "Ok 0100…" of SES, "queued as …" of Postfix,
/// "id=…" of Exim; empty when it tells none.
std::string_view queue_id(const Reply& reply);

}  // namespace calinvite::smtp

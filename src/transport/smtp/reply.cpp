#include "transport/smtp/reply.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace calinvite::smtp {
namespace {

constexpr std::size_t longest_reply = 16 * 1024;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool mentions(const std::string& lower_case_text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view each) {
    return lower_case_text.find(each) != std::string::npos;
  });
}

/// Nothing of SES's account is taken; a configuration set alone may be paused in the same words.
bool is_suspended(const std::string& words) {
  return mentions(words, {"sending paused", "sending suspended", "account suspended",
                          "account is suspended", "account has been suspended"}) &&
         !mentions(words, {"configuration set"});
}

/// Whether its enhanced code (RFC 3463) begins so, "4.2." say.
bool has_subject(const Reply& reply, std::string_view subject) {
  return !reply.lines.empty() && std::string_view(reply.lines.front()).starts_with(subject);
}

/// Not now (4yz).
SendVerdict later(Stage stage, const Reply& reply, const std::string& words) {
  if (mentions(words, {"daily message quota exceeded"})) return SendVerdict::quota;
  const bool of_mailbox = has_subject(reply, "4.2.");
  // "Receiving too many messages" is then said of one mailbox. 421 ends the whole connection.
  if (stage == Stage::recipient && of_mailbox && reply.code != 421) return SendVerdict::deferred;
  const bool slower =
      mentions(words, {"throttl", "maximum sending rate", "too many", "rate limit"});
  if (slower) return SendVerdict::throttled;
  // The mail system, the network or the storage of the server fail whatever message it is.
  const bool of_server = has_subject(reply, "4.3.") || has_subject(reply, "4.4.") ||
                         (reply.code == 452 && !of_mailbox);
  // Mailbox and processing (RFC 5321 4.2.3), once a recipient is named: greylisting, say.
  const bool of_message =
      stage == Stage::recipient || stage == Stage::data || stage == Stage::message;
  return of_message && !of_server && reply.code >= 450 && reply.code <= 452
             ? SendVerdict::deferred
             : SendVerdict::unavailable;
}

/// Never (5yz): whether that is about this message, or about us and so about every message.
SendVerdict never(Stage stage, int code, const std::string& words, bool is_ses) {
  if (code == 530 || code == 534 || code == 535 || code == 538) return SendVerdict::credentials;
  switch (stage) {
    case Stage::authenticate:
      return SendVerdict::credentials;
    case Stage::mail:
      // 552: this message is too large. Else it is the sender's address, as in the next message.
      return code == 552 ? SendVerdict::refused : SendVerdict::paused;
    case Stage::recipient:
      // "Relay access denied" would be said of every recipient.
      return mentions(words, {"relay"}) ? SendVerdict::paused : SendVerdict::refused;
    case Stage::data:
    case Stage::message: {
      // SES tells here what it holds against an account or an identity; others speak of the
      // message.
      if (!is_ses) return SendVerdict::refused;
      if (is_suspended(words)) return SendVerdict::suspended;
      const bool identity = mentions(
          words, {"address is not verified", "access denied", "sending paused", "suspended"});
      return identity ? SendVerdict::paused : SendVerdict::refused;
    }
    case Stage::connect:
    case Stage::reset:
      break;
  }
  return SendVerdict::paused;
}

}  // namespace

std::string to_string(const Reply& reply) {
  constexpr std::size_t longest_detail = 500;
  std::string joined = std::to_string(reply.code);
  for (const std::string& line : reply.lines) joined.append(" ").append(line);
  return text::one_line(joined, longest_detail);
}

Result<std::optional<Reply>> ReplyReader::next() {
  for (;;) {
    const auto end = bytes_.find('\n');
    if (end == std::string::npos) {
      if (bytes_.size() > longest_reply) return fail(Code::invalid_input, "an endless reply");
      return std::optional<Reply>();
    }
    const std::string_view line = text::trim(std::string_view(bytes_).substr(0, end));
    const bool coded = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) &&
                       is_digit(line[2]) && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
    const int code = coded ? (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0') : 0;
    const bool alike = reply_.lines.empty() || reply_.code == code;
    constexpr std::size_t most_lines = 256;
    if (!coded || !alike || reply_.lines.size() >= most_lines) {
      return fail(Code::invalid_input, "no reply of SMTP: " + text::one_line(line, 80));
    }
    const bool last = line.size() == 3 || line[3] == ' ';
    reply_.code = code;
    reply_.lines.emplace_back(line.substr(std::min<std::size_t>(line.size(), 4)));
    bytes_.erase(0, end + 1);
    if (last) return std::optional<Reply>(std::exchange(reply_, {}));
  }
}

SendVerdict verdict_of(Stage stage, const Reply& reply, bool is_ses) {
  const std::string words = text::lower(to_string(reply));
  if (reply.code >= 500) return never(stage, reply.code, words, is_ses);
  if (reply.code >= 400) return later(stage, reply, words);
  return stage == Stage::message ? SendVerdict::in_doubt : SendVerdict::unavailable;
}

std::string_view queue_id(const Reply& reply) {
  if (reply.lines.empty()) return {};
  std::string_view words = reply.lines.back();
  const auto after = [&](std::string_view mark) {
    const auto at = words.find(mark);
    return at == std::string_view::npos ? std::string_view() : words.substr(at + mark.size());
  };
  std::string_view id = after("queued as ");
  if (id.empty()) id = after("id=");
  if (id.empty() && text::iequals(words.substr(0, 3), "Ok ")) {
    id = words.substr(3);
    if (id.find(' ') != std::string_view::npos) return {};
  }
  return id.substr(0, id.find(' '));
}

}  // namespace calinvite::smtp

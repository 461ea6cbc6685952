#include "transport/smtp/delivery.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace calinvite::smtp {
namespace {

bool is_ascii(std::string_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
}

Result<void> check_address(std::string_view address, std::string_view field) {
  const bool bare = !address.empty() && address.find_first_of(" <>") == std::string_view::npos;
  if (bare && text::check_single_line(address, field)) return {};
  return fail(Code::invalid_argument, std::string(field) + " is no bare address");
}

/// Appends the message with every leading dot doubled. A bare CR or LF is refused: two servers
/// may disagree about whether it ends a line, and so about where the message ends.
Result<void> append_lines(std::string& wire, std::string_view bytes) {
  constexpr std::size_t longest_line = 998;
  const auto refuse = [](const char* why) {
    return fail(Code::invalid_argument, std::string("SMTP can't carry a message with ") + why);
  };
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(bytes.size(), end + 1));
    if (!line.ends_with('\r')) return refuse("a line that does not end in CRLF");
    line.remove_suffix(1);
    if (line.find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos) {
      return refuse("a bare CR or a NUL");
    }
    if (line.size() > longest_line) return refuse("a line of more than 998 bytes");
    if (line.starts_with('.')) wire += '.';
    wire.append(line).append("\r\n");
  }
  return {};
}

std::string_view head_of(std::string_view bytes) { return bytes.substr(0, bytes.find("\r\n\r\n")); }

std::string find_message_id(std::string_view bytes) {
  std::string_view rest = head_of(bytes);
  constexpr std::string_view name = "message-id:";
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (!text::iequals(line.substr(0, name.size()), name)) continue;
    line = text::trim(line.substr(name.size()));
    if (line.size() > 2 && line.starts_with('<') && line.ends_with('>')) {
      return std::string(line.substr(1, line.size() - 2));
    }
  }
  return {};
}

}  // namespace

Result<Delivery> make_delivery(OutgoingMessage message) {
  for (const auto& [address, field] : {std::pair(&message.from, "from"), {&message.to, "to"}}) {
    if (auto checked = check_address(*address, field); !checked) {
      return tl::unexpected(checked.error());
    }
  }
  Delivery delivery;
  constexpr std::size_t around = 1024;
  delivery.wire.reserve(message.bytes.size() + around);
  if (!message.configuration_set.empty()) {
    message.tags.push_back({"attempt_id", message.attempt_id});
    auto headers = ses_smtp_headers(message.configuration_set, message.tags);
    if (!headers) return tl::unexpected(headers.error());
    delivery.wire = std::move(*headers);
  }
  if (auto done = append_lines(delivery.wire, message.bytes); !done) {
    return tl::unexpected(done.error());
  }
  delivery.wire += ".\r\n";
  delivery.eight_bit = !is_ascii(message.bytes);
  delivery.international =
      !is_ascii(message.from) || !is_ascii(message.to) || !is_ascii(head_of(message.bytes));
  delivery.message_id = find_message_id(message.bytes);
  delivery.attempt_id = std::move(message.attempt_id);
  delivery.from = std::move(message.from);
  delivery.to = std::move(message.to);
  return delivery;
}

}  // namespace calinvite::smtp

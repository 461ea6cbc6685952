/// Transfer encodings of mail and JSON: base64, quoted-printable, RFC 2047 words, folding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ses_simulator {

std::string base64(std::string_view bytes);

/// In lines of 76 characters, each ended by CRLF (RFC 2045 6.8).
std::string base64_lines(std::string_view bytes);

/// Absent unless `text` is base64 with its padding; CR and LF are skipped when `in_lines`.
std::optional<std::string> decode_base64(std::string_view text, bool in_lines);

std::string decode_quoted_printable(std::string_view text);

/// RFC 2045 6.7, for text whose lines end in CRLF.
std::string quoted_printable(std::string_view text);

/// A header value that is safe for any text: as it is when plain ASCII, else RFC 2047 words.
std::string header_text(std::string_view utf8);

/// `name <address>` for From and To, the name quoted or encoded as it needs.
std::string mailbox(std::string_view name, std::string_view address);

/// Breaks an iCalendar content line after 75 octets, never inside a UTF-8 character, and ends it.
/// @param line_break  CRLF, or LF as some clients write
std::string fold(std::string_view line, std::string_view line_break);

}  // namespace ses_simulator

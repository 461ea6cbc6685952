/// Text and byte encodings that several stations share: UTF-8, base64, hex, percent, HTML.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite::text {

/// ASCII lower case of every A-Z; other bytes stay.
std::string lower(std::string_view text);
/// ASCII upper case of every a-z; other bytes stay.
std::string upper(std::string_view text);
/// Equal but for ASCII case.
bool iequals(std::string_view a, std::string_view b) noexcept;
/// Whether a web address is of the scheme https, in whatever case.
bool is_https(std::string_view url) noexcept;
/// Without leading and trailing space, tab, CR and LF.
std::string_view trim(std::string_view text) noexcept;
/// The parts between separators, empty ones kept; views into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

/// True for well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes) noexcept;
/// Every ill-formed sequence replaced by U+FFFD.
std::string to_valid_utf8(std::string_view bytes);
/// The longest prefix of at most `max_bytes` that does not split a UTF-8 sequence.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) noexcept;

/// Well-formed UTF-8 of at most `max_bytes`, each control character and line end as a space: what
/// an error, a receipt or a log may show of an input.
std::string one_line(std::string_view text, std::size_t max_bytes);

/// Refuses what must not stand in a single-line field of a mail or calendar object: C0 and C1
/// controls (tab too), DEL, U+2028, U+2029 and ill-formed UTF-8 (threats M4, M5).
/// @error invalid_input  names `field`, and the offending code point and its byte offset
Result<void> check_single_line(std::string_view value, std::string_view field);

std::string hex(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits);

/// Standard base64 with padding appended to `out`; with `line_length` > 0 a CRLF ends every line
/// of that many characters, the last one too (RFC 2045 6.8: 76).
void append_base64(std::string& out, std::string_view bytes, std::size_t line_length = 0);
std::string base64(std::string_view bytes);
/// Lenient as mail needs it: skips white space; absent on any other foreign character.
std::optional<std::string> from_base64(std::string_view encoded);
/// base64url without padding (RFC 4648 5).
std::string base64url(std::span<const std::uint8_t> bytes);
/// Canonical base64url only: no padding, no foreign characters, unused bits 0.
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view encoded);
/// RFC 4648 6 alphabet in lower case (a-z2-7), no padding.
std::string base32_lower(std::span<const std::uint8_t> bytes);

/// Percent-encoding of all but unreserved characters (RFC 3986 2.3), upper-case hex.
std::string percent_encode(std::string_view bytes);
void append_percent(std::string& out, std::string_view bytes);
/// Decodes %XX; a stray percent sign stays as it is.
std::string percent_decode(std::string_view text);
/// & < > " ' as character references: for text and quoted attributes of HTML.
std::string html_escape(std::string_view text);
void append_html(std::string& out, std::string_view text);

}  // namespace calinvite::text

#include "base/text.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace calinvite::text {
namespace {

char lower_char(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower_char(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_unreserved(char c) noexcept {
  const char l = lower_char(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

bool is_single_line(char32_t c) noexcept {
  return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && c != 0x2028 && c != 0x2029;
}

/// Bytes from `at` on that need no closer look.
std::size_t skip_plain(std::string_view text, std::size_t at) noexcept {
  while (text.size() - at >= 8 && plain_eight(text.data() + at)) at += 8;
  while (at < text.size() && text[at] >= ' ' && text[at] < 0x7f) ++at;
  return at;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_char);
  return result;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

bool iequals(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_char(x) == lower_char(y); });
}

bool is_https(std::string_view url) noexcept { return iequals(url.substr(0, 8), "https://"); }

std::string_view trim(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Utf8Step utf8_step(std::string_view rest) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return {};
  // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF.
  unsigned low = 0x80;
  unsigned high = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  char32_t code_point = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= rest.size() || byte(i) < low || byte(i) > high) return {0, i, false};
    code_point = (code_point << 6) | (byte(i) & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return {code_point, length, true};
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      out += static_cast<char>(0xe0 | (c >> 12));
    } else {
      out += static_cast<char>(0xf0 | (c >> 18));
      out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    }
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
  }
  out += static_cast<char>(0x80 | (c & 0x3f));
}

std::string code_point_name(char32_t c) {
  const bool wide = c > 0xffff;
  std::string name = "U+";
  for (int shift = wide ? 20 : 12; shift >= 0; shift -= 4) {
    name += "0123456789ABCDEF"[(c >> shift) & 0xf];
  }
  return name;
}

std::size_t find_hidden(std::string_view text) noexcept {
  // Of their first bytes there are two.
  constexpr std::string_view first = "\xe2\xef";
  for (auto at = text.find_first_of(first); at != text.npos;
       at = text.find_first_of(first, at + 1)) {
    const char32_t c = utf8_step(text.substr(at)).code_point;
    if (c == 0x200b || c == 0xfeff || (c >= 0x202a && c <= 0x202e) ||
        (c >= 0x2060 && c <= 0x206f)) {
      return at;
    }
  }
  return text.npos;
}

bool is_utf8(std::string_view bytes) noexcept {
  for (std::size_t at = skip_plain(bytes, 0); at < bytes.size(); at = skip_plain(bytes, at)) {
    const Utf8Step step = utf8_step(bytes.substr(at));
    if (!step.valid) return false;
    at += step.length;
  }
  return true;
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  while (!bytes.empty()) {
    const Utf8Step step = utf8_step(bytes);
    result += step.valid ? bytes.substr(0, step.length) : std::string_view("\xef\xbf\xbd");
    bytes.remove_prefix(step.length);
  }
  return result;
}

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  // Only a sequence that starts in the last three bytes before the cut can cross it.
  const auto continues = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
  };
  std::size_t cut = max_bytes;
  while (cut > 0 && max_bytes - cut < 3 && continues(cut)) --cut;
  const bool crosses = cut + utf8_step(text.substr(cut)).length > max_bytes;
  return text.substr(0, crosses ? cut : max_bytes);
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string line;
  for (std::string_view rest = utf8_prefix(trim(text), max_bytes); !rest.empty();) {
    const Utf8Step step = utf8_step(rest);
    const auto piece = !step.valid                       ? std::string_view("\xef\xbf\xbd")
                       : is_single_line(step.code_point) ? rest.substr(0, step.length)
                                                         : std::string_view(" ");
    // A byte that is replaced takes three.
    if (line.size() + piece.size() > max_bytes) break;
    line += piece;
    rest.remove_prefix(step.length);
  }
  return line;
}

Result<void> check_single_line(std::string_view value, std::string_view field) {
  for (std::size_t at = skip_plain(value, 0); at < value.size(); at = skip_plain(value, at)) {
    const Utf8Step step = utf8_step(value.substr(at));
    if (!step.valid || !is_single_line(step.code_point)) {
      std::string message(field);
      message += step.valid ? " holds " + code_point_name(step.code_point)
                            : std::string(" is not well-formed UTF-8");
      message +=
          " at byte " + std::to_string(at) + "; expected one line without control characters";
      return fail(Code::invalid_input, std::move(message), {{}, 0, 0, std::string(field)});
    }
    at += step.length;
  }
  return {};
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string digits;
  digits.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 0xf];
  }
  return digits;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_value(digits[i]);
    const int low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

void append_percent(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += "0123456789ABCDEF"[byte >> 4];
    out += "0123456789ABCDEF"[byte & 0xf];
  }
}

std::string percent_encode(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  append_percent(result, bytes);
  return result;
}

std::string percent_decode(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool encoded = text[i] == '%' && text.size() - i > 2 && hex_value(text[i + 1]) >= 0 &&
                         hex_value(text[i + 2]) >= 0;
    if (!encoded) {
      result += text[i];
      continue;
    }
    result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return result;
}

void append_html(std::string& out, std::string_view text) {
  const auto entity_of = [](char c) -> std::string_view {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\'':
        return "&#39;";
      default:
        return {};
    }
  };
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto entity = entity_of(text[at]);
    if (entity.empty()) continue;
    out.append(text, begin, at - begin).append(entity);
    begin = at + 1;
  }
  out.append(text, begin);
}

std::string html_escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  append_html(result, text);
  return result;
}

}  // namespace calinvite::text

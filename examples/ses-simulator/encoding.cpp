#include "encoding.hpp"

#include <array>
#include <cstdint>

namespace ses_simulator {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int, 256> make_values() {
  std::array<int, 256> values{};
  for (auto& value : values) value = -1;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<int>(i);
  }
  return values;
}

constexpr auto values = make_values();

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

/// The longest prefix of at most `max` octets that ends at a UTF-8 character boundary.
std::string_view prefix(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  std::size_t size = max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size == 0 ? max : size);
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = static_cast<unsigned char>(bytes[i]) << 16;
    if (left > 1) group |= static_cast<unsigned char>(bytes[i + 1]) << 8;
    if (left > 2) group |= static_cast<unsigned char>(bytes[i + 2]);
    out += alphabet[group >> 18];
    out += alphabet[group >> 12 & 63];
    out += left > 1 ? alphabet[group >> 6 & 63] : '=';
    out += left > 2 ? alphabet[group & 63] : '=';
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 57) out += base64(bytes.substr(i, 57)) + "\r\n";
  return out;
}

std::optional<std::string> decode_base64(std::string_view text, bool in_lines) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  std::uint32_t group = 0;
  int have = 0;
  int padding = 0;
  for (const char c : text) {
    if (in_lines && (c == '\r' || c == '\n')) continue;
    const int value = values[static_cast<unsigned char>(c)];
    if (c == '=' ? ++padding > 2 : value < 0 || padding > 0) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(c == '=' ? 0 : value);
    if (++have < 4) continue;
    out[size] = static_cast<char>(group >> 16 & 255);
    out[size + 1] = static_cast<char>(group >> 8 & 255);
    out[size + 2] = static_cast<char>(group & 255);
    size += 3 - static_cast<std::size_t>(padding);
    group = 0;
    have = 0;
  }
  if (have != 0) return std::nullopt;
  out.resize(size);
  return out;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (text.substr(i + 1, 2) == "\r\n") {
      i += 2;
    } else if (i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += '=';
    }
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "\r\n") {
      out += "\r\n";
      width = 0;
      ++i;
      continue;
    }
    const auto c = static_cast<unsigned char>(text[i]);
    const bool before_break = text.substr(i + 1, 2) == "\r\n" || i + 1 == text.size();
    const bool plain = (c > 0x20 && c < 0x7f && c != '=') || (c == ' ' && !before_break);
    if (width + (plain ? 1 : 3) > 75) {
      out += "=\r\n";
      width = 0;
    }
    if (plain) {
      out += text[i];
    } else {
      out += {'=', hex[c >> 4], hex[c & 15]};
    }
    width += plain ? 1 : 3;
  }
  return out;
}

std::string header_text(std::string_view utf8) {
  if (is_plain(utf8) && utf8.size() < 60) return std::string(utf8);
  std::string out;
  while (!utf8.empty()) {
    const std::string_view piece = prefix(utf8, 42);  // 56 base64 characters in a 75-octet word
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(piece) + "?=";
    utf8.remove_prefix(piece.size());
  }
  return out;
}

std::string mailbox(std::string_view name, std::string_view address) {
  std::string bracketed = "<" + std::string(address) + ">";
  if (name.empty()) return bracketed;
  if (!is_plain(name)) return header_text(name) + " " + bracketed;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\" " + bracketed;
}

std::string fold(std::string_view line, std::string_view line_break) {
  std::string out;
  std::size_t room = 75;
  while (line.size() > room) {
    const std::string_view piece = prefix(line, room);
    out.append(piece).append(line_break).append(" ");
    line.remove_prefix(piece.size());
    room = 74;  // the space counts
  }
  return out.append(line).append(line_break);
}

}  // namespace ses_simulator

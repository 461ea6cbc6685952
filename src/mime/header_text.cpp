#include "mime/header_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "calinvite/mime.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_line = 77;
// 39 octets make a 64-character encoded-word, which fits on one line behind any name of ours.
constexpr std::size_t word_bytes = 39;
constexpr std::size_t max_plain_word = 60;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; });
}

/// Words as they are would not come out as they went in, or not fit on a line.
bool needs_encoding(std::string_view text) {
  if (!is_ascii(text) || text.find("=?") != std::string_view::npos) return true;
  const auto words = text::split(text, ' ');
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return (word.empty() && !text.empty()) || word.size() > max_plain_word;
  });
}

std::string encode_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto chunk = text::utf8_prefix(text, word_bytes);
    if (!out.empty()) out += ' ';
    out += "=?UTF-8?B?";
    text::append_base64(out, chunk);
    out += "?=";
    text.remove_prefix(chunk.size());
  }
  return out;
}

/// RFC 5322 3.2.3: what may stand in a display name without quotes.
bool is_phrase(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" !#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

std::string quote(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string encode_header_text(std::string_view text) {
  return needs_encoding(text) ? encode_words(text) : std::string(text);
}

std::string write_mailbox(const Mailbox& mailbox) {
  if (mailbox.name.empty()) return mailbox.address;
  const std::string name = needs_encoding(mailbox.name) ? encode_words(mailbox.name)
                           : is_phrase(mailbox.name)    ? mailbox.name
                                                        : quote(mailbox.name);
  return name + " <" + mailbox.address + ">";
}

void mime::append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ':';
  std::size_t column = name.size() + 1;
  bool first = true;
  for (const auto word : text::split(value, ' ')) {
    if (!first && !word.empty() && column + 1 + word.size() > max_line) {
      out += "\r\n";
      column = 0;
    }
    out += ' ';
    out += word;
    column += 1 + word.size();
    first = false;
  }
  out += "\r\n";
}

}  // namespace calinvite

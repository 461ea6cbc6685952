#include "mime/header_text.hpp"

#include <algorithm>

#include "base/text.hpp"

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
  if (text.empty()) return false;
  if (!is_ascii(text) || text.find("=?") != std::string_view::npos) return true;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (end == at || end - at > max_plain_word) return true;
    at = end + 1;
  }
  return false;
}

/// As much as a word takes, in whole characters and, but for the last word, without padding: GMime
/// decodes neighbouring words as one and takes padding for the end.
std::string_view next_chunk(std::string_view text) {
  const auto longest = text::utf8_prefix(text, word_bytes);
  if (longest.size() == text.size()) return longest;
  for (std::size_t size = longest.size() / 3 * 3; size > 0; size -= 3) {
    const auto chunk = text::utf8_prefix(text, size);
    if (chunk.size() == size) return chunk;
  }
  return longest;
}

void append_encoded_words(std::string& out, std::string_view text) {
  for (bool first = true; !text.empty(); first = false) {
    const auto chunk = next_chunk(text);
    out += first ? "=?UTF-8?B?" : " =?UTF-8?B?";
    text::append_base64(out, chunk);
    out += "?=";
    text.remove_prefix(chunk.size());
  }
}

/// RFC 5322 3.2.3: what may stand in a display name without quotes.
bool is_phrase(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" !#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

void append_quoted(std::string& out, std::string_view name) {
  out += '"';
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

void mime::append_header_text(std::string& out, std::string_view text) {
  needs_encoding(text) ? append_encoded_words(out, text) : void(out += text);
}

void mime::append_mailbox(std::string& out, const Mailbox& mailbox) {
  if (mailbox.name.empty()) {
    out += mailbox.address;
    return;
  }
  if (needs_encoding(mailbox.name)) {
    append_encoded_words(out, mailbox.name);
  } else if (is_phrase(mailbox.name)) {
    out += mailbox.name;
  } else {
    append_quoted(out, mailbox.name);
  }
  out.append(" <").append(mailbox.address).append(">");
}

void mime::append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ':';
  std::size_t column = name.size() + 1;
  if (column + 1 + value.size() <= max_line) {  // most: without looking for words
    out.append(" ").append(value).append("\r\n");
    return;
  }
  for (std::size_t at = 0; at <= value.size();) {
    const auto word = value.substr(at, std::min(value.find(' ', at), value.size()) - at);
    if (at > 0 && !word.empty() && column + 1 + word.size() > max_line) {
      out += "\r\n";
      column = 0;
    }
    out += ' ';
    out += word;
    column += 1 + word.size();
    at += word.size() + 1;
  }
  out += "\r\n";
}

std::string encode_header_text(std::string_view text) {
  std::string out;
  mime::append_header_text(out, text);
  return out;
}

std::string write_mailbox(const Mailbox& mailbox) {
  std::string out;
  mime::append_mailbox(out, mailbox);
  return out;
}

}  // namespace calinvite

#include "ical/content_writer.hpp"

#include "base/text.hpp"

namespace calinvite::ical {

void append_folded(std::string& out, std::string_view line) {
  constexpr std::size_t longest = 75;
  auto piece = text::utf8_prefix(line, longest);
  out += piece;
  for (line.remove_prefix(piece.size()); !line.empty(); line.remove_prefix(piece.size())) {
    piece = text::utf8_prefix(line, longest - 1);
    out.append("\r\n ").append(piece);
  }
  out += "\r\n";
}

void append_text(std::string& out, std::string_view value) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c != '\\' && c != ';' && c != ',' && c != '\n') continue;
    out.append(value, begin, at - begin).append("\\").append(1, c == '\n' ? 'n' : c);
    begin = at + 1;
  }
  out.append(value, begin);
}

void append_parameter(std::string& out, std::string_view value) {
  const bool quoted = value.find_first_of(":;,") != std::string_view::npos;
  if (quoted) out += '"';
  for (std::size_t at = 0; at < value.size(); ++at) {
    const std::string_view next = value.substr(at + 1, 1);
    // Readers of RFC 6868 would take these two for a line end, a quote or one caret.
    const bool pair = value[at] == '^' && !next.empty() &&
                      std::string_view("n^'\"").find(next) != std::string_view::npos;
    if (pair) {
      out += "ˆ";  // U+02C6 looks the same
    } else {
      out += value[at] == '"' ? '\'' : value[at];
    }
  }
  if (quoted) out += '"';
}

void append_address(std::string& out, std::string_view address) {
  for (const char c : address) {
    const bool plain = std::string_view("%?#^`{|}").find(c) == std::string_view::npos;
    plain ? void(out += c) : void(out += text::percent_encode({&c, 1}));
  }
}

void ContentWriter::add(std::string_view name, std::string_view value) {
  line_.assign(name).append(":").append(value);
  append_folded(out_, line_);
}

std::string escape_text(std::string_view value) {
  std::string escaped;
  escaped.reserve(value.size() + 16);
  append_text(escaped, value);
  return escaped;
}

std::string quote_parameter(std::string_view value) {
  std::string quoted;
  append_parameter(quoted, value);
  return quoted;
}

std::string mailto(std::string_view address) {
  std::string uri = "mailto:";
  append_address(uri, address);
  return uri;
}

}  // namespace calinvite::ical

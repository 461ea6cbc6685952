#include "ical/content_writer.hpp"

#include "base/text.hpp"

namespace calinvite::ical {

void ContentWriter::add(std::string_view name, std::string_view value) {
  constexpr std::size_t longest = 75;
  std::string line(name);
  line.append(":").append(value);
  std::string_view rest = line;
  auto piece = text::utf8_prefix(rest, longest);
  out_ += piece;
  for (rest.remove_prefix(piece.size()); !rest.empty(); rest.remove_prefix(piece.size())) {
    piece = text::utf8_prefix(rest, longest - 1);
    out_.append("\r\n ").append(piece);
  }
  out_ += "\r\n";
}

std::string escape_text(std::string_view value) {
  std::string escaped;
  escaped.reserve(value.size() + 16);
  for (const char c : value) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || c == ';' || c == ',') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string quote_parameter(std::string_view value) {
  std::string quoted;
  const bool needed = value.find_first_of(":;,") != std::string_view::npos;
  if (needed) quoted += '"';
  for (const char c : value) quoted += c == '"' ? '\'' : c;
  if (needed) quoted += '"';
  return quoted;
}

std::string mailto(std::string_view address) {
  std::string uri = "mailto:";
  for (const char c : address) {
    const bool plain = std::string_view("%?#^`{|}").find(c) == std::string_view::npos;
    uri += plain ? std::string(1, c) : text::percent_encode({&c, 1});
  }
  return uri;
}

}  // namespace calinvite::ical

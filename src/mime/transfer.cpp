#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "calinvite/mime.hpp"
#include "mime/outgoing.hpp"

namespace calinvite {
namespace {

constexpr std::size_t encoded_line = 76;  // RFC 2045 6.7, 6.8
// Far below the 998 that mail allows, so that what differs from copy to copy may stand in it.
constexpr std::size_t longest_plain_line = 500;

/// What quoted-printable leaves as it is; blanks but at a line's end.
constexpr bool is_literal(char c) { return (c >= ' ' && c <= '~' && c != '=') || c == '\t'; }

constexpr std::array<bool, 256> literals = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = is_literal(static_cast<char>(i));
  return table;
}();

template <class Take>
void for_each_line(std::string_view text, const Take& take) {
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(line);
    at = end + 1;
  }
}

}  // namespace

TransferEncoding best_encoding(std::string_view text) {
  bool ascii = true;
  std::size_t longest = 0;
  std::size_t quoted = 0;
  for_each_line(text, [&](std::string_view line) {
    const auto odd = static_cast<std::size_t>(
        std::count_if(line.begin(), line.end(), [](char c) { return !is_literal(c); }));
    ascii = ascii && !line.starts_with("--=_") && std::all_of(line.begin(), line.end(), [](char c) {
              return (c >= ' ' && c <= '~') || c == '\t';
            });
    longest = std::max(longest, line.size());
    quoted += line.size() + 2 * odd;
  });
  if (ascii && longest <= longest_plain_line) return TransferEncoding::seven_bit;
  return quoted <= text.size() / 3 * 4 ? TransferEncoding::quoted_printable
                                       : TransferEncoding::base64;
}

namespace mime {

void append_quoted_line(std::string& out, std::string_view line) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::size_t broken_line = encoded_line - 1;  // one that goes on ends in '='
  const bool blank_end = line.ends_with(' ') || line.ends_with('\t');
  const std::size_t literals_end = line.size() - (blank_end ? 1 : 0);
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    // Runs, because this is where each copy of a mail spends most of its time.
    const std::size_t begin = at;
    const std::size_t most = std::min(literals_end, at + broken_line - column);
    while (at < most && literals[static_cast<unsigned char>(line[at])]) ++at;
    const bool last = at + 1 == line.size();
    if (at == most && last && !blank_end && is_literal(line[at])) ++at;
    out.append(line, begin, at - begin);
    column += at - begin;
    if (at == line.size()) break;

    const bool literal = at < literals_end && is_literal(line[at]);
    if (literal || column + 3 > (last ? encoded_line : broken_line)) {
      out += "=\r\n";
      column = 0;
    }
    if (literal) continue;
    const auto byte = static_cast<unsigned char>(line[at++]);
    const char escape[] = {'=', digits[byte >> 4], digits[byte & 0xf]};
    out.append(escape, sizeof escape);
    column += 3;
  }
  out += "\r\n";
}

void append_base64_lines(std::string& out, std::string_view bytes) {
  text::append_base64(out, bytes, encoded_line);
}

void append_encoded(std::string& out, std::string_view text, TransferEncoding encoding) {
  if (encoding == TransferEncoding::quoted_printable) {
    for_each_line(text, [&](std::string_view line) { append_quoted_line(out, line); });
    return;
  }
  std::string lines;
  lines.reserve(text.size() + text.size() / 16 + 2);
  for_each_line(text, [&](std::string_view line) { lines.append(line).append("\r\n"); });
  if (encoding == TransferEncoding::seven_bit) {
    out += lines;
  } else {
    append_base64_lines(out, std::string_view(lines).substr(0, lines.size() - 2));
  }
}

}  // namespace mime
}  // namespace calinvite

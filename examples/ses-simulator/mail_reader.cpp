#include "mail_reader.hpp"

#include <functional>

#include "encoding.hpp"

namespace ses_simulator {
namespace {

constexpr int max_depth = 20;

/// Takes one CRLF-ended line off the front of `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

/// Takes the header block and the empty line after it.
std::variant<std::vector<Header>, std::string> take_headers(std::string_view& text) {
  std::vector<Header> headers;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (headers.empty()) return "the header block starts with a folded line";
      headers.back().value += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return "a header line has no name and colon";
    headers.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  return headers;
}

/// A parameter of Content-Type, quoted or not.
std::string parameter(std::string_view content_type, std::string_view name) {
  std::size_t at = content_type.find(';');
  while (at != std::string_view::npos) {
    std::string_view rest = trim(content_type.substr(at + 1));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return {};
    const bool wanted = lower(trim(rest.substr(0, equals))) == name;
    rest = trim(rest.substr(equals + 1));
    const bool quoted = !rest.empty() && rest.front() == '"';
    const std::size_t end = quoted ? rest.find('"', 1) : rest.find(';');
    if (wanted)
      return std::string(trim(rest.substr(quoted, end == rest.npos ? end : end - quoted)));
    at = end == rest.npos ? rest.npos : rest.find(';', end);
    content_type = rest;
  }
  return {};
}

std::string decoded(std::string_view body, const std::vector<Header>& headers) {
  const std::string encoding =
      lower(trim(find_header(headers, "content-transfer-encoding").value_or("7bit")));
  if (encoding == "base64") return decode_base64(body, true).value_or("");
  if (encoding == "quoted-printable") return decode_quoted_printable(body);
  return std::string(body);
}

/// Gets the type and the decoded text of a part; returns whether it has seen enough.
using OnPart = std::function<bool(const std::string& type, const std::string& text)>;

bool visit(const std::vector<Header>& headers, std::string_view body, int depth,
           const OnPart& on_part);

/// The parts between the boundary lines of a multipart body (RFC 2046 5.1.1).
bool visit_parts(std::string_view body, const std::string& boundary, int depth,
                 const OnPart& on_part) {
  const std::string delimiter = "--" + boundary;
  bool inside = false;
  const char* start = body.data();
  std::string_view rest = body;
  while (!rest.empty()) {
    const char* line_start = rest.data();
    const std::string_view line = take_line(rest);
    if (line.substr(0, delimiter.size()) != delimiter) continue;
    if (inside) {
      std::string_view part(start, static_cast<std::size_t>(line_start - start));
      if (part.size() >= 2) part.remove_suffix(2);  // the CRLF before a boundary belongs to it
      const auto headers = take_headers(part);
      const auto* fields = std::get_if<std::vector<Header>>(&headers);
      if (fields != nullptr && visit(*fields, part, depth + 1, on_part)) return true;
    }
    if (line.substr(delimiter.size(), 2) == "--") break;
    inside = true;
    start = rest.data();
  }
  return false;
}

bool visit(const std::vector<Header>& headers, std::string_view body, int depth,
           const OnPart& on_part) {
  if (depth > max_depth) return false;
  const std::string content_type = find_header(headers, "content-type").value_or("text/plain");
  const std::string type = lower(trim(content_type.substr(0, content_type.find(';'))));
  if (type.rfind("text/", 0) == 0) return on_part(type, decoded(body, headers));
  if (type.rfind("multipart/", 0) != 0) return false;
  const std::string boundary = parameter(content_type, "boundary");
  return !boundary.empty() && visit_parts(body, boundary, depth, on_part);
}

bool is_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == text.npos || at == 0 || at + 1 == text.size()) return false;
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f || c == '<' || c == '>' || c == ',' || c == ';') return false;
  }
  return true;
}

}  // namespace

std::variant<Mail, std::string> read_mail(std::string_view raw) {
  Mail mail;
  auto headers = take_headers(raw);
  if (const auto* problem = std::get_if<std::string>(&headers)) return *problem;
  mail.headers = std::move(std::get<std::vector<Header>>(headers));
  visit(mail.headers, raw, 0, [&mail](const std::string& type, const std::string& text) {
    if (type != "text/calendar") return false;
    mail.calendar = text;
    return !text.empty();
  });
  return mail;
}

std::string readable_text(std::string_view raw) {
  std::string all;
  const auto headers = take_headers(raw);
  const auto* fields = std::get_if<std::vector<Header>>(&headers);
  if (fields == nullptr) return all;
  visit(*fields, raw, 0, [&all](const std::string& type, const std::string& text) {
    if (type == "text/plain" || type == "text/html") all += text + "\n";
    return false;
  });
  return all;
}

std::optional<std::string> find_header(const std::vector<Header>& headers, std::string_view name) {
  const std::string wanted = lower(name);
  for (const Header& header : headers) {
    if (header.name.size() == wanted.size() && lower(header.name) == wanted) return header.value;
  }
  return std::nullopt;
}

std::optional<std::string> address_of(std::string_view mailbox) {
  bool quoted = false;
  std::size_t open = mailbox.npos;
  for (std::size_t i = 0; i < mailbox.size(); ++i) {
    if (mailbox[i] == '\\' && quoted) {
      ++i;
    } else if (mailbox[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (mailbox[i] == ',' || mailbox[i] == ':')) {
      return std::nullopt;  // a list, or a group
    } else if (!quoted && mailbox[i] == '<') {
      open = i;
    }
  }
  std::string_view address = trim(mailbox);
  if (open != mailbox.npos) {
    const std::size_t close = mailbox.find('>', open);
    if (close == mailbox.npos) return std::nullopt;
    address = trim(mailbox.substr(open + 1, close - open - 1));
  }
  if (!is_address(address)) return std::nullopt;
  return std::string(address);
}

}  // namespace ses_simulator

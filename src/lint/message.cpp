#include "lint/message.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "mime/decode.hpp"

namespace calinvite::lint {
namespace {

/// The line at `at` with its line end, which moves `at` to the next one.
std::string_view next_line(std::string_view text, std::size_t& at) {
  const auto end = text.find('\n', at);
  const auto line = text.substr(at, end == std::string_view::npos ? end : end + 1 - at);
  at += line.size();
  return line;
}

std::string_view without_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view field_name(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || is_blank(line.front())) return {};
  const auto name = text::trim(line.substr(0, colon));
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
  return plain ? name : std::string_view();
}

std::string unfolded(std::string_view raw) {
  std::string value;
  raw.remove_prefix(raw.find(':') + 1);
  for (std::size_t at = 0; at < raw.size();) value += without_end(next_line(raw, at));
  return std::string(text::trim(value));
}

/// Reads parts from the front of the message to its end, so that lines are counted once.
class Reader {
 public:
  Reader(std::string_view bytes, const MailLimits& limits) : bytes_(bytes), limits_(limits) {}

  Result<Part> read(std::string_view text, std::size_t depth) {
    if (++parts_ > limits_.max_parts || depth > limits_.max_depth) {
      return fail(Code::too_large, "the mail has more parts or levels than " +
                                       std::to_string(limits_.max_parts) + " and " +
                                       std::to_string(limits_.max_depth));
    }
    Part part;
    part.line = line_of(text);
    if (auto headers = read_headers(text, part); !headers) return tl::unexpected(headers.error());
    const Header* type = part.header("Content-Type");
    part.type = read_parameters(type ? std::string_view(type->value) : "text/plain");
    if (const Header* encoding = part.header("Content-Transfer-Encoding")) {
      part.encoding = text::lower(encoding->value);
    }
    const std::string* boundary = part.type.find("boundary");
    if (!part.type.value.starts_with("multipart/") || !boundary || boundary->empty()) return part;
    for (const std::string_view child : split(part.body, *boundary)) {
      auto read_child = read(child, depth + 1);
      if (!read_child) return read_child;
      part.parts.push_back(std::move(*read_child));
    }
    return part;
  }

 private:
  /// Texts come in the order of the message.
  std::uint32_t line_of(std::string_view text) {
    const auto at = static_cast<std::size_t>(text.data() - bytes_.data());
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(counted_);
    const auto to = bytes_.begin() + static_cast<std::ptrdiff_t>(std::max(at, counted_));
    lines_ += static_cast<std::uint32_t>(std::count(from, to, '\n'));
    counted_ = std::max(at, counted_);
    return lines_ + 1;
  }

  Result<void> read_headers(std::string_view text, Part& part) {
    std::size_t at = 0;
    std::uint32_t line = part.line;
    while (at < text.size()) {
      const std::size_t begin = at;
      const auto raw = next_line(text, at);
      if (without_end(raw).empty()) break;
      if (at > limits_.max_header_block_bytes) {
        return fail(Code::too_large, "a header block is over " +
                                         std::to_string(limits_.max_header_block_bytes) + " bytes");
      }
      if (is_blank(raw.front()) && !part.headers.empty()) {
        Header& header = part.headers.back();
        header.raw = {header.raw.data(), header.raw.size() + raw.size()};
      } else if (const auto name = field_name(raw); !name.empty()) {
        part.headers.push_back({std::string(name), {}, raw, line});
      } else {  // the body, begun without an empty line
        at = begin;
        break;
      }
      ++line;
    }
    for (Header& header : part.headers) header.value = unfolded(header.raw);
    part.body = text.substr(at);
    return {};
  }

  /// What stands between the delimiter lines.
  std::vector<std::string_view> split(std::string_view body, const std::string& boundary) const {
    const std::string delimiter = "--" + boundary;
    std::vector<std::string_view> parts;
    std::size_t begin = std::string_view::npos;
    for (std::size_t at = find_delimiter(body, 0, delimiter); at < body.size();
         at = find_delimiter(body, at, delimiter)) {
      const std::size_t line_begin = at;
      const auto rest = text::trim(next_line(body, at).substr(delimiter.size()));
      if (!rest.empty() && rest != "--") continue;  // another boundary that begins like it
      if (begin != std::string_view::npos) {
        auto part = body.substr(begin, line_begin - begin);
        if (part.ends_with('\n')) part.remove_suffix(1);
        if (part.ends_with('\r')) part.remove_suffix(1);
        parts.push_back(part);
      }
      begin = at;
      if (rest == "--" || parts.size() > limits_.max_parts) return parts;
    }
    if (begin < body.size()) parts.push_back(body.substr(begin));
    return parts;
  }

  /// Start of the first line from line start `at` on that begins with it; the size when none.
  static std::size_t find_delimiter(std::string_view body, std::size_t at,
                                    const std::string& delimiter) {
    if (at >= body.size() || body.substr(at).starts_with(delimiter)) return at;
    const std::string needle = '\n' + delimiter;
    const void* hit = memmem(body.data() + at, body.size() - at, needle.data(), needle.size());
    if (!hit) return body.size();
    return static_cast<std::size_t>(static_cast<const char*>(hit) - body.data()) + 1;
  }

  std::string_view bytes_;
  const MailLimits& limits_;
  std::size_t parts_ = 0;
  std::size_t counted_ = 0;
  std::uint32_t lines_ = 0;  ///< line ends before `counted_`
};

}  // namespace

const std::string* Parameterized::find(std::string_view name) const {
  const auto found = std::find_if(params.begin(), params.end(),
                                  [&](const auto& param) { return param.first == name; });
  return found == params.end() ? nullptr : &found->second;
}

Parameterized read_parameters(std::string_view value) {
  Parameterized read;
  std::size_t at = std::min(value.find(';'), value.size());
  read.value = text::lower(text::trim(value.substr(0, at)));
  while (at < value.size()) {
    const std::size_t equals = value.find_first_of("=;", at + 1);
    if (equals == std::string_view::npos) break;
    const auto name = text::lower(text::trim(value.substr(at + 1, equals - at - 1)));
    at = equals;
    if (value[equals] == ';') continue;
    const std::size_t begin = std::min(value.find_first_not_of(" \t", equals + 1), value.size());
    std::string content;
    if (begin < value.size() && value[begin] == '"') {
      for (at = begin + 1; at < value.size() && value[at] != '"'; ++at) {
        if (value[at] == '\\' && at + 1 < value.size()) ++at;
        content += value[at];
      }
      at = std::min(value.find(';', at), value.size());
    } else {
      at = std::min(value.find(';', begin), value.size());
      content = text::trim(value.substr(begin, at - begin));
    }
    read.params.emplace_back(name, std::move(content));
  }
  return read;
}

const Header* Part::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
    return text::iequals(header.name, name);
  });
  return found == headers.end() ? nullptr : &*found;
}

Parameterized Part::disposition() const {
  const Header* found = header("Content-Disposition");
  return found ? read_parameters(found->value) : Parameterized();
}

std::string Part::decoded() const { return mime::decode_transfer(body, encoding); }

Result<Part> read_message(std::string_view bytes, const MailLimits& limits) {
  auto message = Reader(bytes, limits).read(bytes, 0);
  if (message && message->headers.empty()) {
    return fail(Code::invalid_input, "neither headers of a mail nor BEGIN:VCALENDAR");
  }
  return message;
}

}  // namespace calinvite::lint

#include "mime/structure.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.hpp"

namespace calinvite::mime {
namespace {

constexpr std::size_t max_boundary = 70;  // RFC 2046 5.1.1

/// The line at `at` without its line end; `at` moves to the next one.
std::string_view next_line(std::string_view text, std::size_t& at) {
  const auto end = std::min(text.find('\n', at), text.size());
  auto line = text.substr(at, end - at);
  at = std::min(end + 1, text.size());
  while (line.ends_with('\r')) line.remove_suffix(1);  // CR CR LF has been seen in the wild
  return line;
}

/// The field name that starts a line; empty when there is none (RFC 5322 2.2).
std::string_view field_name(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || line.starts_with(' ') || line.starts_with('\t')) return {};
  const auto name = text::trim(line.substr(0, colon));  // RFC 822 allowed blanks before the colon
  const auto plain = [](char c) { return c > ' ' && c < 127; };
  return std::all_of(name.begin(), name.end(), plain) ? name : std::string_view();
}

/// The envelope line of an mbox file; `From :` is the field, by RFC 822's rule.
bool begins_with_mbox_line(std::string_view text) {
  constexpr std::string_view from = "From ";
  if (!text.starts_with(from)) return false;
  const auto next = text.find_first_not_of(" \t", from.size());
  return next == std::string_view::npos || text[next] != ':';
}

Result<void> check_header(const Headers& headers, const MailLimits& limits) {
  if (headers.empty()) return {};
  const auto& [name, value] = headers.back();
  const std::size_t bytes = name.size() + value.size();
  if (bytes <= limits.max_header_bytes) return {};
  const std::string shown = text::one_line(name, 40);
  return fail(Code::too_large,
              "header " + shown + " is over " + std::to_string(limits.max_header_bytes) + " bytes",
              Place{{}, 0, 0, shown});
}

enum class Delimiter { none, opens, closes };

/// @param line  begins with `--boundary`
Delimiter delimiter_at(std::string_view line, std::string_view boundary) {
  const auto rest = text::trim(line.substr(2 + boundary.size()));
  if (rest.empty()) return Delimiter::opens;
  return rest == "--" ? Delimiter::closes : Delimiter::none;
}

/// Start of the next line from line start `at` on that begins like a delimiter; npos when none.
/// memmem is linear whatever the input, and every level of nesting looks at the whole body again.
std::size_t next_candidate(std::string_view body, std::size_t at, std::string_view needle) {
  if (body.substr(at).starts_with(needle.substr(1))) return at;
  const void* hit = memmem(body.data() + at, body.size() - at, needle.data(), needle.size());
  if (!hit) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(hit) - body.data()) + 1;
}

/// The parts of a multipart body, at most `limit`; a missing end delimiter is forgiven. Empty when
/// no delimiter is there.
std::vector<std::string_view> split_parts(std::string_view body, std::string_view boundary,
                                          std::size_t limit) {
  const std::string needle = "\n--" + std::string(boundary);
  std::vector<std::string_view> parts;
  std::size_t start = std::string_view::npos;  // of the part being read
  std::size_t at = next_candidate(body, 0, needle);
  while (at != std::string_view::npos && parts.size() < limit) {
    const std::size_t line_start = at;
    const auto delimiter = delimiter_at(next_line(body, at), boundary);
    if (delimiter != Delimiter::none) {
      if (start != std::string_view::npos) {
        auto part = body.substr(start, line_start - start);
        // The line end before a delimiter belongs to the delimiter.
        if (part.ends_with('\n')) part.remove_suffix(1);
        if (part.ends_with('\r')) part.remove_suffix(1);
        parts.push_back(part);
      }
      if (delimiter == Delimiter::closes) return parts;
      start = at;
    }
    at = next_candidate(body, at, needle);
  }
  if (start != std::string_view::npos && parts.size() < limit) parts.push_back(body.substr(start));
  return parts;
}

struct Walker {
  const MailLimits& limits;
  const std::function<void(const Leaf&)>& on_leaf;
  std::size_t parts = 0;
  const Headers* embedded = nullptr;

  Result<void> visit(const Entity& entity, std::uint32_t depth, std::string_view default_type);
  Result<void> visit_text(std::string_view text, std::uint32_t depth,
                          std::string_view default_type);
  Result<void> visit_message(std::string_view text, std::uint32_t depth);
};

Result<void> Walker::visit_text(std::string_view text, std::uint32_t depth,
                                std::string_view default_type) {
  const auto entity = read_entity(text, limits);
  if (!entity) return tl::unexpected<Error>(entity.error());
  return visit(*entity, depth, default_type);
}

Result<void> Walker::visit_message(std::string_view text, std::uint32_t depth) {
  const auto message = read_entity(text, limits);
  if (!message) return tl::unexpected<Error>(message.error());
  const Headers* const outer = std::exchange(embedded, &message->headers);
  auto visited = visit(*message, depth, "text/plain");
  embedded = outer;
  return visited;
}

Result<void> Walker::visit(const Entity& entity, std::uint32_t depth,
                           std::string_view default_type) {
  if (depth > limits.max_depth) {
    return fail(Code::too_large,
                "parts nest deeper than " + std::to_string(limits.max_depth) + " levels");
  }
  if (++parts > limits.max_parts) {
    return fail(Code::too_large, "more than " + std::to_string(limits.max_parts) + " parts");
  }
  const auto* content_type = find_header(entity.headers, "Content-Type");
  const ContentType type =
      read_content_type(content_type ? *content_type : std::string(default_type));
  if (type.type.starts_with("multipart/") && !type.boundary.empty()) {
    if (type.boundary.size() > max_boundary) {
      return fail(Code::too_large, "boundary of part " + std::to_string(parts) + " is over " +
                                       std::to_string(max_boundary) + " characters");
    }
    const auto children = split_parts(entity.body, type.boundary, limits.max_parts + 1);
    const auto child_type = type.type == "multipart/digest" ? "message/rfc822" : "text/plain";
    for (const auto child : children) {
      if (auto result = visit_text(child, depth + 1, child_type); !result) return result;
    }
    if (!children.empty()) return {};
  }
  if (type.type == "message/rfc822" || type.type == "message/global") {
    const auto* encoding = find_header(entity.headers, "Content-Transfer-Encoding");
    if (!encoding) return visit_message(entity.body, depth + 1);
    return visit_message(decode_transfer(entity.body, *encoding), depth + 1);
  }
  on_leaf({entity.headers, type, entity.body, depth, embedded});
  return {};
}

}  // namespace

Result<Entity> read_entity(std::string_view text, const MailLimits& limits) {
  Entity entity;
  std::size_t at = 0;
  std::size_t block_start = 0;
  if (begins_with_mbox_line(text)) {
    entity.mbox = true;
    next_line(text, at);
    block_start = at;
  }
  std::size_t body = at;
  while (at < text.size()) {
    const auto line = next_line(text, at);
    const bool continues = line.starts_with(' ') || line.starts_with('\t');
    const auto name = field_name(line);
    if (line.empty()) {
      body = at;
      break;
    }
    if (continues && !entity.headers.empty()) {
      entity.headers.back().second += line;
    } else if (!name.empty()) {
      if (auto checked = check_header(entity.headers, limits); !checked) {
        return tl::unexpected<Error>(checked.error());
      }
      entity.headers.emplace_back(name, text::trim(line.substr(line.find(':') + 1)));
    } else {
      break;
    }
    body = at;
    if (body - block_start > limits.max_header_block_bytes) {
      return fail(Code::too_large, "header block is over " +
                                       std::to_string(limits.max_header_block_bytes) + " bytes");
    }
  }
  if (auto checked = check_header(entity.headers, limits); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  entity.body = text.substr(body);
  return entity;
}

bool is_calendar(const MailPart& part) {
  return part.content_type == "text/calendar" || part.content_type == "application/ics" ||
         part.content_type == "text/x-vcalendar" || text::lower(part.filename).ends_with(".ics");
}

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
    return text::iequals(header.first, name);
  });
  return found == headers.end() ? nullptr : &found->second;
}

Result<void> walk(const Entity& message, const MailLimits& limits,
                  const std::function<void(const Leaf&)>& on_leaf) {
  return Walker{limits, on_leaf}.visit(message, 0, "text/plain");
}

}  // namespace calinvite::mime

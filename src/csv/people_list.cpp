#include "csv/people_list.hpp"

#include <utility>

#include "base/text.hpp"

namespace calinvite::csv {
namespace {

constexpr std::size_t max_line_bytes = 64 * 1024;
constexpr std::string_view email = "email";

std::string_view unquoted(std::string_view label) {
  const bool quoted = label.size() >= 2 && label.front() == '"' && label.back() == '"';
  return quoted ? text::trim(label.substr(1, label.size() - 2)) : label;
}

/// Takes the first line, without its end, off `rest`; absent while it is not whole.
std::optional<std::string_view> first_line(std::string_view& rest, bool last) {
  const auto end = rest.find_first_of("\r\n");
  if (end == std::string_view::npos) {
    if (!last || rest.empty()) return std::nullopt;
    return std::exchange(rest, {});
  }
  const bool cut = rest[end] == '\r' && end + 1 == rest.size() && !last;
  if (cut) return std::nullopt;  // a line feed may follow
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end);
  rest.remove_prefix(rest.starts_with("\r\n") ? 2 : 1);
  return line;
}

bool is_table(const Dialect& dialect) {
  const std::string_view line = dialect.first_line;
  if (line.find('@') != std::string_view::npos || line.starts_with('#')) return false;
  return dialect.rows_at > 0 || line.find(dialect.separator) != std::string_view::npos ||
         text::iequals(unquoted(line), email);
}

}  // namespace

PeopleList::PeopleList(Notes notes, PeopleColumns columns)
    : notes_(std::move(notes)), columns_(std::move(columns)) {}

Result<void> PeopleList::feed(std::string_view bytes, bool last) {
  return until_failure_([&] { return take(bytes, last); });
}

Result<void> PeopleList::take(std::string_view bytes, bool last) {
  const std::string_view text = decoder_.decode(bytes, last);
  notes_.tell_encoding(decoder_);
  if (kind_ == Kind::table) {
    table_->feed(text, last);
    return read_table();
  }
  rest_ += text;
  if (kind_ == Kind::lines) return read_lines(last);
  const auto dialect = find_dialect(rest_, last);
  if (!dialect) return {};
  if (!is_table(*dialect)) {
    kind_ = Kind::lines;
    return read_lines(last);
  }
  kind_ = Kind::table;
  table_.emplace(dialect->separator);
  table_->feed(std::string_view(rest_).substr(dialect->rows_at), last);
  rest_ = {};
  return read_table();
}

// ---- TXT ----

Result<void> PeopleList::read_lines(bool last) {
  std::string_view rest = rest_;
  while (const auto whole = first_line(rest, last)) {
    if (auto taken = take_line(*whole); !taken) return taken;
  }
  rest_.erase(0, rest_.size() - rest.size());
  // A line that never ends is not kept; what is cut off of it is reported once.
  if (rest_.size() > 2 * max_line_bytes) rest_.resize(2 * max_line_bytes);
  return {};
}

Result<void> PeopleList::take_line(std::string_view whole) {
  ++line_;
  const std::string_view line = text::trim(whole);
  if (line.empty() || line.front() == '#') return {};
  return columns_.on_line(line, line_);
}

// ---- CSV ----

Result<void> PeopleList::read_table() {
  for (;;) {
    const auto row = table_->next();
    if (!row && !header_) return refuse_header(row.error());
    if (!row) {
      notes_.report(row.error());
      continue;
    }
    if (!*row) return {};
    if (!header_) {
      if (auto read = read_header(**row); !read) return read;
      continue;
    }
    if (auto sound = check_encoding(**row); !sound) {
      notes_.report(sound.error());
      continue;
    }
    if (auto taken = columns_.on_row(*header_, **row); !taken) return taken;
  }
}

Result<void> PeopleList::read_header(const CsvRow& row) {
  auto found = Header::read(row, columns_.labels);
  if (!found) return refuse_header(found.error());
  if (!found->has(0)) {
    return refuse_header({Code::invalid_input,
                          "the header has no column email",
                          {{}, row.line, 0, std::string(email)}});
  }
  header_ = *std::move(found);
  return {};
}

Result<void> PeopleList::refuse_header(Error error) const {
  error.place.source = notes_.source();
  return fail(error.code,
              error.message + "; expected email and optionally " + columns_.expected +
                  ", or one address a line",
              std::move(error.place));
}

// ---- both ----

Result<void> PeopleList::skip(Error error, std::uint32_t line, std::uint32_t column) const {
  error.place.line = line;
  error.place.column = column;
  notes_.report(std::move(error));
  return {};
}

std::optional<Mailbox> PeopleList::read_mailbox(std::string_view mailbox, std::uint32_t line,
                                                std::uint32_t column) const {
  if (mailbox.size() > max_line_bytes) {
    (void)skip({Code::too_large, "a line of more than 64 KiB", {}}, line, column);
    return std::nullopt;
  }
  auto parsed = parse_mailbox(mailbox);
  if (parsed) return *std::move(parsed);
  parsed.error().place.field = email;
  (void)skip(parsed.error(), line, column);
  return std::nullopt;
}

}  // namespace calinvite::csv

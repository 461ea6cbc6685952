#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "csv/cells.hpp"
#include "csv/encoding.hpp"
#include "csv/notes.hpp"
#include "locale/locale.hpp"

namespace calinvite {
namespace {

using namespace csv;

constexpr std::size_t max_line_bytes = 64 * 1024;

enum Label : std::size_t { email, name, language, uid };
constexpr std::array<std::string_view, 4> labels = {"email", "name", "language", "uid"};

std::string_view unquoted(std::string_view label) {
  const bool quoted = label.size() >= 2 && label.front() == '"' && label.back() == '"';
  return quoted ? text::trim(label.substr(1, label.size() - 2)) : label;
}

/// Takes the first line, without its end, off `rest`; absent while it is not whole.
std::optional<std::string_view> take_line(std::string_view& rest, bool last) {
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

}  // namespace

struct AddressListReader::Impl {
 public:
  Impl(std::string source, AddressRowHandler on_row, RowErrorHandler on_error,
       DiagnosticHandler on_diagnostic)
      : notes_(std::move(source), std::move(on_error), std::move(on_diagnostic)),
        on_row_(std::move(on_row)) {}

  Result<void> feed(std::string_view bytes, bool last) {
    return until_failure_([&] { return take(bytes, last); });
  }

 private:
  enum class Kind { unknown, lines, table };

  Result<void> take(std::string_view bytes, bool last) {
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

  static bool is_table(const Dialect& dialect) {
    const std::string_view line = dialect.first_line;
    if (line.find('@') != std::string_view::npos || line.starts_with('#')) return false;
    return dialect.rows_at > 0 || line.find(dialect.separator) != std::string_view::npos ||
           text::iequals(unquoted(line), labels[email]);
  }

  // ---- TXT ----

  Result<void> read_lines(bool last) {
    std::string_view rest = rest_;
    while (const auto whole = take_line(rest, last)) {
      if (auto taken = take_text(*whole); !taken) return taken;
    }
    rest_.erase(0, rest_.size() - rest.size());
    // A line that never ends is not kept; what is cut off of it is reported once.
    if (rest_.size() > 2 * max_line_bytes) rest_.resize(2 * max_line_bytes);
    return {};
  }

  Result<void> take_text(std::string_view whole) {
    ++line_;
    const std::string_view line = text::trim(whole);
    if (line.empty() || line.front() == '#') return {};
    AddressRow row;
    row.line = line_;
    return take(std::move(row), line, 0);
  }

  // ---- CSV ----

  Result<void> read_table() {
    for (;;) {
      const auto row = table_->next();
      if (!row && !header_) return refuse_header(row.error());
      if (!row) {
        notes_.report(row.error());
        continue;
      }
      if (!*row) return {};
      if (header_) {
        if (auto taken = take_row(**row); !taken) return taken;
        continue;
      }
      auto found = Header::read(**row, labels);
      if (!found) return refuse_header(found.error());
      if (!found->has(email)) {
        return refuse_header({Code::invalid_input,
                              "the header has no column email",
                              {{}, (*row)->line, 0, std::string(labels[email])}});
      }
      header_ = *std::move(found);
    }
  }

  Result<void> refuse_header(Error error) const {
    error.place.source = notes_.source();
    return fail(error.code,
                error.message +
                    "; expected email and optionally name, language, uid, or one address a line",
                std::move(error.place));
  }

  Result<void> take_row(const CsvRow& cells) {
    if (auto sound = check_encoding(cells); !sound) {
      notes_.report(sound.error());
      return {};
    }
    AddressRow row;
    row.line = cells.line;
    row.event = header_->cell(cells, uid);
    row.request.name = header_->cell(cells, name);
    for (const Label label : {uid, name}) {
      const auto sound = text::check_single_line(header_->cell(cells, label), labels[label]);
      if (!sound) return skip(sound.error(), row.line, header_->column(label));
    }
    if (const auto cell = header_->cell(cells, language); !cell.empty()) {
      auto canonical = locale::canonical_language(cell);
      if (!canonical) {
        return skip({Code::invalid_input,
                     "language: not a language tag; expected one such as de or pt-BR",
                     {{}, 0, 0, std::string(labels[language])}},
                    row.line, header_->column(language));
      }
      row.request.language = *std::move(canonical);
    }
    return take(std::move(row), header_->cell(cells, email), header_->column(email));
  }

  // ---- both ----

  Result<void> take(AddressRow row, std::string_view mailbox, std::uint32_t column) {
    if (mailbox.size() > max_line_bytes) {
      return skip({Code::too_large, "a line of more than 64 KiB", {}}, row.line, column);
    }
    auto parsed = parse_mailbox(mailbox);
    if (!parsed) {
      parsed.error().place.field = labels[email];
      return skip(parsed.error(), row.line, column);
    }
    row.request.address = std::move(parsed->address);
    if (row.request.name.empty()) row.request.name = std::move(parsed->name);
    // The same address may stand there once for each event.
    const auto [known, fresh] = lines_.emplace(row.event + '\n' + row.request.address, row.line);
    if (fresh) return on_row_(std::move(row));
    return skip({Code::conflict,
                 "address \"" + row.request.address + "\" was given in line " +
                     std::to_string(known->second) + "; given once",
                 {{}, 0, 0, std::string(labels[email])}},
                row.line, column);
  }

  Result<void> skip(Error error, std::uint32_t line, std::uint32_t column) const {
    error.place.line = line;
    error.place.column = column;
    notes_.report(std::move(error));
    return {};
  }

  Notes notes_;
  AddressRowHandler on_row_;
  Decoder decoder_;
  Kind kind_ = Kind::unknown;
  std::string rest_;        ///< what came before the first line was whole; later an unfinished line
  std::uint32_t line_ = 0;  ///< of text, counted
  std::optional<CsvReader> table_;
  std::optional<Header> header_;
  std::unordered_map<std::string, std::uint32_t> lines_;  ///< of what was given
  UntilFailure until_failure_;
};

bool is_address_list(std::string_view head) {
  Decoder decoder;
  const std::string_view text = decoder.decode(head, true);
  const auto dialect = find_dialect(text, true);
  if (!dialect) return false;
  CsvReader reader(dialect->separator);
  reader.feed(dialect->first_line, true);
  const auto row = reader.next();
  if (!row || !*row) return false;
  const auto header = Header::read(**row, labels);
  return header && header->has(email);
}

AddressListReader::AddressListReader(std::string source, AddressRowHandler on_row,
                                     RowErrorHandler on_error, DiagnosticHandler on_diagnostic)
    : impl_(std::make_unique<Impl>(std::move(source), std::move(on_row), std::move(on_error),
                                   std::move(on_diagnostic))) {}
AddressListReader::~AddressListReader() = default;

Result<void> AddressListReader::feed(std::string_view bytes, bool last) {
  return impl_->feed(bytes, last);
}

}  // namespace calinvite

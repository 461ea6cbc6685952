#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "csv/cells.hpp"
#include "locale/locale.hpp"

namespace calinvite {
namespace {

using namespace csv;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t max_line_bytes = 64 * 1024;

class AddressListReader {
 public:
  AddressListReader(std::string_view bytes, std::string_view source,
                    const std::function<Result<void>(AddressRow&&)>& on_row,
                    const RowErrorHandler& on_error)
      : bytes_(bytes), source_(source), on_row_(on_row), on_error_(on_error) {
    if (bytes_.starts_with(byte_order_mark)) bytes_.remove_prefix(byte_order_mark.size());
  }

  Result<void> read() {
    const std::string_view line = first_line();
    const char separator = separator_of(line);
    const bool table = line.find(separator) != std::string_view::npos;
    const bool header = line.find('@') == std::string_view::npos && !line.starts_with('#');
    if (header && (table || text::iequals(unquoted(line), "email"))) return read_table(separator);
    return read_lines();
  }

 private:
  std::string_view first_line() const {
    const auto start = bytes_.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return {};
    return text::trim(bytes_.substr(start, bytes_.find_first_of("\r\n", start) - start));
  }

  static std::string_view unquoted(std::string_view label) {
    const bool quoted = label.size() >= 2 && label.front() == '"' && label.back() == '"';
    return quoted ? text::trim(label.substr(1, label.size() - 2)) : label;
  }

  // ---- TXT ----

  Result<void> read_lines() {
    std::string_view rest = bytes_;
    for (std::uint32_t number = 1; !rest.empty(); ++number) {
      const auto end = std::min(rest.find_first_of("\r\n"), rest.size());
      const std::string_view line = text::trim(rest.substr(0, end));
      rest.remove_prefix(end);
      if (rest.starts_with("\r\n")) rest.remove_prefix(1);
      if (!rest.empty()) rest.remove_prefix(1);
      if (line.empty() || line.front() == '#') continue;
      AddressRow row;
      row.line = number;
      if (auto taken = take(std::move(row), line, 0); !taken) return taken;
    }
    return {};
  }

  // ---- CSV ----

  Result<void> read_table(char separator) {
    static constexpr std::array<std::string_view, 4> labels = {"email", "name", "language", "uid"};
    CsvReader reader(separator);
    reader.feed(bytes_, true);
    std::optional<Header> header;
    for (;;) {
      const auto row = reader.next();
      if (!row && !header) return refuse_header(row.error().message, row.error().place);
      if (!row) {
        report(row.error());
        continue;
      }
      if (!*row) return {};
      if (header) {
        if (auto taken = take_row(*header, **row); !taken) return taken;
        continue;
      }
      auto found = Header::read(**row, labels);
      if (!found) return refuse_header(found.error().message, found.error().place);
      if (!found->has("email")) {
        return refuse_header("the header has no column email", {{}, (*row)->line, 0, "email"});
      }
      header = std::move(*found);
    }
  }

  Result<void> refuse_header(const std::string& what, Place place) const {
    place.source = source_;
    return fail(Code::invalid_input,
                what + "; expected email and optionally name, language, uid, or one address a line",
                std::move(place));
  }

  Result<void> take_row(const Header& header, const CsvRow& cells) {
    AddressRow row;
    row.line = cells.line;
    row.event = header.cell(cells, "uid");
    row.request.name = header.cell(cells, "name");
    row.request.language = header.cell(cells, "language");
    for (const auto& [label, value] :
         {std::pair<std::string_view, std::string_view>("uid", row.event),
          {"name", row.request.name}}) {
      const auto sound = text::check_single_line(value, label);
      if (!sound) return skip(sound.error(), row.line, header.column(label));
    }
    if (!row.request.language.empty()) {
      auto canonical = locale::canonical_language(row.request.language);
      if (!canonical) {
        return skip({Code::invalid_input,
                     "language: not a language tag; expected one such as de or pt-BR",
                     {{}, 0, 0, "language"}},
                    row.line, header.column("language"));
      }
      row.request.language = std::move(*canonical);
    }
    return take(std::move(row), header.cell(cells, "email"), header.column("email"));
  }

  // ---- both ----

  Result<void> take(AddressRow row, std::string_view mailbox, std::uint32_t column) {
    if (mailbox.size() > max_line_bytes) {
      return skip({Code::too_large, "a line of more than 64 KiB", {}}, row.line, column);
    }
    auto parsed = parse_mailbox(mailbox);
    if (!parsed) {
      parsed.error().place.field = "email";
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
                 {{}, 0, 0, "email"}},
                row.line, column);
  }

  Result<void> skip(Error error, std::uint32_t line, std::uint32_t column) const {
    error.place.line = line;
    error.place.column = column;
    report(std::move(error));
    return {};
  }

  void report(Error error) const {
    error.place.source = source_;
    on_error_(error);
  }

  std::string_view bytes_;
  std::string source_;
  const std::function<Result<void>(AddressRow&&)>& on_row_;
  const RowErrorHandler& on_error_;
  std::unordered_map<std::string, std::uint32_t> lines_;  ///< of what was given
};

}  // namespace

Result<void> read_address_list(std::string_view bytes, std::string_view source,
                               const std::function<Result<void>(AddressRow&&)>& on_row,
                               const RowErrorHandler& on_error) {
  return AddressListReader(bytes, source, on_row, on_error).read();
}

}  // namespace calinvite

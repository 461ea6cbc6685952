#include "csv/cells.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace calinvite::csv {

namespace {

constexpr std::size_t max_first_line = 64 * 1024;

char separator_of(std::string_view first_line) {
  std::array<int, 3> counts{};
  constexpr std::string_view candidates = ",;\t";
  bool quoted = false;
  for (const char c : first_line) {
    quoted ^= c == '"';
    const auto known = candidates.find(c);
    if (!quoted && known != std::string_view::npos) ++counts[known];
  }
  return candidates[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) -
                                             counts.begin())];
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The separator of a line such as sep=; or "sep=\t"; absent: the line says something else.
std::optional<char> named_separator(std::string_view line) {
  constexpr std::string_view label = "sep=";
  line = unquoted(line);
  if (line.size() != label.size() + 1) return std::nullopt;
  if (!text::iequals(line.substr(0, label.size()), label)) return std::nullopt;
  const char c = line.back();
  return c == '"' ? std::nullopt : std::optional(c);
}

/// The first line from `at` on that holds more than blanks; absent while it is not whole.
std::optional<std::string_view> first_line(std::string_view head, bool last) {
  const auto start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) {
    return last ? std::optional<std::string_view>("") : std::nullopt;
  }
  const auto end = head.find_first_of("\r\n", start);
  const bool whole = end != std::string_view::npos || last || head.size() - start > max_first_line;
  if (!whole) return std::nullopt;
  return head.substr(start, std::min(end, head.size()) - start);
}

}  // namespace

std::optional<Dialect> find_dialect(std::string_view head, bool last) {
  const auto line = first_line(head, last);
  if (!line) return std::nullopt;
  Dialect dialect;
  const auto named = named_separator(*line);
  if (named) {
    // The line itself goes, its end stays: rows keep their line numbers.
    dialect.rows_at = static_cast<std::size_t>(line->data() + line->size() - head.data());
    const auto next = first_line(head.substr(dialect.rows_at), last);
    if (!next) return std::nullopt;
    dialect.first_line = text::trim(*next);
  } else {
    dialect.first_line = text::trim(*line);
  }
  dialect.separator = named.value_or(separator_of(dialect.first_line));
  return dialect;
}

Result<Header> Header::read(const CsvRow& row, std::span<const std::string_view> labels) {
  Header header;
  header.columns_.resize(labels.size());
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto label = std::find_if(labels.begin(), labels.end(), [&](std::string_view known) {
      return text::iequals(known, text::trim(row.cells[i]));
    });
    if (label == labels.end()) continue;
    const auto column = static_cast<std::uint32_t>(i + 1);
    auto& known = header.columns_[static_cast<std::size_t>(label - labels.begin())];
    if (known != 0) {
      return fail(Code::invalid_input, "the header has two columns \"" + std::string(*label) + "\"",
                  {{}, row.line, column, std::string(*label)});
    }
    known = column;
  }
  return header;
}

std::string_view Header::cell(const CsvRow& row, std::size_t label) const {
  const std::uint32_t at = columns_[label];
  return at == 0 || at > row.cells.size() ? std::string_view() : text::trim(row.cells[at - 1]);
}

}  // namespace calinvite::csv

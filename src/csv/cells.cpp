#include "csv/cells.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace calinvite::csv {

char separator_of(std::string_view first_line) {
  const auto count = [&](char c) { return std::count(first_line.begin(), first_line.end(), c); };
  char best = ',';
  for (const char candidate : {';', '\t'}) {
    if (count(candidate) > count(best)) best = candidate;
  }
  return best;
}

Result<Header> Header::read(const CsvRow& row, std::span<const std::string_view> labels) {
  Header header;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto label = std::find_if(labels.begin(), labels.end(), [&](std::string_view known) {
      return text::iequals(known, text::trim(row.cells[i]));
    });
    if (label == labels.end()) continue;
    const auto column = static_cast<std::uint32_t>(i + 1);
    if (header.has(*label)) {
      return fail(Code::invalid_input, "the header has two columns \"" + std::string(*label) + "\"",
                  {{}, row.line, column, std::string(*label)});
    }
    header.columns_.emplace_back(*label, column);
  }
  return header;
}

std::uint32_t Header::column(std::string_view label) const {
  for (const auto& [known, column] : columns_) {
    if (known == label) return column;
  }
  return 0;
}

std::string_view Header::cell(const CsvRow& row, std::string_view label) const {
  const std::uint32_t at = column(label);
  return at == 0 || at > row.cells.size() ? std::string_view() : text::trim(row.cells[at - 1]);
}

}  // namespace calinvite::csv

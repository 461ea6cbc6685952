/// What the lists have in common: the header's dialect and cells that were found wanting.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/csv.hpp"

namespace calinvite::csv {

/// The separator of a list by its first line: the one of comma, semicolon and tab that it holds
/// most of; spreadsheets write semicolons where the comma is the decimal sign.
char separator_of(std::string_view first_line);

/// Which cell of a row a label of the header means; labels compare without case and outer blanks.
class Header {
 public:
  /// @param labels  those we read; kept as views
  /// @error invalid_input  one of them stands there twice
  static Result<Header> read(const CsvRow& row, std::span<const std::string_view> labels);

  /// 1-based; 0: the header has no such label.
  std::uint32_t column(std::string_view label) const;
  bool has(std::string_view label) const { return column(label) != 0; }
  /// Without outer blanks; empty when the label or the cell is not there.
  std::string_view cell(const CsvRow& row, std::string_view label) const;

 private:
  std::vector<std::pair<std::string_view, std::uint32_t>> columns_;
};

}  // namespace calinvite::csv

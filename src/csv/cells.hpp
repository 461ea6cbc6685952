/// What the lists have in common: the header's dialect and cells that were found wanting.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/csv.hpp"

namespace calinvite::csv {

/// What the first lines of a list tell.
struct Dialect {
  char separator = ',';
  std::string_view first_line;  ///< the first that says something, without outer blanks
  std::size_t rows_at = 0;      ///< where the rows begin: behind what a `sep=` line says
};
/// Reads it off the beginning of a list; absent while the first line is not whole. The separator
/// is that of Excel's `sep=` line, else the one of comma, semicolon and tab that the first line
/// holds most of outside of quotes: spreadsheets write semicolons where the comma is the decimal
/// sign.
std::optional<Dialect> find_dialect(std::string_view head, bool last);

/// Which cell of a row a label of the header means; labels compare without case and outer blanks,
/// and are told by their index among those that are read.
class Header {
 public:
  /// @param labels  those we read
  /// @error invalid_input  one of them stands there twice
  static Result<Header> read(const CsvRow& row, std::span<const std::string_view> labels);

  /// 1-based; 0: the header has no such label.
  std::uint32_t column(std::size_t label) const { return columns_[label]; }
  bool has(std::size_t label) const { return columns_[label] != 0; }
  /// Without outer blanks; empty when the label or the cell is not there.
  std::string_view cell(const CsvRow& row, std::size_t label) const;

 private:
  std::vector<std::uint32_t> columns_;  ///< by label
};

}  // namespace calinvite::csv

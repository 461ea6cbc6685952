/// What both list readers tell beside their rows.
#pragma once

#include <string>

#include "calinvite/csv.hpp"
#include "csv/encoding.hpp"

namespace calinvite::csv {

/// Hands errors and diagnostics on, each with the name of the list.
class Notes {
 public:
  Notes(std::string source, RowErrorHandler on_error, DiagnosticHandler on_diagnostic);

  const std::string& source() const { return source_; }
  void report(Error error) const;
  /// Once, as soon as the list turns out not to be UTF-8.
  void tell_encoding(const Decoder& decoder);

 private:
  std::string source_;
  RowErrorHandler on_error_;
  DiagnosticHandler on_diagnostic_;
  bool told_ = false;
};

/// @error invalid_input  a cell with bytes that the encoding of the list does not have
Result<void> check_encoding(const CsvRow& row);

}  // namespace calinvite::csv

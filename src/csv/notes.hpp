/// What both list readers have in common beside their rows: what they tell, and where they end.
#pragma once

#include <optional>
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

/// A reading in pieces that ends at its first error, which every later piece gets again.
class UntilFailure {
 public:
  template <class Take>
  Result<void> operator()(const Take& take) {
    if (failure_) return tl::unexpected(*failure_);
    auto taken = take();
    if (!taken) failure_ = taken.error();
    return taken;
  }

 private:
  std::optional<Error> failure_;
};

/// @error invalid_input  a cell with bytes that the encoding of the list does not have
Result<void> check_encoding(const CsvRow& row);

}  // namespace calinvite::csv

/// Lists of people, one address a line or CSV with the column email: what those that we read have
/// in common. What stands beside the address is their own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "csv/cells.hpp"
#include "csv/encoding.hpp"
#include "csv/notes.hpp"

namespace calinvite::csv {

/// What a list may hold, and who takes it.
struct PeopleColumns {
  std::span<const std::string_view> labels;  ///< the first one is email
  std::string expected;                      ///< completes "expected email and optionally "
  std::function<Result<void>(const Header&, const CsvRow&)> on_row;
  std::function<Result<void>(std::string_view mailbox, std::uint32_t line)> on_line;
};

class PeopleList {
 public:
  PeopleList(Notes notes, PeopleColumns columns);

  /// @error invalid_input  a CSV header without email: nothing was read
  /// @error as on_row and on_line
  Result<void> feed(std::string_view bytes, bool last);
  /// Reports a row that is left out.
  Result<void> skip(Error error, std::uint32_t line, std::uint32_t column) const;
  /// The one mailbox of a row or line; absent when it was reported instead.
  std::optional<Mailbox> read_mailbox(std::string_view mailbox, std::uint32_t line,
                                      std::uint32_t column) const;

 private:
  enum class Kind { unknown, lines, table };

  Result<void> take(std::string_view bytes, bool last);
  Result<void> read_lines(bool last);
  Result<void> take_line(std::string_view whole);
  Result<void> read_table();
  Result<void> read_header(const CsvRow& row);
  Result<void> refuse_header(Error error) const;

  Notes notes_;
  PeopleColumns columns_;
  Decoder decoder_;
  Kind kind_ = Kind::unknown;
  std::string rest_;        ///< what came before the first line was whole; later an unfinished line
  std::uint32_t line_ = 0;  ///< of text, counted
  std::optional<CsvReader> table_;
  std::optional<Header> header_;
  UntilFailure until_failure_;
};

}  // namespace calinvite::csv

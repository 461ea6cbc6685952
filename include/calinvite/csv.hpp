/// CSV (RFC 4180) and the two lists that come as CSV or text: events and addresses.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"
#include "calinvite/suppression.hpp"
#include "calinvite/time.hpp"

namespace calinvite {

/// One record. Cells are views into the reader's buffer, valid until the next call.
struct CsvRow {
  std::vector<std::string_view> cells;
  std::uint32_t line = 0;  ///< 1-based physical line on which it begins
};

/// Streams records out of bytes that come in pieces. Quotes, embedded newlines, CRLF, LF or CR; a
/// UTF-8 BOM and blank lines are skipped. Rows over 64 KiB or 200 cells are errors; reading goes on
/// after them.
class CsvReader {
 public:
  explicit CsvReader(char separator = ',');
  ~CsvReader();
  CsvReader(CsvReader&&) noexcept;
  CsvReader& operator=(CsvReader&&) noexcept;
  /// Hands over the next piece; `last` ends the input. Call when next() has no more rows.
  void feed(std::string_view bytes, bool last);
  /// The next row, absent when more bytes are needed or the input has ended.
  /// @error invalid_input  a stray quote or a quote that never ends; the row is skipped
  /// @error too_large      a row beyond the limits; it is skipped
  Result<std::optional<CsvRow>> next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Appends one RFC 4180 record with CRLF; every cell quoted, cells that begin with = + - @ TAB CR
/// prefixed by an apostrophe so that no spreadsheet runs them (D16).
void append_csv_row(std::string& out, const std::vector<std::string_view>& cells);

enum class EventCommand { create, update, cancel };

/// One row of an events list.
struct EventRow {
  EventCommand command = EventCommand::create;
  Event event;  ///< source_uid from `uid`; uid and organizer empty
  /// Which of description, location, url, landing and language, and for an `update` also of
  /// summary, start, end and timezone, the list has no column for: those of a known event stay as
  /// they are. Without a start all times stay; without an end it lasts as long as it did.
  std::vector<std::string> absent;
  std::uint32_t line = 0;
};

/// In which order the numbers of a date stand.
enum class DateOrder {
  usual,  ///< our labels: ISO 8601 alone; Google's: month first where slashes stand; Outlook's:
          ///< likewise where the day can be no month, other dates of numbers are refused
  mdy,    ///< month first, 05/30/2027, under any label
  dmy,    ///< day first, 30.05.2027, under any label
};
/// Any case; absent for unknown words.
std::optional<DateOrder> parse_date_order(std::string_view word);

using EventRowHandler = std::function<Result<void>(EventRow&&)>;
using RowErrorHandler = std::function<void(const Error&)>;
/// What was read although the list does not say it so, such as its encoding.
using DiagnosticHandler = std::function<void(const Diagnostic&)>;

/// Reads an events list piece by piece: our labels, Google Calendar's and Outlook's.
/// Bad rows go to `on_error` with line, column and reason; good rows go to `on_row`. Without a
/// `uid` column the row key is made of summary and start, so that a second import is a no-op. A key
/// stands in one row: a later one with it is an error that names the line of the first.
/// UTF-8, UTF-16 and Windows-1252 are told apart by the bytes; any but UTF-8 is a diagnostic. The
/// separator is that of a `sep=` line, else the one of comma, semicolon and tab that the header
/// holds most of. The `end` of an all-day row is the day after the last one, as DTEND; the start
/// said again, or none, is one day. A time without an end lasts one hour under foreign labels.
/// All dates of a list have one form: what differs from the first one is refused, never guessed.
class EventListReader {
 public:
  /// @param timezone  IANA zone of rows that name none; empty: such rows are errors
  EventListReader(std::string source, std::string timezone, const ZoneTable& zones,
                  EventRowHandler on_row, RowErrorHandler on_error,
                  DateOrder date_order = DateOrder::usual, DiagnosticHandler on_diagnostic = {});
  ~EventListReader();
  /// @error invalid_input  the header lacks a needed column: nothing was read
  /// @error any error that `on_row` returned ends the reading
  Result<void> feed(std::string_view bytes, bool last);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One line of an address list.
struct AddressRow {
  InviteRequest request;
  std::string event;  ///< `uid` column of the bulk mailbox's list; empty when absent
  std::uint32_t line = 0;
};

/// True when a list that begins so is a CSV of people: its header has the column email.
bool is_address_list(std::string_view head);

using AddressRowHandler = std::function<Result<void>(AddressRow&&)>;

/// Reads an address list piece by piece, TXT (`Name <addr>`, `#` comments) or CSV with an `email`
/// column; which of the two is told by the first line. Other columns are name, language, uid, and
/// what people agreed to: consent_source, consent_time (ISO 8601 in UTC, or a date), consent_text.
/// Encodings and separators as for events. Repeated addresses (of the same event) are given once,
/// later ones are errors that name both lines; letter case and the two forms of an international
/// host make no difference, plus-tags do.
class AddressListReader {
 public:
  AddressListReader(std::string source, AddressRowHandler on_row, RowErrorHandler on_error,
                    DiagnosticHandler on_diagnostic = {});
  ~AddressListReader();
  /// @error invalid_input  a CSV header without `email`: nothing was read
  /// @error any error that `on_row` returned ends the reading
  Result<void> feed(std::string_view bytes, bool last);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One line of a list of suppressions.
struct SuppressionRow {
  Suppression suppression;  ///< what the list lacks is empty
  std::uint32_t line = 0;
  std::uint32_t email_column = 0;      ///< 1-based cell; 0: the list is text
  std::uint32_t domain_column = 0;     ///< 0: it has none
  std::uint32_t organizer_column = 0;  ///< 0: it has none
};
using SuppressionRowHandler = std::function<Result<void>(SuppressionRow&&)>;

/// Reads a list of suppressions piece by piece, TXT or CSV with the column email and optionally
/// domain, organizer, reason and time (ISO 8601 in UTC, or a date). Encodings and separators as for
/// events; other columns are not looked at.
class SuppressionListReader {
 public:
  SuppressionListReader(std::string source, SuppressionRowHandler on_row, RowErrorHandler on_error,
                        DiagnosticHandler on_diagnostic = {});
  ~SuppressionListReader();
  /// @error invalid_input  a CSV header without `email`: nothing was read
  /// @error any error that `on_row` returned ends the reading
  Result<void> feed(std::string_view bytes, bool last);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calinvite

#include "csv/notes.hpp"

#include "base/text.hpp"

namespace calinvite::csv {

Notes::Notes(std::string source, RowErrorHandler on_error, DiagnosticHandler on_diagnostic)
    : source_(std::move(source)),
      on_error_(std::move(on_error)),
      on_diagnostic_(std::move(on_diagnostic)) {}

void Notes::report(Error error) const {
  error.place.source = source_;
  if (on_error_) on_error_(error);
}

void Notes::tell_encoding(const Decoder& decoder) {
  if (told_ || decoder.foreign().empty()) return;
  told_ = true;
  const std::string encoding(decoder.foreign());
  if (on_diagnostic_) {
    on_diagnostic_({"read as " + encoding + ", not UTF-8", {source_, decoder.line(), 0, {}}});
  }
}

Result<void> check_encoding(const CsvRow& row) {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (text::is_utf8(row.cells[i])) continue;
    return fail(Code::invalid_input,
                "the cell has bytes that the list's encoding does not have; save it as UTF-8",
                {{}, row.line, static_cast<std::uint32_t>(i + 1), {}});
  }
  return {};
}

}  // namespace calinvite::csv

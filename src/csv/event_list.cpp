#include <optional>

#include "base/text.hpp"
#include "csv/encoding.hpp"
#include "csv/event_row.hpp"
#include "csv/notes.hpp"

namespace calinvite {

using namespace csv;

std::optional<DateOrder> parse_date_order(std::string_view word) {
  if (text::iequals(word, "mdy")) return DateOrder::mdy;
  if (text::iequals(word, "dmy")) return DateOrder::dmy;
  return std::nullopt;
}

struct EventListReader::Impl {
 public:
  Impl(std::string source, std::string timezone, const ZoneTable& zones, EventRowHandler on_row,
       RowErrorHandler on_error, DateOrder date_order, DiagnosticHandler on_diagnostic)
      : notes_(std::move(source), std::move(on_error), std::move(on_diagnostic)),
        timezone_(std::move(timezone)),
        zones_(zones),
        date_order_(date_order),
        on_row_(std::move(on_row)) {}

  Result<void> feed(std::string_view bytes, bool last) {
    return until_failure_([&] { return take(bytes, last); });
  }

 private:
  Result<void> take(std::string_view bytes, bool last) {
    const std::string_view text = decoder_.decode(bytes, last);
    notes_.tell_encoding(decoder_);
    if (reader_) {
      reader_->feed(text, last);
    } else {
      head_ += text;
      const auto dialect = find_dialect(head_, last);
      if (!dialect) return {};
      reader_.emplace(dialect->separator);
      reader_->feed(std::string_view(head_).substr(dialect->rows_at), last);
      head_ = {};
    }
    for (;;) {
      const auto row = reader_->next();
      if (!row) {
        if (!rows_) return refuse_header(row.error());
        notes_.report(row.error());
        continue;
      }
      if (!*row) break;
      if (auto taken = rows_ ? take_row(**row) : take_header(**row); !taken) return taken;
    }
    if (last && !rows_) return refuse_header({Code::invalid_input, "it is empty", {{}, 1, 0, {}}});
    return {};
  }

  Result<void> refuse_header(Error error) const {
    error.place.source = notes_.source();
    return fail(error.code,
                "no header that we know: " + error.message +
                    "; expected at least the columns summary and start, or Subject and Start Date",
                std::move(error.place));
  }

  Result<void> take_header(const CsvRow& row) {
    auto begun = EventRowReader::begin(row, timezone_, zones_, date_order_);
    if (!begun) return refuse_header(begun.error());
    rows_.emplace(*std::move(begun));
    return {};
  }

  Result<void> take_row(const CsvRow& row) {
    if (decoder_.flawed()) {
      if (auto sound = check_encoding(row); !sound) {
        notes_.report(sound.error());
        return {};
      }
    }
    auto event = rows_->read(row);
    if (event) return on_row_(std::move(*event));
    event.error().place.line = row.line;
    notes_.report(event.error());
    return {};
  }

  Notes notes_;
  std::string timezone_;
  const ZoneTable& zones_;
  DateOrder date_order_;
  EventRowHandler on_row_;
  Decoder decoder_;
  std::string head_;  ///< what came before the first line was whole
  std::optional<CsvReader> reader_;
  std::optional<EventRowReader> rows_;  ///< once the header was read
  UntilFailure until_failure_;
};

EventListReader::EventListReader(std::string source, std::string timezone, const ZoneTable& zones,
                                 EventRowHandler on_row, RowErrorHandler on_error,
                                 DateOrder date_order, DiagnosticHandler on_diagnostic)
    : impl_(std::make_unique<Impl>(std::move(source), std::move(timezone), zones, std::move(on_row),
                                   std::move(on_error), date_order, std::move(on_diagnostic))) {}
EventListReader::~EventListReader() = default;

Result<void> EventListReader::feed(std::string_view bytes, bool last) {
  return impl_->feed(bytes, last);
}

}  // namespace calinvite

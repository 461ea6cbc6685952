#include <array>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "calinvite/csv.hpp"
#include "calinvite/time.hpp"
#include "csv/people_list.hpp"

namespace calinvite {
namespace {

using namespace csv;

enum Label : std::size_t { email, domain, organizer, reason, time };
constexpr std::array<std::string_view, 5> labels = {"email", "domain", "organizer", "reason",
                                                    "time"};

/// An export writes an apostrophe before what a spreadsheet would run; read back it is gone.
std::string_view without_guard(std::string_view cell) {
  const bool guarded = cell.size() > 1 && cell[0] == '\'' &&
                       std::string_view("=+-@").find(cell[1]) != std::string_view::npos;
  return guarded ? cell.substr(1) : cell;
}

}  // namespace

struct SuppressionListReader::Impl {
 public:
  Impl(std::string source, SuppressionRowHandler on_row, RowErrorHandler on_error,
       DiagnosticHandler on_diagnostic)
      : on_row_(std::move(on_row)),
        list_(Notes(std::move(source), std::move(on_error), std::move(on_diagnostic)),
              {labels, "domain, organizer, reason, time",
               [this](const Header& header, const CsvRow& row) { return take_row(header, row); },
               [this](std::string_view mailbox, std::uint32_t line) {
                 return take({{}, line}, mailbox);
               }}) {}

  Result<void> feed(std::string_view bytes, bool last) { return list_.feed(bytes, last); }

 private:
  Result<void> take_row(const Header& header, const CsvRow& cells) {
    SuppressionRow row;
    row.line = cells.line;
    const auto bad = [&](const Error& error, Label label) {
      return list_.skip(error, row.line, header.column(label));
    };
    row.suppression.reason = without_guard(header.cell(cells, reason));
    const auto sound = text::check_single_line(row.suppression.reason, labels[reason]);
    if (!sound) return bad(sound.error(), reason);
    row.suppression.domain = without_guard(header.cell(cells, domain));
    if (const auto cell = without_guard(header.cell(cells, organizer)); !cell.empty()) {
      auto address = normalize_address(cell);
      if (!address) return bad(address.error(), organizer);
      row.suppression.organizer = *std::move(address);
    }
    if (const auto cell = header.cell(cells, time); !cell.empty()) {
      const auto parsed = parse_iso(cell);
      if (!parsed || !(parsed->utc || parsed->date_only)) {
        return bad({Code::invalid_input,
                    "time: not an instant; expected one such as 2027-03-01T09:30:00Z or a date",
                    {{}, 0, 0, std::string(labels[time])}},
                   time);
      }
      row.suppression.time = std::chrono::sys_seconds(parsed->wall.time_since_epoch());
    }
    row.email_column = header.column(email);
    row.domain_column = header.column(domain);
    row.organizer_column = header.column(organizer);
    return take(std::move(row), without_guard(header.cell(cells, email)));
  }

  Result<void> take(SuppressionRow row, std::string_view mailbox) {
    auto parsed = list_.read_mailbox(mailbox, row.line, row.email_column);
    if (!parsed) return {};
    row.suppression.address = std::move(parsed->address);
    return on_row_(std::move(row));
  }

  SuppressionRowHandler on_row_;
  PeopleList list_;
};

SuppressionListReader::SuppressionListReader(std::string source, SuppressionRowHandler on_row,
                                             RowErrorHandler on_error,
                                             DiagnosticHandler on_diagnostic)
    : impl_(std::make_unique<Impl>(std::move(source), std::move(on_row), std::move(on_error),
                                   std::move(on_diagnostic))) {}
SuppressionListReader::~SuppressionListReader() = default;

Result<void> SuppressionListReader::feed(std::string_view bytes, bool last) {
  return impl_->feed(bytes, last);
}

}  // namespace calinvite

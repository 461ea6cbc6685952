#include <array>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "calinvite/time.hpp"
#include "csv/people_list.hpp"
#include "locale/locale.hpp"

namespace calinvite {
namespace {

using namespace csv;

enum Label : std::size_t { email, name, language, uid, consent_source, consent_time, consent_text };
constexpr std::array<std::string_view, 7> labels = {
    "email", "name", "language", "uid", "consent_source", "consent_time", "consent_text"};

/// A cell that a row falls with.
struct BadCell {
  Error error;
  Label label;
};

/// What the row says of consent; nothing without a source.
tl::expected<std::optional<ConsentGiven>, BadCell> read_consent(const Header& header,
                                                                const CsvRow& cells) {
  ConsentGiven consent;
  consent.source = header.cell(cells, consent_source);
  consent.text = header.cell(cells, consent_text);
  const std::string_view time = header.cell(cells, consent_time);
  if (consent.source.empty() && consent.text.empty() && time.empty()) return std::nullopt;
  if (!time.empty()) {
    const auto parsed = parse_iso(time);
    if (!parsed || !(parsed->utc || parsed->date_only)) {
      return tl::unexpected(BadCell{
          {Code::invalid_input,
           "consent_time: not an instant; expected one such as 2027-03-01T09:30:00Z or a date",
           {{}, 0, 0, std::string(labels[consent_time])}},
          consent_time});
    }
    consent.time = std::chrono::sys_seconds(parsed->wall.time_since_epoch());
  }
  if (auto sound = check_consent(consent); !sound) {
    const Label label =
        sound.error().place.field == labels[consent_text] ? consent_text : consent_source;
    return tl::unexpected(BadCell{sound.error(), label});
  }
  return consent;
}

}  // namespace

struct AddressListReader::Impl {
 public:
  Impl(std::string source, AddressRowHandler on_row, RowErrorHandler on_error,
       DiagnosticHandler on_diagnostic)
      : on_row_(std::move(on_row)),
        list_(Notes(std::move(source), std::move(on_error), std::move(on_diagnostic)),
              {labels, "name, language, uid",
               [this](const Header& header, const CsvRow& row) { return take_row(header, row); },
               [this](std::string_view mailbox, std::uint32_t line) {
                 AddressRow row;
                 row.line = line;
                 return take(std::move(row), mailbox, 0);
               }}) {}

  Result<void> feed(std::string_view bytes, bool last) { return list_.feed(bytes, last); }

 private:
  Result<void> take_row(const Header& header, const CsvRow& cells) {
    AddressRow row;
    row.line = cells.line;
    row.event = header.cell(cells, uid);
    row.request.name = header.cell(cells, name);
    for (const Label label : {uid, name}) {
      const auto sound = text::check_single_line(header.cell(cells, label), labels[label]);
      if (!sound) return list_.skip(sound.error(), row.line, header.column(label));
    }
    if (const auto cell = header.cell(cells, language); !cell.empty()) {
      auto canonical = locale::canonical_language(cell);
      if (!canonical) {
        return list_.skip({Code::invalid_input,
                           "language: not a language tag; expected one such as de or pt-BR",
                           {{}, 0, 0, std::string(labels[language])}},
                          row.line, header.column(language));
      }
      row.request.language = *std::move(canonical);
    }
    auto consent = read_consent(header, cells);
    if (!consent) {
      return list_.skip(consent.error().error, row.line, header.column(consent.error().label));
    }
    row.request.consent = *std::move(consent);
    return take(std::move(row), header.cell(cells, email), header.column(email));
  }

  Result<void> take(AddressRow row, std::string_view mailbox, std::uint32_t column) {
    auto parsed = list_.read_mailbox(mailbox, row.line, column);
    if (!parsed) return {};
    row.request.address = std::move(parsed->address);
    if (row.request.name.empty()) row.request.name = std::move(parsed->name);
    // The same address may stand there once for each event.
    const auto [known, fresh] = lines_.emplace(row.event + '\n' + row.request.address, row.line);
    if (fresh) return on_row_(std::move(row));
    return list_.skip({Code::conflict,
                       "address \"" + row.request.address + "\" was given in line " +
                           std::to_string(known->second) + "; given once",
                       {{}, 0, 0, std::string(labels[email])}},
                      row.line, column);
  }

  AddressRowHandler on_row_;
  std::unordered_map<std::string, std::uint32_t> lines_;  ///< of what was given
  PeopleList list_;
};

bool is_address_list(std::string_view head) {
  Decoder decoder;
  const std::string_view text = decoder.decode(head, true);
  const auto dialect = find_dialect(text, true);
  if (!dialect) return false;
  CsvReader reader(dialect->separator);
  reader.feed(dialect->first_line, true);
  const auto row = reader.next();
  if (!row || !*row) return false;
  const auto header = Header::read(**row, labels);
  return header && header->has(email);
}

AddressListReader::AddressListReader(std::string source, AddressRowHandler on_row,
                                     RowErrorHandler on_error, DiagnosticHandler on_diagnostic)
    : impl_(std::make_unique<Impl>(std::move(source), std::move(on_row), std::move(on_error),
                                   std::move(on_diagnostic))) {}
AddressListReader::~AddressListReader() = default;

Result<void> AddressListReader::feed(std::string_view bytes, bool last) {
  return impl_->feed(bytes, last);
}

}  // namespace calinvite

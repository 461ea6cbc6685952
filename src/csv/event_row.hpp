/// One row of an events list as a checked event.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "calinvite/csv.hpp"
#include "csv/cells.hpp"
#include "csv/times.hpp"

namespace calinvite::csv {

/// Reads the rows below one header. Errors have column and field, no line.
class EventRowReader {
 public:
  /// @error invalid_input  the header lacks a needed column, or has one twice
  static Result<EventRowReader> begin(const CsvRow& header, std::string timezone,
                                      const ZoneTable& zones, DateOrder order);
  /// @error invalid_input  some cell; conflict: the same key as a row before
  Result<EventRow> read(const CsvRow& row);

 private:
  EventRowReader(Header header, std::string timezone, const ZoneTable& zones, DateOrder order);

  Result<void> read_texts(const CsvRow& row, Event& event);
  Result<void> read_language(std::string_view cell, Event& event);
  Result<void> read_times(const CsvRow& row, EventRow& read);
  Result<std::optional<BasicTime>> moment(const CsvRow& row, std::size_t date, std::size_t clock);
  Result<void> set_times(const CsvRow& row, EventRow& read, const BasicTime& start,
                         const std::optional<BasicTime>& end);
  Result<void> find_zone(const CsvRow& row, const BasicTime& start);
  Result<void> check(const EventRow& row) const;
  Result<void> check_times_kept(const CsvRow& row) const;
  Result<void> take_key(EventRow& row);
  bool lacks_start() const;
  bool lacks_end() const;
  tl::unexpected<Error> refuse(std::size_t label, std::string message) const;
  tl::unexpected<Error> refuse_event(Error error) const;

  Header header_;
  std::string timezone_;
  const ZoneTable* zones_;
  DateReader dates_;
  bool foreign_ = false;             ///< labels of Google Calendar and Outlook
  std::vector<std::string> absent_;  ///< as EventRow has it, of any command
  std::vector<std::string> kept_;    ///< further ones of an update
  std::string zone_name_;            ///< as the last row gave it
  std::optional<Zone> zone_;         ///< of that name
  std::unordered_map<std::string, Zone> known_zones_;
  std::string language_cell_;                               ///< as the last row gave it
  std::string language_;                                    ///< what that is
  std::unordered_map<std::uint64_t, std::uint32_t> lines_;  ///< of the keys so far, by their digest
};

}  // namespace calinvite::csv

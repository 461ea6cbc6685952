#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "csv/cells.hpp"
#include "csv/times.hpp"
#include "locale/locale.hpp"

namespace calinvite {
namespace {

using namespace csv;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_seconds;

// Ours first, then those of Google Calendar's import and Outlook's export, which are the same.
constexpr std::array<std::string_view, 18> labels = {
    "command", "uid",        "summary",    "description", "location", "start",
    "end",     "timezone",   "all_day",    "url",         "landing",  "language",
    "subject", "start date", "start time", "end date",    "end time", "all day event"};

std::optional<bool> read_flag(std::string_view cell) {
  for (const std::string_view word : {"true", "yes", "1"}) {
    if (text::iequals(cell, word)) return true;
  }
  for (const std::string_view word : {"", "false", "no", "0"}) {
    if (text::iequals(cell, word)) return false;
  }
  return std::nullopt;
}

std::optional<EventCommand> read_command(std::string_view cell) {
  if (cell.empty() || text::iequals(cell, "create")) return EventCommand::create;
  if (text::iequals(cell, "update")) return EventCommand::update;
  if (text::iequals(cell, "cancel")) return EventCommand::cancel;
  return std::nullopt;
}

/// The same summary at the same start is the same row, whatever else was edited.
std::string row_key(const Event& event) {
  const std::string start = format_iso(event.start, event.all_day);
  return "csv-" + crypto::sha256_hex(event.summary + '\n' + start).substr(0, 32);
}

}  // namespace

struct EventListReader::Impl {
 public:
  Impl(std::string source, std::string timezone, const ZoneTable& zones, EventRowHandler on_row,
       RowErrorHandler on_error)
      : source_(std::move(source)),
        timezone_(std::move(timezone)),
        zones_(zones),
        on_row_(std::move(on_row)),
        on_error_(std::move(on_error)) {}

  Result<void> feed(std::string_view bytes, bool last) {
    if (failure_) return tl::unexpected(*failure_);
    auto fed = take(bytes, last);
    if (!fed) failure_ = fed.error();
    return fed;
  }

 private:
  Result<void> take(std::string_view bytes, bool last) {
    if (!reader_) {
      head_ += bytes;
      const auto line_end = head_.find_first_of("\r\n");
      if (line_end == std::string::npos && !last && head_.size() <= max_header_bytes) return {};
      reader_.emplace(separator_of(std::string_view(head_).substr(0, line_end)));
      reader_->feed(head_, last);
      head_ = {};
    } else {
      reader_->feed(bytes, last);
    }
    for (;;) {
      const auto row = reader_->next();
      if (!row) {
        if (!header_) return refuse_header(row.error().message, row.error().place);
        report(row.error());
        continue;
      }
      if (!*row) break;
      if (auto taken = header_ ? take_row(**row) : take_header(**row); !taken) return taken;
    }
    if (last && !header_) return refuse_header("it is empty", {});
    return {};
  }

  Result<void> refuse_header(const std::string& what, Place place) const {
    place.source = source_;
    return fail(Code::invalid_input,
                "no header that we know: " + what +
                    "; expected at least the columns summary and start, or Subject and Start Date",
                std::move(place));
  }

  Result<void> take_header(const CsvRow& row) {
    const std::string_view first = row.cells.front();
    if (first.starts_with("\xff\xfe") || first.starts_with("\xfe\xff")) {
      return refuse_header("the list is UTF-16; save it as UTF-8", {{}, row.line, 0, {}});
    }
    auto header = Header::read(row, labels);
    if (!header) return refuse_header(header.error().message, header.error().place);
    foreign_ = !header->has("start") && header->has("start date");
    const bool named = header->has("summary") || header->has("subject");
    const bool cancels_only = header->has("command") && header->has("uid");
    if (!cancels_only && !named) return refuse_header("it lacks summary", {{}, row.line, 0, {}});
    if (!cancels_only && !foreign_ && !header->has("start")) {
      return refuse_header("it lacks start", {{}, row.line, 0, {}});
    }
    header_ = std::move(*header);
    return {};
  }

  Result<void> take_row(const CsvRow& row) {
    auto event = read_row(row);
    if (event) return on_row_(std::move(*event));
    event.error().place.line = row.line;
    report(event.error());
    return {};
  }

  void report(Error error) const {
    error.place.source = source_;
    on_error_(error);
  }

  tl::unexpected<Error> refuse(std::string_view label, std::string message) const {
    return fail(Code::invalid_input, std::string(label) + ": " + std::move(message),
                {{}, 0, header_->column(label), std::string(label)});
  }

  // ---- one row ----

  Result<EventRow> read_row(const CsvRow& row) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (text::is_utf8(row.cells[i])) continue;
      return fail(Code::invalid_input, "the cell is not UTF-8; save the list as UTF-8",
                  {{}, 0, static_cast<std::uint32_t>(i + 1), {}});
    }
    EventRow read;
    read.line = row.line;
    const auto command = read_command(header_->cell(row, "command"));
    if (!command) return refuse("command", "expected create, update or cancel");
    read.command = *command;
    for (const char* label : {"description", "location", "url", "landing", "language"}) {
      if (!header_->has(label)) read.absent.push_back(label);
    }
    if (auto texts = read_texts(row, read.event); !texts) return tl::unexpected(texts.error());
    // A cancellation needs the row key and nothing else.
    const bool key_only = read.command == EventCommand::cancel && !read.event.source_uid.empty();
    if (!key_only || !start_cell(row).empty()) {
      if (auto times = read_times(row, read.event); !times) return tl::unexpected(times.error());
    }
    if (!key_only) {
      if (auto sound = check_event(read.event); !sound) return refuse_event(sound.error());
    }
    if (read.event.source_uid.empty()) {
      if (auto key = make_key(read); !key) return tl::unexpected(key.error());
    }
    return read;
  }

  Result<void> read_texts(const CsvRow& row, Event& event) const {
    event.source_uid = header_->cell(row, "uid");
    event.summary = header_->cell(row, header_->has("summary") ? "summary" : "subject");
    event.description = header_->cell(row, "description");
    event.location = header_->cell(row, "location");
    event.url = header_->cell(row, "url");
    event.landing = header_->cell(row, "landing");
    if (auto line = text::check_single_line(event.source_uid, "uid"); !line) {
      return refuse_event(line.error());
    }
    const std::string_view language = header_->cell(row, "language");
    if (language.empty()) return {};
    auto canonical = locale::canonical_language(language);
    if (!canonical) return refuse("language", "expected a language tag such as de or pt-BR");
    event.language = std::move(*canonical);
    return {};
  }

  /// Two rows that only the place tells apart must not become one event (D9).
  Result<void> make_key(EventRow& row) {
    row.event.source_uid = row_key(row.event);
    if (row.command != EventCommand::create) return {};
    const auto [known, fresh] = keys_.emplace(row.event.source_uid, row.line);
    if (fresh) return {};
    return fail(Code::conflict,
                "the same summary and start as line " + std::to_string(known->second) +
                    "; give both rows a uid",
                {{}, 0, 0, "uid"});
  }

  /// An error of check_event, told in the words of the list.
  tl::unexpected<Error> refuse_event(Error error) const {
    error.place.column = header_->column(error.place.field);
    if (foreign_ && error.place.field == "summary") error.place.column = header_->column("subject");
    if (foreign_ && error.place.field == "end") error.place.column = header_->column("end date");
    return tl::unexpected(std::move(error));
  }

  // ---- times ----

  std::string_view start_cell(const CsvRow& row) const {
    return header_->cell(row, foreign_ ? "start date" : "start");
  }

  Result<void> read_times(const CsvRow& row, Event& event) const {
    const std::string_view flag = foreign_ ? "all day event" : "all_day";
    const auto all_day = read_flag(header_->cell(row, flag));
    if (!all_day) return refuse(flag, "expected true or false");
    const auto start = moment(row, foreign_ ? "start date" : "start", "start time");
    if (!start) return tl::unexpected(start.error());
    if (!*start) return refuse(foreign_ ? "start date" : "start", "it is empty");
    const auto end = moment(row, foreign_ ? "end date" : "end", "end time");
    if (!end) return tl::unexpected(end.error());
    event.all_day = *all_day || (*start)->date_only;
    if (event.all_day) {
      set_days(event, **start, *end);
      return {};
    }
    return set_times(row, event, **start, *end);
  }

  /// The time of our `date_label`, or of the two labels of the foreign dialect; absent when empty.
  Result<std::optional<BasicTime>> moment(const CsvRow& row, std::string_view date_label,
                                          std::string_view time_label) const {
    std::string_view cell = header_->cell(row, date_label);
    if (foreign_ && cell.empty() && date_label == "end date") cell = start_cell(row);
    if (cell.empty()) return std::nullopt;
    auto time = foreign_ ? read_us_date(cell) : read_iso(cell);
    if (!time) return refuse(date_label, time.error().message);
    const std::string_view clock = foreign_ ? header_->cell(row, time_label) : std::string_view();
    if (clock.empty()) return std::optional<BasicTime>(*time);
    const auto of_day = read_us_time(clock);
    if (!of_day) return refuse(time_label, of_day.error().message);
    time->wall += *of_day;
    time->date_only = false;
    return std::optional<BasicTime>(*time);
  }

  /// `end` is the day after the last one, as DTEND; the first day said again is one day.
  static void set_days(Event& event, const BasicTime& start, const std::optional<BasicTime>& end) {
    event.start = std::chrono::floor<days>(start.wall);
    event.end = end ? std::chrono::ceil<days>(end->wall) : event.start;
    if (event.end == event.start) event.end += days(1);
  }

  Result<void> set_times(const CsvRow& row, Event& event, const BasicTime& start,
                         const std::optional<BasicTime>& end) const {
    auto zone = zone_of(row, start);
    if (!zone) return tl::unexpected(zone.error());
    const auto wall = [&](const BasicTime& time) {
      return time.utc ? zone->to_local(std::chrono::sys_seconds(time.wall.time_since_epoch()))
                      : time.wall;
    };
    event.timezone = zone->name();
    event.start = wall(start);
    const std::string_view label = foreign_ ? "end time" : "end";
    if (end && !end->date_only) {
      event.end = wall(*end);
    } else if (foreign_) {
      event.end = event.start + hours(1);
    } else {
      return refuse(label, end ? "a date, but start has a time" : "it is empty");
    }
    return {};
  }

  Result<Zone> zone_of(const CsvRow& row, const BasicTime& start) const {
    std::string_view name = header_->cell(row, "timezone");
    if (name.empty()) name = start.utc ? std::string_view("UTC") : timezone_;
    if (name.empty()) {
      return refuse("timezone", "none is given; expected an IANA name such as Europe/Berlin");
    }
    auto zone = zones_.find(name);
    if (zone) return zone;
    if (const auto iana = locale::iana_from_windows(name)) return zones_.find(*iana);
    return refuse("timezone", zone.error().message);
  }

  static constexpr std::size_t max_header_bytes = 64 * 1024;

  std::string source_;
  std::string timezone_;
  const ZoneTable& zones_;
  EventRowHandler on_row_;
  RowErrorHandler on_error_;
  std::string head_;  ///< bytes before the first line end
  std::optional<CsvReader> reader_;
  std::optional<Header> header_;
  bool foreign_ = false;                                 ///< labels of Google Calendar and Outlook
  std::unordered_map<std::string, std::uint32_t> keys_;  ///< made ones, with their lines
  std::optional<Error> failure_;
};

EventListReader::EventListReader(std::string source, std::string timezone, const ZoneTable& zones,
                                 EventRowHandler on_row, RowErrorHandler on_error)
    : impl_(std::make_unique<Impl>(std::move(source), std::move(timezone), zones, std::move(on_row),
                                   std::move(on_error))) {}
EventListReader::~EventListReader() = default;

Result<void> EventListReader::feed(std::string_view bytes, bool last) {
  return impl_->feed(bytes, last);
}

}  // namespace calinvite

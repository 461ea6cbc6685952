#include "csv/event_row.hpp"

#include <array>
#include <cstring>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "locale/locale.hpp"

namespace calinvite::csv {
namespace {

using std::chrono::days;
using std::chrono::hours;

// Ours first, then those of Google Calendar's import and Outlook's export, which are the same.
enum Label : std::size_t {
  command,
  uid,
  summary,
  description,
  location,
  start,
  end,
  timezone,
  all_day,
  url,
  landing,
  language,
  subject,
  start_date,
  start_time,
  end_date,
  end_time,
  all_day_event,
  reminder,
  show_time_as,
  meeting_organizer,
  sensitivity,
};
constexpr std::array<std::string_view, 22> labels = {
    "command",
    "uid",
    "summary",
    "description",
    "location",
    "start",
    "end",
    "timezone",
    "all_day",
    "url",
    "landing",
    "language",
    "subject",
    "start date",
    "start time",
    "end date",
    "end time",
    "all day event",
    "reminder on/off",
    "show time as",
    "meeting organizer",
    "sensitivity",
};

/// Columns that Outlook exports and Google's import does not know: the dates beside them are those
/// of the country that the computer is set to.
bool is_of_outlook(const Header& header) {
  return header.has(reminder) || header.has(show_time_as) || header.has(meeting_organizer) ||
         header.has(sensitivity);
}

std::optional<bool> read_flag(std::string_view cell) {
  if (cell.empty()) return false;
  for (const std::string_view word : {"true", "yes", "1"}) {
    if (text::iequals(cell, word)) return true;
  }
  for (const std::string_view word : {"false", "no", "0"}) {
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

/// `end` is the day after the last one, as DTEND; the first day said again is one day.
void set_days(Event& event, const BasicTime& first, const std::optional<BasicTime>& last) {
  event.start = std::chrono::floor<days>(first.wall);
  event.end = last ? std::chrono::ceil<days>(last->wall) : event.start;
  if (event.end == event.start) event.end += days(1);
}

}  // namespace

EventRowReader::EventRowReader(Header header, std::string zone, const ZoneTable& zones,
                               DateOrder order)
    : header_(std::move(header)),
      timezone_(std::move(zone)),
      zones_(&zones),
      dates_(order, is_of_outlook(header_)) {
  foreign_ = !header_.has(start) && header_.has(start_date);
  for (const Label label : {description, location, url, landing, language}) {
    if (!header_.has(label)) absent_.emplace_back(labels[label]);
  }
  if (!header_.has(summary) && !header_.has(subject)) kept_.emplace_back(labels[summary]);
  if (lacks_start()) kept_.emplace_back(labels[start]);
  if (lacks_end()) kept_.emplace_back(labels[end]);
  if (!header_.has(timezone) && timezone_.empty()) kept_.emplace_back(labels[timezone]);
}

bool EventRowReader::lacks_start() const { return !header_.has(start) && !header_.has(start_date); }

bool EventRowReader::lacks_end() const {
  return !header_.has(end) && !header_.has(end_date) && !header_.has(end_time);
}

Result<EventRowReader> EventRowReader::begin(const CsvRow& row, std::string zone,
                                             const ZoneTable& zones, DateOrder order) {
  auto header = Header::read(row, labels);
  if (!header) return tl::unexpected(header.error());
  const bool cancels_only = header->has(command) && header->has(uid);
  if (!cancels_only && !header->has(summary) && !header->has(subject)) {
    return fail(Code::invalid_input, "it lacks summary",
                {{}, row.line, 0, std::string(labels[summary])});
  }
  if (!cancels_only && !header->has(start) && !header->has(start_date)) {
    return fail(Code::invalid_input, "it lacks start",
                {{}, row.line, 0, std::string(labels[start])});
  }
  return EventRowReader(*std::move(header), std::move(zone), zones, order);
}

Result<EventRow> EventRowReader::read(const CsvRow& row) {
  EventRow read;
  read.line = row.line;
  const auto wanted = read_command(header_.cell(row, command));
  if (!wanted) return refuse(command, "expected create, update or cancel");
  read.command = *wanted;
  read.absent = absent_;
  const bool update = read.command == EventCommand::update;
  if (update) read.absent.insert(read.absent.end(), kept_.begin(), kept_.end());
  if (auto texts = read_texts(row, read.event); !texts) return tl::unexpected(texts.error());
  // A cancellation needs the row key and nothing else.
  const bool key_only = read.command == EventCommand::cancel && !read.event.source_uid.empty();
  if (update && lacks_start()) {
    if (auto kept = check_times_kept(row); !kept) return tl::unexpected(kept.error());
  } else if (!key_only || !header_.cell(row, foreign_ ? start_date : start).empty()) {
    if (auto times = read_times(row, read); !times) return tl::unexpected(times.error());
  }
  if (!key_only) {
    if (auto sound = check(read); !sound) return tl::unexpected(sound.error());
  }
  if (auto key = take_key(read); !key) return tl::unexpected(key.error());
  return read;
}

/// What an update keeps is checked once it is known; here it is taken as sound.
Result<void> EventRowReader::check(const EventRow& row) const {
  Event event = row.event;
  if (row.command == EventCommand::update) {
    if (!header_.has(summary) && !header_.has(subject)) event.summary = labels[summary];
    if (lacks_start()) {
      event.all_day = true;
      event.end = event.start + days(1);
    }
    if (!event.all_day && event.timezone.empty()) event.timezone = "UTC";
  }
  if (auto sound = check_event(event); !sound) return refuse_event(sound.error());
  return {};
}

/// Without a start nothing tells what an end or a zone would mean.
Result<void> EventRowReader::check_times_kept(const CsvRow& row) const {
  for (const Label label : {end, timezone, all_day, start_time, end_date, end_time}) {
    if (header_.cell(row, label).empty()) continue;
    return refuse(label, "the list has no column start; expected one beside it");
  }
  return {};
}

Result<void> EventRowReader::read_texts(const CsvRow& row, Event& event) {
  event.source_uid = header_.cell(row, uid);
  event.summary = header_.cell(row, header_.has(summary) ? summary : subject);
  event.description = header_.cell(row, description);
  event.location = header_.cell(row, location);
  event.url = header_.cell(row, url);
  event.landing = header_.cell(row, landing);
  if (auto line = text::check_single_line(event.source_uid, "uid"); !line) {
    return refuse_event(line.error());
  }
  return read_language(header_.cell(row, language), event);
}

Result<void> EventRowReader::read_language(std::string_view cell, Event& event) {
  if (cell.empty()) return {};
  if (cell != language_cell_) {
    auto canonical = locale::canonical_language(cell);
    if (!canonical) return refuse(language, "expected a language tag such as de or pt-BR");
    language_cell_ = cell;
    language_ = *std::move(canonical);
  }
  event.language = language_;
  return {};
}

/// A row may not undo another one, nor two that only the place tells apart become one event (D9).
Result<void> EventRowReader::take_key(EventRow& row) {
  std::string& key = row.event.source_uid;
  const bool given = !key.empty();
  if (!given) {
    if (!header_.has(summary) && !header_.has(subject)) return refuse(uid, "it is empty");
    if (lacks_start()) return refuse(uid, "it is empty");
    // The same summary at the same start is the same row, whatever else was edited.
    const std::string moment = format_iso(row.event.start, row.event.all_day);
    const auto digest = crypto::sha256(row.event.summary + '\n' + moment);
    key = "csv-" + text::hex(std::span(digest).first(16));
  }
  // Of a long list no key is kept whole.
  const auto digest = crypto::sha256(key);
  std::uint64_t head = 0;
  std::memcpy(&head, digest.data(), sizeof head);
  const auto [known, fresh] = lines_.emplace(head, row.line);
  if (fresh) return {};
  const std::string line = std::to_string(known->second);
  if (given) {
    return fail(Code::conflict,
                "uid: \"" + text::one_line(key, 80) + "\" is that of line " + line +
                    "; expected one row for each uid",
                {{}, 0, header_.column(uid), "uid"});
  }
  return fail(Code::conflict,
              "the same summary and start as line " + line + "; give both rows a uid",
              {{}, 0, header_.column(header_.has(summary) ? summary : subject), "uid"});
}

tl::unexpected<Error> EventRowReader::refuse(std::size_t label, std::string message) const {
  const std::string name(labels[label]);
  return fail(Code::invalid_input, name + ": " + std::move(message),
              {{}, 0, header_.column(label), name});
}

/// An error of check_event, told in the words of the list.
tl::unexpected<Error> EventRowReader::refuse_event(Error error) const {
  std::string_view field = error.place.field;
  if (foreign_ && field == "start") field = labels[start_date];
  if (foreign_ && field == "end") field = labels[header_.has(end_date) ? end_date : end_time];
  if (!header_.has(summary) && field == "summary") field = labels[subject];
  for (std::size_t label = 0; label < labels.size(); ++label) {
    if (labels[label] == field) error.place.column = header_.column(label);
  }
  return tl::unexpected(std::move(error));
}

// ---- times ----

Result<void> EventRowReader::read_times(const CsvRow& row, EventRow& read) {
  Event& event = read.event;
  const Label flag = foreign_ ? all_day_event : all_day;
  const auto whole_days = read_flag(header_.cell(row, flag));
  if (!whole_days) return refuse(flag, "expected true or false");
  const auto first = moment(row, foreign_ ? start_date : start, start_time);
  if (!first) return tl::unexpected(first.error());
  if (!*first && lacks_start()) {
    return refuse(start, "the list has no such column; expected one, or the command update");
  }
  if (!*first) return refuse(foreign_ ? start_date : start, "it is empty; expected a date");
  const auto last = moment(row, foreign_ ? end_date : end, end_time);
  if (!last) return tl::unexpected(last.error());
  event.all_day = *whole_days || (*first)->date_only;
  if (!event.all_day) return set_times(row, read, **first, *last);
  set_days(event, **first, *last);
  return {};
}

/// The time of our `date` label, or of the two labels of the foreign dialect; absent when empty.
Result<std::optional<BasicTime>> EventRowReader::moment(const CsvRow& row, std::size_t date,
                                                        std::size_t clock) {
  std::string_view cell = header_.cell(row, date);
  if (date == end_date && cell.empty()) cell = header_.cell(row, start_date);
  if (cell.empty()) return std::nullopt;
  auto time = dates_.read(cell, !foreign_);
  if (!time) return refuse(date, time.error().message);
  const std::string_view of_day = foreign_ ? header_.cell(row, clock) : std::string_view();
  if (of_day.empty()) return std::optional<BasicTime>(*time);
  if (!time->date_only) return refuse(clock, "the date has a time of its own");
  const auto since_midnight = read_clock(of_day);
  if (!since_midnight) return refuse(clock, since_midnight.error().message);
  time->wall += *since_midnight;
  time->date_only = false;
  return std::optional<BasicTime>(*time);
}

Result<void> EventRowReader::set_times(const CsvRow& row, EventRow& read, const BasicTime& first,
                                       const std::optional<BasicTime>& last) {
  Event& event = read.event;
  const bool update = read.command == EventCommand::update;
  const bool zone_kept = update && !header_.has(timezone) && timezone_.empty() && !first.utc;
  if (zone_kept && last && last->utc) {
    return refuse(end, "in UTC, but start is not; expected both alike");
  }
  if (!zone_kept) {
    if (auto found = find_zone(row, first); !found) return found;
    event.timezone = zone_->name();
  }
  const auto wall = [&](const BasicTime& time) {
    return time.utc ? zone_->to_local(std::chrono::sys_seconds(time.wall.time_since_epoch()))
                    : time.wall;
  };
  event.start = wall(first);
  if (last && !last->date_only) {
    event.end = wall(*last);
  } else if (foreign_ || (update && lacks_end())) {
    event.end = event.start + hours(1);
  } else if (last) {
    return refuse(end, "a date, but start has a time; expected a time such as 2027-05-30T21:30");
  } else {
    return refuse(end, std::string(lacks_end() ? "the list has no such column" : "it is empty") +
                           "; expected a time such as 2027-05-30T21:30, as start has one");
  }
  return {};
}

/// Asking the table costs a look at the disk: a list names few zones.
Result<void> EventRowReader::find_zone(const CsvRow& row, const BasicTime& first) {
  std::string_view name = header_.cell(row, timezone);
  if (name.empty()) name = first.utc ? std::string_view("UTC") : timezone_;
  if (name.empty()) {
    return refuse(timezone, "none is given; expected an IANA name such as Europe/Berlin");
  }
  if (zone_ && zone_name_ == name) return {};
  if (const auto known = known_zones_.find(std::string(name)); known != known_zones_.end()) {
    zone_name_ = name;
    zone_ = known->second;
    return {};
  }
  auto zone = zones_->find(name);
  if (!zone) {
    const auto iana = locale::iana_from_windows(name);
    if (!iana) return refuse(timezone, zone.error().message);
    zone = zones_->find(*iana);
    if (!zone) return refuse(timezone, zone.error().message);
  }
  zone_name_ = name;
  zone_ = *zone;
  known_zones_.emplace(name, *std::move(zone));
  return {};
}

}  // namespace calinvite::csv

#include "ical/event_reader.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "ical/event_properties.hpp"
#include "ical/recurrence.hpp"
#include "ical/values.hpp"
#include "locale/locale.hpp"

namespace calinvite::ical {
namespace {

using std::chrono::days;
using std::chrono::local_seconds;

std::optional<std::int32_t> read_sequence(std::string_view text) {
  text = text::trim(text);
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool is_midnight(local_seconds wall) { return wall == std::chrono::floor<days>(wall); }

class EventReader {
 public:
  EventReader(const Component& component, const Surroundings& around)
      : component_(component), around_(around) {
    read_.line = component.line;
  }

  Result<ParsedEvent> read() {
    if (!component_.closed) {
      return refuse(Code::invalid_input, "VEVENT has no END; the text may be cut off",
                    component_.line, {});
    }
    for (const auto step : {&EventReader::collect, &EventReader::read_uid, &EventReader::read_times,
                            &EventReader::read_recurrence_id, &EventReader::read_recurrence}) {
      if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
    }
    read_revision();
    read_texts();
    read_people();
    return std::move(read_);
  }

 private:
  // ---- properties ----

  Result<void> collect() {
    auto properties = EventProperties::collect(component_, around_.diagnostics);
    if (!properties) return tl::unexpected(properties.error());
    properties_ = std::move(*properties);
    return {};
  }

  const Property* find(std::string_view name) const { return properties_.find(name); }
  const std::vector<Property>& all(std::string_view name) const { return properties_.all(name); }
  std::string_view value(std::string_view name) const {
    const Property* property = find(name);
    return property == nullptr ? std::string_view() : property->value;
  }

  void tolerate(std::string message, std::uint32_t line, std::string_view field) {
    around_.diagnostics.add(std::string(field) + ": " + std::move(message), line, field);
  }
  tl::unexpected<Error> refuse(Code code, std::string message, std::uint32_t line,
                               std::string_view field) const {
    return fail(code, std::move(message),
                {around_.diagnostics.source(), line, 0, std::string(field)});
  }
  tl::unexpected<Error> refuse(const Error& error, const Property& property,
                               std::string_view field) const {
    return refuse(error.code, std::string(field) + ": " + error.message, property.line, field);
  }

  /// True for what names an event that is there already: it need not say when that is.
  bool may_lack_start() const {
    return around_.method &&
           (*around_.method == Method::reply || *around_.method == Method::cancel ||
            *around_.method == Method::refresh || *around_.method == Method::counter ||
            *around_.method == Method::decline_counter);
  }

  // ---- identity and revision ----

  Result<void> read_uid() {
    read_.event.source_uid = one_line(value("UID"), " ");
    // The address a reply was sent to may name the copy without it (R101).
    if (!read_.event.source_uid.empty() || around_.method == Method::reply) return {};
    return refuse(Code::invalid_input, "VEVENT has no UID; expected one that never changes",
                  component_.line, "UID");
  }

  void read_revision() {
    const auto sequence = sequence_of("SEQUENCE");
    const auto microsoft = sequence_of("X-MICROSOFT-CDO-APPT-SEQUENCE");
    read_.has_sequence = sequence || microsoft;
    // Exchange numbers its revisions there while SEQUENCE may stay 0 (R98).
    read_.event.source_sequence =
        sequence.value_or(0) != 0 ? *sequence : microsoft.value_or(sequence.value_or(0));
    const Property* stamp = find("DTSTAMP");
    if (stamp == nullptr) stamp = find("LAST-MODIFIED");
    if (stamp == nullptr) return tolerate("it is missing", component_.line, "DTSTAMP");
    const auto time = parse_basic(stamp->value);
    if (!time) return tolerate(time.error().message, stamp->line, "DTSTAMP");
    if (!time->utc) tolerate("it should be in UTC and is taken so", stamp->line, "DTSTAMP");
    read_.event.source_dtstamp = std::chrono::sys_seconds(time->wall.time_since_epoch());
  }

  std::optional<std::int32_t> sequence_of(std::string_view name) {
    const Property* property = find(name);
    if (property == nullptr) return std::nullopt;
    const auto sequence = read_sequence(property->raw);
    if (!sequence) tolerate("it is no number from 0 to 2147483647", property->line, name);
    return sequence;
  }

  // ---- times ----

  Result<void> read_times() {
    const Property* property = find("DTSTART");
    if (property == nullptr) {
      if (may_lack_start()) return {};
      return refuse(Code::invalid_input, "VEVENT has no DTSTART", component_.line, "DTSTART");
    }
    read_.timezone_raw = property->parameter("TZID");
    auto start = read_moment(*property, around_.zones, around_.zones.floating());
    if (start && start->floating && !start->zone) {
      start = fail(Code::invalid_input,
                   "it is a floating time, which is another instant for everybody; expected a "
                   "TZID, UTC, or X-WR-TIMEZONE in the calendar");
    }
    if (!start) {
      if (!may_lack_start()) return refuse(start.error(), *property, "DTSTART");
      tolerate(start.error().message, property->line, "DTSTART");
      return {};
    }
    read_.has_start = true;
    read_.event.start = start->wall;
    read_.event.all_day = start->date_only;
    zone_ = start->zone;
    if (zone_) read_.event.timezone = zone_->name();
    if (zone_ && start->floating) {
      tolerate("a floating time, taken as X-WR-TIMEZONE says", property->line, "DTSTART");
    }
    if (property->value.ends_with('Z') && !read_.timezone_raw.empty()) {
      tolerate("its TZID is left out, for the value is in UTC", property->line, "DTSTART");
    }
    if (auto end = read_end(*start); !end) return end;
    mark_all_day();
    return {};
  }

  Result<void> read_end(const Moment& start) {
    Event& event = read_.event;
    event.end = start.date_only ? start.wall + days(1) : start.wall;
    if (const Property* property = find("DTEND")) {
      const auto end = read_moment(*property, around_.zones, zone_);
      if (!end) return refuse(end.error(), *property, "DTEND");
      event.end = zone_ ? end->wall_in(*zone_) : end->wall;
      return check_end(start, *end, *property);
    }
    if (const Property* property = find("DURATION")) {
      const auto span = read_duration(property->value);
      if (!span) return refuse(span.error(), *property, "DURATION");
      const local_seconds nominal = start.wall + span->days;
      event.end = zone_ ? zone_->to_local(zone_->to_instant(nominal) + span->time)
                        : nominal + std::chrono::ceil<days>(span->time);
      if (start.date_only && event.end == event.start) event.end += days(1);
    }
    return {};
  }

  Result<void> check_end(const Moment& start, const Moment& end, const Property& property) {
    Event& event = read_.event;
    if (start.date_only != end.date_only) {
      if (!is_midnight(event.end)) {
        return refuse(Code::invalid_input, "DTEND and DTSTART are not both dates or both times",
                      property.line, "DTEND");
      }
      tolerate("a date beside a time is taken as midnight", property.line, "DTEND");
    }
    if (end.floating) tolerate("a floating time, taken as DTSTART's zone", property.line, "DTEND");
    if (event.end < event.start) {
      return refuse(Code::invalid_input, "DTEND lies before DTSTART", property.line, "DTEND");
    }
    if (start.date_only && event.end == event.start) {
      tolerate("the day of DTSTART; taken as the day after", property.line, "DTEND");
      event.end += days(1);
    }
    return {};
  }

  void mark_all_day() {
    Event& event = read_.event;
    if (event.all_day || !text::iequals(value("X-MICROSOFT-CDO-ALLDAYEVENT"), "TRUE")) return;
    if (!is_midnight(event.start) || !is_midnight(event.end) || event.end == event.start) return;
    event.all_day = true;
    event.timezone.clear();
    zone_.reset();
  }

  // ---- recurrence ----

  Result<void> read_recurrence_id() {
    const Property* property = find("RECURRENCE-ID");
    if (property == nullptr) return {};
    const auto id = read_moment(*property, around_.zones, zone_ ? zone_ : around_.zones.floating());
    if (!id) return refuse(id.error(), *property, "RECURRENCE-ID");
    if (auto range = check_range(*property); !range) return range;
    if (id->floating && !id->zone) {
      return refuse(Code::invalid_input, "RECURRENCE-ID is a floating time without a DTSTART",
                    property->line, "RECURRENCE-ID");
    }
    if (!read_.has_start && id->zone) {
      zone_ = id->zone;
      read_.event.timezone = zone_->name();
    }
    const local_seconds wall = zone_ ? id->wall_in(*zone_) : id->wall;
    read_.occurrence = OccurrenceId{read_.event.all_day ? std::chrono::floor<days>(wall) : wall};
    read_.recurrence_instant = id->instant();
    return {};
  }

  Result<void> check_range(const Property& property) {
    if (property.parameter("RANGE").empty()) return {};
    if (around_.method == Method::reply) {
      tolerate("RANGE=THISANDFUTURE is left out", property.line, "RECURRENCE-ID");
      return {};
    }
    return refuse(Code::unsupported,
                  "RECURRENCE-ID with RANGE=THISANDFUTURE; expected one occurrence or the series",
                  property.line, "RECURRENCE-ID");
  }

  Result<void> read_recurrence() {
    if (const Property* rule = find("EXRULE")) {
      return refuse(Code::unsupported, "EXRULE is not supported; expected EXDATE", rule->line,
                    "EXRULE");
    }
    const auto& rules = all("RRULE");
    if (rules.size() > 1) {
      return refuse(Code::unsupported, "more than one RRULE; expected one", rules[1].line, "RRULE");
    }
    const Zone* zone = zone_ ? &*zone_ : nullptr;
    if (!rules.empty()) {
      const std::string_view rule = text::trim(rules.front().raw);
      read_.event.rrule = read_.has_start ? rule_in_wall_time(rule, zone) : std::string(rule);
    }
    if (auto exdates = read_exdates(); !exdates) return exdates;
    return read_rdates();
  }

  Result<void> read_exdates() {
    auto& exdates = read_.event.exdates;
    const local_seconds start = read_.event.start;
    for (const Property& property : all("EXDATE")) {
      const auto moment = read_moment(property, around_.zones, zone_);
      if (!moment) return refuse(moment.error(), property, "EXDATE");
      local_seconds wall = zone_ ? moment->wall_in(*zone_) : moment->wall;
      if (read_.event.all_day)
        wall = std::chrono::floor<days>(wall);
      else if (moment->date_only)
        wall += start - std::chrono::floor<days>(start);
      exdates.push_back(wall);
    }
    std::sort(exdates.begin(), exdates.end());
    exdates.erase(std::unique(exdates.begin(), exdates.end()), exdates.end());
    return {};
  }

  /// The model knows no single further dates; DTSTART said again is none.
  Result<void> read_rdates() {
    for (const Property& property : all("RDATE")) {
      const auto moment = read_moment(property, around_.zones, zone_);
      const bool start =
          moment && (zone_ ? moment->wall_in(*zone_) : moment->wall) == read_.event.start;
      if (start) continue;
      return refuse(Code::unsupported,
                    "RDATE is not supported; expected an RRULE, or an event of its own for each "
                    "date",
                    property.line, "RDATE");
    }
    return {};
  }

  // ---- texts and people ----

  void read_texts() {
    Event& event = read_.event;
    event.summary = one_line(value("SUMMARY"), " ");
    event.description = many_lines(value("DESCRIPTION"));
    event.location = one_line(value("LOCATION"), ", ");
    if (const Property* summary = find("SUMMARY")) {
      event.language = locale::canonical_language(summary->parameter("LANGUAGE")).value_or("");
    }
    if (const Property* status = find("STATUS")) {
      const auto known = parse_event_status(text::trim(status->value));
      if (!known) tolerate("not a status of an event", status->line, "STATUS");
      event.status = known.value_or(EventStatus::confirmed);
    }
    if (const Property* url = find("URL")) read_url(*url);
    for (const Property& comment : all("COMMENT")) {
      if (!read_.comment.empty()) read_.comment += '\n';
      read_.comment += many_lines(comment.value);
    }
  }

  void read_url(const Property& property) {
    const std::string_view url = text::trim(property.value);
    const std::string scheme = text::lower(url.substr(0, url.find("://")));
    const bool web = (scheme == "http" || scheme == "https") && url.size() > scheme.size() + 3;
    if (web && url.find_first_of(" \"<>\\^`{|}") == std::string_view::npos &&
        text::check_single_line(url, "URL")) {
      read_.event.url = url;
    } else {
      tolerate("no http or https address; it was left out", property.line, "URL");
    }
  }

  void read_people() {
    if (const Property* organizer = find("ORGANIZER")) {
      read_.event.source_organizer = address_or_empty(*organizer, "ORGANIZER");
      read_.organizer_name = one_line(organizer->parameter("CN"), " ");
    }
    for (const Property& property : all("ATTENDEE")) {
      ParsedAttendee attendee;
      attendee.address = address_or_empty(property, "ATTENDEE");
      attendee.name = one_line(property.parameter("CN"), " ");
      attendee.partstat_raw = one_line(property.parameter("PARTSTAT"), " ");
      attendee.partstat = parse_partstat(attendee.partstat_raw).value_or(Partstat::needs_action);
      if (const auto sent_by = property.parameter("SENT-BY"); !sent_by.empty()) {
        attendee.sent_by =
            address_or_empty({std::string(sent_by), {}, {}, property.line}, "SENT-BY");
      }
      read_.attendees.push_back(std::move(attendee));
    }
  }

  std::string address_or_empty(const Property& property, std::string_view field) {
    auto address = read_address(property);
    if (address) return std::move(*address);
    tolerate(address.error().message, property.line, field);
    return {};
  }

  const Component& component_;
  const Surroundings& around_;
  ParsedEvent read_;
  EventProperties properties_;
  std::optional<Zone> zone_;  ///< of the event; absent when it is all-day or has no start
};

}  // namespace

Result<ParsedEvent> read_event(const Component& component, const Surroundings& surroundings) {
  return EventReader(component, surroundings).read();
}

}  // namespace calinvite::ical

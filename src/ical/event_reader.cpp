#include "ical/event_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "ical/event_properties.hpp"
#include "ical/event_texts.hpp"
#include "ical/recurrence.hpp"
#include "ical/values.hpp"

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
      : component_(component),
        around_(around),
        properties_(EventProperties::collect(component, around.diagnostics)) {
    read_.line = component.line;
  }

  Result<ParsedEvent> read() {
    if (!component_.closed) {
      return refuse(Code::invalid_input, "VEVENT has no END; the text may be cut off",
                    component_.line, {});
    }
    for (const auto step :
         {&EventReader::read_uid, &EventReader::read_times, &EventReader::read_recurrence_id}) {
      if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
    }
    if (auto done = forgive(read_recurrence()); !done) return tl::unexpected(done.error());
    read_revision();
    read_texts(properties_, around_.diagnostics, read_);
    read_reminder(component_, read_);
    read_people(properties_, around_.diagnostics, read_);
    return std::move(read_);
  }

 private:
  // ---- properties ----

  const Property* find(Name name) const { return properties_.find(name); }
  const std::vector<Property>& all(Name name) const { return properties_.all(name); }
  std::string_view value(Name name) const {
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

  /// True for what an attendee says of a copy.
  bool is_answer() const {
    return around_.method == Method::reply || around_.method == Method::counter ||
           around_.method == Method::refresh;
  }
  /// True for what names an event that is there already: it need not say when that is.
  bool may_lack_start() const {
    return is_answer() || around_.method == Method::cancel ||
           around_.method == Method::decline_counter;
  }
  /// Who answers need not get right what we said ourselves.
  Result<void> forgive(const Result<void>& done) {
    if (done || !is_answer()) return done;
    const Error& error = done.error();
    around_.diagnostics.add(error.message, error.place.line, error.place.field);
    return {};
  }

  // ---- identity and revision ----

  Result<void> read_uid() {
    read_.event.source_uid = one_line(value(Name::uid), " ");
    // The address a reply was sent to may name the copy without it (R101).
    if (!read_.event.source_uid.empty() || around_.method == Method::reply) return {};
    return refuse(Code::invalid_input, "VEVENT has no UID; expected one that never changes",
                  component_.line, "UID");
  }

  void read_revision() {
    const auto sequence = sequence_of(Name::sequence);
    const auto microsoft = sequence_of(Name::appt_sequence);
    read_.has_sequence = sequence || microsoft;
    // Exchange numbers its revisions there while SEQUENCE may stay 0 (R98).
    read_.event.source_sequence =
        sequence.value_or(0) != 0 ? *sequence : microsoft.value_or(sequence.value_or(0));
    const Property* stamp = find(Name::dtstamp);
    if (stamp == nullptr) stamp = find(Name::last_modified);
    if (stamp == nullptr) return tolerate("it is missing", component_.line, "DTSTAMP");
    const auto time = parse_basic(stamp->value);
    if (!time) return tolerate(time.error().message, stamp->line, "DTSTAMP");
    if (!time->utc) tolerate("it should be in UTC and is taken so", stamp->line, "DTSTAMP");
    read_.event.source_dtstamp = std::chrono::sys_seconds(time->wall.time_since_epoch());
  }

  std::optional<std::int32_t> sequence_of(Name name) {
    const Property* property = find(name);
    if (property == nullptr) return std::nullopt;
    const auto sequence = read_sequence(property->raw);
    if (!sequence)
      tolerate("it is no number from 0 to 2147483647", property->line, to_string(name));
    return sequence;
  }

  // ---- times ----

  Result<void> read_times() {
    const Property* property = find(Name::dtstart);
    if (property == nullptr) {
      if (may_lack_start()) return {};
      return refuse(Code::invalid_input, "VEVENT has no DTSTART", component_.line, "DTSTART");
    }
    read_.timezone_raw = property->parameter("TZID");
    const auto start =
        read_moment(*property, property->value, around_.zones, around_.zones.floating());
    if (!start) {
      if (!may_lack_start()) return refuse(start.error(), *property, "DTSTART");
      tolerate(start.error().message, property->line, "DTSTART");
      return {};
    }
    read_.has_start = true;
    read_.event.start = start->wall;
    read_.event.all_day = start->date_only;
    read_.floating = start->floating && start->zone == nullptr;
    named_ = start->zone;
    if (named_ != nullptr && start->floating) {
      tolerate("a floating time, taken as X-WR-TIMEZONE says", property->line, "DTSTART");
    }
    if (property->value.ends_with('Z') && !read_.timezone_raw.empty()) {
      tolerate("its TZID is left out, for the value is in UTC", property->line, "DTSTART");
    }
    const local_seconds unsaid = start->date_only ? start->wall + days(1) : start->wall;
    read_.event.end = unsaid;
    if (const auto end = read_end(*start); !end) {
      if (auto forgiven = forgive(end); !forgiven) return forgiven;
      read_.event.end = unsaid;
    }
    mark_all_day();
    return settle_zone(property->line);
  }

  Result<void> read_end(const Moment& start) {
    Event& event = read_.event;
    if (const Property* property = find(Name::dtend)) {
      const auto end = read_moment(*property, property->value, around_.zones, named_);
      if (!end) return refuse(end.error(), *property, "DTEND");
      if (read_.floating && end->zone != nullptr) {
        return refuse(Code::invalid_input, "DTEND has a time zone, DTSTART has none",
                      property->line, "DTEND");
      }
      event.end = named_ == nullptr || end->zone == nullptr || end->zone == named_
                      ? end->wall
                      : named_->zone().to_local(end->instant());
      return check_end(start, *end, *property);
    }
    if (const Property* property = find(Name::duration)) {
      const auto span = read_duration(property->value);
      if (!span) return refuse(span.error(), *property, "DURATION");
      event.end = add(*span, start.wall);
      if (start.date_only && event.end == event.start) event.end += days(1);
    }
    return {};
  }

  /// Days on the wall, hours on the clock (RFC 5545 3.3.6).
  local_seconds add(const Span& span, local_seconds start) const {
    const local_seconds nominal = start + span.days;
    if (read_.event.all_day) return nominal + std::chrono::ceil<days>(span.time);
    if (named_ == nullptr) return nominal + span.time;
    const Zone& zone = named_->zone();
    return zone.to_local(zone.to_instant(nominal) + span.time);
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
    if (event.all_day || !text::iequals(value(Name::all_day_event), "TRUE")) return;
    if (!is_midnight(event.start) || !is_midnight(event.end) || event.end == event.start) return;
    event.all_day = true;
    read_.floating = false;
    named_ = nullptr;
  }

  // ---- zone ----

  /// What people will see otherwise than they may think is said with the event, too.
  void remark(std::string what, std::uint32_t line) {
    read_.remark = what;
    tolerate(std::move(what), line, "DTSTART");
  }

  /// The zone that the event is kept in: one with an IANA name that agrees with what was said.
  Result<void> settle_zone(std::uint32_t line) {
    if (named_ == nullptr) return {};
    Event& event = read_.event;
    const EventTimes times{event.start, event.end, value(Name::rrule), further_dates()};
    const bool series = !times.rrule.empty() || !times.further.empty();
    const auto match = around_.zones.match(*named_, times);
    if (match) zone_ = match->zone;
    if (match && !match->agrees) {
      remark("its VTIMEZONE is like no known zone over all dates of the series, which goes by " +
                 match->zone.name(),
             line);
    } else if (match && named_->known && match->zone.name() != named_->known->name()) {
      remark("its VTIMEZONE disagrees with " + named_->known->name() + " and counts (R96)", line);
    }
    if (!zone_ && series && !is_answer()) {
      return refuse(Code::unsupported,
                    "the series is in time zone \"" + text::one_line(named_->tzid, 80) +
                        "\", whose VTIMEZONE is like no known zone over its dates; expected an "
                        "IANA name such as Europe/Berlin",
                    line, "DTSTART");
    }
    if (!zone_) {
      remark("its VTIMEZONE is like no known zone; kept in UTC", line);
      zone_ = around_.zones.utc()->zone();
      event.start = zone_->to_local(named_->zone().to_instant(event.start));
      event.end = zone_->to_local(named_->zone().to_instant(event.end));
      named_ = around_.zones.utc();
    }
    event.timezone = zone_->name();
    return {};
  }

  /// RDATEs in the zone of the start, as far as they can be read; read_rdates refuses the others.
  std::vector<local_seconds> further_dates() {
    std::vector<local_seconds> walls;
    for (const Property& property : all(Name::rdate)) {
      const auto begin = std::string_view(property.value).substr(0, property.value.find('/'));
      const auto moment = read_moment(property, begin, around_.zones, named_);
      if (moment) walls.push_back(wall_of(*moment));
    }
    return walls;
  }

  /// The wall clock of the event at that moment; dates and floating times are taken as they are.
  local_seconds wall_of(const Moment& moment) const {
    if (named_ == nullptr || moment.zone == nullptr || moment.zone == named_) return moment.wall;
    return (zone_ ? *zone_ : named_->zone()).to_local(moment.instant());
  }

  /// @error invalid_input  an instant beside a start that is none
  Result<Moment> read_date(const Property& property, std::string_view text, Name name) {
    auto moment = read_moment(property, text, around_.zones, named_);
    if (!moment) return refuse(moment.error(), property, to_string(name));
    if (read_.floating && moment->zone != nullptr) {
      return refuse(Code::invalid_input,
                    std::string(to_string(name)) + " has a time zone, DTSTART has none",
                    property.line, to_string(name));
    }
    return moment;
  }

  // ---- recurrence ----

  Result<void> read_recurrence_id() {
    const Property* property = find(Name::recurrence_id);
    if (property == nullptr) return {};
    if (!read_.has_start) named_ = around_.zones.floating();
    const auto id = read_date(*property, property->value, Name::recurrence_id);
    if (!id) return tl::unexpected(id.error());
    read_.this_and_future = text::iequals(property->parameter("RANGE"), "THISANDFUTURE");
    if (!read_.has_start) {
      read_.event.start = read_.event.end = id->wall;
      named_ = id->zone;
      auto settled = settle_zone(property->line);
      const local_seconds wall = std::exchange(read_.event.start, {});
      read_.event.end = {};
      if (!settled) return settled;
      read_.occurrence = OccurrenceId{wall};
    } else {
      const local_seconds wall = wall_of(*id);
      read_.occurrence = OccurrenceId{read_.event.all_day ? std::chrono::floor<days>(wall) : wall};
    }
    // Who holds the series knows which occurrence starts on the day that an answer names.
    const bool day_only = is_answer() && id->date_only;
    const bool known = !id->floating || id->zone != nullptr;
    if (known && !day_only) read_.recurrence_instant = id->instant();
    return {};
  }

  Result<void> read_recurrence() {
    if (const Property* rule = find(Name::exrule)) {
      return refuse(Code::unsupported, "EXRULE is not supported; expected EXDATE", rule->line,
                    "EXRULE");
    }
    const auto& rules = all(Name::rrule);
    if (rules.size() > 1) {
      return refuse(Code::unsupported, "more than one RRULE; expected one", rules[1].line, "RRULE");
    }
    if (!rules.empty()) {
      if (auto rule = read_rule(rules.front()); !rule) return rule;
    }
    if (auto exdates = read_exdates(); !exdates) return exdates;
    return read_rdates();
  }

  /// What is a rule is kept, be it sent on or not.
  Result<void> read_rule(const Property& property) {
    const auto sound = expand_rrule(property.value, {}, {}, 0);
    if (!sound && sound.error().code == Code::invalid_input) {
      return refuse(sound.error().code, sound.error().message, property.line, "RRULE");
    }
    const Zone* zone = zone_ ? &*zone_ : nullptr;
    const bool keep = !read_.has_start || read_.floating;
    read_.event.rrule = keep ? property.value : rule_in_wall_time(property.value, zone);
    return {};
  }

  Result<void> read_exdates() {
    auto& exdates = read_.event.exdates;
    const local_seconds start = read_.event.start;
    for (const Property& property : all(Name::exdate)) {
      const auto moment = read_date(property, property.value, Name::exdate);
      if (!moment) return tl::unexpected(moment.error());
      local_seconds wall = wall_of(*moment);
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

  Result<void> read_rdates() {
    auto& rdates = read_.rdates;
    for (const Property& property : all(Name::rdate)) {
      auto date = read_rdate(property);
      if (!date) return tl::unexpected(date.error());
      if (date->start != read_.event.start || date->end) rdates.push_back(*date);
    }
    std::sort(rdates.begin(), rdates.end(),
              [](const ParsedDate& a, const ParsedDate& b) { return a.start < b.start; });
    rdates.erase(std::unique(rdates.begin(), rdates.end()), rdates.end());
    return {};
  }

  /// A date, a time, or a period that begins with one.
  Result<ParsedDate> read_rdate(const Property& property) {
    const std::string_view text = property.value;
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto start = read_date(property, text.substr(0, slash), Name::rdate);
    if (!start) return tl::unexpected(start.error());
    ParsedDate date{wall_of(*start), std::nullopt};
    const Event& event = read_.event;
    if (start->date_only && !event.all_day) {
      date.start += event.start - std::chrono::floor<days>(event.start);
    }
    if (slash == text.size()) return date;
    const std::string_view rest = text.substr(slash + 1);
    if (rest.starts_with('P') || rest.starts_with('+')) {
      const auto span = read_duration(rest);
      if (!span) return refuse(span.error(), property, "RDATE");
      date.end = add(*span, date.start);
    } else {
      const auto end = read_date(property, rest, Name::rdate);
      if (!end) return tl::unexpected(end.error());
      date.end = wall_of(*end);
    }
    return date;
  }

  const Component& component_;
  const Surroundings& around_;
  EventProperties properties_;
  ParsedEvent read_;
  const NamedZone* named_ = nullptr;  ///< of the start as written; none when it is all-day
  std::optional<Zone> zone_;          ///< the event is kept in
};

}  // namespace

Result<ParsedEvent> read_event(const Component& component, const Surroundings& surroundings) {
  return EventReader(component, surroundings).read();
}

}  // namespace calinvite::ical

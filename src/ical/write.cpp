#include <algorithm>

#include "base/text.hpp"
#include "calinvite/version.hpp"
#include "ical/content_writer.hpp"
#include "ical/recurrence.hpp"
#include "ical/values.hpp"
#include "ical/vtimezone.hpp"

namespace calinvite {
namespace {

using namespace ical;
using std::chrono::days;
using std::chrono::local_seconds;
using std::chrono::sys_seconds;

tl::unexpected<Error> refuse(Code code, std::string_view field, std::string_view what) {
  return fail(code, std::string(field) + " " + std::string(what), {{}, 0, 0, std::string(field)});
}

tl::unexpected<Error> no_zone(const Error& error) {
  return refuse(Code::invalid_input, "timezone", "is not known: " + error.message);
}

std::string utc(sys_seconds instant) {
  return format_basic(local_seconds(instant.time_since_epoch())) + 'Z';
}

// ---- what may be written -----------------------------------------------------------------------

Result<void> check_lines(const CalendarCopy& copy) {
  const Event& event = *copy.event;
  const std::pair<std::string_view, std::string_view> lines[] = {
      {"uid", copy.uid},
      {"organizer_address", copy.organizer_address},
      {"organizer_name", copy.organizer_name},
      {"attendee_address", copy.attendee_address},
      {"attendee_name", copy.attendee_name},
      {"language", copy.language},
      {"summary", event.summary},
      {"conference_label", copy.conference_label},
      {"timezone", event.timezone},
      {"rrule", event.rrule}};
  for (const auto& [field, value] : lines) {
    if (auto line = text::check_single_line(value, field); !line) return line;
  }
  for (const auto& [field, value] :
       {std::pair<std::string_view, std::string_view>("description", copy.description),
        {"location", event.location}}) {
    if (!text::is_utf8(value) || value.find('\0') != std::string_view::npos) {
      return refuse(Code::invalid_input, field, "is not UTF-8, or holds a NUL");
    }
  }
  return {};
}

/// libical and others read an address as it stands, so it must be one and nothing besides (M5).
Result<void> check_address(std::string_view field, const std::string& address) {
  const auto normal = normalize_address(address);
  if (!normal)
    return refuse(normal.error().code, field, "is no address: " + normal.error().message);
  if (!text::iequals(*normal, address)) {
    return refuse(Code::invalid_input, field, "is not in the form of normalize_address");
  }
  return {};
}

/// Words of parameters and rules: letters, digits and what `others` lists.
bool is_made_of(std::string_view value, std::string_view others) {
  return std::all_of(value.begin(), value.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

Result<void> check_link(std::string_view field, std::string_view link) {
  if (auto line = text::check_single_line(link, field); !line) return line;
  const std::string scheme = text::lower(link.substr(0, link.find("://")));
  const bool web = (scheme == "http" || scheme == "https") &&
                   link.find_first_of(" \"<>\\^`{|}") == std::string_view::npos;
  if (link.empty() || web) return {};
  return refuse(Code::invalid_input, field, "is no http or https address");
}

Result<void> check_words(const CalendarCopy& copy) {
  const Event& event = *copy.event;
  const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
  if (copy.uid.empty() || copy.uid.size() > 255 ||
      !std::all_of(copy.uid.begin(), copy.uid.end(), printable)) {
    return refuse(Code::invalid_input, "uid", "is not 1 to 255 printable ASCII characters");
  }
  if (!is_made_of(copy.language, "-")) {
    return refuse(Code::invalid_input, "language", "is no language tag");
  }
  if (!is_made_of(event.rrule, "=;,+-")) {
    return refuse(Code::invalid_input, "rrule", "holds a character that no rule has");
  }
  return check_link("url", event.url);
}

Result<void> check_copy(const CalendarCopy& copy) {
  if (copy.event == nullptr) return refuse(Code::invalid_argument, "event", "is missing");
  if (copy.method != Method::request && copy.method != Method::cancel &&
      copy.method != Method::publish) {
    return refuse(Code::invalid_argument, "method", "is neither REQUEST, CANCEL nor PUBLISH");
  }
  if (copy.method != Method::cancel && copy.event->status == EventStatus::cancelled) {
    return refuse(Code::invalid_argument, "method", "asks people to a cancelled event");
  }
  if (copy.sequence < 0) return refuse(Code::invalid_argument, "sequence", "is below 0");
  if (auto lines = check_lines(copy); !lines) return lines;
  if (auto words = check_words(copy); !words) return words;
  if (auto address = check_address("organizer_address", copy.organizer_address); !address) {
    return address;
  }
  if (copy.method == Method::publish) {  // RFC 5546 3.2.1 lists nobody
    return copy.attendee_address.empty()
               ? Result<void>()
               : refuse(Code::invalid_argument, "attendee_address", "has no place in a PUBLISH");
  }
  return check_address("attendee_address", copy.attendee_address);
}

// ---- what the object says
// ------------------------------------------------------------------------

/// One appointment: the series, or one occurrence of it (R38).
struct Appointment {
  local_seconds start{};
  local_seconds end{};
  std::string_view summary;
  std::string_view location;
  std::string_view conference;
};

Result<Appointment> appointment_of(const CalendarCopy& copy) {
  const Event& event = *copy.event;
  Appointment shown{event.start, event.end, event.summary, event.location, event.conference};
  if (copy.occurrence) {
    shown.start = copy.occurrence->original_start;
    shown.end = shown.start + (event.end - event.start);
    const auto changed =
        std::find_if(event.overrides.begin(), event.overrides.end(),
                     [&](const Override& o) { return o.occurrence == *copy.occurrence; });
    if (changed != event.overrides.end() && !changed->cancelled) {
      shown = {changed->start, changed->end, changed->summary, changed->location,
               conference_of(event, *changed)};
      if (shown.summary.empty()) shown.summary = event.summary;
      if (auto line = text::check_single_line(shown.summary, "summary"); !line) {
        return tl::unexpected(line.error());
      }
    } else if (changed != event.overrides.end() && copy.method != Method::cancel) {
      return refuse(Code::invalid_argument, "occurrence", "is cancelled; expected CANCEL");
    }
  }
  if (auto link = check_link("conference", shown.conference); !link) {
    return tl::unexpected(link.error());
  }
  if (text::trim(shown.summary).empty()) {
    return refuse(Code::invalid_input, "summary", "is empty");
  }
  if (shown.end <= shown.start) return refuse(Code::invalid_input, "end", "must be after start");
  if (event.all_day && (shown.start != std::chrono::floor<days>(shown.start) ||
                        shown.end != std::chrono::floor<days>(shown.end))) {
    return refuse(Code::invalid_input, "start", "and end of an all-day event must be dates");
  }
  return shown;
}

/// How times are written: as dates, in UTC, or with a TZID and its VTIMEZONE (R40, R41).
struct TimeForm {
  std::optional<Zone> zone;        ///< absent: dates
  std::optional<ZoneRules> rules;  ///< absent with a zone: UTC

  void add(ContentWriter& out, std::string_view name, local_seconds wall) const {
    const std::string property(name);
    if (!zone) return out.add(property + ";VALUE=DATE", format_basic(wall, true));
    if (!rules) return out.add(property, utc(zone->to_instant(wall)));
    out.add(property + ";TZID=" + zone->name(), format_basic(wall));
  }
};

Result<TimeForm> form_of(const CalendarCopy& copy, const Appointment& shown,
                         const std::vector<local_seconds>& series, const ZoneTable& zones) {
  const Event& event = *copy.event;
  if (event.all_day) return TimeForm{};
  auto zone = zones.find(event.timezone);
  if (!zone) return no_zone(zone.error());
  // Both may fall into the hour that is left out when clocks go forward (R39).
  if (copy.method != Method::cancel &&
      zone->to_instant(shown.end) <= zone->to_instant(shown.start)) {
    return refuse(Code::invalid_input, "end", "must be after start, also where the clocks change");
  }
  TimeForm form{std::move(*zone), std::nullopt};
  if (form.zone->name() == "UTC") return form;
  local_seconds first = shown.start;
  local_seconds last = shown.end;
  if (copy.occurrence) {
    first = std::min(first, copy.occurrence->original_start);
    last = std::max(last, copy.occurrence->original_start);
  } else if (!series.empty()) {
    last = series.back() + (event.end - event.start);
  }
  auto rules = rules_for(*form.zone, first, last);
  if (rules) {
    form.rules = std::move(*rules);
  } else if (!copy.occurrence && !event.rrule.empty() && copy.method != Method::cancel) {
    // A cancellation may say UTC: it takes away by UID, whatever the time.
    return tl::unexpected(rules.error());
  }
  return form;
}

// ---- writing
// -------------------------------------------------------------------------------------

class CalendarWriter {
 public:
  CalendarWriter(const CalendarCopy& copy, const Appointment& shown, const TimeForm& form,
                 const std::vector<local_seconds>& series)
      : copy_(copy), event_(*copy.event), shown_(shown), form_(form), series_(series) {}

  std::string write() {
    out_.add("BEGIN", "VCALENDAR");
    out_.add("VERSION", "2.0");
    out_.add("PRODID", "-//calinvite//calinvite " + std::string(version()) + "//EN");
    out_.add("CALSCALE", "GREGORIAN");
    out_.add("METHOD", to_string(copy_.method));
    if (form_.rules) write_vtimezone(out_, form_.zone->name(), *form_.rules);
    out_.add("BEGIN", "VEVENT");
    add_identity();
    add_times();
    add_texts();
    add_people();
    add_hints();
    add_alarm();
    out_.add("END", "VEVENT");
    out_.add("END", "VCALENDAR");
    return out_.take();
  }

 private:
  bool is_cancel() const { return copy_.method == Method::cancel; }

  void add_identity() {
    out_.add("UID", escape_text(copy_.uid));
    out_.add("DTSTAMP", utc(copy_.dtstamp));
    out_.add("SEQUENCE", std::to_string(copy_.sequence));
    if (event_.created != sys_seconds()) out_.add("CREATED", utc(event_.created));
    if (event_.changed != sys_seconds()) out_.add("LAST-MODIFIED", utc(event_.changed));
    const bool tentative = event_.status == EventStatus::tentative;
    const bool uninvites =
        is_cancel() && !copy_.occurrence && event_.status != EventStatus::cancelled;
    if (uninvites && !copy_.status_on_uninvite) return;
    out_.add("STATUS", is_cancel() ? "CANCELLED" : tentative ? "TENTATIVE" : "CONFIRMED");
  }

  void add_times() {
    if (copy_.occurrence) {
      form_.add(out_, "RECURRENCE-ID", copy_.occurrence->original_start);
    }
    form_.add(out_, "DTSTART", shown_.start);
    form_.add(out_, "DTEND", shown_.end);
    if (copy_.occurrence || event_.rrule.empty()) return;
    out_.add("RRULE", rule_in_utc(event_.rrule, form_.zone ? &*form_.zone : nullptr));
    for (const local_seconds wall : left_out()) form_.add(out_, "EXDATE", wall);
  }

  /// EXDATEs that name an instance (R63), cancelled occurrences among them (R86).
  std::vector<local_seconds> left_out() const {
    std::vector<local_seconds> walls = event_.exdates;
    for (const Override& changed : event_.overrides) {
      if (changed.cancelled) walls.push_back(changed.occurrence.original_start);
    }
    std::sort(walls.begin(), walls.end());
    walls.erase(std::unique(walls.begin(), walls.end()), walls.end());
    std::erase_if(walls, [&](local_seconds wall) {
      return wall <= series_.back() && !std::binary_search(series_.begin(), series_.end(), wall);
    });
    return walls;
  }

  void add_texts() {
    const std::string language = copy_.language.empty() ? "" : ";LANGUAGE=" + copy_.language;
    out_.add("SUMMARY" + language, escape_text(shown_.summary));
    out_.add("DESCRIPTION" + language, escape_text(many_lines(copy_.description)));
    const bool joins = !is_cancel() && !shown_.conference.empty();
    std::string location = many_lines(shown_.location);
    if (is_no_place(location)) location = joins ? shown_.conference : "";
    if (!location.empty()) out_.add("LOCATION" + language, escape_text(location));
    if (!event_.url.empty()) out_.add("URL", event_.url);
    if (!joins) return;
    const std::string label =
        copy_.conference_label.empty() ? "" : ";LABEL=" + quote_parameter(copy_.conference_label);
    out_.add("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO" + label, shown_.conference);
  }

  void add_people() {
    std::string organizer = "ORGANIZER";
    if (!copy_.organizer_name.empty()) {
      organizer += ";CN=" + quote_parameter(copy_.organizer_name);
    }
    out_.add(organizer, mailto(copy_.organizer_address));
    if (copy_.method == Method::publish) return;

    const std::string& name =
        copy_.attendee_name.empty() ? copy_.attendee_address : copy_.attendee_name;
    std::string attendee = "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=";
    attendee += to_string(copy_.partstat);
    // Whoever answered is told the stored answer and not asked again (R72, R84).
    if (!is_cancel() && !event_.wants_answers) {
      attendee += ";RSVP=FALSE";
    } else if (!is_cancel() && copy_.partstat == Partstat::needs_action) {
      attendee += ";RSVP=TRUE";
    }
    attendee += ";CN=" + quote_parameter(name) + ";X-NUM-GUESTS=0";
    out_.add(attendee, mailto(copy_.attendee_address));
  }

  void add_hints() {
    if (event_.all_day) out_.add("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE");
    if (is_cancel()) return;
    out_.add("TRANSP", event_.transparent ? "TRANSPARENT" : "OPAQUE");
    out_.add("X-MICROSOFT-CDO-BUSYSTATUS", "TENTATIVE");
    out_.add("X-MICROSOFT-CDO-INTENDEDSTATUS", event_.transparent ? "FREE" : "BUSY");
    out_.add("X-MICROSOFT-CDO-IMPORTANCE", "1");
    if (!event_.counters_allowed) out_.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE");
  }

  void add_alarm() {
    if (is_cancel() || !event_.reminder) return;
    out_.add("BEGIN", "VALARM");
    out_.add("ACTION", "DISPLAY");
    out_.add("TRIGGER", "-PT" + std::to_string(event_.reminder->count()) + "M");
    out_.add("DESCRIPTION", escape_text(shown_.summary));
    out_.add("END", "VALARM");
  }

  const CalendarCopy& copy_;
  const Event& event_;
  const Appointment& shown_;
  const TimeForm& form_;
  const std::vector<local_seconds>& series_;
  ContentWriter out_;
};

/// Absent rule: none. The zone is looked at for UNTIL only.
Result<std::vector<local_seconds>> series_of(const Event& event, const ZoneTable& zones) {
  if (event.rrule.empty()) return std::vector<local_seconds>();
  if (event.all_day) return instances(event, nullptr);
  const auto zone = zones.find(event.timezone);
  if (!zone) return no_zone(zone.error());
  return instances(event, &*zone);
}

}  // namespace

Result<std::string> write_calendar(const CalendarCopy& copy, const ZoneTable& zones) {
  if (auto sound = check_copy(copy); !sound) return tl::unexpected(sound.error());
  const auto shown = appointment_of(copy);
  if (!shown) return tl::unexpected(shown.error());
  std::vector<local_seconds> series;
  if (!copy.occurrence) {
    auto all = series_of(*copy.event, zones);
    if (!all) return tl::unexpected(all.error());
    series = std::move(*all);
  }
  const auto form = form_of(copy, *shown, series, zones);
  if (!form) return tl::unexpected(form.error());
  return CalendarWriter(copy, *shown, *form, series).write();
}

Result<void> check_recurrence(const Event& event, const ZoneTable& zones) {
  if (event.rrule.empty()) return {};
  const auto series = series_of(event, zones);
  if (!series) return tl::unexpected(series.error());
  std::optional<Zone> zone;
  if (!event.all_day) zone = *zones.find(event.timezone);
  const std::string rule = rule_in_wall_time(event.rrule, zone ? &*zone : nullptr);
  if (auto known = check_rrule(rule, event.start, event.all_day); !known) return known;
  if (!zone || zone->name() == "UTC") return {};
  const auto rules = rules_for(*zone, event.start, series->back() + (event.end - event.start));
  if (!rules) return tl::unexpected(rules.error());
  return {};
}

}  // namespace calinvite

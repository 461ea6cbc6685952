/// iCalendar (RFC 5545) and iTIP (RFC 5546) objects: bytes to values and back.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"
#include "calinvite/time.hpp"

namespace calinvite {

/// Limits of the linear pre-scan that runs before anything else sees a byte (M6, M7, M10).
struct CalendarLimits {
  std::size_t max_bytes = 1024 * 1024;            ///< of the whole text; 0: none (event list files)
  std::size_t max_component_bytes = 1024 * 1024;  ///< of one component; 0: none
  std::size_t max_line_bytes = 64 * 1024;         ///< of one physical line
  std::size_t max_value_bytes = 64 * 1024;        ///< of one unfolded content line
  std::size_t max_depth = 4;                      ///< BEGIN nesting
  std::size_t max_components = 1000;              ///< per calendar object; 0: none
  std::size_t max_properties = 5000;              ///< per top-level component
  std::size_t max_parameters = 50;                ///< per property
  std::size_t max_values = 500;                   ///< comma-separated values per property
};

/// ATTENDEE as read (RFC 5545 3.8.4.1).
struct ParsedAttendee {
  std::string address;  ///< normalised; empty when the value is no mail address
  std::string name;     ///< CN
  Partstat partstat = Partstat::needs_action;
  std::string partstat_raw;                 ///< as written; empty when absent
  std::string sent_by;                      ///< address; empty when absent
  std::string role;                         ///< ROLE as written; empty when absent
  std::string type;                         ///< CUTYPE as written; empty when absent
  std::vector<std::string> delegated_to;    ///< addresses (R116)
  std::vector<std::string> delegated_from;  ///< addresses (R116)
};

/// RDATE as read (RFC 5545 3.8.5.2), in the event's own zone.
struct ParsedDate {
  std::chrono::local_seconds start{};
  std::optional<std::chrono::local_seconds> end;  ///< of a period
  friend bool operator==(const ParsedDate&, const ParsedDate&) = default;
};

/// CONFERENCE as read (RFC 7986 5.11).
struct ParsedConference {
  std::string uri;
  std::string label;
  std::vector<std::string> features;  ///< upper case, such as VIDEO
};

/// One VEVENT as read.
struct ParsedEvent {
  /// source_uid, source_sequence, source_dtstamp, source_organizer and all that a calendar shows;
  /// uid and organizer stay empty: who owns it is decided elsewhere.
  Event event;
  std::optional<OccurrenceId> occurrence;  ///< RECURRENCE-ID in the event's own zone
  std::optional<std::chrono::sys_seconds> recurrence_instant;  ///< the same as an instant (R113)
  bool has_sequence = false;
  bool has_start = false;          ///< replies may lack DTSTART
  bool floating = false;           ///< a wall time of no zone: `event.timezone` is empty
  bool this_and_future = false;    ///< RECURRENCE-ID has RANGE=THISANDFUTURE (RFC 5545 3.2.13)
  std::vector<ParsedDate> rdates;  ///< ascending; DTSTART said again is left out
  std::string organizer_name;      ///< CN of ORGANIZER
  std::vector<ParsedAttendee> attendees;
  std::string comment;           ///< COMMENT
  std::string description_html;  ///< X-ALT-DESC;FMTTYPE=text/html as it came: not to be trusted
  std::vector<std::string> categories;        ///< CATEGORIES
  std::string color;                          ///< COLOR (RFC 7986 5.9)
  std::vector<ParsedConference> conferences;  ///< CONFERENCE; `event.conference` is one to join by
  std::vector<std::string> images;            ///< IMAGE (RFC 7986 5.10) that are http(s) URIs
  std::string timezone_raw;                   ///< TZID as written
  std::string remark;      ///< why people may see another time than they think; empty: they don't
  std::uint32_t line = 0;  ///< of its BEGIN:VEVENT
};

/// A calendar object, or a stream of several read as one list.
struct ParsedCalendar {
  std::optional<Method> method;  ///< absent when METHOD is missing
  std::string prodid;
  std::vector<ParsedEvent> events;      ///< overrides stay separate entries with `occurrence` set
  std::vector<Error> refused;           ///< VEVENTs that could not be read, each with its place
  std::vector<Diagnostic> diagnostics;  ///< tolerated flaws
};

/// Reads any iCalendar text: pre-scan, properties, then conversion. TZIDs resolve as R95 and R96
/// say (docs/calendars.md), never silently to UTC. UNTIL, EXDATE, RDATE and RECURRENCE-ID become
/// wall time of the event's zone. SUMMARY, LOCATION and names become one line each. All that a
/// VEVENT says about its dates is read; what can't be sent on is refused when it is to be.
/// @param source  name for error places
/// @error too_large      a limit was hit; the place names the line
/// @error invalid_input  no VCALENDAR, NUL bytes, two different METHODs, or not iCalendar at all
/// @error unsupported    a METHOD that iTIP does not know
Result<ParsedCalendar> parse_calendar(std::string_view text, const ZoneTable& zones,
                                      std::string_view source = {},
                                      const CalendarLimits& limits = {});

/// Reads a calendar file of any length piece by piece: memory does not grow with it. Unlike in a
/// whole text METHOD and the VTIMEZONEs must stand before the events that need them.
class CalendarReader {
 public:
  /// Takes one VEVENT in the order of the text; an error ends the reading.
  using EventHandler = std::function<Result<void>(ParsedEvent&& event)>;
  /// Told of each VEVENT that could not be read; reading goes on.
  using ErrorHandler = std::function<void(const Error& error)>;

  /// @param source  name for error places
  /// @param zones   borrowed, as are the handlers' own things
  /// @param limits  of a whole calendar no longer holds: max_bytes and max_components
  CalendarReader(std::string source, const ZoneTable& zones, EventHandler on_event,
                 ErrorHandler on_error, CalendarLimits limits = {});
  ~CalendarReader();
  CalendarReader(const CalendarReader&) = delete;
  CalendarReader& operator=(const CalendarReader&) = delete;

  /// Takes the next bytes of the text, with `last` the end of it.
  /// @error as parse_calendar, and the event handler's own
  /// @error invalid_input  a METHOD behind the first event
  Result<void> feed(std::string_view bytes, bool last);
  /// As far as they have been read.
  std::optional<Method> method() const;
  const std::string& prodid() const;
  std::vector<Diagnostic> take_diagnostics();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One copy's calendar object: what the event says and for whom (R31 to R64).
struct CalendarCopy {
  const Event* event = nullptr;            ///< borrowed for the call; as of the revision sent
  Method method = Method::request;         ///< request, cancel, or publish: for nobody
  std::int32_t sequence = 0;               ///< of the revision; a CANCEL of one copy: the next
  std::optional<OccurrenceId> occurrence;  ///< an override: its own object (R73)
  std::string uid;                         ///< of the copy
  std::string organizer_address;           ///< local+token@reply-domain (R20, R23)
  std::string organizer_name;
  std::string attendee_address;  ///< empty in a PUBLISH
  std::string attendee_name;
  Partstat partstat = Partstat::needs_action;  ///< repeated after a minor change (R72)
  std::string description;                     ///< already holding the RSVP link (R58)
  std::chrono::sys_seconds dtstamp{};          ///< the moment it is built, UTC (R37)
  std::string language;                        ///< LANGUAGE parameter; empty: none (R64)
  std::string conference_label;                ///< LABEL of the join link; empty: none (R56)
  /// Whether a CANCEL of one copy of an event that goes on says STATUS:CANCELLED (R83).
  bool status_on_uninvite = true;
};

/// Writes one VCALENDAR: CRLF, 75-octet folds, VTIMEZONE in the R43 shape. Description and location
/// may hold line breaks; other control characters are left out of these two (R49).
/// @error invalid_input  a field would break the syntax (M5); no other field is cleaned up
/// @error unsupported    a recurring event in a zone that R43 can't say (R46; one instance is
///                       written in UTC instead)
Result<std::string> write_calendar(const CalendarCopy& copy, const ZoneTable& zones);

/// The part of a recurring event that must be right before it is accepted: R46, R61.
/// @error unsupported  names the zone or the part of the rule
Result<void> check_recurrence(const Event& event, const ZoneTable& zones);

/// One occurrence of what a calendar text says under one UID.
struct Occurrence {
  OccurrenceId id;                     ///< in the series' zone; of a single event its start
  std::chrono::sys_seconds start{};    ///< dates and floating times as if in UTC
  std::chrono::sys_seconds end{};      ///< exclusive
  const ParsedEvent* event = nullptr;  ///< what it shows: the series, or who overrides it; lent
};

/// Which occurrences are asked for: those that end after `from` and start before `to`.
struct OccurrenceWindow {
  std::chrono::sys_seconds from{};
  std::chrono::sys_seconds to{};
  std::size_t limit = 1000;  ///< the first so many by start
};

/// The occurrences of one UID in order of start: RRULE and RDATE without EXDATE, moved ones at
/// their new time, cancelled ones left out, those behind a THISANDFUTURE as it says. Each lasts as
/// long as the first (RFC 5545 3.8.5.3). Overrides without a series stand for themselves. Of two
/// parts for the same occurrence the later revision counts. What lasts, or is moved by a
/// THISANDFUTURE, over ten years may be missing.
/// @param parts  the VEVENTs of that UID, in any order; those without DTSTART are left out
/// @error unsupported    the rule is finer than daily or beyond a limit
/// @error invalid_input  the rule is none
/// @error not_found      a zone has left the table since `parts` was read
Result<std::vector<Occurrence>> list_occurrences(std::span<const ParsedEvent> parts,
                                                 const ZoneTable& zones,
                                                 const OccurrenceWindow& window);

}  // namespace calinvite

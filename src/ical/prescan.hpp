/// The linear pre-scan of iCalendar text: limits, unfolding, components. libical sees only single
/// lines of what it lets through, so depth, length and number can do it no harm (M6, M7, M10).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/ical.hpp"

namespace calinvite::ical {

/// One unfolded content line, well-formed UTF-8: name, parameters, value (RFC 5545 3.1).
struct ContentLine {
  std::string_view text;
  std::uint32_t name_size = 0;
  std::uint32_t value_at = 0;
  std::uint32_t line = 0;  ///< physical line on which it begins, 1-based

  std::string_view name() const { return text.substr(0, name_size); }
  std::string_view value() const { return text.substr(value_at); }
};

/// VEVENT, VTIMEZONE or another component that stands directly in a VCALENDAR.
struct Component {
  std::string_view name;           ///< as written
  std::uint32_t line = 0;          ///< of its BEGIN
  bool closed = false;             ///< its END was there
  std::vector<ContentLine> lines;  ///< its own ones: those of VALARM and the like are left out
};

/// One VCALENDAR.
struct CalendarObject {
  std::uint32_t line = 0;
  std::vector<ContentLine> lines;
  std::vector<Component> components;
};

/// Flaws that reading went on after; the number is bounded, for a flaw may cost two bytes.
class Diagnostics {
 public:
  explicit Diagnostics(std::string_view source) : source_(source) {}
  void add(std::string message, std::uint32_t line, std::string_view field = {});
  const std::string& source() const { return source_; }
  std::vector<Diagnostic> take() { return std::move(list_); }

 private:
  std::string source_;
  std::vector<Diagnostic> list_;
};

/// What the pre-scan found. Views point into the scanned text or into `unfolded`.
struct Scan {
  std::vector<CalendarObject> calendars;
  std::deque<std::string> unfolded;
};

/// Takes the text apart. Line ends may be CRLF, LF, CR or CR CR LF (R93).
/// @error too_large      a limit was hit
/// @error invalid_input  a NUL byte, or no VCALENDAR
Result<Scan> prescan(std::string_view text, const CalendarLimits& limits, Diagnostics& diagnostics);

}  // namespace calinvite::ical

/// The linear pre-scan of iCalendar text: limits, unfolding, components. Nothing else sees the
/// bytes, so depth, length and number can do no harm (M6, M7, M10).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
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
  std::string name;        ///< as written
  std::uint32_t line = 0;  ///< of its BEGIN
  bool closed = false;     ///< its END was there
  /// Its own ones. Of a VTIMEZONE all, with the BEGIN and END of its observances; of what is not
  /// read, none.
  std::vector<ContentLine> lines;
  std::vector<ContentLine> inner;  ///< of a VEVENT: those of its VALARMs and the like, as above

  bool is(std::string_view kind) const;
};

/// Flaws that reading went on after; the number is bounded, for a flaw may cost two bytes.
class Diagnostics {
 public:
  explicit Diagnostics(std::string_view source) : source_(source) {}
  void add(std::string message, std::uint32_t line, std::string_view field = {});
  const std::string& source() const { return source_; }
  std::vector<Diagnostic> take() { return std::exchange(list_, {}); }

 private:
  std::string source_;
  std::vector<Diagnostic> list_;
};

/// Takes what the pre-scan finds, in the order of the text. Views live until Scanner::release.
class ScanSink {
 public:
  virtual ~ScanSink() = default;
  virtual void begin_calendar() = 0;
  /// A property that stands directly in the VCALENDAR.
  virtual Result<void> take_property(const ContentLine& line) = 0;
  virtual Result<void> take_component(Component&& component) = 0;
};

/// Takes a text apart as it comes. Line ends may be CRLF, LF, CR or CR CR LF (R93).
class Scanner {
 public:
  /// All borrowed.
  Scanner(const CalendarLimits& limits, Diagnostics& diagnostics, ScanSink& sink)
      : limits_(limits), diagnostics_(diagnostics), sink_(sink) {}

  /// Whole physical lines; the text must outlive the scan, or the next release().
  /// @error too_large      a limit was hit
  /// @error invalid_input  a NUL byte
  /// @error as the sink's
  Result<void> feed(std::string_view text);
  /// @error as feed
  /// @error invalid_input  no VCALENDAR
  Result<void> finish();
  /// Makes the scan independent of the texts fed so far.
  void release();

 private:
  struct PhysicalLine {
    std::string_view text;
    std::uint32_t number = 0;
  };

  tl::unexpected<Error> refuse(Code code, std::string message, std::uint32_t line) const;
  Result<void> check_bytes(std::string_view text) const;
  Result<void> take(const PhysicalLine& physical);
  Result<void> unfold(const PhysicalLine& physical);
  Result<void> check_size(const PhysicalLine& unfolded) const;
  Result<void> finish_line();
  Result<void> begin(const ContentLine& line);
  Result<void> end(const ContentLine& line);
  Result<void> property(const ContentLine& line, std::size_t parameters);
  Result<void> check_values(const ContentLine& line) const;
  Result<void> keep(const ContentLine& line, bool inner);
  Result<void> hand_over(bool closed);

  const CalendarLimits& limits_;
  Diagnostics& diagnostics_;
  ScanSink& sink_;
  std::uint32_t lines_ = 0;  ///< physical lines seen
  PhysicalLine current_;     ///< empty: none
  bool folded_ = false;      ///< `current_` is the last of `unfolded_`
  std::deque<std::string> unfolded_;
  std::vector<std::string> open_;  ///< names of the components around the current line
  Component component_;            ///< while two or more are open
  bool any_calendar_ = false;
  std::size_t components_ = 0;
  std::size_t properties_ = 0;
  std::size_t component_bytes_ = 0;
};

}  // namespace calinvite::ical

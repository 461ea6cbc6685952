/// A calendar text as it was written: every line with its place, every component, and what the
/// bytes themselves do wrong (R48, R49). Linear, within CalendarLimits.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/ical.hpp"
#include "ical/property.hpp"
#include "lint/findings.hpp"

namespace calinvite::lint {

using ical::ContentLine;

struct Component {
  std::string name;                   ///< upper case
  std::uint32_t line = 0;             ///< of its BEGIN
  std::vector<ContentLine> lines;     ///< its own ones
  std::vector<std::size_t> children;  ///< indices in Calendar::components

  std::vector<const ContentLine*> all(std::string_view property) const;
  /// nullptr when absent.
  const ContentLine* first(std::string_view property) const;
};

struct Calendar {
  std::deque<std::string> unfolded;  ///< owns what the lines of text were folded from
  std::vector<Component> components;
  std::vector<std::size_t> calendars;  ///< the VCALENDARs among them

  /// Those of that name directly in `parent`.
  std::vector<const Component*> children(const Component& parent, std::string_view name) const;
};

/// Whether LF alone is how the file was stored rather than what will be mailed.
enum class LineFeeds { stored, sent };

/// @param text  must outlive the result
/// @error too_large  beyond a limit
Result<Calendar> read_raw_calendar(std::string_view text, const CalendarLimits& limits,
                                   LineFeeds line_feeds, Findings& findings);

/// `line` taken apart, its value trimmed.
ical::Property property_of(const ContentLine& line);
/// A TEXT value without its escapes; empty when `line` is nullptr.
std::string text_of(const ContentLine* line);
/// A CAL-ADDRESS without `mailto:`, percent-decoded, letters as they are; empty for nullptr.
std::string address_of(const ContentLine* line);

/// A DATE or DATE-TIME as it is written.
struct WrittenTime {
  BasicTime time;
  std::string tzid;

  bool floating() const { return !time.date_only && !time.utc && tzid.empty(); }
};
/// Absent when it can't be read, or `line` is nullptr.
std::optional<WrittenTime> time_of(const ContentLine* line);

}  // namespace calinvite::lint

/// The properties of one VEVENT that decide or show something.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "ical/property.hpp"

namespace calinvite::ical {

/// Those that are looked at, in the order of their names.
enum class Name : std::uint8_t {
  attendee,
  categories,
  color,
  comment,
  conference,
  description,
  dtend,
  dtstamp,
  dtstart,
  duration,
  exdate,
  exrule,
  image,
  last_modified,
  location,
  organizer,
  rdate,
  recurrence_id,
  rrule,
  sequence,
  status,
  summary,
  transp,
  uid,
  url,
  alt_desc,
  google_conference,
  all_day_event,
  appt_sequence,
  disallow_counter,
  teams_meeting,
};
inline constexpr std::size_t name_count = 31;

/// As a calendar text writes it, in upper case.
std::string_view to_string(Name name) noexcept;

class EventProperties {
 public:
  /// Flaws become diagnostics.
  static EventProperties collect(const Component& component, Diagnostics& diagnostics);

  /// The first of that name; nullptr: none.
  const Property* find(Name name) const {
    const auto& list = all(name);
    return list.empty() ? nullptr : &list.front();
  }
  const std::vector<Property>& all(Name name) const {
    return lists_[static_cast<std::size_t>(name)];
  }

 private:
  std::array<std::vector<Property>, name_count> lists_;
};

}  // namespace calinvite::ical

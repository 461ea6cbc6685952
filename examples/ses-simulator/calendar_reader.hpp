/// Reads what a calendar client needs of an iCalendar text to show it and to answer it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ses_simulator {

/// One appointment as a REQUEST or CANCEL carries it. Lines are unfolded content lines, kept whole
/// so that an answer can repeat them; texts are unescaped.
struct Appointment {
  std::string method;  ///< upper case
  std::string uid;
  std::int64_t sequence = 0;
  std::string recurrence_id;  ///< the value; empty: the whole event
  std::string organizer;      ///< address without mailto:
  std::string organizer_name;
  std::string attendee_name;
  std::string partstat;  ///< of the attendee, upper case; empty when not given
  std::string summary;
  std::string status;
  std::string start_line;
  std::string end_line;
  std::string recurrence_id_line;
  std::string location_line;
  std::vector<std::string> zone_lines;  ///< every VTIMEZONE, from BEGIN to END
};

/// Reads the first VEVENT. Absent when there is none or it has no UID.
/// @param attendee  whose ATTENDEE line counts; the first one when none matches
std::optional<Appointment> read_appointment(std::string_view calendar, std::string_view attendee);

}  // namespace ses_simulator

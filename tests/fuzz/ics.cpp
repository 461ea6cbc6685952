#include "calinvite/ical.hpp"

#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

/// What can be sent comes back as it was.
void write_and_read(const Event& event, const ZoneTable& zones) {
  CalendarCopy copy;
  copy.event = &event;
  copy.uid = "ci-00000000000000000000000000000000";
  copy.organizer_address = "organizer@example.org";
  copy.attendee_address = "attendee@example.org";
  const auto written = write_calendar(copy, zones);
  if (!written) return check_error(written.error());
  const auto again = parse_calendar(*written, zones, "written.ics");
  promise(again && again->events.size() == 1 && again->refused.empty(), "we read what we write");
  const Event& read = again->events.front().event;
  promise(read.summary == event.summary, "the summary comes back");
  promise(read.all_day == event.all_day, "all-day comes back");
  promise(!event.all_day || (read.start == event.start && read.end == event.end),
          "dates come back");
}

}  // namespace

void ics(std::string_view input) {
  static const ZoneTable zones;
  const auto calendar = parse_calendar(input, zones, "calendar.ics");
  if (!calendar) return check_error(calendar.error());
  for (const Error& refused : calendar->refused) check_error(refused);
  for (const ParsedEvent& parsed : calendar->events) {
    Event event = parsed.event;
    if (parsed.occurrence || !check_event(event) || !check_recurrence(event, zones)) continue;
    write_and_read(event, zones);
  }
}

}  // namespace calinvite::fuzz

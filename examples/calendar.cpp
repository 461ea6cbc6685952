// Reads a calendar file with a series, lists its dates, and writes the copy of one attendee.
#include <calinvite/ical.hpp>

#include "check.hpp"

using namespace calinvite;

static constexpr std::string_view training =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Club//EN\r\nMETHOD:PUBLISH\r\n"
    "BEGIN:VEVENT\r\nUID:training@club.example\r\nDTSTAMP:20370101T120000Z\r\n"
    "DTSTART;TZID=Europe/Berlin:20370319T183000\r\nDTEND;TZID=Europe/Berlin:20370319T200000\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE;TZID=Europe/Berlin:20370402T183000\r\n"
    "SUMMARY:Training\r\nLOCATION:Hall 2\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:training@club.example\r\nDTSTAMP:20370101T120000Z\r\n"
    "RECURRENCE-ID;TZID=Europe/Berlin:20370409T183000\r\n"
    "DTSTART;TZID=Europe/Berlin:20370410T190000\r\nDTEND;TZID=Europe/Berlin:20370410T203000\r\n"
    "SUMMARY:Training\\, a day later\r\nLOCATION:Hall 1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

int main() {
  const ZoneTable zones;
  const auto calendar = check(parse_calendar(training, zones, "training.ics"));
  const Event& series = calendar.events[0].event;
  std::printf("%s: %s, %s %s, %s\n", to_string(*calendar.method).data(), series.summary.c_str(),
              format_iso(series.start).c_str(), series.timezone.c_str(), series.rrule.c_str());

  using namespace std::chrono;
  const sys_seconds from = sys_days(2037y / March / 20);
  const sys_seconds to = sys_days(2037y / December / 31);
  // The dates that end after the one and start before the other; all parts here are of one UID.
  for (const auto& date : check(list_occurrences(calendar.events, zones, {from, to}))) {
    std::printf("%s %s, %s\n", format_iso(date.start).c_str(), date.event->event.summary.c_str(),
                date.event->event.location.c_str());
  }

  CalendarCopy copy{.event = &series};
  copy.uid = "ci-0123456789abcdef0123456789abcdef";
  copy.organizer_address = "cal+mfrggzdfmztwq2lk@reply.club.example";
  copy.attendee_address = "ana@example.net";
  copy.attendee_name = "Ana";
  copy.dtstamp = from;
  const auto read = check(parse_calendar(check(write_calendar(copy, zones)), zones));
  const ParsedAttendee& attendee = read.events[0].attendees[0];
  std::printf("%s for %s <%s>, %s\n", to_string(*read.method).data(), attendee.name.c_str(),
              attendee.address.c_str(), to_string(attendee.partstat).data());

  // What is no calendar is an error that says where.
  const auto card = parse_calendar("BEGIN:VCARD\r\n", zones, "card.ics");
  if (card) return 1;
  std::printf("%s: %s\n", code_name(card.error().code).data(), card.error().message.c_str());
  return 0;
}

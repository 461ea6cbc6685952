// What one core does with calendar files, beside bare libical on the same bytes in the same run:
// ratios count, absolute times differ from machine to machine.
#include <libical/ical.h>
#include <sys/resource.h>

#include <algorithm>
#include <calinvite/ical.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace calinvite;

double seconds(const std::function<void()>& work, int rounds = 3) {
  using clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(clock::now() - begin).count());
  }
  return best;
}

std::string observance(const char* name, const char* from, const char* to, const char* rule) {
  return std::string("BEGIN:") + name + "\r\nDTSTART:19700329T020000\r\nTZOFFSETFROM:" + from +
         "\r\nTZOFFSETTO:" + to + "\r\nRRULE:FREQ=YEARLY;" + rule + "\r\nEND:" + name + "\r\n";
}

std::string head() {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//league.example//EN\r\nMETHOD:PUBLISH\r\n"
         "BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\n" +
         observance("DAYLIGHT", "+0100", "+0200", "BYMONTH=3;BYDAY=-1SU") +
         observance("STANDARD", "+0200", "+0100", "BYMONTH=10;BYDAY=-1SU") + "END:VTIMEZONE\r\n";
}

/// One event of about 850 bytes with folded text and attendees.
std::string event(int i) {
  const std::string n = std::to_string(i);
  const std::string day = std::to_string(10 + i % 18), hour = std::to_string(10 + i % 10);
  std::string text =
      "BEGIN:VEVENT\r\nUID:event-" + n + "@league.example\r\n" +
      "DTSTAMP:20270101T000000Z\r\nSEQUENCE:0\r\nSUMMARY:Round " + n +
      "\\, Harbour v Hill\r\nDTSTART;TZID=Europe/Paris:202705" + day + "T" + hour +
      "0000\r\nDTEND;TZID=Europe/Paris:202705" + day + "T" + hour +
      "4500\r\nLOCATION:Harbour Ground\\, Quay Road\r\n"
      "DESCRIPTION:The derby. Gates open two hours before.\\nBring a scarf\\; no\r\n"
      "  flags longer than a metre. Parking is at the quay and at the station only\r\n"
      " \\, as ever.\r\nSTATUS:CONFIRMED\r\n"
      "ORGANIZER;CN=League Office:mailto:fixtures@league.example\r\n";
  for (int fan = 0; fan < 3; ++fan) {
    text += "ATTENDEE;CN=\"Fan " + n +
            "\";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:ma\r\n"
            " ilto:fan" +
            n + std::to_string(fan) + "@example.com\r\n";
  }
  if (i % 10 == 0) text += "RRULE:FREQ=WEEKLY;COUNT=10\r\n";
  return text + "END:VEVENT\r\n";
}

std::string file_of(int events) {
  std::string text = head();
  for (int i = 0; i < events; ++i) text += event(i);
  return text + "END:VCALENDAR\r\n";
}

std::size_t libical_read(const std::string& text, bool to_utc) {
  std::size_t sum = 0;
  icalcomponent* calendar = icalparser_parse_string(text.c_str());
  for (auto* one = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
       one != nullptr; one = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
    for (const char* field :
         {icalcomponent_get_uid(one), icalcomponent_get_summary(one),
          icalcomponent_get_description(one), icalcomponent_get_location(one)}) {
      if (field != nullptr) sum += std::strlen(field);
    }
    const auto start = icalcomponent_get_dtstart(one);
    sum +=
        static_cast<std::size_t>(icaltime_as_timet_with_zone(start, to_utc ? start.zone : nullptr));
  }
  icalcomponent_free(calendar);
  return sum;
}

std::size_t read_in_pieces(const std::string& text, const ZoneTable& zones) {
  std::size_t events = 0;
  CalendarReader reader(
      "bench.ics", zones,
      [&](ParsedEvent&&) -> Result<void> {
        ++events;
        return {};
      },
      [](const Error&) {});
  (void)reader.feed(text, true);
  return events;
}

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void row(const char* what, double ours, double beside, const char* goal) {
  std::printf("%-46s %9.2f ms %9.2f ms %7.2f x (%s)\n", what, ours * 1e3, beside * 1e3,
              beside / ours, goal);
}

void shape(const char* what, const std::function<std::string(int)>& make, int size,
           const ZoneTable& zones) {
  const CalendarLimits limits{.max_bytes = 0, .max_components = 0, .max_properties = 1'000'000};
  const std::string once = make(size), twice = make(2 * size);
  const double a = seconds([&] { (void)parse_calendar(once, zones, {}, limits); }, 5);
  const double b = seconds([&] { (void)parse_calendar(twice, zones, {}, limits); }, 5);
  std::printf("%-46s %9.2f ms %9.2f ms %7.2f x time for twice the input (goal <= 2.3)\n", what,
              a * 1e3, b * 1e3, b / a);
}

std::string repeated(const std::string& part, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += part;
  return all;
}

std::string one_event(const std::string& lines, const std::string& before = "") {
  return "BEGIN:VCALENDAR\r\n" + before + "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20270501T100000Z\r\n" +
         lines + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

/// Peak memory of reading a generated file of so many events, without ever holding it.
void memory(int events) {
  const ZoneTable zones;
  std::size_t bytes = 0;
  CalendarReader reader(
      "bench.ics", zones, [](ParsedEvent&&) { return Result<void>(); }, [](const Error&) {});
  const auto feed = [&](const std::string& piece, bool last) {
    bytes += piece.size();
    (void)reader.feed(piece, last);
  };
  feed(head(), false);
  for (int i = 0; i < events; ++i) {
    feed(event(i), false);
    if (i + 1 == events / 10)
      std::printf("at 10 %% of %d events: %ld KiB peak\n", events, peak_kib());
  }
  feed("END:VCALENDAR\r\n", true);
  std::printf("at 100 %%: %ld KiB peak after %zu KiB of text\n", peak_kib(), bytes / 1024);
}

}  // namespace

int main() {
  memory(50'000);
  const ZoneTable zones;
  const std::string file = file_of(10'000);
  const long before = peak_kib();
  {
    const auto whole = parse_calendar(file, zones, {}, {.max_bytes = 0, .max_components = 0});
    std::printf("whole in memory: up to %ld KiB more for a file of %zu KiB\n", peak_kib() - before,
                file.size() / 1024);
  }
  std::printf("%-46s %12s %12s\n", "", "ours", "libical");
  row("10,000 events to checked values", seconds([&] { (void)read_in_pieces(file, zones); }),
      seconds([&] { (void)libical_read(file, false); }), "goal >= 0.8");

  std::vector<std::string> files;
  for (int i = 0; i < 2'000; ++i) files.push_back(head() + event(i) + "END:VCALENDAR\r\n");
  row("2,000 files of one event and zone, to UTC", seconds([&] {
        for (const std::string& one : files) {
          const auto read = parse_calendar(one, zones);
          const Event& first = read->events.front().event;
          (void)zones.find(first.timezone)->to_instant(first.start);
        }
      }),
      seconds(
          [&] {
            for (const std::string& one : files) (void)libical_read(one, true);
          },
          1),
      "goal >= 12");

  shape(
      "bad values", [](int n) { return one_event(repeated("DTSTART:garbage\r\n", n)); }, 8'000,
      zones);
  shape(
      "many zones",
      [](int n) {
        std::string all;
        for (int i = 0; i < n; ++i) {
          all += "BEGIN:VTIMEZONE\r\nTZID:Z" + std::to_string(i) + "\r\n" +
                 observance("STANDARD", "+0200", "+0100", "BYMONTH=10;BYDAY=-1SU") +
                 "END:VTIMEZONE\r\n";
        }
        return one_event("", all);
      },
      1'000, zones);
  shape(
      "long lines",
      [](int n) { return one_event(repeated("X-A:" + std::string(60'000, 'x') + "\r\n", n)); }, 50,
      zones);
  shape(
      "unclosed components",
      [](int n) { return one_event(repeated("BEGIN:VALARM\r\nEND:VALARM\r\n", n)); }, 8'000, zones);
  shape(
      "many parameters",
      [](int n) {
        return one_event(
            repeated("ATTENDEE" + repeated(";X=\"y\"", 49) + ":mailto:a@b.example\r\n", n));
      },
      1'000, zones);
}

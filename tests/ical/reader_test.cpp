#include "ical/reading.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

/// What a reader hands over of `text`, fed in pieces of `size` bytes.
struct Read {
  std::vector<ParsedEvent> events;
  std::vector<Error> errors;
  Result<void> ended;
  std::optional<Method> method;
};

Read read_in_pieces(std::string_view text, std::size_t size, const CalendarLimits& limits = {}) {
  Read read;
  const ZoneTable zones;
  CalendarReader reader(
      "league.ics", zones,
      [&](ParsedEvent&& event) -> Result<void> {
        read.events.push_back(std::move(event));
        return {};
      },
      [&](const Error& error) { read.errors.push_back(error); }, limits);
  while (read.ended && text.size() > size) {
    read.ended = reader.feed(text.substr(0, size), false);
    text.remove_prefix(size);
  }
  if (read.ended) read.ended = reader.feed(text, true);
  read.method = reader.method();
  return read;
}

std::string with_line_ends(std::string text, const std::string& end) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += end.size()) {
    text.replace(at, 1, end);
  }
  return text;
}

}  // namespace

TEST_CASE("a file read in pieces says what it says whole, wherever they are cut", "[ical]") {
  for (const std::string file : {"google_request.ics", "exchange_request.ics", "league.ics"}) {
    std::string text = data(file);
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    for (const std::string end : {"\n", "\r\n", "\r", "\r\r\n"}) {
      const std::string bytes = with_line_ends(text, end);
      const auto whole = parse(bytes);
      REQUIRE(whole.has_value());
      for (const std::size_t size : {1, 7, 64, 1000, 100000}) {
        INFO(file << " in pieces of " << size);
        const Read read = read_in_pieces(bytes, size);
        REQUIRE(read.ended.has_value());
        CHECK(read.method == whole->method);
        CHECK(read.errors.size() == whole->refused.size());
        REQUIRE(read.events.size() == whole->events.size());
        for (std::size_t i = 0; i < read.events.size(); ++i) {
          CHECK(read.events[i].event.summary == whole->events[i].event.summary);
          CHECK(read.events[i].event.description == whole->events[i].event.description);
          CHECK(read.events[i].event.timezone == whole->events[i].event.timezone);
          CHECK(read.events[i].event.start == whole->events[i].event.start);
          CHECK(read.events[i].attendees.size() == whole->events[i].attendees.size());
          CHECK(read.events[i].line == whole->events[i].line);
        }
      }
    }
  }
}

TEST_CASE("a METHOD behind events that were handed over is refused", "[ical]") {
  const std::string when = "DTSTART:20270601T100000Z\n";
  std::string behind = calendar(when, "");
  behind.insert(behind.find("END:VCALENDAR"), "METHOD:CANCEL\n");
  const Read read = read_in_pieces(behind, 10);

  REQUIRE_FALSE(read.ended.has_value());
  CHECK(read.ended.error().place.field == "METHOD");
  CHECK(read.ended.error().place.line == 8);
  CHECK(read_in_pieces(calendar(when + "METHOD:CANCEL\n", ""), 10).method == Method::cancel);
}

TEST_CASE("a handler ends the reading with its own error", "[ical]") {
  const ZoneTable zones;
  int taken = 0;
  CalendarReader reader(
      "league.ics", zones,
      [&](ParsedEvent&&) -> Result<void> {
        ++taken;
        return fail(Code::unavailable, "no more");
      },
      [](const Error&) {});
  const std::string text = calendar("DTSTART:20270601T100000Z\n");

  CHECK(reader.feed(text + text, true).error().code == Code::unavailable);
  CHECK(taken == 1);
}

TEST_CASE("limits hold for each VEVENT of a file, not for all of it", "[ical]") {
  const std::string event =
      "BEGIN:VEVENT\nUID:a\nDTSTART:20270601T100000Z\nDESCRIPTION:" + std::string(900, 'x') +
      "\nEND:VEVENT\n";
  std::string text = "BEGIN:VCALENDAR\n";
  for (int i = 0; i < 2000; ++i) text += event;
  CHECK(read_in_pieces(text + "END:VCALENDAR\n", 4096).events.size() == 2000);

  const Read cut = read_in_pieces(text, 4096, {.max_component_bytes = 800});
  CHECK(cut.ended.error().code == Code::too_large);
  CHECK(read_in_pieces("BEGIN:VCALENDAR\n" + std::string(200000, 'x'), 4096).ended.error().code ==
        Code::too_large);
}

TEST_CASE("an event that the file's end cuts off is told", "[ical]") {
  const Read read =
      read_in_pieces("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20270601T100000Z\n", 10);

  CHECK(read.ended.has_value());
  CHECK(read.events.empty());
  REQUIRE(read.errors.size() == 1);
  CHECK(read.errors[0].place.line == 2);
}

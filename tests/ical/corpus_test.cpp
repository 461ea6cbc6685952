#include <filesystem>
#include <iostream>
#include <map>

#include "ical/reading.hpp"

using namespace calinvite;

namespace {

namespace fs = std::filesystem;

struct Tally {
  std::size_t files = 0;
  std::size_t calendars = 0;
  std::size_t events = 0;
  std::size_t diagnostics = 0;
  std::map<std::string, std::size_t> refused_texts;   ///< by code
  std::map<std::string, std::size_t> refused_events;  ///< by code

  void refuse(std::map<std::string, std::size_t>& list, const Error& error) {
    CHECK_FALSE(error.message.empty());
    CHECK(error.message.find('\n') == std::string::npos);
    const bool documented = error.code == Code::invalid_input || error.code == Code::too_large ||
                            error.code == Code::unsupported;
    CHECK(documented);
    ++list[std::string(code_name(error.code))];
  }
  void print(const std::string& kind) const {
    std::cout << kind << " corpus: " << files << " files, " << calendars << " calendars read, "
              << events << " events, " << diagnostics << " diagnostics\n";
    for (const auto& [code, count] : refused_texts)
      std::cout << "  texts refused " << code << ": " << count << '\n';
    for (const auto& [code, count] : refused_events)
      std::cout << "  events refused " << code << ": " << count << '\n';
  }
};

/// Also what is read must be sound enough to be written, or be refused by name.
void write_again(const ParsedEvent& read, const ZoneTable& zones) {
  CalendarCopy copy;
  copy.event = &read.event;
  copy.uid = "copy-0001-of-corpus";
  copy.organizer_address = "fixtures@league.example";
  copy.attendee_address = "fan0001@example.com";
  copy.description = read.event.description;
  const auto text = write_calendar(copy, zones);
  if (!text) {
    CHECK_FALSE(text.error().message.empty());
    return;
  }
  const auto again = parse_calendar(*text, zones);
  REQUIRE(again.has_value());
  REQUIRE(again->refused.empty());
  REQUIRE(again->events.size() == 1);
  CHECK(again->events[0].event.summary == read.event.summary);
  CHECK(again->events[0].event.description == read.event.description);
}

void read_text(std::string_view bytes, const ZoneTable& zones, Tally& tally) {
  const auto parsed = parse_calendar(bytes, zones, "corpus", {.max_bytes = 0, .max_components = 0});
  if (!parsed) return tally.refuse(tally.refused_texts, parsed.error());
  ++tally.calendars;
  tally.events += parsed->events.size();
  tally.diagnostics += parsed->diagnostics.size();
  for (const Error& error : parsed->refused) tally.refuse(tally.refused_events, error);
  for (const ParsedEvent& event : parsed->events) {
    (void)check_recurrence(event.event, zones);
    write_again(event, zones);
  }
}

/// Every file of a kind, whole; files that are mails hold their calendar somewhere inside.
void walk(const std::string& kind) {
  const fs::path folder = fs::path(CALINVITE_CORPUS_DIR) / kind;
  if (!fs::exists(folder)) {
    std::cout << "skipped: no corpus at " << folder.string() << '\n';
    return;
  }
  const ZoneTable zones;
  Tally tally;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "SOURCE.txt") continue;
    INFO(entry.path().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    read_text(bytes, zones, tally);
    ++tally.files;
  }
  CHECK(tally.files > 100);
  CHECK(tally.events > 100);
  tally.print(kind);
}

}  // namespace

TEST_CASE("every file of the ics corpus is read or refused with a reason, at once",
          "[ical][corpus]") {
  walk("ics");
}

TEST_CASE("every file of the itip corpus is read or refused with a reason, at once",
          "[ical][corpus]") {
  walk("itip");
}

#include "ical/conformance.hpp"

#include <algorithm>
#include <functional>

using namespace calinvite;
using testing::Suite;

namespace {

namespace fs = std::filesystem;
using Paths = std::vector<fs::path>;

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The first thing of a text that was not read; absent when all was.
std::optional<Error> first_refusal(const Result<ParsedCalendar>& parsed) {
  if (!parsed) return parsed.error();
  if (!parsed->refused.empty()) return parsed->refused.front();
  return std::nullopt;
}

std::string name_of(const fs::path& path) {
  return path.lexically_relative(testing::ics_corpus).string();
}

bool is_calendar(const fs::path& path) {
  return path.extension() == ".ics" || path.extension() == ".vcs" || path.extension() == ".txt";
}

void expect_read(const fs::path& path, Suite& suite) {
  const auto parsed = testing::read_calendar(testing::file_text(path), ZoneTable());
  const auto refusal = first_refusal(parsed);
  if (!refusal) return suite.agree();
  suite.refuse(name_of(path), to_string(*refusal));
}

/// A flaw has been seen when something is refused or a diagnostic tells of it.
void expect_flaw(const fs::path& path, Suite& suite) {
  const auto parsed = testing::read_calendar(testing::file_text(path), ZoneTable());
  const bool seen = first_refusal(parsed) || !parsed->diagnostics.empty();
  if (seen) return suite.agree();
  suite.differ(name_of(path), "read without a word");
}

/// Walks a folder: what `is_broken` says is flawed must be noticed, all else must be read.
void read_folder(const std::string& folder, const std::function<bool(std::string)>& is_broken) {
  if (!testing::has_corpus()) return;
  Suite suite(folder.substr(0, folder.find('/')) + " files");
  for (const auto& path : testing::files_in(folder)) {
    if (!is_calendar(path)) continue;
    if (is_broken(name_of(path))) {
      expect_flaw(path, suite);
    } else {
      expect_read(path, suite);
    }
  }
}

auto any_of(std::vector<std::string> parts) {
  return [parts = std::move(parts)](const std::string& name) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const std::string& part) { return holds(name, part); });
  };
}

// ---- the same object twice ----

std::string sorted_parts(std::string_view rule) {
  auto parts = text::split(rule, ';');
  std::sort(parts.begin(), parts.end());
  std::string joined;
  for (const auto part : parts) joined += std::string(part) + ';';
  return joined;
}

/// All that a reader of an event could see, on one line.
std::string meaning(const ParsedEvent& read) {
  const Event& e = read.event;
  std::string text = e.source_uid + '|' + e.summary + '|' + e.description + '|' + e.location;
  text += '|' + testing::start(e) + '|' + testing::end(e) + '|' + e.timezone + '|';
  if (!e.rrule.empty()) text += sorted_parts(e.rrule);
  if (read.occurrence) text += " instance " + format_iso(read.occurrence->original_start);
  for (const auto exdate : e.exdates) text += " without " + format_iso(exdate);
  for (const auto& date : read.rdates) text += " and " + format_iso(date.start);
  text += '|' + std::string(to_string(e.status)) + '|' + e.source_organizer + '|' + e.url;
  text += '|' + read.organizer_name + '|' + std::to_string(e.source_sequence);
  for (const auto& attendee : read.attendees) {
    text += '|' + attendee.name + '<' + attendee.address + '>' + attendee.partstat_raw;
  }
  return text;
}

std::string compare_meanings(const ParsedCalendar& a, const ParsedCalendar& b) {
  if (a.events.size() != b.events.size()) {
    return std::to_string(a.events.size()) + " and " + std::to_string(b.events.size()) + " events";
  }
  for (std::size_t i = 0; i < a.events.size(); ++i) {
    const std::string one = meaning(a.events[i]), other = meaning(b.events[i]);
    if (one != other) return one + "\n    and " + other;
  }
  return {};
}

/// `path` and what its source writes for it must mean the same.
void expect_same(const fs::path& path, const fs::path& written, Suite& suite) {
  const ZoneTable zones;
  const auto ours = testing::read_calendar(testing::file_text(path), zones);
  const auto theirs = testing::read_calendar(testing::file_text(written), zones);
  if (!ours) return suite.refuse(name_of(path), to_string(ours.error()));
  if (!theirs) return suite.differ(name_of(path), "theirs: " + to_string(theirs.error()));
  const std::string difference = compare_meanings(*ours, *theirs);
  if (!difference.empty()) return suite.differ(name_of(path), difference);
  if (const auto refusal = first_refusal(ours)) {
    return suite.refuse(name_of(path), to_string(*refusal));
  }
  suite.agree();
}

}  // namespace

TEST_CASE("calcard's own writing of a calendar means what the calendar does",
          "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("calcard writing");
  for (const auto& path : testing::files_in("calcard")) {
    if (path.extension() != ".ics") continue;
    const std::string text = testing::file_text(path);
    if (holds(text, "BEGIN:VEVENT")) expect_same(path, path.string() + ".out", suite);
  }
}

TEST_CASE("other writings of the same calendar mean the same", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("golang-ical writing");
  const fs::path folder = testing::ics_corpus / "golang-ical/serialization";
  for (const auto& path : testing::files_in("golang-ical/serialization/expected")) {
    expect_same(folder / path.filename(), path, suite);
  }
}

TEST_CASE("ical4j's valid samples are read and its invalid ones noticed", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite valid("ical4j valid"), invalid("ical4j invalid");
  for (const auto& path : testing::files_in("ical4j/samples/valid")) expect_read(path, valid);
  for (const auto& path : testing::files_in("ical4j/samples/invalid")) expect_flaw(path, invalid);
}

TEST_CASE("allenporter-ical's valid lines are read and its invalid ones noticed",
          "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite valid("allenporter-ical valid"), invalid("allenporter-ical invalid");
  const std::string folder = "allenporter-ical/parsing/testdata/";
  for (const auto& path : testing::files_in(folder + "valid")) expect_read(path, valid);
  for (const auto& path : testing::files_in(folder + "invalid")) expect_flaw(path, invalid);
}

namespace {

/// What a snapshot says of its VEVENTs: "KEY VALUE" in order, of the keys that we compare.
std::vector<std::string> snapshot_facts(const fs::path& path) {
  std::vector<std::string> facts;
  std::ifstream file(path);
  bool in_events = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("        '")) in_events = line.starts_with("        'events'");
    for (const std::string key : {"dtstart", "dtend", "summary", "uid"}) {
      const std::string head = "            '" + key + "': '";
      if (!in_events || !line.starts_with(head)) continue;
      std::string value = line.substr(head.size(), line.rfind('\'') - head.size());
      // Theirs show the offset of a zone, ours name it.
      if (key.starts_with("dt") && value.size() > 20) value.resize(19);
      facts.push_back(key + ' ' + value);
    }
  }
  return facts;
}

std::string snapshot_time(const ParsedEvent& read, std::chrono::local_seconds wall) {
  return format_iso(wall, read.event.all_day) + (read.event.timezone == "UTC" ? "Z" : "");
}

std::vector<std::string> facts_of(const ParsedCalendar& calendar, bool with_end) {
  std::vector<std::string> facts;
  for (const ParsedEvent& read : calendar.events) {
    const Event& e = read.event;
    if (with_end) facts.push_back("dtend " + snapshot_time(read, e.end));
    facts.push_back("dtstart " + snapshot_time(read, e.start));
    if (!e.summary.empty()) facts.push_back("summary " + e.summary);
    facts.push_back("uid " + e.source_uid);
  }
  return facts;
}

}  // namespace

TEST_CASE("events are what allenporter-ical's snapshots say", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("allenporter-ical snapshots");
  const std::string folder = "allenporter-ical/expected/test_calendar_stream/test_parse";
  for (const auto& path : testing::files_in(folder)) {
    const auto theirs = snapshot_facts(path);
    if (theirs.empty()) continue;  // no VEVENT
    const fs::path input =
        testing::ics_corpus / "allenporter-ical/testdata" / path.stem().concat(".ics");
    const auto parsed = testing::read_calendar(testing::file_text(input), ZoneTable());
    const auto refusal = first_refusal(parsed);
    const bool with_end = std::any_of(theirs.begin(), theirs.end(),
                                      [](const auto& f) { return f.starts_with("dtend"); });
    std::string ours, expected;
    if (parsed) {
      for (const auto& fact : facts_of(*parsed, with_end)) ours += fact + "; ";
    }
    for (const auto& fact : theirs) expected += fact + "; ";
    suite.settle(name_of(input), refusal ? to_string(*refusal) : "",
                 ours == expected ? "" : ours + "\n    not " + expected);
  }
}

TEST_CASE("icalendar-py's files are read, broken ones noticed", "[conformance][corpus]") {
  read_folder("icalendar-py", any_of({"broken", "bad_calendar", "parsing_error", "fuzz",
                                      "invalid_duration", "invalid"}));
}

TEST_CASE("khal's events are read, broken ones noticed", "[conformance][corpus]") {
  read_folder("khal", any_of({"invalid", "local_missing_tz"}));
}

TEST_CASE("node-ical's calendars are read", "[conformance][corpus]") {
  read_folder("node-ical", any_of({"late-error", "year-0001"}));
}

TEST_CASE("calendars of other projects are read", "[conformance][corpus]") {
  const auto none = [](const std::string&) { return false; };
  read_folder("cyrus", any_of({"attendee_noorganizer"}));
  read_folder("ical.net", none);
  read_folder("ics-parser", none);
  read_folder("mozilla-calendar", none);
  read_folder("biweekly", none);
  read_folder("ccs-calendarserver/Holidays", none);
  read_folder("ical.js/samples", none);
}

namespace {

std::string between(std::string_view text, std::string_view open, std::string_view close) {
  const auto begin = text.find(open);
  if (begin == std::string_view::npos) return {};
  const auto end = text.find(close, begin);
  return std::string(text.substr(begin + open.size(), end - begin - open.size()));
}

/// Local file of each original path.
std::map<std::string, std::string> local_names(const fs::path& source) {
  std::map<std::string, std::string> names;
  std::ifstream file(source);
  for (std::string line; std::getline(file, line);) {
    const auto arrow = line.find(" <- ");
    if (arrow != std::string::npos) names[line.substr(arrow + 4)] = line.substr(0, arrow);
  }
  return names;
}

}  // namespace

TEST_CASE("what a calendar server must take is read", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("caldavtester files");
  const fs::path folder = testing::ics_corpus / "caldavtester";
  const auto names = local_names(folder / "SOURCE.txt");
  std::set<std::string> done;
  for (const auto& script : testing::files_in("caldavtester/script")) {
    const std::string text = testing::file_text(script);
    for (std::size_t at = 0; (at = text.find("<request", at)) != std::string::npos; ++at) {
      const std::string request = text.substr(at, text.find("</request>", at) - at);
      const auto local = names.find(between(request, "<filepath>", "</filepath>"));
      const bool is_put = between(request, "<method>", "</method>") == "PUT";
      if (local == names.end() || !is_put || !done.insert(local->second).second) continue;
      expect_read(folder / local->second, suite);
    }
  }
  for (const auto& path : testing::files_in("caldavtester/problemics")) {
    if (done.insert(path.lexically_relative(folder).string()).second) expect_read(path, suite);
  }
}

#include <algorithm>

#include "base/json.hpp"
#include "ical/conformance.hpp"
#include "time/expansion.hpp"

using namespace calinvite;
using namespace std::chrono;
using namespace std::string_literals;
using testing::Suite;

namespace {

namespace fs = std::filesystem;

std::string basic(local_seconds wall, const BasicTime& like) {
  return format_basic(wall, like.date_only) + (like.utc ? "Z" : "");
}

/// A rule's instances from `begin` on, joined as libical's lists do.
Result<std::string> expansion(const std::string& rule_text, const BasicTime& start,
                              local_seconds begin) {
  const auto rule = parse_rule(rule_text);
  if (!rule) return tl::unexpected(rule.error());
  std::string text;
  std::size_t count = 0;
  expand_rule(*rule, start.wall, {begin, start.wall + years(100)}, [&](local_seconds instance) {
    text += (text.empty() ? "" : ",") + basic(instance, start);
    return ++count < 1000;
  });
  return text;
}

void compare_block(std::map<std::string, std::string> block, Suite& suite) {
  const std::string rule(text::trim(block["RRULE"]));
  if (block["INSTANCES"].find("UNIMPLEMENTED") != std::string::npos) return;
  const std::string item = rule + " from " + std::string(text::trim(block["DTSTART"]));
  const auto start = parse_basic(text::trim(block["DTSTART"]));
  REQUIRE(start.has_value());
  local_seconds begin = start->wall;
  if (block.count("START-AT")) begin = parse_basic(text::trim(block["START-AT"])).value().wall;
  const auto ours = expansion(rule, *start, begin);
  if (!ours) return suite.refuse(item, ours.error().message);
  std::string theirs;
  for (const auto instance : text::split(text::trim(block["INSTANCES"]), ',')) {
    const auto time = parse_basic(instance);
    if (time && time->wall < begin) continue;
    theirs += (theirs.empty() ? "" : ",") + std::string(instance);
  }
  if (*ours == theirs) return suite.agree();
  suite.differ(item, *ours + "\n    not " + theirs);
}

}  // namespace

TEST_CASE("rules expand to the instances that libical lists", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("libical rules");
  for (const auto& path : testing::files_in("libical/recur")) {
    if (!path.filename().string().starts_with("icalrecur_test")) continue;
    std::ifstream file(path);
    std::map<std::string, std::string> block;
    for (std::string line; std::getline(file, line);) {
      const auto colon = line.find(':');
      if (colon != std::string::npos) block[line.substr(0, colon)] = line.substr(colon + 1);
      if (line.starts_with("INSTANCES:")) compare_block(std::exchange(block, {}), suite);
    }
  }
}

TEST_CASE("series have as many occurrences as libical counts", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("libical counts");
  const ZoneTable zones;
  for (const auto& path : testing::files_in("libical/recur")) {
    if (!path.filename().string().starts_with("recur.")) continue;
    std::string text = testing::file_text(path);
    std::size_t number = 0;
    for (std::size_t at = 0; (at = text.find("\nBEGIN:VEVENT", at)) != std::string::npos;) {
      const std::size_t end = text.find("END:VEVENT", at) + 10;
      const std::string event = text.substr(at + 1, end - at - 1);
      at = end;
      const std::string item = "recur no. " + std::to_string(++number);
      const auto expected = event.find("X-EXPECT-NUMEVENTS:");
      const std::string uid = "BEGIN:VEVENT\nUID:" + std::to_string(number);
      const auto parsed = testing::read_calendar(
          "BEGIN:VCALENDAR\n" + uid + event.substr(12) + "\nEND:VCALENDAR\n", zones);
      REQUIRE(parsed.has_value());
      if (!parsed->refused.empty()) {
        suite.refuse(item, to_string(parsed->refused.front()));
        continue;
      }
      const auto ours = testing::all_occurrences(*parsed, zones, 1000);
      const bool same =
          ours && static_cast<int>(ours->size()) == std::stoi(event.substr(expected + 19));
      suite.settle(item, ours ? "" : ours.error().message, same ? "" : "another number");
    }
  }
}

namespace {

std::vector<std::string> split_before(const std::string& text, const std::string& mark) {
  std::vector<std::string> pieces;
  std::size_t begin = text.find(mark);
  while (begin != std::string::npos) {
    const std::size_t next = text.find(mark, begin + mark.size());
    pieces.push_back(text.substr(begin, next == std::string::npos ? next : next - begin));
    begin = next;
  }
  return pieces;
}

/// 2009-03-09T09:00:00-07:00 as an instant and as the wall clock it names.
std::pair<std::string, std::string> calcard_time(std::string_view text) {
  const local_seconds wall = parse_iso(text.substr(0, 19)).value().wall;
  seconds offset{0};
  if (text.size() > 19 && text[19] != 'Z') {
    offset = hours(std::stoi(std::string(text.substr(20, 2)))) +
             minutes(std::stoi(std::string(text.substr(23, 2))));
    if (text[19] == '-') offset = -offset;
  }
  return {format_iso(sys_seconds((wall - offset).time_since_epoch())), format_iso(wall)};
}

/// "START END" as instants, or as wall clocks where an event has no zone.
std::multiset<std::string> keys_of(const std::vector<Occurrence>& occurrences) {
  std::multiset<std::string> keys;
  for (const Occurrence& o : occurrences) {
    std::string start = format_iso(o.start), end = format_iso(o.end);
    if (o.event->event.timezone.empty()) {
      start.pop_back();
      end.pop_back();
    }
    keys.insert(start + ' ' + end);
  }
  return keys;
}

/// Every component of a text by its number, as calcard counts them.
struct Components {
  std::vector<std::pair<std::uint32_t, std::string>> begins;  ///< line and name

  explicit Components(const std::string& text) {
    std::uint32_t line = 0;
    for (const std::string_view content : text::split(text, '\n')) {
      ++line;
      if (!content.starts_with("BEGIN:")) continue;
      begins.emplace_back(line, std::string(text::trim(content.substr(6))));
    }
  }
  /// The one that a line stands in.
  std::size_t number_of(std::uint32_t line) const {
    const auto after = std::upper_bound(begins.begin(), begins.end(), std::pair(line, "~"s));
    return static_cast<std::size_t>(after - begins.begin()) - 1;
  }
};

/// What theirs and ours differ in; `unread` are the components that we refuse.
std::string compare_with(const Json& events, const Components& components,
                         const std::set<std::size_t>& unread, std::multiset<std::string> ours) {
  // What has no end they cut at about this many.
  constexpr std::size_t theirs_at_most = 90;
  for (const Json& event : events.array()) {
    const auto number = static_cast<std::size_t>(event["comp_id"].integer());
    if (components.begins.at(number).second != "VEVENT" || unread.count(number) != 0) continue;
    const auto start = calcard_time(event["start"].string());
    const auto end = calcard_time(event["end"].string());
    auto found = ours.find(start.first + ' ' + end.first);
    if (found == ours.end()) found = ours.find(start.second + ' ' + end.second);
    // They show a series in UTC in the zone of floating times.
    if (found == ours.end()) found = ours.find(start.second + "Z " + end.second + 'Z');
    if (found == ours.end()) {
      return "ours have no " + std::string(event["start"].string()) + " to " +
             std::string(event["end"].string());
    }
    ours.erase(found);
  }
  if (ours.empty() || events.array().size() >= theirs_at_most) return {};
  return std::to_string(ours.size()) + " more than theirs, such as " + *ours.begin();
}

struct Comparison {
  std::string refusal, difference;
};

void compare_calendar(const std::string& text, const Json& events, const ZoneTable& zones,
                      Comparison& result) {
  const auto parsed = testing::read_calendar(text, zones);
  if (!parsed) {
    result.refusal = to_string(parsed.error());
    return;
  }
  const Components components(text);
  std::set<std::size_t> unread;
  for (const Error& error : parsed->refused) {
    result.refusal = to_string(error);
    unread.insert(components.number_of(error.place.line));
  }
  const auto ours = testing::all_occurrences(*parsed, zones, 1000);
  if (!ours) {
    result.refusal = to_string(ours.error());
    return;
  }
  const auto how = compare_with(events, components, unread, keys_of(*ours));
  if (!how.empty()) result.difference = how;
}

}  // namespace

TEST_CASE("calendars have the occurrences that calcard lists", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("calcard occurrences");
  const ZoneTable zones;
  for (const auto& path : testing::files_in("calcard")) {
    if (path.extension() != ".json") continue;
    const auto lists = split_before(testing::file_text(path), "{\n  \"errors\"");
    auto texts = std::vector{testing::file_text(fs::path(path).replace_extension(".ics"))};
    if (lists.size() > 1) {
      texts = split_before(texts.front(), "BEGIN:VCALENDAR");
      std::erase_if(texts, [](const auto& t) { return t.find("BEGIN:VEVENT") == t.npos; });
    }
    INFO(path);
    REQUIRE(lists.size() == texts.size());
    Comparison result;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      const auto expected = Json::parse(lists[i], 10'000'000);
      REQUIRE(expected.has_value());
      compare_calendar(texts[i], (*expected)["events"], zones, result);
    }
    suite.settle(path.stem().string() + ".ics", result.refusal, result.difference);
  }
}

namespace {

/// Lines such as "04/11/05    0900-1000" as START/END in wall time.
std::set<std::string> stated_dates(const fs::path& path) {
  std::set<std::string> dates;
  std::string text = testing::file_text(path);
  std::replace(text.begin(), text.end(), '\r', '\n');
  for (const std::string_view line : text::split(text, '\n')) {
    const std::string date(text::trim(line));
    if (date.size() < 17 || date[2] != '/' || date[5] != '/') continue;
    const std::string day = "20" + date.substr(6, 2) + date.substr(0, 2) + date.substr(3, 2);
    const std::string times = date.substr(date.size() - 9);
    dates.insert(day + 'T' + times.substr(0, 4) + "00/" + day + 'T' + times.substr(5) + "00");
  }
  return dates;
}

}  // namespace

TEST_CASE("series have the dates that ccs-calendarserver states", "[conformance][corpus]") {
  if (!testing::has_corpus()) return;
  Suite suite("ccs-calendarserver dates");
  const ZoneTable zones;
  for (const auto& path : testing::files_in("ccs-calendarserver/recurrance")) {
    if (path.extension() != ".ics") continue;
    const std::string item = path.filename().string();
    const auto stated = stated_dates(fs::path(path).replace_extension(".txt"));
    REQUIRE(stated.size() == 5);
    const auto parsed = testing::read_calendar(testing::file_text(path), zones);
    REQUIRE(parsed.has_value());
    if (!parsed->refused.empty()) {
      suite.refuse(item, to_string(parsed->refused.front()));
      continue;
    }
    const auto occurrences = testing::all_occurrences(*parsed, zones, 100);
    REQUIRE(occurrences.has_value());
    std::set<std::string> ours;
    for (const Occurrence& o : *occurrences) {
      const Zone zone = zones.find(o.event->event.timezone).value();
      ours.insert(format_basic(zone.to_local(o.start)) + '/' + format_basic(zone.to_local(o.end)));
    }
    // An update of one occurrence comes without its series; the text states them all.
    const bool alone = parsed->events.front().occurrence.has_value();
    const bool same = alone ? std::includes(stated.begin(), stated.end(), ours.begin(), ours.end())
                            : stated == ours;
    suite.settle(item, "", same ? "" : std::to_string(ours.size()) + " dates");
  }
}

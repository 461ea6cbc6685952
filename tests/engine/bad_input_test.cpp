// Walks tests/data/bad_input.tsv: every row is one input that is wrong in one way, with the error
// that it must meet. Columns: kind, name, input, code, line, column, field, words. An input has the
// escapes \n \r \t \\ \xHH, and {N*text} for N times that text.
#include <charconv>
#include <chrono>
#include <fstream>
#include <iostream>

#include "calinvite/csv.hpp"
#include "league.hpp"
#include "store/sqlite/connection.hpp"

using namespace league;

namespace {

struct BadInput {
  std::string kind, name, input, code, line, column, field, words;
};

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : line) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const char c = text[++at];
    if (c == 'x') {
      int value = 0;
      std::from_chars(text.data() + at + 1, text.data() + at + 3, value, 16);
      out += static_cast<char>(value);
      at += 2;
    } else {
      out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
  }
  return out;
}

/// `text` with each {N*part} as N parts, and escapes undone.
std::string expand(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto star = open == std::string_view::npos ? open : text.find('*', open);
    const auto digits =
        star == std::string_view::npos ? "" : text.substr(open + 1, star - open - 1);
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
      const auto length = open == std::string_view::npos ? text.size() : open + 1;
      out += unescape(text.substr(0, length));
      text.remove_prefix(length);
      continue;
    }
    out += unescape(text.substr(0, open));
    const auto close = text.find('}', star);
    const std::string part = unescape(text.substr(star + 1, close - star - 1));
    for (std::size_t i = 0; i < count; ++i) out += part;
    text.remove_prefix(close + 1);
  }
  return out;
}

std::vector<BadInput> read_table() {
  std::ifstream file(CALINVITE_TEST_DATA_DIR "/bad_input.tsv");
  std::vector<BadInput> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    auto cells = split(line, '\t');
    INFO(line);
    REQUIRE(cells.size() == 8);
    rows.push_back(
        {cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]});
  }
  return rows;
}

/// A VEVENT in its calendar. Each line of `lines` takes the place of the property of that name, is
/// added when there is none, and as -NAME leaves it out.
std::string calendar_with(const std::string& lines) {
  std::vector<std::string> event = {"UID:bad-1",
                                    "DTSTAMP:20270110T100000Z",
                                    "DTSTART:20270501T100000Z",
                                    "DTEND:20270501T110000Z",
                                    "SUMMARY:Derby",
                                    "ORGANIZER:mailto:" + kOrganizer};
  std::string more;
  const auto name_of = [](const std::string& line) {
    return line.substr(0, line.find_first_of(":;"));
  };
  for (const std::string& line : split(lines, '\n')) {
    const bool leave_out = line.starts_with('-');
    const auto known = std::find_if(event.begin(), event.end(), [&](const std::string& one) {
      return name_of(one) == name_of(leave_out ? line.substr(1) : line);
    });
    if (known == event.end()) {
      more += line + "\n";
    } else if (leave_out) {
      event.erase(known);
    } else {
      *known = line;
    }
  }
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n";
  for (const std::string& line : event) text += line + "\r\n";
  return text + more + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

class BadInputs : public League {
 public:
  BadInputs() {
    REQUIRE(engine->add_organizer({.domain = "league", .address = "second@league.example"}));
    invite(event().uid, {"fan0001@example.com"});
    dispatch();
    database_.emplace(folder_ / "league.db", std::chrono::seconds(1));
  }

  /// The bytes of a row.
  static std::string prepare(const BadInput& row) {
    const std::string input = expand(row.input);
    if (row.kind == "row") return kEventHeader + input + "\n";
    if (row.kind == "google") return kGoogleHeader + input + "\n";
    if (row.kind == "vevent") return calendar_with(input);
    if (row.kind == "mailed") return mail(kOrganizer, calendar_with(input));
    return input;
  }

  /// What the input meets; none: it was taken.
  std::optional<Error> meet(const BadInput& row, const std::string& input) {
    if (row.kind == "row") return first_refusal(input, "bad.csv");
    if (row.kind == "google") return first_refusal(input, "bad.csv", "Europe/London");
    if (row.kind == "list") return first_refusal(input, "bad.csv");
    if (row.kind == "ics") return first_refusal(input, "bad.ics");
    if (row.kind == "vevent") return first_refusal(input, "bad.ics");
    if (row.kind == "mailed") return first_refusal(input, "bad.eml");
    if (row.kind == "eml") return first_refusal(input, "bad.eml");
    if (row.kind == "json") return first_refusal(input, "bad.json");
    if (row.kind == "addresses") return first_address_error(input);
    if (row.kind == "rsvp") return error_of(engine->rsvp(input, Partstat::accepted));
    if (row.kind == "organizer") return error_of(engine->add_organizer({"league", input}));
    if (row.kind == "organizer name") {
      return error_of(engine->add_organizer({"league", "third@league.example", input}));
    }
    if (row.kind == "event") return error_of(engine->create_event(kScope, event_with(input)));
    if (row.kind == "list query") {
      return error_of(engine->list_events(kScope, {.search = input}, {}));
    }
    FAIL("unknown kind " << row.kind);
    return std::nullopt;
  }

  /// Every row of every table but quarantine.
  std::string contents() {
    std::string all;
    auto tables = database_->query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name "
        "NOT LIKE 'quarantine%' AND name <> 'notice' ORDER BY name");
    while (tables.step()) {
      std::string table, columns;
      tables.read(table);
      auto names = database_->query(
          "SELECT group_concat('quote(\"' || name || '\")', ' || ') FROM "
          "pragma_table_info('" +
          table + "')");
      if (names.step()) names.read(columns);
      // The organizer is told what was refused: a row of the outbox without an event.
      const std::string which = table == "outbox" ? " WHERE event <> ''" : "";
      auto rows = database_->query("SELECT " + columns + " AS one FROM \"" + table + "\"" + which +
                                   " ORDER BY one");
      for (std::string row; rows.step(); all += table + row + '\n') rows.read(row);
    }
    return all;
  }

 private:
  template <class T>
  static std::optional<Error> error_of(const Result<T>& result) {
    return result ? std::nullopt : std::optional(result.error());
  }

  std::optional<Error> first_refusal(const std::string& bytes, const std::string& source,
                                     const std::string& timezone = {}) {
    std::optional<Error> first;
    const IngestInput input{.bytes = bytes,
                            .source = source,
                            .authentication = {true, kOrganizer, "test"},
                            .timezone = timezone};
    const auto done = engine->ingest(input, [&](const IngestItem& item) {
      if (first || !item.code) return;
      CHECK(item.place.source == source);
      first = Error{*item.code, item.reason, item.place};
    });
    return done ? first : error_of(done);
  }

  static std::optional<Error> first_address_error(const std::string& bytes) {
    std::optional<Error> first;
    AddressListReader reader(
        "bad.txt", [](AddressRow&&) -> Result<void> { return {}; },
        [&](const Error& error) {
          if (!first) first = error;
        });
    const auto read = reader.feed(bytes, true);
    return read ? first : error_of(read);
  }

  /// A good event but for `name=value`.
  static Event event_with(const std::string& input) {
    Event event{.organizer = kOrganizer, .summary = "Derby"};
    event.start = parse_iso("2027-05-08T15:00")->wall;
    event.end = event.start + std::chrono::hours(2);
    event.timezone = "Europe/London";
    const std::string name = input.substr(0, input.find('='));
    const std::map<std::string, std::string Event::*> fields = {
        {"summary", &Event::summary},       {"description", &Event::description},
        {"location", &Event::location},     {"url", &Event::url},
        {"landing", &Event::landing},       {"language", &Event::language},
        {"timezone", &Event::timezone},     {"rrule", &Event::rrule},
        {"source_uid", &Event::source_uid}, {"organizer", &Event::organizer}};
    event.*fields.at(name) = input.substr(name.size() + 1);
    return event;
  }

  inline static const std::string kEventHeader =
      "command,uid,summary,description,location,start,end,timezone,all_day,url,landing,language\n";
  inline static const std::string kGoogleHeader =
      "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location\n";
  std::optional<sqlite::Connection> database_;
};

}  // namespace

TEST_CASE("every bad input meets its documented error and leaves the store as it was", "[engine]") {
  BadInputs inputs;
  const std::string before = inputs.contents();
  const auto table = read_table();
  double slowest = 0;
  std::string slowest_name;
  for (const BadInput& row : table) {
    INFO(row.kind << ": " << row.name);
    const std::string input = BadInputs::prepare(row);
    const auto begin = std::chrono::steady_clock::now();
    const auto met = inputs.meet(row, input);
    const double took =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    if (took > slowest) slowest_name = row.name;
    slowest = std::max(slowest, took);
    if (!met) {
      FAIL_CHECK("it was taken");
      continue;
    }
    CHECK(code_name(met->code) == row.code);
    CHECK((met->place.line == 0 ? "" : std::to_string(met->place.line)) == row.line);
    CHECK((met->place.column == 0 ? "" : std::to_string(met->place.column)) == row.column);
    CHECK(met->place.field == row.field);
    CHECK_THAT(met->message, Catch::Contains(row.words));
    CHECK(met->message.find_first_of("\r\n") == std::string::npos);
  }
  CHECK(inputs.contents() == before);
  CHECK(table.size() >= 200);
  std::cout << "bad input: " << table.size() << " rows, the slowest took " << slowest << " ms ("
            << slowest_name << ")\n";
}

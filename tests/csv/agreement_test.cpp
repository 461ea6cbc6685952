// Lists of other projects, beside what those projects say they hold.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/csv.hpp"
#include "calinvite/ical.hpp"

using namespace calinvite;

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(CALINVITE_CORPUS_DIR) / "csv";

bool have_corpus() {
  if (fs::exists(folder)) return true;
  std::cout << "skipped: no corpus at " << folder.string() << '\n';
  return false;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void print(const char* suite, std::size_t agreed, std::size_t of) {
  std::cout << suite << ": agreed " << agreed << " of " << of << '\n';
}

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view bytes) {
  Rows rows;
  CsvReader reader;
  reader.feed(bytes, true);
  for (;;) {
    const auto row = reader.next();
    if (!row) continue;
    if (!*row) return rows;
    rows.emplace_back((*row)->cells.begin(), (*row)->cells.end());
  }
}

/// What tells events of two renderings of one list apart.
using Facts = std::multiset<std::vector<std::string>>;

std::vector<std::string> facts_of(const Event& event) {
  return {event.summary, event.description, event.location, format_iso(event.start),
          format_iso(event.end)};
}

Facts read_list(const std::string& bytes, const std::string& zone,
                DateOrder order = DateOrder::usual) {
  const ZoneTable zones;
  Facts facts;
  EventListReader reader(
      "list", zone, zones,
      [&](EventRow&& row) -> Result<void> {
        facts.insert(facts_of(row.event));
        return {};
      },
      [](const Error& error) { UNSCOPED_INFO(to_string(error)); }, order);
  CHECK(reader.feed(bytes, true));
  return facts;
}

/// How many events the list and the calendar that its authors made of it have in common.
std::size_t agreement(const Facts& list, const std::string& calendar) {
  const ZoneTable zones;
  const auto parsed = parse_calendar(calendar, zones);
  REQUIRE(parsed);
  Facts made;
  for (const ParsedEvent& one : parsed->events) made.insert(facts_of(one.event));
  std::vector<std::vector<std::string>> common;
  std::set_intersection(list.begin(), list.end(), made.begin(), made.end(),
                        std::back_inserter(common));
  return common.size();
}

}  // namespace

TEST_CASE("csv-spectrum: every file has the rows that its JSON names", "[csv][corpus]") {
  if (!have_corpus()) return;
  std::size_t agreed = 0, of = 0;
  for (const auto& entry : fs::directory_iterator(folder / "csv-spectrum" / "json")) {
    const auto name = entry.path().stem().string();
    const auto wanted = Json::parse(bytes_of(entry.path()));
    REQUIRE(wanted);
    const Rows rows = rows_of(bytes_of(folder / "csv-spectrum" / "csvs" / (name + ".csv")));
    bool same = rows.size() == wanted->array().size() + 1;
    for (std::size_t i = 1; same && i < rows.size(); ++i) {
      const Json& record = wanted->array()[i - 1];
      same = rows[i].size() == record.object().size();
      for (std::size_t j = 0; same && j < rows[i].size(); ++j) {
        same = record[rows[0][j]].string() == rows[i][j];
      }
    }
    agreed += same ? 1 : 0;
    ++of;
  }
  print("csv-spectrum", agreed, of);
  CHECK(agreed == of);
  CHECK(of >= 6);
}

TEST_CASE("commons-csv: records are as its tests list them, comments left out", "[csv][corpus]") {
  if (!have_corpus()) return;
  const fs::path suite = folder / "commons-csv" / "CSVFileParser";
  std::size_t agreed = 0, of = 0;
  for (const char* name : {"testCSV85_default.txt", "testCSV85_ignoreEmpty.txt"}) {
    std::vector<std::string> wanted;
    std::ifstream file(suite / name);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      const bool record = ++number > 2 && !line.empty() && line.front() != '#';
      if (record) wanted.push_back(line.substr(0, line.find(']') + 1));
    }
    std::vector<std::string> read;
    for (const auto& row : rows_of(bytes_of(suite / "testCSV85.csv"))) {
      if (row.front().starts_with('#')) continue;
      std::string text = std::to_string(row.size()) + ":[";
      for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ", ") + row[i];
      read.push_back(text + ']');
    }
    for (const auto& one : wanted) {
      agreed += std::count(read.begin(), read.end(), one) == 1 ? 1 : 0;
      ++of;
    }
  }
  print("commons-csv", agreed, of);
  CHECK(agreed == 6);  // the blank line that it counts as a record is none here
  CHECK(of == 7);
}

TEST_CASE("csv-ical and csv2ical: a list is the calendar that its authors made of it",
          "[csv][corpus]") {
  if (!have_corpus()) return;
  const auto schedule = read_list(
      "summary,start,end,description,location\n" + bytes_of(folder / "csv-ical" / "example.csv"),
      "Europe/Madrid");
  const auto of_schedule = agreement(schedule, bytes_of(folder / "csv-ical" / "example.ics"));
  print("csv-ical", of_schedule, schedule.size());
  CHECK(schedule.size() > 100);
  CHECK(of_schedule == schedule.size());

  const auto sample = read_list(bytes_of(folder / "csv2ical" / "sample.csv"), "UTC");
  std::string calendar = bytes_of(folder / "csv2ical" / "sample.ics");
  // Its events lack what RFC 5545 asks for: a UID, and a zone or Z behind its times.
  for (auto at = calendar.find("BEGIN:VEVENT"); at != std::string::npos;
       at = calendar.find("BEGIN:VEVENT", at + 1)) {
    calendar.insert(at + 12, "\r\nUID:" + std::to_string(at) + "\r\nDTSTAMP:20270101T000000Z");
  }
  for (auto at = calendar.find("T000000\r"); at != std::string::npos;
       at = calendar.find("T000000\r", at)) {
    calendar.insert(at + 7, "Z");
  }
  const auto of_sample = agreement(sample, calendar);
  print("csv2ical", of_sample, sample.size());
  CHECK(sample.size() == 3);
  CHECK(of_sample == 3);
}

TEST_CASE("footballcsv: the dates of real fixture lists are read", "[csv][corpus]") {
  if (!have_corpus()) return;
  std::size_t read = 0, of = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "footballcsv-england")) {
    if (entry.path().extension() != ".csv") continue;
    std::string bytes = bytes_of(entry.path());
    // Their labels are theirs; two matches of a team at one date would share a made key.
    const auto header = bytes.substr(0, bytes.find('\n'));
    std::string ours = header;
    for (const auto& [theirs, label] :
         {std::pair<std::string, std::string>("Date", "Start Date"), {"Team 1", "Subject"}}) {
      const auto at = ours.find(theirs);
      INFO(entry.path().string() << ": " << header);
      REQUIRE(at != std::string::npos);
      ours.replace(at, theirs.size(), label);
    }
    bytes.replace(0, header.size(), ours);
    const auto matches = read_list(bytes, "Europe/London");
    read += matches.size();
    of += static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) - 1;
  }
  print("footballcsv", read, of);
  CHECK(of > 1000);
  CHECK(read + 12 == of);  // postponed ones have a mark behind their date: 2021(P)
}

TEST_CASE("flanker: mailboxes that mail can be sent to are read, broken ones are not",
          "[csv][corpus]") {
  if (!have_corpus()) return;
  std::size_t agreed = 0, of = 0;
  for (const std::string name : {"mailbox", "abridged_localpart"}) {
    for (const bool valid : {true, false}) {
      std::size_t as_said = 0, lines = 0;
      std::ifstream file(folder / "flanker-addresses" /
                         (name + (valid ? "_valid" : "_invalid") + ".txt"));
      for (std::string line; std::getline(file, line);) {
        const auto remark = line.find("  #");
        std::string address(text::trim(std::string_view(line).substr(0, remark)));
        if (address.empty() || address.front() == '#') continue;
        if (name == "abridged_localpart") address += "@example.com";
        const auto read = parse_mailbox(address);
        if (read.has_value() == valid) ++as_said;
        ++lines;
      }
      print(("flanker " + name + (valid ? " valid" : " invalid")).c_str(), as_said, lines);
      if (!valid) CHECK(as_said == lines);
      agreed += as_said;
      of += lines;
    }
  }
  print("flanker", agreed, of);
  CHECK(agreed >= 266);
  CHECK(of == 370);
}

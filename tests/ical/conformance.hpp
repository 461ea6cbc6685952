/// Counting how far we agree with what other projects state about their own files.
#pragma once

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "base/text.hpp"
#include "ical/reading.hpp"

namespace calinvite::testing {

inline const std::filesystem::path ics_corpus = CALINVITE_CORPUS_DIR "/ics";

inline bool has_corpus() {
  if (std::filesystem::exists(ics_corpus)) return true;
  std::cout << "skipped: no corpus at " << ics_corpus.string() << '\n';
  return false;
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The files below a folder of the corpus in order of their names.
inline std::vector<std::filesystem::path> files_in(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(ics_corpus / folder)) {
    const bool data = entry.is_regular_file() && entry.path().filename() != "SOURCE.txt";
    if (data) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// A refusal that docs/conformance.md explains once for all files.
inline bool is_by_design(std::string_view refusal) {
  for (const std::string_view part :
       {"has no UID", "has no DTSTART", "no BEGIN:VCALENDAR", "is not known", "RRULE part FREQ",
        "at most 64 values", "the series is in time zone"}) {
    if (refusal.find(part) != std::string_view::npos) return true;
  }
  return false;
}

/// What a suite states, one item at a time, beside what we say. docs/conformance.md has a row of
/// these numbers for each suite and names each disagreement.
class Suite {
 public:
  explicit Suite(std::string name) : name_(std::move(name)) {}
  ~Suite() { finish(); }
  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;

  void agree() { ++agreed_; }
  void refuse(const std::string& item, const std::string& why) {
    if (!is_by_design(why)) return differ(item, why);
    ++refused_;
    std::cout << "  refused " << item << ": " << why << '\n';
  }
  void differ(const std::string& item, const std::string& how) {
    differences_.insert(item);
    std::cout << "  differs " << item << ": " << how << '\n';
  }
  /// By what stands in the way of agreement, if anything.
  void settle(const std::string& item, const std::string& refusal, const std::string& difference) {
    if (!refusal.empty()) return refuse(item, refusal);
    if (!difference.empty()) return differ(item, difference);
    agree();
  }

 private:
  void finish() const {
    const std::size_t stated = agreed_ + refused_ + differences_.size();
    std::cout << "conformance: " << name_ << " agreed " << agreed_ << " of " << stated
              << ", refused by design " << refused_ << '\n';
    const std::string page = file_text(CALINVITE_SOURCE_DIR "/docs/conformance.md");
    const std::string row = "| " + name_ + " | " + std::to_string(stated) + " | " +
                            std::to_string(agreed_) + " | " + std::to_string(refused_) + " |";
    INFO("docs/conformance.md should say: " << row);
    CHECK(page.find(row) != std::string::npos);
    for (const std::string& item : differences_) {
      INFO("docs/conformance.md should name " << item);
      CHECK(page.find('`' + item + '`') != std::string::npos);
    }
  }

  std::string name_;
  std::size_t agreed_ = 0;
  std::size_t refused_ = 0;
  std::set<std::string> differences_;
};

/// As event list files are read: of any size.
inline Result<ParsedCalendar> read_calendar(std::string_view text, const ZoneTable& zones) {
  return parse_calendar(text, zones, {}, {.max_bytes = 0, .max_components = 0});
}

/// The occurrences of every UID of a calendar, the first `limit` of each.
inline Result<std::vector<Occurrence>> all_occurrences(const ParsedCalendar& calendar,
                                                       const ZoneTable& zones, std::size_t limit) {
  std::map<std::string, std::vector<ParsedEvent>> by_uid;
  for (const ParsedEvent& event : calendar.events) by_uid[event.event.source_uid].push_back(event);
  const OccurrenceWindow window{std::chrono::sys_seconds::min(), std::chrono::sys_seconds::max(),
                                limit};
  std::vector<Occurrence> all;
  for (auto& [uid, parts] : by_uid) {
    auto some = list_occurrences(parts, zones, window);
    if (!some) return some;
    // Occurrences point at their parts, which end here.
    for (Occurrence& occurrence : *some) {
      const auto at = std::find_if(calendar.events.begin(), calendar.events.end(),
                                   // clang 14 captures no structured binding by itself.
                                   [&, uid = uid](const ParsedEvent& event) {
                                     return event.line == occurrence.event->line &&
                                            event.event.source_uid == uid;
                                   });
      occurrence.event = &*at;
      all.push_back(occurrence);
    }
  }
  return all;
}

}  // namespace calinvite::testing

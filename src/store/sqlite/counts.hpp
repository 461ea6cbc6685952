/// Counts and the change feed, stored in the step that they are about. Triggers tell of each row
/// that changes (0014_reports.sql); it is added up here until the step ends, so that a thousand
/// rows of one event cost its counts one update each.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace SQLite {
class Database;
}

namespace calinvite::sqlite {

class Connection;

/// What a step has done to one event, as far as it is counted.
struct EventDelta {
  std::map<std::pair<std::string, std::string>, std::int64_t> words;      ///< by subject and word
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> receipts;  ///< by hour and kind
  std::int64_t first = 0;                                                 ///< receipt.seq; 0: none
  std::int64_t last = 0;
  bool changed = false;  ///< the event itself
};

/// Attendees as the triggers describe them.
struct CountedAttendee {
  std::string_view origin, prodid, partstat;
  std::int64_t kinds = 0;
  bool uninvited = false;
  bool suppressed = false;
};

class Counts {
 public:
  /// The functions that triggers call, and two that say the words of a row: status_word(partstat)
  /// and delivery_word(kinds).
  void add_functions(SQLite::Database& database);

  // -- steps, of which one may lie in another
  void begin() { steps_.emplace_back(); }
  /// Stores what the outermost step has added up.
  void store(Connection& connection);
  /// The step under way is kept: what it counted becomes part of the one around it.
  void keep();
  void drop() { steps_.pop_back(); }

  // -- what the triggers tell
  void count_attendee(std::int64_t by, std::string_view domain, std::string_view event,
                      const CountedAttendee& attendee);
  void count_receipt(std::string_view domain, std::string_view event, std::int64_t seq,
                     std::string_view kind, std::int64_t time);
  void note_event(std::string_view domain, std::string_view event);
  /// Some row's words are not in the index yet.
  void note_words() { has_words_ = true; }

 private:
  using Events = std::map<std::pair<std::string, std::string>, EventDelta>;  ///< by domain and uid
  EventDelta& of(std::string_view domain, std::string_view event);

  std::vector<Events> steps_;
  bool has_words_ = false;
};

}  // namespace calinvite::sqlite

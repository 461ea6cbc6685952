/// What was done with every request, written before the answer leaves, so that a test can hold the
/// sender's report against it. Survives a kill and goes on after a restart.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "disk.hpp"
#include "time_text.hpp"

namespace ses_simulator {

/// How a simulated person answered.
struct Reply {
  std::string partstat;
  std::string prodid;
  std::string from;             ///< the invited address, or another one of the same person
  std::string file;             ///< under replies/
  std::string kind = "answer";  ///< or out-of-office, or bounce
  std::string attendee;         ///< who answers; empty: the invited address
};

/// One accepted message.
struct Entry {
  std::uint64_t number = 0;  ///< from 1, of the file in mails/
  std::string message_id;
  Instant time{};
  std::string source;  ///< FromEmailAddress as given
  std::string to;
  std::string region;
  std::string configuration_set;
  std::vector<std::pair<std::string, std::string>> tags;
  std::string attempt_id;  ///< the tag of that name; empty: none
  std::string method;      ///< of the calendar part; empty: there was none
  std::string uid;
  std::int64_t sequence = 0;
  std::string recurrence_id;
  std::string outcome;  ///< delivered, bounced, suppressed or complained
  std::optional<Reply> reply;
  bool dropped = false;  ///< accepted, but no answer that says so left
  std::string file;      ///< under mails/
};

/// The append-only file DIR/ledger.jsonl. Calls may come from any thread.
class Ledger {
 public:
  /// Opens or goes on with the ledger in `directory` and shows what it holds.
  /// @param on_refused  gets the error type
  bool open(const std::string& directory, const std::function<void(const Entry&)>& on_entry,
            const std::function<void(const std::string&)>& on_refused);

  bool accepted(const Entry& entry);
  bool refused(const std::string& error_type, Instant time);
  bool account_asked(Instant time);

 private:
  LineLog log_;
};

/// Totals and every address's messages, from the file; absent when it cannot be read.
/// @param with_addresses  false: the totals alone
std::optional<nlohmann::json> summarize(const std::string& directory, bool with_addresses);

}  // namespace ses_simulator

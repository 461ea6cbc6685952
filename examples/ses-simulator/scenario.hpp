/// A scenario: a small JSON file that says how the simulated SES and the people behind it behave.
/// README.md tells the format; what is not given stays as the command line has it.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "time_text.hpp"

namespace ses_simulator {

/// Simulated time: `start`, plus `speed` seconds per real second, plus `step` per SendEmail.
struct ClockPlan {
  std::optional<Instant> start;       ///< absent: when the program starts
  double speed = 1;                   ///< 0 with a step: a run that replays to the millisecond
  std::chrono::milliseconds step{0};  ///< per SendEmail request
  std::chrono::seconds skew{0};       ///< of the Date header and the check of signatures
};

/// What goes wrong with a SendEmail request, and when.
struct Fault {
  enum class Kind { throttle, daily_quota, suspend, pause, error, drop, half_answer, slow };
  static constexpr auto no_end = std::numeric_limits<std::uint64_t>::max();

  Kind kind = Kind::error;
  std::string name;         ///< the word in the file, also in the counts
  double percent = 100;     ///< of the requests in the window, by seed and message
  std::uint64_t first = 1;  ///< number of the first SendEmail request, from 1
  std::uint64_t last = no_end;
  double from_seconds = 0;  ///< of simulated time since the start
  double to_seconds = std::numeric_limits<double>::infinity();  ///< not included
  std::uint64_t tries = no_end;  ///< only the first so many requests for the same message
  bool accepts = false;          ///< the mail goes out all the same
  int status = 500;              ///< of an error
  std::string error_type;        ///< of an error
  std::chrono::microseconds delay{0};
};

/// Who sits behind an address. `anyone` is left to --bounce, --complaint and --reply.
enum class Client {
  anyone,
  silent,
  google,
  outlook,
  apple,
  yahoo,
  thunderbird,
  party_crasher,
  out_of_office,
  bounce,
  bounce_mail,
  complaint,
  suppressed,
  scanner,
};

struct Recipients {
  std::vector<std::pair<std::string, Client>> addresses;  ///< exact ones, then with one '*'
  std::vector<std::pair<Client, double>> shares;          ///< percent of the other addresses
  double answer_percent = 100;                            ///< of people with a calendar program
};

struct AccountPlan {
  std::optional<double> max_send_rate, max_24_hours, sent_24_hours;
  bool production_access = true;
  bool sending_enabled = true;
  std::string enforcement = "HEALTHY";
  std::set<std::string> verified;    ///< lower case; who may be sent to in the sandbox
  std::set<std::string> suppressed;  ///< lower case; on the account's suppression list
};

struct Scenario {
  std::string name;
  ClockPlan clock;
  std::optional<std::pair<std::chrono::microseconds, std::chrono::microseconds>> latency;
  AccountPlan account;
  std::vector<Fault> faults;  ///< the first that hits decides
  Recipients recipients;
  double duplicate_events = 0;       ///< percent of event records that come twice
  std::uint64_t shuffle_events = 1;  ///< messages whose records are mixed with each other
  std::map<std::string, int> hosts;  ///< host name in links to the port on 127.0.0.1 that serves it
};

/// Reads a scenario strictly.
/// @return the scenario, or one line that names the place and what was expected there
std::variant<Scenario, std::string> read_scenario(const std::string& text);

}  // namespace ses_simulator

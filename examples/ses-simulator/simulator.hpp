/// The stand-in itself: an API request in, an answer out, and the world that follows from it on
/// disk: the mail received, SES's events, people's replies, the ledger.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "calendar_reader.hpp"
#include "clock.hpp"
#include "counts.hpp"
#include "disk.hpp"
#include "event_log.hpp"
#include "ledger.hpp"
#include "quota.hpp"
#include "scanner.hpp"
#include "scenario.hpp"
#include "seed.hpp"
#include "send_email.hpp"
#include "sigv4_check.hpp"
#include "wire.hpp"

namespace ses_simulator {

/// What is left on disk of a run.
enum class Keep {
  all,     ///< mails, records, replies, ledger
  ledger,  ///< the ledger alone
  counts,  ///< nothing but the counts at the end; a kill loses them
};

struct Behaviour {
  std::string directory;
  std::map<std::string, std::string> secrets;  ///< access key id to secret access key
  std::uint64_t seed = 1;
  Limits limits;
  double bounce = 0;             ///< percent of addresses that bounce, always
  double complaint = 0;          ///< percent of addresses that complain
  double reply = 0;              ///< percent of addresses that answer invitations
  double drop_after_accept = 0;  ///< percent of accepted mails whose answer is lost
  double verify = 100;           ///< percent of requests whose signature is proven
  std::chrono::microseconds latency{0};
  std::uint64_t record = 0;  ///< how many raw requests to keep
  Keep keep = Keep::all;
  Scenario scenario;  ///< its account's limits and its latency are in the fields above
};

/// Calls may come from any thread.
class Simulator {
 public:
  explicit Simulator(Behaviour behaviour);

  /// Takes up the directory where a run before, killed or ended, left it.
  bool open();

  /// Of the API, signed.
  Answer answer(const ApiRequest& request);

  /// Of ours, /simulator/...
  Answer administer(const ApiRequest& request);

  std::string date() const;  ///< now, for a Date header

  const std::string& directory() const { return behaviour_.directory; }
  std::string request_id();

  /// Writes what still waits: records in a shuffle, and counts.json.
  bool finish();

 private:
  Answer decide(const ApiRequest& request);
  Answer answer_signed(const ApiRequest& request, const Caller& caller);
  Answer account();
  Answer send(const ApiRequest& request, const Caller& caller);
  std::optional<Refusal> refusal_of_account(const std::string& to) const;
  Entry entry_of(const SendEmail& request, const Caller& caller, const Appointment* event) const;
  void accept(Entry& entry, const Appointment* event);
  Answer refuse(const Refusal& refusal);
  bool note_refusal(const std::string& error_type);
  bool store(const Entry& entry, const SendEmail& request, const Appointment* event);
  void record(const ApiRequest& request);
  bool remove_unknown(const char* folder, const std::unordered_set<std::string>& known);
  bool finish_records(const std::deque<Entry>& last);
  bool first_answer(const Entry& entry);
  std::string random_id(std::string_view kind, std::uint64_t number) const;
  std::chrono::microseconds latency();

  const Behaviour behaviour_;
  const Seed seed_;
  Clock clock_;
  SignatureCheck signatures_;
  Quota quota_;
  Ledger ledger_;
  Counts counts_;
  EventLog notifications_;
  Scanner scanner_;
  LineLog requests_;
  std::mutex journal_;  ///< ledger line and notifications of a mail are written together
  std::mutex answered_mutex_;
  std::unordered_set<std::uint64_t> answered_;  ///< a person answers one revision once
  std::atomic<std::uint64_t> next_mail_{1};
  std::atomic<std::uint64_t> next_request_{1};
  std::atomic<std::uint64_t> sends_{0};
  std::atomic<std::uint64_t> received_{0};
  std::atomic<std::uint64_t> recorded_{0};
};

}  // namespace ses_simulator

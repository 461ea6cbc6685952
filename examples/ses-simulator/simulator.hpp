/// The stand-in itself: an API request in, an answer out, and the world that follows from it on
/// disk: the mail received, SES's events, people's replies, the ledger.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "disk.hpp"
#include "ledger.hpp"
#include "quota.hpp"
#include "seed.hpp"
#include "send_email.hpp"
#include "sigv4_check.hpp"
#include "wire.hpp"

namespace ses_simulator {

struct Behaviour {
  std::string directory;
  std::map<std::string, std::string> secrets;  ///< access key id to secret access key
  std::uint64_t seed = 1;
  Limits limits;
  double bounce = 0;             ///< percent of addresses that bounce, always
  double complaint = 0;          ///< percent of addresses that complain
  double reply = 0;              ///< percent of addresses that answer invitations
  double drop_after_accept = 0;  ///< percent of accepted mails whose answer is lost
  std::chrono::microseconds latency{0};
  std::uint64_t record = 0;  ///< how many raw requests to keep
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

 private:
  Answer decide(const ApiRequest& request, Instant now);
  Answer answer_signed(const ApiRequest& request, const Caller& caller, Instant now);
  Answer account(Instant now);
  Answer send(const ApiRequest& request, const Caller& caller, Instant now);
  Entry accept(const SendEmail& request, const Caller& caller, Instant now);
  Answer refuse(const Refusal& refusal, Instant now);
  bool store(const Entry& entry, const SendEmail& request);
  void record(const ApiRequest& request);
  bool remove_unknown(const char* folder, const std::unordered_set<std::string>& known);
  bool finish_last(const Entry& last);
  bool first_answer(const Entry& entry);
  std::string random_id(std::string_view kind, std::uint64_t number) const;

  const Behaviour behaviour_;
  const Seed seed_;
  SignatureCheck signatures_;
  Quota quota_;
  Ledger ledger_;
  LineLog notifications_;
  LineLog requests_;
  std::mutex journal_;  ///< ledger line and notifications of a mail are written together
  std::mutex answered_mutex_;
  std::unordered_set<std::uint64_t> answered_;  ///< a person answers one revision once
  std::atomic<std::uint64_t> next_mail_{1};
  std::atomic<std::uint64_t> next_request_{1};
  std::atomic<std::uint64_t> recorded_{0};
};

}  // namespace ses_simulator

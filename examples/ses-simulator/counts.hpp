/// How many copies of what were accepted: exact, and small enough for millions of messages.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "ledger.hpp"

namespace ses_simulator {

/// Counts per text, of which it keeps 128 bits of SHA-256. 24 bytes a slot, at most three quarters
/// of them used: 48 MiB for 1,000,000 texts, and half as much again while it grows.
class CopyTable {
 public:
  struct Slot {
    std::array<std::uint64_t, 2> hash{};  ///< zero: free
    std::uint32_t copies = 0;
    std::uint32_t tries = 0;
  };

  std::uint32_t add_try(const std::string& text);
  void add_copy(const std::string& text);
  std::uint32_t copies(const std::string& text) const;

  std::uint64_t size() const { return seen_; }          ///< texts with a copy at least
  std::uint64_t repeated() const { return repeated_; }  ///< with more than one
  /// Copies to the number of texts that have so many.
  const std::map<std::uint32_t, std::uint64_t>& histogram() const { return histogram_; }

 private:
  Slot& slot(const std::string& text);
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::uint64_t used_ = 0, seen_ = 0, repeated_ = 0;
  std::map<std::uint32_t, std::uint64_t> histogram_;
};

/// What makes two mails copies of each other for a calendar.
std::string key_text(const std::string& to, const std::string& uid,
                     const std::string& recurrence_id, std::int64_t sequence,
                     const std::string& method);

/// Safe to share between threads.
class Counts {
 public:
  /// Notes a request for this message; returns which one it is, from 1.
  std::uint32_t next_try(const Entry& entry);

  void accepted(const Entry& entry);
  void refused(const std::string& error_type);
  void account_asked();
  void fault(const std::string& name);

  nlohmann::json totals() const;
  std::uint32_t copies_of_attempt(const std::string& attempt_id) const;
  std::uint32_t copies_of_key(const std::string& key) const;

 private:
  using ByName = std::map<std::string, std::uint64_t>;

  mutable std::mutex mutex_;
  CopyTable attempts_, keys_;
  std::uint64_t accepted_ = 0, account_ = 0, unanswered_ = 0, without_attempt_ = 0;
  ByName refused_, methods_, outcomes_, faults_;
};

/// By what tries of a message are told apart: its key, or the attempt when it has no calendar.
std::string identity_of(const Entry& entry);

}  // namespace ses_simulator

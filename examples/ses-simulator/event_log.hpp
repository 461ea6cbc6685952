/// notifications.jsonl as queues deliver it: some records twice, and in any order.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "disk.hpp"
#include "seed.hpp"

namespace ses_simulator {

/// Mixes the records of `shuffle` messages with each other, then writes them at once: after a kill
/// only messages among the last `shuffle` ones can lack their records. Calls may come from any
/// thread.
class EventLog {
 public:
  /// @param duplicates  percent of records
  /// @param shuffle  1: the order of happening
  EventLog(Seed seed, double duplicates, std::uint64_t shuffle)
      : seed_(seed), duplicates_(duplicates), shuffle_(shuffle) {}

  bool open(const std::string& path) { return log_.open(path); }

  /// @param lines  all records of one message, each with its line break
  bool add(const std::string& message_id, const std::string& lines);

  /// Writes what still waits for its block to be full.
  bool flush();

  std::uint64_t shuffle() const { return shuffle_; }

 private:
  bool write_block();

  const Seed seed_;
  const double duplicates_;
  const std::uint64_t shuffle_;
  std::mutex mutex_;
  LineLog log_;
  std::vector<std::pair<std::uint64_t, std::string>> block_;  ///< place in the order, record
  std::uint64_t messages_ = 0;
};

}  // namespace ses_simulator

/// A mail filter that opens every link before a person sees the mail. It reaches this machine only.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "disk.hpp"

namespace ses_simulator {

/// The http and https links of a text or HTML, each once, in order.
std::vector<std::string> links_in(const std::string& text);

/// Sends one GET after the other from a thread of its own, follows nothing, and writes down in
/// visits.jsonl what came of each.
class Scanner {
 public:
  /// @param hosts  host name to the port on 127.0.0.1 that serves it, by plain HTTP
  explicit Scanner(std::map<std::string, int> hosts) : hosts_(std::move(hosts)) {}
  ~Scanner();

  bool open(const std::string& path);
  void visit(std::uint64_t mail, const std::string& to, std::vector<std::string> links);

 private:
  struct Visit {
    std::uint64_t mail;
    std::string to;
    std::string url;
  };

  void run();
  void fetch(const Visit& visit);

  const std::map<std::string, int> hosts_;
  LineLog log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Visit> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace ses_simulator

/// Runs dns_server.py for one test, and reads what it was asked.
#pragma once

#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "calinvite/dns.hpp"

namespace calinvite::test {

class DnsServer {
 public:
  /// @param zones  JSON as dns_server.py wants it, without an apostrophe
  explicit DnsServer(const std::string& zones) {
    const std::string command = "exec " CALINVITE_PYTHON " -B " CALINVITE_SOURCE_DIR
                                "/tests/transport/dns_server.py '" +
                                zones + "'";
    REQUIRE(Json::parse(zones));
    output_ = ::popen(command.c_str(), "r");
    REQUIRE(output_ != nullptr);
    REQUIRE(std::fscanf(output_, "%d %d%*c", &pid_, &port_) == 2);
  }
  ~DnsServer() {
    stop();
    if (output_ != nullptr) ::pclose(output_);
  }
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  std::unique_ptr<Resolver> resolver(std::chrono::milliseconds timeout = std::chrono::seconds(10),
                                     int tries = 2) const {
    auto opened = open_resolver({address(), timeout, tries});
    REQUIRE(opened);
    return std::move(*opened);
  }

  /// What it was asked, in order, such as "udp TXT league.example"; ends it.
  std::vector<std::string> questions() {
    stop();
    std::vector<std::string> lines;
    char line[512];
    while (std::fgets(line, sizeof line, output_) != nullptr) {
      lines.emplace_back(line);
      lines.back().pop_back();
    }
    return lines;
  }

 private:
  void stop() {
    if (pid_ > 0) ::kill(pid_, SIGTERM);
    pid_ = 0;
  }

  std::FILE* output_ = nullptr;
  int pid_ = 0;
  int port_ = 0;
};

}  // namespace calinvite::test

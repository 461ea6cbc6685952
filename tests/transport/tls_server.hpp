/// Runs tls_server.py for one test, and reads what it saw.
#pragma once

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "calinvite/transport.hpp"

extern char** environ;

namespace calinvite::test {

class TlsServer {
 public:
  struct Options {
    std::string certificate = "good";  ///< none: plain HTTP
    std::string clock_shift;           ///< seconds; empty: any signature time is taken
    std::string verifier;  ///< path of sigv4_verify.py; empty: signatures are not judged
  };

  explicit TlsServer(const Json::Array& steps) : TlsServer(steps, Options()) {}
  TlsServer(const Json::Array& steps, const Options& options) {
    static std::atomic<int> count{0};
    folder_ = std::filesystem::path(CALINVITE_BUILD_DIR) / "tests" / "tls_server" /
              (std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder_);
    certificate_ = options.certificate;
    std::vector<std::string> arguments = {CALINVITE_PYTHON,
                                          "-B",
                                          CALINVITE_SOURCE_DIR "/tests/transport/tls_server.py",
                                          folder_.string(),
                                          options.certificate,
                                          Json(steps).write(),
                                          options.clock_shift};
    if (!options.verifier.empty()) arguments.push_back(options.verifier);
    start(arguments);
  }

  ~TlsServer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url() const {
    return (certificate_ == "none" ? "http" : "https") + ("://127.0.0.1:" + std::to_string(port_));
  }
  std::string ca_file() const { return (folder_ / (certificate_ + ".crt")).string(); }

  /// Lines of the log that have a member `kind`.
  std::vector<Json> log(std::string_view kind) const {
    std::vector<Json> lines;
    std::ifstream file(folder_ / "log.jsonl");
    for (std::string line; std::getline(file, line);) {
      auto json = Json::parse(line, 16 * 1024 * 1024);
      REQUIRE(json);
      if (!(*json)[kind].is_null()) lines.push_back(std::move(*json));
    }
    return lines;
  }
  std::vector<Json> requests() const { return log("request"); }

  SesOptions ses_options() const {
    SesOptions options;
    options.region = "eu-central-1";
    options.credentials = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
    options.endpoint = url();
    options.ca_file = ca_file();
    options.max_connections = 4;
    options.answer_timeout = std::chrono::seconds(20);
    options.clock = [] {
      return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    return options;
  }

 private:
  void start(const std::vector<std::string>& arguments) {
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
    posix_spawn_file_actions_addclose(&actions, pipe[0]);
    posix_spawn_file_actions_addclose(&actions, pipe[1]);
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    REQUIRE(::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    std::string line;
    for (char c = 0; ::read(pipe[0], &c, 1) == 1 && c != '\n';) line += c;
    ::close(pipe[0]);
    REQUIRE_FALSE(line.empty());
    port_ = std::stoi(line);
  }

  std::filesystem::path folder_;
  std::string certificate_;
  pid_t pid_ = 0;
  int port_ = 0;
};

inline OutgoingMessage message(const std::string& attempt_id) {
  return {attempt_id,
          "fixtures+abc@reply.league.example",
          "fan0001@example.com",
          "From: fixtures+abc@reply.league.example\r\nTo: fan0001@example.com\r\n\r\n" +
              attempt_id + "\r\n",
          "",
          {}};
}

/// Polls until `count` outcomes are there, for half a minute at most.
inline std::vector<SendOutcome> wait_for(Transport& transport, std::size_t count) {
  std::vector<SendOutcome> outcomes;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (outcomes.size() < count && std::chrono::steady_clock::now() < end) {
    for (auto& outcome : transport.poll(std::chrono::milliseconds(100))) {
      outcomes.push_back(std::move(outcome));
    }
  }
  REQUIRE(outcomes.size() == count);
  return outcomes;
}

inline SendOutcome send_one(Transport& transport, const std::string& attempt_id) {
  REQUIRE(transport.submit(message(attempt_id)));
  return wait_for(transport, 1).front();
}

}  // namespace calinvite::test

/// A server in Python for one test: runs it, reads what it saw, and ends it. And what tests of
/// transports have in common.
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

/// Runs tests/transport/SCRIPT FOLDER ARGUMENTS..., which prints its port.
class ServerProcess {
 public:
  ServerProcess(const std::string& script, std::vector<std::string> arguments) {
    static std::atomic<int> count{0};
    folder_ = std::filesystem::path(CALINVITE_BUILD_DIR) / "tests" / script /
              (std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder_);
    const std::string path = CALINVITE_SOURCE_DIR "/tests/transport/" + script;
    arguments.insert(arguments.begin(), {CALINVITE_PYTHON, "-B", path, folder_.string()});
    start(arguments);
  }

  ~ServerProcess() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  int port() const noexcept { return port_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }

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

/// An environment and a home folder of a test's own.
#pragma once

#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "calinvite/credentials.hpp"

namespace calinvite::test {

class Environment {
 public:
  Environment() {
    static std::atomic<int> count{0};
    folder_ = std::filesystem::path(CALINVITE_BUILD_DIR) / "tests" / "environment" /
              (std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder_);
  }
  ~Environment() { std::filesystem::remove_all(folder_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  Environment& set(const std::string& name, const std::string& value) {
    variables_[name] = value;
    return *this;
  }
  /// A file below the folder, which stands for the root of a file system.
  Environment& write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
    return *this;
  }
  Environment& config(const std::string& text) { return write("home/.aws/config", text); }
  Environment& credentials(const std::string& text) { return write("home/.aws/credentials", text); }
  std::string path(const std::string& below) const { return (folder_ / below).string(); }

  /// Looks at this object at each call.
  AwsEnvironment view() const {
    return {[this](const std::string& name) {
              const auto found = variables_.find(name);
              return found == variables_.end() ? std::string() : found->second;
            },
            folder_ / "home"};
  }

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> variables_;
};

}  // namespace calinvite::test

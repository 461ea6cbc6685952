/// Runs tls_server.py for one test, and reads what it saw.
#pragma once

#include "transport/server_process.hpp"

namespace calinvite::test {

class TlsServer {
 public:
  struct Options {
    std::string certificate = "good";  ///< none: plain HTTP
    std::string clock_shift;           ///< seconds; empty: any signature time is taken
    std::string verifier;  ///< path of sigv4_verify.py; empty: signatures are not judged
  };

  explicit TlsServer(const Json::Array& steps) : TlsServer(steps, Options()) {}
  TlsServer(const Json::Array& steps, const Options& options)
      : certificate_(options.certificate), process_("tls_server.py", arguments(steps, options)) {}

  std::string url() const {
    const char* const scheme = certificate_ == "none" ? "http" : "https";
    return std::string(scheme) + "://127.0.0.1:" + std::to_string(process_.port());
  }
  std::string ca_file() const { return (process_.folder() / (certificate_ + ".crt")).string(); }

  /// Lines of the log that have a member `kind`.
  std::vector<Json> log(std::string_view kind) const { return process_.log(kind); }
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
  static std::vector<std::string> arguments(const Json::Array& steps, const Options& options) {
    std::vector<std::string> all = {options.certificate, Json(steps).write(), options.clock_shift};
    if (!options.verifier.empty()) all.push_back(options.verifier);
    return all;
  }

  std::string certificate_;
  ServerProcess process_;
};

}  // namespace calinvite::test

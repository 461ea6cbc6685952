/// ses-simulator: a stand-in for Amazon SES API v2 on this machine. See README.md beside this file.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "server.hpp"
#include "simulator.hpp"

namespace {

using namespace ses_simulator;
using nlohmann::json;

constexpr int refused = 1;
constexpr int wrong_usage = 2;

struct Options {
  Behaviour behaviour;
  ServerOptions server;
  std::vector<std::string> secrets;
  std::int64_t latency_ms = 0;
  std::int64_t max_seconds = 3600;
  std::string scenario;
  std::string summary_directory;
};

void declare(CLI::App& app, Options& options) {
  Behaviour& b = options.behaviour;
  const auto percent = CLI::Range(0.0, 100.0);
  app.option_defaults()->always_capture_default();
  app.add_option("--out", b.directory, "Folder for mails, events, replies and the ledger")
      ->type_name("DIR");
  app.add_option("--port", options.server.port, "Port on 127.0.0.1; 0 takes a free one")
      ->check(CLI::Range(0, 65535));
  app.add_option("--seed", b.seed, "Decides every outcome; the same seed, the same people");
  app.add_option("--secret", options.secrets,
                 "A key that may sign, AKID=SECRET; repeat it for more (default: the example key "
                 "of the AWS documentation)");
  app.add_option("--rate", b.limits.per_second, "Recipients per second, MaxSendRate")
      ->check(CLI::PositiveNumber);
  app.add_option("--max-24h", b.limits.max_24h, "Recipients per 24 hours; -1 is unlimited")
      ->check(CLI::Range(-1.0, 1e12));
  app.add_option("--sent-24h", b.limits.sent_24h, "Recipients sent to before the start")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--bounce", b.bounce, "Percent of addresses that bounce")->check(percent);
  app.add_option("--complaint", b.complaint, "Percent of addresses that complain")->check(percent);
  app.add_option("--reply", b.reply, "Percent of addresses that answer")->check(percent);
  app.add_option("--drop-after-accept", b.drop_after_accept,
                 "Percent of accepted mails whose answer is lost")
      ->check(percent);
  app.add_option("--scenario", options.scenario, "A scenario, JSON; see README.md")
      ->type_name("FILE");
  app.add_option("--keep", b.keep, "What to leave on disk: all, ledger or counts")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Keep>{
          {"all", Keep::all}, {"ledger", Keep::ledger}, {"counts", Keep::counts}}));
  app.add_option("--verify", b.verify, "Percent of requests whose signature is proven")
      ->check(percent);
  app.add_option("--threads", options.server.threads, "Threads that serve connections")
      ->check(CLI::Range(1, 64));
  app.add_option("--latency-ms", options.latency_ms, "Milliseconds before each answer")
      ->check(CLI::Range(0, 600000));
  app.add_option("--record", b.record, "Keep this many raw requests in requests.jsonl");
  app.add_option("--max-requests", options.server.max_requests, "Stop after so many; 0: no limit");
  app.add_option("--max-seconds", options.max_seconds, "Stop after so long")
      ->check(CLI::Range(1, 7 * 24 * 3600));
  app.add_flag("--plain-http", options.server.plain_http, "No TLS");
  CLI::App* summary = app.add_subcommand("summary", "Print the totals of a run, then exit");
  summary->add_option("DIR", options.summary_directory, "The --out folder")->required();
}

int print_summary(const std::string& directory) {
  const auto summary = summarize(directory, false);
  if (!summary) {
    std::cerr << directory << ": no ledger.jsonl that can be read\n";
    return refused;
  }
  std::cout << summary->at("totals").dump(2) << "\n";
  return 0;
}

/// Adds the --secret options; false with a reason on stderr when one has no '='.
bool take_secrets(Options& options) {
  for (const std::string& secret : options.secrets) {
    const std::size_t equals = secret.find('=');
    if (equals == std::string::npos || equals == 0) {
      std::cerr << "--secret: expected AKID=SECRET\n";
      return false;
    }
    options.behaviour.secrets[secret.substr(0, equals)] = secret.substr(equals + 1);
  }
  if (options.behaviour.secrets.empty()) {
    options.behaviour.secrets["AKIDEXAMPLE"] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  }
  return true;
}

/// Reads --scenario, whose account goes before the options; false with a reason on stderr.
bool take_scenario(Options& options) {
  if (options.scenario.empty()) return true;
  const auto text = read_file(options.scenario);
  if (!text) {
    std::cerr << options.scenario << ": cannot be read\n";
    return false;
  }
  auto scenario = read_scenario(*text);
  if (const auto* problem = std::get_if<std::string>(&scenario)) {
    std::cerr << options.scenario << ": " << *problem << "\n";
    return false;
  }
  Behaviour& behaviour = options.behaviour;
  behaviour.scenario = std::move(std::get<Scenario>(scenario));
  const AccountPlan& account = behaviour.scenario.account;
  behaviour.limits.per_second = account.max_send_rate.value_or(behaviour.limits.per_second);
  behaviour.limits.max_24h = account.max_24_hours.value_or(behaviour.limits.max_24h);
  behaviour.limits.sent_24h = account.sent_24_hours.value_or(behaviour.limits.sent_24h);
  return true;
}

bool announce(const Options& options, int port) {
  const std::string& directory = options.behaviour.directory;
  json line = {
      {"listening", (options.server.plain_http ? "http://127.0.0.1:" : "https://127.0.0.1:") +
                        std::to_string(port)}};
  if (!options.server.plain_http) line["ca"] = directory + "/ca.pem";
  if (!write_atomically(directory + "/endpoint.json", line.dump() + "\n")) return false;
  std::cout << line.dump() << std::endl;
  return true;
}

/// As many connections as the system allows this process.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(const Options& options) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // inherited by the server's threads

  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  allow_many_files();

  const std::string& directory = options.behaviour.directory;
  Simulator simulator(options.behaviour);
  if (!simulator.open()) {
    std::cerr << directory << ": cannot be written, or holds a ledger without its mails\n";
    return refused;
  }
  Server server(simulator, options.server);
  const auto started = server.start();
  if (const auto* problem = std::get_if<std::string>(&started)) {
    std::cerr << *problem << "\n";
    return refused;
  }
  if (!announce(options, std::get<int>(started))) {
    std::cerr << directory << "/endpoint.json: cannot be written\n";
    return refused;
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.max_seconds);
  const timespec tick = {0, 100'000'000};
  while (!server.had_enough() && std::chrono::steady_clock::now() < end) {
    if (sigtimedwait(&ends, nullptr, &tick) > 0) break;
  }
  server.stop();
  if (!simulator.finish()) return refused;
  if (options.behaviour.keep != Keep::all) return 0;  // counts.json says it; addresses take memory
  const auto summary = summarize(directory, true);
  const bool written =
      summary && write_atomically(directory + "/ledger.json", summary->dump(1) + "\n");
  return written ? 0 : refused;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "A stand-in for Amazon SES API v2 on 127.0.0.1: checks signatures, keeps the mails, "
      "emits events and replies"};
  Options options;
  declare(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : wrong_usage;
  }
  if (!options.summary_directory.empty()) return print_summary(options.summary_directory);
  if (options.behaviour.directory.empty()) {
    std::cerr << "--out DIR is required\n";
    return wrong_usage;
  }
  if (!take_secrets(options) || !take_scenario(options)) return wrong_usage;
  options.behaviour.latency = std::chrono::milliseconds(options.latency_ms);
  return serve(options);
}

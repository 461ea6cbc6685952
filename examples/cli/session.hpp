/// What every command of the program shares: options, the engine, output and exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <calinvite/engine.hpp>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

using Line = nlohmann::ordered_json;

/// Exit codes that scripts rely on.
enum Exit { done = 0, refused = 1, usage = 2, unavailable = 3, partly = 4 };

/// Options before the command, and the way out.
struct Session {
  std::string store = "sqlite:calinvite.db";
  std::string domain;  ///< empty: the only one
  bool json = false;
  int exit_code = done;

  /// Opens the store, with the master key kept beside it.
  calinvite::Result<calinvite::Engine> open() const;
  /// The scope of the named domain, or of the only one.
  calinvite::Result<calinvite::Scope> scope(calinvite::Engine& engine) const;
};

/// What AWS's own programs look at: the environment, and the shared files at home.
calinvite::AwsEnvironment aws_environment();

/// Runs `work` on an open engine; an error is printed and decides the exit code.
void run(Session& session, const std::function<calinvite::Result<void>(calinvite::Engine&)>& work);
/// The same, with the domain's scope.
void run_scoped(Session& session,
                const std::function<calinvite::Result<void>(calinvite::Engine&,
                                                            const calinvite::Scope&)>& work);

/// A flag and, behind '!', its opposite: `given` stays empty where neither is said.
void add_choice(CLI::App& command, const std::string& names, std::optional<bool>& given,
                const std::string& description);

/// One result: a JSON line with --json, else `text`.
void print(const Session& session, const Line& line, const std::string& text);
/// An error on stderr, as one line.
void complain(const calinvite::Error& error);
int exit_code_of(const calinvite::Error& error);

Line event_line(const calinvite::EventSummary& summary);
std::string event_text(const calinvite::EventSummary& summary);
Line plan_line(const calinvite::Plan& plan);
std::string plan_text(const calinvite::Plan& plan);
/// What was made of one item of an input. @return false when it was refused or quarantined
bool print_item(const Session& session, const calinvite::IngestItem& item);
/// The last line of dispatch: totals of the whole outbox.
Line totals_line(const calinvite::OutboxTotals& totals);

/// An address as the library compares it.
calinvite::Result<std::string> address(const std::string& text);
/// What an organizer sees of the domain; all of it when `organizer` is empty.
calinvite::Result<calinvite::Scope> narrowed(const calinvite::Scope& domain,
                                             const std::string& organizer);
/// A file, or stdin for "-", read in pieces however long it is.
class FileReader {
 public:
  /// @error not_found  no such file, or none that can be read
  static calinvite::Result<FileReader> open(const std::string& path);
  /// The next bytes, valid until the next call; empty at the end.
  /// @error unavailable  the disk or the pipe fails
  calinvite::Result<std::string_view> read();
  /// When it was last written to; the epoch when nothing tells.
  std::chrono::sys_seconds written() const;

 private:
  FileReader(std::string path, std::FILE* file);
  std::string path_;
  std::shared_ptr<std::FILE> file_;
  std::string piece_;
  bool first_ = true;  ///< what open() read is still to be handed over
};

void print_organizer(const Session& session, const calinvite::Organizer& organizer);
/// The go-ahead for a change that waits, a look at it, or its end.
calinvite::Result<void> update_held(Session& session, calinvite::Engine& engine,
                                    const calinvite::Scope& scope, const std::string& event,
                                    bool yes, bool drop);

void add_tenant_commands(CLI::App& app, Session& session);
void add_event_commands(CLI::App& app, Session& session);
void add_ingest_command(CLI::App& app, Session& session);
/// How messages of SNS on these topics are believed; keeps what it needs.
/// @error invalid_argument  neither the ARN of a topic nor an account
calinvite::Result<calinvite::SnsOptions> sns_options(const std::vector<std::string>& topics);
void add_receive_command(CLI::App& app, Session& session);
void add_invite_commands(CLI::App& app, Session& session);
/// ses, batch:SIZE or batch:SIZE/WAIT.
calinvite::Result<calinvite::PaceProfile> parse_pace(std::string_view text);
void add_access_commands(CLI::App& app, Session& session);
void add_account_commands(CLI::App& app, Session& session);
void add_dispatch_command(CLI::App& app, Session& session);
void add_report_commands(CLI::App& app, Session& session);
void add_list_commands(CLI::App& app, Session& session);
void add_quarantine_commands(CLI::App& app, Session& session);
void add_suppression_commands(CLI::App& app, Session& session);
void add_lint_command(CLI::App& app, Session& session);
void add_preflight_command(CLI::App& app, Session& session);

}  // namespace cli

#include <calinvite/preflight.hpp>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Code;
using calinvite::PreflightSeverity;
using calinvite::Result;

Result<std::unique_ptr<calinvite::SesAccountReader>> open_reader() {
  auto options = calinvite::find_ses_options(aws_environment());
  if (!options) return tl::unexpected(options.error());
  options->answer_timeout = std::chrono::seconds(20);
  options->clock = calinvite::system_time;
  return calinvite::open_ses_account_reader(std::move(*options));
}

void print_finding(const Session& session, const calinvite::PreflightFinding& finding) {
  const std::string severity(to_string(finding.severity));
  std::string text = severity;
  text.resize(8, ' ');
  text += finding.check + ": " + finding.what;
  if (!finding.why.empty()) text += " (" + finding.why + ")";
  if (!finding.fix.empty()) text += "\n        fix: " + finding.fix;
  print(session,
        Line{{"check", finding.check},
             {"severity", severity},
             {"what", finding.what},
             {"why", finding.why},
             {"fix", finding.fix}},
        text);
}

Result<void> preflight(Session& session, const std::string& dns_servers, calinvite::Engine& engine,
                       const calinvite::Scope& scope) {
  calinvite::ResolverOptions options;
  options.servers = dns_servers;
  const auto resolver = calinvite::open_resolver(options);
  if (!resolver) return tl::unexpected(resolver.error());
  const auto ses = open_reader();
  if (!ses) return tl::unexpected(ses.error());
  const auto findings = engine.preflight(scope, {**resolver, ses->get()});
  if (!findings) return tl::unexpected(findings.error());
  bool error = false;
  bool unknown = false;
  for (const auto& finding : *findings) {
    print_finding(session, finding);
    error = error || finding.severity == PreflightSeverity::error;
    unknown = unknown || finding.severity == PreflightSeverity::unknown;
  }
  if (error) {
    session.exit_code = refused;
  } else if (unknown) {
    session.exit_code = unavailable;
  }
  return {};
}

}  // namespace

void add_preflight_command(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand(
      "preflight", "Checks DNS, the SES account and addresses, and says what to mend");
  const auto servers = std::make_shared<std::string>();
  command->add_option("--dns-servers", *servers,
                      "Addresses with commas between; default the system's");
  command->footer(
      "Exit codes: 0 nothing that stops mails, 1 something must be mended, 3 DNS or SES could not "
      "be asked.");
  command->callback([&session, servers] {
    run_scoped(session, [&](calinvite::Engine& engine, const calinvite::Scope& scope) {
      return preflight(session, *servers, engine, scope);
    });
  });
}

}  // namespace cli

/// The program `calinvite`: every command is a thin layer over calinvite::Engine.
#include <algorithm>
#include <calinvite/version.hpp>
#include <cctype>

#include "session.hpp"

namespace {

/// Every option can also be given as CALINVITE_NAME in the environment.
void add_environment_names(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    // What a person decides each time is not taken from the environment.
    const auto named = [&](const char* name) { return option->check_name(name); };
    if (named("--yes") || named("--preview") || named("--in-doubt") || named("--outdated") ||
        named("--drop") || named("--everywhere") || named("--mail") || named("--after") ||
        named("--compact-later")) {
      continue;
    }
    if (option->get_lnames().empty() || option == app.get_help_ptr()) continue;
    std::string name = "CALINVITE_" + option->get_lnames().front();
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
      return c == '-' ? '_' : static_cast<char>(std::toupper(c));
    });
    option->envname(name);
  }
  for (CLI::App* command : app.get_subcommands({})) add_environment_names(*command);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Tracked calendar invitations by mail", "calinvite"};
  cli::Session session;
  app.add_option("--store", session.store, "sqlite:FILE or postgresql://…")->capture_default_str();
  app.add_flag("--json", session.json, "JSON lines on stdout, nothing else");
  app.add_option("--domain", session.domain, "Tenant that is meant; needed when there are several");
  app.set_version_flag("--version", std::string(calinvite::version()));
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Options may be set as CALINVITE_NAME in the environment.\n"
      "Exit codes: 0 done, 1 refused, 2 usage, 3 unavailable (try again), 4 partly done.");
  cli::add_tenant_commands(app, session);
  cli::add_access_commands(app, session);
  cli::add_account_commands(app, session);
  cli::add_event_commands(app, session);
  cli::add_ingest_command(app, session);
  cli::add_receive_command(app, session);
  cli::add_invite_commands(app, session);
  cli::add_dispatch_command(app, session);
  cli::add_report_commands(app, session);
  cli::add_list_commands(app, session);
  cli::add_quarantine_commands(app, session);
  cli::add_suppression_commands(app, session);
  cli::add_lint_command(app, session);
  cli::add_preflight_command(app, session);
  add_environment_names(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cli::done : cli::usage;
  }
  return session.exit_code;
}

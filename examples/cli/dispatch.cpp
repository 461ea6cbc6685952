#include <unistd.h>

#include <atomic>
#include <calinvite/time.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>

#include "session.hpp"

namespace cli {
namespace {

using calinvite::Code;
using calinvite::fail;
using calinvite::Result;
using TransportPtr = std::unique_ptr<calinvite::Transport>;

volatile std::sig_atomic_t stop_asked = 0;

struct Wanted {
  std::string transport = "ses";
  std::uint64_t max = 0;
  int lease = 60;
  std::string smtp_password_file;
  std::string smtp_ca_file;
  std::size_t connections = 0;  ///< 0: as many as the transport has by default
  int patience = 120;
  std::string pace = "ses";
  bool wait = false;
  calinvite::DispatchOptions options;  ///< what is set as it is
};

/// The first of the variables that is set and not blank.
std::string environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

/// The first line of a file.
Result<std::string> read_secret(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (std::getline(file, line) && line.ends_with('\r')) line.pop_back();
  if (!line.empty()) return line;
  return fail(Code::not_found, path + ": no password on its first line");
}

/// From the file or the environment; of SES also derived from the key that belongs to the user.
Result<std::string> smtp_password(const Wanted& wanted, const calinvite::SmtpOptions& options) {
  if (!wanted.smtp_password_file.empty()) return read_secret(wanted.smtp_password_file);
  std::string password = environment({"CALINVITE_SMTP_PASSWORD"});
  const bool same_key =
      !options.ses_region.empty() && options.user == environment({"AWS_ACCESS_KEY_ID"});
  const std::string secret = environment({"AWS_SECRET_ACCESS_KEY"});
  if (!password.empty() || !same_key || secret.empty()) return password;
  return calinvite::ses_smtp_password(secret, options.ses_region);
}

Result<TransportPtr> open_smtp(const Wanted& wanted) {
  auto options = calinvite::parse_smtp_url(wanted.transport);
  if (!options) return tl::unexpected(options.error());
  if (options->user.empty() && !options->ses_region.empty()) {
    options->user = environment({"AWS_ACCESS_KEY_ID"});
  }
  if (!options->user.empty()) {
    auto password = smtp_password(wanted, *options);
    if (!password) return tl::unexpected(password.error());
    if (password->empty()) {
      return fail(Code::invalid_argument,
                  "no SMTP password; set CALINVITE_SMTP_PASSWORD or --smtp-password-file");
    }
    options->password = std::move(*password);
  }
  options->ca_file = wanted.smtp_ca_file;
  if (wanted.connections > 0) options->max_connections = wanted.connections;
  return calinvite::open_smtp_transport(std::move(*options));
}

Result<TransportPtr> open_transport(const Wanted& wanted) {
  if (wanted.transport.starts_with("smtp:") || wanted.transport.starts_with("smtps:")) {
    return open_smtp(wanted);
  }
  if (wanted.transport.starts_with("spool:") && wanted.transport.size() > 6) {
    return calinvite::open_spool_transport(wanted.transport.substr(6));
  }
  if (wanted.transport != "ses") {
    return fail(Code::unsupported,
                "transport " + wanted.transport + ": expected ses, smtp://… or spool:DIR",
                {.source = {}, .line = 0, .column = 0, .field = "transport"});
  }
  auto options = calinvite::find_ses_options(aws_environment());
  if (!options) return tl::unexpected(options.error());
  if (wanted.connections > 0) options->max_connections = wanted.connections;
  options->clock = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };
  return calinvite::open_ses_transport(std::move(*options));
}

/// One line that is drawn over itself, on a terminal only.
class ProgressBar {
 public:
  void draw(const calinvite::DispatchProgress& progress) {
    tell(progress);
    if (!terminal_) return;
    const auto& totals = progress.totals;
    const auto open = totals.pending + totals.claimed;
    const auto all = progress.settled + open;
    const std::size_t width = 30;
    const std::size_t full = all == 0 ? width : width * progress.settled / all;
    std::cerr << "\r[" << std::string(full, '#') << std::string(width - full, '.') << "] "
              << progress.settled << '/' << all << "  accepted " << totals.accepted << ", refused "
              << totals.refused << ", in doubt " << totals.in_doubt
              << (progress.waiting ? ", waiting " : "         ") << std::flush;
    drawn_ = true;
  }
  ~ProgressBar() {
    if (drawn_) std::cerr << '\n';
  }

 private:
  /// Why nothing is sent, each time that changes.
  void tell(const calinvite::DispatchProgress& progress) {
    if (progress.reason != told_ && !progress.reason.empty()) {
      std::cerr << (drawn_ ? "\n" : "") << "calinvite: waiting: " << progress.reason
                << "; next try " << calinvite::format_iso(progress.until) << '\n';
    }
    told_ = progress.reason;
  }

  std::string told_;
  const bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  bool drawn_ = false;
};

/// Mails to organizers, counted apart from invites; nothing when there are none.
Result<void> print_notices(const Session& session, calinvite::Engine& engine) {
  const auto notices = engine.notice_totals(calinvite::Scope::system());
  if (!notices) return tl::unexpected(notices.error());
  if (notices->planned == 0) return {};
  print(session, Line{{"notices", totals_line(*notices)}},
        std::to_string(notices->planned) +
            " notices to organizers: " + std::to_string(notices->accepted) + " accepted, " +
            std::to_string(notices->in_doubt) + " in doubt, " +
            std::to_string(notices->pending + notices->claimed + notices->held) + " waiting");
  return {};
}

Result<void> dispatch(Session& session, const Wanted& wanted, calinvite::Engine& engine) {
  auto transport = open_transport(wanted);
  if (!transport) return tl::unexpected(transport.error());
  std::signal(SIGINT, [](int) { stop_asked = 1; });
  std::signal(SIGTERM, [](int) { stop_asked = 1; });
  ProgressBar bar;
  calinvite::DispatchOptions options = wanted.options;
  const auto pace = parse_pace(wanted.pace);
  if (!pace) return tl::unexpected(pace.error());
  options.pace = *pace;
  options.wait_while_held = wanted.wait;
  options.max_messages = wanted.max;
  options.lease = std::chrono::seconds(wanted.lease);
  // Somebody waits for this program: what fails for long is told, and tried again another time.
  std::uint64_t settled = 0;
  auto last_settled = std::chrono::steady_clock::now();
  std::string failure;
  options.on_progress = [&](const calinvite::DispatchProgress& progress) {
    bar.draw(progress);
    const auto now = std::chrono::steady_clock::now();
    if (progress.settled != settled) last_settled = now;
    settled = progress.settled;
    const bool patient = wanted.wait || now - last_settled < std::chrono::seconds(wanted.patience);
    if (!patient) failure = progress.reason;
    return stop_asked == 0 && failure.empty();
  };
  const auto result = engine.dispatch(**transport, options);
  if (!result) return tl::unexpected(result.error());
  const auto& totals = result->totals;
  const auto n = [](std::uint64_t count) { return std::to_string(count); };
  if (auto told = print_notices(session, engine); !told) return told;
  print(session, totals_line(totals),
        n(totals.planned) + " planned = " + n(totals.accepted) + " accepted + " +
            n(totals.refused) + " refused + " + n(totals.suppressed) + " suppressed + " +
            n(totals.superseded) + " superseded + " + n(totals.expired) + " expired + " +
            n(totals.in_doubt) + " in doubt + " + n(totals.pending) + " pending + " +
            n(totals.claimed) + " claimed + " + n(totals.held) + " held");
  if (!failure.empty()) return fail(Code::unavailable, "nothing was taken: " + failure);
  if (!result->hold.empty()) {
    return fail(Code::unavailable, "held: " + result->hold + "; next try " +
                                       calinvite::format_iso(result->hold_until));
  }
  if (result->held > 0) return fail(Code::unavailable, "held: " + result->reason);
  if (result->refused + result->in_doubt + totals.held > 0) session.exit_code = partly;
  return {};
}

}  // namespace

void add_dispatch_command(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("dispatch", "Sends what is due; run again to resume");
  const auto wanted = std::make_shared<Wanted>();
  command
      ->add_option("--transport", wanted->transport,
                   "ses (region and keys as AWS programs find them), "
                   "smtp[s]://[USER@]HOST[:PORT] or spool:DIR")
      ->capture_default_str();
  command->add_option("--max", wanted->max, "Stop after so many; 0: everything due");
  command->add_option("--lease", wanted->lease, "Seconds until another worker may take over")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  command
      ->add_option("--connections", wanted->connections,
                   "At the same time; by default 32 to SES, 8 to an SMTP server")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--smtp-password-file", wanted->smtp_password_file,
                   "Its first line is the password; else CALINVITE_SMTP_PASSWORD is")
      ->envname("CALINVITE_SMTP_PASSWORD_FILE");
  command
      ->add_option("--smtp-ca-file", wanted->smtp_ca_file,
                   "PEM file of the authorities that the SMTP server's certificate may come from")
      ->envname("CALINVITE_SMTP_CA_FILE");
  command
      ->add_option("--patience", wanted->patience,
                   "Seconds of failing in a row until it ends with exit code 3")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  command
      ->add_option("--pace", wanted->pace,
                   "ses: evenly, by the account's rate; batch:SIZE or batch:SIZE/WAIT (2s, 500ms): "
                   "so many together, then a wait")
      ->capture_default_str();
  command->add_option("--max-rate", wanted->options.max_rate,
                      "Messages a second at most, of all workers together");
  command->add_flag("--wait", wanted->wait,
                    "Stay while the account is held or nothing is taken, and go on by itself");
  auto& limits = wanted->options.reputation;
  command->add_option("--reputation-min", limits.min_messages,
                      "Accepted messages of 7 days below which rates say nothing (1000)");
  command->add_option("--max-bounces", limits.bounces,
                      "Share of bounces above which a domain is held (0.04)");
  command->add_option("--max-complaints", limits.complaints,
                      "Share of complaints above which a domain is held (0.0008)");
  command->callback([&session, wanted] {
    run(session, [&](auto& engine) { return dispatch(session, *wanted, engine); });
  });
}

}  // namespace cli

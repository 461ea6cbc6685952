/// Checks a domain before it sends: are its mails accepted, trusted, and do answers come back?
/// Looks at DNS, at the SES account and at what is configured; changes nothing and mails nobody.
///
///     auto resolver = calinvite::open_resolver();
///     auto ses = calinvite::open_ses_account_reader(options);
///     auto findings = engine.preflight(scope, {.resolver = **resolver, .ses = ses->get()});
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "calinvite/dns.hpp"
#include "calinvite/transport.hpp"

namespace calinvite {

/// How a check came out.
enum class PreflightSeverity {
  ok,       ///< as it should be
  hint,     ///< a nicety
  warning,  ///< some mails are trusted less, or some facts do not come back
  error,    ///< mails are refused, or answers and bounces are lost: mend it before sending
  unknown,  ///< DNS or SES could not be asked: nobody can tell
};
/// "ok", "hint", "warning", "error" or "unknown".
std::string_view to_string(PreflightSeverity severity) noexcept;

/// One thing that preflight looks at; docs/preflight.md tells how to mend it.
struct PreflightCheck {
  std::string_view name;   ///< such as dmarc
  std::string_view wants;  ///< how it should be
  std::string_view why;    ///< in one line
};
/// All of them, in the order in which they are made; the table lives as long as the program.
std::span<const PreflightCheck> preflight_checks() noexcept;

/// What a check found. Every check that was made has one at least.
struct PreflightFinding {
  std::string check;  ///< name of a PreflightCheck
  PreflightSeverity severity = PreflightSeverity::ok;
  std::string what;  ///< what was found, one line
  std::string why;   ///< as PreflightCheck::why; empty when ok
  std::string fix;   ///< what to do; empty when ok
};

/// Whom to ask.
struct PreflightSources {
  Resolver& resolver;
  /// nullptr: mails leave by other ways than SES, or nobody may ask it. What only SES knows is then
  /// left out, which a hint of the check `account` says.
  SesAccountReader* ses = nullptr;
};

}  // namespace calinvite

/// Where findings gather, and what the checks tell each other.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "preflight/preflight.hpp"

namespace calinvite::preflight {

/// In the order of the table in findings.cpp.
enum class Check {
  sender,
  address_length,
  links,
  complaints,
  mx,
  account,
  clock,
  sandbox,
  sending,
  enforcement,
  quota,
  identity,
  dkim,
  mail_from,
  spf,
  dmarc,
  alignment,
  configuration_set,
  events,
  tracking,
};

class Findings {
 public:
  void ok(Check check, const std::string& what);
  void add(Check check, PreflightSeverity severity, const std::string& what,
           const std::string& fix);
  /// A question without an answer: unknown, when asking again may help; else the answer was that
  /// we may not ask, which is an error.
  void unanswered(Check check, const Error& error);
  std::vector<PreflightFinding> take() { return std::move(all_); }

 private:
  std::vector<PreflightFinding> all_;
};

/// The domain at SES that mails are sent from: the reply domain, or one above it.
struct Identity {
  std::string name;
  SesIdentity ses;
};

/// From, ORGANIZER and links: what needs no question.
void check_addresses(const Subject& subject, Findings& findings);
/// Whether few enough of those who were mailed complained.
void check_complaints(const Subject& subject, Findings& findings);
/// Whether mail to the reply domain comes back.
/// @param region  of SES; empty: not known
void check_mx(const Subject& subject, std::string_view region, Resolver& resolver,
              Findings& findings);

/// Whether this machine's clock agrees with SES's.
/// @param skew  absent: SES's answer had no date
void check_clock(std::optional<std::chrono::seconds> skew, Findings& findings);
/// Whether the account may send, and as much as is waiting.
void check_account(const Subject& subject, const SesAccount& account, Findings& findings);
/// Whether SES knows a domain that covers From.
/// @return absent: none, or SES did not say
std::optional<Identity> check_identity(const Subject& subject, SesAccountReader& ses,
                                       Findings& findings);
/// Whether SES tells what became of mails, and leaves their links alone.
/// @param account_tracks  what the account says of opens and clicks, where the set says nothing
void check_configuration_set(const std::string& name, bool account_tracks, SesAccountReader& ses,
                             Findings& findings);

/// Whether mails are signed and DKIM's keys are published.
void check_dkim(const Identity& identity, Resolver& resolver, Findings& findings);
/// Whether bounces go to a name of the sender's own, whose SPF lets SES in.
void check_mail_from(const Identity& identity, std::string_view region, Resolver& resolver,
                     Findings& findings);
/// Whether there is a DMARC policy, and whether mails of this identity meet it.
/// @param identity  absent: not known, so that alignment is not judged
void check_dmarc(const Subject& subject, const std::optional<Identity>& identity,
                 Resolver& resolver, Findings& findings);

}  // namespace calinvite::preflight

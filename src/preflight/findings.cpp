#include "preflight/findings.hpp"

#include <utility>

#include "base/text.hpp"

namespace calinvite {
namespace {

constexpr PreflightCheck checks[] = {
    {"sender", "From, which is also the ORGANIZER, lies on a domain of your own (R24)",
     "answers to a mail provider's address do not come back to calinvite"},
    {"address_length", "organizer addresses fit into mail with their token (R25)",
     "a local part over 64 octets or an address over 254 is refused on the way"},
    {"links", "links in mails are https and can be reached by everybody (R121)",
     "people could not answer or unsubscribe by link"},
    {"complaints", "fewer than one in a thousand people complains (R140)",
     "from 0.3 % on Gmail and Yahoo take a sender for a spammer; SES stops accounts"},
    {"mx", "the reply domain has an MX whose mail reaches calinvite",
     "without it answers, and bounces of answers, are lost"},
    {"account", "SES tells about the account", "what SES does not tell can't be checked"},
    {"clock", "this machine's clock is within a minute of SES's",
     "SES refuses requests signed more than five minutes off; times in mails and links are wrong"},
    {"sandbox", "the account has production access",
     "in the sandbox SES mails verified addresses only, 200 a day"},
    {"sending", "sending is enabled for the account", "SES refuses every mail"},
    {"enforcement", "the account is in good standing", "under review SES may stop it at any time"},
    {"quota", "the day's quota covers what is waiting", "what is over waits until quota is free"},
    {"identity", "a domain identity of SES covers the From address, and is verified",
     "SES refuses mails from an address that it has not verified"},
    {"dkim", "mails are signed by DKIM and the keys can be found (R136)",
     "Gmail, Yahoo and Outlook.com refuse or junk bulk mail without a valid signature"},
    {"mail_from", "bounces go to a MAIL FROM domain of your own (R136)",
     "with SES's own name SPF passes for amazonses.com and says nothing about you"},
    {"spf", "SPF of the MAIL FROM domain lets SES in (R136)",
     "Gmail, Yahoo and Outlook.com ask bulk senders for SPF that passes"},
    {"dmarc", "the From domain has a DMARC record (R136)",
     "Gmail, Yahoo and Outlook.com ask bulk senders for one, p=none at least"},
    {"alignment", "DKIM or SPF speaks for the From domain (R136)",
     "DMARC fails otherwise, whatever else passes"},
    {"configuration_set", "a configuration set of SES is used, exists and may send",
     "without one SES does not tell what became of mails"},
    {"events", "SES publishes sends, deliveries, bounces, complaints and rejections",
     "what is in doubt stays so, and addresses that bounce or complain are mailed again"},
    {"tracking", "SES counts no opens and clicks (R128)",
     "SES would lead links through a host of its own and add a picture to each mail"},
};
static_assert(std::size(checks) == static_cast<std::size_t>(preflight::Check::tracking) + 1);

const PreflightCheck& row(preflight::Check check) {
  return checks[static_cast<std::size_t>(check)];
}

}  // namespace

std::string_view to_string(PreflightSeverity severity) noexcept {
  switch (severity) {
    case PreflightSeverity::ok:
      return "ok";
    case PreflightSeverity::hint:
      return "hint";
    case PreflightSeverity::warning:
      return "warning";
    case PreflightSeverity::error:
      return "error";
    case PreflightSeverity::unknown:
      return "unknown";
  }
  return "unknown";
}

std::span<const PreflightCheck> preflight_checks() noexcept { return checks; }

namespace preflight {

// What stands in other people's records may be anything, and findings are printed.
constexpr std::size_t longest = 500;

void Findings::ok(Check check, const std::string& what) {
  all_.push_back(
      {std::string(row(check).name), PreflightSeverity::ok, text::one_line(what, longest), {}, {}});
}

void Findings::add(Check check, PreflightSeverity severity, const std::string& what,
                   const std::string& fix) {
  all_.push_back({std::string(row(check).name), severity, text::one_line(what, longest),
                  std::string(row(check).why), text::one_line(fix, longest)});
}

void Findings::unanswered(Check check, const Error& error) {
  if (error.retryable()) {
    add(check, PreflightSeverity::unknown, error.message,
        "ask again when DNS and SES can be reached");
  } else if (error.code == Code::unauthenticated) {
    add(check, PreflightSeverity::error, error.message,
        "check the keys, their region and this machine's clock");
  } else {
    add(check, PreflightSeverity::error, error.message,
        "allow these keys ses:GetAccount, ses:GetEmailIdentity, ses:GetConfigurationSet and "
        "ses:GetConfigurationSetEventDestinations");
  }
}

}  // namespace preflight
}  // namespace calinvite

#include "calinvite/token.hpp"
#include "preflight/findings.hpp"

namespace calinvite::preflight {
namespace {

using Severity = PreflightSeverity;

constexpr std::size_t token_length = 16;

void check_sender(const Domain& domain, Findings& findings) {
  if (address_domain(domain.from) != domain.reply_domain) {
    findings.add(Check::sender, Severity::error,
                 domain.from + " does not lie on the reply domain " + domain.reply_domain,
                 "register the domain with a --from on its --reply-domain");
  } else if (is_consumer_domain(domain.reply_domain)) {
    findings.add(Check::sender, Severity::error,
                 domain.reply_domain + " is a mail provider's domain",
                 "register the domain with a --reply-domain whose mail you receive");
  } else {
    findings.ok(Check::sender, domain.from + " lies on a domain of its own");
  }
}

void check_length(const Subject& subject, Findings& findings) {
  const Domain& domain = subject.domain;
  std::vector<std::string> local_parts = {domain.from.substr(0, domain.from.rfind('@'))};
  for (const Organizer& organizer : subject.organizers) {
    local_parts.push_back(organizer.local_part);
  }
  std::size_t longest = 0;
  bool fits = true;
  for (const std::string& local_part : local_parts) {
    const auto address = token_address(local_part, std::string(token_length, 'a'),
                                       domain.reply_domain, domain.separator);
    if (address) {
      longest = std::max(longest, address->size());
      continue;
    }
    fits = false;
    findings.add(Check::address_length, Severity::error,
                 '"' + local_part + "\" is too long: " + address.error().message,
                 "register the organizer with a shorter --local-part");
  }
  if (fits) {
    findings.ok(Check::address_length,
                "the longest has " + std::to_string(longest) + " octets, its token included");
  }
}

}  // namespace

void check_addresses(const Subject& subject, Findings& findings) {
  check_sender(subject.domain, findings);
  check_length(subject, findings);
  const std::string& url = subject.domain.base_url;
  if (url.starts_with("https://")) {
    findings.ok(Check::links, "links begin with " + url);
  } else {
    findings.add(Check::links, Severity::error, url + " is not https, or this machine only",
                 "register the domain with a --base-url that begins with https://");
  }
}

}  // namespace calinvite::preflight

#include "mime/sender_policy.hpp"

#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void sender_policy(std::string_view input) {
  const auto spf = mime::parse_spf(input);
  if (!spf) check_error(spf.error());
  promise(!spf || mime::is_spf(input), "what is read as SPF says so in front");
  promise(!spf || static_cast<std::size_t>(spf->lookups) >= spf->includes.size(),
          "each include costs a question");
  const auto dmarc = mime::parse_dmarc(input);
  if (!dmarc) check_error(dmarc.error());
  promise(!dmarc || (!dmarc->policy.empty() && !dmarc->subdomain_policy.empty()),
          "a DMARC record has a policy");
  if (const auto key = mime::parse_dkim_key(input); !key) check_error(key.error());
  // Resolvers hand over names without NUL bytes.
  if (input.size() > 253 || input.find('\0') != std::string_view::npos) return;
  const std::string registered = mime::organizational_domain(input);
  promise(mime::organizational_domain(registered) == registered,
          "an organizational domain is its own");
  promise(input.empty() || mime::is_aligned(input, input, true), "a name speaks for itself");
}

}  // namespace calinvite::fuzz

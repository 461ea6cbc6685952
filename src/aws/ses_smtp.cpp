#include "aws/message_tag.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite {

std::string ses_smtp_password(std::string_view secret_access_key, std::string_view region) {
  // The chain of Signature Version 4 over a date that never changes.
  const std::string secret = "AWS4" + std::string(secret_access_key);
  crypto::Digest key = crypto::hmac_sha256(
      {reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size()}, "11111111");
  for (const std::string_view step :
       {region, std::string_view("ses"), std::string_view("aws4_request"),
        std::string_view("SendRawEmail")}) {
    key = crypto::hmac_sha256(key, step);
  }
  std::string versioned = "\x04";
  versioned.append(reinterpret_cast<const char*>(key.data()), key.size());
  return text::base64(versioned);
}

std::string_view ses_smtp_region(std::string_view host) noexcept {
  // Also email-smtp-fips.REGION... and, of VPC endpoints, ID.email-smtp.REGION.vpce....
  constexpr std::string_view service = "email-smtp";
  const auto domain = host.find(".amazonaws.");
  const auto start = host.find(service);
  if (domain == std::string_view::npos || start == std::string_view::npos) return {};
  if (start > 0 && host[start - 1] != '.') return {};
  const auto region = host.find('.', start) + 1;
  if (region > domain) return {};
  return host.substr(region, host.find('.', region) - region);
}

std::string ses_message_id_host(std::string_view region) {
  // SES's first region writes another name than its own.
  return std::string(region == "us-east-1" ? "email" : region) + ".amazonses.com";
}

Result<std::string> ses_smtp_headers(std::string_view configuration_set,
                                     const std::vector<MessageTag>& tags) {
  constexpr std::size_t longest_name = 64;
  constexpr std::size_t longest_line = 998;
  if (!is_ses_word(configuration_set, longest_name)) {
    return fail(Code::invalid_argument, "the configuration set is not 1 to 64 of A-Z a-z 0-9 - _",
                {{}, 0, 0, "configuration_set"});
  }
  if (auto checked = check_tags(tags); !checked) return tl::unexpected(checked.error());
  std::string headers = "X-SES-CONFIGURATION-SET: ";
  headers.append(configuration_set).append("\r\n");
  if (tags.empty()) return headers;
  std::string line = "X-SES-MESSAGE-TAGS:";
  for (const MessageTag& tag : tags) {
    const bool first = line.ends_with(':');
    if (!first) line += ',';
    if (line.size() + tag.name.size() + tag.value.size() + 3 > longest_line) {
      headers.append(line).append("\r\n");
      line.clear();
    }
    line.append(" ").append(tag.name).append("=").append(tag.value);
  }
  return headers.append(line).append("\r\n");
}

}  // namespace calinvite

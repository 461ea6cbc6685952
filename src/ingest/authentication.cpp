#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "calinvite/aws.hpp"
#include "calinvite/mime.hpp"
#include "ingest/ingest.hpp"

namespace calinvite {
namespace {

Authentication unproven(std::string reason) { return {.reason = std::move(reason)}; }

/// Whether mail of `from` may be signed by `signer`: its domain, or one that it lies below. The
/// other way round, as DMARC's relaxed mode has it, would need the list of public suffixes.
bool is_aligned(std::string_view from, std::string_view signer) {
  if (signer.find('.') == std::string_view::npos) return false;
  if (from == signer) return true;
  return from.size() > signer.size() && from.ends_with(signer) &&
         from[from.size() - signer.size() - 1] == '.';
}

/// The domain that a clause says signed: header.d, else that of header.i.
std::string signer_of(const AuthenticationClause& clause) {
  std::string signer, identity;
  for (const auto& [name, value] : clause.properties) {
    // Of two values the sender may have written one.
    std::string* const kept = name == "header.d"   ? &signer
                              : name == "header.i" ? &identity
                                                   : nullptr;
    if (kept && !kept->empty()) return {};
    if (kept) *kept = text::lower(value);
  }
  return signer.empty() ? std::string(address_domain(identity)) : signer;
}

/// The value of the one Authentication-Results that SES put on top of the mail: it stands between
/// SES's own Received and X-SES-RECEIPT; what a sender wrote stands below.
const std::string* topmost_results(const ParsedMail& mail) {
  const std::string* found = nullptr;
  int received = 0;
  for (const auto& [name, value] : mail.headers) {
    if (text::iequals(name, "X-SES-RECEIPT")) return found;
    if (text::iequals(name, "Received") && ++received > 1) return found;
    if (!text::iequals(name, "Authentication-Results")) continue;
    if (found || received == 0) return nullptr;
    found = &value;
  }
  return nullptr;  // without a boundary nobody knows who wrote what
}

/// Why the mail's own signature does not vouch for `domain`; empty when it does.
std::string check_signature(const ParsedMail& mail, std::string_view domain) {
  const std::string* value = topmost_results(mail);
  if (!value) return "its domain has no DMARC policy, and SES's own results are not on top";
  const auto results = parse_authentication_results(*value);
  if (!results || results->authserv_id != "amazonses.com") {
    return "its domain has no DMARC policy, and the results on top are not SES's";
  }
  if (results->result("dkim") != "pass") {
    return "its domain has no DMARC policy, and its DKIM signature did not pass";
  }
  const bool aligned =
      std::any_of(results->clauses.begin(), results->clauses.end(), [&](const auto& clause) {
        return clause.method == "dkim" && is_aligned(domain, signer_of(clause));
      });
  return aligned ? ""
                 : "its domain has no DMARC policy, and its DKIM signature is another domain's";
}

/// The address in one entry of SES's commonHeaders.from; empty when it is none. SES decodes the
/// name before it, which is then no longer what RFC 5322 allows.
std::string shown_address(std::string_view entry) {
  entry = text::trim(entry);
  const auto open = entry.find('<');
  if (open != std::string_view::npos && entry.ends_with('>') && entry.rfind('<') == open) {
    entry = entry.substr(open + 1, entry.size() - open - 2);
  }
  return normalize_address(entry).value_or(std::string());
}

/// Whether the receipt is that of a mail with this From, as far as it tells headers.
bool shows_from(const InboundNotification& receipt, const std::string& from) {
  if (!receipt.header_from) return true;
  return receipt.header_from->size() == 1 && shown_address(receipt.header_from->front()) == from;
}

}  // namespace

Authentication authenticate(const InboundNotification& receipt, const ParsedMail& mail) {
  if (receipt.setup) return unproven("SES's own test of a new rule");
  if (receipt.header_message_id != mail.message_id) {
    return unproven("the receipt is that of another mail");
  }
  if (receipt.spam == SesVerdict::fail) return unproven("SES takes it for spam");
  if (receipt.virus == SesVerdict::fail) return unproven("SES found a virus in it");
  if (mail.from_headers != 1 || mail.from.size() != 1 || mail.from.front().address.empty()) {
    return unproven("From is not exactly one mailbox");
  }
  const std::string& from = mail.from.front().address;
  if (!shows_from(receipt, from)) return unproven("the receipt is that of a mail from another");
  switch (receipt.dmarc) {
    case SesVerdict::pass:
      return {true, from, "ses", {}};
    case SesVerdict::gray: {
      auto reason = check_signature(mail, address_domain(from));
      if (!reason.empty()) return unproven(std::move(reason));
      return {true, from, "ses", {}};
    }
    case SesVerdict::fail:
      return unproven("DMARC failed: the mail is not from the domain of its From");
    case SesVerdict::processing_failed:
      return unproven("SES could not check DMARC; ask the sender to send it again");
    case SesVerdict::none:
      break;
  }
  return unproven("the receipt holds no DMARC verdict");
}

}  // namespace calinvite

#include "calinvite/aws.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

void inbound(std::string_view input) {
  const auto notice = parse_inbound_notification(input);
  if (!notice) return check_error(notice.error());
  for (const std::string& recipient : notice->recipients) {
    promise(normalize_address(recipient) == recipient, "a recipient is a normalised address");
  }
  promise(notice->object_key.find_first_of("\r\n") == std::string::npos, "a key is one line");
}

}  // namespace

void notification(std::string_view input) {
  inbound(input);
  const auto facts = parse_notification(input);
  if (!facts) return check_error(facts.error());
  for (const SesFact& fact : *facts) {
    promise(fact.address.empty() || normalize_address(fact.address) == fact.address,
            "a fact names a normalised address");
    promise(fact.detail.find_first_of("\r\n") == std::string::npos, "a detail is one line");
  }
}

}  // namespace calinvite::fuzz

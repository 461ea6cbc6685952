#include "calinvite/aws.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void notification(std::string_view input) {
  const auto facts = parse_notification(input);
  if (!facts) return check_error(facts.error());
  for (const SesFact& fact : *facts) {
    promise(fact.address.empty() || normalize_address(fact.address) == fact.address,
            "a fact names a normalised address");
    promise(fact.detail.find_first_of("\r\n") == std::string::npos, "a detail is one line");
  }
}

}  // namespace calinvite::fuzz

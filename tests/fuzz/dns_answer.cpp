#include "fuzz/targets.hpp"
#include "transport/dns/alias.hpp"

namespace calinvite::fuzz {

void dns_answer(std::string_view input) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(input.data());
  const auto alias = dns::read_alias({bytes, input.size()});
  if (!alias) return check_error(alias.error());
  promise(!*alias || !(*alias)->ends_with('.') || (*alias)->ends_with("\\."),
          "an alias has no final dot");
}

}  // namespace calinvite::fuzz

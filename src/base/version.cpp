#include "calinvite/version.hpp"

#include <array>

namespace calinvite {

std::string_view version() noexcept { return CALINVITE_VERSION; }

std::span<const std::string_view> features() noexcept {
  static constexpr std::array<std::string_view, 7> all = {
      "store:sqlite",       "transport:ses", "transport:smtp", "transport:spool",
      "transport:callback", "queue:sqs",     "resolver:dns"};
  return all;
}

std::span<const Dependency> dependencies() noexcept {
  static constexpr std::array<Dependency, 9> all = {{CALINVITE_DEPENDENCIES}};
  return all;
}

}  // namespace calinvite

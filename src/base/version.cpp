#include "calinvite/version.hpp"

namespace calinvite {

std::string_view version() noexcept { return CALINVITE_VERSION; }

std::span<const std::string_view> features() noexcept {
  static constexpr std::string_view all[] = {
      "store:sqlite", "transport:ses", "transport:smtp", "transport:spool", "transport:callback",
#ifdef CALINVITE_WITH_CARES
      "resolver:dns",
#endif
      "queue:sqs"};
  return all;
}

std::span<const Dependency> dependencies() noexcept {
  static constexpr Dependency all[] = {CALINVITE_DEPENDENCIES};
  return all;
}

}  // namespace calinvite

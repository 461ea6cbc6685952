// Stands in for resolver.cpp where the build goes without c-ares (CALINVITE_WITH_CARES).
#include "calinvite/dns.hpp"

namespace calinvite {

Result<std::unique_ptr<Resolver>> open_resolver(const ResolverOptions&) {
  return fail(Code::unsupported, "calinvite was built without c-ares; hand in a resolver");
}

}  // namespace calinvite

#include "preflight/preflight.hpp"

#include "engine/impl.hpp"

namespace calinvite {

Result<std::vector<PreflightFinding>> Engine::preflight(const Scope& scope,
                                                        const PreflightSources& sources) {
  Result<preflight::Subject> subject = [&] {
    const std::lock_guard lock(impl_->mutex);
    return preflight::read_subject(*impl_->store, scope);
  }();
  if (!subject) return tl::unexpected(subject.error());
  // DNS and SES take their time; others may use the engine meanwhile.
  return preflight::run(*subject, sources);
}

}  // namespace calinvite

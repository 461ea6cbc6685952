/// The flow behind Engine::preflight: what is looked at, and what is made of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/preflight.hpp"
#include "calinvite/store.hpp"

namespace calinvite::preflight {

/// The domain that is looked at.
struct Subject {
  Domain domain;
  std::vector<Organizer> organizers;  ///< of the domain
  std::uint64_t mailed = 0;           ///< people whose mails SES or another transport took
  std::uint64_t complained = 0;       ///< of them
  std::uint64_t waiting = 0;          ///< mails of all domains that are still to be sent
};
/// @error not_found  no such domain
Result<Subject> read_subject(Store& store, const Scope& scope);

/// Makes all checks. Questions that get no answer are findings, too.
std::vector<PreflightFinding> run(const Subject& subject, const PreflightSources& sources);

}  // namespace calinvite::preflight

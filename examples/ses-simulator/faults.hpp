/// The faults of a scenario: which one hits a request, and what the client then sees.
#pragma once

#include "scenario.hpp"
#include "seed.hpp"
#include "wire.hpp"

namespace ses_simulator {

/// One SendEmail request, as faults are chosen by it.
struct Occasion {
  std::uint64_t number = 1;  ///< of the SendEmail request, from 1
  double seconds = 0;        ///< of simulated time since the start
  std::string identity;      ///< of the message
  std::uint32_t try_number = 1;
};

/// The first fault that hits, or nullptr. The same seed, message and try give the same choice in
/// whatever order requests arrive, but for windows that count messages or seconds.
const Fault* fault_for(const std::vector<Fault>& faults, const Seed& seed,
                       const Occasion& occasion);

/// Whether a fault of this kind hits every request at this time, which GetAccount then shows.
bool in_force(const std::vector<Fault>& faults, Fault::Kind kind, const Occasion& occasion);

/// What the client gets of a request that is not accepted.
Answer refusal_by(const Fault& fault);

/// What is left of the answer to a request that is accepted all the same.
Answer spoil(const Fault& fault, Answer answer);

}  // namespace ses_simulator

/// What callbacks of C programs answer, and whether they asked to stop.
#pragma once

#include <string>
#include <vector>

#include "calinvite.h"
#include "calinvite/result.hpp"

struct calinvite_answer {
  std::vector<std::string> records;
};

namespace calinvite::capi {

bool stop_requested(const calinvite_stop* stop) noexcept;

/// What a callback returned instead of CALINVITE_OK, with what it says about itself.
inline Error failure_of(calinvite_status status, std::string what) {
  const bool known = status >= CALINVITE_INVALID_ARGUMENT && status <= CALINVITE_INTERNAL;
  return {known ? static_cast<Code>(status) : Code::unavailable, std::move(what), {}};
}

}  // namespace calinvite::capi

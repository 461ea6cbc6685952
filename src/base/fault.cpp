#include "base/fault.hpp"

#ifdef CALINVITE_FAULT_POINTS
namespace calinvite::fault {
namespace {
Hook installed = nullptr;
}  // namespace

void set_hook(Hook hook) noexcept { installed = hook; }

void reach(const char* where, const char* moment) {
  if (installed != nullptr) installed(where, moment);
}

}  // namespace calinvite::fault
#endif

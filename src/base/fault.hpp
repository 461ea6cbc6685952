/// Fault points: named moments at which a test lets the process die, or worse. Only builds with
/// CALINVITE_FAULT_POINTS have them.
#pragma once

namespace calinvite::fault {

/// `where` and `moment` name the point together, such as "settle" and "before commit".
using Hook = void (*)(const char* where, const char* moment);

#ifdef CALINVITE_FAULT_POINTS
/// Of the whole process; nullptr: none. Set it while no other thread runs.
void set_hook(Hook hook) noexcept;
void reach(const char* where, const char* moment);
#else
inline void reach(const char* /*where*/, const char* /*moment*/) {}
#endif

}  // namespace calinvite::fault

/// A transport as Python holds it, and what its callback or the engine's raised.
#pragma once

#include <atomic>
#include <exception>
#include <memory>

#include "values.hpp"

namespace calinvite::python {

/// The first exception of a callback during one call of an engine. No exception may pass through
/// the engine: the callback answers with a fallback, and the call raises it when it is over.
class Raised {
 public:
  explicit operator bool() const noexcept { return exception_ != nullptr; }
  /// Runs a callback under the GIL; not at all once one has raised.
  template <class Callback, class T>
  T run(Callback callback, T fallback) {
    if (exception_) return fallback;
    const py::gil_scoped_acquire acquire;
    try {
      return callback();
    } catch (...) {
      exception_ = std::current_exception();
      return fallback;
    }
  }
  /// With the GIL held.
  void rethrow() {
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  }

 private:
  std::exception_ptr exception_;
};

/// Stays where it was made.
struct PyTransport {
  std::unique_ptr<Transport> transport;
  Raised* raised = nullptr;  ///< of the call that uses it, for a callback's exceptions
  std::atomic_flag in_use;   ///< by a call: a transport is for one thread at a time
};

}  // namespace calinvite::python

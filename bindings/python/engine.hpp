/// An engine as Python holds it.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "transports.hpp"

namespace calinvite::python {

/// Waits for other threads' calls with the GIL released, else two of them could wait for each other
/// for ever: one for the engine, one for the GIL.
class PyEngine {
 public:
  PyEngine(py::object clock, py::object random);
  ~PyEngine() { close(); }
  PyEngine(const PyEngine&) = delete;

  void open(EngineOptions options);
  void close();

  /// The value of `work(engine)`, which runs without the GIL; raises its error, or what a callback
  /// raised meanwhile.
  template <class Work>
  auto call(Work work) {
    check_caller();
    decltype(work(*engine_)) result = fail(Code::invalid_argument, "the engine is closed");
    Raised raised;
    {
      const py::gil_scoped_release release;
      const std::lock_guard lock(mutex_);
      const Calling calling(*this);
      if (engine_) result = work(*engine_);
      std::swap(raised, raised_);
    }
    raised.rethrow();
    return value(std::move(result));
  }

  /// For callbacks during a call.
  Raised& raised() noexcept { return raised_; }

 private:
  /// Notes which thread is inside.
  struct Calling {
    explicit Calling(PyEngine& engine) : caller(engine.caller_) {
      caller = std::this_thread::get_id();
    }
    ~Calling() { caller = std::thread::id(); }
    std::atomic<std::thread::id>& caller;
  };
  /// A callback that calls its own engine would wait for itself.
  void check_caller() const;

  std::mutex mutex_;
  std::atomic<std::thread::id> caller_;
  Raised raised_;
  py::object clock_, random_;
  std::optional<Engine> engine_;
};

}  // namespace calinvite::python

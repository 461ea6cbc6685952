/// Calls that run without the GIL, and the callbacks of Python that they run.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "values.hpp"

namespace calinvite::python {

/// The Error that a calinvite.Error tells.
Error error_of(py::handle exception);
/// Whether it is a calinvite.Error.
bool is_ours(const py::error_already_set& raised);

/// One call of this thread that runs without the GIL. No exception may pass through the library: a
/// callback answers with a fallback, and the call raises the first exception when it is over.
class Call {
 public:
  /// @param owner  what is called, to tell whether a callback calls it again; nullptr: nothing
  explicit Call(const void* owner) noexcept
      : owner_(owner), outer_(std::exchange(innermost, this)) {}
  ~Call() { innermost = outer_; }
  Call(const Call&) = delete;

  /// The call that runs the callback: callbacks run on the thread that called.
  static Call& current() noexcept { return *innermost; }
  /// Refuses a callback that calls what called it, the `name`: it would wait for itself.
  static void check_outside(const void* owner, const char* name);

  bool has_raised() const noexcept { return exception_ != nullptr; }
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
  /// The same for one that may fail: a calinvite.Error that it raises is its answer, and does not
  /// come out.
  template <class Callback, class T = std::invoke_result_t<Callback>>
  Result<T> ask(Callback callback) {
    return run(
        [&]() -> Result<T> {
          try {
            if constexpr (std::is_void_v<T>) {
              callback();
              return {};
            } else {
              return callback();
            }
          } catch (py::error_already_set& raised) {
            if (!is_ours(raised)) throw;
            return tl::unexpected<Error>(error_of(raised.value()));
          }
        },
        Result<T>(fail(Code::stopped, "a callback raised")));
  }
  /// With the GIL held.
  void rethrow() {
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  }

 private:
  static thread_local Call* innermost;

  const void* owner_;
  Call* outer_;
  std::exception_ptr exception_;
};

/// What `work()` gives, which runs without the GIL; raises what a callback raised meanwhile.
template <class Work>
auto without_gil(Work work, const void* owner = nullptr) {
  Call call(owner);
  auto result = [&] {
    const py::gil_scoped_release release;
    return work();
  }();
  call.rethrow();
  return result;
}

/// The turn of one next() of an iterator that may hand over the GIL on its way: another thread, or
/// what it runs, would find it half way. Refused as by a generator. Made and ended with the GIL
/// held.
class Turn {
 public:
  explicit Turn(bool& taken) : taken_(taken) {
    if (taken) throw py::value_error("the iterator is already executing");
    taken = true;
  }
  ~Turn() { taken_ = false; }
  Turn(const Turn&) = delete;

 private:
  bool& taken_;
};

/// A callable that may be copied and dropped without the GIL; empty for None.
using Kept = std::shared_ptr<const py::object>;
Kept keep(py::object callable);

/// Fills `out` with what `function(len(out))` gives; with the GIL held.
void fill_random(const py::object& function, std::span<std::uint8_t> out);

/// Raises what a signal's handler did, such as KeyboardInterrupt.
void check_signals();

}  // namespace calinvite::python

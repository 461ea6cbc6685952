#include "callbacks.hpp"

namespace calinvite::python {

thread_local Call* Call::innermost = nullptr;

void Call::check_outside(const void* owner, const char* name) {
  for (const Call* call = innermost; call != nullptr; call = call->outer_) {
    if (call->owner_ == owner) {
      refuse(std::string("a callback must not call the ") + name + " that called it", "self");
    }
  }
}

bool is_ours(const py::error_already_set& raised) {
  return py::isinstance(raised.value(), class_of("Error"));
}

Error error_of(py::handle exception) {
  return {static_cast<Code>(exception.attr("code").cast<int>()),
          exception.attr("message").cast<std::string>(), exception.attr("place").cast<Place>()};
}

Kept keep(py::object callable) {
  if (callable.is_none()) return {};
  return {new py::object(std::move(callable)), [](const py::object* kept) {
            const py::gil_scoped_acquire acquire;
            delete kept;
          }};
}

void fill_random(const py::object& function, std::span<std::uint8_t> out) {
  const auto given = read_as<std::string>(function(out.size()), "random's answer");
  if (given.size() != out.size()) {
    throw py::value_error("random gave " + std::to_string(given.size()) + " bytes; expected " +
                          std::to_string(out.size()));
  }
  std::copy(given.begin(), given.end(), out.begin());
}

void check_signals() {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

}  // namespace calinvite::python

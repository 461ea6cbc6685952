#include "values.hpp"

namespace calinvite::python {

py::object exception_of(const Error& error) {
  const auto by_code = py::module_::import("calinvite._errors").attr("by_code");
  return by_code[py::int_(static_cast<int>(error.code))](text(error.message), error.place);
}

void raise(const Error& error) {
  const py::object exception = exception_of(error);
  PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
  throw py::error_already_set();
}

void refuse(std::string message, std::string field) {
  raise({Code::invalid_argument, std::move(message), {{}, 0, 0, std::move(field)}});
}

py::str text(std::string_view bytes) {
  PyObject* decoded =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace");
  if (decoded == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(decoded);
}

}  // namespace calinvite::python

namespace pybind11::detail {

bool type_caster<calinvite::Scope>::load(handle given, bool) {
  if (!isinstance(given, calinvite::python::class_of("Scope"))) return false;
  const auto domain = given.attr("domain_name").cast<std::string>();
  const auto organizer = given.attr("organizer_address").cast<std::string>();
  value = organizer.empty() ? calinvite::Scope::domain(domain)
                            : calinvite::Scope::organizer(domain, organizer);
  return true;
}

handle type_caster<calinvite::Scope>::cast(const calinvite::Scope& shown, return_value_policy,
                                           handle) {
  return calinvite::python::class_of("Scope")(shown.domain_name(), shown.organizer_address())
      .release();
}

}  // namespace pybind11::detail

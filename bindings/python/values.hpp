/// How values of calinvite cross into Python and back: structs as the dataclasses of _values.py,
/// enums as those of _words.py, errors as the exceptions of _errors.py, instants as aware
/// datetimes. Every file of the module includes this one, so that all agree.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "fields.hpp"

namespace calinvite::python {

namespace py = pybind11;

/// A class of our package.
inline py::object class_of(const char* name) { return py::module_::import("calinvite").attr(name); }

// ---- errors ----------------------------------------------------------------------------------

/// An instance of the exception class of its code.
py::object exception_of(const Error& error);
[[noreturn]] void raise(const Error& error);
[[noreturn]] void refuse(std::string message, std::string field);

/// The value, or its error raised.
template <class T>
T value(Result<T>&& result) {
  if (!result) raise(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// ---- members of structs ----------------------------------------------------------------------

/// What was read from outside need not be UTF-8, and a report must not fail for it.
py::str text(std::string_view bytes);

py::object show_instant(std::chrono::sys_seconds instant);
/// False when `given` is no datetime; raises for a naive one.
bool read_instant(py::handle given, std::chrono::sys_seconds& instant);

template <class T, class M, Form form>
py::object show(const T& value, const Field<T, M, form>& field) {
  const M& member = value.*field.member;
  if constexpr (form == Form::bytes) {
    return py::bytes(member);
  } else if constexpr (form == Form::unset_is_none) {
    return member == M{} ? py::none() : show_instant(member);
  } else if constexpr (std::is_same_v<M, std::string>) {
    return text(member);
  } else {
    return py::cast(member);
  }
}

/// @param what  names the value in the TypeError
template <class T>
T read_as(py::handle given, const std::string& what) {
  py::detail::make_caster<T> caster;
  if (caster.load(given, true)) return py::detail::cast_op<T&&>(std::move(caster));
  throw py::type_error(what + " can't be of type " + Py_TYPE(given.ptr())->tp_name);
}

/// @param owner  name of the class, for the error
template <class T, class M, Form form>
void read(py::handle given, const char* owner, const Field<T, M, form>& field, T& value) {
  const py::object member = given.attr(field.name);
  if (form == Form::unset_is_none && member.is_none()) return;
  value.*field.member = read_as<M>(member, std::string(owner) + "." + field.name);
}

template <class T, class Fields>
py::dict show_all(const T& value, const Fields& fields) {
  py::dict shown;
  std::apply([&](const auto&... field) { ((shown[field.name] = show(value, field)), ...); },
             fields);
  return shown;
}

template <class T, class Fields>
void read_all(py::handle given, const char* owner, const Fields& fields, T& value) {
  std::apply([&](const auto&... field) { (read(given, owner, field, value), ...); }, fields);
}

}  // namespace calinvite::python

namespace pybind11::detail {

template <calinvite::python::Described T>
class type_caster<T> {
  PYBIND11_TYPE_CASTER(T, calinvite::python::name_of<T>);
  bool load(handle given, bool) {
    if (!isinstance(given, calinvite::python::class_of(name.text))) return false;
    calinvite::python::read_all(given, name.text, calinvite::python::fields_of<T>, value);
    return true;
  }
  static handle cast(const T& shown, return_value_policy, handle) {
    const auto fields = calinvite::python::show_all(shown, calinvite::python::fields_of<T>);
    return calinvite::python::class_of(name.text)(**fields).release();
  }
};

/// Members of the Python enum stand in the order of the C++ one; a test compares them.
template <calinvite::python::Word E>
class type_caster<E> {
  PYBIND11_TYPE_CASTER(E, calinvite::python::name_of<E>);
  static constexpr int first = std::is_same_v<E, calinvite::TokenPurpose> ? 1 : 0;
  bool load(handle given, bool) {
    int at = first;
    for (const handle member : calinvite::python::class_of(name.text)) {
      if (member.is(given)) {
        value = static_cast<E>(at);
        return true;
      }
      ++at;
    }
    return false;
  }
  static handle cast(E shown, return_value_policy, handle) {
    const list members(calinvite::python::class_of(name.text));
    return object(members[static_cast<std::size_t>(shown) - first]).release();
  }
};

/// bytes of one length: ids, secrets.
template <std::size_t size>
class type_caster<std::array<std::uint8_t, size>> {
  using Bytes = std::array<std::uint8_t, size>;
  PYBIND11_TYPE_CASTER(Bytes, const_name("bytes"));
  bool load(handle given, bool) {
    if (!isinstance<bytes>(given)) return false;
    const auto read = std::string_view(reinterpret_borrow<bytes>(given));
    if (read.size() != size) {
      calinvite::python::refuse(
          std::to_string(read.size()) + " bytes; expected " + std::to_string(size), {});
    }
    std::copy(read.begin(), read.end(), value.begin());
    return true;
  }
  static handle cast(const Bytes& shown, return_value_policy, handle) {
    return bytes(reinterpret_cast<const char*>(shown.data()), size).release();
  }
};

template <>
class type_caster<std::chrono::sys_seconds> {
  PYBIND11_TYPE_CASTER(std::chrono::sys_seconds, const_name("datetime"));
  bool load(handle given, bool) { return calinvite::python::read_instant(given, value); }
  static handle cast(std::chrono::sys_seconds shown, return_value_policy, handle) {
    return calinvite::python::show_instant(shown).release();
  }
};

/// timedelta; fractions of a second are cut.
template <>
class type_caster<std::chrono::seconds> {
  PYBIND11_TYPE_CASTER(std::chrono::seconds, const_name("timedelta"));
  bool load(handle given, bool);
  static handle cast(std::chrono::seconds shown, return_value_policy, handle);
};

/// timedelta; fractions of a minute are cut.
template <>
class type_caster<std::chrono::minutes> {
  PYBIND11_TYPE_CASTER(std::chrono::minutes, const_name("timedelta"));
  bool load(handle given, bool convert) {
    make_caster<std::chrono::seconds> seconds;
    if (!seconds.load(given, convert)) return false;
    value = std::chrono::floor<std::chrono::minutes>(cast_op<std::chrono::seconds>(seconds));
    return true;
  }
  static handle cast(std::chrono::minutes shown, return_value_policy policy, handle parent) {
    return make_caster<std::chrono::seconds>::cast(shown, policy, parent);
  }
};

template <>
class type_caster<calinvite::Error> {
  PYBIND11_TYPE_CASTER(calinvite::Error, const_name("Error"));
  static handle cast(const calinvite::Error& shown, return_value_policy, handle) {
    return calinvite::python::exception_of(shown).release();
  }
};

template <>
class type_caster<calinvite::Scope> {
 public:
  static constexpr auto name = const_name("Scope");
  template <class>
  using cast_op_type = const calinvite::Scope&;
  operator const calinvite::Scope&() const { return value; }
  bool load(handle given, bool);

 private:
  calinvite::Scope value = calinvite::Scope::system();
};

/// Its times are shown in its zone (events.cpp).
template <>
class type_caster<calinvite::Event> {
  PYBIND11_TYPE_CASTER(calinvite::Event, const_name("Event"));
  bool load(handle given, bool);
  static handle cast(const calinvite::Event& shown, return_value_policy, handle);
};

template <>
class type_caster<calinvite::ParsedEvent> {
  PYBIND11_TYPE_CASTER(calinvite::ParsedEvent, const_name("ParsedEvent"));
  static handle cast(const calinvite::ParsedEvent& shown, return_value_policy, handle);
};

}  // namespace pybind11::detail

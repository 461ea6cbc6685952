/// How values of calinvite cross into Python and back: structs as the dataclasses of _values.py,
/// enums as those of _words.py, errors as the exceptions of _errors.py, instants as aware
/// datetimes. Every file of the module includes this one, so that all agree.
#pragma once

#include <pybind11/pybind11.h>
// its macros must come after Python.h
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>
#include <structmember.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "fields.hpp"
#include "fields_mail.hpp"
#include "fields_records.hpp"

namespace calinvite::python {

namespace py = pybind11;

/// A class of our package.
inline py::object class_of(const char* name) { return py::module_::import("calinvite").attr(name); }
/// The same, looked up once for each T. No lock of C++ is held meanwhile, as Python may hand over
/// the GIL: two threads that look at once find the same.
template <class T>
py::handle class_for() {
  static PyObject* found = nullptr;
  if (found == nullptr) found = class_of(name_of<T>.text).release().ptr();
  return found;
}
/// The members of the enum E, in their order; looked up once.
template <class E>
py::tuple members_of() {
  static PyObject* found = nullptr;
  if (found == nullptr) {
    found = py::tuple(py::reinterpret_borrow<py::object>(class_for<E>())).release().ptr();
  }
  return py::reinterpret_borrow<py::tuple>(found);
}

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

py::object show_instant(Instant instant);
/// False when `given` is no datetime; raises for a naive one.
bool read_instant(py::handle given, std::chrono::sys_seconds& instant);

template <class T, class M, Form form>
py::object show(const T& value, const Field<T, M, form>& field) {
  const M& member = value.*field.member;
  if constexpr (form == Form::bytes && std::is_same_v<M, std::optional<std::string>>) {
    return member ? py::object(py::bytes(*member)) : py::none();
  } else if constexpr (form == Form::bytes) {
    return py::bytes(member);
  } else if constexpr (form == Form::unset_is_none) {
    return member == M{} ? py::none() : py::cast(member);
  } else if constexpr (std::is_same_v<M, std::string>) {
    return text(member);
  } else {
    return py::cast(member);
  }
}

/// @param owner  of the member `name`, which the TypeError tells; nullptr: `name` says it all
template <class T>
T read_as(py::handle given, const char* name, const char* owner = nullptr) {
  py::detail::make_caster<T> caster;
  if (caster.load(given, true)) return py::detail::cast_op<T&&>(std::move(caster));
  throw py::type_error((owner ? std::string(owner) + "." : std::string()) + name +
                       " can't be of type " + Py_TYPE(given.ptr())->tp_name);
}

/// The names of `fields`, made once.
template <class T, class... Fields>
const std::array<PyObject*, sizeof...(Fields)>& names_of(const std::tuple<Fields...>& fields) {
  static const auto names = std::apply(
      [](const auto&... field) {
        return std::array<PyObject*, sizeof...(Fields)>{PyUnicode_InternFromString(field.name)...};
      },
      fields);
  return names;
}

/// Gets the members of objects whose class has a slot for each, as our dataclasses have: where the
/// slots lie is looked up once for the class that comes again and again.
template <std::size_t count>
class Slots {
 public:
  /// The members by those names, one after the other.
  class Reading {
   public:
    Reading(Slots& slots, py::handle given, const std::array<PyObject*, count>& names)
        : given_(given), name_(names.data()) {
      if (slots.class_.ptr() != reinterpret_cast<PyObject*>(Py_TYPE(given.ptr()))) {
        slots.look_up(given, names);
      }
      if (slots.found_[count - 1] != nullptr) slot_ = slots.found_.data();
    }
    py::object next() {
      const auto* name = *name_++;
      PyObject* member =
          slot_ ? PyMember_GetOne(reinterpret_cast<const char*>(given_.ptr()), *slot_++)
                : PyObject_GetAttr(given_.ptr(), const_cast<PyObject*>(name));
      if (member == nullptr) throw py::error_already_set();
      return py::reinterpret_steal<py::object>(member);
    }

   private:
    py::handle given_;
    PyObject* const* name_;
    PyMemberDef** slot_ = nullptr;  ///< nullptr: by name
  };

 private:
  /// All of them, or none.
  void look_up(py::handle given, const std::array<PyObject*, count>& names) {
    auto* type = Py_TYPE(given.ptr());
    found_ = {};
    class_ = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(type));
    class_.inc_ref();  // for ever: another class must never lie where it did
    std::array<PyMemberDef*, count> found;
    for (std::size_t i = 0; i < count; ++i) {
      PyObject* descriptor = PyDict_GetItem(type->tp_dict, names[i]);
      if (descriptor == nullptr || Py_TYPE(descriptor) != &PyMemberDescr_Type) return;
      found[i] = reinterpret_cast<PyMemberDescrObject*>(descriptor)->d_member;
    }
    found_ = found;
  }

  py::object class_;
  std::array<PyMemberDef*, count> found_{};
};

template <class T, class M, Form form>
void read(const py::object& member, const char* owner, const Field<T, M, form>& field, T& value) {
  if (form == Form::unset_is_none && member.is_none()) {
    value.*field.member = M{};
    return;
  }
  if constexpr (std::is_same_v<M, std::string>) {  // keeps its room
    Py_ssize_t size = 0;
    if (PyUnicode_Check(member.ptr())) {
      if (const char* utf8 = PyUnicode_AsUTF8AndSize(member.ptr(), &size)) {
        (value.*field.member).assign(utf8, static_cast<std::size_t>(size));
        return;
      }
      PyErr_Clear();  // a lone surrogate: the TypeError below tells which member has it
    }
  }
  value.*field.member = read_as<M>(member, field.name, owner);
}

template <class T, class Fields>
py::dict show_all(const T& value, const Fields& fields) {
  py::dict shown;
  const auto* name = names_of<T>(fields).data();
  std::apply(
      [&](const auto&... field) { ((shown[py::handle(*name++)] = show(value, field)), ...); },
      fields);
  return shown;
}

template <class T, class Fields>
void read_all(py::handle given, const char* owner, const Fields& fields, T& value) {
  constexpr std::size_t count = std::tuple_size_v<Fields>;
  static auto& slots = *new Slots<count>;  // outlives Python
  typename Slots<count>::Reading reading(slots, given, names_of<T>(fields));
  std::apply([&](const auto&... field) { (read(reading.next(), owner, field, value), ...); },
             fields);
}

}  // namespace calinvite::python

namespace pybind11::detail {

template <calinvite::python::Described T>
class type_caster<T> {
  PYBIND11_TYPE_CASTER(T, calinvite::python::name_of<T>);
  bool load(handle given, bool) {
    if (!isinstance(given, calinvite::python::class_for<T>())) return false;
    calinvite::python::read_all(given, name.text, calinvite::python::fields_of<T>, value);
    return true;
  }
  static handle cast(const T& shown, return_value_policy, handle) {
    const auto fields = calinvite::python::show_all(shown, calinvite::python::fields_of<T>);
    return calinvite::python::class_for<T>()(**fields).release();
  }
};

/// Members of the Python enum stand in the order of the C++ one; a test compares them.
template <calinvite::python::Word E>
class type_caster<E> {
  PYBIND11_TYPE_CASTER(E, calinvite::python::name_of<E>);
  static constexpr int first = std::is_same_v<E, calinvite::TokenPurpose> ? 1 : 0;
  bool load(handle given, bool) {
    int at = first;
    for (const handle member : calinvite::python::members_of<E>()) {
      if (member.is(given)) {
        value = static_cast<E>(at);
        return true;
      }
      ++at;
    }
    return false;
  }
  static handle cast(E shown, return_value_policy, handle) {
    const auto members = calinvite::python::members_of<E>();
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

/// An instant with its fractions; only shown.
template <>
class type_caster<calinvite::Instant> {
  PYBIND11_TYPE_CASTER(calinvite::Instant, const_name("datetime"));
  bool load(handle, bool) { return false; }
  static handle cast(calinvite::Instant shown, return_value_policy, handle);
};

/// A wall clock whose zone is not told: a naive datetime; only shown.
template <>
class type_caster<std::chrono::local_seconds> {
  PYBIND11_TYPE_CASTER(std::chrono::local_seconds, const_name("datetime"));
  bool load(handle, bool) { return false; }
  static handle cast(std::chrono::local_seconds shown, return_value_policy, handle);
};

/// timedelta; fractions of a second are cut.
template <>
class type_caster<std::chrono::seconds> {
  PYBIND11_TYPE_CASTER(std::chrono::seconds, const_name("timedelta"));
  bool load(handle given, bool);
  static handle cast(std::chrono::seconds shown, return_value_policy, handle);
};

/// timedelta; fractions of a millisecond are cut.
template <>
class type_caster<std::chrono::milliseconds> {
  PYBIND11_TYPE_CASTER(std::chrono::milliseconds, const_name("timedelta"));
  bool load(handle given, bool);
  static handle cast(std::chrono::milliseconds shown, return_value_policy, handle);
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
class type_caster<calinvite::Code> {
  PYBIND11_TYPE_CASTER(calinvite::Code, const_name("Code"));
  static handle cast(calinvite::Code shown, return_value_policy, handle) {
    return calinvite::python::class_of("Code")(static_cast<int>(shown)).release();
  }
  bool load(handle, bool) { return false; }  // only shown
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
  operator calinvite::Scope&&() && { return std::move(value); }
  bool load(handle given, bool);
  static handle cast(const calinvite::Scope& shown, return_value_policy, handle);

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

/// With its calendars and the words above the quoted mail (mail.cpp).
template <>
class type_caster<calinvite::ParsedMail> {
  PYBIND11_TYPE_CASTER(calinvite::ParsedMail, const_name("ParsedMail"));
  static handle cast(const calinvite::ParsedMail& shown, return_value_policy, handle);
};

template <>
class type_caster<calinvite::ParsedEvent> {
  PYBIND11_TYPE_CASTER(calinvite::ParsedEvent, const_name("ParsedEvent"));
  static handle cast(const calinvite::ParsedEvent& shown, return_value_policy, handle);
};

}  // namespace pybind11::detail

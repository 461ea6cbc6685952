/// Composing without a store: one revision, a message for each copy.
#include "calinvite/compose.hpp"

#include <mutex>

#include "callbacks.hpp"
#include "events.hpp"
#include "module.hpp"

namespace calinvite::python {
namespace {

CopyCheck check_of(const py::object& check) {
  if (check.is_none()) return {};
  return [kept = keep(check)](std::string_view message) {
    return Call::current().ask([&] { (*kept)(py::bytes(message.data(), message.size())); });
  };
}

/// Threads may share one; they take turns.
class PyComposer {
 public:
  PyComposer(Revision revision, const CopyCheck& check)
      : composer_(value(
            without_gil([&] { return Composer::prepare(std::move(revision), zones_, check); }))) {}

  /// Without the GIL.
  Result<void> compose(const CopyFields& copy, std::string& out) {
    const std::lock_guard lock(mutex_);
    return composer_.compose(copy, out);
  }

 private:
  ZoneTable zones_;
  Composer composer_;
  std::mutex mutex_;
};

std::unique_ptr<PyComposer> prepare(const Event& event, const std::string& base_url, Method method,
                                    std::optional<std::int32_t> sequence, py::object occurrence,
                                    std::string organizer_name, std::optional<Event> before,
                                    std::map<std::string, std::string> templates,
                                    std::size_t description_limit,
                                    bool cancelled_status_on_uninvite, const py::object& check) {
  Revision revision;
  revision.event = event;
  revision.method = method;
  revision.sequence = sequence.value_or(event.sequence);
  revision.occurrence = read_occurrence(event, std::move(occurrence));
  revision.organizer_name = std::move(organizer_name);
  revision.base_url = base_url;
  revision.before = std::move(before);
  revision.templates = std::move(templates);
  revision.description_limit = description_limit;
  revision.cancelled_status_on_uninvite = cancelled_status_on_uninvite;
  return std::make_unique<PyComposer>(std::move(revision), check_of(check));
}

py::bytes compose(PyComposer& self, const CopyFields& copy) {
  std::string message;
  Call::check_outside(&self, "composer");
  value(without_gil([&] { return self.compose(copy, message); }, &self));
  return message;
}

/// The messages of any number of copies, so many of which are composed between two looks at Python
/// that the GIL costs nothing, and so few that they stay in the processor's cache.
class Messages {
 public:
  Messages(py::object composer, py::iterator copies)
      : composer_(std::move(composer)), copies_(std::move(copies)) {}

  /// Empty at the end.
  py::object next() {
    const Turn turn(in_use_);
    if (at_ == count_) fill();
    if (at_ == count_) {
      if (raised_) std::rethrow_exception(std::exchange(raised_, nullptr));
      return {};
    }
    Result<void>& result = results_[at_];
    const std::string& message = messages_[at_++];
    value(std::move(result));
    return py::bytes(message);
  }

 private:
  static constexpr std::size_t batch = 16;

  void fill() {
    auto& composer = composer_.cast<PyComposer&>();
    Call::check_outside(&composer, "composer");
    at_ = count_ = 0;
    const std::size_t count = read();
    if (count == 0) return;
    Call call(&composer);
    {
      const py::gil_scoped_release release;
      for (std::size_t i = 0; i < count; ++i) {
        results_[i] = composer.compose(given_[i], messages_[i]);
      }
    }
    count_ = count;
    call.rethrow();
  }

  /// As many copies as there are, up to a batch. What is raised meanwhile comes after them.
  std::size_t read() {
    std::size_t count = 0;
    try {
      for (; count < batch && copies_ != py::iterator::sentinel(); ++copies_) {
        if (!py::isinstance(*copies_, class_for<CopyFields>())) {
          throw py::type_error(std::string("a copy can't be of type ") +
                               Py_TYPE(copies_->ptr())->tp_name);
        }
        read_all(*copies_, "CopyFields", fields_of<CopyFields>, given_[count]);
        ++count;
      }
    } catch (...) {
      raised_ = std::current_exception();
    }
    return count;
  }

  py::object composer_;
  py::iterator copies_;
  std::array<CopyFields, batch> given_;
  std::array<std::string, batch> messages_;  ///< keep their room
  std::array<Result<void>, batch> results_;
  std::size_t at_ = 0, count_ = 0;
  std::exception_ptr raised_;
  bool in_use_ = false;
};

PyObject* next_message(PyObject* self) noexcept {
  try {
    return py::handle(self).cast<Messages&>().next().release().ptr();
  } catch (py::error_already_set& raised) {
    raised.restore();
  } catch (const py::builtin_exception& raised) {
    raised.set_error();
  } catch (const std::exception& raised) {
    PyErr_SetString(PyExc_RuntimeError, raised.what());
  }
  return nullptr;
}

}  // namespace

void add_composer(py::module_& module) {
  using py::arg;
  // By the slots of its type: a method costs a tenth of composing a message.
  const py::class_<Messages> messages(module, "_Messages",
                                      py::custom_type_setup([](PyHeapTypeObject* type) {
                                        type->ht_type.tp_iter = PyObject_SelfIter;
                                        type->ht_type.tp_iternext = next_message;
                                      }),
                                      "Messages as they are composed.");
  py::class_<PyComposer>(module, "Composer",
                         "A revision of an event made ready for any number of attendees.")
      .def(py::init(&prepare), arg("event"), py::kw_only(), arg("base_url"),
           arg("method") = Method::request, arg("sequence") = py::none(),
           arg("occurrence") = py::none(), arg("organizer_name") = "", arg("before") = py::none(),
           arg("templates") = py::dict(), arg("description_limit") = 4000,
           arg("cancelled_status_on_uninvite") = true, arg("check") = py::none())
      .def("compose", compose, arg("copy"), "One attendee's message.")
      .def(
          "compose_all",
          [](py::object self, const py::iterable& copies) {
            return Messages(std::move(self), py::iter(copies));
          },
          arg("copies"), "The messages of all copies, as they are asked for.");
}

}  // namespace calinvite::python

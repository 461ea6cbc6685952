/// Calendars, events lists and address lists.
#include <deque>
#include <memory>

#include "callbacks.hpp"
#include "module.hpp"

namespace calinvite::python {
namespace {

ParsedCalendar parse(std::string_view data, std::string_view source) {
  return value(without_gil([&] { return parse_calendar(data, ZoneTable(), source); }));
}

/// Rows of an events list, read as they are asked for.
class EventList {
 public:
  EventList(py::object file, std::string source, std::string timezone, DateOrder date_order)
      : file_(std::move(file)),
        reader_(
            std::move(source), std::move(timezone), zones_,
            [this](EventRow&& row) -> Result<void> {
              rows_.push_back(std::move(row));
              return {};
            },
            [this](const Error& error) { errors.append(error); }, date_order) {}

  EventRow next() {
    constexpr int piece = 65536;
    const Turn turn(in_use_);
    while (rows_.empty()) {
      if (ended_) throw py::stop_iteration();
      const py::bytes bytes = file_.attr("read")(piece);
      ended_ = py::len(bytes) == 0;
      value(reader_.feed(std::string_view(bytes), ended_));
    }
    EventRow row = std::move(rows_.front());
    rows_.pop_front();
    return row;
  }

  py::list errors;

 private:
  py::object file_;
  ZoneTable zones_;
  std::deque<EventRow> rows_;
  EventListReader reader_;
  bool ended_ = false, in_use_ = false;
};

std::unique_ptr<EventList> read_event_list(py::object data, std::string source,
                                           std::string timezone, DateOrder date_order) {
  if (py::isinstance<py::bytes>(data)) data = py::module_::import("io").attr("BytesIO")(data);
  return std::make_unique<EventList>(std::move(data), std::move(source), std::move(timezone),
                                     date_order);
}

/// Rows of an address list, all read at once.
struct AddressList {
  std::deque<AddressRow> rows;
  py::list errors;
};

std::unique_ptr<AddressList> read_addresses(std::string_view data, std::string_view source) {
  auto read = std::make_unique<AddressList>();
  AddressListReader reader(
      std::string(source),
      [&](AddressRow&& row) -> Result<void> {
        read->rows.push_back(std::move(row));
        return {};
      },
      [&](const Error& error) { read->errors.append(error); });
  value(reader.feed(data, true));
  return read;
}

AddressRow next(AddressList& list) {
  if (list.rows.empty()) throw py::stop_iteration();
  AddressRow row = std::move(list.rows.front());
  list.rows.pop_front();
  return row;
}

}  // namespace

void add_readers(py::module_& module) {
  using py::arg;
  module.def("parse_calendar", parse, arg("data"), py::kw_only(), arg("source") = "",
             "Reads iCalendar text (RFC 5545).");

  py::class_<EventList>(module, "EventList", "Rows of an events list, to be iterated once.")
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &EventList::next)
      .def_readonly("errors", &EventList::errors, "Of the rows passed so far that were bad.");
  module.def("read_event_list", read_event_list, arg("data"), py::kw_only(), arg("source") = "",
             arg("timezone") = "", arg("date_order") = DateOrder::usual,
             "Reads a CSV of events from bytes or a binary file.");

  py::class_<AddressList>(module, "AddressList", "Rows of an address list, to be iterated once.")
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", next)
      .def_readonly("errors", &AddressList::errors, "Of all rows that were bad.");
  module.def("read_address_list", read_addresses, arg("data"), py::kw_only(), arg("source") = "",
             "Reads addresses, one a line, or a CSV with an email column.");
}

}  // namespace calinvite::python

/// What an engine tells: figures and lists.
#include "engine.hpp"

namespace calinvite::python {
namespace {

py::object statistics(PyEngine& self, const Scope& scope, std::string_view event) {
  const auto counts = self.call([&](Engine& engine) { return engine.statistics(scope, event); });
  return py::module_::import("json").attr("loads")(write_statistics_json(counts));
}

py::str report(PyEngine& self, const Scope& scope, std::string_view event, ReportFormat format) {
  std::string written;
  self.call([&](Engine& engine) {
    return engine.report(scope, event, format, [&](std::string_view piece) {
      written += piece;
      return true;
    });
  });
  return text(written);
}

Pages list_attendees(const py::object& self, const Scope& scope, const std::string& event,
                     std::string status, std::string origin, std::string delivery, bool outdated) {
  const AttendeeFilter filter{std::move(status), std::move(origin), std::move(delivery), outdated};
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_attendees(scope, event, filter, page);
  });
}

Pages list_outbox(const py::object& self, const Scope& scope, OutboxState state,
                  const std::string& event) {
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_outbox(scope, state, event, page);
  });
}

Pages list_receipt_buckets(const py::object& self, const Scope& scope, const std::string& event,
                           BucketSize size) {
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_receipt_buckets(scope, event, size, page);
  });
}

}  // namespace

void add_reports(EngineClass& engine) {
  using py::arg;
  const auto scope = arg("scope");
  const auto event = arg("event");
  const auto any_event = arg("event") = "";
  engine.def("totals", method(&Engine::totals), scope)
      .def("notice_totals", method(&Engine::notice_totals), scope)
      .def("statistics", statistics, scope, any_event)
      .def("report", report, scope, any_event, py::kw_only(), arg("format") = ReportFormat::csv)
      .def("mail_report", method(&Engine::mail_report), scope, event)
      .def("list_outbox", list_outbox, scope, arg("state"), any_event)
      .def("list_notices", paged<>(&Engine::list_notices), scope)
      .def("list_attendees", list_attendees, scope, event, py::kw_only(), arg("status") = "",
           arg("origin") = "", arg("delivery") = "", arg("outdated") = false)
      .def("list_receipts", paged<std::string_view>(&Engine::list_receipts), scope, event)
      .def("list_history", paged<std::string_view, std::string_view>(&Engine::list_history), scope,
           event, arg("address"))
      .def("list_receipt_buckets", list_receipt_buckets, scope, any_event, py::kw_only(),
           arg("size") = BucketSize::day)
      .def("list_shared_attendees", paged<std::string_view>(&Engine::list_shared_attendees), scope,
           event)
      .def("search", paged<std::string_view>(&Engine::search), scope, arg("text"))
      .def("list_changes", method(&Engine::list_changes), scope, arg("after") = "", py::kw_only(),
           arg("limit") = 100);
}

}  // namespace calinvite::python

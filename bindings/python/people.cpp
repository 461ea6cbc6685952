/// What people do: answers, the pages behind links, whom not to mail.
#include "calinvite/web.hpp"
#include "engine.hpp"

namespace calinvite::python {
namespace {

SuppressionImport import_suppressions(PyEngine& self, const Scope& scope, const py::object& data,
                                      const std::string& source,
                                      const std::optional<py::function>& on_error) {
  Source given(data);
  ReadBytes read = given.reader();
  if (!read) {
    read = [left = given.bytes()]() mutable -> Result<std::string_view> {
      return std::exchange(left, {});
    };
  }
  const auto tell = [&](const Error& error) {
    if (!on_error) return;
    Call::current().run(
        [&] {
          (*on_error)(error);
          return true;
        },
        false);
  };
  return self.call(
      [&](Engine& engine) { return engine.import_suppressions(scope, source, read, tell); });
}

py::str export_suppressions(PyEngine& self, const Scope& scope) {
  std::string written;
  self.call([&](Engine& engine) {
    return engine.export_suppressions(scope, [&](std::string_view piece) {
      written += piece;
      return true;
    });
  });
  return text(written);
}

void record_visit(PyEngine& self, std::string_view token, TokenPurpose purpose, std::string link,
                  bool head, std::string agent) {
  const LinkVisit visit{std::move(link), head, std::move(agent)};
  self.call([&](Engine& engine) { return engine.record_visit(token, purpose, visit); });
}

WebResponse respond_to(PyEngine& self, const WebRequest& request, ButtonCaps caps,
                       std::size_t max_body_bytes, std::chrono::seconds least_form_age) {
  const WebOptions options{caps, max_body_bytes, least_form_age};
  return self.call(
      [&](Engine& engine) -> Result<WebResponse> { return respond(engine, request, options); });
}

}  // namespace

void add_people(EngineClass& engine) {
  using py::arg;
  const auto scope = arg("scope");
  const auto event = arg("event");
  const auto token = arg("token");
  engine
      .def("rsvp", method(&Engine::rsvp), token, arg("answer"), py::kw_only(), arg("comment") = "",
           arg("sequence") = py::none())
      .def("rsvp_token", method(&Engine::rsvp_token), scope, event, arg("address"))
      .def("button", method(&Engine::button), scope, event, arg("preset"), py::kw_only(),
           arg("landing") = "")

      .def("find_rsvp", method(&Engine::find_rsvp), token)
      .def("find_button", method(&Engine::find_button), event, token)
      .def("find_event_page", method(&Engine::find_event_page), event)
      .def("calendar_file", method(&Engine::calendar_file), arg("page"))
      .def("issue_nonce", method(&Engine::issue_nonce), token, arg("purpose"), py::kw_only(),
           arg("sequence") = 0)
      .def("check_nonce", method(&Engine::check_nonce), token, arg("nonce"))
      .def("record_visit", record_visit, token, arg("purpose"), arg("link"), py::kw_only(),
           arg("head") = false, arg("agent") = "")
      .def("press_button", method(&Engine::press_button), event, token, arg("request"),
           py::kw_only(), arg("network") = "", arg("caps") = ButtonCaps())

      .def("add_suppression", method(&Engine::add_suppression), scope, arg("suppression"))
      .def("remove_suppression", method(&Engine::remove_suppression), scope, arg("suppression"))
      .def("list_suppressions", paged<std::string_view>(&Engine::list_suppressions), scope,
           arg("address") = "")
      .def("import_suppressions", import_suppressions, scope, arg("data"), py::kw_only(),
           arg("source") = "", arg("on_error") = py::none())
      .def("export_suppressions", export_suppressions, scope)
      .def("list_consents", paged<std::string_view>(&Engine::list_consents), scope,
           arg("address") = "")
      .def("find_unsubscribe", method(&Engine::find_unsubscribe), token)
      .def("unsubscribe", method(&Engine::unsubscribe), token, scope)
      .def("resubscribe", method(&Engine::resubscribe), token, scope)
      .def("erase", method(&Engine::erase), scope, arg("address"), py::kw_only(),
           arg("compact") = true)
      .def("compact", method(&Engine::compact));
}

void add_web(py::module_& module) {
  using py::arg;
  module.def("respond", respond_to, arg("engine"), arg("request"), py::kw_only(),
             arg("caps") = ButtonCaps(), arg("max_body_bytes") = 64 * 1024,
             arg("least_form_age") = std::chrono::seconds(2),
             "Answers one request for a page behind a link.");
}

}  // namespace calinvite::python

#include "engine.hpp"

#include "module.hpp"

namespace calinvite::python {

PyEngine::PyEngine(EngineOptions options)
    : engine_(value(without_gil([&] { return Engine::open(std::move(options)); }))) {}

void PyEngine::close() {
  Call::check_outside(this, "engine");
  closing_ = true;
  const py::gil_scoped_release release;
  const std::lock_guard lock(mutex_);
  engine_.reset();
}

py::object Pages::next() {
  const Turn turn(in_use_);
  while (at_ == items_.size()) {
    if (ended_) throw py::stop_iteration();
    items_ = fetch_(page_);
    at_ = 0;
    ended_ = page_.after.empty();
  }
  return items_[at_++];
}

Source::Source(const py::object& data) {
  if (py::hasattr(data, "read")) {
    read_ = data.attr("read");
  } else {
    piece_ = data;
    bytes_ = read_as<std::string_view>(data, "data");
  }
}

ReadBytes Source::reader() {
  if (!read_) return {};
  return [this] {
    return Call::current().ask([&] {
      constexpr int size = 65536;
      piece_ = read_(size);
      return read_as<std::string_view>(piece_, "what data.read() gives");
    });
  };
}

namespace {

std::unique_ptr<PyEngine> open(std::string store, std::array<std::uint8_t, 32> master_key,
                               py::object clock, py::object random, std::filesystem::path zoneinfo,
                               py::object verifier) {
  EngineOptions options;
  options.store = std::move(store);
  options.master_key = master_key;
  options.zoneinfo = std::move(zoneinfo);
  if (const Kept kept = keep(std::move(clock))) {
    options.clock = [kept] {
      return Call::current().run(
          [&] { return read_as<std::chrono::sys_seconds>((*kept)(), "a clock's answer"); },
          system_time());
    };
  }
  if (const Kept kept = keep(std::move(random))) {
    options.random = [kept](std::span<std::uint8_t> out) {
      const auto fill = [&] {
        fill_random(*kept, out);
        return true;
      };
      if (!Call::current().run(fill, false)) system_random(out);
    };
  }
  if (const Kept kept = keep(std::move(verifier))) {
    options.verifier = [kept](const IngestInput& input) {
      const auto ask = [&] {
        return read_as<Authentication>((*kept)(py::bytes(input.bytes.data(), input.bytes.size())),
                                       "a verifier's answer");
      };
      return Call::current().run(ask, Authentication{false, {}, {}, "the verifier raised"});
    };
  }
  return std::make_unique<PyEngine>(std::move(options));
}

Pages list_events(const py::object& self, const Scope& scope, EventFilter::When when,
                  std::optional<std::chrono::seconds> changed_within, std::string search,
                  std::string organizer, EventSort sort) {
  const EventFilter filter{when, {}, changed_within, std::move(search), std::move(organizer), sort};
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_events(scope, filter, page);
  });
}

}  // namespace

void add_tenants(EngineClass& engine) {
  using py::arg;
  const auto scope = arg("scope");
  const auto event = arg("event");
  const auto include_declined = arg("include_declined") = false;
  engine.def("add_domain", method(&Engine::add_domain), arg("domain"))
      .def("update_domain", method(&Engine::update_domain), arg("domain"))
      .def("list_domains", method(&Engine::list_domains))
      .def("add_organizer", method(&Engine::add_organizer), arg("organizer"))
      .def("update_organizer", method(&Engine::update_organizer), scope, arg("organizer"))
      .def("list_organizers", method(&Engine::list_organizers), scope)
      .def("suspend_organizer", method(&Engine::suspend_organizer), scope, arg("address"))
      .def("set_delegate", method(&Engine::set_delegate), scope, arg("organizer"), arg("address"),
           py::kw_only(), arg("allowed") = true)
      .def("set_template", method(&Engine::set_template), scope, arg("name"), arg("contents"))

      .def("rotate_key", method(&Engine::rotate_key), scope)
      .def("list_keys", method(&Engine::list_keys), scope)
      .def("withdraw_key", method(&Engine::withdraw_key), scope, arg("id"))
      .def("add_api_key", method(&Engine::add_api_key), scope, arg("label"), arg("of"))
      .def("list_api_keys", method(&Engine::list_api_keys), scope)
      .def("revoke_api_key", method(&Engine::revoke_api_key), scope, arg("id"))
      .def("authenticate_key", method(&Engine::authenticate_key), arg("key"))

      .def("create_event", method(&Engine::create_event), scope, event)
      .def("get_event", method(&Engine::get_event), scope, arg("uid"))
      .def("list_events", list_events, scope, py::kw_only(), arg("when") = EventFilter::When::all,
           arg("changed_within") = py::none(), arg("search") = "", arg("organizer") = "",
           arg("sort") = EventSort::start)
      .def("update_event", method(&Engine::update_event), scope, event, py::kw_only(),
           include_declined)
      .def("preview_update", method(&Engine::preview_update), scope, event, py::kw_only(),
           include_declined)
      .def("cancel_event", method(&Engine::cancel_event), scope, arg("uid"), py::kw_only(),
           include_declined)

      .def("find_held_change", method(&Engine::find_held_change), scope, event)
      .def("list_held_changes", paged<>(&Engine::list_held_changes), scope)
      .def("approve_change", method(&Engine::approve_change), scope, event)
      .def("drop_held_change", method(&Engine::drop_held_change), scope, event)
      .def("find_approval", method(&Engine::find_approval), arg("token"))
      .def("approve", method(&Engine::approve), arg("token"));
}

void add_engine(py::module_& module) {
  using py::arg;
  py::class_<Pages>(module, "_Pages", "A list that is fetched part by part.")
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &Pages::next);

  EngineClass engine(module, "Engine",
                     "One store, and every flow over it. A context manager; threads may share it, "
                     "one call runs at a time.");
  engine
      .def_static("open", open, py::kw_only(), arg("store"), arg("master_key"),
                  arg("clock") = py::none(), arg("random") = py::none(),
                  arg("zoneinfo") = std::filesystem::path("/usr/share/zoneinfo"),
                  arg("verifier") = py::none(), "Opens a store, which is made when absent.")
      .def("close", &PyEngine::close, "Waits for running calls; later ones are refused.")
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](PyEngine& self, const py::args&) { self.close(); });
  add_tenants(engine);
  add_flows(engine);
  add_people(engine);
  add_reports(engine);
}

}  // namespace calinvite::python

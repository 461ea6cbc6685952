#include "engine.hpp"

#include <functional>

#include "module.hpp"

namespace calinvite::python {

PyEngine::PyEngine(py::object clock, py::object random)
    : clock_(std::move(clock)), random_(std::move(random)) {}

void PyEngine::open(EngineOptions options) {
  if (!clock_.is_none()) {
    options.clock = [this] {
      return raised_.run(
          [&] { return read_as<std::chrono::sys_seconds>(clock_(), "a clock's answer"); },
          system_time());
    };
  }
  if (!random_.is_none()) {
    options.random = [this](std::span<std::uint8_t> out) {
      const auto fill = [&] {
        const auto given = read_as<std::string>(random_(out.size()), "random's answer");
        if (given.size() != out.size()) {
          throw py::value_error("random gave " + std::to_string(given.size()) +
                                " bytes; expected " + std::to_string(out.size()));
        }
        std::copy(given.begin(), given.end(), out.begin());
        return true;
      };
      if (!raised_.run(fill, false)) system_random(out);
    };
  }
  Result<Engine> engine = [&] {
    const py::gil_scoped_release release;
    return Engine::open(std::move(options));
  }();
  engine_ = value(std::move(engine));
}

void PyEngine::close() {
  check_caller();
  {
    const py::gil_scoped_release release;
    const std::lock_guard lock(mutex_);
    engine_.reset();
  }
  clock_ = random_ = py::none();
}

void PyEngine::check_caller() const {
  if (caller_ == std::this_thread::get_id()) {
    refuse("a callback must not call the engine that called it", "self");
  }
}

namespace {

std::unique_ptr<PyEngine> open(std::string store, std::array<std::uint8_t, 32> master_key,
                               py::object clock, py::object random,
                               std::filesystem::path zoneinfo) {
  EngineOptions options;
  options.store = std::move(store);
  options.master_key = master_key;
  options.zoneinfo = std::move(zoneinfo);
  auto engine = std::make_unique<PyEngine>(std::move(clock), std::move(random));
  engine->open(std::move(options));
  return engine;
}

// ---- paged lists -----------------------------------------------------------------------------

/// Walks a list part by part, each in a call of its own.
class Pages {
 public:
  /// Gives the items of `page` and moves `page` on; to an empty `after` when that was all.
  using Fetch = std::function<py::list(Page& page)>;
  explicit Pages(Fetch fetch) : fetch_(std::move(fetch)) {}

  py::object next() {
    while (at_ == items_.size()) {
      if (ended_) throw py::stop_iteration();
      items_ = fetch_(page_);
      at_ = 0;
      ended_ = page_.after.empty();
    }
    return items_[at_++];
  }

 private:
  Fetch fetch_;
  Page page_{500, {}};
  py::list items_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

/// @param list  of an engine and a page, a Result<Paged<…>>
template <class List>
Pages pages(const py::object& self, List list) {
  return Pages([self, list](Page& page) {
    auto part = self.cast<PyEngine&>().call([&](Engine& engine) { return list(engine, page); });
    page.after = std::move(part.next);
    return py::list(py::cast(std::move(part.items)));
  });
}

Pages list_events(const py::object& self, const Scope& scope, EventFilter::When when,
                  std::optional<std::chrono::seconds> changed_within, std::string search,
                  std::string organizer) {
  EventFilter filter;
  filter.when = when;
  filter.changed_within = changed_within;
  filter.search = std::move(search);
  filter.organizer = std::move(organizer);
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_events(scope, filter, page);
  });
}

Pages list_attendees(const py::object& self, const Scope& scope, const std::string& event) {
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_attendees(scope, event, page);
  });
}

Pages list_receipts(const py::object& self, const Scope& scope, const std::string& event) {
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_receipts(scope, event, page);
  });
}

Pages list_outbox(const py::object& self, const Scope& scope, OutboxState state,
                  const std::string& event) {
  return pages(self, [=](Engine& engine, const Page& page) {
    return engine.list_outbox(scope, state, event, page);
  });
}

Pages list_quarantine(const py::object& self, const Scope& scope) {
  return pages(
      self, [=](Engine& engine, const Page& page) { return engine.list_quarantine(scope, page); });
}

// ---- ingest and invites ----------------------------------------------------------------------

std::vector<IngestItem> ingest(PyEngine& self, std::string_view data, std::string source,
                               InputKind kind, std::optional<std::string> sent_by,
                               std::string domain, std::string timezone) {
  IngestInput input;
  input.bytes = data;
  input.source = std::move(source);
  input.kind = kind;
  input.domain = std::move(domain);
  input.timezone = std::move(timezone);
  if (sent_by) input.authentication = {true, value(normalize_address(*sent_by)), "host"};
  return self.call([&](Engine& engine) -> Result<std::vector<IngestItem>> {
    std::vector<IngestItem> items;
    auto done = engine.ingest(input, [&](const IngestItem& item) { items.push_back(item); });
    if (!done) return tl::unexpected(std::move(done.error()));
    return items;
  });
}

/// Addresses are compared as normalize_address gives them; a text may be `Name <addr>`.
std::vector<InviteRequest> read_requests(const py::iterable& given) {
  std::vector<InviteRequest> requests;
  for (const py::handle each : given) {
    if (py::isinstance<py::str>(each)) {
      Mailbox mailbox = value(parse_mailbox(each.cast<std::string>()));
      requests.push_back({std::move(mailbox.address), std::move(mailbox.name), {}});
    } else {
      auto request = read_as<InviteRequest>(each, "a request");
      request.address = value(normalize_address(request.address));
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

Plan plan_invites(PyEngine& self, const Scope& scope, std::string_view event,
                  const py::iterable& given, std::string_view origin) {
  const auto requests = read_requests(given);
  return self.call(
      [&](Engine& engine) { return engine.plan_invites(scope, event, requests, origin); });
}

Plan invite(PyEngine& self, const Scope& scope, std::string_view event, const py::iterable& given,
            std::string_view origin) {
  const auto requests = read_requests(given);
  return self.call([&](Engine& engine) { return engine.invite(scope, event, requests, origin); });
}

// ---- dispatch and reports --------------------------------------------------------------------

DispatchResult dispatch(PyEngine& self, PyTransport& transport,
                        std::optional<std::uint64_t> max_messages, std::chrono::seconds lease,
                        const std::optional<py::function>& on_receipt) {
  Raised& raised = self.raised();
  DispatchOptions options;
  options.max_messages = max_messages.value_or(0);
  options.lease = lease;
  options.on_receipt = [&](const Receipt& receipt) {
    if (!on_receipt) return !raised;
    return raised.run([&] { return !(*on_receipt)(receipt).is(py::handle(Py_False)); }, false);
  };
  options.on_progress = [&](const DispatchProgress&) {
    const auto check_signals = [] {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();  // such as KeyboardInterrupt
      return true;
    };
    return raised.run(check_signals, false);
  };
  return self.call([&](Engine& engine) -> Result<DispatchResult> {
    if (transport.in_use.test_and_set()) {
      return fail(Code::invalid_argument, "another engine is using the transport",
                  {{}, 0, 0, "transport"});
    }
    transport.raised = &raised;
    auto result = engine.dispatch(*transport.transport, options);
    transport.in_use.clear();
    return result;
  });
}

py::object statistics(PyEngine& self, const Scope& scope, std::string_view event) {
  const auto counts = self.call([&](Engine& engine) { return engine.statistics(scope, event); });
  return py::module_::import("json").attr("loads")(write_statistics_json(counts));
}

py::str report(PyEngine& self, const Scope& scope, std::string_view event, ReportFormat format) {
  return text(self.call([&](Engine& engine) -> Result<std::string> {
    std::string written;
    auto done = engine.report(scope, event, format, [&](std::string_view piece) {
      written += piece;
      return true;
    });
    if (!done) return tl::unexpected(std::move(done.error()));
    return written;
  }));
}

/// A method of Engine that takes and gives plain values.
template <class R, class... Args>
auto method(Result<R> (Engine::*call)(Args...)) {
  return [call](PyEngine& self, std::decay_t<Args>... args) {
    return self.call([&](Engine& engine) { return (engine.*call)(args...); });
  };
}

}  // namespace

void add_engine(py::module_& module) {
  using py::arg;
  py::class_<Pages>(module, "_Pages", "A list that is fetched part by part.")
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &Pages::next);

  const auto scope = arg("scope");
  const auto event = arg("event");
  const auto include_declined = arg("include_declined") = false;
  py::class_<PyEngine> engine(module, "Engine",
                              "One store, and every flow over it. A context manager; threads may "
                              "share it, one call runs at a time.");
  engine
      .def_static("open", open, py::kw_only(), arg("store"), arg("master_key"),
                  arg("clock") = py::none(), arg("random") = py::none(),
                  arg("zoneinfo") = std::filesystem::path("/usr/share/zoneinfo"),
                  "Opens a store, which is made when absent.")
      .def("close", &PyEngine::close, "Waits for running calls; later ones are refused.")
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](PyEngine& self, const py::args&) { self.close(); })

      .def("add_domain", method(&Engine::add_domain), arg("domain"))
      .def("update_domain", method(&Engine::update_domain), arg("domain"))
      .def("list_domains", method(&Engine::list_domains))
      .def("add_organizer", method(&Engine::add_organizer), arg("organizer"))
      .def("list_organizers", method(&Engine::list_organizers), scope)
      .def("suspend_organizer", method(&Engine::suspend_organizer), scope, arg("address"))

      .def("create_event", method(&Engine::create_event), scope, event)
      .def("get_event", method(&Engine::get_event), scope, arg("uid"))
      .def("list_events", list_events, scope, py::kw_only(), arg("when") = EventFilter::When::all,
           arg("changed_within") = py::none(), arg("search") = "", arg("organizer") = "")
      .def("update_event", method(&Engine::update_event), scope, event, py::kw_only(),
           include_declined)
      .def("preview_update", method(&Engine::preview_update), scope, event, py::kw_only(),
           include_declined)
      .def("cancel_event", method(&Engine::cancel_event), scope, arg("uid"), py::kw_only(),
           include_declined)

      .def("ingest", ingest, arg("data"), py::kw_only(), arg("source") = "",
           arg("kind") = InputKind::detect, arg("sent_by") = py::none(), arg("domain") = "",
           arg("timezone") = "")
      .def("plan_invites", plan_invites, scope, event, arg("requests"), py::kw_only(),
           arg("origin") = "api")
      .def("invite", invite, scope, event, arg("requests"), py::kw_only(), arg("origin") = "api")
      .def("uninvite", method(&Engine::uninvite), scope, event, arg("address"))
      .def("rsvp", method(&Engine::rsvp), arg("token"), arg("answer"), py::kw_only(),
           arg("comment") = "", arg("sequence") = py::none())
      .def("preview", method(&Engine::preview), scope, event, arg("address"))
      .def("rsvp_token", method(&Engine::rsvp_token), scope, event, arg("address"))
      .def("button", method(&Engine::button), scope, event, arg("preset"), py::kw_only(),
           arg("landing") = "")

      .def("dispatch", dispatch, arg("transport"), py::kw_only(), arg("max_messages") = py::none(),
           arg("lease") = std::chrono::seconds(60), arg("on_receipt") = py::none())
      .def("totals", method(&Engine::totals), scope)
      .def("list_outbox", list_outbox, scope, arg("state"), arg("event") = "")
      .def("statistics", statistics, scope, arg("event") = "")
      .def("list_attendees", list_attendees, scope, event)
      .def("list_receipts", list_receipts, scope, event)
      .def("report", report, scope, arg("event") = "", py::kw_only(),
           arg("format") = ReportFormat::csv)

      .def("list_quarantine", list_quarantine, scope)
      .def("get_quarantined", method(&Engine::get_quarantined), scope, arg("id"))
      .def("drop_quarantined", method(&Engine::drop_quarantined), scope, arg("id"));
}

}  // namespace calinvite::python

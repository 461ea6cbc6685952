/// What an engine takes in, plans and hands over.
#include "aws_options.hpp"
#include "engine.hpp"
#include "sns.hpp"
#include "transports.hpp"

namespace calinvite::python {
namespace {

// ---- ingest ----------------------------------------------------------------------------------

/// @param on_item  must outlive the handler; None: nobody is told
IngestHandler handler_of(const std::optional<py::function>& on_item) {
  return [&on_item](const IngestItem& item) {
    if (!on_item) return;
    Call::current().run(
        [&] {
          (*on_item)(item);
          return true;
        },
        false);
  };
}

/// What tells `on_item` of each item, or collects them in `items` when there is none.
IngestHandler handler_of(const std::optional<py::function>& on_item,
                         std::vector<IngestItem>& items) {
  if (on_item) return handler_of(on_item);
  return [&items](const IngestItem& item) { items.push_back(item); };
}

std::vector<IngestItem> ingest(PyEngine& self, const py::object& data, std::string source,
                               InputKind kind, const std::optional<std::string>& sent_by,
                               std::string domain, std::string timezone, DateOrder date_order,
                               std::optional<std::chrono::sys_seconds> written,
                               std::string_view receipt,
                               std::vector<std::string> envelope_recipients,
                               const std::optional<py::function>& on_item) {
  Source given(data);
  IngestInput input;
  input.bytes = given.bytes();
  input.read = given.reader();
  input.source = std::move(source);
  input.kind = kind;
  input.domain = std::move(domain);
  input.timezone = std::move(timezone);
  input.date_order = date_order;
  input.written = written.value_or(std::chrono::sys_seconds());
  input.receipt = receipt;
  input.envelope_recipients = std::move(envelope_recipients);
  if (sent_by) input.authentication = {true, value(normalize_address(*sent_by)), "host", {}};
  std::vector<IngestItem> items;
  const auto handler = handler_of(on_item, items);
  self.call([&](Engine& engine) { return engine.ingest(input, handler); });
  return items;
}

std::vector<std::optional<Error>> ingest_notifications(PyEngine& self, const py::iterable& texts,
                                                       const std::optional<py::function>& on_item) {
  std::vector<std::string> kept;
  for (const py::handle each : texts) kept.push_back(read_as<std::string>(each, "a notification"));
  const std::vector<std::string_view> views(kept.begin(), kept.end());
  const auto handler = handler_of(on_item);
  return self.call([&](Engine& engine) { return engine.ingest_notifications(views, handler); });
}

std::vector<IngestItem> ingest_sns(PyEngine& self, std::string_view data, SnsTrust trust,
                                   const py::object& certificate, const py::object& confirm,
                                   const std::optional<py::function>& on_item) {
  const SnsOptions options = sns_options_of(std::move(trust), certificate, confirm);
  std::vector<IngestItem> items;
  const auto handler = handler_of(on_item, items);
  self.call([&](Engine& engine) { return engine.ingest_sns(data, options, handler); });
  return items;
}

ReceiveResult receive(PyEngine& self, PyQueue& queue, std::optional<std::uint64_t> max_messages,
                      bool until_empty, std::chrono::seconds wait, std::size_t together,
                      std::uint32_t most_receives, std::optional<SnsTrust> trust,
                      const py::object& certificate, const py::object& confirm, std::string domain,
                      const std::optional<py::function>& on_item,
                      const std::optional<py::function>& stop) {
  ReceiveOptions options;
  options.max_messages = max_messages.value_or(0);
  options.until_empty = until_empty;
  options.wait = wait;
  options.together = together;
  options.most_receives = most_receives;
  if (trust) options.sns = sns_options_of(std::move(*trust), certificate, confirm);
  options.domain = std::move(domain);
  options.stop = [&] {
    const auto ask = [&] {
      check_signals();
      return stop && py::bool_((*stop)());
    };
    return Call::current().run(ask, true);
  };
  const auto handler = handler_of(on_item);
  return self.call([&](Engine& engine) {
    return use(queue, "queue",
               [&](NotificationQueue& held) { return engine.receive(held, options, handler); });
  });
}

bool release_quarantined(PyEngine& self, const Scope& scope, std::int64_t id,
                         const std::optional<std::string>& sent_by, std::string timezone,
                         DateOrder date_order, const std::optional<py::function>& on_item) {
  ReleaseOptions options;
  if (sent_by) options.as = value(normalize_address(*sent_by));
  options.timezone = std::move(timezone);
  options.date_order = date_order;
  const auto handler = handler_of(on_item);
  return self.call(
      [&](Engine& engine) { return engine.release_quarantined(scope, id, options, handler); });
}

Organizer confirm_registration(PyEngine& self, std::string_view token,
                               const std::optional<py::function>& on_item) {
  const auto handler = handler_of(on_item);
  return self.call([&](Engine& engine) { return engine.confirm_registration(token, handler); });
}

// ---- invites ---------------------------------------------------------------------------------

/// Addresses are compared as normalize_address gives them; a text may be `Name <addr>`.
std::vector<InviteRequest> read_requests(const py::iterable& given) {
  std::vector<InviteRequest> requests;
  for (const py::handle each : given) {
    if (py::isinstance<py::str>(each)) {
      Mailbox mailbox = value(parse_mailbox(each.cast<std::string>()));
      requests.push_back({std::move(mailbox.address), std::move(mailbox.name), {}, {}});
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

// ---- sending ---------------------------------------------------------------------------------

/// Whether to go on: not when the callback gives False.
template <class Told>
bool tell(const std::optional<py::function>& callback, const Told& told) {
  if (!callback) return !Call::current().has_raised();
  return Call::current().run([&] { return !(*callback)(told).is(py::handle(Py_False)); }, false);
}

DispatchResult dispatch(PyEngine& self, PyTransport& transport,
                        std::optional<std::uint64_t> max_messages, std::chrono::seconds lease,
                        PaceProfile pace, double max_rate, ReputationLimits reputation,
                        bool wait_while_held, const std::optional<py::function>& on_receipt,
                        const std::optional<py::function>& on_progress) {
  DispatchOptions options;
  options.max_messages = max_messages.value_or(0);
  options.lease = lease;
  options.pace = pace;
  options.max_rate = max_rate;
  options.reputation = reputation;
  options.wait_while_held = wait_while_held;
  options.on_receipt = [&](const Receipt& receipt) { return tell(on_receipt, receipt); };
  options.on_progress = [&](const DispatchProgress& progress) {
    const auto look = [] {
      check_signals();
      return true;
    };
    return Call::current().run(look, false) && tell(on_progress, progress);
  };
  return self.call([&](Engine& engine) {
    return use(transport, "transport",
               [&](Transport& held) { return engine.dispatch(held, options); });
  });
}

/// One of the host.
class PyResolver : public Resolver {
 public:
  explicit PyResolver(py::object resolver) : resolver_(std::move(resolver)) {}
  Result<std::vector<std::string>> txt(const std::string& name) override {
    return ask<std::vector<std::string>>("txt", name);
  }
  Result<std::vector<MailExchanger>> mx(const std::string& name) override {
    return ask<std::vector<MailExchanger>>("mx", name);
  }
  Result<std::optional<std::string>> cname(const std::string& name) override {
    return ask<std::optional<std::string>>("cname", name);
  }

 private:
  template <class T>
  Result<T> ask(const char* kind, const std::string& name) {
    return Call::current().ask(
        [&] { return read_as<T>(resolver_.attr(kind)(name), "a resolver's answer"); });
  }
  py::object resolver_;
};

std::vector<PreflightFinding> preflight(PyEngine& self, const Scope& scope, py::object resolver,
                                        const py::object& aws) {
  const std::unique_ptr<Resolver> ours = resolver.is_none()
                                             ? value(open_resolver())
                                             : std::make_unique<PyResolver>(std::move(resolver));
  std::unique_ptr<SesAccountReader> ses;
  if (!aws.is_none()) {
    SesOptions options = ses_options_of(aws);
    ses = value(without_gil([&] { return open_ses_account_reader(std::move(options)); }));
  }
  return self.call([&](Engine& engine) { return engine.preflight(scope, {*ours, ses.get()}); });
}

}  // namespace

void add_flows(EngineClass& engine) {
  using py::arg;
  const auto scope = arg("scope");
  const auto event = arg("event");
  const auto sent_by = arg("sent_by") = py::none();
  const auto timezone = arg("timezone") = "";
  const auto date_order = arg("date_order") = DateOrder::usual;
  const auto on_item = arg("on_item") = py::none();
  const auto certificate = arg("certificate") = py::none();
  const auto confirm = arg("confirm") = py::none();
  engine
      .def("ingest", ingest, arg("data"), py::kw_only(), arg("source") = "",
           arg("kind") = InputKind::detect, sent_by, arg("domain") = "", timezone, date_order,
           arg("written") = py::none(), arg("receipt") = "",
           arg("envelope_recipients") = std::vector<std::string>(), on_item)
      .def("ingest_notifications", ingest_notifications, arg("texts"), py::kw_only(), on_item)
      .def("ingest_sns", ingest_sns, arg("data"), arg("trust"), py::kw_only(), certificate, confirm,
           on_item)
      .def("receive", receive, arg("queue"), py::kw_only(), arg("max_messages") = py::none(),
           arg("until_empty") = false, arg("wait") = std::chrono::seconds(20),
           arg("together") = 200, arg("most_receives") = 5, arg("trust") = py::none(), certificate,
           confirm, arg("domain") = "", on_item, arg("stop") = py::none())
      .def("find_registration", method(&Engine::find_registration), arg("token"))
      .def("confirm_registration", confirm_registration, arg("token"), py::kw_only(), on_item)
      .def("list_quarantine", paged<>(&Engine::list_quarantine), scope)
      .def("get_quarantined", method(&Engine::get_quarantined), scope, arg("id"))
      .def("release_quarantined", release_quarantined, scope, arg("id"), py::kw_only(), sent_by,
           timezone, date_order, on_item)
      .def("drop_quarantined", method(&Engine::drop_quarantined), scope, arg("id"))

      .def("plan_invites", plan_invites, scope, event, arg("requests"), py::kw_only(),
           arg("origin") = "api")
      .def("invite", invite, scope, event, arg("requests"), py::kw_only(), arg("origin") = "api")
      .def("uninvite", method(&Engine::uninvite), scope, event, arg("address"))
      .def("resend", method(&Engine::resend), scope, event, arg("address"))
      .def("resend_in_doubt", method(&Engine::resend_in_doubt), scope, event)
      .def("resend_outdated", method(&Engine::resend_outdated), scope, event)
      .def("preview", method(&Engine::preview), scope, event, arg("address"))

      .def("dispatch", dispatch, arg("transport"), py::kw_only(), arg("max_messages") = py::none(),
           arg("lease") = std::chrono::seconds(60), arg("pace") = PaceProfile(),
           arg("max_rate") = 0.0, arg("reputation") = ReputationLimits(),
           arg("wait_while_held") = false, arg("on_receipt") = py::none(),
           arg("on_progress") = py::none())
      .def("preflight", preflight, scope, py::kw_only(), arg("resolver") = py::none(),
           arg("aws") = py::none())
      .def("list_accounts", method(&Engine::list_accounts))
      .def("resume_account", method(&Engine::resume_account), arg("key"))
      .def("reputation", method(&Engine::reputation), scope)
      .def("lift_hold", method(&Engine::lift_hold), scope);
}

}  // namespace calinvite::python

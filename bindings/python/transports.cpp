#include "transports.hpp"

#include "aws_options.hpp"
#include "module.hpp"

namespace calinvite::python {
namespace {

std::unique_ptr<PyTransport> hold(Result<std::unique_ptr<Transport>> opened) {
  auto transport = std::make_unique<PyTransport>();
  transport->held = value(std::move(opened));
  return transport;
}

std::unique_ptr<PyTransport> spool(const std::filesystem::path& folder) {
  return hold(open_spool_transport(folder));
}

std::unique_ptr<PyTransport> ses(const py::object& aws, std::size_t max_connections,
                                 std::chrono::seconds answer_timeout) {
  SesOptions options = ses_options_of(aws);
  options.max_connections = max_connections;
  options.answer_timeout = answer_timeout;
  return hold(without_gil([&] { return open_ses_transport(std::move(options)); }));
}

std::unique_ptr<PyTransport> smtp(std::string_view url, std::string password, std::string ca_file,
                                  std::size_t max_connections, std::chrono::seconds command_timeout,
                                  std::chrono::seconds answer_timeout) {
  SmtpOptions options = value(parse_smtp_url(url));
  options.password = std::move(password);
  options.ca_file = std::move(ca_file);
  options.max_connections = max_connections;
  options.command_timeout = command_timeout;
  options.answer_timeout = answer_timeout;
  return hold(open_smtp_transport(std::move(options)));
}

std::unique_ptr<PyTransport> callback(py::function function) {
  return hold(make_callback_transport(
      [send = keep(std::move(function))](const OutgoingMessage& message) -> SendOutcome {
        Call& call = Call::current();
        // What comes after an exception is not tried; what raised it may have been sent.
        if (call.has_raised()) return {{}, SendVerdict::unavailable, {}, "an earlier send raised"};
        return call.run([&] { return read_as<SendOutcome>((*send)(message), "a sender's answer"); },
                        SendOutcome{{}, SendVerdict::in_doubt, {}, "the sender raised"});
      }));
}

std::unique_ptr<PyQueue> sqs(std::string url, const py::object& aws,
                             std::chrono::seconds visibility, std::chrono::seconds answer_timeout) {
  SqsOptions options{std::move(url), service_options_of(aws, "sqs"), visibility, answer_timeout};
  auto queue = std::make_unique<PyQueue>();
  queue->held = value(without_gil([&] { return open_sqs_queue(std::move(options)); }));
  return queue;
}

}  // namespace

void add_transports(py::module_& module) {
  using py::arg;
  const py::class_<PyTransport> transport(module, "Transport",
                                          "Takes finished messages and answers for them.");
  module.def("open_spool_transport", spool, arg("folder"),
             "Writes each message as FOLDER/new/ATTEMPT.eml.");
  module.def("open_ses_transport", ses, arg("aws"), py::kw_only(), arg("max_connections") = 32,
             arg("answer_timeout") = std::chrono::seconds(60), "Amazon SES, API v2 over TLS.");
  module.def("open_smtp_transport", smtp, arg("url"), py::kw_only(), arg("password") = "",
             arg("ca_file") = "", arg("max_connections") = 8,
             arg("command_timeout") = std::chrono::seconds(60),
             arg("answer_timeout") = std::chrono::seconds(600), "A server that speaks SMTP.");
  module.def("make_callback_transport", callback, arg("send"),
             "Hands each message to a function, which sends it at once.");

  const py::class_<PyQueue> queue(module, "NotificationQueue",
                                  "Hands out notifications of SES until they are taken in.");
  module.def("open_sqs_queue", sqs, arg("url"), arg("aws"), py::kw_only(),
             arg("visibility") = std::chrono::seconds(60),
             arg("answer_timeout") = std::chrono::seconds(30), "Amazon SQS over TLS.");
}

}  // namespace calinvite::python

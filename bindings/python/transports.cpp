#include "transports.hpp"

#include "module.hpp"

namespace calinvite::python {
namespace {

std::unique_ptr<PyTransport> spool(const std::filesystem::path& folder) {
  auto held = std::make_unique<PyTransport>();
  held->transport = value(open_spool_transport(folder));
  return held;
}

std::unique_ptr<PyTransport> ses(std::string region, AwsCredentials credentials,
                                 std::string endpoint, std::string ca_file,
                                 std::size_t max_connections, std::chrono::seconds answer_timeout) {
  SesOptions options;
  options.region = std::move(region);
  options.credentials = std::move(credentials);
  options.endpoint = std::move(endpoint);
  options.ca_file = std::move(ca_file);
  options.max_connections = max_connections;
  options.answer_timeout = answer_timeout;
  options.clock = system_time;
  auto held = std::make_unique<PyTransport>();
  held->transport = value(open_ses_transport(std::move(options)));
  return held;
}

std::unique_ptr<PyTransport> callback(py::function send) {
  auto held = std::make_unique<PyTransport>();
  held->transport =
      make_callback_transport([send, &own = *held](const OutgoingMessage& message) -> SendOutcome {
        // What comes after an exception is not tried; what raised it may have been sent.
        if (*own.raised) return {{}, SendVerdict::unavailable, {}, "an earlier send raised"};
        return own.raised->run(
            [&] { return read_as<SendOutcome>(send(message), "a sender's answer"); },
            SendOutcome{{}, SendVerdict::in_doubt, {}, "the sender raised"});
      });
  return held;
}

}  // namespace

void add_transports(py::module_& module) {
  using py::arg;
  const py::class_<PyTransport> transport(module, "Transport",
                                          "Takes finished messages and answers for them.");
  module.def("open_spool_transport", spool, arg("folder"),
             "Writes each message as FOLDER/new/ATTEMPT.eml.");
  module.def("open_ses_transport", ses, py::kw_only(), arg("region"), arg("credentials"),
             arg("endpoint") = "", arg("ca_file") = "", arg("max_connections") = 32,
             arg("answer_timeout") = std::chrono::seconds(60), "Amazon SES, API v2 over TLS.");
  module.def("make_callback_transport", callback, arg("send"),
             "Hands each message to a function, which sends it at once.");
}

}  // namespace calinvite::python

#include "sns.hpp"

#include "aws_options.hpp"
#include "calinvite/queue.hpp"
#include "module.hpp"

namespace calinvite::python {

FetchCertificate fetch_of(const py::object& certificate) {
  static SnsCertificates ours({});
  if (certificate.is_none()) return [](const std::string& url) { return ours.get(url); };
  return [kept = keep(certificate)](const std::string& url) {
    return Call::current().ask(
        [&] { return read_as<std::string>((*kept)(url), "what certificate() gives"); });
  };
}

SnsOptions sns_options_of(SnsTrust trust, const py::object& certificate,
                          const py::object& confirm) {
  SnsOptions options{std::move(trust), fetch_of(certificate), {}};
  if (!confirm.is_none()) {
    options.confirm = [kept = keep(confirm)](const SnsMessage& message) {
      return Call::current().ask([&] { (*kept)(message); });
    };
  }
  return options;
}

namespace {

SnsMessage authenticate(std::string_view data, const SnsTrust& trust, std::chrono::sys_seconds now,
                        const py::object& certificate) {
  const FetchCertificate fetch = fetch_of(certificate);
  return value(without_gil([&] { return authenticate_sns(data, trust, fetch, now); }));
}

void confirm(const py::object& aws, const std::string& topic_arn, const std::string& token) {
  AwsServiceOptions options = service_options_of(aws, "sns");
  value(
      without_gil([&] { return confirm_sns_subscription(std::move(options), topic_arn, token); }));
}

}  // namespace

void add_sns(py::module_& module) {
  using py::arg;
  module.def(
      "parse_notification",
      [](std::string_view data) {
        return value(without_gil([&] { return parse_notification(data); }));
      },
      arg("data"), "Reads a notification of SES: a fact for each recipient.");
  module.def(
      "parse_inbound_notification",
      [](std::string_view data) {
        return value(without_gil([&] { return parse_inbound_notification(data); }));
      },
      arg("data"), "Reads SES's notice that a mail came in.");
  module.def("authenticate_sns", authenticate, arg("data"), arg("trust"), py::kw_only(), arg("now"),
             arg("certificate") = py::none(),
             "Reads what SNS sent and verifies that a topic of `trust` sent it.");
  module.def("confirm_sns_subscription", confirm, arg("aws"), arg("topic_arn"), arg("token"),
             "Confirms a subscription through SNS's API.");
}

}  // namespace calinvite::python

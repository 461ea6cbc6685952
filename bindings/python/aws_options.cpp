#include "aws_options.hpp"

#include <map>

#include "calinvite/engine.hpp"

namespace calinvite::python {
namespace {

/// Calls for keys during a send or a request.
std::shared_ptr<CredentialsSource> source_of(py::object function) {
  return std::make_shared<CredentialsSource>([fetch = keep(std::move(function))] {
    return Call::current().ask([&] {
      const py::object keys = (*fetch)();
      if (py::isinstance(keys, class_for<TimedCredentials>())) return keys.cast<TimedCredentials>();
      return TimedCredentials{read_as<AwsCredentials>(keys, "what credentials() gives"), {}};
    });
  });
}

/// A copy of what is there now, which is looked at without the GIL.
AwsEnvironment environment_of(const py::object& mapping, py::handle home) {
  std::map<std::string, std::string> variables;
  for (const py::handle name : mapping) {
    variables.emplace(read_as<std::string>(name, "AwsOptions.environment"),
                      read_as<std::string>(mapping[name], "AwsOptions.environment"));
  }
  AwsEnvironment environment;
  environment.variable = [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  environment.home = read_as<std::filesystem::path>(home, "home", "AwsOptions");
  return environment;
}

/// Calls for the present during a send or a request.
Clock clock_of(py::object function) {
  const Kept clock = keep(std::move(function));
  if (!clock) return system_time;
  return [clock] {
    return Call::current().run(
        [&] { return read_as<std::chrono::sys_seconds>((*clock)(), "a clock's answer"); },
        system_time());
  };
}

std::string text_of(py::handle given, const char* name) {
  return read_as<std::string>(given.attr(name), name, "AwsOptions");
}

/// What SES and the other services have in common.
/// @param find  the options of an environment and a region
template <class Options, class Find>
Options options_of(py::handle given, Find find) {
  if (!py::isinstance(given, class_of("AwsOptions"))) {
    throw py::type_error("expected AwsOptions");
  }
  Options options;
  const py::object environment = given.attr("environment");
  if (!environment.is_none()) {
    options =
        value(find(environment_of(environment, given.attr("home")), text_of(given, "region")));
  }
  const auto override_with = [&](const char* name, std::string& text) {
    if (auto wanted = text_of(given, name); !wanted.empty()) text = std::move(wanted);
  };
  override_with("region", options.region);
  override_with("endpoint", options.endpoint);
  override_with("ca_file", options.ca_file);
  options.fips = options.fips || given.attr("fips").cast<bool>();
  options.dual_stack = options.dual_stack || given.attr("dual_stack").cast<bool>();
  options.clock = clock_of(given.attr("clock"));
  const py::object credentials = given.attr("credentials");
  if (PyCallable_Check(credentials.ptr()) != 0) {
    options.source = source_of(credentials);
  } else if (!credentials.is_none()) {
    options.source = nullptr;
    options.credentials = read_as<AwsCredentials>(credentials, "credentials", "AwsOptions");
  }
  return options;
}

}  // namespace

SesOptions ses_options_of(py::handle given) {
  return options_of<SesOptions>(given, [](const AwsEnvironment& environment, std::string region) {
    return find_ses_options(environment, std::move(region));
  });
}

AwsServiceOptions service_options_of(py::handle given, const std::string& service) {
  return options_of<AwsServiceOptions>(
      given, [&](const AwsEnvironment& environment, std::string region) {
        return find_aws_service(environment, service, std::move(region));
      });
}

}  // namespace calinvite::python

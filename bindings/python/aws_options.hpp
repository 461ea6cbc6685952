/// AwsOptions of Python, as the services of AWS want them.
#pragma once

#include "calinvite/queue.hpp"
#include "calinvite/transport.hpp"
#include "callbacks.hpp"

namespace calinvite::python {

SesOptions ses_options_of(py::handle given);
/// @param service  such as sqs
AwsServiceOptions service_options_of(py::handle given, const std::string& service);

}  // namespace calinvite::python

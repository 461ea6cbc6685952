/// Whose messages of SNS a Python program believes, and what it does with confirmations.
#pragma once

#include "calinvite/engine.hpp"
#include "callbacks.hpp"

namespace calinvite::python {

/// What an empty `certificate` stands for: certificates are fetched from SNS and kept.
FetchCertificate fetch_of(const py::object& certificate);
SnsOptions sns_options_of(SnsTrust trust, const py::object& certificate, const py::object& confirm);

}  // namespace calinvite::python

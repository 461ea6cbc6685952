/// What each file adds to the module.
#pragma once

#include <pybind11/pybind11.h>

namespace calinvite::python {

void add_readers(pybind11::module_& module);  ///< calendars and lists
void add_signing(pybind11::module_& module);  ///< AWS requests, tokens and addresses
void add_mail(pybind11::module_& module);     ///< one mail or calendar, and the rules
void add_composer(pybind11::module_& module);
void add_sns(pybind11::module_& module);  ///< what SES and SNS say
void add_transports(pybind11::module_& module);
void add_engine(pybind11::module_& module);
void add_web(pybind11::module_& module);  ///< the pages of an engine's links

}  // namespace calinvite::python

/// What each file adds to the module.
#pragma once

#include <pybind11/pybind11.h>

namespace calinvite::python {

void add_readers(pybind11::module_& module);  ///< calendars and lists
void add_signing(pybind11::module_& module);  ///< AWS requests and link tokens
void add_transports(pybind11::module_& module);
void add_engine(pybind11::module_& module);

}  // namespace calinvite::python

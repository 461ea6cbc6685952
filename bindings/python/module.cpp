/// The extension module calinvite._calinvite, over the public C++ headers alone.
#include "module.hpp"

#include "calinvite/version.hpp"
#include "values.hpp"

PYBIND11_MODULE(_calinvite, module) {
  namespace python = calinvite::python;
  module.def(
      "version", [] { return python::text(calinvite::version()); },
      "The version of the library, such as \"0.1.0\".");
  python::add_readers(module);
  python::add_signing(module);
  python::add_transports(module);
  python::add_engine(module);
}

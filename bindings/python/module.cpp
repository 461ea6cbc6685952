/// The extension module calinvite._calinvite, over the public C++ headers alone.
#include "module.hpp"

#include <map>

#include "calinvite/version.hpp"
#include "times.hpp"
#include "values.hpp"

PYBIND11_MODULE(_calinvite, module) {
  namespace python = calinvite::python;
  python::import_times();
  module.def(
      "version", [] { return python::text(calinvite::version()); },
      "The version of the library, such as \"0.1.0\".");
  module.def(
      "features",
      [] {
        const auto all = calinvite::features();
        return std::vector<std::string_view>(all.begin(), all.end());
      },
      "What is built in, such as store:sqlite or transport:ses.");
  module.def(
      "dependencies",
      [] {
        std::map<std::string_view, std::string_view> versions;
        for (const auto& each : calinvite::dependencies()) versions[each.name] = each.version;
        return versions;
      },
      "The libraries that this one was built against: name and version.");
  python::add_readers(module);
  python::add_signing(module);
  python::add_mail(module);
  python::add_composer(module);
  python::add_sns(module);
  python::add_transports(module);
  python::add_engine(module);
  python::add_web(module);
}

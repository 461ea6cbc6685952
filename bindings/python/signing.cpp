/// Requests to AWS and link tokens: what is signed.
#include "module.hpp"
#include "values.hpp"

namespace calinvite::python {
namespace {

AwsRequest sign(const AwsSigner& signer, AwsRequest request, const SigningScope& scope) {
  value(signer.sign(request, scope));
  return request;
}

std::string mint(const LinkToken& token, const KeyRing& ring) {
  if (ring.empty()) refuse("the key ring is empty", "ring");
  return mint_link_token(token, ring);
}

LinkToken verify(std::string_view text, TokenPurpose purpose, const KeyRing& ring,
                 std::chrono::sys_seconds now) {
  return value(verify_link_token(text, purpose, ring, now));
}

}  // namespace

void add_signing(py::module_& module) {
  using py::arg;
  py::class_<AwsSigner>(module, "AwsSigner", "Signs by AWS Signature Version 4.")
      .def(py::init<AwsCredentials>(), arg("credentials"))
      .def("sign", sign, arg("request"), arg("scope"),
           "The request with X-Amz-Date, Authorization and what else it needs.");

  py::class_<KeyRing>(module, "KeyRing", "Signing keys of a domain: the newest signs, all verify.")
      .def(py::init<std::vector<TokenKey>>(), arg("oldest_first") = py::tuple())
      .def("add", &KeyRing::add, arg("key"), "Adds a key, from now on the newest.");
  module.def("mint_link_token", mint, arg("token"), arg("ring"),
             "Makes a token of 54 base64url characters.");
  module.def("verify_link_token", verify, arg("text"), arg("purpose"), arg("ring"), py::kw_only(),
             arg("now"), "What a token says that was made for this purpose and has not expired.");
}

}  // namespace calinvite::python

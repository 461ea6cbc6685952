/// Requests to AWS and link tokens: what is signed.
#include "callbacks.hpp"
#include "module.hpp"

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

/// The system's generator, unless there is a function. That one runs under the GIL, by which it can
/// raise at once.
Random random_of(const py::object& function) {
  if (function.is_none()) return system_random;
  return [&function](std::span<std::uint8_t> out) { fill_random(function, out); };
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

  module.def(
      "mint_uid",
      [](std::chrono::sys_seconds now, const py::object& random) {
        return mint_uid(random_of(random), now);
      },
      py::kw_only(), arg("now"), arg("random") = py::none(), "A fresh UID of a copy.");
  module.def(
      "mint_address_token",
      [](const py::object& random) { return mint_address_token(random_of(random)); }, py::kw_only(),
      arg("random") = py::none(), "A token for the organizer address of a copy.");
  module.def(
      "token_address",
      [](std::string_view local_part, std::string_view token, std::string_view reply_domain,
         char separator) {
        return value(token_address(local_part, token, reply_domain, separator));
      },
      arg("local_part"), arg("token"), arg("reply_domain"), py::kw_only(), arg("separator") = '+',
      "The address that holds a token.");
  module.def("address_token", address_token, arg("address"), arg("reply_domain"),
             "The token that an address holds.");
  module.def(
      "normalize_address",
      [](std::string_view address) { return value(normalize_address(address)); }, arg("address"),
      "The one form in which addresses are stored and compared.");
  module.def(
      "client_name", [](std::string_view prodid) { return text(client_name(prodid)); },
      arg("prodid"), "What people call the program that writes this PRODID.");
}

}  // namespace calinvite::python

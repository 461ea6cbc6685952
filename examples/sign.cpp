// Signs a request to AWS (Signature Version 4), for an HTTP client of your own.
#include <calinvite/aws.hpp>

#include "check.hpp"

using namespace calinvite;

int main() {
  // One for each thread: it keeps what of a key is the same all day.
  const AwsSigner signer({"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""});
  AwsRequest request{.path = "/v2/email/outbound-emails"};
  request.headers = {{"Host", "email.eu-central-1.amazonaws.com"},
                     {"Content-Type", "application/json"}};
  request.body = R"({"Content": {"Raw": {"Data": "..."}}})";

  using namespace std::chrono;
  SigningScope scope{.region = "eu-central-1", .service = "ses"};
  scope.time = sys_days(2037y / March / 1) + hours(12);  // in earnest the present
  check(signer.sign(request, scope));
  for (const auto& [name, value] : request.headers) {
    std::printf("%s: %s\n", name.c_str(), value.c_str());
  }

  request.headers.clear();
  const auto refused = signer.sign(request, scope);
  std::printf("without Host: %s\n", refused ? "signed" : code_name(refused.error().code).data());
  return 0;
}

/* Signs a request to AWS (Signature Version 4), for an HTTP client of your own. */
#include "check.h"

int main(void) {
  calinvite_error* error;
  calinvite_aws_signer*
      signer; /* one for each thread: it keeps what of a key is the same all day */
  check(calinvite_aws_signer_new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL,
                                 &signer, &error),
        &error);
  const calinvite_header headers[] = {{"Host", "email.eu-central-1.amazonaws.com"},
                                      {"Content-Type", "application/json"}};
  calinvite_aws_request request = CALINVITE_AWS_REQUEST_INIT;
  request.path = "/v2/email/outbound-emails";
  request.headers = headers;
  request.header_count = 2;
  request.body = "{\"Content\": {\"Raw\": {\"Data\": \"...\"}}}";
  request.body_size = strlen(request.body);

  calinvite_signing_scope scope = CALINVITE_SIGNING_SCOPE_INIT;
  scope.region = "eu-central-1";
  scope.time = 2119521600;       /* 2037-03-01T12:00:00Z; in earnest the present */
  const calinvite_header* added; /* the signer's, until it signs the next */
  size_t count;
  check(calinvite_sign(signer, &request, &scope, &added, &count, &error), &error);
  for (size_t i = 0; i < request.header_count; ++i) {
    printf("%s: %s\n", headers[i].name, headers[i].value);
  }
  for (size_t i = 0; i < count; ++i) printf("%s: %s\n", added[i].name, added[i].value);

  request.header_count = 0;
  const calinvite_status refused = calinvite_sign(signer, &request, &scope, &added, &count, NULL);
  printf("without Host: %s\n", calinvite_status_name(refused));
  calinvite_aws_signer_free(signer);
  return 0;
}

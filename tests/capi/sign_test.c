/* Signing a request to SES from C. */
#include "calinvite.h"
#include "check.h"

static const char* find(const calinvite_header* headers, size_t count, const char* name) {
  for (size_t i = 0; i < count; ++i) {
    if (strcmp(headers[i].name, name) == 0) return headers[i].value;
  }
  return NULL;
}

static calinvite_aws_signer* new_signer(const char* session_token) {
  calinvite_aws_signer* signer = NULL;
  CHECK(calinvite_aws_signer_new("AKIAIOSFODNN7SAMPLE", "q3/Test+Secret0000000000000000000000000x",
                                 session_token, &signer, NULL) == CALINVITE_OK);
  return signer;
}

/* The third case of tests/data/aws/sigv4.json. */
static void signs_like_botocore(void) {
  calinvite_aws_signer* signer = new_signer(NULL);
  const calinvite_header host = {"Host", "email.eu-central-1.amazonaws.com"};
  calinvite_aws_request request = CALINVITE_AWS_REQUEST_INIT;
  request.method = "GET";
  request.path = "/v2/email/suppression/addresses/fan%2B0001%2F%C3%A9%40example.net";
  request.headers = &host;
  request.header_count = 1;
  calinvite_signing_scope scope = CALINVITE_SIGNING_SCOPE_INIT;
  scope.region = "eu-central-1";
  scope.time = 1806193800; /* 2027-03-28T00:30:00Z */
  const calinvite_header* added = NULL;
  size_t count = 0;
  CHECK(calinvite_sign(signer, &request, &scope, &added, &count, NULL) == CALINVITE_OK);
  CHECK(count == 2);
  CHECK_TEXT(find(added, count, "X-Amz-Date"), "20270328T003000Z");
  CHECK_TEXT(find(added, count, "Authorization"),
             "AWS4-HMAC-SHA256 "
             "Credential=AKIAIOSFODNN7SAMPLE/20270328/eu-central-1/ses/aws4_request, "
             "SignedHeaders=host;x-amz-date, "
             "Signature=1a22797e58caf7f3ff6532c3a52d8d5e8b892f5694fc9149fa6dc180912f83e2");
  calinvite_aws_signer_free(signer);
}

static void adds_the_session_token(void) {
  calinvite_aws_signer* signer = new_signer("session");
  const calinvite_header headers[] = {{"Host", "localhost"}, {"Content-Type", "application/json"}};
  calinvite_aws_request request = CALINVITE_AWS_REQUEST_INIT;
  request.headers = headers;
  request.header_count = 2;
  request.body = "{}";
  request.body_size = 2;
  calinvite_signing_scope scope = CALINVITE_SIGNING_SCOPE_INIT;
  scope.region = "eu-central-1";
  scope.sign_body_header = 1;
  const calinvite_header* added = NULL;
  size_t count = 0;
  CHECK(calinvite_sign(signer, &request, &scope, &added, &count, NULL) == CALINVITE_OK);
  CHECK(count == 4);
  CHECK_TEXT(find(added, count, "X-Amz-Security-Token"), "session");
  CHECK_TEXT(find(added, count, "X-Amz-Content-Sha256"),
             "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  calinvite_aws_signer_free(signer);
  calinvite_aws_signer_free(NULL);
}

static void refuses_what_it_cannot_sign(void) {
  calinvite_aws_signer* signer = new_signer(NULL);
  calinvite_aws_request request = CALINVITE_AWS_REQUEST_INIT;
  calinvite_signing_scope scope = CALINVITE_SIGNING_SCOPE_INIT;
  scope.region = "eu-central-1";
  const calinvite_header* added = NULL;
  size_t count = 0;
  calinvite_error* error = NULL;
  CHECK(calinvite_sign(signer, &request, &scope, &added, &count, &error) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_field(error), "Host");
  calinvite_error_free(error);

  request.header_count = 1; /* and no headers */
  CHECK(calinvite_sign(signer, &request, &scope, &added, &count, &error) ==
        CALINVITE_INVALID_ARGUMENT);
  CHECK_TEXT(calinvite_error_field(error), "request.headers");
  calinvite_error_free(error);
  CHECK(calinvite_sign(NULL, &request, &scope, &added, &count, NULL) == CALINVITE_INVALID_ARGUMENT);
  CHECK(added == NULL && count == 0);
  calinvite_aws_signer_free(signer);
}

int main(void) {
  signs_like_botocore();
  adds_the_session_token();
  refuses_what_it_cannot_sign();
  return failures;
}

#include "calinvite/aws.hpp"

#include <memory>

#include "guard.hpp"

namespace capi = calinvite::capi;

struct calinvite_aws_signer {
  explicit calinvite_aws_signer(calinvite::AwsCredentials keys) : signer(std::move(keys)) {}
  calinvite::AwsSigner signer;
  std::vector<std::pair<std::string, std::string>> added;
  std::vector<calinvite_header> lent;
};

namespace {

calinvite::AwsRequest request_of(const calinvite_aws_request& given) {
  calinvite::AwsRequest request;
  request.method = capi::text_or(given.method, request.method);
  request.path = capi::text_or(given.path, request.path);
  request.query = capi::text_or(given.query);
  request.body = capi::bytes_of(given.body, given.body_size, "request.body");
  for (std::size_t i = 0; i < given.header_count; ++i) {
    const calinvite_header& header = capi::needed(given.headers, "request.headers")[i];
    request.headers.emplace_back(capi::needed_text(header.name, "request.headers.name"),
                                 capi::needed_text(header.value, "request.headers.value"));
  }
  return request;
}

calinvite::SigningScope scope_of(const calinvite_signing_scope& given) {
  calinvite::SigningScope scope;
  scope.region = capi::needed_text(given.region, "scope.region");
  scope.service = capi::text_or(given.service, scope.service);
  scope.time = std::chrono::sys_seconds(std::chrono::seconds(given.time));
  scope.normalize_path = given.raw_path == 0;
  scope.double_encode_path = given.raw_path == 0;
  scope.sign_body_header = given.sign_body_header != 0;
  return scope;
}

}  // namespace

calinvite_status calinvite_aws_signer_new(const char* access_key_id, const char* secret_access_key,
                                          const char* session_token,
                                          calinvite_aws_signer** signer_out,
                                          calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    *capi::needed(signer_out, "signer_out") = nullptr;
    calinvite::AwsCredentials keys;
    keys.access_key_id = capi::needed_text(access_key_id, "access_key_id");
    keys.secret_access_key = capi::needed_text(secret_access_key, "secret_access_key");
    keys.session_token = capi::text_or(session_token);
    *signer_out = std::make_unique<calinvite_aws_signer>(std::move(keys)).release();
  });
}

void calinvite_aws_signer_free(calinvite_aws_signer* signer) noexcept { delete signer; }

calinvite_status calinvite_sign(calinvite_aws_signer* signer, const calinvite_aws_request* request,
                                const calinvite_signing_scope* scope,
                                const calinvite_header** headers_out, size_t* header_count_out,
                                calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    calinvite_aws_signer& own = *capi::needed(signer, "signer");
    capi::needed(headers_out, "headers_out");
    capi::needed(header_count_out, "header_count_out");
    auto unsigned_request = request_of(capi::read(capi::needed(request, "request"), "request"));
    auto& headers = unsigned_request.headers;
    const auto given = static_cast<std::ptrdiff_t>(headers.size());
    capi::value(own.signer.sign(unsigned_request,
                                scope_of(capi::read(capi::needed(scope, "scope"), "scope"))));
    own.lent.clear();
    own.added.assign(std::make_move_iterator(headers.begin() + given),
                     std::make_move_iterator(headers.end()));
    for (const auto& [name, value] : own.added) own.lent.push_back({name.c_str(), value.c_str()});
    *headers_out = own.lent.data();
    *header_count_out = own.lent.size();
  });
}

#include <algorithm>

#include "aws/canonical.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"
#include "calinvite/time.hpp"

namespace calinvite {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view hash_header = "x-amz-content-sha256";

void append_hex(std::string& out, const crypto::Digest& digest) {
  for (const std::uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 0xf];
  }
}

}  // namespace

/// The texts keep their memory from one request to the next.
struct AwsSigner::Impl {
  AwsCredentials credentials;
  aws::CanonicalHeaders headers;
  std::string timestamp;  ///< YYYYMMDDTHHMMSSZ; its day is that of the scope
  std::string credential_scope;
  std::string body_hash;
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
  std::string authorization;

  std::string key_scope;  ///< that `key` belongs to; empty: none yet
  crypto::Digest key{};

  Result<void> check(const AwsRequest& request, const SigningScope& scope) const;
  void add_headers(AwsRequest& request, const SigningScope& scope);
  const crypto::Digest& signing_key(const SigningScope& scope);
  Result<void> sign(AwsRequest& request, const SigningScope& scope);
};

Result<void> AwsSigner::Impl::check(const AwsRequest& request, const SigningScope& scope) const {
  bool has_host = false;
  for (const auto& [name, value] : request.headers) {
    has_host = has_host || text::iequals(name, "host");
    const bool ours = text::iequals(name, "x-amz-date") || text::iequals(name, "authorization") ||
                      text::iequals(name, "x-amz-security-token") ||
                      (scope.sign_body_header && text::iequals(name, hash_header));
    if (ours) {
      return fail(Code::invalid_argument, "header " + name + " is added by signing; leave it out",
                  {{}, 0, 0, name});
    }
  }
  if (has_host) return {};
  return fail(Code::invalid_argument, "a request without a Host header cannot be signed",
              {{}, 0, 0, "Host"});
}

void AwsSigner::Impl::add_headers(AwsRequest& request, const SigningScope& scope) {
  // S3 lets a caller name another hash, such as UNSIGNED-PAYLOAD, and then signs that word.
  const auto given =
      std::find_if(request.headers.begin(), request.headers.end(),
                   [](const auto& header) { return text::iequals(header.first, hash_header); });
  body_hash.clear();
  if (given != request.headers.end()) {
    body_hash = text::trim(given->second);
  } else {
    append_hex(body_hash, crypto::sha256(request.body));
  }
  request.headers.reserve(request.headers.size() + 4);
  request.headers.emplace_back("X-Amz-Date", timestamp);
  if (scope.sign_body_header) request.headers.emplace_back("X-Amz-Content-Sha256", body_hash);
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }
}

const crypto::Digest& AwsSigner::Impl::signing_key(const SigningScope& scope) {
  if (key_scope == credential_scope) return key;
  key_scope.clear();
  const std::string secret = "AWS4" + credentials.secret_access_key;
  const std::string_view day = std::string_view(timestamp).substr(0, 8);
  const auto bytes = [](const std::string& text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  key = crypto::hmac_sha256(bytes(secret), day);
  key = crypto::hmac_sha256(key, scope.region);
  key = crypto::hmac_sha256(key, scope.service);
  key = crypto::hmac_sha256(key, "aws4_request");
  key_scope = credential_scope;
  return key;
}

Result<void> AwsSigner::Impl::sign(AwsRequest& request, const SigningScope& scope) {
  if (auto checked = check(request, scope); !checked) return checked;
  timestamp = format_basic(std::chrono::local_seconds(scope.time.time_since_epoch())) + 'Z';
  credential_scope.assign(timestamp, 0, 8);
  credential_scope.append("/").append(scope.region).append("/").append(scope.service);
  credential_scope.append("/aws4_request");

  add_headers(request, scope);
  headers.read(request.headers);

  canonical_request.assign(request.method).append("\n");
  aws::append_canonical_path(canonical_request, request.path, scope.normalize_path,
                             scope.double_encode_path);
  canonical_request += '\n';
  aws::append_canonical_query(canonical_request, request.query);
  canonical_request += '\n';
  headers.append_block(canonical_request);
  canonical_request += '\n';
  headers.append_names(canonical_request);
  canonical_request.append("\n").append(body_hash);

  string_to_sign.assign(algorithm).append("\n").append(timestamp).append("\n");
  string_to_sign.append(credential_scope).append("\n");
  append_hex(string_to_sign, crypto::sha256(canonical_request));
  signature.clear();
  append_hex(signature, crypto::hmac_sha256(signing_key(scope), string_to_sign));

  authorization.assign(algorithm).append(" Credential=").append(credentials.access_key_id);
  authorization.append("/").append(credential_scope).append(", SignedHeaders=");
  headers.append_names(authorization);
  authorization.append(", Signature=").append(signature);
  request.headers.emplace_back("Authorization", authorization);
  return {};
}

AwsSigner::AwsSigner(AwsCredentials credentials) : impl_(std::make_unique<Impl>()) {
  impl_->credentials = std::move(credentials);
}
AwsSigner::~AwsSigner() = default;
AwsSigner::AwsSigner(AwsSigner&&) noexcept = default;
AwsSigner& AwsSigner::operator=(AwsSigner&&) noexcept = default;

Result<void> AwsSigner::sign(AwsRequest& request, const SigningScope& scope) const {
  return impl_->sign(request, scope);
}

Result<Signature> AwsSigner::explain(AwsRequest request, const SigningScope& scope) const {
  if (auto signed_request = impl_->sign(request, scope); !signed_request) {
    return tl::unexpected(std::move(signed_request.error()));
  }
  Signature texts;
  texts.canonical_request = impl_->canonical_request;
  texts.string_to_sign = impl_->string_to_sign;
  impl_->headers.append_names(texts.signed_headers);
  texts.signature = impl_->signature;
  texts.authorization = impl_->authorization;
  return texts;
}

}  // namespace calinvite

#include "calinvite/aws.hpp"

#include <memory>

#include "answer.hpp"
#include "calinvite/sns.hpp"
#include "sns_trust.hpp"
#include "values.hpp"

namespace calinvite::capi {

static void fill(calinvite_ses_fact& to, const SesFact& from, Arena& arena) {
  LEND(kind);
  LEND(address);
  LEND(message_id);
  LEND(attempt_id);
  LEND(detail);
  LEND(feedback_id);
  LEND(time);
  LEND(permanent);
}
CALINVITE_FILL_LIST(calinvite_ses_fact, SesFact)

static void fill(calinvite_inbound_notification& to, const InboundNotification& from,
                 Arena& arena) {
  LEND(message_id);
  LEND(source);
  LEND_LIST(recipients, recipient);
  LEND(header_message_id);
  LEND(spam);
  LEND(virus);
  LEND(spf);
  LEND(dkim);
  LEND(dmarc);
  LEND(dmarc_policy);
  LEND(action);
  LEND(bucket);
  LEND(object_key);
  LEND(content);
  to.content_size = from.content ? from.content->size() : 0;
  LEND(time);
  to.has_content = from.content ? 1 : 0;
  LEND(setup);
}

static void fill(calinvite_sns_message& to, const SnsMessage& from, Arena& arena) {
  LEND(type);
  LEND(message_id);
  LEND(topic_arn);
  LEND(subject);
  LEND(message);
  LEND(timestamp);
  LEND(token);
  LEND(subscribe_url);
  LEND(certificate_url);
}

SnsTrust trust_of(const calinvite_sns_trust& given) {
  SnsTrust trust;
  trust.topics = texts_of(given.topics, given.topic_count, "trust.topics");
  trust.accounts = texts_of(given.accounts, given.account_count, "trust.accounts");
  if (given.max_age_seconds == UINT32_MAX) {
    trust.max_age = std::chrono::seconds(0);
  } else if (given.max_age_seconds != 0) {
    trust.max_age = std::chrono::seconds(given.max_age_seconds);
  }
  return trust;
}

FetchCertificate fetch_of(const calinvite_sns_trust& given) {
  needed(given.fetch_certificate, "trust.fetch_certificate");
  return [given](const std::string& url) -> Result<std::string> {
    calinvite_answer answer;
    const auto status = given.fetch_certificate(url.c_str(), &answer, given.user_data);
    if (status != CALINVITE_OK || answer.records.empty()) {
      return tl::unexpected<Error>(failure_of(status, "the caller has no certificate of SNS"));
    }
    return answer.records.front();
  };
}

}  // namespace calinvite::capi

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
  request.headers = capi::headers_of(given.headers, given.header_count, "request.headers");
  return request;
}

calinvite::SigningScope scope_of(const calinvite_signing_scope& given) {
  calinvite::SigningScope scope;
  scope.region = capi::needed_text(given.region, "scope.region");
  scope.service = capi::text_or(given.service, scope.service);
  scope.time = capi::time_of(given.time);
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
  capi::clear(signer_out);
  return capi::guard(error_out, [&] {
    capi::needed(signer_out, "signer_out");
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
  capi::clear(headers_out, header_count_out);
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

calinvite_status calinvite_parse_notification(const char* json, size_t size,
                                              const calinvite_ses_fact_list** facts_out,
                                              calinvite_error** error_out) noexcept {
  return capi::giving(facts_out, error_out, [&] {
    return calinvite::parse_notification(capi::bytes_of(json, size, "json"));
  });
}

calinvite_status calinvite_parse_inbound_notification(
    const char* json, size_t size, const calinvite_inbound_notification** notification_out,
    calinvite_error** error_out) noexcept {
  return capi::giving(notification_out, error_out, [&] {
    return calinvite::parse_inbound_notification(capi::bytes_of(json, size, "json"));
  });
}

calinvite_status calinvite_authenticate_sns(const char* json, size_t size,
                                            const calinvite_sns_trust* trust, int64_t now,
                                            const calinvite_sns_message** message_out,
                                            calinvite_error** error_out) noexcept {
  return capi::giving(message_out, error_out, [&] {
    const auto given = capi::read(capi::needed(trust, "trust"), "trust");
    return calinvite::authenticate_sns(capi::bytes_of(json, size, "json"), capi::trust_of(given),
                                       capi::fetch_of(given), capi::time_of(now));
  });
}

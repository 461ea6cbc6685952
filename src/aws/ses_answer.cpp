#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite {
namespace {

/// "com.amazonaws.ses#Code:http://..." becomes "Code" (botocore's rules).
std::string_view bare_code(std::string_view type) {
  type = type.substr(0, type.find(':'));
  return text::trim(type.substr(type.rfind('#') + 1));
}

template <std::size_t size>
bool is_one_of(std::string_view code, const std::string_view (&codes)[size]) {
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

bool mentions(std::string_view text, std::string_view lower_case_words) {
  return text::lower(text).find(lower_case_words) != std::string::npos;
}

constexpr std::string_view throttling_codes[] = {
    "TooManyRequestsException", "ThrottlingException",    "Throttling",
    "ThrottledException",       "RequestThrottled",       "RequestThrottledException",
    "RequestLimitExceeded",     "BandwidthLimitExceeded", "SlowDown",
    "LimitExceededException",   "PriorRequestNotComplete"};
constexpr std::string_view credential_codes[] = {"ExpiredToken",
                                                 "ExpiredTokenException",
                                                 "UnrecognizedClientException",
                                                 "InvalidClientTokenId",
                                                 "InvalidSignatureException",
                                                 "SignatureDoesNotMatch",
                                                 "IncompleteSignature",
                                                 "MissingAuthenticationToken",
                                                 "IncompleteSignatureException",
                                                 "MissingAuthenticationTokenException"};
constexpr std::string_view suspension_codes[] = {
    "AccountSuspendedException", "AccountSuspended", "SendingPausedException",
    "AccountSendingPausedException", "AccountSendingPaused"};
constexpr std::string_view skew_codes[] = {"RequestExpired", "RequestTimeTooSkewed",
                                           "RequestInTheFuture"};
constexpr std::string_view unknown_outcome_codes[] = {
    "InternalFailure", "InternalServiceErrorException", "InternalServerError", "RequestTimeout",
    "RequestTimeoutException"};
constexpr std::string_view message_codes[] = {
    "MessageRejected",       "BadRequestException",           "RequestEntityTooLarge",
    "ValidationError",       "ValidationException",           "RequestEntityTooLargeException",
    "InvalidParameterValue", "InvalidParameterValueException"};

/// Refused before the message was looked at, in a way that passes.
bool is_throttled(int http_status, const SendAnswer& answer) {
  return http_status == 429 || is_one_of(answer.code, throttling_codes) ||
         mentions(answer.message, "maximum sending rate exceeded");
}

/// The daily quota answers under several codes; only the text is always the same.
bool is_quota(const SendAnswer& answer) {
  return mentions(answer.message, "daily message quota exceeded") ||
         (answer.code == "LimitExceededException" &&
          !mentions(answer.message, "maximum sending rate"));
}

/// Nothing of this account is taken. A configuration set alone may be paused under the same code.
bool is_suspended(const SendAnswer& answer) {
  return is_one_of(answer.code, suspension_codes) && !mentions(answer.message, "configuration set");
}

/// SES says "Signature expired: T is now earlier than ..." or "Signature not yet current".
bool is_skew(const SendAnswer& answer) {
  return is_one_of(answer.code, skew_codes) ||
         (answer.code == "InvalidSignatureException" &&
          (mentions(answer.message, "signature expired") ||
           mentions(answer.message, "signature not yet current")));
}

SendVerdict error_verdict(int http_status, const SendAnswer& answer) {
  const bool refused_unread = http_status == 503;
  const bool no_word = http_status < 200 || http_status == 408 || http_status >= 500 ||
                       is_one_of(answer.code, unknown_outcome_codes);
  if (no_word && !refused_unread) return SendVerdict::in_doubt;
  // MessageRejected quotes addresses: its text never means the account.
  const bool about_message = is_one_of(answer.code, message_codes);
  if (!about_message && is_throttled(http_status, answer)) {
    return is_quota(answer) ? SendVerdict::quota : SendVerdict::throttled;
  }
  if (refused_unread) return SendVerdict::unavailable;
  if (is_skew(answer)) return SendVerdict::skew;
  if (is_one_of(answer.code, credential_codes)) return SendVerdict::credentials;
  if (about_message || http_status == 413) {
    const bool identity = mentions(answer.message, "address is not verified");
    return identity ? SendVerdict::paused : SendVerdict::refused;
  }
  if (is_suspended(answer)) return SendVerdict::suspended;
  // Also whatever we do not know: holding everything can be undone, refusing it can't.
  return SendVerdict::paused;
}

bool is_usable_id(std::string_view id) {
  constexpr std::size_t longest = 256;
  return !id.empty() && id.size() <= longest &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::string_view to_string(SendVerdict verdict) noexcept {
  switch (verdict) {
    case SendVerdict::accepted:
      return "accepted";
    case SendVerdict::refused:
      return "refused";
    case SendVerdict::throttled:
      return "throttled";
    case SendVerdict::quota:
      return "quota";
    case SendVerdict::paused:
      return "paused";
    case SendVerdict::suspended:
      return "suspended";
    case SendVerdict::credentials:
      return "credentials";
    case SendVerdict::skew:
      return "skew";
    case SendVerdict::unavailable:
      return "unavailable";
    case SendVerdict::deferred:
      return "deferred";
    case SendVerdict::in_doubt:
      return "in_doubt";
  }
  return "in_doubt";
}

SendAnswer read_send_answer(int http_status, std::string_view error_type, std::string_view body) {
  const auto parsed = Json::parse(body);
  const Json nothing;
  const Json& json = parsed ? *parsed : nothing;

  SendAnswer answer;
  if (http_status >= 200 && http_status < 300) {
    const std::string_view id = json["MessageId"].string();
    answer.verdict = is_usable_id(id) ? SendVerdict::accepted : SendVerdict::in_doubt;
    if (is_usable_id(id)) {
      answer.message_id = id;
    } else {
      answer.message = "HTTP " + std::to_string(http_status) + " without a MessageId";
    }
    return answer;
  }
  const std::string_view in_body = json["code"].string(json["__type"].string());
  answer.code = text::one_line(bare_code(error_type.empty() ? in_body : error_type), 100);
  answer.message = text::one_line(json["message"].string(json["Message"].string()), 500);
  answer.verdict = error_verdict(http_status, answer);
  if (answer.message.empty()) answer.message = "HTTP " + std::to_string(http_status);
  return answer;
}

Result<SesAccount> read_account_answer(std::string_view body) {
  auto parsed = Json::parse(body);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  const Json& json = *parsed;
  const Json& quota = json["SendQuota"];
  SesAccount account;
  account.max_send_rate = quota["MaxSendRate"].number(-1);
  account.max_24_hour_send = quota["Max24HourSend"].number(account.max_24_hour_send);
  account.sent_last_24_hours = quota["SentLast24Hours"].number();
  account.sending_enabled = json["SendingEnabled"].boolean(true);
  account.production_access = json["ProductionAccessEnabled"].boolean();
  account.enforcement_status = text::one_line(json["EnforcementStatus"].string(), 100);
  const Json& vdm = json["VdmAttributes"];
  account.engagement_metrics =
      vdm["VdmEnabled"].string() == "ENABLED" &&
      vdm["DashboardAttributes"]["EngagementMetrics"].string() == "ENABLED";
  if (!(account.max_send_rate >= 0)) {
    return fail(Code::invalid_input, "not GetAccount's answer: no SendQuota with a MaxSendRate",
                {{}, 0, 0, "SendQuota"});
  }
  return account;
}

}  // namespace calinvite

/// What AWS speaks, as pure functions: Signature Version 4, SES v2 requests and answers, SES
/// notifications. No clock, no network.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"

namespace calinvite {

/// Keys that sign. Prints as *** everywhere; never part of an error.
struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< empty for long-lived keys
};

/// A request as it will go on the wire.
struct AwsRequest {
  std::string method = "POST";
  std::string path = "/";                                    ///< percent-encoded as on the wire
  std::string query;                                         ///< as on the wire, without '?'
  std::vector<std::pair<std::string, std::string>> headers;  ///< Host included
  std::string body;
};

/// How a request is signed (IAM user guide; aws.md section 1).
struct SigningScope {
  std::string region;  ///< such as eu-central-1
  std::string service = "ses";
  std::chrono::sys_seconds time{};  ///< already corrected for clock skew
  bool normalize_path = true;       ///< false for S3
  bool double_encode_path = true;   ///< false for S3
  bool sign_body_header = false;    ///< adds x-amz-content-sha256 (S3)
};

/// The texts between request and signature, for diagnosis and tests.
struct Signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signed_headers;
  std::string signature;      ///< 64 hex digits
  std::string authorization;  ///< value of the Authorization header
};

/// Signs by Signature Version 4; keeps the day key. One object per thread.
class AwsSigner {
 public:
  explicit AwsSigner(AwsCredentials credentials);
  ~AwsSigner();
  AwsSigner(AwsSigner&&) noexcept;
  AwsSigner& operator=(AwsSigner&&) noexcept;
  /// Adds X-Amz-Date, X-Amz-Security-Token when there is one, and Authorization to the headers.
  /// @error invalid_argument  no Host header, or one that signing itself adds
  Result<void> sign(AwsRequest& request, const SigningScope& scope) const;
  /// The same, showing every intermediate text; the request is left unsigned.
  Result<Signature> explain(AwsRequest request, const SigningScope& scope) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Name and value of an SES message tag: letters, digits, - and _, at most 256 characters each.
struct MessageTag {
  std::string name;
  std::string value;
};

/// One SendEmail with Content.Raw: one recipient per call (R11).
struct SesSend {
  std::string_view from;               ///< bare address
  std::string_view to;                 ///< bare address
  std::string_view message;            ///< RFC 5322 bytes
  std::string_view configuration_set;  ///< empty: none
  std::vector<MessageTag> tags;        ///< `attempt_id` among them
};
/// POST /v2/email/outbound-emails, unsigned, with Host.
/// @error invalid_argument  a tag outside SES's alphabet
Result<AwsRequest> ses_send_request(const SesSend& send, std::string_view host);
/// GET /v2/email/account, unsigned, with Host.
AwsRequest ses_account_request(std::string_view host);

/// Password of SES's SMTP interface in one region: 44 characters derived from the secret access key
/// whose id is the user name. Keys of a role (with a session token) have none.
std::string ses_smtp_password(std::string_view secret_access_key, std::string_view region);
/// Region of an SMTP host of SES, such as email-smtp.eu-central-1.amazonaws.com; empty when it is
/// not one of SES's.
std::string_view ses_smtp_region(std::string_view host) noexcept;
/// What stands behind the '@' of the Message-ID that SES gives to what it sends.
std::string ses_message_id_host(std::string_view region);
/// Header lines that tell SES over SMTP what SendEmail has fields for; SES removes them.
/// @error invalid_argument  a tag or a configuration set outside SES's alphabet
Result<std::string> ses_smtp_headers(std::string_view configuration_set,
                                     const std::vector<MessageTag>& tags);

/// What the answer to one message means (reliability.md section 4).
enum class SendVerdict {
  accepted,     ///< 200 with a MessageId
  refused,      ///< this message, for good
  throttled,    ///< not accepted: slow down
  quota,        ///< not accepted: the daily quota is used up
  paused,       ///< not accepted: identity, configuration set or unknown; needs a person
  credentials,  ///< not accepted: expired or wrong keys
  skew,         ///< not accepted: our clock is off
  unavailable,  ///< not accepted: 503
  in_doubt,     ///< nobody knows: 500, 502, 504, 408, or 200 without a MessageId
  suspended,    ///< not accepted: the whole account may not send; needs a person
  deferred,     ///< not accepted: this message alone, until later (SMTP 450 to 452)
};
std::string_view to_string(SendVerdict verdict) noexcept;

struct SendAnswer {
  SendVerdict verdict = SendVerdict::in_doubt;
  std::string message_id;  ///< of accepted
  std::string code;        ///< error code as SES names it, such as MessageRejected
  std::string message;     ///< SES's text, one line, at most 500 bytes; without one "HTTP 502"
};
/// @param error_type  value of x-amzn-ErrorType, empty when absent
SendAnswer read_send_answer(int http_status, std::string_view error_type, std::string_view body);

/// GetAccount's answer, the part that paces.
struct SesAccount {
  double max_send_rate = 1;       ///< recipients per second
  double max_24_hour_send = 200;  ///< recipients; -1: unlimited
  double sent_last_24_hours = 0;
  bool sending_enabled = true;
  bool production_access = false;
  std::string enforcement_status;   ///< HEALTHY, PROBATION, SHUTDOWN
  bool engagement_metrics = false;  ///< Virtual Deliverability Manager counts opens and clicks
};
/// @error invalid_input  not GetAccount's answer
Result<SesAccount> read_account_answer(std::string_view body);

/// GET /v2/email/identities/NAME, unsigned, with Host.
AwsRequest ses_identity_request(std::string_view identity, std::string_view host);
/// GET /v2/email/configuration-sets/NAME, unsigned, with Host.
AwsRequest ses_configuration_set_request(std::string_view name, std::string_view host);
/// GET /v2/email/configuration-sets/NAME/event-destinations, unsigned, with Host.
AwsRequest ses_event_destinations_request(std::string_view name, std::string_view host);

/// GetEmailIdentity's answer: what SES knows of a domain that mails are sent from. Words are SES's.
struct SesIdentity {
  std::string type;       ///< DOMAIN, MANAGED_DOMAIN, EMAIL_ADDRESS
  bool verified = false;  ///< mails may be sent from it
  bool dkim_enabled = false;
  std::string dkim_status;               ///< SUCCESS, PENDING, FAILED, …
  std::string dkim_origin;               ///< AWS_SES: Easy DKIM; EXTERNAL: the owner's own key
  std::vector<std::string> dkim_tokens;  ///< of Easy DKIM; of an own key its selector
  std::string mail_from_domain;          ///< empty: SES's own
  std::string mail_from_status;          ///< as dkim_status
  bool mail_from_required = false;       ///< no mail is sent while the MAIL FROM domain has no MX
  std::string configuration_set;         ///< used when a send names none; may be empty
};
/// @error invalid_input  not GetEmailIdentity's answer
Result<SesIdentity> read_identity_answer(std::string_view body);

/// Where SES publishes what became of mails.
struct SesEventDestination {
  std::string name;
  bool enabled = false;
  /// SNS, EventBridge or Firehose: they tell of each mail. CloudWatch and Pinpoint only count.
  bool per_mail = false;
  std::vector<std::string> kinds;  ///< SEND, DELIVERY, BOUNCE, …
};
/// A configuration set, from the answers of two requests.
struct SesConfigurationSet {
  bool sending_enabled = true;
  std::optional<bool> engagement_metrics;  ///< absent: as the account has it
  std::vector<SesEventDestination> destinations;
};
/// GetConfigurationSet's answer; the destinations come from read_event_destinations_answer.
/// @error invalid_input  not its answer
Result<SesConfigurationSet> read_configuration_set_answer(std::string_view body);
/// GetConfigurationSetEventDestinations' answer.
/// @error invalid_input  not its answer
Result<std::vector<SesEventDestination>> read_event_destinations_answer(std::string_view body);

/// One fact of an SES notification about one recipient, in either of SES's formats.
struct SesFact {
  ReceiptKind kind = ReceiptKind::accepted;  ///< accepted for Send
  std::string address;                       ///< normalised; empty when SES names none
  std::string message_id;                    ///< SES MessageId
  std::string attempt_id;                    ///< tag `attempt_id`; empty when absent
  std::chrono::sys_seconds time{};
  std::string detail;       ///< such as "Permanent/General smtp; 550 5.1.1 user unknown"
  bool permanent = false;   ///< bounced for good: suppress
  std::string feedback_id;  ///< for de-duplication
};
/// Reads an SES notification: event publishing or feedback format, bare, inside an SNS envelope
/// (whose signature is the caller's business: sns.hpp), inside EventBridge's, or in the records
/// that SNS or SQS hand to a Lambda function. Unknown kinds and SES's test of a topic give no
/// facts. A Transient/General bounce without the action "failed" may be an out-of-office answer:
/// delayed, not bounced. A complaint of type not-spam is none. A click keeps no link: it may hold a
/// token.
/// @error invalid_input  not JSON or not SES's
/// @error too_large      over 256 KB or nested deeper than 16
Result<std::vector<SesFact>> parse_notification(std::string_view json);

/// What a check of SES said about an inbound mail. Words that SES adds (DISABLED) are none.
enum class SesVerdict { none, pass, fail, gray, processing_failed };

/// SES's notice that a mail came in: the receipt, which the sender of the mail can't write.
struct InboundNotification {
  std::string message_id;               ///< of SES; names the stored object
  std::string source;                   ///< envelope sender, normalised; empty for the null path
  std::vector<std::string> recipients;  ///< of the envelope, normalised: the rule's, Bcc included
  std::string header_message_id;        ///< Message-ID of the mail, without brackets
  /// From of the mail, an entry for each mailbox; absent: the notice does not tell headers.
  std::optional<std::vector<std::string>> header_from = {};
  std::chrono::sys_seconds time{};
  SesVerdict spam = SesVerdict::none;
  SesVerdict virus = SesVerdict::none;
  SesVerdict spf = SesVerdict::none;
  SesVerdict dkim = SesVerdict::none;
  SesVerdict dmarc = SesVerdict::none;
  std::string dmarc_policy;            ///< none, quarantine, reject; SES says it on fail only
  std::string action;                  ///< S3, SNS, Lambda, …
  std::string bucket;                  ///< of the S3 action
  std::string object_key;              ///< of the S3 action
  std::optional<std::string> content;  ///< of the SNS action: the raw mail
  bool setup = false;                  ///< SES's own test of a new rule: nobody's mail
};
/// Reads a "Received" notification, bare or in an SNS envelope (whose signature is the caller's
/// business), the event of a Lambda action, or S3's event of a new object, which has no verdicts.
/// @error not_found      well formed, but no notice of an inbound mail
/// @error invalid_input  not JSON, several records, or content that is not what its encoding says
/// @error too_large      over 1 MB or nested deeper than 16
Result<InboundNotification> parse_inbound_notification(std::string_view json);

}  // namespace calinvite

/// What Amazon SNS posts to an endpoint or puts into a queue, and whether to believe it. Pure: the
/// certificate is fetched by a function of the caller, such as SnsCertificates::get.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/result.hpp"

namespace calinvite {

/// Words of SNS for what it sends.
enum class SnsType { notification, subscription_confirmation, unsubscribe_confirmation };
std::string_view to_string(SnsType type) noexcept;

/// An envelope as it stands; nothing in it is true before its signature is verified.
struct SnsMessage {
  SnsType type = SnsType::notification;
  std::string message_id;
  std::string topic_arn;
  std::optional<std::string> subject;  ///< signed only where it is there
  std::string message;                 ///< of a notification from SES: its JSON
  std::string timestamp;               ///< as it stands, which is what is signed
  std::string token;                   ///< of the confirmations: what ConfirmSubscription wants
  std::string subscribe_url;           ///< of the confirmations; never to be fetched
  std::string signature_version;       ///< 1: SHA-1, 2: SHA-256
  std::string signature;               ///< Base64
  std::string certificate_url;
};

/// @error not_found      JSON, but no envelope of SNS
/// @error invalid_input  not JSON, or an envelope without a part that is signed
/// @error too_large      over 1 MB or nested deeper than 16
Result<SnsMessage> parse_sns_message(std::string_view json);

/// The text that the signature is made over.
std::string sns_signed_text(const SnsMessage& message);

/// Whether a certificate may be fetched from there: https://sns.REGION.amazonaws.com[.cn]/NAME.pem
/// and nothing else, no port, user, query or escape.
/// @error forbidden  any other address
Result<void> check_sns_certificate_url(std::string_view url);

/// RSA over SHA-1 or SHA-256, and the certificate's dates. Who issued the certificate is not asked:
/// the host it came from over TLS vouches for it.
/// @error unauthenticated  not signed so by that certificate, or it is out of date
Result<void> verify_sns_signature(const SnsMessage& message, std::string_view certificate_pem,
                                  std::chrono::sys_seconds now);

/// Whose messages count. A valid signature only proves that some topic of somebody sent it.
struct SnsTrust {
  std::vector<std::string> topics;    ///< their ARNs, exactly
  std::vector<std::string> accounts;  ///< of 12 digits: all topics of theirs
  /// Older messages are replays: SNS tries an endpoint for an hour. 0: any age, as for a queue,
  /// where they may lie for days.
  std::chrono::seconds max_age{65 * 60};
  bool trusts(std::string_view topic_arn) const;
};

/// The PEM of a certificate; called for addresses that check_sns_certificate_url accepts only.
using FetchCertificate = std::function<Result<std::string>(const std::string& url)>;

/// Reads an envelope and verifies that a topic of `trust` sent it. What fails any other check costs
/// no request.
/// @error as parse_sns_message, check_sns_certificate_url, `fetch`
/// @error forbidden        another topic
/// @error unauthenticated  the signature, the certificate, or older than max_age, or more than five
///                         minutes ahead
Result<SnsMessage> authenticate_sns(std::string_view json, const SnsTrust& trust,
                                    const FetchCertificate& fetch, std::chrono::sys_seconds now);

/// The region of an ARN, such as eu-central-1; empty when it is none.
std::string_view arn_region(std::string_view arn) noexcept;
/// Its account of 12 digits; empty when it is none.
std::string_view arn_account(std::string_view arn) noexcept;

}  // namespace calinvite

#include "calinvite/sns.hpp"

#include <algorithm>
#include <utility>

#include "aws/time.hpp"
#include "base/certificate.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_bytes = 1'000'000;  // 256 KB of message, which the envelope escapes again
constexpr int max_depth = 16;
constexpr std::chrono::minutes most_ahead{5};

constexpr std::pair<SnsType, std::string_view> type_names[] = {
    {SnsType::notification, "Notification"},
    {SnsType::subscription_confirmation, "SubscriptionConfirmation"},
    {SnsType::unsubscribe_confirmation, "UnsubscribeConfirmation"},
};

std::optional<SnsType> parse_type(std::string_view word) {
  for (const auto& [type, name] : type_names) {
    if (name == word) return type;
  }
  return std::nullopt;
}

/// Part `index` of arn:PARTITION:SERVICE:REGION:ACCOUNT:NAME.
std::string_view arn_part(std::string_view arn, int index) noexcept {
  if (!arn.starts_with("arn:")) return {};
  for (; index > 0; --index) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  const auto end = arn.find(':');
  return end == std::string_view::npos ? std::string_view() : arn.substr(0, end);
}

bool all_of(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string::npos;
  });
}

Result<void> check_complete(const SnsMessage& message) {
  const bool confirms = message.type != SnsType::notification;
  const std::pair<const char*, const std::string*> parts[] = {
      {"MessageId", &message.message_id},
      {"TopicArn", &message.topic_arn},
      {"Timestamp", &message.timestamp},
      {"Signature", &message.signature},
      {"SigningCertURL", &message.certificate_url},
      {"Token", confirms ? &message.token : nullptr},
      {"SubscribeURL", confirms ? &message.subscribe_url : nullptr},
  };
  for (const auto& [name, value] : parts) {
    if (value == nullptr || !value->empty()) continue;
    return fail(Code::invalid_input, std::string("an SNS envelope without ") + name,
                {{}, 0, 0, name});
  }
  return {};
}

Result<void> check_age(const SnsMessage& message, std::chrono::seconds max_age,
                       std::chrono::sys_seconds now) {
  const auto sent = aws::parse_time(message.timestamp);
  if (!sent) return fail(Code::invalid_input, "an SNS envelope without a readable Timestamp");
  if (*sent > now + most_ahead) {
    return fail(Code::unauthenticated, "an SNS message from the future; is the clock right?");
  }
  if (max_age.count() == 0 || *sent + max_age >= now) return {};
  return fail(Code::unauthenticated, "an SNS message of " + text::one_line(message.timestamp, 40) +
                                         ", too old to be anything but a replay");
}

}  // namespace

std::string_view to_string(SnsType type) noexcept {
  for (const auto& [known, name] : type_names) {
    if (known == type) return name;
  }
  return {};
}

std::string_view arn_region(std::string_view arn) noexcept { return arn_part(arn, 3); }
std::string_view arn_account(std::string_view arn) noexcept { return arn_part(arn, 4); }

Result<SnsMessage> parse_sns_message(std::string_view json) {
  const auto parsed = Json::parse(json, max_bytes, max_depth);
  if (!parsed) return tl::unexpected(parsed.error());
  const Json& value = *parsed;
  const auto type = parse_type(value["Type"].string());
  if (!type || !value["Message"].is_string() || !value["TopicArn"].is_string()) {
    return fail(Code::not_found, "no envelope of SNS");
  }
  const auto part = [&](std::string_view name) { return std::string(value[name].string()); };
  SnsMessage message{.type = *type,
                     .message_id = part("MessageId"),
                     .topic_arn = part("TopicArn"),
                     .subject = std::nullopt,
                     .message = part("Message"),
                     .timestamp = part("Timestamp"),
                     .token = part("Token"),
                     .subscribe_url = part("SubscribeURL"),
                     .signature_version = part("SignatureVersion"),
                     .signature = part("Signature"),
                     .certificate_url = part("SigningCertURL")};
  if (message.certificate_url.empty()) message.certificate_url = part("SigningCertUrl");  // Lambda
  if (value["Subject"].is_string()) message.subject = part("Subject");
  if (auto complete = check_complete(message); !complete) return tl::unexpected(complete.error());
  return message;
}

std::string sns_signed_text(const SnsMessage& message) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    text.append(name).append("\n").append(value).append("\n");
  };
  const bool confirms = message.type != SnsType::notification;
  add("Message", message.message);
  add("MessageId", message.message_id);
  if (!confirms && message.subject) add("Subject", *message.subject);
  if (confirms) add("SubscribeURL", message.subscribe_url);
  add("Timestamp", message.timestamp);
  if (confirms) add("Token", message.token);
  add("TopicArn", message.topic_arn);
  add("Type", to_string(message.type));
  return text;
}

Result<void> check_sns_certificate_url(std::string_view url) {
  constexpr std::string_view before = "https://sns.";
  const auto slash = url.find('/', before.size());
  if (url.starts_with(before) && slash != std::string_view::npos && url.size() <= 300) {
    const auto host = url.substr(before.size(), slash - before.size());
    const auto dot = host.find('.');
    const auto region = host.substr(0, dot);
    const auto rest = dot == std::string_view::npos ? std::string_view() : host.substr(dot);
    const auto name = url.substr(slash + 1);
    const auto stem = name.substr(0, name.size() - std::min<std::size_t>(4, name.size()));
    const bool of_sns = all_of(region, "-") && region.size() >= 3 &&
                        (rest == ".amazonaws.com" || rest == ".amazonaws.com.cn");
    if (of_sns && name.ends_with(".pem") && all_of(text::lower(stem), "-_")) return {};
  }
  return fail(Code::forbidden, "SNS has no certificate at \"" + text::one_line(url, 200) + '"',
              {{}, 0, 0, "SigningCertURL"});
}

Result<void> verify_sns_signature(const SnsMessage& message, std::string_view certificate_pem,
                                  std::chrono::sys_seconds now) {
  const bool second = message.signature_version == "2";
  if (!second && message.signature_version != "1") {
    return fail(Code::unauthenticated, "an SNS message with a signature of version \"" +
                                           text::one_line(message.signature_version, 20) +
                                           "\"; expected 1 or 2");
  }
  const auto certificate = crypto::Certificate::parse(certificate_pem);
  if (!certificate) {
    return fail(Code::unauthenticated, "certificate of SNS: " + certificate.error().message);
  }
  if (!certificate->is_valid_at(now)) {
    return fail(Code::unauthenticated, "the certificate of SNS is out of date");
  }
  const auto signature = text::from_base64(message.signature);
  const auto digest = second ? crypto::SignatureDigest::sha256 : crypto::SignatureDigest::sha1;
  if (signature && certificate->has_signed(sns_signed_text(message), *signature, digest)) return {};
  return fail(Code::unauthenticated, "an SNS message whose signature does not verify");
}

bool SnsTrust::trusts(std::string_view topic_arn) const {
  const auto account = arn_account(topic_arn);
  return std::find(topics.begin(), topics.end(), topic_arn) != topics.end() ||
         (!account.empty() &&
          std::find(accounts.begin(), accounts.end(), account) != accounts.end());
}

Result<SnsMessage> authenticate_sns(std::string_view json, const SnsTrust& trust,
                                    const FetchCertificate& fetch, std::chrono::sys_seconds now) {
  auto message = parse_sns_message(json);
  if (!message) return message;
  if (!trust.trusts(message->topic_arn)) {
    return fail(Code::forbidden,
                "an SNS message of topic " + text::one_line(message->topic_arn, 300) +
                    ", which is none of ours",
                {{}, 0, 0, "TopicArn"});
  }
  if (auto fresh = check_age(*message, trust.max_age, now); !fresh) {
    return tl::unexpected(fresh.error());
  }
  if (auto place = check_sns_certificate_url(message->certificate_url); !place) {
    return tl::unexpected(place.error());
  }
  const auto certificate = fetch(message->certificate_url);
  if (!certificate) return tl::unexpected(certificate.error());
  if (auto verified = verify_sns_signature(*message, *certificate, now); !verified) {
    return tl::unexpected(verified.error());
  }
  return message;
}

}  // namespace calinvite

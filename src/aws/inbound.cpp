#include <algorithm>
#include <optional>

#include "aws/time.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite {
namespace {

constexpr std::size_t max_bytes = 1'000'000;  // SNS carries 256 KB, which an envelope escapes again
constexpr int max_depth = 16;
constexpr std::size_t longest_name = 1024;  // an S3 key

SesVerdict verdict_of(const Json& receipt, std::string_view name) {
  const std::string_view status = receipt[name]["status"].string();
  if (status == "PASS") return SesVerdict::pass;
  if (status == "FAIL") return SesVerdict::fail;
  if (status == "GRAY") return SesVerdict::gray;
  return status == "PROCESSING_FAILED" ? SesVerdict::processing_failed : SesVerdict::none;
}

std::string name_of(const Json& json) { return text::one_line(json.string(), longest_name); }

/// The mail of an SNS action; absent for other actions.
Result<std::optional<std::string>> content_of(const Json& record) {
  const Json& content = record["content"];
  if (!content.is_string()) return std::nullopt;
  if (!text::iequals(record["receipt"]["action"]["encoding"].string(), "base64")) {
    return std::string(content.string());
  }
  auto bytes = text::from_base64(content.string());
  if (bytes) return bytes;
  return fail(Code::invalid_input, "the mail in this notification is not the Base64 it claims",
              {{}, 0, 0, "content"});
}

/// @param record  with the members `mail` and `receipt`
Result<InboundNotification> read_received(const Json& record) {
  const Json& mail = record["mail"];
  const Json& receipt = record["receipt"];
  if (!mail.is_object() || !receipt.is_object()) {
    return fail(Code::invalid_input, "a notice of an inbound mail without its mail or receipt");
  }
  InboundNotification notice;
  notice.message_id = name_of(mail["messageId"]);
  if (auto source = normalize_address(mail["source"].string())) notice.source = *std::move(source);
  for (const Json& recipient : receipt["recipients"].array()) {
    auto address = normalize_address(recipient.string());
    if (address) notice.recipients.push_back(*std::move(address));
  }
  if (const Json& headers = mail["commonHeaders"]; headers.is_object()) {
    notice.header_from.emplace();
    for (const Json& from : headers["from"].array()) {
      notice.header_from->push_back(text::to_valid_utf8(from.string()));
    }
  }
  std::string_view id = text::trim(mail["commonHeaders"]["messageId"].string());
  if (id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
  notice.header_message_id = text::to_valid_utf8(text::trim(id));
  if (const auto time = aws::parse_time(mail["timestamp"].string())) notice.time = *time;
  notice.spam = verdict_of(receipt, "spamVerdict");
  notice.virus = verdict_of(receipt, "virusVerdict");
  notice.spf = verdict_of(receipt, "spfVerdict");
  notice.dkim = verdict_of(receipt, "dkimVerdict");
  notice.dmarc = verdict_of(receipt, "dmarcVerdict");
  notice.dmarc_policy = text::lower(name_of(receipt["dmarcPolicy"]));
  notice.action = name_of(receipt["action"]["type"]);
  notice.bucket = name_of(receipt["action"]["bucketName"]);
  notice.object_key = name_of(receipt["action"]["objectKey"]);
  notice.setup = notice.message_id == "AMAZON_SES_SETUP_NOTIFICATION";
  auto content = content_of(record);
  if (!content) return tl::unexpected(content.error());
  notice.content = *std::move(content);
  return notice;
}

/// Keys of S3 events are encoded like forms.
std::string decode_key(std::string_view key) {
  std::string spaced(key);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return text::one_line(text::percent_decode(spaced), longest_name);
}

Result<InboundNotification> read_record(const Json& record) {
  if (record["ses"].is_object()) return read_received(record["ses"]);
  if (!record["s3"].is_object()) {
    return fail(Code::not_found, "a record that is no notice of an inbound mail");
  }
  InboundNotification notice;
  notice.action = "S3";
  notice.bucket = name_of(record["s3"]["bucket"]["name"]);
  notice.object_key = decode_key(record["s3"]["object"]["key"].string());
  return notice;
}

Result<InboundNotification> read_layer(std::string_view text, bool in_envelope) {
  const auto json = Json::parse(text, max_bytes, max_depth);
  if (!json) return tl::unexpected(json.error());
  const Json& value = *json;
  if (!in_envelope && value["Type"].string() == "Notification" && value["Message"].is_string()) {
    return read_layer(value["Message"].string(), true);
  }
  const auto& records = value["Records"].array();
  if (records.size() > 1) return fail(Code::invalid_input, "several records; hand over one each");
  if (records.size() == 1) return read_record(records.front());
  if (value["notificationType"].string() == "Received") return read_received(value);
  return fail(Code::not_found, "no notice of an inbound mail");
}

}  // namespace

Result<InboundNotification> parse_inbound_notification(std::string_view json) {
  return read_layer(json, false);
}

}  // namespace calinvite

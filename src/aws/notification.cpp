#include <algorithm>
#include <iterator>
#include <utility>

#include "aws/time.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace calinvite {
namespace {

constexpr std::size_t longest_detail = 500;
constexpr std::size_t longest_id = 256;

/// Ids go into stores and logs as they are; anything but visible ASCII is no id of SES.
std::string id_of(const Json& json) {
  const std::string_view id = json.string();
  const bool usable = id.size() <= longest_id && std::all_of(id.begin(), id.end(), [](char c) {
                        return c > ' ' && c < '\x7f';
                      });
  return usable ? std::string(id) : std::string();
}

std::string join(std::string_view a, std::string_view separator, std::string_view b) {
  std::string joined(a);
  if (!a.empty() && !b.empty()) joined += separator;
  return joined.append(b);
}

/// One SES record while its facts are made.
class Record {
 public:
  Record(const Json& json, std::string_view kind) : json_(json), kind_(kind) {}
  Result<std::vector<SesFact>> facts();

 private:
  using Make = void (Record::*)();

  void send();
  void delivery();
  void bounce();
  void complaint();
  void reject();
  void opened();
  void clicked();
  void rendering_failure();
  void delivery_delay();
  void subscription();
  static Make make_of(std::string_view kind);

  const Json& mail() const { return json_["mail"]; }
  /// The part of the record that its kind is about; its time is the fact's.
  const Json& open_part(std::string_view name);
  void add(const Json& address, ReceiptKind kind, std::string_view detail);
  void add_to_destination(ReceiptKind kind, std::string_view detail);

  const Json& json_;
  std::string_view kind_;
  std::optional<std::chrono::sys_seconds> time_;
  std::string feedback_id_;
  std::vector<SesFact> facts_;
};

Record::Make Record::make_of(std::string_view kind) {
  static constexpr std::pair<std::string_view, Make> makers[] = {
      {"Send", &Record::send},
      {"Delivery", &Record::delivery},
      {"Bounce", &Record::bounce},
      {"Complaint", &Record::complaint},
      {"Reject", &Record::reject},
      {"Open", &Record::opened},
      {"Click", &Record::clicked},
      {"Rendering Failure", &Record::rendering_failure},
      {"DeliveryDelay", &Record::delivery_delay},
      {"Subscription", &Record::subscription},
  };
  for (const auto& [name, maker] : makers) {
    if (name == kind) return maker;
  }
  return nullptr;
}

Result<std::vector<SesFact>> Record::facts() {
  const Make make = make_of(kind_);
  if (make == nullptr) return std::vector<SesFact>();
  if (!mail().is_object()) {
    return fail(Code::invalid_input, "SES record without the object \"mail\"", {{}, 0, 0, "mail"});
  }
  time_ = aws::parse_time(mail()["timestamp"].string());
  (this->*make)();
  const std::string message_id = id_of(mail()["messageId"]);
  const Json::Array& attempts = mail()["tags"]["attempt_id"].array();
  const std::string attempt_id = attempts.empty() ? std::string() : id_of(attempts.front());
  if (!facts_.empty() && message_id.empty() && attempt_id.empty()) {
    return fail(Code::invalid_input, "SES record names neither a message nor an attempt",
                {{}, 0, 0, "mail.messageId"});
  }
  if (!facts_.empty() && !time_) {
    return fail(Code::invalid_input, "SES record without a readable timestamp",
                {{}, 0, 0, "timestamp"});
  }
  for (SesFact& fact : facts_) {
    fact.message_id = message_id;
    fact.attempt_id = attempt_id;
    fact.time = *time_;
    fact.feedback_id = feedback_id_;
  }
  return std::move(facts_);
}

const Json& Record::open_part(std::string_view name) {
  const Json& part = json_[name];
  if (const auto time = aws::parse_time(part["timestamp"].string())) time_ = time;
  feedback_id_ = id_of(part["feedbackId"]);
  return part;
}

void Record::add(const Json& address, ReceiptKind kind, std::string_view detail) {
  SesFact& fact = facts_.emplace_back();
  fact.kind = kind;
  fact.detail = text::one_line(detail, longest_detail);
  if (auto mailbox = parse_mailbox(address.string())) fact.address = std::move(mailbox->address);
}

void Record::add_to_destination(ReceiptKind kind, std::string_view detail) {
  const Json::Array& destination = mail()["destination"].array();
  for (const Json& address : destination) add(address, kind, detail);
  if (destination.empty()) add(Json(), kind, detail);
}

void Record::send() { add_to_destination(ReceiptKind::accepted, {}); }

void Record::delivery() {
  const Json& part = open_part("delivery");
  const std::string_view response = part["smtpResponse"].string();
  const Json::Array& recipients = part["recipients"].array();
  for (const Json& address : recipients) add(address, ReceiptKind::delivered, response);
  if (recipients.empty()) add_to_destination(ReceiptKind::delivered, response);
}

void Record::bounce() {
  const Json& part = open_part("bounce");
  const std::string_view type = part["bounceType"].string();
  const std::string_view subtype = part["bounceSubType"].string();
  const std::string reason = join(type, "/", subtype);
  const auto add_one = [&](const Json& recipient, const Json& address) {
    // Out-of-office answers come as Transient/General, and without the action of a real failure.
    const bool may_be_reply =
        type == "Transient" && subtype == "General" && recipient["action"].string() != "failed";
    const std::string detail = join(reason, " ", recipient["diagnosticCode"].string());
    add(address, may_be_reply ? ReceiptKind::delayed : ReceiptKind::bounced, detail);
    facts_.back().permanent = type == "Permanent";
  };
  const Json::Array& recipients = part["bouncedRecipients"].array();
  for (const Json& recipient : recipients) add_one(recipient, recipient["emailAddress"]);
  const Json::Array& destination = mail()["destination"].array();
  // Which of several bounced would be a guess.
  if (recipients.empty()) add_one(Json(), destination.size() == 1 ? destination.front() : Json());
}

void Record::complaint() {
  const Json& part = open_part("complaint");
  const std::string_view report = part["complaintFeedbackType"].string();
  if (report == "not-spam") return;  // somebody took it out of the junk folder
  const std::string detail = join(part["complaintSubType"].string(), " ", report);
  const Json::Array& recipients = part["complainedRecipients"].array();
  for (const Json& recipient : recipients) {
    add(recipient["emailAddress"], ReceiptKind::complained, detail);
  }
  if (recipients.empty()) add_to_destination(ReceiptKind::complained, detail);
}

void Record::reject() {
  const Json& part = open_part("reject");
  add_to_destination(ReceiptKind::rejected, part["reason"].string());
}

void Record::rendering_failure() {
  const Json& part = open_part("failure");
  add_to_destination(ReceiptKind::rejected, part["errorMessage"].string());
}

void Record::opened() {
  const Json& part = open_part("open");
  add_to_destination(ReceiptKind::opened, part["userAgent"].string());
}

void Record::clicked() {
  // Not the link: it may hold a token.
  const Json& part = open_part("click");
  add_to_destination(ReceiptKind::clicked, part["userAgent"].string());
}

void Record::delivery_delay() {
  const Json& part = open_part("deliveryDelay");
  const std::string_view type = part["delayType"].string();
  const Json::Array& recipients = part["delayedRecipients"].array();
  for (const Json& recipient : recipients) {
    add(recipient["emailAddress"], ReceiptKind::delayed,
        join(type, " ", recipient["diagnosticCode"].string()));
  }
  if (recipients.empty()) add_to_destination(ReceiptKind::delayed, type);
}

void Record::subscription() {
  const Json& part = open_part("subscription");
  if (!part["newTopicPreferences"]["unsubscribeAll"].boolean()) return;
  add_to_destination(ReceiptKind::unsubscribed, part["source"].string());
}

Result<std::vector<SesFact>> parse_layer(std::string_view text, int layers_left);

Result<std::vector<SesFact>> parse_value(const Json& json, int layers_left);

/// What SNS or SQS hand to a Lambda function.
Result<std::vector<SesFact>> parse_records(const Json::Array& records, int layers_left) {
  std::vector<SesFact> facts;
  for (const Json& record : records) {
    auto told = record["body"].is_string() ? parse_layer(record["body"].string(), layers_left - 1)
                                           : parse_value(record["Sns"], layers_left - 1);
    if (!told) return told;
    std::move(told->begin(), told->end(), std::back_inserter(facts));
  }
  return facts;
}

Result<std::vector<SesFact>> parse_value(const Json& json, int layers_left) {
  // SNS has "Message" as a text, EventBridge "detail" as an object; SQS hands over either.
  const std::string_view sns_type = json["Type"].string();
  if (sns_type == "Notification" && json["Message"].is_string() && layers_left > 0) {
    const std::string_view message = json["Message"].string();
    // SES says so in plain words when a destination is made.
    if (message.starts_with("Successfully validated SNS topic")) return std::vector<SesFact>();
    return parse_layer(message, layers_left - 1);
  }
  if (!json["Records"].array().empty() && layers_left > 0) {
    return parse_records(json["Records"].array(), layers_left);
  }
  if (json["detail-type"].is_string() && json["detail"].is_object() && layers_left > 0) {
    return parse_value(json["detail"], layers_left - 1);
  }
  const Json& published = json["eventType"];
  const Json& kind = published.is_string() ? published : json["notificationType"];
  if (kind.is_string()) return Record(json, kind.string()).facts();
  const bool confirmation = json["SubscribeURL"].is_string();
  return fail(Code::invalid_input,
              confirmation ? "an SNS " + text::one_line(sns_type, 40) +
                                 ", not a notification; confirm it for the topics you own"
                           : "not an SES notification: neither eventType nor notificationType");
}

Result<std::vector<SesFact>> parse_layer(std::string_view text, int layers_left) {
  const auto json = Json::parse(text);
  if (!json) return tl::unexpected(json.error());
  return parse_value(*json, layers_left);
}

}  // namespace

Result<std::vector<SesFact>> parse_notification(std::string_view json) {
  constexpr int envelopes = 4;  // EventBridge in SNS in SQS to Lambda is the most that makes sense
  return parse_layer(json, envelopes);
}

}  // namespace calinvite

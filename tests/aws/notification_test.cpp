#include <catch2/catch.hpp>

#include "base/json.hpp"
#include "calinvite/aws.hpp"

using namespace calinvite;
using std::chrono::sys_seconds;

namespace {

/// A record of `kind` about one mail, with `part` under `name`.
Json record(std::string_view kind, std::string_view name, Json part) {
  Json mail;
  mail.set("timestamp", "2027-03-28T00:30:00.412Z");
  mail.set("messageId", "0100-mail");
  mail.set("destination", Json::Array{"Fan 0001 <Fan0001@Example.NET>"});
  Json tags;
  tags.set("ses:configuration-set", Json::Array{"invites"});
  tags.set("attempt_id", Json::Array{"a-0001"});
  mail.set("tags", tags);
  Json json;
  json.set("eventType", kind);
  json.set("mail", mail);
  json.set(name, std::move(part));
  return json;
}

Json timed(std::string_view time = "2027-03-28T01:00:00.000Z") {
  Json part;
  part.set("timestamp", time);
  return part;
}

Json recipient(std::string_view address, std::string_view diagnostic = {},
               std::string_view action = {}) {
  Json json;
  json.set("emailAddress", address);
  if (!diagnostic.empty()) json.set("diagnosticCode", diagnostic);
  if (!action.empty()) json.set("action", action);
  return json;
}

Json bounce(std::string_view type, std::string_view subtype, Json::Array recipients) {
  Json part = timed();
  part.set("feedbackId", "0100-feedback");
  part.set("bounceType", type);
  part.set("bounceSubType", subtype);
  part.set("bouncedRecipients", std::move(recipients));
  return record("Bounce", "bounce", part);
}

std::vector<SesFact> facts_of(const Json& json) {
  auto facts = parse_notification(json.write());
  REQUIRE(facts);
  return *facts;
}

SesFact only_fact(const Json& json) {
  const auto facts = facts_of(json);
  REQUIRE(facts.size() == 1);
  return facts.front();
}

sys_seconds at(int hour, int minute, int second = 0) {
  return std::chrono::sys_days(std::chrono::year(2027) / 3 / 28) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

}  // namespace

TEST_CASE("a sent mail is an accepted fact that names mail, attempt and address", "[aws]") {
  const SesFact fact = only_fact(record("Send", "send", Json(Json::Object())));

  CHECK(fact.kind == ReceiptKind::accepted);
  CHECK(fact.address == "fan0001@example.net");
  CHECK(fact.message_id == "0100-mail");
  CHECK(fact.attempt_id == "a-0001");
  CHECK(fact.time == at(0, 30));
  CHECK_FALSE(fact.permanent);
}

TEST_CASE("a delivery carries what the other server said, on one line", "[aws]") {
  Json part = timed();
  part.set("recipients", Json::Array{"fan0001@example.net"});
  part.set("smtpResponse", "250 2.0.0 OK\r\nqueued");
  const SesFact fact = only_fact(record("Delivery", "delivery", part));

  CHECK(fact.kind == ReceiptKind::delivered);
  CHECK(fact.time == at(1, 0));
  CHECK(fact.detail == "250 2.0.0 OK  queued");
}

TEST_CASE("a permanent bounce ends an address, for each one bounced", "[aws]") {
  const auto facts = facts_of(bounce("Permanent", "General",
                                     {recipient("fan0001@example.net", "smtp; 550 5.1.1 unknown"),
                                      recipient("FAN0002@example.net")}));

  REQUIRE(facts.size() == 2);
  CHECK(facts[0].kind == ReceiptKind::bounced);
  CHECK(facts[0].permanent);
  CHECK(facts[0].detail == "Permanent/General smtp; 550 5.1.1 unknown");
  CHECK(facts[0].feedback_id == "0100-feedback");
  CHECK(facts[1].address == "fan0002@example.net");
  CHECK(facts[1].permanent);
  CHECK(facts[1].detail == "Permanent/General");
}

TEST_CASE("a bounce that may pass does not end the address", "[aws]") {
  for (const auto& [type, subtype] :
       {std::pair("Transient", "MailboxFull"), std::pair("Undetermined", "Undetermined")}) {
    const SesFact fact = only_fact(bounce(type, subtype, {recipient("fan0001@example.net")}));
    CHECK(fact.kind == ReceiptKind::bounced);
    CHECK_FALSE(fact.permanent);
  }
}

TEST_CASE("an out-of-office answer is no bounce, a given-up delivery is", "[aws]") {
  const SesFact reply =
      only_fact(bounce("Transient", "General", {recipient("fan0001@example.net")}));
  const SesFact failure = only_fact(
      bounce("Transient", "General", {recipient("fan0001@example.net", "smtp; 451", "failed")}));

  CHECK(reply.kind == ReceiptKind::delayed);
  CHECK(reply.detail == "Transient/General");
  CHECK(failure.kind == ReceiptKind::bounced);
  CHECK_FALSE(failure.permanent);
}

TEST_CASE("a bounce that names nobody is about the only recipient, or about nobody known",
          "[aws]") {
  CHECK(only_fact(bounce("Permanent", "General", {})).address == "fan0001@example.net");

  Json two = bounce("Permanent", "General", {});
  Json mail = two["mail"];
  mail.set("destination", Json::Array{"fan0001@example.net", "fan0002@example.net"});
  two.set("mail", mail);
  CHECK(only_fact(two).address.empty());
}

TEST_CASE("a complaint names its sort, and taking a mail out of junk is none", "[aws]") {
  Json part = timed();
  part.set("complainedRecipients", Json::Array{recipient("fan0001@example.net")});
  part.set("complaintFeedbackType", "abuse");
  const SesFact fact = only_fact(record("Complaint", "complaint", part));
  CHECK(fact.kind == ReceiptKind::complained);
  CHECK(fact.detail == "abuse");

  part.set("complaintFeedbackType", "not-spam");
  CHECK(facts_of(record("Complaint", "complaint", part)).empty());
}

TEST_CASE("rejections, openings, clicks and delays become facts of their kinds", "[aws]") {
  Json reject;
  reject.set("reason", "Bad content");
  const SesFact rejected = only_fact(record("Reject", "reject", reject));
  CHECK(rejected.kind == ReceiptKind::rejected);
  CHECK(rejected.detail == "Bad content");
  CHECK(rejected.time == at(0, 30));

  CHECK(only_fact(record("Open", "open", timed())).kind == ReceiptKind::opened);
  CHECK(only_fact(record("Rendering Failure", "failure", timed())).kind == ReceiptKind::rejected);

  Json delay = timed();
  delay.set("delayType", "MailboxFull");
  delay.set("delayedRecipients", Json::Array{recipient("fan0001@example.net", "smtp; 452")});
  const SesFact delayed = only_fact(record("DeliveryDelay", "deliveryDelay", delay));
  CHECK(delayed.kind == ReceiptKind::delayed);
  CHECK(delayed.detail == "MailboxFull smtp; 452");
}

TEST_CASE("a click does not carry its link, which may hold a token", "[aws]") {
  Json click = timed();
  click.set("link", "https://invites.league.example/r/secret");
  click.set("userAgent", "Reader/1");
  const SesFact fact = only_fact(record("Click", "click", click));

  CHECK(fact.kind == ReceiptKind::clicked);
  CHECK(fact.detail == "Reader/1");
}

TEST_CASE("leaving all topics of a contact list is an unsubscription", "[aws]") {
  Json preferences;
  preferences.set("unsubscribeAll", true);
  Json part = timed();
  part.set("newTopicPreferences", preferences);
  CHECK(only_fact(record("Subscription", "subscription", part)).kind == ReceiptKind::unsubscribed);

  preferences.set("unsubscribeAll", false);
  part.set("newTopicPreferences", preferences);
  CHECK(facts_of(record("Subscription", "subscription", part)).empty());
}

TEST_CASE("the feedback format without tags is read as well", "[aws]") {
  Json mail;
  mail.set("messageId", "0100-mail");
  mail.set("destination", Json::Array{"fan0001@example.net"});
  Json part = timed("2027-03-27T18:00:00.1-0700");
  part.set("recipients", Json::Array{"fan0001@example.net"});
  Json json;
  json.set("notificationType", "Delivery");
  json.set("mail", mail);
  json.set("delivery", part);
  const SesFact fact = only_fact(json);

  CHECK(fact.kind == ReceiptKind::delivered);
  CHECK(fact.attempt_id.empty());
  CHECK(fact.time == at(1, 0));
}

TEST_CASE("timestamps of SES are read with and without fraction, in Z or an offset", "[aws]") {
  for (const char* const time :
       {"2027-03-28T01:02:03Z", "2027-03-28T01:02:03.4Z", "2027-03-28T01:02:03.456789Z",
        "2027-03-28T03:02:03+02:00", "2027-03-27T17:32:03.000-0730"}) {
    INFO(time);
    CHECK(only_fact(record("Open", "open", timed(time))).time == at(1, 2, 3));
  }
}

TEST_CASE("an unreadable time falls back to the mail's, and without one the record is refused",
          "[aws]") {
  const char* const unreadable[] = {"",
                                    "yesterday",
                                    "2027-02-30T01:02:03Z",
                                    "2027-03-28T25:02:03Z",
                                    "2027-03-28T01:02:03",
                                    "2027-03-28T01:02:03.",
                                    "27-03-28",
                                    "2027-03-28T01:02:03+2:00",
                                    "2027-03-28T01:02:+3Z"};
  for (const char* const time : unreadable) {
    INFO(time);
    Json json = record("Open", "open", timed(time));
    CHECK(only_fact(json).time == at(0, 30));

    Json mail = json["mail"];
    mail.set("timestamp", time);
    json.set("mail", mail);
    const auto refused = parse_notification(json.write());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::invalid_input);
  }
}

TEST_CASE("the same record comes out of every envelope", "[aws]") {
  const Json inner = bounce("Permanent", "General", {recipient("fan0001@example.net")});
  Json sns;
  sns.set("Type", "Notification");
  sns.set("Message", inner.write() + "\n");
  Json bridge;
  bridge.set("detail-type", "Email Bounced");
  bridge.set("source", "aws.ses");
  bridge.set("detail", inner);
  Json bridge_in_sns;
  bridge_in_sns.set("Type", "Notification");
  bridge_in_sns.set("Message", bridge.write());

  for (const Json& json : {inner, sns, bridge, bridge_in_sns}) {
    const SesFact fact = only_fact(json);
    CHECK(fact.kind == ReceiptKind::bounced);
    CHECK(fact.permanent);
    CHECK(fact.attempt_id == "a-0001");
  }
}

TEST_CASE("envelopes in envelopes come to an end", "[aws]") {
  Json json = record("Send", "send", Json(Json::Object()));
  for (int i = 0; i < 8; ++i) {
    Json outer;
    outer.set("Type", "Notification");
    outer.set("Message", json.write());
    json = outer;
  }
  const auto refused = parse_notification(json.write());

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::invalid_input);
}

TEST_CASE("kinds that SES may add later give no facts", "[aws]") {
  CHECK(facts_of(record("Teleported", "teleport", timed())).empty());

  Json subscribed;
  subscribed.set("notificationType", "AmazonSnsSubscriptionSucceeded");
  CHECK(facts_of(subscribed).empty());
}

TEST_CASE("what is no SES notification is refused with what it is", "[aws]") {
  const auto error_of = [](std::string_view text) {
    const auto facts = parse_notification(text);
    REQUIRE_FALSE(facts);
    return facts.error();
  };
  for (const char* const text :
       {"", "Successfully validated SNS topic for Amazon SES event publishing.", "7", "[]", "{}",
        R"({"eventType":"Send"})", R"({"eventType":7})",
        R"({"Type":"Notification","Message":"You have chosen to subscribe"})", R"({"Records":[]})",
        R"({"Records":[7]})", R"({"Records":[{"body":7}]})", R"({"Records":[{"Sns":{}}]})",
        R"({"Records":[{"body":"{}"}]})", R"({"Type":"Notification","Message":{}})",
        R"({"eventType":"Send","mail":{"timestamp":"2027-03-28T00:30:00Z"}})"}) {
    INFO(text);
    CHECK(error_of(text).code == Code::invalid_input);
  }
  const Error confirmation = error_of(
      R"({"Type":"SubscriptionConfirmation","SubscribeURL":"https://x","Token":"secret"})");
  CHECK(confirmation.message.find("SubscriptionConfirmation") != std::string::npos);
  CHECK(confirmation.message.find("secret") == std::string::npos);
}

TEST_CASE("notifications beyond the limits are refused unread", "[aws]") {
  const auto too_long = parse_notification("{\"x\":\"" + std::string(256 * 1024, 'x') + "\"}");
  const auto too_deep = parse_notification(std::string(100'000, '['));

  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code == Code::too_large);
  REQUIRE_FALSE(too_deep);
  CHECK(too_deep.error().code == Code::too_large);
}

TEST_CASE("ids and addresses that are none come out empty, never as they are", "[aws]") {
  Json json = bounce("Permanent", "General", {recipient("fan\r\n0001@example.net")});
  Json mail = json["mail"];
  Json tags;
  tags.set("attempt_id", Json::Array{"a\n1"});
  mail.set("tags", tags);
  json.set("mail", mail);
  const SesFact fact = only_fact(json);

  CHECK(fact.address.empty());
  CHECK(fact.attempt_id.empty());
  CHECK(fact.message_id == "0100-mail");
}

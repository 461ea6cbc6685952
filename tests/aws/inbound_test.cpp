#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"
#include "calinvite/aws.hpp"

namespace fs = std::filesystem;
using calinvite::Code;
using calinvite::Json;
using calinvite::parse_inbound_notification;
using calinvite::SesVerdict;

namespace {

const std::string received =
    R"({"notificationType":"Received","mail":{"timestamp":"2027-01-15T10:12:03.114Z",)"
    R"("source":"Fan0001@Example.org","messageId":"o3vrnil0e2ic28trm7df",)"
    R"("commonHeaders":{"messageId":"<one@example.org>"}},"receipt":{)"
    R"("recipients":["Create@reply.league.example","bcc@reply.league.example"],)"
    R"("spamVerdict":{"status":"PASS"},"virusVerdict":{"status":"DISABLED"},)"
    R"("spfVerdict":{"status":"GRAY"},"dkimVerdict":{"status":"PROCESSING_FAILED"},)"
    R"("dmarcVerdict":{"status":"FAIL"},"dmarcPolicy":"REJECT",)"
    R"("action":{"type":"S3","bucketName":"inbox","objectKey":"in/o3vr"}}})";

std::string with_content(const std::string& encoding, const std::string& content) {
  auto json = Json::parse(received).value();
  Json action, receipt = json["receipt"];
  action.set("type", "SNS").set("encoding", encoding);
  receipt.set("action", action);
  json.set("receipt", receipt).set("content", content);
  return json.write();
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace

TEST_CASE("a notice of an inbound mail tells envelope, verdicts and place", "[aws]") {
  const auto notice = parse_inbound_notification(received);

  REQUIRE(notice);
  CHECK(notice->message_id == "o3vrnil0e2ic28trm7df");
  CHECK(notice->source == "fan0001@example.org");
  CHECK(notice->recipients ==
        std::vector<std::string>{"create@reply.league.example", "bcc@reply.league.example"});
  CHECK(notice->header_message_id == "one@example.org");
  CHECK(notice->time.time_since_epoch().count() == 1800007923);
  CHECK(notice->spam == SesVerdict::pass);
  CHECK(notice->virus == SesVerdict::none);
  CHECK(notice->spf == SesVerdict::gray);
  CHECK(notice->dkim == SesVerdict::processing_failed);
  CHECK(notice->dmarc == SesVerdict::fail);
  CHECK(notice->dmarc_policy == "reject");
  CHECK(notice->bucket == "inbox");
  CHECK(notice->object_key == "in/o3vr");
  CHECK_FALSE(notice->content);
  CHECK_FALSE(notice->setup);
}

TEST_CASE("an inbound notice is read in SNS's envelope and in Lambda's records", "[aws]") {
  Json envelope, record, event;
  envelope.set("Type", "Notification").set("Message", received);
  record.set("eventSource", "aws:ses").set("ses", Json::parse(received).value());
  event.set("Records", Json::Array{record});

  for (const auto& json : {envelope.write(), event.write()}) {
    const auto notice = parse_inbound_notification(json);
    REQUIRE(notice);
    CHECK(notice->dmarc == SesVerdict::fail);
    CHECK(notice->recipients.size() == 2);
  }
  event.set("Records", Json::Array{record, record});
  CHECK(parse_inbound_notification(event.write()).error().code == Code::invalid_input);
}

TEST_CASE("the mail of an SNS action is decoded", "[aws]") {
  const std::string mail =
      "From: fan0001@example.org\r\n\r\nGr\xc3\xbc\xc3\x9f"
      "e\r\n";

  CHECK(parse_inbound_notification(with_content("UTF-8", mail))->content == mail);
  CHECK(
      parse_inbound_notification(with_content("BASE64", calinvite::text::base64(mail)))->content ==
      mail);
  CHECK(parse_inbound_notification(with_content("Base64", "%%%")).error().code ==
        Code::invalid_input);
}

TEST_CASE("what is no notice of an inbound mail is told apart", "[aws]") {
  const auto code = [](std::string_view json) {
    return parse_inbound_notification(json).error().code;
  };

  CHECK(code(R"({"eventType":"Send","mail":{}})") == Code::not_found);
  CHECK(code(R"({"Records":[{"Sns":{}}]})") == Code::not_found);
  CHECK(code("[]") == Code::not_found);
  CHECK(code(R"({"notificationType":"Received","mail":{}})") == Code::invalid_input);
  CHECK(code("From: a@example.org") == Code::invalid_input);
  CHECK(code("{\"a\":\"" + std::string(1'000'001, 'x') + "\"}") == Code::too_large);
}

TEST_CASE("every inbound sample is read", "[aws][corpus]") {
  const fs::path aws = CALINVITE_AWS_DIR;
  const fs::path corpus = CALINVITE_CORPUS_DIR;
  if (!fs::exists(aws) || !fs::exists(corpus)) {
    std::printf("skipped: no corpus at %s\n", corpus.c_str());
    return;
  }
  const auto notice = [](const fs::path& path) {
    INFO(path);
    auto read = parse_inbound_notification(read_file(path));
    REQUIRE(read);
    return *std::move(read);
  };
  const auto inbound = [&](const char* name) { return notice(aws / "inbound" / name); };

  CHECK(inbound("lambda-event.json").dmarc == SesVerdict::pass);
  const auto rejected = inbound("notification-s3-action-dmarc-fail-reject.json");
  CHECK(rejected.dmarc == SesVerdict::fail);
  CHECK(rejected.spf == SesVerdict::pass);
  CHECK(rejected.dmarc_policy == "reject");
  CHECK(inbound("notification-s3-action-dmarc-gray.json").dmarc == SesVerdict::gray);
  CHECK(inbound("notification-s3-action-headers-truncated.json").object_key.size() > 0);
  CHECK(inbound("notification-s3-action-processing-failed.json").dmarc ==
        SesVerdict::processing_failed);
  CHECK(inbound("notification-s3-action-scan-disabled.json").spam == SesVerdict::none);
  CHECK(inbound("notification-s3-action-setup-notification.json").setup);
  CHECK(inbound("notification-s3-action.json").bucket == "inbound-mail-example");
  const auto plain = inbound("notification-sns-action-utf8.json");
  const auto coded = inbound("notification-sns-action-base64.json");
  REQUIRE(plain.content);
  CHECK(plain.content == coded.content);
  CHECK(plain.content == read_file(aws / "inbound/stored-object-imip-reply.eml"));
  CHECK(inbound("s3-event-notification-objectcreated.json").bucket == "inbound-mail-example");
  const fs::path events = corpus / "ses-events";
  CHECK(notice(events / "aws-lambda-go/ses-s3-event.json").recipients.size() == 1);
  CHECK(notice(events / "aws-lambda-go/ses-sns-event.json").action == "SNS");
}

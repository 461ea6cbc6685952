#include <catch2/catch.hpp>
#include <iostream>
#include <map>

#include "aws/sigv4_case.hpp"

using namespace calinvite;
using namespace calinvite::testing;

namespace {

namespace fs = std::filesystem;

const fs::path events = CALINVITE_AWS_DIR "/events";
const fs::path corpus = CALINVITE_CORPUS_DIR;

bool is_absent(const fs::path& folder) {
  if (fs::exists(folder)) return false;
  std::cout << "skipped: no corpus at " << folder.string() << '\n';
  return true;
}

struct Expected {
  ReceiptKind kind;
  std::string detail;
  std::size_t facts = 1;
};

/// Facts of event publishing and feedback, by file name.
const std::map<std::string, Expected> records = {
    {"event-bounce-headers-truncated", {ReceiptKind::bounced, "Permanent/General "}},
    {"event-bounce-permanent-general", {ReceiptKind::bounced, "Permanent/General "}},
    {"event-bounce-permanent-noemail", {ReceiptKind::bounced, "Permanent/NoEmail "}},
    {"event-bounce-permanent-onaccountsuppressionlist",
     {ReceiptKind::bounced, "Permanent/OnAccountSuppressionList "}},
    {"event-bounce-permanent-suppressed", {ReceiptKind::bounced, "Permanent/Suppressed "}},
    {"event-bounce-permanent-two-recipients", {ReceiptKind::bounced, "Permanent/General ", 2}},
    {"event-bounce-transient-attachmentrejected",
     {ReceiptKind::bounced, "Transient/AttachmentRejected "}},
    {"event-bounce-transient-contentrejected",
     {ReceiptKind::bounced, "Transient/ContentRejected "}},
    {"event-bounce-transient-customtimeoutexceeded",
     {ReceiptKind::bounced, "Transient/CustomTimeoutExceeded "}},
    {"event-bounce-transient-general-out-of-office", {ReceiptKind::delayed, "Transient/General"}},
    {"event-bounce-transient-mailboxfull", {ReceiptKind::bounced, "Transient/MailboxFull "}},
    {"event-bounce-transient-messagetoolarge",
     {ReceiptKind::bounced, "Transient/MessageTooLarge "}},
    {"event-bounce-undetermined", {ReceiptKind::bounced, "Undetermined/Undetermined"}},
    {"event-click", {ReceiptKind::clicked, "ExampleReader/3.2"}},
    {"event-complaint-abuse", {ReceiptKind::complained, "abuse"}},
    {"event-complaint-onaccountsuppressionlist",
     {ReceiptKind::complained, "OnAccountSuppressionList"}},
    {"event-complaint-without-report", {ReceiptKind::complained, ""}},
    {"event-delivery", {ReceiptKind::delivered, "250 2.0.0 OK accepted"}},
    {"event-deliverydelay", {ReceiptKind::delayed, "TransientCommunicationFailure smtp; 421"}},
    {"event-open", {ReceiptKind::opened, "ExampleReader/3.2"}},
    {"event-reject", {ReceiptKind::rejected, "Bad content"}},
    {"event-rendering-failure", {ReceiptKind::rejected, "Attribute 'attendee_name'"}},
    {"event-send", {ReceiptKind::accepted, ""}},
    {"event-subscription", {ReceiptKind::unsubscribed, "UnsubscribeHeader"}},
    {"eventbridge-bounce-permanent-general", {ReceiptKind::bounced, "Permanent/General "}},
    {"eventbridge-complaint-abuse", {ReceiptKind::complained, "abuse"}},
    {"eventbridge-delivery", {ReceiptKind::delivered, "250 "}},
    {"eventbridge-send", {ReceiptKind::accepted, ""}},
    {"feedback-notification-bounce", {ReceiptKind::bounced, "Permanent/General "}},
    {"feedback-notification-complaint", {ReceiptKind::complained, "abuse"}},
    {"feedback-notification-delivery-without-headers", {ReceiptKind::delivered, "250 "}},
    {"sns-notification-signature-v1", {ReceiptKind::bounced, "Permanent/General "}},
    {"sns-notification-signature-v2", {ReceiptKind::bounced, "Permanent/General "}},
    {"sns-notification-without-subject-v1", {ReceiptKind::bounced, "Permanent/General "}},
    {"sns-notification-topic-validation-not-json", {ReceiptKind::accepted, "", 0}},
    {"sns-lambda-event", {ReceiptKind::bounced, "Permanent/General "}},
    {"sqs-lambda-event", {ReceiptKind::bounced, "Permanent/General "}},
    // Signatures are the caller's business, so these read like the others.
    {"sns-notification-bad-cert-host", {ReceiptKind::bounced, "Permanent/General "}},
    {"sns-notification-cert-on-s3", {ReceiptKind::bounced, "Permanent/General "}},
    {"sns-notification-tampered-v2", {ReceiptKind::bounced, "Permanent/General "}},
};

/// No notifications of SES: confirmations, SQS's own requests and answers, a table.
bool is_refused(const std::string& name) {
  return name.find("confirmation") != std::string::npos || name == "eventbridge-detail-types" ||
         (name.starts_with("sqs-") && name != "sqs-lambda-event");
}

void check_facts(const std::vector<SesFact>& facts, const Expected& expected) {
  REQUIRE(facts.size() == expected.facts);
  for (const SesFact& fact : facts) {
    CHECK(fact.kind == expected.kind);
    CHECK(fact.detail.starts_with(expected.detail));
    CHECK(fact.permanent == expected.detail.starts_with("Permanent/"));
    CHECK(fact.message_id == "0100019bc0fd8b5c-5f0c1d2e-3a4b-4c5d-8e6f-708192a3b4c5-000000");
    CHECK(fact.address.ends_with("@example.net"));
    CHECK(fact.time > std::chrono::sys_days(std::chrono::year(2026) / 1 / 15));
    CHECK(fact.feedback_id.empty() ==
          (expected.kind != ReceiptKind::complained && !expected.detail.starts_with("Permanent/") &&
           !expected.detail.starts_with("Transient/") &&
           !expected.detail.starts_with("Undetermined/")));
  }
}

}  // namespace

TEST_CASE("each event of the corpus becomes the facts that its name says", "[aws][corpus]") {
  if (is_absent(events)) return;
  std::size_t read = 0;
  std::size_t refused = 0;
  for (const auto& entry : fs::directory_iterator(events)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().stem();
    INFO(name);
    const auto facts = parse_notification(read_file(entry.path()));
    if (is_refused(name)) {
      REQUIRE_FALSE(facts);
      CHECK(facts.error().code == Code::invalid_input);
      ++refused;
      continue;
    }
    REQUIRE(records.count(name) == 1);
    REQUIRE(facts);
    check_facts(*facts, records.at(name));
    ++read;
  }
  CHECK(read == records.size());
  std::cout << read << " events read, " << refused << " refused as none of SES\n";
}

TEST_CASE("each body of the corpus's SQS answer is read, however it came to the queue",
          "[aws][corpus]") {
  if (is_absent(events)) return;
  const Json answer = read_json(events / "sqs-receivemessage-response.json");
  REQUIRE(answer["Messages"].array().size() == 3);

  for (const Json& message : answer["Messages"].array()) {
    const auto facts = parse_notification(message["Body"].string());
    REQUIRE(facts);
    check_facts(*facts, {ReceiptKind::bounced, "Permanent/General "});
  }
}

TEST_CASE("the corpus of records from public projects is read or refused by name",
          "[aws][corpus]") {
  if (is_absent(corpus / "ses-events") || is_absent(corpus / "sns")) return;
  const std::map<std::string, ReceiptKind> known = {
      {"example_bounce.json", ReceiptKind::bounced},
      {"example_bounce_nocode.json", ReceiptKind::bounced},
      {"example_delivery.json", ReceiptKind::delivered},
      {"example_bounce_notification.json", ReceiptKind::bounced},
      {"01-bounce-record.json", ReceiptKind::bounced},
      {"02-complaint-record.json", ReceiptKind::complained},
      {"03-delivery-record.json", ReceiptKind::delivered},
      {"06-open-record.json", ReceiptKind::opened},
      {"07-click-record.json", ReceiptKind::clicked},
      {"01-bounce-notification-with-a-dsn.json", ReceiptKind::bounced},
      {"03-complaint-notification-with-a-feedback-report.json", ReceiptKind::complained},
  };
  std::size_t with_facts = 0;
  std::size_t without = 0;
  std::size_t refused = 0;
  for (const char* const kind : {"ses-events", "sns"}) {
    for (const auto& entry : fs::recursive_directory_iterator(corpus / kind)) {
      if (!entry.is_regular_file()) continue;
      const std::string name = entry.path().filename();
      INFO(entry.path());
      const auto facts = parse_notification(read_file(entry.path()));
      if (const auto expected = known.find(name); expected != known.end()) {
        REQUIRE(facts);
        REQUIRE_FALSE(facts->empty());
        for (const SesFact& fact : *facts) CHECK(fact.kind == expected->second);
        ++with_facts;
      } else if (facts) {
        CHECK(facts->empty());  // inbound mail: a kind that is none of delivery
        ++without;
      } else {
        const Code code = facts.error().code;
        CHECK((code == Code::invalid_input || code == Code::too_large));
        ++refused;
      }
    }
  }
  CHECK(with_facts == known.size());
  std::cout << with_facts << " records with facts, " << without << " without, " << refused
            << " refused\n";
}

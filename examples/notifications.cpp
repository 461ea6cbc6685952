// Reads what SES reports of mails that were sent, and of one that came in, without a store.
#include <calinvite/aws.hpp>

#include "check.hpp"

using namespace calinvite;

static constexpr std::string_view bounce = R"({"eventType": "Bounce",
  "bounce": {"feedbackId": "f-1", "bounceType": "Permanent", "bounceSubType": "General",
    "bouncedRecipients": [
      {"emailAddress": "ana@example.net", "action": "failed", "status": "5.1.1",
       "diagnosticCode": "smtp; 550 5.1.1 user unknown"}],
    "timestamp": "2037-03-01T12:00:00.000Z"},
  "mail": {"timestamp": "2037-03-01T11:59:58.000Z", "messageId": "ses-1",
    "destination": ["ana@example.net"], "tags": {"attempt_id": ["a-1"]}}})";

static constexpr std::string_view received = R"({"notificationType": "Received",
  "receipt": {"timestamp": "2037-03-01T12:00:00.000Z",
    "recipients": ["create@reply.league.example"], "spamVerdict": {"status": "PASS"},
    "virusVerdict": {"status": "PASS"}, "spfVerdict": {"status": "PASS"},
    "dkimVerdict": {"status": "PASS"}, "dmarcVerdict": {"status": "FAIL"},
    "dmarcPolicy": "reject", "action": {"type": "S3", "bucketName": "mail", "objectKey": "in/1"}},
  "mail": {"timestamp": "2037-03-01T12:00:00.000Z", "messageId": "ses-2",
    "source": "fixtures@league.example", "destination": ["create@reply.league.example"],
    "commonHeaders": {"from": ["fixtures@league.example"], "messageId": "<1@league.example>"}}})";

int main() {
  // Whether SES said it is another question: ask SNS's signature, or read a queue of your own.
  for (const SesFact& fact : check(parse_notification(bounce))) {
    std::printf("%s: %s, attempt %s, %s: %s\n", fact.address.c_str(), to_string(fact.kind).data(),
                fact.attempt_id.c_str(), fact.permanent ? "mail no more" : "try again",
                fact.detail.c_str());
  }

  const auto mail = check(parse_inbound_notification(received));
  std::printf("mail in %s/%s for %s: spam %s, virus %s, DMARC %s\n", mail.bucket.c_str(),
              mail.object_key.c_str(), mail.recipients[0].c_str(),
              mail.spam == SesVerdict::pass ? "no" : "perhaps",
              mail.virus == SesVerdict::pass ? "no" : "perhaps",
              mail.dmarc == SesVerdict::pass ? "passed" : "not passed");

  // Well formed, and no notice of a mail that came in.
  const auto other = parse_inbound_notification(bounce);
  std::printf("%s\n", other ? "a mail" : code_name(other.error().code).data());
  return 0;
}

/* Reads what SES reports of mails that were sent, and of one that came in, without a store. */
#include "check.h"

static const char bounce[] =
    "{\"eventType\": \"Bounce\","
    "\"bounce\": {\"feedbackId\": \"f-1\", \"bounceType\": \"Permanent\", \"bounceSubType\": "
    "\"General\","
    "\"bouncedRecipients\": ["
    "{\"emailAddress\": \"ana@example.net\", \"action\": \"failed\", \"status\": \"5.1.1\","
    "\"diagnosticCode\": \"smtp; 550 5.1.1 user unknown\"}],"
    "\"timestamp\": \"2037-03-01T12:00:00.000Z\"},"
    "\"mail\": {\"timestamp\": \"2037-03-01T11:59:58.000Z\", \"messageId\": \"ses-1\","
    "\"destination\": [\"ana@example.net\"], \"tags\": {\"attempt_id\": [\"a-1\"]}}}";

static const char received[] =
    "{\"notificationType\": \"Received\","
    "\"receipt\": {\"timestamp\": \"2037-03-01T12:00:00.000Z\","
    "\"recipients\": [\"create@reply.league.example\"], \"spamVerdict\": {\"status\": \"PASS\"},"
    "\"virusVerdict\": {\"status\": \"PASS\"}, \"spfVerdict\": {\"status\": \"PASS\"},"
    "\"dkimVerdict\": {\"status\": \"PASS\"}, \"dmarcVerdict\": {\"status\": \"FAIL\"},"
    "\"dmarcPolicy\": \"reject\", \"action\": {\"type\": \"S3\", \"bucketName\": \"mail\", "
    "\"objectKey\": \"in/1\"}},"
    "\"mail\": {\"timestamp\": \"2037-03-01T12:00:00.000Z\", \"messageId\": \"ses-2\","
    "\"source\": \"fixtures@league.example\", \"destination\": [\"create@reply.league.example\"],"
    "\"commonHeaders\": {\"from\": [\"fixtures@league.example\"], \"messageId\": "
    "\"<1@league.example>\"}}}";

int main(void) {
  calinvite_error* error;
  /* Whether SES said it is another question: ask SNS's signature, or read a queue of your own. */
  const calinvite_ses_fact_list* facts;
  check(calinvite_parse_notification(bounce, strlen(bounce), &facts, &error), &error);
  for (size_t i = 0; i < facts->count; ++i) {
    const calinvite_ses_fact* fact = facts->items[i];
    printf("%s: %s, attempt %s, %s: %s\n", fact->address, fact->kind, fact->attempt_id,
           fact->permanent ? "mail no more" : "try again", fact->detail);
  }
  calinvite_free(facts);

  const calinvite_inbound_notification* mail;
  check(calinvite_parse_inbound_notification(received, strlen(received), &mail, &error), &error);
  printf("mail in %s/%s for %s: spam %s, virus %s, DMARC %s\n", mail->bucket, mail->object_key,
         mail->recipients[0], strcmp(mail->spam, "pass") == 0 ? "no" : "perhaps",
         strcmp(mail->virus, "pass") == 0 ? "no" : "perhaps",
         strcmp(mail->dmarc, "pass") == 0 ? "passed" : "not passed");
  calinvite_free(mail);

  /* Well formed, and no notice of a mail that came in. */
  const calinvite_status other =
      calinvite_parse_inbound_notification(bounce, strlen(bounce), &mail, NULL);
  printf("%s\n", calinvite_status_name(other));
  return 0;
}

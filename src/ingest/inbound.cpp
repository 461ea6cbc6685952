#include <string>
#include <utility>

#include "calinvite/aws.hpp"
#include "ingest/ingest.hpp"

namespace calinvite::ingest {
namespace {

/// What the receipt of a mail says about its sender and its way; `input` keeps what it has.
void read_receipt(IngestInput& input) {
  auto receipt = parse_inbound_notification(input.receipt);
  if (!receipt) {
    input.authentication.reason = "its receipt is unreadable: " + receipt.error().message;
    return;
  }
  const auto mail = parse_mail(input.bytes);
  if (mail && !input.authentication.passed) input.authentication = authenticate(*receipt, *mail);
  if (input.envelope_recipients.empty()) {
    input.envelope_recipients = std::move(receipt->recipients);
  }
}

std::string where(const InboundNotification& notice) {
  if (notice.bucket.empty()) return "no S3 action is named";
  return "it lies in s3://" + notice.bucket + '/' + notice.object_key;
}

}  // namespace

IngestInput vouch(IngestInput input, const Verifier& verifier) {
  if (!input.receipt.empty()) read_receipt(input);
  if (!input.authentication.passed && verifier) {
    auto verified = verifier(input);
    if (verified.passed || input.authentication.reason.empty()) {
      input.authentication = std::move(verified);
    }
  }
  return input;
}

Result<ParsedMail> read_mail(const IngestInput& input) {
  auto mail = parse_mail(input.bytes);
  if (mail) {
    mail->recipients.insert(mail->recipients.begin(), input.envelope_recipients.begin(),
                            input.envelope_recipients.end());
  }
  return mail;
}

Result<void> ingest_received(const InboundNotification& notice, const IngestInput& input,
                             const Place& place, const MailHandler& on_mail,
                             const IngestHandler& on_item) {
  if (notice.setup) {
    IngestItem test{input.source, "notification", IngestOutcome::recorded, {}, {}, place, {}};
    test.reason = "SES's own test of a new rule";
    on_item(test);
    return {};
  }
  if (!notice.content) {
    on_item(refused(input.source, "mail " + notice.message_id,
                    {Code::unsupported,
                     "the notification does not hold the mail, " + where(notice) +
                         "; hand over the mail, with this notification as its receipt",
                     place}));
    return {};
  }
  IngestInput mail = input;
  mail.kind = InputKind::mail;
  mail.bytes = *notice.content;
  mail.read = {};
  if (input.kind != InputKind::notification) {
    mail.receipt = {};
    mail.authentication.reason =
        "the notification that holds it came by no verified channel (--trust-receipt is your word "
        "that it did)";
  }
  return on_mail(mail, on_item);
}

}  // namespace calinvite::ingest

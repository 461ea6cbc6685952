// Delivery reports (RFC 3464) and complaints (RFC 5965) by mail. Anybody can write one, so it says
// as much as its evidence is worth: one that holds an address token or the UID of a copy sets the
// delivery state of that copy and nothing else; only one that returns the id of a message we sent,
// which nobody but its recipient saw, ends all mail to the address. No report is ever an answer
// (R119).
#include <algorithm>
#include <optional>
#include <string>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "ingest/ingest.hpp"
#include "ingest/reply_evidence.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t max_detail_bytes = 300;

/// The copy a report is about.
struct Reported {
  Attendee copy;
  std::string send;  ///< message or attempt id, when the report returns one of ours
};

/// What is told of one recipient.
struct Told {
  ReceiptKind kind = ReceiptKind::delayed;
  bool final = false;                   ///< the address, not the message, is at fault
  std::vector<std::string> recipients;  ///< as the report names them; empty: it does not
  std::string detail;
};

/// SES makes a Message-ID of its message id, other transports of our attempt.
std::string send_of(const ReturnedMail& original) {
  return original.message_id.substr(0, original.message_id.find('@'));
}

bool is_attempt(const std::string& send) {
  return send.size() == 32 && text::from_hex(send).has_value();
}

/// @error as find_copy
Result<Reported> find_reported(const Context& context, const IngestInput& input,
                               const ParsedMail& mail, const ReturnedMail& original) {
  const auto send = send_of(original);
  const auto sent = context.store.find_attendee_by_message(context.scope(), send);
  if (!sent) return tl::unexpected(sent.error());
  Traces traces = traces_of_mail(input, mail);
  traces.addresses.push_back({"From of what it returns", original.from});
  if (!original.uids.empty()) traces.uid = original.uids.front();
  if (traces.uid.empty() && *sent) traces.uid = (*sent)->uid;
  auto match = find_copy(context, traces);
  if (!match) return tl::unexpected(match.error());
  if (!*sent) return Reported{std::move(match->copy), {}};
  if ((*sent)->event != match->copy.event || (*sent)->address != match->copy.address) {
    return fail(Code::conflict, "ambiguous: the message it returns went to " + (*sent)->address +
                                    ", other evidence names " + match->copy.address);
  }
  return Reported{std::move(match->copy), send};
}

/// Absent when it says nothing about a delivery.
std::optional<Told> told_of(const RecipientStatus& status) {
  Told told;
  if (status.action == "failed") {
    told.kind = ReceiptKind::bounced;
    // 5.7.x refuses this message, 4.x.x gave up on trying: the address may be a good one.
    told.final = status.status.starts_with("5.") && !status.status.starts_with("5.7.");
  } else if (status.action == "delayed") {
    told.kind = ReceiptKind::delayed;
  } else if (status.action == "delivered" || status.action == "relayed") {
    told.kind = ReceiptKind::delivered;
  } else {
    return std::nullopt;
  }
  for (const auto& recipient : {status.recipient, status.original_recipient}) {
    if (!recipient.empty()) told.recipients.push_back(recipient);
  }
  told.detail = status.status + (status.diagnostic.empty() ? "" : ' ' + status.diagnostic);
  return told;
}

std::optional<Told> told_of(const FeedbackReport& feedback) {
  if (feedback.type != "abuse" && feedback.type != "fraud" && feedback.type != "other") {
    return std::nullopt;
  }
  Told told;
  told.kind = ReceiptKind::complained;
  told.final = true;
  told.recipients = feedback.original_recipients;
  told.detail = feedback.type;
  return told;
}

/// A report that names nobody is about whom it returns.
bool concerns(const Told& told, const Reported& reported) {
  return told.recipients.empty() ||
         std::any_of(told.recipients.begin(), told.recipients.end(), [&](const std::string& one) {
           return mailbox_key(one) == mailbox_key(reported.copy.address);
         });
}

DeliveryFact to_fact(const Context& context, const ParsedMail& mail, const Reported& reported,
                     const Told& told) {
  DeliveryFact fact;
  fact.domain = context.domain.name;
  fact.receipt.kind = told.kind;
  fact.receipt.time = context.clock();
  fact.receipt.event = reported.copy.event;
  fact.receipt.address = reported.copy.address;
  fact.receipt.detail = text::utf8_prefix(told.detail, max_detail_bytes);
  fact.receipt.channel = "mail";
  (is_attempt(reported.send) ? fact.receipt.attempt_id : fact.receipt.message_id) = reported.send;
  // What fails behind the attendee's address, where it is forwarded to, says nothing final of it.
  fact.suppress = fact.harmful = told.final && !reported.send.empty() && concerns(told, reported);
  std::string all = reported.copy.uid;
  for (const std::string& part :
       {std::string(to_string(told.kind)), told.detail, reported.send, mail.message_id}) {
    all += '\0' + part;
  }
  fact.dedupe_key = "report " + crypto::sha256_hex(all);
  return fact;
}

Result<IngestItem> record(const Context& context, const IngestInput& input, const ParsedMail& mail,
                          const Reported& reported, const Told& told) {
  IngestItem item;
  item.source = input.source;
  item.item = std::string(to_string(told.kind)) + ' ' + reported.copy.address;
  if (reported.send.empty() && !concerns(told, reported)) {
    return quarantine(context, input, item.item,
                      "a report about " + told.recipients.front() + ", not about " +
                          reported.copy.address + ", whose copy it returns");
  }
  const auto verdict = context.store.record_reported(
      context.scope(), to_fact(context, mail, reported, told), context.clock());
  if (!verdict) return tl::unexpected(verdict.error());
  item.event = reported.copy.event;
  item.outcome =
      *verdict == FactVerdict::repeated ? IngestOutcome::already_seen : IngestOutcome::recorded;
  item.reason = told.detail;
  return item;
}

/// A multipart/report that is neither of delivery, nor of a complaint, nor of somebody's reading
/// it.
bool is_of_unknown_form(const ParsedMail& mail) {
  if (mail.delivery || mail.feedback) return false;
  const bool is_report =
      std::any_of(mail.headers.begin(), mail.headers.end(), [](const auto& header) {
        return text::iequals(header.first, "Content-Type") &&
               text::lower(header.second).find("multipart/report") != std::string::npos;
      });
  return is_report && std::none_of(mail.parts.begin(), mail.parts.end(), [](const MailPart& part) {
           return part.content_type == "message/disposition-notification";
         });
}

}  // namespace

Result<void> apply_report(const Context& context, const IngestInput& input, const ParsedMail& mail,
                          const IngestHandler& on_item) {
  std::vector<Told> all;
  const auto add = [&](std::optional<Told> told) {
    if (told) all.push_back(*std::move(told));
  };
  if (mail.feedback) add(told_of(*mail.feedback));
  if (!mail.feedback && mail.delivery) {
    for (const RecipientStatus& status : mail.delivery->recipients) add(told_of(status));
  }
  const auto set_aside = [&](Code code, std::string reason) -> Result<void> {
    const auto kept = quarantine(context, input, "report", Error{code, std::move(reason), {}});
    if (!kept) return tl::unexpected(kept.error());
    on_item(*kept);
    return {};
  };
  if (is_of_unknown_form(mail)) return set_aside(Code::unsupported, "a report in no known form");
  if (all.empty()) {
    on_item({input.source,
             "report",
             IngestOutcome::recorded,
             {},
             "automatic mail that says nothing about a delivery",
             {}});
    return {};
  }
  const auto& original = mail.feedback ? mail.feedback->original : mail.delivery->original;
  const auto reported = find_reported(context, input, mail, original);
  if (!reported) {
    if (is_store_error(reported.error().code)) return tl::unexpected(reported.error());
    return set_aside(reported.error().code, "a delivery report that " + reported.error().message);
  }
  for (const Told& told : all) {
    const auto item = record(context, input, mail, *reported, told);
    if (!item) return tl::unexpected(item.error());
    on_item(*item);
  }
  return {};
}

}  // namespace calinvite::ingest

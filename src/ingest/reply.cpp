#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "calinvite/itip.hpp"
#include "ingest/ingest.hpp"
#include "ingest/reply_evidence.hpp"

namespace calinvite::ingest {
namespace {

/// What the mail and its VEVENT tell of the copy, in the order of R101.
Traces traces_of(const ParsedMail& mail, const ParsedEvent& parsed) {
  Traces traces;
  for (const std::string& recipient : mail.recipients) {
    traces.addresses.push_back({"the address it was sent to", recipient});
  }
  traces.addresses.push_back({"its ORGANIZER", parsed.event.source_organizer});
  traces.uid = parsed.event.source_uid;
  for (const ParsedAttendee& told : parsed.attendees) {
    traces.people.push_back({"its ATTENDEE", told.address});
  }
  for (const Mailbox& from : mail.from) traces.people.push_back({"From", from.address});
  return traces;
}

/// ATTENDEE that speaks for the copy (R104, R105).
/// @error not_found  none, or only somebody else's
Result<ParsedAttendee> find_answer(const ParsedEvent& event, const Attendee& attendee,
                                   const ParsedMail& mail) {
  const auto own =
      std::find_if(event.attendees.begin(), event.attendees.end(),
                   [&](const ParsedAttendee& told) { return told.address == attendee.address; });
  if (own != event.attendees.end()) return *own;
  if (event.attendees.size() != 1) {
    return fail(Code::not_found, "no ATTENDEE in it is the person invited");
  }
  const ParsedAttendee& only = event.attendees.front();
  const bool from_invited =
      std::any_of(mail.from.begin(), mail.from.end(),
                  [&](const Mailbox& from) { return from.address == attendee.address; });
  if (only.address.empty() || from_invited || only.sent_by == attendee.address) return only;
  return fail(Code::not_found, "answered by another address, " + only.address);
}

Reply to_reply(const Context& context, const Event& event, const ParsedEvent& parsed,
               const ParsedAttendee& answer, const ParsedCalendar& calendar) {
  Reply reply;
  reply.partstat = answer.partstat;
  if (calendar.method == Method::counter && answer.partstat == Partstat::needs_action) {
    reply.partstat = Partstat::tentative;  // a proposal without an answer (R114)
  }
  if (parsed.has_sequence) reply.sequence = parsed.event.source_sequence;
  // A clock that runs ahead must not outlast later answers.
  reply.dtstamp = std::min(parsed.event.source_dtstamp, context.clock());
  reply.occurrence = parsed.occurrence;
  if (parsed.recurrence_instant && !event.all_day) {
    if (const auto zone = context.zones.find(event.timezone)) {
      reply.occurrence = OccurrenceId{zone->to_local(*parsed.recurrence_instant)};
    }
  }
  reply.channel = "mail";
  reply.prodid = calendar.prodid;
  reply.comment = parsed.comment;
  return reply;
}

Result<IngestItem> apply_one(const Context& context, const IngestInput& input,
                             const ParsedMail& mail, const ParsedCalendar& calendar,
                             const ParsedEvent& parsed) {
  const std::string& uid = parsed.event.source_uid;
  const auto set_aside = [&](const Error& error) -> Result<IngestItem> {
    if (is_store_error(error.code)) return tl::unexpected(error);
    return quarantine(context, input, uid, error.message);
  };
  const auto match = find_copy(context, traces_of(mail, parsed));
  if (!match) return set_aside(match.error());
  const Attendee* const attendee = &match->copy;
  const Authentication& sender = input.authentication;
  if (!match->by_token && !(sender.passed && sender.address == attendee->address)) {
    return set_aside({Code::unauthenticated,
                      "an answer without an address token from a sender nobody vouches for",
                      {}});
  }
  const auto answer = find_answer(parsed, *attendee, mail);
  if (!answer) return set_aside(answer.error());
  const auto event = context.store.find_event(context.scope(), attendee->event);
  if (!event) return tl::unexpected(event.error());
  if (!*event) return set_aside({Code::not_found, "its event is not here", {}});
  IngestItem item;
  item.source = input.source;
  item.item = uid;
  return record_answer(context, *attendee, to_reply(context, **event, parsed, *answer, calendar),
                       std::move(item));
}

}  // namespace

Result<IngestItem> record_answer(const Context& context, const Attendee& attendee,
                                 const Reply& reply, IngestItem item) {
  const auto event = context.store.find_event(context.scope(), attendee.event);
  if (!event) return tl::unexpected(event.error());
  if (!*event) return fail(Code::not_found, "no event " + attendee.event);
  item.event = attendee.event;
  const ReplyEffect effect = apply_reply(**event, attendee, reply);
  if (effect.verdict == ReplyEffect::Verdict::repeated) {
    item.outcome = IngestOutcome::already_seen;
    return item;
  }
  Receipt receipt;
  receipt.kind = ReceiptKind::replied;
  // By the sender's clock, so that the same answer again is the same receipt (I7).
  receipt.time = reply.dtstamp == std::chrono::sys_seconds{} ? context.clock() : reply.dtstamp;
  receipt.event = attendee.event;
  receipt.address = attendee.address;
  receipt.sequence = reply.sequence.value_or(-1);
  receipt.method = Method::reply;
  receipt.detail = std::string(status_word(reply.partstat));
  if (reply.occurrence) {
    receipt.detail += " for " + format_basic(reply.occurrence->original_start, (*event)->all_day);
  }
  receipt.channel = reply.channel;
  receipt.prodid = reply.prodid;
  receipt.comment = reply.comment;
  Attendee answered = attendee;
  answered.partstat = effect.partstat;
  answered.answer_sequence = reply.sequence.value_or((*event)->sequence);
  answered.answer_dtstamp = reply.dtstamp;
  answered.channel = reply.channel;
  answered.prodid = reply.prodid;
  answered.comment = reply.comment;
  const bool history = effect.verdict == ReplyEffect::Verdict::history;
  const auto kept = context.store.record_reply(context.scope(), answered, receipt, history);
  if (!kept) return tl::unexpected(kept.error());
  item.outcome = *kept ? IngestOutcome::replied : IngestOutcome::already_seen;
  item.reason = effect.reason.empty() ? receipt.detail : receipt.detail + ", " + effect.reason;
  return item;
}

Result<void> apply_replies(const Context& context, const IngestInput& input, const ParsedMail& mail,
                           const ParsedCalendar& calendar, const IngestHandler& on_item) {
  for (const ParsedEvent& parsed : calendar.events) {
    const auto item = apply_one(context, input, mail, calendar, parsed);
    if (!item) return tl::unexpected(item.error());
    on_item(*item);
  }
  for (const Error& error : calendar.refused) on_item(refused(input.source, "VEVENT", error));
  return {};
}

}  // namespace calinvite::ingest

// Calendar answers of attendees: REPLY and COUNTER, from a mail or a file, and web answers.
#include "ingest/ingest.hpp"

#include <algorithm>
#include <string>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "calinvite/itip.hpp"
#include "ingest/reply_evidence.hpp"
#include "ingest/shared_answer.hpp"

namespace calinvite::ingest {
namespace {

constexpr std::size_t max_raw_bytes = 60;
constexpr std::size_t max_comment_bytes = 4000;

/// Whoever answers a copy: the attendee, perhaps under another address, or somebody they passed it
/// on to.
struct Speaker {
  ParsedAttendee said;
  bool shared = false;  ///< not the person invited
};

/// ATTENDEE that speaks for the copy (R104), or who else speaks (R105).
/// @error not_found  none, or several who are others
Result<Speaker> find_speaker(const ParsedEvent& event, const CopyMatch& match,
                             const Authentication& sender, const ParsedMail& mail) {
  const auto is_invited = [&](const std::string& address) {
    return mailbox_key(address) == mailbox_key(match.copy.address);
  };
  for (const ParsedAttendee& told : event.attendees) {
    if (told.address == match.copy.address) return Speaker{told};
  }
  for (const ParsedAttendee& told : event.attendees) {
    if (is_invited(told.address)) return Speaker{told};
  }
  if (event.attendees.size() != 1) {
    return fail(Code::not_found, "no ATTENDEE in it is the person invited");
  }
  const ParsedAttendee& only = event.attendees.front();
  const auto written_by_invited = [&] {
    return is_invited(only.sent_by) ||
           std::any_of(mail.from.begin(), mail.from.end(),
                       [&](const Mailbox& from) { return is_invited(from.address); });
  };
  // Anybody can write a From or SENT-BY, but only who saw the copy has its token.
  const bool theirs =
      only.address.empty() || (match.by_token ? written_by_invited() : is_invited(sender.address));
  return Speaker{only, !theirs};
}

/// What the mail and its VEVENT tell of the copy, in the order of R101.
Traces traces_of(const IngestInput& input, const ParsedMail& mail, const ParsedEvent& parsed) {
  Traces traces = traces_of_mail(input, mail);
  traces.addresses.push_back({"its ORGANIZER", parsed.event.source_organizer});
  traces.uid = parsed.event.source_uid;
  for (const ParsedAttendee& told : parsed.attendees) {
    traces.people.push_back({"its ATTENDEE", told.address});
  }
  for (const Mailbox& from : mail.from) traces.people.push_back({"From", from.address});
  return traces;
}

/// A token in the mail vouches for it; else the sender must be, by the word of others, the one who
/// speaks (R107).
Result<void> check_trust(const CopyMatch& match, const Speaker& speaker,
                         const Authentication& sender) {
  if (match.by_token) return {};
  const bool speaks = speaker.shared
                          ? sender.address == speaker.said.address
                          : mailbox_key(sender.address) == mailbox_key(match.copy.address);
  if (sender.passed && speaks) return {};
  return fail(Code::unauthenticated,
              "an answer without an address token from a sender nobody vouches for");
}

/// The times a COUNTER proposes, in the zone of the event (R114); empty when they are the event's.
std::string proposal_of(const Context& context, const Event& event, const ParsedEvent& parsed) {
  if (!parsed.has_start) return {};
  const bool all_day = parsed.event.all_day;
  auto start = parsed.event.start;
  auto end = parsed.event.end;
  const auto theirs = context.zones.find(parsed.event.timezone);
  const auto ours = context.zones.find(event.timezone);
  if (!all_day && !event.all_day && theirs && ours) {
    start = ours->to_local(theirs->to_instant(start));
    end = ours->to_local(theirs->to_instant(end));
  }
  if (!parsed.occurrence && start == event.start && end == event.end) return {};
  return format_iso(start, all_day) + '/' + format_iso(end, all_day);
}

/// The date of the event that RECURRENCE-ID means. A day, or a midnight of no zone, is the date
/// that starts on it.
std::optional<OccurrenceId> occurrence_of(const Context& context, const Event& event,
                                          const ParsedEvent& parsed) {
  if (!parsed.occurrence || event.all_day) return parsed.occurrence;
  if (parsed.recurrence_instant) {
    const auto zone = context.zones.find(event.timezone);
    return zone ? OccurrenceId{zone->to_local(*parsed.recurrence_instant)} : parsed.occurrence;
  }
  const auto said = parsed.occurrence->original_start;
  const auto day = std::chrono::floor<std::chrono::days>(said);
  if (said != day) return parsed.occurrence;
  return OccurrenceId{day + (event.start - std::chrono::floor<std::chrono::days>(event.start))};
}

Reply to_reply(const Context& context, const Event& event, const ParsedEvent& parsed,
               const ParsedAttendee& said, const ParsedCalendar& calendar, const ParsedMail& mail) {
  Reply reply;
  reply.partstat = said.partstat;
  if (calendar.method == Method::counter && said.partstat == Partstat::needs_action) {
    reply.partstat = Partstat::tentative;  // a proposal without an answer (R114)
  }
  if (parsed.has_sequence) reply.sequence = parsed.event.source_sequence;
  // A clock that runs ahead must not outlast later answers; without a DTSTAMP arrival decides.
  const auto now = context.clock();
  const auto stamped = parsed.event.source_dtstamp;
  reply.dtstamp = stamped == std::chrono::sys_seconds{} ? now : std::min(stamped, now);
  reply.occurrence = occurrence_of(context, event, parsed);
  reply.channel = "mail";
  reply.prodid = calendar.prodid;
  if (calendar.method == Method::counter) reply.proposal = proposal_of(context, event, parsed);
  const std::string words = parsed.comment.empty() ? reply_text(mail) : parsed.comment;  // R117
  reply.comment = text::utf8_prefix(words, max_comment_bytes);
  return reply;
}

/// By what the client wrote, not by our clock; the mail tells answers apart that have no DTSTAMP,
/// or the same one (R109).
std::string key_of(const Answer& answer, const ParsedEvent& parsed, const ParsedAttendee& said,
                   const ParsedMail& mail) {
  std::string all = std::string(to_string(answer.method));
  for (const std::string& part :
       {parsed.event.source_uid, std::to_string(answer.reply.sequence.value_or(-1)),
        std::to_string(parsed.event.source_dtstamp.time_since_epoch().count()), mail.message_id,
        answer.reply.occurrence ? format_basic(answer.reply.occurrence->original_start)
                                : std::string(),
        said.address, said.partstat_raw, answer.reply.prodid, answer.reply.comment,
        answer.reply.proposal}) {
    all += '\0' + part;
  }
  return "mail " + crypto::sha256_hex(all);
}

std::vector<std::string> remarks_of(const IngestInput& input, const Attendee& attendee,
                                    const ParsedEvent& parsed, const ParsedAttendee& said) {
  std::vector<std::string> remarks;
  if (!said.partstat_raw.empty() && !parse_partstat(said.partstat_raw)) {
    remarks.push_back("PARTSTAT=" +
                      std::string(text::utf8_prefix(said.partstat_raw, max_raw_bytes)));
  }
  if (!said.address.empty() && said.address != attendee.address) {
    remarks.push_back("by " + said.address);
  }
  for (const std::string& delegate : said.delegated_to) {
    remarks.push_back("delegated to " + delegate);
  }
  for (const std::string& delegator : said.delegated_from) {
    remarks.push_back("delegated from " + delegator);
  }
  if (parsed.this_and_future) remarks.push_back("RANGE=THISANDFUTURE");
  if (!input.authentication.passed) remarks.push_back("sender not verified");
  return remarks;
}

Answer to_answer(const Context& context, const IngestInput& input, const Event& event,
                 const Attendee& attendee, const ParsedEvent& parsed, const ParsedAttendee& said,
                 const ParsedCalendar& calendar, const ParsedMail& mail) {
  Answer answer;
  answer.reply = to_reply(context, event, parsed, said, calendar, mail);
  answer.method = calendar.method.value_or(Method::reply);
  answer.key = key_of(answer, parsed, said, mail);
  answer.remarks = remarks_of(input, attendee, parsed, said);
  if (answer.method == Method::counter && !parsed.has_start) {
    answer.remarks.push_back("proposes no time that can be read");
  }
  return answer;
}

Receipt receipt_of(const Event& event, const Attendee& attendee, const Answer& answer) {
  const Reply& reply = answer.reply;
  Receipt receipt;
  receipt.kind = ReceiptKind::replied;
  receipt.time = reply.dtstamp;
  receipt.event = attendee.event;
  receipt.address = attendee.address;
  receipt.sequence = reply.sequence.value_or(-1);
  receipt.method = answer.method;
  receipt.detail = std::string(status_word(reply.partstat));
  if (reply.occurrence) {
    receipt.detail += " for " + format_basic(reply.occurrence->original_start, event.all_day);
  }
  for (const std::string& remark : answer.remarks) receipt.detail += ", " + remark;
  receipt.channel = reply.channel;
  receipt.prodid = reply.prodid;
  receipt.comment = reply.comment;
  receipt.proposal = reply.proposal;
  return receipt;
}

Result<IngestItem> apply_one(const Context& context, const IngestInput& input,
                             const ParsedMail& mail, const ParsedCalendar& calendar,
                             const ParsedEvent& parsed) {
  const auto set_aside = [&](const Error& error) -> Result<IngestItem> {
    if (is_store_error(error.code)) return tl::unexpected(error);
    return quarantine(context, input, parsed.event.source_uid, error);
  };
  const auto match = find_copy(context, traces_of(input, mail, parsed));
  if (!match) return set_aside(match.error());
  const Attendee& attendee = match->copy;
  const auto speaker = find_speaker(parsed, *match, input.authentication, mail);
  if (!speaker) return set_aside(speaker.error());
  if (auto trusted = check_trust(*match, *speaker, input.authentication); !trusted) {
    return set_aside(trusted.error());
  }
  const auto event = context.store.find_event(context.scope(), attendee.event);
  if (!event) return tl::unexpected(event.error());
  if (!*event) return set_aside({Code::not_found, "its event is not here", {}});
  IngestItem item;
  item.source = input.source;
  item.item = parsed.event.source_uid;
  const Answer answer =
      to_answer(context, input, **event, attendee, parsed, speaker->said, calendar, mail);
  const auto recorded =
      speaker->shared
          ? record_shared(context, input, **event,
                          {attendee, speaker->said, answer, receipt_of(**event, attendee, answer)},
                          std::move(item))
          : record_answer(context, attendee, answer, std::move(item));
  return recorded ? recorded : set_aside(recorded.error());
}

/// What the answer does to the series, or to the date it names.
Result<ReplyEffect> judge(const Context& context, const Event& event, const Attendee& attendee,
                          const Reply& reply) {
  if (!reply.occurrence) return apply_reply(event, attendee, reply);
  const auto standing =
      context.store.get_occurrence(context.scope(), event.uid, attendee.address, *reply.occurrence);
  if (!standing) return tl::unexpected(standing.error());
  return apply_reply(event, attendee, *standing, reply);
}

AnswerRecord record_of(const Event& event, const Attendee& attendee, const Answer& answer,
                       const ReplyEffect& effect) {
  const Reply& reply = answer.reply;
  AnswerRecord record;
  record.attendee = attendee;
  record.attendee.partstat = effect.partstat;
  record.attendee.answer_sequence = reply.sequence.value_or(event.sequence);
  record.attendee.answer_dtstamp = reply.dtstamp;
  record.attendee.channel = reply.channel;
  record.attendee.prodid = reply.prodid;
  record.attendee.comment = reply.comment;
  record.attendee.proposal = reply.proposal;
  record.receipt = receipt_of(event, attendee, answer);
  record.occurrence = reply.occurrence;
  record.history_only = effect.verdict == ReplyEffect::Verdict::history;
  record.dedupe_key = answer.key;
  return record;
}

/// Judges and records; called inside a step, so that nobody changes what it judges by.
Result<IngestItem> judge_and_record(const Context& context, const Attendee& copy, Answer answer,
                                    IngestItem item) {
  const auto attendee = context.store.find_attendee_by_uid(context.scope(), copy.uid);
  if (!attendee) return tl::unexpected(attendee.error());
  if (!*attendee) return fail(Code::not_found, "no invitation " + copy.uid);
  const auto event = context.store.get_event(context.scope(), copy.event);
  if (!event) return tl::unexpected(event.error());
  item.event = copy.event;
  Reply& reply = answer.reply;
  // Some clients name the date of what happens only once.
  const bool once = event->rrule.empty() && event->overrides.empty();
  if (once && reply.occurrence == OccurrenceId{event->start}) reply.occurrence.reset();
  const auto effect = judge(context, *event, **attendee, reply);
  if (!effect) return tl::unexpected(effect.error());
  if (effect->verdict == ReplyEffect::Verdict::repeated) {
    item.outcome = IngestOutcome::already_seen;
    return item;
  }
  if (effect->flagged) {
    answer.remarks.push_back(reply.sequence ? "SEQUENCE above ours" : "without SEQUENCE");
  }
  const AnswerRecord record = record_of(*event, **attendee, answer, *effect);
  const auto kept = context.store.record_reply(context.scope(), record);
  if (!kept) return tl::unexpected(kept.error());
  item.outcome = *kept ? IngestOutcome::replied : IngestOutcome::already_seen;
  item.reason = record.receipt.detail;
  if (!reply.proposal.empty()) item.reason += ", proposes " + reply.proposal;
  if (!effect->reason.empty()) item.reason += ", " + effect->reason;
  return item;
}

}  // namespace

Result<IngestItem> record_answer(const Context& context, const Attendee& copy, const Answer& answer,
                                 IngestItem item) {
  const auto kept = context.store.atomically([&]() -> Result<void> {
    auto recorded = judge_and_record(context, copy, answer, item);
    if (!recorded) return tl::unexpected(recorded.error());
    item = *std::move(recorded);
    return {};
  });
  if (!kept) return tl::unexpected(kept.error());
  return item;
}

Result<void> set_aside_refused(const Context& context, const IngestInput& input,
                               const ParsedCalendar& calendar, const IngestHandler& on_item) {
  std::vector<Error> errors = calendar.refused;
  if (calendar.events.empty() && errors.empty()) {
    errors.push_back({Code::invalid_input, "no VEVENT in its calendar", {input.source, 0, 0, {}}});
  }
  for (const Error& error : errors) {
    const auto item = quarantine(context, input, "VEVENT", error);
    if (!item) return tl::unexpected(item.error());
    on_item(*item);
  }
  return {};
}

Result<void> apply_replies(const Context& context, const IngestInput& input, const ParsedMail& mail,
                           const ParsedCalendar& calendar, const IngestHandler& on_item) {
  for (const ParsedEvent& parsed : calendar.events) {
    const auto item = apply_one(context, input, mail, calendar, parsed);
    if (!item) return tl::unexpected(item.error());
    on_item(*item);
  }
  return set_aside_refused(context, input, calendar, on_item);
}

}  // namespace calinvite::ingest

#include <algorithm>

#include "calinvite/itip.hpp"
#include "time/expansion.hpp"

namespace calinvite {
namespace {

using Verdict = ReplyEffect::Verdict;

ReplyEffect keep(ReplyEffect effect, std::string reason) {
  effect.verdict = Verdict::history;
  effect.reason = std::move(reason);
  return effect;
}

/// The answer in force comes again, as a mail read twice or a button pressed twice.
bool repeats(const Attendee& attendee, const Reply& reply, std::int32_t sequence,
             std::int32_t known_sequence) {
  const bool same_answer = attendee.channel == reply.channel &&
                           attendee.partstat == reply.partstat &&
                           attendee.comment == reply.comment &&
                           attendee.proposal == reply.proposal && known_sequence == sequence;
  // A web answer is stamped by our clock, so its time says nothing about repetition.
  return same_answer && (reply.channel == "web" || attendee.answer_dtstamp == reply.dtstamp);
}

bool is_older(const Attendee& attendee, const Reply& reply, std::int32_t sequence,
              std::int32_t known_sequence) {
  // Web and mail show different revisions at the same time: between them time alone decides (R112).
  if (attendee.channel != reply.channel) return reply.dtstamp < attendee.answer_dtstamp;
  return std::pair(sequence, reply.dtstamp) < std::pair(known_sequence, attendee.answer_dtstamp);
}

/// @param attendee      with the answer in force to what the reply answers
/// @param key_sequence  of the last key change of that
ReplyEffect judge(const Event& event, std::int32_t key_sequence, const Attendee& attendee,
                  const Reply& reply) {
  ReplyEffect effect;
  effect.partstat = attendee.partstat;
  effect.flagged = reply.channel != "web" && (!reply.sequence || *reply.sequence > event.sequence);
  if (event.status == EventStatus::cancelled) return keep(effect, "the event is cancelled");
  if (attendee.uninvited) return keep(effect, "the invite was withdrawn");

  // SEQUENCE missing or higher than any we sent counts as the current one (R111).
  const std::int32_t sequence = std::min(reply.sequence.value_or(event.sequence), event.sequence);
  const std::int32_t known_sequence = std::min(attendee.answer_sequence, event.sequence);
  if (sequence < key_sequence) {
    return keep(effect, "answers SEQUENCE " + std::to_string(sequence) +
                            ", before the last change of time");
  }
  if (reply.partstat == Partstat::needs_action) return keep(effect, "gives no answer");
  if (attendee.answer_sequence >= 0) {
    if (repeats(attendee, reply, sequence, known_sequence)) {
      effect.verdict = Verdict::repeated;
      return effect;
    }
    if (is_older(attendee, reply, sequence, known_sequence)) {
      return keep(effect, "is older than the answer in force");
    }
  }
  effect.partstat = reply.partstat;
  return effect;
}

/// The attendee as far as one date is concerned.
Attendee attendee_of(const Attendee& attendee, const OccurrenceStanding& standing) {
  Attendee of_date = attendee;
  of_date.answer_sequence = -1;
  if (standing.answer) {
    const OccurrenceAnswer& answer = *standing.answer;
    of_date.partstat = answer.partstat;
    of_date.answer_sequence = answer.answer_sequence;
    of_date.answer_dtstamp = answer.answer_dtstamp;
    of_date.channel = answer.channel;
    of_date.comment = answer.comment;
    of_date.proposal = answer.proposal;
  }
  return of_date;
}

}  // namespace

bool makes_occurrence(const Event& event, const OccurrenceId& occurrence) {
  const auto wanted = occurrence.original_start;
  if (event.rrule.empty()) return wanted == event.start;
  const auto rule = parse_rule(event.rrule);
  if (!rule) return false;
  bool made = false;
  expand_rule(*rule, event.start, {wanted, wanted}, [&](std::chrono::local_seconds) {
    made = true;
    return false;
  });
  return made;
}

bool has_occurrence(const Event& event, const OccurrenceId& occurrence) {
  for (const Override& changed : event.overrides) {
    if (changed.occurrence == occurrence) return !changed.cancelled;
  }
  const auto& gone = event.exdates;
  return !std::binary_search(gone.begin(), gone.end(), occurrence.original_start) &&
         makes_occurrence(event, occurrence);
}

ReplyEffect apply_reply(const Event& event, const Attendee& attendee, const Reply& reply) {
  return judge(event, event.key_sequence, attendee, reply);
}

ReplyEffect apply_reply(const Event& event, const Attendee& attendee,
                        const OccurrenceStanding& standing, const Reply& reply) {
  const Attendee of_date = attendee_of(attendee, standing);
  ReplyEffect effect =
      judge(event, std::max(event.key_sequence, standing.key_sequence), of_date, reply);
  if (effect.verdict != Verdict::applied) return effect;
  effect.partstat = of_date.partstat;
  if (!has_occurrence(event, *reply.occurrence)) {
    return keep(effect, "names a date that the event does not have");
  }
  if (attendee.answer_sequence >= 0 && reply.dtstamp < attendee.answer_dtstamp) {
    return keep(effect, "is older than the answer to the series");
  }
  effect.partstat = reply.partstat;
  return effect;
}

}  // namespace calinvite

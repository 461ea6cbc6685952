#include <algorithm>

#include "calinvite/itip.hpp"

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
                           attendee.comment == reply.comment && known_sequence == sequence;
  // A web answer is stamped by our clock, so its time says nothing about repetition.
  return same_answer && (reply.channel == "web" || attendee.answer_dtstamp == reply.dtstamp);
}

bool is_older(const Attendee& attendee, const Reply& reply, std::int32_t sequence,
              std::int32_t known_sequence) {
  // Web and mail show different revisions at the same time: between them time alone decides (R112).
  if (attendee.channel != reply.channel) return reply.dtstamp < attendee.answer_dtstamp;
  return std::pair(sequence, reply.dtstamp) < std::pair(known_sequence, attendee.answer_dtstamp);
}

}  // namespace

ReplyEffect apply_reply(const Event& event, const Attendee& attendee, const Reply& reply) {
  ReplyEffect effect;
  effect.partstat = attendee.partstat;
  effect.flagged = reply.channel != "web" && (!reply.sequence || *reply.sequence > event.sequence);
  if (event.status == EventStatus::cancelled) return keep(effect, "the event is cancelled");
  if (attendee.uninvited) return keep(effect, "the invite was withdrawn");

  // SEQUENCE missing or higher than any we sent counts as the current one (R111).
  const std::int32_t sequence = std::min(reply.sequence.value_or(event.sequence), event.sequence);
  const std::int32_t known_sequence = std::min(attendee.answer_sequence, event.sequence);
  if (sequence < event.key_sequence) {
    return keep(effect, "answers SEQUENCE " + std::to_string(sequence) +
                            ", before the last change of time");
  }
  if (reply.occurrence) return keep(effect, "answers one instance of the series");
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

}  // namespace calinvite

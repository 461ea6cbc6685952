#include <catch2/catch.hpp>

#include "calinvite/itip.hpp"

using namespace calinvite;
using namespace std::chrono_literals;
using Verdict = ReplyEffect::Verdict;

namespace {

constexpr auto noon = std::chrono::sys_days{2027y / 3 / 1} + 12h;

Event event_at_sequence(std::int32_t sequence, std::int32_t key_sequence = 0) {
  Event event;
  event.uid = "ci-1";
  event.sequence = sequence;
  event.key_sequence = key_sequence;
  return event;
}

Reply reply_by_mail(Partstat partstat, std::int32_t sequence, std::chrono::sys_seconds dtstamp) {
  return {partstat, sequence, dtstamp, std::nullopt, "mail", "-//Example//Calendar//EN", "", ""};
}

Reply reply_by_web(Partstat partstat, std::int32_t sequence, std::chrono::sys_seconds time) {
  return {partstat, sequence, time, std::nullopt, "web", "", "", ""};
}

/// What is kept of an answer in force.
Attendee answered(const Reply& reply) {
  Attendee attendee;
  attendee.partstat = reply.partstat;
  attendee.answer_sequence = *reply.sequence;
  attendee.answer_dtstamp = reply.dtstamp;
  attendee.channel = reply.channel;
  attendee.prodid = reply.prodid;
  attendee.comment = reply.comment;
  attendee.proposal = reply.proposal;
  return attendee;
}

}  // namespace

TEST_CASE("a first answer is in force", "[itip]") {
  for (const auto answer :
       {Partstat::accepted, Partstat::declined, Partstat::tentative, Partstat::delegated}) {
    const auto effect =
        apply_reply(event_at_sequence(0), Attendee{}, reply_by_mail(answer, 0, noon));
    CHECK(effect.verdict == Verdict::applied);
    CHECK(effect.partstat == answer);
    CHECK_FALSE(effect.flagged);
  }
}

TEST_CASE("R89: a reply to a cancelled copy is history", "[itip]") {
  Event cancelled = event_at_sequence(1);
  cancelled.status = EventStatus::cancelled;
  Attendee uninvited;
  uninvited.uninvited = true;
  const Reply reply = reply_by_mail(Partstat::accepted, 1, noon);

  CHECK(apply_reply(cancelled, Attendee{}, reply).verdict == Verdict::history);
  const auto effect = apply_reply(event_at_sequence(1), uninvited, reply);
  CHECK(effect.verdict == Verdict::history);
  CHECK(effect.partstat == Partstat::needs_action);
  CHECK(effect.reason == "the invite was withdrawn");
}

TEST_CASE("R108: a reply without an answer changes nothing", "[itip]") {
  const Attendee attendee = answered(reply_by_mail(Partstat::accepted, 0, noon));
  const auto effect = apply_reply(event_at_sequence(0), attendee,
                                  reply_by_mail(Partstat::needs_action, 0, noon + 1h));

  CHECK(effect.verdict == Verdict::history);
  CHECK(effect.partstat == Partstat::accepted);
}

TEST_CASE("R109: the later of two replies wins, whichever comes first", "[itip]") {
  const Event event = event_at_sequence(1);
  const Reply early = reply_by_mail(Partstat::accepted, 0, noon + 2h);
  const Reply late = reply_by_mail(Partstat::declined, 1, noon + 1h);

  const auto in_order = apply_reply(event, answered(early), late);
  CHECK(in_order.verdict == Verdict::applied);
  CHECK(in_order.partstat == Partstat::declined);

  const auto out_of_order = apply_reply(event, answered(late), early);
  CHECK(out_of_order.verdict == Verdict::history);
  CHECK(out_of_order.partstat == Partstat::declined);
}

TEST_CASE("R109: of two answers of the same second the one that arrives last wins", "[itip]") {
  const Attendee attendee = answered(reply_by_mail(Partstat::accepted, 0, noon));
  const auto effect =
      apply_reply(event_at_sequence(0), attendee, reply_by_mail(Partstat::declined, 0, noon));

  CHECK(effect.verdict == Verdict::applied);
  CHECK(effect.partstat == Partstat::declined);
}

TEST_CASE("R109: an exact repeat is no second answer", "[itip]") {
  const Reply reply = reply_by_mail(Partstat::accepted, 0, noon);
  CHECK(apply_reply(event_at_sequence(0), answered(reply), reply).verdict == Verdict::repeated);

  Reply with_words = reply;
  with_words.comment = "two of us";
  CHECK(apply_reply(event_at_sequence(0), answered(reply), with_words).verdict == Verdict::applied);
}

TEST_CASE("R114: another proposal of the same second is no repeat", "[itip]") {
  Event event = event_at_sequence(0);
  event.start = std::chrono::local_days{2027y / 3 / 7} + 18h;
  const Reply plain = reply_by_mail(Partstat::tentative, 0, noon);
  Reply one = plain, other = plain;
  one.proposal = "2027-03-07T19:00:00/2027-03-07T20:00:00";
  other.proposal = "2027-03-07T20:00:00/2027-03-07T21:00:00";

  CHECK(apply_reply(event, answered(plain), one).verdict == Verdict::applied);
  CHECK(apply_reply(event, answered(one), other).verdict == Verdict::applied);
  CHECK(apply_reply(event, answered(one), one).verdict == Verdict::repeated);
  for (Reply* reply : {&one, &other}) reply->occurrence = OccurrenceId{event.start};
  OccurrenceStanding standing;
  standing.answer = OccurrenceAnswer{.occurrence = *one.occurrence,
                                     .partstat = one.partstat,
                                     .answer_sequence = 0,
                                     .answer_dtstamp = noon,
                                     .channel = "mail",
                                     .proposal = one.proposal};
  CHECK(apply_reply(event, Attendee{}, standing, one).verdict == Verdict::repeated);
  CHECK(apply_reply(event, Attendee{}, standing, other).verdict != Verdict::repeated);
}

TEST_CASE("R110: an answer to a version before the last key change is history", "[itip]") {
  const Event event = event_at_sequence(3, 2);

  const auto old = apply_reply(event, Attendee{}, reply_by_mail(Partstat::accepted, 1, noon));
  CHECK(old.verdict == Verdict::history);
  CHECK(old.partstat == Partstat::needs_action);
  CHECK_FALSE(old.reason.empty());

  const auto since = apply_reply(event, Attendee{}, reply_by_mail(Partstat::accepted, 2, noon));
  CHECK(since.verdict == Verdict::applied);
}

TEST_CASE("R111: a reply with no SEQUENCE or one too high counts as current and is flagged",
          "[itip]") {
  const Event event = event_at_sequence(2, 2);
  Reply none = reply_by_mail(Partstat::accepted, 0, noon);
  none.sequence.reset();
  const Reply high = reply_by_mail(Partstat::accepted, 7, noon);

  for (const Reply& reply : {none, high}) {
    const auto effect = apply_reply(event, Attendee{}, reply);
    CHECK(effect.verdict == Verdict::applied);
    CHECK(effect.partstat == Partstat::accepted);
    CHECK(effect.flagged);
  }
  // One client that counts too high does not shut out the answers that come after it.
  const auto later =
      apply_reply(event, answered(high), reply_by_mail(Partstat::declined, 2, noon + 1h));
  CHECK(later.verdict == Verdict::applied);
}

TEST_CASE("R112: between a web answer and a mail reply the later one wins", "[itip]") {
  const Event event = event_at_sequence(1);
  const Reply web = reply_by_web(Partstat::declined, 1, noon);
  const Reply mail_after = reply_by_mail(Partstat::accepted, 0, noon + 1h);
  const Reply mail_before = reply_by_mail(Partstat::accepted, 1, noon - 1h);

  CHECK(apply_reply(event, answered(web), mail_after).verdict == Verdict::applied);
  CHECK(apply_reply(event, answered(web), mail_before).verdict == Verdict::history);
  CHECK(apply_reply(event, answered(mail_after), web).verdict == Verdict::history);
}

TEST_CASE("R124: pressing the same button twice is one answer, another button is a new one",
          "[itip]") {
  const Event event = event_at_sequence(0);
  const Attendee attendee = answered(reply_by_web(Partstat::accepted, 0, noon));

  CHECK(apply_reply(event, attendee, reply_by_web(Partstat::accepted, 0, noon + 1h)).verdict ==
        Verdict::repeated);
  const auto changed = apply_reply(event, attendee, reply_by_web(Partstat::declined, 0, noon + 2h));
  CHECK(changed.verdict == Verdict::applied);
  CHECK(changed.partstat == Partstat::declined);
}

TEST_CASE("R113: an answer to one date stands beside the answer to the series", "[itip]") {
  Event event = event_at_sequence(0);
  event.start = std::chrono::local_days{2027y / 3 / 7} + 18h;
  event.rrule = "FREQ=WEEKLY;COUNT=4";
  const Attendee attendee = answered(reply_by_mail(Partstat::accepted, 0, noon));
  Reply reply = reply_by_mail(Partstat::declined, 0, noon + 1h);
  reply.occurrence = OccurrenceId{std::chrono::local_days{2027y / 3 / 14} + 18h};

  const auto effect = apply_reply(event, attendee, OccurrenceStanding{}, reply);
  CHECK(effect.verdict == Verdict::applied);
  CHECK(effect.partstat == Partstat::declined);

  OccurrenceStanding answered_later;
  answered_later.answer = OccurrenceAnswer{.occurrence = *reply.occurrence,
                                           .partstat = Partstat::tentative,
                                           .answer_sequence = 0,
                                           .answer_dtstamp = noon + 2h,
                                           .channel = "mail"};
  CHECK(apply_reply(event, attendee, answered_later, reply).verdict == Verdict::history);
  OccurrenceStanding moved;
  moved.key_sequence = 1;
  event.sequence = 1;
  CHECK(apply_reply(event, attendee, moved, reply).verdict == Verdict::history);
}

TEST_CASE("R113: an answer to one date counts until the answer to the series is newer", "[itip]") {
  Event event = event_at_sequence(0);
  event.start = std::chrono::local_days{2027y / 3 / 7} + 18h;
  event.rrule = "FREQ=WEEKLY;COUNT=4";
  Reply reply = reply_by_mail(Partstat::declined, 0, noon);
  reply.occurrence = OccurrenceId{std::chrono::local_days{2027y / 3 / 14} + 18h};
  const Attendee later = answered(reply_by_mail(Partstat::accepted, 0, noon + 1h));

  const auto late = apply_reply(event, later, OccurrenceStanding{}, reply);
  CHECK(late.verdict == Verdict::history);
  CHECK(late.partstat == Partstat::accepted);

  reply.occurrence = OccurrenceId{std::chrono::local_days{2027y / 3 / 15} + 18h};
  const auto nowhere = apply_reply(event, Attendee{}, OccurrenceStanding{}, reply);
  CHECK(nowhere.verdict == Verdict::history);
  CHECK(nowhere.reason == "names a date that the event does not have");
}

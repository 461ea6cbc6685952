#include "ingest/shared_answer.hpp"

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "ingest/invite.hpp"

namespace calinvite::ingest {
namespace {

constexpr auto origin = "shared";

/// Whoever sees a copy can write an answer for anybody: only who is vouched for as its sender may
/// be mailed for it (R120c).
bool may_join(const Context& context, const IngestInput& input, const ParsedAttendee& said) {
  return context.domain.shared_attendees == SharedPolicy::accept && input.authentication.passed &&
         input.authentication.address == said.address;
}

/// The answer as that of an attendee of their own.
Answer own_answer(const SharedAnswer& shared) {
  Answer own = shared.answer;
  std::erase(own.remarks, "by " + shared.said.address);
  own.remarks.push_back("passed on by " + shared.attendee.address);
  return own;
}

/// @return false when the answer was there already
Result<bool> note(const Context& context, const SharedAnswer& shared) {
  AnswerRecord record{shared.attendee, shared.receipt, std::nullopt, true, shared.answer.key};
  record.receipt.detail += ", not invited";
  return context.store.record_reply(context.scope(), record);
}

Result<void> keep_beside(const Context& context, const SharedAnswer& shared) {
  SharedAttendee person;
  person.event = shared.attendee.event;
  person.address = shared.said.address;
  person.name = shared.said.name;
  person.partstat = shared.answer.reply.partstat;
  person.via = shared.attendee.address;
  person.time = shared.answer.reply.dtstamp;
  const auto kept = context.store.record_shared_attendee(context.scope(), person);
  return kept ? Result<void>() : tl::unexpected(kept.error());
}

/// Invites them, if they may be like anybody.
/// @return why not; empty: they are an attendee now
Result<std::string> join(const Context& context, const Event& event, const ParsedAttendee& said) {
  if (auto open = check_open(context, event); !open) return open.error().message;
  if (auto may = check_not_suspended(context, event.organizer); !may) {
    if (is_store_error(may.error().code)) return tl::unexpected(may.error());
    return may.error().message;
  }
  const InviteRequest request{said.address, said.name, {}};
  const auto verdicts = invite(context, context.scope(), event.uid, std::span(&request, 1), origin);
  if (!verdicts) return tl::unexpected(verdicts.error());
  if (verdicts->front() == InviteVerdict::invite) return std::string();
  return std::string(to_string(verdicts->front()));
}

Result<IngestItem> record(const Context& context, const IngestInput& input, const Event& event,
                          const SharedAnswer& shared, IngestItem item) {
  const auto find = [&] {
    return context.store.find_attendee(context.scope(), event.uid, shared.said.address);
  };
  const auto known = find();
  if (!known) return tl::unexpected(known.error());
  const bool joins = may_join(context, input, shared.said);
  if (*known && !(*known)->uninvited) {
    // Their calendar still holds the copy that was passed on to them.
    if (joins && (*known)->origin == origin) {
      return record_answer(context, **known, own_answer(shared), std::move(item));
    }
    return fail(Code::conflict, "ambiguous: it answers the invitation of " +
                                    shared.attendee.address + ", its ATTENDEE names " +
                                    shared.said.address + ", who has one of their own");
  }
  const auto fresh = note(context, shared);
  if (!fresh) return tl::unexpected(fresh.error());
  item.event = event.uid;
  item.outcome = *fresh ? IngestOutcome::recorded : IngestOutcome::already_seen;
  item.reason = "answered by another address, " + shared.said.address;
  if (!*fresh) return item;
  if (context.domain.shared_attendees == SharedPolicy::refuse) {
    item.outcome = IngestOutcome::refused;
    item.code = Code::forbidden;
    item.reason += "; " + context.domain.name + " takes no answers of people who are not invited";
    return item;
  }
  // Whom the organizer has uninvited does not come back this way.
  if (joins && !*known) {
    const auto why_not = join(context, event, shared.said);
    if (!why_not) return tl::unexpected(why_not.error());
    if (why_not->empty()) {
      const auto joined = find();
      if (!joined) return tl::unexpected(joined.error());
      return record_answer(context, **joined, own_answer(shared), std::move(item));
    }
    item.reason += "; not invited: " + *why_not;
  }
  if (auto kept = keep_beside(context, shared); !kept) return tl::unexpected(kept.error());
  item.reason += "; kept as a shared attendee";
  return item;
}

}  // namespace

Result<IngestItem> record_shared(const Context& context, const IngestInput& input,
                                 const Event& event, const SharedAnswer& shared, IngestItem item) {
  const auto kept = context.store.atomically([&]() -> Result<void> {
    auto recorded = record(context, input, event, shared, item);
    if (!recorded) return tl::unexpected(recorded.error());
    item = *std::move(recorded);
    return {};
  });
  if (!kept) return tl::unexpected(kept.error());
  return item;
}

}  // namespace calinvite::ingest

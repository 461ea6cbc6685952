#include "ingest/events.hpp"

#include <algorithm>
#include <utility>

#include "calinvite/itip.hpp"
#include "calinvite/token.hpp"
#include "ingest/held_change.hpp"
#include "ingest/source.hpp"

namespace calinvite::ingest {
namespace {

/// How long a cancellation that came first is remembered (R100).
constexpr std::chrono::days early_cancels_kept{30};

/// Both ends may fall into the hour that is left out when clocks go forward (R39).
Result<void> check_length(const Zone& zone, std::chrono::local_seconds start,
                          std::chrono::local_seconds end) {
  if (zone.to_instant(end) > zone.to_instant(start)) return {};
  return fail(Code::invalid_input,
              "end " + format_iso(end) + " is not after start " + format_iso(start) + " in " +
                  zone.name() + ", where the clocks go forward in between",
              {.source = {}, .line = 0, .column = 0, .field = "end"});
}

Result<void> check_inviteable(const Context& context, const Event& event) {
  if (auto sound = check_event(event); !sound) return sound;
  const auto zone = context.zones.find(event.all_day ? "UTC" : event.timezone);
  if (!zone) {
    return fail(zone.error().code, zone.error().message,
                {.source = {}, .line = 0, .column = 0, .field = "timezone"});
  }
  if (auto sound = check_length(*zone, event.start, event.end); !sound) return sound;
  for (const Override& changed : event.overrides) {
    if (changed.cancelled) continue;
    if (auto sound = check_length(*zone, changed.start, changed.end); !sound) return sound;
  }
  return check_recurrence(event, context.zones);
}

/// Some of what is read in full has no form that every calendar understands; sending the rest of it
/// would show an event at wrong times (D9).
Result<void> check_sendable(const ParsedEvent& part, Method method) {
  const auto refuse_part = [](Code code, std::string_view field, std::string_view why) {
    return fail(code, std::string(field) + ": " + std::string(why),
                {.source = {}, .line = 0, .column = 0, .field = std::string(field)});
  };
  if (part.this_and_future) {
    return refuse_part(Code::unsupported, "RECURRENCE-ID",
                       "RANGE=THISANDFUTURE is not sent on; end the series and send its rest as an "
                       "event of its own");
  }
  if (method == Method::cancel) return {};
  if (!part.rdates.empty()) {
    return refuse_part(Code::unsupported, "RDATE",
                       "single further dates are not sent on; expected an RRULE, or an event of "
                       "its own for each date");
  }
  if (part.floating) {
    return refuse_part(Code::invalid_input, "DTSTART",
                       "a floating time is another instant for everybody; expected a TZID, UTC, "
                       "X-WR-TIMEZONE, or a time zone given with the file");
  }
  return {};
}

/// An error of the input becomes the item's reason, one of the store ends the call.
Result<IngestItem> refuse(IngestItem item, const Error& error) {
  if (is_store_error(error.code)) return tl::unexpected(error);
  item.outcome = IngestOutcome::refused;
  item.reason = error.message;
  item.code = error.code;
  if (!error.place.field.empty()) item.place.field = error.place.field;
  if (error.place.line != 0) item.place.line = error.place.line;
  return item;
}

/// ORGANIZER may be a calendar of the owner's own, but not another organizer of the domain (R99).
Result<void> check_organizer(const Context& context, const Organizer& owner,
                             const std::vector<const ParsedEvent*>& parts) {
  std::string_view first;
  for (const ParsedEvent* part : parts) {
    const std::string& claimed = part->event.source_organizer;
    if (first.empty()) first = claimed;
    if (!claimed.empty() && claimed != first) {
      return fail(Code::forbidden, "names two ORGANIZERs for one event", {{}, 0, 0, "ORGANIZER"});
    }
    if (claimed.empty() || claimed == owner.address) continue;
    const auto other = context.store.find_organizer(context.scope(), claimed);
    if (!other) return tl::unexpected(other.error());
    if (*other) return fail(Code::forbidden, "ORGANIZER " + claimed + " is not the sender");
  }
  return {};
}

/// The ORGANIZER that an event began with stays.
Result<void> check_same_organizer(const Context& context, const Organizer& owner,
                                  const Event& stored,
                                  const std::vector<const ParsedEvent*>& parts) {
  const std::string& began_with = stored.source_organizer;
  if (began_with.empty()) return check_organizer(context, owner, parts);
  for (const ParsedEvent* part : parts) {
    const std::string& claimed = part->event.source_organizer;
    if (claimed.empty() || claimed == began_with) continue;
    return fail(Code::forbidden, "ORGANIZER " + claimed + " is not the one this event began with");
  }
  return {};
}

/// When a cancellation of an event that is not here came, and of which revision.
EarlyCancel revision_of(const Context& context, const Organizer& organizer,
                        const SourceParts& said) {
  EarlyCancel newest{
      organizer.address, said.fresh.front()->event.source_uid, 0, {}, context.clock()};
  for (const ParsedEvent* part : said.fresh) {
    newest.sequence = std::max(newest.sequence, part->event.source_sequence);
    newest.dtstamp = std::max(newest.dtstamp, part->event.source_dtstamp);
  }
  return newest;
}

/// A list's rows carry neither SEQUENCE nor DTSTAMP: nothing tells older from newer.
bool has_revision(const EarlyCancel& of) {
  return of.sequence > 0 || of.dtstamp != std::chrono::sys_seconds();
}

/// Mail overtakes mail: the invitation that this cancels may still come (R100).
Result<IngestItem> keep_cancel(const Context& context, const Organizer& organizer,
                               const SourceParts& said, IngestItem item) {
  std::string reason = "cancels an event that is not here";
  const EarlyCancel cancel = revision_of(context, organizer, said);
  if (has_revision(cancel)) {
    const auto kept =
        context.store.keep_cancel(context.scope(), cancel, cancel.time - early_cancels_kept);
    if (!kept) return tl::unexpected(kept.error());
    reason += "; for 30 days an older invitation to it will not be taken either";
  }
  return refuse(std::move(item), {Code::not_found, std::move(reason), {}});
}

/// @error conflict  a cancellation that is as new or newer came first
Result<void> check_not_cancelled(const Context& context, const Organizer& organizer,
                                 const SourceParts& said) {
  const EarlyCancel request = revision_of(context, organizer, said);
  if (!has_revision(request)) return {};
  const auto found = context.store.find_cancel(
      context.scope(), organizer.address, request.source_uid, request.time - early_cancels_kept);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return {};
  const SourceRevision cancelled{(*found)->sequence, (*found)->dtstamp};
  if (compare_source(cancelled, {request.sequence, request.dtstamp}) == SourceOrder::newer) {
    return {};
  }
  return fail(Code::conflict, "was cancelled before it came: the CANCEL of SEQUENCE " +
                                  std::to_string((*found)->sequence) + " of " +
                                  format_iso((*found)->time) +
                                  " is newer; send a later revision to create it");
}

Result<IngestItem> create_from_source(const Context& context, const Organizer& organizer,
                                      const SourceParts& said, Method method, IngestItem item) {
  if (auto owned = check_organizer(context, organizer, said.fresh); !owned) {
    return refuse(std::move(item), owned.error());
  }
  if (cancels_all(said, method)) return keep_cancel(context, organizer, said, std::move(item));
  if (auto wanted = check_not_cancelled(context, organizer, said); !wanted) {
    return refuse(std::move(item), wanted.error());
  }
  auto event = describe(nullptr, said, method, context.zones);
  if (!event) return refuse(std::move(item), event.error());
  event->organizer = organizer.address;
  const auto created = create_event(context, context.scope(), *std::move(event));
  if (!created) return refuse(std::move(item), created.error());
  item.outcome = IngestOutcome::created;
  item.event = created->uid;
  return item;
}

/// Keeps a change that waits for a go-ahead.
/// @return false when it need not wait, as nobody would be told
Result<bool> hold_if_told(const Context& context, const Organizer& organizer,
                          const PlannedChange& planned, const std::optional<HeldChange>& before,
                          IngestItem& item) {
  const auto cost = context.store.preview_change(context.scope(), planned.after.uid, planned.change,
                                                 planned.mailings, false);
  if (!cost) return tl::unexpected(cost.error());
  item.told = cost->update + cost->cancel;
  if (item.told == 0) return false;
  HeldChange change{mint_row_id(context.random, context.clock()), planned.after, context.clock()};
  change.event.sequence = planned.change.sequence - 1;
  const auto again = before ? plan_event_change(context, before->event, change.event)
                            : Result<std::optional<PlannedChange>>(planned);
  if (again && !*again) {  // the same once more, perhaps of a later revision
    item.outcome = IngestOutcome::already_seen;
    item.reason = "waits for approval";
    change.id = before->id;
    change.time = before->time;
    const auto kept = context.store.hold_change(context.scope(), change);
    return kept ? Result<bool>(true) : Result<bool>(tl::unexpected(kept.error()));
  }
  item.outcome = IngestOutcome::held;
  item.reason = "waits for approval; " + std::to_string(item.told) + " to be told";
  const auto held = hold_change(context, organizer, change, *cost);
  return held ? Result<bool>(true) : Result<bool>(tl::unexpected(held.error()));
}

/// @param held  what waits for a go-ahead: what the source said last
Result<IngestItem> change_from_source(const Context& context, const Organizer& organizer,
                                      const Event& stored, const std::optional<HeldChange>& held,
                                      const SourceParts& said, Method method, IngestItem item) {
  item.event = stored.uid;
  item.outcome = IngestOutcome::already_seen;
  const bool cancel = cancels_all(said, method);
  if (stored.status == EventStatus::cancelled) {
    if (cancel || said.fresh.empty()) return item;
    auto as_it_was = describe(&stored, said, method, context.zones);
    if (as_it_was) as_it_was->status = EventStatus::cancelled;
    if (as_it_was && shows_the_same(with_untold(stored, *as_it_was), *as_it_was)) return item;
    return refuse(std::move(item),
                  {Code::conflict, "the event was cancelled; send it again under a new UID", {}});
  }
  if (said.fresh.empty()) {
    item.reason = "older than what was applied";
    return item;
  }
  const auto after = describe(held ? &held->event : &stored, said, method, context.zones);
  if (!after) return refuse(std::move(item), after.error());
  const Event before = with_untold(stored, *after);
  if (waits_for_approval(context, organizer)) {
    const auto planned = plan_event_change(context, before, *after);
    if (!planned) return refuse(std::move(item), planned.error());
    const auto waits =
        *planned ? hold_if_told(context, organizer, **planned, held, item) : Result<bool>(false);
    if (!waits) return tl::unexpected(waits.error());
    if (*waits) return item;
  }
  std::optional<ChangeCounts> counts;
  const auto applied = context.store.atomically([&]() -> Result<void> {
    auto changed = change_event(context, context.scope(), before, *after, false);
    if (!changed) return tl::unexpected(changed.error());
    counts = *std::move(changed);
    // Even where nothing is to be told: the source took back what waits.
    const auto dropped = context.store.drop_held_change(context.scope(), stored.uid);
    return dropped ? Result<void>() : Result<void>(tl::unexpected(dropped.error()));
  });
  if (!applied) return refuse(std::move(item), applied.error());
  if (!counts) return item;
  item.outcome = cancel ? IngestOutcome::cancelled : IngestOutcome::updated;
  item.told = counts->update + counts->cancel;
  if (item.told > 0) item.reason = std::to_string(item.told) + " to be told";
  return item;
}

}  // namespace

Result<IngestItem> quarantine(const Context& context, const IngestInput& input, std::string item,
                              const Error& why) {
  Quarantined kept;
  kept.source = input.source;
  if (input.authentication.passed) kept.sender = input.authentication.address;
  kept.reason = why.message;
  kept.raw = std::string(input.bytes);
  kept.time = context.clock();
  kept.envelope_recipients = input.envelope_recipients;
  const auto added = context.store.add_quarantine(context.scope(), kept);
  if (!added) return tl::unexpected(added.error());
  if (context.kept != nullptr) *context.kept = true;
  const auto outcome = *added ? IngestOutcome::quarantined : IngestOutcome::already_seen;
  Place place = why.place;
  place.source = input.source;
  return IngestItem{input.source, std::move(item),  outcome, {},
                    why.message,  std::move(place), why.code};
}

Result<void> keep_aside(const Context& context, const IngestInput& input, std::string_view item,
                        const Error& why, const IngestHandler& on_item) {
  if (is_store_error(why.code)) return tl::unexpected(why);
  const auto kept = quarantine(context, input, std::string(item), why);
  if (!kept) return tl::unexpected(kept.error());
  on_item(*kept);
  return {};
}

namespace {

/// @error forbidden  the organizer has as many events as the domain allows
Result<void> check_event_limit(const Context& context, const std::string& organizer) {
  const std::uint64_t limit = context.domain.event_limit;
  if (limit == 0) return {};
  const auto count = context.store.count_live_events(context.scope(), organizer, context.clock());
  if (!count) return tl::unexpected(count.error());
  if (*count < limit) return {};
  return fail(Code::forbidden,
              organizer + " has " + std::to_string(*count) +
                  " events that are to come, as many as " + context.domain.name + " allows",
              {{}, 0, 0, std::string(event_limit_field)});
}

bool counts_as_live(const Context& context, const Event& event) {
  return event.status != EventStatus::cancelled && !is_over(event, context.zones, context.clock());
}

}  // namespace

Result<Event> create_event(const Context& context, const Scope& scope, Event event) {
  const auto organizer = context.store.find_organizer(scope, event.organizer);
  if (!organizer) return tl::unexpected(organizer.error());
  const Place place{.source = {}, .line = 0, .column = 0, .field = "organizer"};
  if (!*organizer) {
    return fail(Code::not_found, event.organizer + " is not an organizer of " + scope.domain_name(),
                place);
  }
  if ((*organizer)->state == OrganizerState::suspended) {
    return fail(Code::forbidden, event.organizer + " is suspended", place);
  }
  if (event.invite_limit == usual_invite_limit) event.invite_limit = context.domain.invite_limit;
  event.created = event.changed = context.clock();
  event.uid = mint_uid(context.random, event.created);
  if (event.source_uid.empty()) event.source_uid = event.uid;
  event.sequence = event.key_sequence = 0;
  if (auto sound = check_inviteable(context, event); !sound) return tl::unexpected(sound.error());
  // Counted in the step that adds it: others may be adding events at the same time. No room is no
  // error of that step, which the rest of a file may share.
  Result<void> room;
  const auto added = context.store.atomically([&]() -> Result<void> {
    room = check_event_limit(context, event.organizer);
    return room ? context.store.add_event(scope, event) : Result<void>();
  });
  if (!room) return tl::unexpected(room.error());
  if (!added) return tl::unexpected(added.error());
  return event;
}

Result<std::optional<PlannedChange>> plan_event_change(const Context& context, const Event& before,
                                                       Event after) {
  after = keep_identity(before, std::move(after));
  if (auto sound = check_inviteable(context, after); !sound) return tl::unexpected(sound.error());
  // A new pattern forgets the changed dates that it does not make (R75).
  if (!same_pattern(before, after)) {
    std::erase_if(after.overrides, [&](const Override& changed) {
      return !makes_occurrence(after, changed.occurrence);
    });
  }
  const auto change = plan_change(&before, after);
  if (!change) return tl::unexpected(change.error());
  if (!*change) return std::optional<PlannedChange>();
  after.sequence = (*change)->sequence;
  // One changed date asks about itself alone: answers to the series stay in force.
  if ((*change)->key_change && (*change)->occurrences.empty()) after.key_sequence = after.sequence;
  after.changed = context.clock();
  auto mailings = plan_mailings(after, **change, context.zones, after.changed, &before);
  return std::optional(PlannedChange{std::move(after), **change, std::move(mailings)});
}

namespace {

/// Reaches the holders whom a change has not reached so far, in as many steps as that takes.
Result<void> finish_change(const Context& context, const Scope& scope, std::string_view event) {
  for (;;) {
    const auto part = context.store.continue_change(scope, event);
    if (!part) return tl::unexpected(part.error());
    if (!*part) return {};
  }
}

}  // namespace

Result<std::optional<ChangeCounts>> change_event(const Context& context, const Scope& scope,
                                                 const Event& before, const Event& after,
                                                 bool include_declined) {
  const auto planned = plan_event_change(context, before, after);
  if (!planned) return tl::unexpected(planned.error());
  std::optional<ChangeCounts> counts;
  if (*planned) {
    if (auto through = finish_change(context, scope, before.uid); !through) {
      return tl::unexpected(through.error());
    }
    // Of very many holders other processes may reach some, so all are counted before.
    const auto all = context.store.preview_change(scope, before.uid, (*planned)->change,
                                                  (*planned)->mailings, include_declined);
    if (!all) return tl::unexpected(all.error());
    counts = *all;
  }
  Result<void> room;
  const auto stored = context.store.atomically([&]() -> Result<void> {
    if (!*planned) {
      // Nothing to tell differs; what the source counts may still have moved on.
      Event quiet = keep_identity(before, after);
      quiet.changed = context.clock();
      return context.store.save_event(scope, quiet);
    }
    const auto& [changed, change, mailings] = **planned;
    // An event that was over and is moved into the future is one more that is to come.
    if (!counts_as_live(context, before) && counts_as_live(context, changed)) {
      room = check_event_limit(context, before.organizer);
      if (!room) return {};
    }
    const auto dropped = context.store.drop_held_change(scope, before.uid);
    if (!dropped) return tl::unexpected(dropped.error());
    auto applied = context.store.apply_change(scope, changed, before.sequence, change, mailings,
                                              include_declined, context.clock());
    return applied ? Result<void>() : tl::unexpected(applied.error());
  });
  if (!room) return tl::unexpected(room.error());
  if (!stored) return tl::unexpected(stored.error());
  // The change is made: what this does not reach, the next claim does.
  if (counts) static_cast<void>(finish_change(context, scope, before.uid));
  return counts;
}

Result<IngestItem> apply_source(const Context& context, const Organizer& organizer,
                                const std::vector<const ParsedEvent*>& parts, Method method,
                                std::string_view source, bool complete) {
  const Event& first = parts.front()->event;
  IngestItem item;
  item.source = std::string(source);
  item.item = first.source_uid;
  item.place.source = item.source;
  item.place.line = parts.front()->line;
  for (const ParsedEvent* part : parts) {
    const auto sendable = check_sendable(*part, method);
    if (sendable) continue;
    item.place.line = part->line;
    return refuse(std::move(item), sendable.error());
  }
  const auto stored =
      context.store.find_event_by_source(context.scope(), organizer.address, first.source_uid);
  if (!stored) return tl::unexpected(stored.error());
  const auto held = *stored ? context.store.find_held_change(context.scope(), (*stored)->uid)
                            : Result<std::optional<HeldChange>>(std::nullopt);
  if (!held) return tl::unexpected(held.error());
  const Event* const known = *held ? &(*held)->event : *stored ? &**stored : nullptr;
  const auto said = select_parts(known, parts, complete, context.zones);
  if (!*stored) return create_from_source(context, organizer, said, method, std::move(item));
  if (auto same = check_same_organizer(context, organizer, **stored, parts); !same) {
    item.event = (*stored)->uid;
    return refuse(std::move(item), same.error());
  }
  return change_from_source(context, organizer, **stored, *held, said, method, std::move(item));
}

}  // namespace calinvite::ingest

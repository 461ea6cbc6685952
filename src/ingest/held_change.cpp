#include "ingest/held_change.hpp"

#include "base/text.hpp"
#include "ingest/invite.hpp"
#include "ingest/notices.hpp"
#include "ingest/source.hpp"

namespace calinvite::ingest {
namespace {

/// How long the mailed link is good; the change itself waits for as long as it takes.
constexpr std::chrono::days link_lasts{30};

/// A change beside the event as it is now.
struct Sides {
  Event before;
  Event after;
};

Result<Sides> sides_of(const Context& context, const Scope& scope, const HeldChange& change) {
  const auto stored = context.store.get_event(scope, change.event.uid);
  if (!stored) return tl::unexpected(stored.error());
  Event after = change.event;
  after.listed = stored->listed;  // these no source says
  after.invite_limit = stored->invite_limit;
  return Sides{with_untold(*stored, after), std::move(after)};
}

tl::unexpected<Error> nothing_waits() {
  return fail(Code::conflict,
              "nothing waits here: it was approved, dropped, or replaced by a "
              "newer change");
}

}  // namespace

bool waits_for_approval(const Context& context, const Organizer& organizer) {
  return organizer.approval.value_or(context.domain.approval);
}

Result<void> hold_change(const Context& context, const Organizer& organizer,
                         const HeldChange& change, const ChangeCounts& cost) {
  const auto held = context.store.hold_change(context.scope(), change);
  if (!held) return held;
  const auto token =
      context.mint({TokenPurpose::approval, change.id, context.clock() + link_lasts});
  if (!token) return tl::unexpected(token.error());
  const NoticeTo to{organizer.address, organizer.language, {}, "approval " + text::hex(change.id)};
  return notify(context, to, NoticeKind::approval, &change.event,
                {{"told", std::to_string(cost.update + cost.cancel)},
                 {"link", context.domain.base_url + "/a/" + *token}});
}

Result<ChangeCounts> preview_held_change(const Context& context, const Scope& scope,
                                         const HeldChange& change) {
  const auto sides = sides_of(context, scope, change);
  if (!sides) return tl::unexpected(sides.error());
  const auto planned = plan_event_change(context, sides->before, sides->after);
  if (!planned) return tl::unexpected(planned.error());
  if (!*planned) return ChangeCounts{};
  return context.store.preview_change(scope, change.event.uid, (*planned)->change,
                                      (*planned)->mailings, false);
}

Result<ChangeCounts> apply_held_change(const Context& context, const Scope& scope,
                                       std::string_view event) {
  std::optional<ChangeCounts> counts;
  const auto applied = context.store.atomically([&]() -> Result<void> {
    const auto held = context.store.find_held_change(scope, event);
    if (!held) return tl::unexpected(held.error());
    if (!*held) return nothing_waits();
    const auto sides = sides_of(context, scope, **held);
    if (!sides) return tl::unexpected(sides.error());
    auto changed = change_event(context, scope, sides->before, sides->after, false);
    if (!changed) return tl::unexpected(changed.error());
    counts = *std::move(changed);
    // Still there when the event came to say the same by itself.
    const auto dropped = context.store.drop_held_change(scope, event);
    return dropped ? Result<void>() : Result<void>(tl::unexpected(dropped.error()));
  });
  if (!applied) return tl::unexpected(applied.error());
  return counts.value_or(ChangeCounts{});
}

Result<ChangeCounts> apply_shown_change(const Context& context, const Scope& scope,
                                        const HeldChange& shown) {
  ChangeCounts counts;
  const auto applied = context.store.atomically([&]() -> Result<void> {
    const auto held = context.store.find_held_change(scope, shown.event.uid);
    if (!held) return tl::unexpected(held.error());
    if (!*held || (*held)->id != shown.id) return nothing_waits();
    if (auto may = check_not_suspended(context, (*held)->event.organizer); !may) return may;
    auto changed = apply_held_change(context, scope, shown.event.uid);
    if (!changed) return tl::unexpected(changed.error());
    counts = *std::move(changed);
    return {};
  });
  if (!applied) return tl::unexpected(applied.error());
  return counts;
}

}  // namespace calinvite::ingest

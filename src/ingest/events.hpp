/// Creating and changing events, whoever asks: a mail, a file, a list or a program.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "calinvite/ical.hpp"
#include "ingest/context.hpp"

namespace calinvite::ingest {

/// Place::field of an error that says that an organizer has as many events as they may.
inline constexpr std::string_view event_limit_field = "event_limit";

/// Checks and stores a new event of a registered organizer; assigns uid and times, and the domain's
/// limit of invites where nothing else is said.
/// @error not_found, forbidden        the organizer is not registered, or suspended
/// @error forbidden                   they have as many events as the domain allows
/// @error invalid_input, unsupported  the event can't be invited to
/// @error conflict                    source_uid exists
Result<Event> create_event(const Context& context, const Scope& scope, Event event);

/// A change that is ready to be stored.
struct PlannedChange {
  Event after;
  Change change;
  std::vector<Mailing> mailings;
};
/// What `after` means beside `before`; absent when nothing shown differs. What identifies the event
/// is taken from `before`.
/// @error as plan_change and check_event
Result<std::optional<PlannedChange>> plan_event_change(const Context& context, const Event& before,
                                                       Event after);
/// Plans and stores a change, enqueuing what holders are owed; absent when nothing shown differs.
/// Whatever waited for a go-ahead waits no more.
Result<std::optional<ChangeCounts>> change_event(const Context& context, const Scope& scope,
                                                 const Event& before, const Event& after,
                                                 bool include_declined);

/// Brings one source UID of `organizer` up to what `parts` say: the master, changed instances, or
/// both. Unknown UIDs become events, known ones are updated or cancelled; older revisions and
/// repetitions change nothing.
/// @param complete  whether `parts` are all that the source has of the UID
/// @return the outcome; refusals are items, only store errors are errors
Result<IngestItem> apply_source(const Context& context, const Organizer& organizer,
                                const std::vector<const ParsedEvent*>& parts, Method method,
                                std::string_view source, bool complete = true);

}  // namespace calinvite::ingest

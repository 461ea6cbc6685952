/// Changes that wait for a go-ahead (F5): nothing of them is mailed before.
#pragma once

#include <string_view>

#include "ingest/events.hpp"

namespace calinvite::ingest {

/// Whether what is mailed or listed of this organizer's known events waits.
bool waits_for_approval(const Context& context, const Organizer& organizer);

/// Keeps a change in place of one that waits, and tells the organizer what it costs and where to
/// say go, within the step under way.
/// @param change  its id is another one for each change
Result<void> hold_change(const Context& context, const Organizer& organizer,
                         const HeldChange& change, const ChangeCounts& cost);

/// What a go-ahead would enqueue.
Result<ChangeCounts> preview_held_change(const Context& context, const Scope& scope,
                                         const HeldChange& change);
/// The go-ahead, in one step.
/// @error conflict  nothing waits
Result<ChangeCounts> apply_held_change(const Context& context, const Scope& scope,
                                       std::string_view event);
/// The same by a link, which stands for the change it showed alone.
/// @error conflict   that change waits no more
/// @error forbidden  the organizer is suspended
Result<ChangeCounts> apply_shown_change(const Context& context, const Scope& scope,
                                        const HeldChange& shown);

}  // namespace calinvite::ingest

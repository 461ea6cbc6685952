/// That somebody, or something, opened a link of an answer.
#pragma once

#include "ingest/context.hpp"

namespace calinvite::ingest {

/// Appends an unconfirmed receipt `clicked`; as Engine::record_visit.
Result<void> record_visit(const Context& context, const Attendee& attendee, Partstat answer);

}  // namespace calinvite::ingest

/// What the parts of a source's message make of an event: the series and single dates of it, each
/// with a revision of its own (RFC 5546 2.1.5). Pure.
#pragma once

#include <vector>

#include "calinvite/ical.hpp"
#include "calinvite/result.hpp"

namespace calinvite::ingest {

/// What a message says of one UID, each part once. Borrowed.
struct SourceParts {
  std::vector<const ParsedEvent*> fresh;  ///< to be applied, the series first
  std::vector<const ParsedEvent*> older;  ///< than what was applied
  /// Whether this is all that the source has of the UID: changed dates left out are changed no
  /// more.
  bool complete = true;
};

/// Of several parts about the same the newest counts (R92); what is older than `stored` says of the
/// same is told apart (R98).
/// @param stored  nullptr: nothing yet
SourceParts select_parts(const Event* stored, const std::vector<const ParsedEvent*>& parts,
                         bool complete, const ZoneTable& zones);

/// Whether the parts end the whole series.
bool cancels_all(const SourceParts& said, Method method);

/// The event that the fresh parts describe on top of `stored` (nullptr: unknown so far).
/// @error not_found  a changed date of an event that is not here, or one that the series doesn't
/// have
Result<Event> describe(const Event* stored, const SourceParts& said, Method method,
                       const ZoneTable& zones);

/// Whether the series of both make the same dates, of the same length.
bool same_pattern(const Event& a, const Event& b);

/// `stored` with what its source may change of it without a mail to everybody who holds it: when
/// it reminds, whether it shows as free and takes counter-proposals. What an older version stored
/// knows none of these, nor any link to join by: reading an unchanged source again after an upgrade
/// must not mail everybody either. So a first link counts as told that people read in the texts
/// already, that stands in the same revision as before, or that a changed date shared with its
/// series.
Event with_untold(const Event& stored, const Event& described);

/// Whether a calendar shows the same of both, apart from single dates and what with_untold takes.
bool shows_the_same(const Event& stored, const Event& described);

/// What names an event and counts its revisions stays; all else comes from `said`.
Event keep_identity(const Event& stored, Event said);

}  // namespace calinvite::ingest

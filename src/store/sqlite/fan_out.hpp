/// How a change reaches the holders of its event: a part of them at a time, in the order of their
/// addresses, so that a million neither fill the memory nor the journal of one step. What is left
/// when a process ends in between, Store::claim carries on.
#pragma once

#include <optional>
#include <vector>

#include "store/sqlite/entries.hpp"
#include "store/sqlite/rows.hpp"

namespace calinvite::sqlite {

// All functions here run inside a step and throw what a Query throws.

/// Notes a change, for reach_next to carry out; none of the same event may be under way.
void start_fan_out(Connection& connection, const EventHead& event, const Change& change,
                   const std::vector<Mailing>& mailings, bool include_declined,
                   std::chrono::sys_seconds now);
/// Reaches the next holders: what they are owed is enqueued, what was unsent superseded, and
/// answers are reset.
/// @return what it did; absent when every holder has been reached
std::optional<ChangeCounts> reach_next(Connection& connection, std::string_view domain,
                                       std::string_view event);
/// The same of any event of a domain, or of all when that is empty.
/// @return false when no change is under way
bool reach_next_of_any(Connection& connection, std::string_view domain);
/// Reaches one holder of an event whose change has not come so far: what overtook their unsent
/// entries takes its place in this step, and nothing that those announced is lost.
void reach_ahead(Connection& connection, std::string_view domain, std::string_view event,
                 std::string_view address);
/// What a change would do to all holders.
ChangeCounts count_fan_out(Connection& connection, const EventHead& event, const Change& change,
                           const std::vector<Mailing>& mailings, bool include_declined);

/// A changed date of a series asks about itself alone (R72, R110).
inline bool resets_answers(const Change& change) {
  return change.key_change && change.occurrences.empty();
}

}  // namespace calinvite::sqlite

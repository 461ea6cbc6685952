/// The rules of iTIP (RFC 5546) as pure functions: what a change means, what a reply does.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calinvite/model.hpp"
#include "calinvite/result.hpp"
#include "calinvite/time.hpp"

namespace calinvite {

/// Compares two revisions; absent when nothing that a calendar shows differs.
/// The sequence is the higher of `after.sequence` and one above `before->sequence`: it rises on
/// every mailed change (R67, R68). A key change is one of start, end, all-day, timezone, rrule,
/// exdates, status or overrides but for their link (R67). When only overrides differ,
/// `occurrences` lists them and the series itself is not sent again (R73).
/// Pure, and free of attendees: the store fans the change out to its holders.
/// @param before  the event as last sent; nullptr when it is new
/// @error conflict          `after.sequence` is below `before->sequence`, or the organizer differs
///                          (R78: cancel, then create anew)
/// @error invalid_argument  the UIDs differ, or `after` has no organizer
Result<std::optional<Change>> plan_change(const Event* before, const Event& after);

/// When an event is over, which is one rule for all: its last date has ended, with its changed
/// dates and without those that are called off; a date without time ends when it is over everywhere
/// on earth (12 h after UTC). Absent: the series has no end within ten years, or its zone is not
/// known.
std::optional<std::chrono::sys_seconds> over_at(const Event& event, const ZoneTable& zones);
bool is_over(const Event& event, const ZoneTable& zones, std::chrono::sys_seconds now);

/// The messages that carry `change` to each holder: the series unless only overrides differ, and
/// each changed instance on its own (R73, R75, R85, R86). Expiry is the end of what they announce,
/// of the series that of its last date (over_at). Instances that are over are left out (R75, R85),
/// so that none may be left. Changed dates that the series had `before` and has no more are
/// cancelled ahead of it, or, where it still makes them, sent after it as it makes them (R75).
/// @param zones   to turn the end's wall time into an instant
/// @param before  the event as last sent; nullptr when there is nothing to take back
std::vector<Mailing> plan_mailings(const Event& event, const Change& change, const ZoneTable& zones,
                                   std::chrono::sys_seconds now, const Event* before = nullptr);

/// What a source counts its words by, of the series and of each date apart (RFC 5546 2.1.5).
struct SourceRevision {
  std::int32_t sequence = 0;
  std::chrono::sys_seconds dtstamp{};  ///< the epoch: none
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 reads the generated code
  friend auto operator<=>(const SourceRevision&, const SourceRevision&) = default;
};

/// Whether what is `seen` in a source is newer than what was last applied (R98). At equal SEQUENCE
/// one without DTSTAMP counts as the same: which comes last decides.
enum class SourceOrder { newer, same, older };
SourceOrder compare_source(const SourceRevision& known, const SourceRevision& seen);

/// An attendee's answer as it came in, by mail or web.
struct Reply {
  Partstat partstat = Partstat::needs_action;
  std::optional<std::int32_t> sequence;    ///< SEQUENCE echoed; absent: none (R111)
  std::chrono::sys_seconds dtstamp{};      ///< of the reply; web answers: server time
  std::optional<OccurrenceId> occurrence;  ///< absent: the series (R113)
  std::string channel;                     ///< mail or web
  std::string prodid;
  std::string comment;
  std::string proposal;  ///< as Receipt::proposal
};

/// What a reply does to the copy it answers.
struct ReplyEffect {
  enum class Verdict {
    applied,   ///< the answer is now in force
    repeated,  ///< exactly the answer in force again: nothing to record (I7)
    history,   ///< kept as history: older answer, old version, cancelled copy (R89, R109, R110)
  };
  Verdict verdict = Verdict::applied;
  Partstat partstat = Partstat::needs_action;  ///< in force afterwards
  std::string reason;                          ///< of history, one line
  bool flagged = false;                        ///< SEQUENCE missing or above any we sent (R111)
};

/// The UID without surrounding white space, or the one that an Exchange GlobalObjectId in hex wraps
/// as `vCal-Uid` data ([MS-OXOCAL] 2.2.1.27, [MS-OXCICAL] 2.1.3.1.1.20.26; R102).
std::string unwrap_uid(std::string_view uid);

/// Whether the start and rule of the series make that date, be it excluded or changed or not.
bool makes_occurrence(const Event& event, const OccurrenceId& occurrence);
/// Whether the series has that date: one that its rule makes, or a changed one.
bool has_occurrence(const Event& event, const OccurrenceId& occurrence);

/// Decides by R89, R108 to R112. Pure. An answer to one date is judged as the other function says.
ReplyEffect apply_reply(const Event& event, const Attendee& attendee, const Reply& reply);
/// The same for an answer to one date of a series (R113). Between it and the answer to the series
/// time alone decides, for they answer different messages. `partstat` is that of the date.
ReplyEffect apply_reply(const Event& event, const Attendee& attendee,
                        const OccurrenceStanding& standing, const Reply& reply);

}  // namespace calinvite

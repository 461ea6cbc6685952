/// Telling an organizer what became of their mails and events: notices into the outbox.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/context.hpp"
#include "texts/texts.hpp"

namespace calinvite::ingest {

/// To whom a notice goes, and what it answers. Never anybody but a sender who is vouched for, or
/// an organizer about an event of their own (R120c).
struct NoticeTo {
  std::string address;
  std::string language;     ///< wanted; empty: the event's
  std::string in_reply_to;  ///< Message-ID of their mail, without brackets; empty: none
  std::string cause;        ///< the same cause is told once in each kind
  std::string csv;          ///< a table that goes with it; empty: none
};

/// Enqueues a notice, within the step under way. One more of the same cause, one beyond what an
/// address gets in a day, and one that can't be written is left out; a domain's own template that
/// does not work gives way to ours.
/// @error only from the store
Result<void> notify(const Context& context, const NoticeTo& to, NoticeKind kind, const Event* event,
                    texts::Values values);

/// What an organizer did with a mail: created, changed or cancelled an event. Other outcomes are
/// told otherwise, or not.
Result<void> notify_done(const Context& context, const NoticeTo& to, const IngestItem& item);

/// An event took as many attendees as its limit allows; told once a day for each limit.
Result<void> notify_limit(const Context& context, const Event& event);

/// An event's attendees as CSV.
struct AttendeeTable {
  std::string csv;
  std::uint64_t rows = 0;  ///< without the header
  bool cut = false;        ///< there are more than these
};
/// The figures of an event and the table, to its organizer; told each second anew.
Result<void> notify_report(const Context& context, const Event& event, const Statistics& statistics,
                           AttendeeTable table);

}  // namespace calinvite::ingest
